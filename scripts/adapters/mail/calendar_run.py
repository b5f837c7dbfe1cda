"""The deadlines kept as events in the calendar of a mailbox of the tracker's own."""

from __future__ import annotations

from scripts.adapters.graph.calendar_events import CalendarEvents, Kept, keep
from scripts.adapters.graph.calls import Calls
from scripts.adapters.graph.session import new_session
from scripts.adapters.graph.sign_in import sign_in
from scripts.adapters.settings.config import Config
from tracker_schema.incidents.incident import Tracker
from tracker_schema.mail.calendar_entries import calendar_entries, to_cancel
from tracker_schema.mail.deadlines import open_deadlines


def keep_calendar(config: Config, tracker: Tracker) -> Kept | None:
    """Make the calendar show the open deadlines of `tracker`; None when the settings name no mailbox for it.

    What cannot be told stays as it is. Raises TrackerError when the calendar cannot be read or changed; the next run
    does what is missing.
    """
    mailbox = config.calendar.mailbox
    if mailbox is None:
        return None
    session = new_session()
    calendar = CalendarEvents(Calls(sign_in(config.mail_account, session), session), mailbox, tracker.as_of)
    entries, live = calendar_entries(open_deadlines(tracker)), calendar.live()
    return keep(calendar, live, entries, to_cancel(tracker, {event.uid for event in live}, entries))
