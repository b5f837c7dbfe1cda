"""A real mail relay on loopback: TLS by an authority of its own, sign-in, and everything that goes wrong."""

from __future__ import annotations

import asyncio
import contextlib
import datetime as dt
import email
import email.policy
import socket
import ssl
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from email.message import EmailMessage
from pathlib import Path
from typing import Any, Literal

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

Break = Literal["mail", "data", "middle", "reply lost", "reply lost, not kept", "silence"]


@dataclass
class Relay:
    """The relay's switches, and the mail that it accepted, each with its recipients."""

    port: int
    taken: list[tuple[list[str], EmailMessage]] = field(default_factory=list)
    signed_in: list[str] = field(default_factory=list)
    refuses: dict[str, str] = field(default_factory=dict)  # by address: the reply
    replies: dict[str, str] = field(default_factory=dict)  # by "MAIL" or "DATA": the reply
    breaks: list[Break] = field(default_factory=list)  # at which moments it hangs up, or says nothing more, each once

    def recipients(self) -> list[str]:
        """Everybody who got a mail, once for each."""
        return [address for addresses, _ in self.taken for address in addresses]

    def breaks_now(self, *moments: Break) -> bool:
        """Return True when the relay is to end the connection at one of these moments, which it does once."""
        found = next((moment for moment in moments if moment in self.breaks), None)
        if found:
            self.breaks.remove(found)
        return found is not None


class _Handler:
    def __init__(self, relay: Relay) -> None:
        self._relay = relay

    async def handle_MAIL(  # noqa: N802 - aiosmtpd's name
        self, server: SMTP, _session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self._relay.breaks_now("mail"):
            _hang_up(server)
        if "MAIL" in self._relay.replies:
            return self._relay.replies["MAIL"]
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 OK"

    async def handle_RCPT(  # noqa: N802
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        if address in self._relay.refuses:
            return self._relay.refuses[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        if "DATA" in self._relay.replies:
            return self._relay.replies["DATA"]
        keeps = "reply lost, not kept" not in self._relay.breaks
        breaks = self._relay.breaks_now("reply lost", "reply lost, not kept")
        if keeps:
            assert isinstance(envelope.content, bytes)
            mail = email.message_from_bytes(envelope.content, policy=email.policy.default)
            self._relay.taken.append((list(envelope.rcpt_tos), mail))
        if breaks:
            _hang_up(server)
        if self._relay.breaks_now("silence"):
            await asyncio.Event().wait()  # which nothing ever sets
        return "250 OK"


class _Protocol(SMTP):
    """The protocol of aiosmtpd, which can also end the connection before and in the middle of a message."""

    relay: Relay

    async def smtp_DATA(self, arg: str) -> None:  # noqa: N802
        if self.relay.breaks_now("data"):
            _hang_up(self)
        elif self.relay.breaks_now("middle"):
            await self.push("354 Go on")
            await self._reader.read(20)
            _hang_up(self)
        else:
            await super().smtp_DATA(arg)


def _hang_up(server: SMTP) -> None:
    assert isinstance(server.transport, asyncio.Transport)
    server.transport.abort()


@contextlib.contextmanager
def running_relay(
    folder: Path, *, security: Literal["starttls", "tls", "none"] = "starttls", password: str | None = None,
    host_in_certificate: str = "localhost",
) -> Iterator[Relay]:  # fmt: skip
    """Run a relay. Its authority's certificate is in `folder` as authority.pem. With `password` one has to sign in."""
    context = _server_context(folder, host_in_certificate)

    def authenticator(_server: SMTP, _session: Session, _envelope: Envelope, _mechanism: str, data: Any) -> AuthResult:
        right = isinstance(data, LoginPassword) and data.password.decode() == password
        if right:
            relay.signed_in.append(data.login.decode())
        return AuthResult(success=right, handled=False)

    with socket.create_server(("127.0.0.1", 0)) as listening:
        # Else each line of a reply waits 40 ms for the one before it to be acknowledged.
        listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        relay = Relay(listening.getsockname()[1])
        protocol = type("Protocol", (_Protocol,), {"relay": relay})

        def made() -> SMTP:
            made: SMTP = protocol(
                _Handler(relay), hostname="localhost", tls_context=context if security == "starttls" else None,
                require_starttls=security == "starttls", authenticator=authenticator,
                auth_required=password is not None, auth_require_tls=security == "starttls",
                loop=asyncio.get_running_loop(),
            )  # fmt: skip
            return made

        running: list[tuple[asyncio.AbstractEventLoop, asyncio.Event]] = []
        ready = threading.Event()

        async def serve() -> None:
            loop, stop = asyncio.get_running_loop(), asyncio.Event()
            server = await loop.create_server(made, sock=listening, ssl=context if security == "tls" else None)
            running.append((loop, stop))
            ready.set()
            await stop.wait()
            server.close()

        thread = threading.Thread(target=lambda: asyncio.run(serve()), name="mail relay")
        thread.start()
        ready.wait()
        try:
            yield relay
        finally:
            loop, stop = running[0]
            loop.call_soon_threadsafe(stop.set)
            thread.join()


def _server_context(folder: Path, host: str) -> ssl.SSLContext:
    """TLS for `host`, certified by an authority of the test's own whose certificate goes to `folder`."""
    authority_key, key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    authority_name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Authority (made up)")])
    now = dt.datetime.now(dt.UTC)
    begun = (
        x509.CertificateBuilder().issuer_name(authority_name).serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1)).not_valid_after(now + dt.timedelta(days=2))
    )  # fmt: skip
    authority = (
        begun.subject_name(authority_name).public_key(authority_key.public_key())
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(authority_key, hashes.SHA256())
    )  # fmt: skip
    certificate = (
        begun.subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, host)])).public_key(key.public_key())
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(host)]), critical=False)
        .sign(authority_key, hashes.SHA256())
    )  # fmt: skip
    pem = serialization.Encoding.PEM
    (folder / "authority.pem").write_bytes(authority.public_bytes(pem))
    secret = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    (folder / "relay.pem").write_bytes(certificate.public_bytes(pem) + secret)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "relay.pem")
    return context
