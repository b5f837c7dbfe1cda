"""The deadlines as entries of a calendar: one for each, and which of them may be taken out again.

An entry is known by its `uid`, made from the incident and the clock, so that a deadline that moves moves its own entry.
It holds the reference, the step and who acts by role, and nothing of a child.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from tracker_schema.clocks.results import State
from tracker_schema.clocks.timed_record import TimedRecord
from tracker_schema.columns.schema import INCIDENTS, SCOPING
from tracker_schema.incidents.assess import clocks_worked_out
from tracker_schema.incidents.incident import Tracker
from tracker_schema.mail.deadlines import Deadline
from tracker_schema.wording import sentence


@dataclass(frozen=True, slots=True)
class CalendarEntry:
    """The entry of one open deadline: by what calendars know it, its day, its title and its text."""

    uid: str
    due: dt.date
    title: str
    text: str

    @property
    def version(self) -> str:
        """What the entry says, as a digest: another day or title gives another one."""
        return hashlib.sha256("\0".join((self.due.isoformat(), self.title, self.text)).encode()).hexdigest()[:16]


def calendar_entries(deadlines: Iterable[Deadline]) -> list[CalendarEntry]:
    """Return the entries of the open `deadlines`, the earliest first.

    Actions have no clock by which to know them, and SLT's weekly discussion is no date to keep: both are left out. When
    several deadlines have one uid, because a tracker has an incident twice, the earliest counts.
    """
    by_uid: dict[str, Deadline] = {}
    for deadline in sorted(deadlines, key=lambda deadline: deadline.due):
        if deadline.clock is not None and not deadline.is_discussion:
            by_uid.setdefault(uid_of(deadline), deadline)
    return [_entry(uid, deadline) for uid, deadline in by_uid.items()]


def _entry(uid: str, deadline: Deadline) -> CalendarEntry:
    agency = f" ({deadline.agency})" if deadline.agency else ""
    authority = f", {deadline.authority}" if deadline.authority else ""
    title = f"{deadline.reference}: {deadline.label}{agency}{authority}"
    return CalendarEntry(uid, deadline.due, title, f"{sentence(deadline.owner)}. From the critical incident tracker.")


def to_cancel(tracker: Tracker, sent: Collection[str], entries: Iterable[CalendarEntry]) -> set[str]:
    """Return the uids of the deadlines in the calendar, `sent`, that are over: met, withdrawn or of a closed case.

    `entries` are the open ones. A deadline is over only if its row and its headings are in the tracker and say so: what
    is gone or cannot be told cancels nothing.
    """
    return (set(sent) & _timed_uids(tracker)) - {entry.uid for entry in entries} - _untold_uids(tracker)


def _timed_uids(tracker: Tracker) -> set[str]:
    """Return the uids of every clock that the tracker has the row and the headings for, whether or not it applies."""
    records: dict[str, list[tuple[TimedRecord, str]]] = {INCIDENTS: [(each, "") for each in tracker.incidents]}
    records[SCOPING] = [(each, each.shown_agency) for each in tracker.scoping]
    return {
        _uid(record.shown_reference, clock.id, agency)
        for sheet, rows in tracker.rows.sheets.items()
        for clock in clocks_worked_out(rows, tracker.rules)
        for record, agency in records.get(sheet, ())
    }


def _untold_uids(tracker: Tracker) -> set[str]:
    """Return the uids of the deadlines of open cases of which it cannot be told whether they still run."""
    return {
        _uid(record.shown_reference, result.clock.id, agency)
        for record, agency in (
            *((incident, "") for incident in tracker.incidents if not incident.is_closed),
            *((each, each.shown_agency) for each in tracker.scoping),
        )
        for result in record.clocks.values()
        if result.state == State.CANNOT_TELL
    }


def uid_of(deadline: Deadline) -> str:
    """Return the uid of the deadline's entry: the same whenever it is due, and without anything to read in it."""
    return _uid(deadline.reference, deadline.clock.id if deadline.clock else "", deadline.agency or "")


def _uid(reference: str, clock: str, agency: str = "") -> str:
    key = "\0".join((reference.casefold(), clock, agency.casefold()))
    return f"{hashlib.sha256(key.encode()).hexdigest()[:32]}@critical-incident-tracker"
