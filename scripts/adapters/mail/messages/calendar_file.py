"""The coming deadlines as a calendar file (.ics, RFC 5545), which Outlook and phones take in and bring up to date."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import TYPE_CHECKING

from scripts.adapters.mail.messages.wording import sentence
from tracker_schema import __version__
from tracker_schema.mail.calendar_entries import CalendarEntry
from tracker_schema.mail.steps import Step

if TYPE_CHECKING:
    from icalendar import Event

NAME, TYPE, METHOD = "deadlines.ics", "text/calendar", "PUBLISH"


def calendar_file(entries: Iterable[CalendarEntry], moment: dt.datetime) -> bytes:
    """The bytes of the file: an entry for all of its day for each of `entries`, written at `moment`.

    Nobody is shown as busy for it, and what is cancelled says so. An entry holds the case's reference, the step and
    who acts by their role.
    """
    from icalendar import Calendar

    calendar = Calendar()
    calendar.add("prodid", f"-//critical-incident-tracker//{__version__}//EN")
    calendar.add("version", "2.0")
    calendar.add("method", METHOD)
    for entry in entries:
        calendar.add_component(_event(entry, moment))
    content: bytes = calendar.to_ical()
    return content


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
    if entry.step is None:
        event.add("status", "CANCELLED")
        event.add("summary", "Deadline done, or gone")
    else:
        event.add("status", "CONFIRMED")
        event.add("summary", _title(entry.step))
        event.add("description", f"{sentence(entry.step.owner)}. From the critical incident tracker.")
    return event


def _title(step: Step) -> str:
    agency = f" ({step.agency})" if step.agency else ""
    return f"{step.reference}: {step.label}{agency}{', statutory' if step.statutory else ''}"
