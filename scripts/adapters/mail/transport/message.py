"""A message: what it is about, for whom, and what it says. Nothing of it is a header yet.

What a message is about (`kind`, `reference`, `stage`, `period`) and who gets it say whether it has gone already, so
two messages that are alike in these are one message to the ledger.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

_SLUG = re.compile(r"[a-z0-9][a-z0-9_-]*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Recipient:
    """Somebody who gets mail as `role`; `setting` is where config.toml has the address, None when it has none."""

    role: str
    address: str | None
    setting: str

    @property
    def is_agency(self) -> bool:
        """Whether this is an agency outside the council."""
        return self.setting.startswith("agencies")


@dataclass(frozen=True, slots=True)
class Picture:
    """A PNG that the HTML shows as `<img src="cid:NAME" alt="…">`; `alt` says in words what is on it."""

    name: str
    png: bytes = field(repr=False)
    alt: str


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that goes along, such as ("deadlines.ics", "text/calendar", …, {"method": "PUBLISH"})."""

    name: str
    type: str
    data: bytes = field(repr=False)
    parameters: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Message:
    """One message to `recipients`.

    `kind` is what sort it is ("weekly_summary"), `period` the time it is for ("2026-W48", or a date), `reference` the
    incident, None for a message about no one of them, and `stage` tells apart several messages of a kind about one
    incident ("day-4"). `subject` comes without the marking. Without `html` the message is plain text.
    """

    kind: str
    period: str
    recipients: tuple[Recipient, ...]
    subject: str
    text: str = field(repr=False)
    reference: str | None = None
    stage: str = ""
    html: str | None = field(default=None, repr=False)
    pictures: tuple[Picture, ...] = ()
    attachments: tuple[Attachment, ...] = ()

    def __post_init__(self) -> None:
        for slug in (self.kind, self.period, self.stage or "x", *(picture.name for picture in self.pictures)):
            if not _SLUG.fullmatch(slug):
                raise ValueError(f"{slug!r} must be letters, figures, - and _ only")
        if not self.recipients:
            raise ValueError("a message is for somebody")
        for picture in self.pictures:
            if self.html is None or f'"cid:{picture.name}"' not in self.html:
                raise ValueError(f'the HTML does not show "cid:{picture.name}"')

    @property
    def digest(self) -> str:
        """What this message is known by: the same for the same message to the same people, whenever it is made."""
        people = sorted(recipient.address or recipient.role for recipient in self.recipients)
        about = "\0".join((self.kind, self.reference or "", self.stage, self.period, *people))
        return hashlib.sha256(about.encode()).hexdigest()[:32]
