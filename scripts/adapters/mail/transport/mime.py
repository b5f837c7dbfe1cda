"""A message as the e-mail that goes out: plain text, HTML with its pictures, attachments.

Nothing from a cell, a template or a setting can add a header: control characters such as line breaks become spaces,
encoded words are not decoded, and file names keep only letters, figures and a few signs. Besides, the finished message
is read again: it goes only if its headers and recipients are those that were meant.
"""

from __future__ import annotations

import datetime as dt
import email.utils
import re
import unicodedata
from collections.abc import Sequence
from email.message import EmailMessage
from email.parser import BytesHeaderParser
from email.policy import SMTP, default

from scripts.adapters.mail.transport.message import Message
from scripts.adapters.mail.transport.transport import DidNotGo
from scripts.adapters.settings.mail_settings import domain_of

LONGEST_SUBJECT = 200
_HEADERS = {"subject", "to", "from", "date", "message-id", "auto-submitted", "x-unsent", "mime-version"}
_HEADERS |= {"content-type", "content-transfer-encoding"}
_NOT_IN_A_NAME = re.compile(r"[^A-Za-z0-9. _-]+")


def as_email(
    message: Message, addresses: Sequence[str], *, marking: str, sender: str, moment: dt.datetime
) -> EmailMessage:
    """Return `message` as an e-mail from `sender` to `addresses`, written at `moment`; `marking` begins its subject.

    The Message-ID is the same whenever this message is made, so that a mail system can recognise a second copy. Raises
    DidNotGo when its headers would not be those that were meant.
    """
    mail = _headed(message, addresses, marking)
    mail["From"] = sender
    mail["Date"] = email.utils.format_datetime(moment)
    mail["Message-ID"] = f"<{message.digest}@{domain_of(sender)}>"
    # So that out-of-office replies stay away (RFC 3834).
    mail["Auto-Submitted"] = "auto-generated"
    return _checked(_filled(mail, message), addresses)


def as_draft(message: Message, addresses: Sequence[str], *, marking: str) -> EmailMessage:
    """Return `message` as a draft to `addresses`, perhaps none, that Outlook opens ready to be sent.

    Raises as `as_email`.
    """
    mail = _headed(message, addresses, marking)
    mail["X-Unsent"] = "1"
    return _checked(_filled(mail, message), addresses)


def one_line(text: str) -> str:
    """Return `text` on one line, without control characters and without those that change the writing direction."""
    shown = "".join(" " if unicodedata.category(each) in ("Cc", "Cf", "Cs", "Zl", "Zp") else each for each in text)
    return " ".join(shown.split())


def file_name(text: str) -> str:
    """Return `text` as a file name that every system accepts."""
    return _NOT_IN_A_NAME.sub("-", text).strip(" .-") or "file"


def _headed(message: Message, addresses: Sequence[str], marking: str) -> EmailMessage:
    mail = EmailMessage(policy=SMTP)
    # Python's e-mail library would decode “=?utf-8?q?…?=”, and a line break in it would end the header.
    subject = one_line(f"{marking}: {message.subject}" if marking else message.subject).replace("=?", "= ?")
    mail["Subject"] = subject if len(subject) <= LONGEST_SUBJECT else f"{subject[: LONGEST_SUBJECT - 1]}…"
    if addresses:
        mail["To"] = ", ".join(addresses)
    return mail


def _checked(mail: EmailMessage, addresses: Sequence[str]) -> EmailMessage:
    """Return `mail`, if whoever reads it finds the recipients `addresses` and no header that we did not set."""
    read = BytesHeaderParser(policy=default).parsebytes(mail.as_bytes())
    to = read["To"]
    recipients = [each.addr_spec for each in to.addresses] if to is not None else []
    headers = [name.lower() for name in read]
    if recipients != list(addresses) or len(set(headers)) < len(headers) or not _HEADERS.issuperset(headers):
        raise DidNotGo(
            "The headers of the message would not be those that were meant, so it was not sent.",
            "Look for unusual characters in the reference and in the addresses of config.toml.",
        )
    return mail


def _filled(mail: EmailMessage, message: Message) -> EmailMessage:
    # Quoted-printable, because a relay need not accept eight bits.
    mail.set_content(message.text, cte="quoted-printable")
    if message.html is not None:
        html, domain = message.html, "critical-incident-tracker"
        for picture in message.pictures:
            html = html.replace(f'"cid:{picture.name}"', f'"cid:{picture.name}@{domain}"')
        mail.add_alternative(html, subtype="html", cte="quoted-printable")
        shown = mail.get_body(("html",))
        assert isinstance(shown, EmailMessage)  # noqa: S101 - it was just added
        for picture in message.pictures:
            shown.add_related(
                picture.png, "image", "png", cid=f"<{picture.name}@{domain}>", filename=f"{picture.name}.png",
                disposition="inline",
            )  # fmt: skip
    for attachment in message.attachments:
        main, _, sub = attachment.type.partition("/")
        mail.add_attachment(
            attachment.data, main, sub, filename=file_name(attachment.name), params=dict(attachment.parameters)
        )
    if mail["Subject"].isascii():
        # A subject that just fails to fit on a line would be put below an empty one, and some programs then show none.
        mail.policy = SMTP.clone(max_line_length=len("Subject: ") + LONGEST_SUBJECT)
    return mail
