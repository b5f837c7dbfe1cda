"""Which agencies are to be reminded of their Initial Scoping return today, how urgently, and when they last were."""

from __future__ import annotations

import dataclasses
import datetime as dt
import enum
import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from tracker_schema.clocks.results import State
from tracker_schema.columns.schema import INCIDENTS, SCOPING
from tracker_schema.mail.steps import shown_name, shown_reference
from tracker_schema.old_assessment import Assessment, SheetAssessment
from tracker_schema.old_clocks import Reading

MAKE_UP = 5
"""For how many working days a reminder that was missed is made up for. What is older than that was missed for another
reason than a computer that was off, and the daily list and the weekly summary go on naming it."""


class Stage(enum.Enum):
    """How urgently an agency is reminded. A stage that is over is not made up for: the next one says more."""

    BEFORE_DUE = "before-due"
    DUE_TODAY = "due-today"
    OVERDUE = "overdue"
    ESCALATED = "escalated"


@dataclass(frozen=True, slots=True)
class Chaser:
    """One reminder to one agency about one case; when ESCALATED it goes to the partnership's business unit.

    `late` is how many working days the return is late.
    """

    reference: str
    agency: str
    stage: Stage
    sent: dt.date
    due: dt.date
    late: int


@dataclass(frozen=True)
class Chasers:
    """The reminders of a day, and of every return that should be chased and cannot be, why not."""

    chasers: tuple[Chaser, ...]
    not_chased: tuple[str, ...]


def chasers(assessment: Assessment, escalate_after: int) -> Chasers:
    """Every reminder that is due. Whether it was made already, the ledger knows.

    A return is chased from when it is due soon until it is there, and escalated `escalate_after` working days after
    its day. The council's guidance gives each agency five working days from being sent the template; the reminders
    are this program's own.
    """
    sheet = assessment.sheets.get(SCOPING)
    reading = sheet.readings.get("scoping_return") if sheet else None
    if sheet is None or reading is None:
        return Chasers((), ())
    found: list[Chaser] = []
    not_chased: list[str] = []
    open_cases = _open_references(assessment.sheets[INCIDENTS])
    for position in np.flatnonzero(reading.open).tolist():
        stages = list(_stages(reading, position, escalate_after))
        if not stages:
            continue
        why = _why_not(sheet, position, open_cases)
        if why:
            not_chased.append(why)
        else:
            found += [_chaser(sheet, reading, position, stage) for stage in stages]
    return Chasers(tuple(found), tuple(not_chased))


def _open_references(incidents: SheetAssessment) -> frozenset[str]:
    """Every reference by which an open incident is known, in small letters."""
    facts = incidents.facts
    own = {reference.casefold() for reference in facts.column("reference").values[~facts.closed] if reference}
    return frozenset(own | {also for also, position in facts.read.also_called.items() if not facts.closed[position]})


def _stages(reading: Reading, position: int, escalate_after: int) -> Iterator[Stage]:
    late = -int(reading.left[position])
    match State(reading.state[position]):
        case State.DUE_SOON:
            yield Stage.BEFORE_DUE
        case State.DUE_TODAY:
            yield Stage.DUE_TODAY
        case State.OVERDUE | State.CHASE:
            if 0 < late <= max(MAKE_UP, escalate_after):
                yield Stage.OVERDUE
            if escalate_after <= late <= escalate_after + MAKE_UP:
                yield Stage.ESCALATED


def _why_not(sheet: SheetAssessment, position: int, open_cases: frozenset[str]) -> str | None:
    """Why the return on a row is not chased, in a sentence; None when it is."""
    read, reference = sheet.facts.read, sheet.facts.column("reference").values[position]
    if not shown_name(sheet, "agency", position):
        return f"{read.address('agency', position)}: no agency is named, so nobody is reminded; fill it in."
    if not reference or reference.casefold() not in open_cases:
        return (
            f"{read.address('reference', position)}: there is no open incident with this reference, so nobody is "
            "reminded; correct it, or fill in “Returned”."
        )
    return None


def _chaser(sheet: SheetAssessment, reading: Reading, position: int, stage: Stage) -> Chaser:
    return Chaser(
        shown_reference(sheet, position),
        shown_name(sheet, "agency", position),
        stage,
        reading.anchor[position].astype(object),
        reading.due[position].astype(object),
        max(-int(reading.left[position]), 0),
    )


Asked = tuple[str, str]
"""A case and an agency asked about it, as `asked` has them."""


def asked(reference: str, agency: str) -> Asked:
    """What a case and an agency are known by, however they are written; of the agency letters and figures only."""
    return reference.casefold(), hashlib.sha256(agency.casefold().encode()).hexdigest()[:8]


def with_last_chased(assessment: Assessment, chased: Mapping[Asked, dt.date]) -> Assessment:
    """The same assessment, in which the Scoping sheet says when each agency was last reminded.

    `chased` are the days that are known. A later day that is there already stays, as does all else in the column.
    """
    sheet = assessment.sheets.get(SCOPING)
    if sheet is None:
        return assessment
    days = [_last_chased(sheet, position, chased) for position in range(len(sheet.facts))]
    changed = dataclasses.replace(sheet, status=sheet.status | {"last_chased": days})
    return dataclasses.replace(assessment, sheets={**assessment.sheets, SCOPING: changed})


def _last_chased(sheet: SheetAssessment, position: int, chased: Mapping[Asked, dt.date]) -> Any:
    there = sheet.facts.read.cells_in("last_chased")[position]
    day = chased.get(asked(shown_reference(sheet, position), shown_name(sheet, "agency", position)))
    before = sheet.facts.column("last_chased").values[position]
    if day is None or before >= np.datetime64(day):
        return None if there == "" else there
    return day
