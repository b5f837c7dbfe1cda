"""The certificate with which the app signs in: read it from its files, and warn before it expires."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from pathlib import Path

from scripts.adapters.settings.secrets import KEY_PASSPHRASE, NAMES_IN_KEYRING, SERVICE, find_secret
from tracker_schema.errors import SignInRefused

WARN_DAYS = 30
_RENEW = "Make a new one and upload its public part to the app registration."


@dataclass(frozen=True)
class Certificate:
    """A certificate and its private key, both as PEM, the key without a passphrase, and its last day."""

    private_key: str = field(repr=False)
    public: str
    expires: dt.date

    def check(self, today: dt.date) -> str | None:
        """Return a warning when it expires within 30 days of `today`, else None.

        Raises SignInRefused when it has expired.
        """
        if self.expires < today:
            raise SignInRefused(f"The certificate for signing in expired on {self.expires:%d/%m/%Y}.", _RENEW)
        days = (self.expires - today).days
        if days > WARN_DAYS:
            return None
        return f"The certificate for signing in expires on {self.expires:%d/%m/%Y}, in {days} days. {_RENEW}"


def read_certificate(certificate: Path, private_key: Path | None) -> Certificate:
    """Return the certificate in the file `certificate` (.pem, .crt, or a .pfx that holds the key as well).

    `private_key` is the file of the key, None when it is in the same file. Raises SignInRefused when one of them is
    missing, is something else, or has a passphrase that is not known.
    """
    from cryptography import x509
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
    from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

    is_pfx = certificate.suffix.lower() in (".pfx", ".p12")
    key_file = certificate if is_pfx or private_key is None else private_key
    public, key = _load(certificate, key_file, is_pfx=is_pfx)
    if not isinstance(public, x509.Certificate) or not isinstance(key, RSAPrivateKey):
        raise SignInRefused(
            f"{key_file.name} holds no RSA key, the only kind that Microsoft takes.", "Make a new certificate."
        )
    if public.public_key() != key.public_key():
        raise SignInRefused(
            f"The private key in {key_file.name} does not belong to the certificate.", "Name the right one."
        )
    return Certificate(
        key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode(),
        public.public_bytes(Encoding.PEM).decode(),
        public.not_valid_after_utc.date(),
    )


def _load(certificate: Path, key_file: Path, *, is_pfx: bool) -> tuple[object, object]:
    """Return the certificate and the private key as `cryptography` has them."""
    from cryptography import x509
    from cryptography.hazmat.primitives.serialization import load_pem_private_key, pkcs12

    data, key_data = _read(certificate), _read(key_file)
    public: object = None
    if not is_pfx:
        try:
            public = x509.load_pem_x509_certificate(data)
        except ValueError:
            raise SignInRefused(
                f"{certificate.name} holds no certificate as PEM.", "Name the file of the public part."
            ) from None
    # The keyring is opened only when a passphrase may be needed.
    may_be_encrypted = b"ENCRYPTED" in key_data or b"-----BEGIN" not in key_data
    passphrase = find_secret(KEY_PASSPHRASE) if may_be_encrypted else None
    password = passphrase.encode() if passphrase else None
    try:
        if not is_pfx:
            return public, load_pem_private_key(key_data, password)
        key, public, _ = pkcs12.load_key_and_certificates(data, password)
    except (TypeError, ValueError):
        raise SignInRefused(
            f"{key_file.name} holds no private key that can be read.",
            f"If it has a passphrase, put that in the environment as {KEY_PASSPHRASE}, or in the keyring with "
            f"python -m keyring set {SERVICE} {NAMES_IN_KEYRING[KEY_PASSPHRASE]}.",
        ) from None
    if key is None or public is None:
        raise SignInRefused(f"{certificate.name} holds no private key.", "Export it again, with the key.")
    return public, key


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise SignInRefused(
            f"{path} cannot be read ({error.strerror}).",
            "Correct it in config.toml under [sign_in], or let this account read it.",
        ) from None
