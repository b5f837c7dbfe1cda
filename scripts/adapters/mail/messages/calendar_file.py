"""The deadlines as a calendar file (.ics, RFC 5545), which Outlook and phones open and keep up to date."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import TYPE_CHECKING

from scripts.adapters.mail.transport.message import Attachment
from tracker_schema import __version__
from tracker_schema.mail.calendar_entries import CalendarEntry
from tracker_schema.mail.deadlines import Deadline
from tracker_schema.wording import sentence

if TYPE_CHECKING:
    from icalendar import Event

_METHOD = "PUBLISH"


def calendar_file(entries: Iterable[CalendarEntry], moment: dt.datetime) -> Attachment:
    """Return the file with an all-day entry for each of `entries`, written at `moment`.

    Nobody is shown as busy, and a cancelled entry says so. An entry holds the reference, the step, and who acts by
    role.
    """
    from icalendar import Calendar

    calendar = Calendar()
    calendar.add("prodid", f"-//critical-incident-tracker//{__version__}//EN")
    calendar.add("version", "2.0")
    calendar.add("method", _METHOD)
    for entry in entries:
        calendar.add_component(_event(entry, moment))
    return Attachment("deadlines.ics", "text/calendar", calendar.to_ical(), {"method": _METHOD, "charset": "utf-8"})


def _event(entry: CalendarEntry, moment: dt.datetime) -> Event:
    from icalendar import Event

    event = Event()
    event.add("uid", entry.uid)
    event.add("sequence", entry.sequence)
    event.add("dtstamp", moment)
    event.add("dtstart", entry.due)
    event.add("dtend", entry.due + dt.timedelta(days=1))
    event.add("transp", "TRANSPARENT")
    event.add("class", "CONFIDENTIAL")
    if entry.deadline is None:
        event.add("status", "CANCELLED")
        event.add("summary", "Deadline met, or gone")
    else:
        event.add("status", "CONFIRMED")
        event.add("summary", _title(entry.deadline))
        event.add("description", f"{sentence(entry.deadline.owner)}. From the critical incident tracker.")
    return event


def _title(deadline: Deadline) -> str:
    agency = f" ({deadline.agency})" if deadline.agency else ""
    return f"{deadline.reference}: {deadline.label}{agency}{', ' + deadline.authority if deadline.authority else ''}"
