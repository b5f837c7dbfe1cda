"""The deadlines kept as events in the calendar of a mailbox of the tracker's own."""

from __future__ import annotations

import datetime as dt

from scripts.adapters.graph.calendar_events import CalendarEvents, Kept, keep
from scripts.adapters.graph.calls import Calls
from scripts.adapters.graph.session import new_session
from scripts.adapters.graph.sign_in import sign_in
from scripts.adapters.settings.config import Config
from tracker_schema.incidents.incident import Tracker
from tracker_schema.mail.calendar_entries import calendar_entries, to_cancel
from tracker_schema.mail.deadlines import open_deadlines


def open_calendar(config: Config, as_of: dt.date) -> CalendarEvents:
    """Return the calendar that `config` names, to be kept as on `as_of`. Raises TrackerError when signing in fails."""
    session = new_session()
    return CalendarEvents(Calls(sign_in(config.mail_account, session), session), config.calendar.mailbox or "", as_of)


def keep_calendar(config: Config, tracker: Tracker) -> Kept:
    """Make the calendar show the open deadlines of `tracker`, and return what was changed in it.

    What cannot be told stays as it is. Raises TrackerError when the calendar cannot be read or changed; the next run
    does what is missing.
    """
    calendar = open_calendar(config, tracker.as_of)
    entries, live = calendar_entries(open_deadlines(tracker)), calendar.live()
    return keep(calendar, live, entries, to_cancel(tracker, {event.uid for event in live}, entries))
