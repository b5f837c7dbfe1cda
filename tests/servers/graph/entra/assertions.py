"""Client assertions: the signed statement with which an app proves that it holds its certificate's private key."""

from __future__ import annotations

import base64
import datetime as dt
import json
from collections.abc import Mapping, Sequence
from typing import Any

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey


class AssertionRefused(Exception):
    """Why an assertion does not prove anything; `code` is Microsoft's."""

    def __init__(self, code: str, reason: str) -> None:
        super().__init__(f"[Reason - {reason}]")
        self.code = code


def check_assertion(
    assertion: str,
    certificates: Sequence[x509.Certificate],
    client_id: str,
    audiences: Sequence[str],
    now: dt.datetime,
) -> None:
    """Raise AssertionRefused unless one of the certificates signed it, for this client and this place, for now."""
    try:
        signed, _, signature = assertion.rpartition(".")
        header, claims = (json.loads(_decoded(part)) for part in signed.split("."))
    except ValueError:
        raise AssertionRefused("AADSTS700027", "The assertion is malformed.") from None
    certificate = next((each for each in certificates if _names(header, each)), None)
    if certificate is None:
        raise AssertionRefused("AADSTS700027", "The key was not found.")
    if not certificate.not_valid_before_utc <= now <= certificate.not_valid_after_utc:
        raise AssertionRefused("AADSTS700027", "The key used is expired.")
    _check_signature(header, certificate, signed.encode(), _decoded(signature))
    if claims.get("iss") != client_id or claims.get("sub") != client_id:
        raise AssertionRefused("AADSTS700027", "The issuer is not the client.")
    if claims.get("aud") not in audiences:
        raise AssertionRefused("AADSTS700023", "The audience is another place.")
    leeway = dt.timedelta(minutes=5)
    begins, ends = (_moment(claims.get(name, 0)) for name in ("nbf", "exp"))
    if not begins - leeway <= now <= ends + leeway:
        raise AssertionRefused("AADSTS700024", f"Current time: {now:%Y-%m-%dT%H:%M:%SZ}")


def _names(header: Mapping[str, Any], certificate: x509.Certificate) -> bool:
    """Return True when the header names a certificate by its fingerprint, of SHA-256 or of SHA-1."""
    if "x5t#S256" in header:
        return _decoded(header["x5t#S256"]) == certificate.fingerprint(hashes.SHA256())
    if "x5t" in header:
        return _decoded(header["x5t"]) == certificate.fingerprint(hashes.SHA1())  # noqa: S303  Microsoft's own
    return False


def _check_signature(header: Mapping[str, Any], certificate: x509.Certificate, signed: bytes, signature: bytes) -> None:
    key = certificate.public_key()
    schemes: dict[str, padding.AsymmetricPadding] = {
        "PS256": padding.PSS(padding.MGF1(hashes.SHA256()), hashes.SHA256().digest_size),
        "RS256": padding.PKCS1v15(),
    }
    scheme = schemes.get(header.get("alg", ""))
    if scheme is None or not isinstance(key, RSAPublicKey):
        raise AssertionRefused("AADSTS700027", "The algorithm is not supported.")
    try:
        key.verify(signature, signed, scheme, hashes.SHA256())
    except InvalidSignature:
        raise AssertionRefused("AADSTS700027", "The key used does not match the signature.") from None


def _moment(seconds: float) -> dt.datetime:
    return dt.datetime.fromtimestamp(seconds, dt.UTC)


def _decoded(part: str) -> bytes:
    return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))
