"""The council's mail relay, by SMTP: encrypted, its certificate checked, and each reply told apart from silence."""

from __future__ import annotations

import contextlib
import smtplib
import ssl
from collections.abc import Sequence
from email.message import EmailMessage

from scripts.adapters.mail.transport.transports import Accepted, DidNotGo, MayHaveGone
from scripts.adapters.settings.mail_settings import MailSettings
from scripts.adapters.settings.secrets import NAMES_IN_KEYRING, SERVICE, SMTP_PASSWORD, find_secret

SECONDS_FOR_A_REPLY = 60.0
_TAKEN = (250, 251)


class SmtpRelay:
    """The relay that `settings` name; it is connected to with the first message."""

    name = "smtp"

    def __init__(self, settings: MailSettings) -> None:
        self._sender = settings.sender or ""
        self._smtp = settings.smtp
        self._where = f"the mail relay {settings.smtp.host}:{settings.smtp.port}"
        self._connection: smtplib.SMTP | None = None

    def send(self, mail: EmailMessage, addresses: Sequence[str]) -> Accepted:
        """Who was refused where others were accepted; `mail` was sent, once.

        Raises DidNotGo when the relay took it for nobody, and MayHaveGone when the reply to its text is missing.
        """
        connection = self._connected()
        refused = self._offered(connection, addresses)
        try:
            code, _ = connection.data(mail.as_bytes())
        except smtplib.SMTPDataError as error:  # the text was not even begun
            raise self._dropped(f"{self._where} does not take the message ({error.smtp_code})") from None
        except (smtplib.SMTPException, OSError):
            self._hang_up()
            raise MayHaveGone(f"{self._where} broke off after the message was on its way") from None
        if code not in _TAKEN:
            raise self._dropped(f"{self._where} does not take the message ({code})")
        return Accepted(refused)

    def close(self) -> None:
        """End the connection."""
        if self._connection is not None:
            with contextlib.suppress(smtplib.SMTPException, OSError):
                self._connection.quit()
            self._hang_up()

    def check(self) -> None:
        """Connect and sign in, and send nothing. Raises DidNotGo when the relay is not to be had."""
        self._connected()

    def _offered(self, connection: smtplib.SMTP, addresses: Sequence[str]) -> dict[str, str]:
        """Those of `addresses` that the relay refuses, with why. Raises DidNotGo when it refuses the sender or all."""
        refused = {}
        try:
            code, _ = connection.mail(self._sender)
            if code not in _TAKEN:
                raise self._dropped(f"{self._where} takes no mail from {self._sender} ({code})", for_any=True)
            for address in addresses:
                code, _ = connection.rcpt(address)
                if code not in _TAKEN:
                    refused[address] = f"{self._where} refuses this recipient ({code})"
        except (smtplib.SMTPException, OSError):
            raise self._dropped(f"{self._where} broke off before the message was on its way") from None
        if len(refused) == len(addresses):
            raise self._dropped(next(iter(refused.values()), "it has no recipient"))
        return refused

    def _connected(self) -> smtplib.SMTP:
        if self._connection is None:
            try:
                self._connection = self._opened()
                self._sign_in(self._connection)
                self._connection.ehlo_or_helo_if_needed()
            except ssl.SSLCertVerificationError:
                raise self._dropped(
                    f"the certificate of {self._where} is not one that this computer trusts, or is for another name; "
                    "where the council has its own authority, name its file in SSL_CERT_FILE",
                    for_any=True,
                ) from None
            except smtplib.SMTPNotSupportedError:
                raise self._dropped(
                    f"{self._where} offers no STARTTLS, or no sign-in; correct mail.smtp.security, or leave out "
                    "mail.smtp.user",
                    for_any=True,
                ) from None
            except smtplib.SMTPAuthenticationError as error:
                raise self._dropped(
                    f"{self._where} refuses the user or the password ({error.smtp_code}); correct mail.smtp.user and "
                    f"{SMTP_PASSWORD}",
                    for_any=True,
                ) from None
            except (smtplib.SMTPException, OSError):
                raise self._dropped(
                    f"{self._where} cannot be reached, or hung up; see that this computer is online and that "
                    "mail.smtp names the right host, port and security",
                    for_any=True,
                ) from None
        return self._connection

    def _opened(self) -> smtplib.SMTP:
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
            raise self._dropped(
                f"the password of mail.smtp.user is not known; put it in the environment as {SMTP_PASSWORD}, or in the "
                f"keyring with python -m keyring set {SERVICE} {NAMES_IN_KEYRING[SMTP_PASSWORD]}",
                for_any=True,
            )
        connection.login(self._smtp.user, password)

    def _dropped(self, why: str, *, for_any: bool = False) -> DidNotGo:
        """That the message did not go; the connection is given up, for whatever else was said on it is void."""
        self._hang_up()
        return DidNotGo(why, for_any=for_any)

    def _hang_up(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None
