"""Secrets, which are never in config.toml: from the environment, or from the keyring of the operating system."""

from __future__ import annotations

import os

from tracker_schema.errors import SignInRefused

SERVICE = "critical-incident-tracker"
CLIENT_SECRET = "TRACKER_CLIENT_SECRET"  # noqa: S105 - the name of it
KEY_PASSPHRASE = "TRACKER_KEY_PASSPHRASE"  # noqa: S105
SMTP_PASSWORD = "TRACKER_SMTP_PASSWORD"  # noqa: S105
PSEUDONYM_KEY = "TRACKER_PSEUDONYM_KEY"

NAMES_IN_KEYRING = {
    CLIENT_SECRET: "client-secret",
    KEY_PASSPHRASE: "key-passphrase",
    SMTP_PASSWORD: "smtp-password",
    PSEUDONYM_KEY: "pseudonym-key",
}


def find_secret(variable: str) -> str | None:
    """Return the secret in the environment variable, else the one in the keyring; None when neither has it."""
    return os.environ.get(variable) or _in_keyring(NAMES_IN_KEYRING[variable])


def client_secret() -> str:
    """Return the app's client secret. Raises SignInRefused when there is none."""
    secret = find_secret(CLIENT_SECRET)
    if secret is None:
        raise SignInRefused(
            "The client secret is not known.",
            f"Put it in the environment as {CLIENT_SECRET}, or in the keyring with "
            f"python -m keyring set {SERVICE} {NAMES_IN_KEYRING[CLIENT_SECRET]}.",
        )
    return secret


def _in_keyring(name: str) -> str | None:
    import keyring
    from keyring.errors import KeyringError

    try:
        return keyring.get_password(SERVICE, name)
    except KeyringError:  # a server often has no keyring, and it may be locked while nobody is signed in
        return None
