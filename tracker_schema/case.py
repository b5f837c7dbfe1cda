"""One case seen whole: an incident's facts, children, clocks, agencies asked, actions and problems, as on one day."""

from __future__ import annotations

import datetime as dt
import difflib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property
from typing import Any

import numpy as np

from tracker_schema.clocks.clocks import Clock
from tracker_schema.clocks.results import OPEN, State
from tracker_schema.columns.problems import Problem
from tracker_schema.columns.schema import ACTIONS, INCIDENTS, SCOPING, Column, tracker_schema
from tracker_schema.duties import criteria_met, of_any_child, ruled_out
from tracker_schema.errors import UsageError
from tracker_schema.incidents.incident import CLOSED
from tracker_schema.old_assessment import Assessment, SheetAssessment
from tracker_schema.old_facts import Facts

Value = str | dt.date | None
Row = Mapping[str, Value]

# What a form is about that reports an incident which the tracker does not have yet.
NEW_INCIDENT = "New incident"


@dataclass(frozen=True, slots=True)
class CaseClock:
    """One clock of a case that has started or may yet start. Dates are None where there is none; `left` is working
    days, None when the clock is not running.
    """

    clock: Clock
    state: State
    anchor: dt.date | None
    due: dt.date | None
    stopped: dt.date | None
    left: int | None

    @property
    def open(self) -> bool:
        """Whether the clock has started and has not been stopped."""
        return self.state in OPEN


@dataclass(frozen=True)
class Case:
    """An incident with all that the tracker says of it.

    `facts` are by column id, the columns of ours among them; a cell that cannot be read is None there, and its address
    is in `unreadable` by the same id. `children` hold the `child_columns`, one mapping to a child, and
    `unreadable_of` the addresses for each of them; of several children `facts` say what holds for the gravest.
    `scoping` and `actions` are the rows of those sheets that carry the reference, by column id. What the facts come to
    for the Panel's criteria is `criteria`: “met” or “open” for any child, or “ruled out” for every one.
    """

    reference: str
    row: int
    as_of: dt.date
    facts: Row = field(repr=False)
    children: tuple[Row, ...] = field(repr=False)
    clocks: tuple[CaseClock, ...]
    scoping: tuple[Row, ...] = field(repr=False)
    actions: tuple[Row, ...] = field(repr=False)
    problems: tuple[Problem, ...]
    unreadable: Mapping[str, str]
    criteria: str
    unreadable_of: tuple[Mapping[str, str], ...] = ({},)

    @cached_property
    def clock_by_id(self) -> Mapping[str, CaseClock]:
        """The clocks by their id."""
        return {each.clock.id: each for each in self.clocks}

    @property
    def is_new(self) -> bool:
        """Whether the tracker does not have the incident yet, so that nothing is known of it."""
        return self.reference == NEW_INCIDENT

    @property
    def closed(self) -> bool:
        """Whether the incident is closed."""
        return self.facts["status"] == CLOSED

    def differing(self, column: str) -> str | None:
        """What the column says of each child, such as “child 1: Death; child 2: Serious harm”; None where it says the
        same of all of them, or is not said of each child.
        """
        values = [child.get(column) for child in self.children]
        if len(set(values)) < 2:
            return None
        return "; ".join(f"child {number}: {value or 'not recorded'}" for number, value in enumerate(values, 1))

    def unreadable_of_child(self, number: int) -> Mapping[str, str]:
        """The addresses of the cells that cannot be read of a child; the first is number 1."""
        return self.unreadable_of[number - 1] if number <= len(self.unreadable_of) else {}

    def scoping_of(self, agency: str) -> Row:
        """The row of the agency, in any spelling of capitals.

        Raises UsageError, which names the agencies there are, when it was not asked.
        """
        for row in self.scoping:
            if str(row["agency"] or "").casefold() == agency.strip().casefold():
                return row
        asked = ", ".join(str(row["agency"]) for row in self.scoping if row["agency"])
        hint = f"those asked are {asked}" if asked else "the Scoping sheet has no agency for it"
        raise UsageError(f"{self.reference} has no scoping row for {agency}; {hint}.")


@cache
def child_columns() -> tuple[str, ...]:
    """The ids of the columns that are about each child of an incident; all others are about the incident."""
    return tuple(column.id for column in tracker_schema().sheets[INCIDENTS].column if column.of_each_child)


def new_case(as_of: dt.date, children: int = 1) -> Case:
    """A case of which nothing is known but how many children, for a form by which an incident is reported."""
    facts: dict[str, Value] = dict.fromkeys(column.id for column in tracker_schema().sheets[INCIDENTS].column)
    return Case(
        reference=NEW_INCIDENT,
        row=0,
        as_of=as_of,
        facts=facts | {"reference": NEW_INCIDENT},
        children=(dict.fromkeys(child_columns()),) * children,
        clocks=(),
        scoping=(),
        actions=(),
        problems=(),
        unreadable={},
        criteria="open",
    )


def find_case(assessment: Assessment, reference: str) -> Case:
    """The case with that reference, in any spelling of capitals.

    Raises UsageError, which offers the nearest reference, when the tracker has none such.
    """
    positions = positions_of(assessment.sheets[INCIDENTS], reference)
    if not positions:
        raise UsageError(no_such_incident(assessment, reference))
    return next(_cases(assessment, positions[:1]))


def all_cases(assessment: Assessment) -> Iterator[Case]:
    """Every case that has a reference, in the order of the tracker."""
    references = assessment.sheets[INCIDENTS].facts.column("reference").values
    return _cases(assessment, [position for position, reference in enumerate(references) if reference])


def open_cases(assessment: Assessment) -> Iterator[Case]:
    """Every case that has a reference and is not closed, in the order of the tracker."""
    incidents = assessment.sheets[INCIDENTS]
    references, still_open = incidents.facts.column("reference").values, ~incidents.at_rest
    return _cases(assessment, [position for position in np.flatnonzero(still_open).tolist() if references[position]])


def positions_of(sheet: SheetAssessment, reference: str) -> list[int]:
    """The positions of the rows of `sheet` that carry the reference, in any spelling of capitals."""
    return _positions(sheet).get(reference.strip().casefold(), [])


def no_such_incident(assessment: Assessment, reference: str) -> str:
    """The sentence that the tracker has no incident with that reference; it offers the nearest one."""
    known = [known for known in assessment.sheets[INCIDENTS].facts.column("reference").values if known]
    near = difflib.get_close_matches(reference.upper(), known, 1)
    hint = f"did you mean {near[0]}?" if near else "look it up in the tracker's Reference column."
    return f"The tracker has no incident {reference}; {hint}"


def _positions(sheet: SheetAssessment) -> dict[str, list[int]]:
    """The positions of the rows by their reference in small letters."""
    positions: dict[str, list[int]] = {}
    for position, reference in enumerate(sheet.facts.column("reference").values):
        if reference:
            positions.setdefault(reference.casefold(), []).append(position)
    for name, position in sheet.facts.read.also_called.items():
        positions.setdefault(name, [position])
    return positions


def _cases(assessment: Assessment, positions: Iterable[int]) -> Iterator[Case]:
    """The cases in those rows of the Incidents sheet; what is worked out for all rows is worked out once."""
    sheet = assessment.sheets[INCIDENTS]
    met = of_any_child(sheet.facts, criteria_met).yes
    out = (~of_any_child(sheet.facts, lambda facts: ~ruled_out(facts))).yes
    children = _rows_of_children(sheet)
    names: dict[int, list[str]] = {}
    for name, position in sheet.facts.read.also_called.items():
        names.setdefault(position, []).append(name)
    problems: dict[int | None, list[Problem]] = {}
    for problem in sheet.problems:
        problems.setdefault(problem.position, []).append(problem)
    others = {each: assessment.sheets[each] for each in (SCOPING, ACTIONS) if each in assessment.sheets}
    rows_of = {each: _positions(other) for each, other in others.items()}

    def rows_about(sheet_id: str, references: Iterable[str]) -> tuple[Row, ...]:
        rows = rows_of.get(sheet_id, {})
        found = (position for reference in references for position in rows.get(reference.casefold(), []))
        return tuple(_row(others[sheet_id], position) for position in found)

    for position in positions:
        facts = _row(sheet, position)
        reference, row = str(facts["reference"]), sheet.facts.read.rows[position]
        called, of_children = (reference, *names.get(position, ())), children[position]
        yield Case(
            reference=reference,
            row=row,
            as_of=assessment.as_of,
            facts=facts,
            children=tuple(_child(sheet, child) for child in of_children),
            clocks=tuple(_clocks(sheet, position)),
            scoping=rows_about(SCOPING, called),
            actions=rows_about(ACTIONS, called),
            problems=tuple(problems.get(position, ())),
            unreadable=dict(_unreadable(sheet, position)),
            criteria="met" if met[position] else "ruled out" if out[position] else "open",
            unreadable_of=tuple(dict(_unreadable_of_child(sheet, child)) for child in of_children),
        )


def _rows_of_children(sheet: SheetAssessment) -> list[list[int]]:
    """For each incident the rows of its children, where each child has one."""
    rows: list[list[int]] = [[] for _ in range(len(sheet.facts))]
    for child, incident in enumerate(sheet.facts.children.read.incident_of):
        rows[incident].append(child)
    return rows


def _child(sheet: SheetAssessment, child: int) -> dict[str, Any]:
    columns = sheet.facts.read.sheet.columns
    return {column: _value(sheet.facts.children, columns[column], child) for column in child_columns()}


def _unreadable_of_child(sheet: SheetAssessment, child: int) -> Iterator[tuple[str, str]]:
    facts = sheet.facts.children
    for column in child_columns():
        if facts.column(column).unreadable[child]:
            yield column, facts.read.address(column, child)


def _row(sheet: SheetAssessment, position: int) -> dict[str, Any]:
    """What the row says by column id; the status columns as they were worked out, not as the file has them."""
    said: dict[str, Any] = {}
    for column in sheet.facts.read.sheet.column:
        if column.id in sheet.status:
            said[column.id] = sheet.status[column.id][position]
        else:
            said[column.id] = _value(sheet.facts, column, position)
    return said


def _value(facts: Facts, column: Column, position: int) -> Any:
    value = facts.column(column.id).values[position]
    return _date(value) if column.type == "date" else facts.read.text_as_typed(column.id, position) or value


def _clocks(sheet: SheetAssessment, position: int) -> Iterator[CaseClock]:
    for reading in sheet.readings.values():
        state = State(reading.state[position])
        if state != State.LEFT_OUT:
            yield CaseClock(
                reading.clock,
                state,
                _date(reading.anchor[position]),
                _date(reading.due[position]),
                _date(reading.stopped[position]),
                int(reading.left[position]) if state in OPEN else None,
            )


def _unreadable(sheet: SheetAssessment, position: int) -> Iterator[tuple[str, str]]:
    for column in sheet.facts.read.sheet.column:
        if sheet.facts.column(column.id).unreadable[position]:
            yield column.id, sheet.facts.read.address(column.id, position)


def _date(value: np.datetime64) -> dt.date | None:
    return None if np.isnat(value) else dt.date.fromisoformat(str(value))
