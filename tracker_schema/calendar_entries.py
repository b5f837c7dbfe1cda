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

from tracker_schema.steps import Step


@dataclass(frozen=True, slots=True)
class Remembered:
    """How an entry was sent last."""

    due: dt.date
    sequence: int
    cancelled: bool


@dataclass(frozen=True, slots=True)
class CalendarEntry:
    """One deadline as it is to be sent; `step` is None when it is cancelled, being met or gone."""

    uid: str
    due: dt.date
    sequence: int
    step: Step | None

    @property
    def remembered(self) -> Remembered:
        """What to remember of it."""
        return Remembered(self.due, self.sequence, self.step is None)


def uid_of(step: Step) -> str:
    """What the step's entry is known by: the same whenever it is due, and telling nothing."""
    about = "\0".join((step.reference.casefold(), step.clock or "", (step.agency or "").casefold()))
    return f"{hashlib.sha256(about.encode()).hexdigest()[:32]}@critical-incident-tracker"


def next_entries(steps: Iterable[Step], remembered: Mapping[str, Remembered]) -> list[CalendarEntry]:
    """Every entry that is, or was, in the calendar, the earliest first, given what was sent before by uid.

    `steps` are the open ones. Those without a clock, which are actions, have nothing that they could be known by and
    are left out; of several with one uid, which a tracker with a case twice has, the first to fall due counts.
    """
    first: dict[str, Step] = {}
    for step in sorted(steps, key=lambda step: step.due):
        if step.clock is not None:
            first.setdefault(uid_of(step), step)
    entries = [_entry(uid, step.due, step, remembered.get(uid)) for uid, step in first.items()]
    entries += [_entry(uid, before.due, None, before) for uid, before in remembered.items() if uid not in first]
    return sorted(entries, key=lambda entry: (entry.due, entry.uid))


def to_send(entries: Iterable[CalendarEntry], as_of: dt.date) -> list[CalendarEntry]:
    """Those that belong in the file: every open deadline, and what was cancelled until its day is over."""
    return [entry for entry in entries if entry.step is not None or entry.due >= as_of]


def _entry(uid: str, due: dt.date, step: Step | None, before: Remembered | None) -> CalendarEntry:
    if before is None:
        return CalendarEntry(uid, due, 0, step)
    changed = before.due != due or before.cancelled != (step is None)
    return CalendarEntry(uid, due, before.sequence + changed, step)
