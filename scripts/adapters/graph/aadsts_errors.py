"""What a refused sign-in means: Microsoft's AADSTS number, as a problem with its remedy."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from scripts.adapters.graph.errors import NoAnswer
from scripts.adapters.settings.config import SignInSettings
from tracker_schema.errors import SignInRefused, TrackerError

_LOGIN = "Run python -m scripts.login again, as this user."
_GRANT = "Let an administrator grant consent in Entra, under App registrations."
_RENEW_SECRET = "Make a new one in Entra, under App registrations. A certificate is better."  # noqa: S105

_ERRORS = {
    7000215: ("The client secret is wrong", "Use the secret's value, not its id, and check that it is complete."),
    7000222: ("The client secret has expired", _RENEW_SECRET),
    700027: (
        "Microsoft does not know the certificate",
        "Upload its public part to the app registration, and check that [sign_in] names the app it belongs to.",
    ),
    700016: (
        "The tenant has no app with this client_id",
        "Copy both ids from the app registration's overview.",
    ),
    90002: ("There is no such tenant", "Copy the directory (tenant) id from the app registration's overview."),
    700024: (
        "The clock of this computer is wrong, so Microsoft refuses the sign-in",
        "Set it by a time server.",
    ),
    65001: ("Nobody has agreed to the app's permissions", _GRANT),
    700082: ("The sign-in has expired because it was not used for a long time", _LOGIN),
    50173: ("The sign-in is no longer valid, for example after a change of password", _LOGIN),
    70043: ("The sign-in has expired by the council's rules", _LOGIN),
    50076: ("The account needs a second factor", f"{_LOGIN} Confirm there."),
    53003: (
        "The council's Conditional Access does not let this sign-in through",
        "Ask IT to allow this app from this computer.",
    ),
    50057: ("The account is switched off", "Ask IT to switch it on, or sign in with another."),
    7000112: ("The app is switched off", "Ask IT to switch it on in Entra, under App registrations."),
    7000218: (
        "The app does not take device codes",
        "Set “Allow public client flows” to Yes on its Authentication page.",
    ),
    70020: ("The code was not typed in time", _LOGIN),
    65004: ("The sign-in was declined", f"{_LOGIN} Accept it there."),
}
_SAME_AS = {
    900023: 90002, 90013: 90002, 7000216: 7000215, 700084: 700082, 700081: 700082, 70008: 700082,
    50132: 50173, 50133: 50173, 70000: 50173, 50078: 70043, 50079: 50076, 50072: 50076, 50097: 53003, 50158: 53003,
    50055: 50057, 50053: 50057, 70019: 70020, 500011: 65001, 650057: 65001,
}  # fmt: skip
_OF_CONDITIONAL_ACCESS = re.compile(r"530[01]\d|5300\d\d")
"""Of policies, and of the security defaults that Microsoft sets instead (530035)."""
_BY_ERROR = {"expired_token": 70020, "authorization_declined": 65004, "access_denied": 65004}
_TEMPORARY = ("temporarily_unavailable", "server_error", "timeout")


def sign_in_error(answer: Mapping[str, Any], settings: SignInSettings) -> TrackerError:
    """Return the error for an `answer` of Microsoft's that holds no token."""
    kind = str(answer.get("error", ""))
    if kind in _TEMPORARY:
        return NoAnswer("Microsoft 365 signs nobody in just now.", "The next run catches up.", not_done=True)
    numbers = [int(number) for number in answer.get("error_codes") or ()]
    numbers += [int(number) for number in re.findall(r"AADSTS(\d+)", str(answer.get("error_description", "")))]
    for number in (*numbers, _BY_ERROR.get(kind, 0)):
        meaning = 53003 if _OF_CONDITIONAL_ACCESS.fullmatch(str(number)) else _SAME_AS.get(number, number)
        if known := _ERRORS.get(meaning):
            problem, remedy = known
            shown = number if number in numbers else next(iter(numbers), None)
            return SignInRefused(f"{problem} (AADSTS{shown})." if shown else f"{problem}.", remedy)
    if kind == "invalid_grant" and settings.method == "device" and not numbers:
        return SignInRefused(f"{_ERRORS[50173][0]}.", _LOGIN)
    reason = f"AADSTS{numbers[0]}" if numbers else kind or "no reason given"
    return SignInRefused(
        f"Microsoft 365 refused the sign-in ({reason}).", "Look that up at https://login.microsoftonline.com/error."
    )
