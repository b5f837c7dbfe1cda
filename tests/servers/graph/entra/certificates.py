"""A certificate of the app, made for the tests."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass, field

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID


@dataclass(frozen=True)
class AppCertificate:
    """A certificate and its private key, as the texts of two PEM files."""

    certificate: x509.Certificate
    public_pem: str = field(repr=False)
    private_pem: str = field(repr=False)

    @property
    def thumbprint(self) -> str:
        """The fingerprint by SHA-1, as the Azure portal shows it."""
        return self.certificate.fingerprint(hashes.SHA1()).hex().upper()  # noqa: S303  Microsoft's own


def make_certificate(
    *, begins: dt.datetime | None = None, days: int = 365, hosts: Collection[str] = ()
) -> AppCertificate:
    """Return a self-signed certificate that is good from `begins`, else from yesterday, for that many days.

    `hosts` are the servers that it is for, if any.
    """
    key = rsa.generate_private_key(65_537, 2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Tracker (made up)")])
    first_moment = begins or dt.datetime.now(dt.UTC) - dt.timedelta(days=1)
    builder = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(first_moment)
        .not_valid_after(first_moment + dt.timedelta(days=days))
    )
    if hosts:
        builder = builder.add_extension(x509.SubjectAlternativeName([x509.DNSName(host) for host in hosts]), False)
    certificate = builder.sign(key, hashes.SHA256())
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return AppCertificate(certificate, certificate.public_bytes(serialization.Encoding.PEM).decode(), private.decode())
