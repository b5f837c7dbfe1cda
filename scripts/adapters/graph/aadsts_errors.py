"""What a refused sign-in means: Microsoft's AADSTS number, as one sentence with the remedy."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from scripts.adapters.graph.calls import NoAnswer
from scripts.adapters.settings.config import SignInSettings
from tracker_schema.errors import SignInRefused, TrackerError

_LOGIN = "run python -m scripts.login again, as this user"
_REGISTRATION = "in Entra, under App registrations"

_SENTENCES = {
    7000215: "The client secret is wrong; use the secret's value, not its id, and see that nothing is missing.",
    7000222: f"The client secret has expired; make a new one {_REGISTRATION}, or better, use a certificate.",
    700027: (
        "Microsoft does not know the certificate; upload its public part to the app registration, "
        "and see that [sign_in] names the app it belongs to."
    ),
    700016: "There is no app with this client_id in the tenant; copy both from the app registration's overview.",
    90002: "There is no such tenant; copy the directory (tenant) id from the app registration's overview.",
    700024: "The clock of this computer is wrong, so that Microsoft refuses the sign-in; set it by a time server.",
    65001: f"Nobody has agreed to the app's permissions; let an administrator grant consent {_REGISTRATION}.",
    700082: f"The sign-in has expired because it was not used for long; {_LOGIN}.",
    50173: f"The sign-in is no longer good, as after a change of password; {_LOGIN}.",
    70043: f"The sign-in has expired by the council's rules; {_LOGIN}.",
    50076: f"The account needs a second factor; {_LOGIN}, and confirm there.",
    53003: (
        "The council's Conditional Access does not let this sign-in through; ask IT to allow this app from this "
        "computer."
    ),
    50057: "The account is switched off; ask IT to switch it on, or sign in with another.",
    7000112: f"The app is switched off; ask IT to switch it on {_REGISTRATION}.",
    7000218: 'The app does not take device codes; set "Allow public client flows" to Yes in its Authentication page.',
    70020: f"The code was not typed in time; {_LOGIN}.",
    65004: f"The sign-in was declined; {_LOGIN}, and accept.",
}
_SAME_AS = {
    900023: 90002, 90013: 90002, 700024: 700024, 7000216: 7000215, 700084: 700082, 700081: 700082, 70008: 700082,
    50132: 50173, 50133: 50173, 70000: 50173, 50078: 70043, 50079: 50076, 50072: 50076, 53000: 53003, 53001: 53003,
    53002: 53003, 53004: 53003, 530036: 53003, 530003: 53003, 530034: 53003, 50055: 50057, 50053: 50057, 70019: 70020,
    500011: 65001, 650057: 65001,
}  # fmt: skip
_BY_ERROR = {"expired_token": 70020, "authorization_declined": 65004, "access_denied": 65004}
_FOR_A_WHILE = ("temporarily_unavailable", "server_error", "timeout")


def refusal(answer: Mapping[str, Any], settings: SignInSettings) -> TrackerError:
    """What to raise for an `answer` of Microsoft's that holds no token."""
    kind = str(answer.get("error", ""))
    if kind in _FOR_A_WHILE:
        return NoAnswer("Microsoft 365 signs nobody in just now; the next run catches up.", None, not_done=True)
    numbers = [int(number) for number in answer.get("error_codes") or ()]
    numbers += [int(number) for number in re.findall(r"AADSTS(\d+)", str(answer.get("error_description", "")))]
    for number in (*numbers, _BY_ERROR.get(kind, 0)):
        if sentence := _SENTENCES.get(_SAME_AS.get(number, number)):
            return SignInRefused(f"{sentence} (AADSTS{number})" if number in numbers else sentence)
    if kind == "invalid_grant" and settings.method == "device":
        return SignInRefused(_SENTENCES[50173])
    what = f"AADSTS{numbers[0]}" if numbers else kind or "it does not say why"
    return SignInRefused(
        f"Microsoft 365 refused the sign-in ({what}); look that up at https://login.microsoftonline.com/error."
    )
