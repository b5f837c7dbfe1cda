"""The deadlines as entries of a calendar: what is new, what has moved, and what is done.

An entry is known by its `uid`, made from the case and the clock, so that a deadline that moves moves its own entry.
Calendars take the entry with the higher sequence number for the newer one, so the number is raised with each change,
and what was sent before has to be remembered.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from tracker_schema.mail.steps import Step

TOLD_FOR = dt.timedelta(weeks=4)
"""For how long a file goes on saying that a deadline is cancelled: most are met between two files, their day over."""


@dataclass(frozen=True, slots=True)
class Remembered:
    """How an entry was sent last, and on which day it had `changed` to that."""

    due: dt.date
    sequence: int
    cancelled: bool
    changed: dt.date


@dataclass(frozen=True, slots=True)
class CalendarEntry:
    """One deadline as it is to be sent; `step` is None when it is cancelled, being met or gone.

    `changed` is the day on which it became what it is.
    """

    uid: str
    due: dt.date
    sequence: int
    step: Step | None
    changed: dt.date

    @property
    def remembered(self) -> Remembered:
        """What to remember of it."""
        return Remembered(self.due, self.sequence, self.step is None, self.changed)


def uid_of(step: Step) -> str:
    """What the step's entry is known by: the same whenever it is due, and telling nothing."""
    about = "\0".join((step.reference.casefold(), step.clock or "", (step.agency or "").casefold()))
    return f"{hashlib.sha256(about.encode()).hexdigest()[:32]}@critical-incident-tracker"


def next_entries(steps: Iterable[Step], remembered: Mapping[str, Remembered], as_of: dt.date) -> list[CalendarEntry]:
    """Every entry that is, or was, in the calendar on `as_of`, the earliest first, given what was sent before by uid.

    `steps` are the open ones. Those without a clock, which are actions, have nothing that they could be known by and
    are left out; of several with one uid, which a tracker with a case twice has, the first to fall due counts.
    """
    first: dict[str, Step] = {}
    for step in sorted(steps, key=lambda step: step.due):
        if step.clock is not None:
            first.setdefault(uid_of(step), step)
    entries = [_entry(uid, step.due, step, remembered.get(uid), as_of) for uid, step in first.items()]
    gone = {uid: before for uid, before in remembered.items() if uid not in first}
    entries += [_entry(uid, before.due, None, before, as_of) for uid, before in gone.items()]
    return sorted(entries, key=lambda entry: (entry.due, entry.uid))


def to_send(entries: Iterable[CalendarEntry], as_of: dt.date) -> list[CalendarEntry]:
    """Those that belong in the file: every open deadline, and for some weeks each that was cancelled."""
    return [entry for entry in entries if entry.step is not None or as_of - entry.changed < TOLD_FOR]


def _entry(uid: str, due: dt.date, step: Step | None, before: Remembered | None, as_of: dt.date) -> CalendarEntry:
    if before is None:
        return CalendarEntry(uid, due, 0, step, as_of)
    if (before.due, before.cancelled) == (due, step is None):
        return CalendarEntry(uid, due, before.sequence, step, before.changed)
    return CalendarEntry(uid, due, before.sequence + 1, step, as_of)
