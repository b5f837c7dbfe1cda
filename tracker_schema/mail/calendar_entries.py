"""The deadlines as entries of a calendar: what is new, what has moved, and what is cancelled.

An entry is known by its `uid`, made from the incident and the clock, so that a deadline that moves moves its own
entry. Of two versions of an entry, calendars keep the one with the higher sequence number. So the number is raised with
each change, and what was sent before has to be remembered.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from tracker_schema.clocks.results import State
from tracker_schema.clocks.timed_record import short_name
from tracker_schema.columns.schema import INCIDENTS
from tracker_schema.incidents.guard import gone_references
from tracker_schema.incidents.incident import Tracker
from tracker_schema.mail.deadlines import Deadline

CANCELLED_FOR = dt.timedelta(weeks=4)
"""For how long a file repeats that a deadline is cancelled."""


@dataclass(frozen=True, slots=True)
class SentEntry:
    """An entry as it was sent last.

    due          the day of the deadline
    sequence     its sequence number
    cancelled    whether it was cancelled
    changed      the day on which it became what it is
    """

    due: dt.date
    sequence: int
    cancelled: bool
    changed: dt.date


@dataclass(frozen=True, slots=True)
class CalendarEntry:
    """One entry as it is to be sent.

    uid         by what calendars know it
    due         the day of the deadline
    sequence    its sequence number
    deadline    the deadline; None when it is cancelled because it was met or is gone
    changed     the day on which it became what it is
    """

    uid: str
    due: dt.date
    sequence: int
    deadline: Deadline | None
    changed: dt.date

    @property
    def as_sent(self) -> SentEntry:
        """What to remember of it."""
        return SentEntry(self.due, self.sequence, self.deadline is None, self.changed)


def uid_of(deadline: Deadline) -> str:
    """Return the uid of the deadline's entry: the same whenever it is due, and without anything to read in it."""
    return _uid(deadline.reference, deadline.clock.id if deadline.clock else "", deadline.agency or "")


def _uid(reference: str, clock: str, agency: str = "") -> str:
    key = "\0".join((reference.casefold(), clock, agency.casefold()))
    return f"{hashlib.sha256(key.encode()).hexdigest()[:32]}@critical-incident-tracker"


def uncertain_uids(tracker: Tracker, sent: Collection[str]) -> set[str]:
    """Return the uids of the deadlines of which nobody can tell whether they still run, so that none is cancelled.

    Something about such a deadline cannot be read, or its heading, its row or its sheet is gone. `sent` are the uids
    sent before; all of them are uncertain when a sheet is gone.
    """
    if any(change.kind == "sheet" for change in tracker.changes):
        return set(sent)
    uids = {
        _uid(record.shown_reference, result.clock.id, agency)
        for record, agency in (
            *((incident, "") for incident in tracker.incidents if not incident.is_closed),
            *((each, each.shown_agency) for each in tracker.scoping),
        )
        for result in record.clocks.values()
        if result.state == State.CANNOT_TELL
    }
    lost = gone_references(tracker.before, tracker.incidents)
    return uids | {_uid(short_name(each), clock.id) for each in lost for clock in tracker.rules.clocks_of(INCIDENTS)}


def next_entries(
    deadlines: Iterable[Deadline], sent: Mapping[str, SentEntry], as_of: dt.date, uncertain: Collection[str] = ()
) -> list[CalendarEntry]:
    """Return every entry that is or was in the calendar on `as_of`, the earliest first.

    `deadlines` are the open ones, and `sent` what was sent before, by uid. Those without a clock, which are actions,
    have nothing by which to know them and are left out. When several have one uid, because a tracker has an incident
    twice, the earliest counts. The `uncertain` ones, by uid, that are not open are left out too: what was sent of them
    stays as it is.
    """
    by_uid: dict[str, Deadline] = {}
    for deadline in sorted(deadlines, key=lambda deadline: deadline.due):
        if deadline.clock is not None:
            by_uid.setdefault(uid_of(deadline), deadline)
    entries = [_entry(uid, deadline.due, deadline, sent.get(uid), as_of) for uid, deadline in by_uid.items()]
    gone = {uid: before for uid, before in sent.items() if uid not in by_uid and uid not in uncertain}
    entries += [_entry(uid, before.due, None, before, as_of) for uid, before in gone.items()]
    return sorted(entries, key=lambda entry: (entry.due, entry.uid))


def to_send(entries: Iterable[CalendarEntry], as_of: dt.date) -> list[CalendarEntry]:
    """Return the entries that belong in the file: every open deadline, and for some weeks each cancelled one."""
    return [entry for entry in entries if entry.deadline is not None or as_of - entry.changed < CANCELLED_FOR]


def _entry(
    uid: str, due: dt.date, deadline: Deadline | None, before: SentEntry | None, as_of: dt.date
) -> CalendarEntry:
    if before is None:
        return CalendarEntry(uid, due, 0, deadline, as_of)
    if (before.due, before.cancelled) == (due, deadline is None):
        return CalendarEntry(uid, due, before.sequence, deadline, before.changed)
    return CalendarEntry(uid, due, before.sequence + 1, deadline, as_of)
