"""The weekly summary as JSON, for other programs."""

from __future__ import annotations

import dataclasses
import datetime as dt
import enum
from collections.abc import Mapping
from typing import Any

from scripts.adapters.mail.deliveries import Posting
from scripts.adapters.mail.weekly_run import Written
from tracker_schema.clocks.results import State
from tracker_schema.mail.deadlines import Deadline


def as_json(written: Written, posting: Posting | None) -> dict[str, Any]:
    """Return the summary as a JSON object, with what became of the mail (null when none was to go)."""
    summary = {
        field.name: _plain(getattr(written.summary, field.name))
        for field in dataclasses.fields(written.summary)
        if field.name != "reported"
    }
    return {
        "tracker": written.tracker,
        "period": written.period,
        "subject": written.mail.subject,
        **summary,
        "mail": None if posting is None else posting.as_json(),
    }


def _deadline(deadline: Deadline) -> dict[str, Any]:
    return {
        "sheet": deadline.sheet,
        "row": deadline.row,
        "reference": deadline.reference,
        "clock": deadline.clock.id if deadline.clock else None,
        "label": deadline.label,
        "owner": deadline.owner,
        "due": deadline.due.isoformat(),
        "left": deadline.left,
        "state": deadline.state.words,
        "statutory": deadline.statutory,
        "basis": deadline.clock.basis if deadline.clock else None,
        "agency": deadline.agency,
    }


def _plain(value: Any) -> Any:
    match value:
        case Deadline():
            return _deadline(value)
        case State():
            return value.words
        case enum.Enum():
            return value.value
        case dt.date():
            return value.isoformat()
        case Mapping():
            return {key: _plain(each) for key, each in value.items()}
        case list() | tuple():
            return [_plain(each) for each in value]
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {field.name: _plain(getattr(value, field.name)) for field in dataclasses.fields(value) if field.repr}
    return value
