"""The council's mail relay, by SMTP: encrypted, with its certificate checked. A missing reply is not a refusal."""

from __future__ import annotations

import contextlib
import smtplib
import ssl
from collections.abc import Sequence
from email.message import EmailMessage

from scripts.adapters.mail.transport.transport import Accepted, DidNotGo, MayHaveGone
from scripts.adapters.settings.mail_settings import MailSettings
from scripts.adapters.settings.secrets import NAMES_IN_KEYRING, SERVICE, SMTP_PASSWORD, find_secret

SECONDS_FOR_A_REPLY = 60.0
_ACCEPTED = (250, 251)


class SmtpRelay:
    """The relay that `settings` name. It connects with the first message."""

    name = "smtp"

    def __init__(self, settings: MailSettings) -> None:
        self._sender = settings.sender or ""
        self._smtp = settings.smtp
        self._relay = f"The mail relay {settings.smtp.host}:{settings.smtp.port}"
        self._connection: smtplib.SMTP | None = None

    def send(self, mail: EmailMessage, addresses: Sequence[str]) -> Accepted:
        """Send `mail` to `addresses`, once; the result names those whom the relay refused.

        Raises DidNotGo when the relay accepted it for nobody, and MayHaveGone when the reply to its text is missing.
        """
        connection = self._connect()
        refused = self._offer(connection, addresses)
        try:
            code, _ = connection.data(mail.as_bytes())
        except smtplib.SMTPDataError as error:  # the relay refused before the text began
            raise self._failed(f"{self._relay} does not accept the message ({error.smtp_code}).") from None
        except (smtplib.SMTPException, OSError):
            self._hang_up()
            raise MayHaveGone(f"{self._relay} broke the connection while the message was being sent.") from None
        if code not in _ACCEPTED:
            raise self._failed(f"{self._relay} does not accept the message ({code}).")
        return Accepted(refused)

    def close(self) -> None:
        """End the connection."""
        if self._connection is not None:
            with contextlib.suppress(smtplib.SMTPException, OSError):
                self._connection.quit()
            self._hang_up()

    def check(self) -> None:
        """Connect and sign in, and send nothing. Raises DidNotGo when that fails."""
        self._connect()

    def _offer(self, connection: smtplib.SMTP, addresses: Sequence[str]) -> dict[str, str]:
        """Return the addresses that the relay refuses and why. Raises DidNotGo when it refuses the sender or all."""
        refused = {}
        try:
            code, _ = connection.mail(self._sender)
            if code not in _ACCEPTED:
                raise self._failed(f"{self._relay} accepts no mail from {self._sender} ({code}).", for_any=True)
            for address in addresses:
                code, _ = connection.rcpt(address)
                if code not in _ACCEPTED:
                    refused[address] = f"{self._relay} refuses this recipient ({code})."
        except (smtplib.SMTPException, OSError):
            raise self._failed(f"{self._relay} broke the connection before the message was sent.") from None
        if len(refused) == len(addresses):
            raise self._failed(next(iter(refused.values()), "The message has no recipient."))
        return refused

    def _connect(self) -> smtplib.SMTP:
        if self._connection is None:
            try:
                self._connection = self._open()
                self._sign_in(self._connection)
                self._connection.ehlo_or_helo_if_needed()
            except ssl.SSLCertVerificationError:
                raise self._failed(
                    f"{self._relay} has a certificate that this computer does not trust, or one for another name.",
                    "If the council has its own certificate authority, name its file in SSL_CERT_FILE.",
                    for_any=True,
                ) from None
            except smtplib.SMTPNotSupportedError:
                raise self._failed(
                    f"{self._relay} offers no STARTTLS, or no sign-in.",
                    "Correct mail.smtp.security, or remove mail.smtp.user.",
                    for_any=True,
                ) from None
            except smtplib.SMTPAuthenticationError as error:
                raise self._failed(
                    f"{self._relay} refuses the user or the password ({error.smtp_code}).",
                    f"Correct mail.smtp.user and {SMTP_PASSWORD}.",
                    for_any=True,
                ) from None
            except (smtplib.SMTPException, OSError):
                raise self._failed(
                    f"{self._relay} cannot be reached, or broke the connection.",
                    "Check that this computer is online and that mail.smtp names the right host, port and security.",
                    for_any=True,
                ) from None
        return self._connection

    def _open(self) -> smtplib.SMTP:
        host, port = self._smtp.host or "", self._smtp.port
        if self._smtp.security == "tls":
            return smtplib.SMTP_SSL(host, port, timeout=SECONDS_FOR_A_REPLY, context=ssl.create_default_context())
        connection = smtplib.SMTP(host, port, timeout=SECONDS_FOR_A_REPLY)
        if self._smtp.security == "starttls":
            try:
                connection.starttls(context=ssl.create_default_context())
            except BaseException:
                connection.close()
                raise
        return connection

    def _sign_in(self, connection: smtplib.SMTP) -> None:
        if self._smtp.user is None:
            return
        password = find_secret(SMTP_PASSWORD)
        if password is None:
            raise self._failed(
                "The password of mail.smtp.user is not known.",
                f"Put it in the environment as {SMTP_PASSWORD}, or in the keyring with "
                f"python -m keyring set {SERVICE} {NAMES_IN_KEYRING[SMTP_PASSWORD]}.",
                for_any=True,
            )
        connection.login(self._smtp.user, password)

    def _failed(self, problem: str, remedy: str = "", *, for_any: bool = False) -> DidNotGo:
        """Give up the connection, so that nothing is left half done on it, and return the error to raise."""
        self._hang_up()
        return DidNotGo(problem, remedy, for_any=for_any)

    def _hang_up(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None
