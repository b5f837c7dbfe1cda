"""A message before it is an e-mail: what it is about, to whom, and its text.

The ledger knows a message by what it is about (`kind`, `reference`, `stage`, `period`) and by who gets it: two messages
that are alike in these are one message, which goes once.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

_SLUG = re.compile(r"[a-z0-9][a-z0-9_-]*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Recipient:
    """Somebody who gets mail.

    role       as whom they get it, such as “SLT”
    address    the e-mail address, None when config.toml has none
    setting    where config.toml has the address, such as “recipients.slt”
    """

    role: str
    address: str | None
    setting: str

    @property
    def is_agency(self) -> bool:
        """Whether this is an agency outside the council."""
        return self.setting.startswith("agencies")


@dataclass(frozen=True, slots=True)
class Picture:
    """A PNG that the HTML shows as `<img src="cid:NAME" alt="…">`.

    name    its name
    png     its bytes
    alt     what it shows, in words
    """

    name: str
    png: bytes = field(repr=False)
    alt: str


@dataclass(frozen=True, slots=True)
class Attachment:
    """An attached file.

    name          its file name
    type          its media type, such as “text/calendar”
    data          its bytes
    parameters    the parameters of the media type, such as {"method": "PUBLISH"}
    """

    name: str
    type: str
    data: bytes = field(repr=False)
    parameters: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Message:
    """One message.

    kind           which message it is, such as “weekly_summary”
    period         the time it is for, such as “2026-W48” or a date
    recipients     who gets it, at least one
    subject        one line, without the marking
    text           the plain text
    reference      the incident, None when it is not about one incident
    stage          which of several messages of a kind about one incident, such as “overdue”
    title          the same in words, for the name of a draft's file; the stage when it is ""
    html           the same as HTML, None for plain text only
    pictures       the pictures that the HTML shows
    attachments    the attached files
    source         the versions of the file and the program that it was made from, for the ledger only

    Raises ValueError when a name is more than letters, figures, - and _, when there is no recipient, or when the HTML
    does not show a picture.
    """

    kind: str
    period: str
    recipients: tuple[Recipient, ...]
    subject: str
    text: str = field(repr=False)
    reference: str | None = None
    stage: str = ""
    title: str = ""
    html: str | None = field(default=None, repr=False)
    pictures: tuple[Picture, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    source: str = ""

    def __post_init__(self) -> None:
        for slug in (self.kind, self.period, self.stage or "x", *(picture.name for picture in self.pictures)):
            if not _SLUG.fullmatch(slug):
                raise ValueError(f"{slug!r} must be letters, figures, - and _ only")
        if not self.recipients:
            raise ValueError("a message needs a recipient")
        for picture in self.pictures:
            if self.html is None or f'"cid:{picture.name}"' not in self.html:
                raise ValueError(f'the HTML does not show "cid:{picture.name}"')

    @property
    def digest(self) -> str:
        """By what a mail system knows it: the same for the same message to the same people, whenever it is made."""
        people = sorted(recipient.address or recipient.role for recipient in self.recipients)
        about = "\0".join((self.kind, self.reference or "", self.stage, self.period, *people))
        return hashlib.sha256(about.encode()).hexdigest()[:32]
