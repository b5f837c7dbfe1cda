"""The open steps: each clock that runs on an incident, each return that is awaited, each action not yet done.

A step says who acts by their role, never by name, and the case by its reference: it may be shown outside the tracker.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np

from tracker_schema.clocks.clocks import STATUTORY, Rules
from tracker_schema.clocks.results import State
from tracker_schema.columns.schema import ACTIONS, INCIDENTS, SCOPING
from tracker_schema.old_assessment import Assessment, SheetAssessment
from tracker_schema.old_clocks import Reading
from tracker_schema.old_facts import Mask
from tracker_schema.wording import printable, shortened

# A reference or an agency that is longer than this is no such thing; the rest of it is left out.
_LONGEST_NAME = 60

# Who does an action is typed, and may be a name.
_ACTION_OWNER = "as the Actions sheet says"


@dataclass(frozen=True, slots=True)
class Step:
    """One thing to do by a day.

    `reference` is the incident's, or “row 12” where it has none; `clock` the clock's id, None for an action; `left`
    the working days left, below zero when past; `agency` the one asked, in a scoping return only.
    """

    sheet: str
    row: int
    reference: str
    clock: str | None
    label: str
    owner: str
    due: dt.date
    left: int
    state: State
    statutory: bool = False
    agency: str | None = None

    @property
    def overdue(self) -> bool:
        """Whether the day is past; a date to ask on is never overdue."""
        return self.state == State.OVERDUE


def open_steps(assessment: Assessment, rules: Rules) -> list[Step]:
    """Every open step of the tracker, the earliest first; those due on one day in the order of the process.

    The steps of a closed incident are none. (What an agency still owes, and what is still to be done, stays open.)
    """
    steps = [*_incident_steps(assessment.sheets[INCIDENTS])]
    if SCOPING in assessment.sheets:
        steps += _scoping_steps(assessment.sheets[SCOPING])
    if ACTIONS in assessment.sheets:
        steps += _action_steps(assessment.sheets[ACTIONS], rules, assessment.as_of)
    return sorted(steps, key=lambda step: step.due)


def worst_first(steps: Iterable[Step]) -> list[Step]:
    """The steps with the statutory ones first, and else as they were."""
    return sorted(steps, key=lambda step: not step.statutory)


def shown_reference(sheet: SheetAssessment, position: int) -> str:
    """The reference on a row as it is shown outside the tracker: on one line, and “row 12” where there is none."""
    return shown_name(sheet, "reference", position) or sheet.facts.read.where(position)


def shown_name(sheet: SheetAssessment, column: str, position: int) -> str:
    """The text of a reference or of an agency's name as it is shown outside the tracker; empty where it is."""
    return shortened(printable(sheet.facts.column(column).values[position] or ""), _LONGEST_NAME)


def _incident_steps(sheet: SheetAssessment) -> Iterator[Step]:
    closed = sheet.facts.closed
    for reading in sheet.readings.values():
        yield from _steps(sheet, reading, reading.open & ~closed)


def _scoping_steps(sheet: SheetAssessment) -> Iterator[Step]:
    for reading in sheet.readings.values():
        yield from _steps(sheet, reading, reading.open)


def _steps(sheet: SheetAssessment, reading: Reading, wanted: Mask) -> Iterator[Step]:
    clock = reading.clock
    for position in np.flatnonzero(wanted).tolist():
        agency = shown_name(sheet, "agency", position) or None if clock.sheet == SCOPING else None
        yield Step(
            clock.sheet,
            sheet.facts.read.rows[position],
            shown_reference(sheet, position),
            clock.id,
            clock.label,
            clock.owner,
            reading.due[position].astype(object),
            int(reading.left[position]),
            State(reading.state[position]),
            clock.basis == STATUTORY,
            agency,
        )


_ACTION_STATES = {
    "Overdue": State.OVERDUE,
    "Due today": State.DUE_TODAY,
    "Due soon": State.DUE_SOON,
    "On track": State.RUNNING,
}


def _action_steps(sheet: SheetAssessment, rules: Rules, as_of: dt.date) -> Iterator[Step]:
    due = sheet.facts.column("due").values
    left = rules.days.left(as_of, np.where(rules.days.covers(due), due, np.datetime64("NaT", "D")))
    for position, status in enumerate(sheet.status.get("action_status", ())):
        if status in _ACTION_STATES:
            row = sheet.facts.read.rows[position]
            yield Step(
                ACTIONS,
                row,
                shown_reference(sheet, position),
                None,
                f"Action in row {row}",
                _ACTION_OWNER,
                due[position].astype(object),
                int(left[position]),
                _ACTION_STATES[status],
            )
