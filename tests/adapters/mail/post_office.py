"""What the tests of mail have in common: settings with made-up people, and messages to them."""

from __future__ import annotations

import datetime as dt
import email
import email.policy
from collections.abc import Mapping
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from scripts.adapters.mail.address_book import AddressBook
from scripts.adapters.mail.messages.reminders import Writer
from scripts.adapters.mail.transport.message import Message
from scripts.adapters.settings.config import Config
from tracker_schema.mail.escalations import Escalation

MOMENT = dt.datetime(2026, 11, 23, 9, 30, tzinfo=dt.UTC)
PNG = b"\x89PNG\r\n\x1a\n made up"


def settings(folder: Path, *, sign_in: Mapping[str, str] | None = None, **mail: Any) -> Config:
    """Settings with their files in `folder`; `mail` are settings of [mail] and `sign_in` those of [sign_in]."""
    allowed = ["council.example", "agency.example"]
    return Config.model_validate(
        {
            "council": {"name": "Example Council"},
            "mail": {"allowed_domains": allowed, "drafts_folder": str(folder / "drafts")} | mail,
            "recipients": {
                "slt": ["ann.sample@council.example", "bob.sample@council.example"],
                "hos_safeguarding": ["hos@council.example"],
                "director": ["dcs@council.example", "deputy@council.example"],
                "heads_of_service": {"Head of Service One": "one@council.example"},
            },
            "agencies": {"Example Police": "police@agency.example"},
            "ledger": {"file": str(folder / "ledger.sqlite3")},
            "sign_in": sign_in or {},
            "reminders": {"escalate_to_director": "send"},
        }
    )


def summary(config: Config, **changes: Any) -> Message:
    """A weekly summary to everybody on the SLT list."""
    fields: dict[str, Any] = {
        "kind": "weekly_summary",
        "period": "2026-W48",
        "recipients": AddressBook(config).everyone("slt"),
        "subject": "Example Council, week 48: 3 overdue",
        "text": "Three steps are overdue.\n",
    }
    return Message(**fields | changes)


def escalation(config: Config, reference: str) -> Message:
    """The message to the Director about a statutory date that has passed."""
    writer = Writer(AddressBook(config), MOMENT.date(), {"marking": "", "foot": "Made up."})
    return writer.escalation(Escalation(reference, "made_up", "Made-up step", "made-up role", MOMENT.date()))


def chaser(config: Config, **changes: Any) -> Message:
    """A chaser to an agency."""
    recipient = AddressBook(config).agency("example  police")
    fields = {"kind": "agency_chaser", "reference": "CI-2026-001", "stage": "overdue", "recipients": (recipient,)}
    return summary(config, **fields | changes)


def opened(path: Path) -> EmailMessage:
    """The e-mail in a file."""
    return email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
