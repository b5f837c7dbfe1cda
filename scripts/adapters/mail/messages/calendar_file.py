"""One deadline as a calendar file (.ics, RFC 5545), for a person to open.

Outlook takes the first event of a published file and ignores the others, and takes no later change from another file
(Microsoft's [MS-STANOICAL] 2.2.175). So a file holds one deadline, and promises to move or cancel nothing.
"""

from __future__ import annotations

import datetime as dt

from scripts.adapters.mail.transport.message import Attachment
from tracker_schema import __version__
from tracker_schema.mail.calendar_entries import CalendarEntry

_METHOD = "PUBLISH"


def calendar_file(entry: CalendarEntry, moment: dt.datetime) -> Attachment:
    """Return the file with the all-day `entry`, written at `moment`; nobody is shown as busy."""
    from icalendar import Calendar, Event

    calendar, event = Calendar(), Event()
    calendar.add("prodid", f"-//critical-incident-tracker//{__version__}//EN")
    calendar.add("version", "2.0")
    calendar.add("method", _METHOD)
    event.add("uid", entry.uid)
    event.add("dtstamp", moment)
    event.add("dtstart", entry.due)
    event.add("dtend", entry.due + dt.timedelta(days=1))
    event.add("transp", "TRANSPARENT")
    event.add("class", "CONFIDENTIAL")
    event.add("status", "CONFIRMED")
    event.add("summary", entry.title)
    event.add("description", entry.text)
    calendar.add_component(event)
    name = f"{entry.due.isoformat()} {entry.title}.ics"
    return Attachment(name, "text/calendar", calendar.to_ical(), {"method": _METHOD, "charset": "utf-8"})
