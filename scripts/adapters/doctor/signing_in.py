"""Signing in: Microsoft 365 answers, the clock agrees with it, the secrets are there, and it accepts them."""

from __future__ import annotations

import base64
import binascii
import contextlib
import email.utils
import json
import os
import stat
from pathlib import Path
from typing import Any

from scripts.adapters.doctor.checks import SETTINGS, Answer, check, fine, not_checked, warning, wrong
from scripts.adapters.doctor.examined import Examined
from scripts.adapters.doctor.local_file import shown
from scripts.adapters.doctor.moment import this_computers_time
from scripts.adapters.graph import token_cache
from scripts.adapters.graph.calls import Calls
from scripts.adapters.graph.certificates import read_certificate
from scripts.adapters.graph.errors import connection_error
from scripts.adapters.graph.session import new_session
from scripts.adapters.graph.sign_in import AUTHORITY, sign_in
from scripts.adapters.settings.secrets import CLIENT_SECRET, KEY_PASSPHRASE, NAMES_IN_KEYRING, SERVICE, find_secret

NETWORK, CLOCK, SECRETS, CERTIFICATE, SIGN_IN = "Microsoft 365", "Clock", "Secrets", "Certificate", "Sign-in"
LOOK_SECONDS, WRONG_SECONDS = 120, 300


@check(NETWORK, needs=("Settings",), exit_code=SETTINGS)
def network(examined: Examined) -> Answer:
    """Check that Microsoft 365 answers."""
    examined.session = new_session()
    address = f"{AUTHORITY}{examined.account.tenant}/v2.0/.well-known/openid-configuration"
    try:
        answer = examined.session.get(address)
    except OSError as error:
        raise connection_error(error) from None
    with contextlib.suppress(ValueError):
        examined.service_time = email.utils.parsedate_to_datetime(answer.headers.get("Date", ""))
    return fine("Microsoft 365 answers.")


@check(CLOCK, needs=(NETWORK,), exit_code=SETTINGS)
def clock(examined: Examined) -> Answer:
    """Compare this computer's clock with Microsoft's."""
    if examined.service_time is None:
        return not_checked("The answer does not have Microsoft's time.", "Compare this computer's clock with another.")
    ahead = (this_computers_time() - examined.service_time).total_seconds()
    if abs(ahead) <= LOOK_SECONDS:
        return fine("The clock of this computer agrees with Microsoft's.")
    found = f"The clock of this computer is {abs(ahead) / 60:.0f} minutes {'fast' if ahead > 0 else 'slow'}."
    remedy = "Set it by a time server; from five minutes on Microsoft refuses the sign-in."
    return wrong(found, remedy) if abs(ahead) > WRONG_SECONDS else warning(found, remedy)


@check(SECRETS, needs=("Settings",), exit_code=SETTINGS)
def secrets(examined: Examined) -> Answer | None:
    """Check that the secret of the sign-in is stored, without showing it; None where it needs none."""
    method = examined.account.method
    if method == "device":
        return _kept_sign_in(token_cache.cache_file())
    variable = CLIENT_SECRET if method == "secret" else KEY_PASSPHRASE
    name = "client secret" if method == "secret" else "passphrase of the private key"
    if os.environ.get(variable):
        return fine(f"The {name} is in the environment, as {variable}.")
    if find_secret(variable):
        return fine(f"The {name} is in the keyring.")
    if method == "certificate":  # most keys have none; the next check reports one that is needed
        return None
    return wrong(
        f"The {name} is neither in the environment nor in the keyring of this user.",
        f"Set {variable}, or run python -m keyring set {SERVICE} {NAMES_IN_KEYRING[variable]} as this user.",
    )


def _kept_sign_in(path: Path) -> Answer:
    if not path.exists():
        return wrong("Nobody has signed in yet.", "Run python -m scripts.login once, as this user.")
    if _is_open_to_others(path):
        return warning(
            "Other users of this computer can read the stored sign-in.", f"Run chmod 600 {shown(path)} to close it."
        )
    return fine("A person's sign-in is stored, and only this account can read it.")


@check(CERTIFICATE, needs=("Settings",), exit_code=SETTINGS)
def certificate(examined: Examined) -> Answer | None:
    """Check that the certificate exists, has its key, and is valid for a while; None where none is used."""
    settings = examined.account
    if settings.certificate is None or settings.method != "certificate":
        return None
    found = read_certificate(settings.certificate, settings.private_key)
    if found.check(examined.as_of):
        return warning(
            f"The certificate runs out on {found.expires:%d/%m/%Y}, in {(found.expires - examined.as_of).days} days.",
            "Make a new one and upload its public part to the app registration.",
        )
    key = settings.private_key or settings.certificate
    if _is_open_to_others(key):
        return warning(
            f"Other users of this computer can read the private key in {key.name}.",
            f"Run chmod 600 {shown(key)}, owned by the account that runs the jobs.",
        )
    return fine(f"The certificate has its private key and is valid until {found.expires:%d/%m/%Y}.")


def _is_open_to_others(path: Path) -> bool:
    return os.name != "nt" and bool(path.stat().st_mode & (stat.S_IRGRP | stat.S_IROTH))


@check(SIGN_IN, needs=(NETWORK, SECRETS, CERTIFICATE), exit_code=SETTINGS)
def signing_in(examined: Examined) -> Answer:
    """Check that Microsoft accepts the sign-in."""
    tokens = sign_in(examined.account, examined.session, lambda _sentence: None)
    examined.token = tokens.token()["access_token"]
    examined.calls = Calls(tokens, examined.session)
    who = "a person" if examined.account.method == "device" else "the app itself"
    return fine(f"Microsoft accepts the sign-in, as {who}.")


@check("Permissions", needs=(SIGN_IN,), exit_code=SETTINGS)
def permissions(examined: Examined) -> Answer:
    """Check that the sign-in has the permissions it needs, and no more."""
    claims = _claims(examined.token)
    if claims is None:
        return not_checked("The token does not say what it allows.", "Look at the app registration, API permissions.")
    as_app = "scp" not in claims
    examined.rights = frozenset(claims.get("roles") or ()) if as_app else frozenset(str(claims["scp"]).split())
    listed = ", ".join(sorted(examined.rights)) or "none"
    if not any(right.startswith(("Sites.", "Files.", "Lists.", "ListItems.")) for right in examined.rights):
        return wrong(
            f"The sign-in has no permission for SharePoint (it has: {listed}).",
            "In the app registration, add Microsoft Graph Sites.Selected and grant admin consent; then grant the app "
            "“write” on the tracker's site.",
        )
    if wide := sorted(right for right in examined.rights if _is_tenant_wide(right, as_app=as_app)):
        return warning(
            f"The sign-in may do more than is needed, in the whole council: {', '.join(wide)}.",
            "Remove that from the app registration; Sites.Selected, with “write” granted on the one site, is enough"
            + (", and mail is allowed for one mailbox in Exchange." if any("Mail" in right for right in wide) else "."),
        )
    return fine(f"The sign-in has no more permissions than it needs: {listed}.")


def _is_tenant_wide(right: str, *, as_app: bool) -> bool:
    """Whether a permission is for the whole tenant: of an app every one but those granted piece by piece (Selected), of
    a person those for All.
    """
    return not right.endswith(".Selected") if as_app else right.endswith(".All")


def _claims(token: str) -> dict[str, Any] | None:
    """The claims in the token; None when it cannot be read, because Microsoft does not promise its form."""
    try:
        middle = token.split(".")[1]
        claims = json.loads(base64.urlsafe_b64decode(middle + "=" * (-len(middle) % 4)))
    except (IndexError, ValueError, binascii.Error):
        return None
    return claims if isinstance(claims, dict) else None


@check("Sign-in for mail", needs=(NETWORK,), exit_code=SETTINGS)
def signing_in_for_mail(examined: Examined) -> Answer | None:
    """Check that Microsoft accepts the sign-in of mail; None where it is that of the tracker."""
    if examined.config.mail_account == examined.account or examined.config.mail.transport != "graph":
        return None
    warned: list[str] = []
    sign_in(examined.config.mail_account, examined.session, warned.append).token()
    if warned:
        return warning(warned[0], "See “Renewing it” in docs/for-it.md.")
    return fine("Microsoft accepts the sign-in for mail, as an app of its own.")


CHECKS_FOR_MAIL = (network, clock, secrets, certificate, signing_in)
CHECKS = (*CHECKS_FOR_MAIL, permissions, signing_in_for_mail)
