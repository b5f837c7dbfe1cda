"""What has happened with the incidents, as SLT is told of it: notifications, decisions, and outcomes of action.

The tracker has a date for nearly all of it, but not for when a cell was filled in. So what was told before is
remembered by its keys, and everything that was not is new, also what is dated earlier and was entered late. Where
nothing is remembered yet, the dates decide.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from tracker_schema.columns.schema import ACTIONS, INCIDENTS, tracker_schema
from tracker_schema.layouts.layouts import notification_types
from tracker_schema.mail.steps import shown_reference
from tracker_schema.old_assessment import Assessment, SheetAssessment
from tracker_schema.old_facts import Mask, made_on
from tracker_schema.working_days import Days

Key = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Happening:
    """One thing that has happened with an incident. `what` are our words and never a cell's, a choice of the schema
    aside; `day` is None where the tracker has no date that can be read; `key` is by what it is remembered.
    """

    reference: str
    row: int
    what: str
    day: dt.date | None
    key: Key
    closed: bool

    def is_new(self, since: dt.date, told: Collection[Key] | None) -> bool:
        """Whether this is to be told, when all before `since` was told; `told` are the keys of what was, None when
        they were not kept. Then what happened on that day itself is told again rather than not at all.
        """
        if told is not None:
            return self.key not in told
        return self.day >= since if self.day else not self.closed


class _Kind(NamedTuple):
    id: str
    what: str
    column: str
    choice: str | None = None


# An incident is logged before its form has come.
LOGGED = "Logged, form not yet received"


def _decisions() -> Iterator[_Kind]:
    for column in tracker_schema().sheets[INCIDENTS].column:
        if column.event:
            yield _Kind(column.event_choice or column.id, column.event, column.id, column.event_choice)


def told_as_new() -> tuple[str, ...]:
    """What a summary tells as new, in its order: each type of notification, then what is logged without its form."""
    return (*(kind.name for kind in notification_types()), LOGGED)


def notifications(assessment: Assessment) -> list[Happening]:
    """Every notification of the tracker, read off its rows: `what` is one of `told_as_new()`.

    The source is the council's guidance: all three types are logged, and SLT is told of new ones every week.
    """
    sheet = assessment.sheets[INCIDENTS]
    found: list[Happening] = []
    none_yet = np.ones(len(sheet.facts), bool)
    for kind in notification_types():
        made = _filled(sheet, kind.made)
        found += _on_rows(sheet, _Kind(kind.id, kind.name, kind.date), made, made_on(sheet.facts, kind))
        none_yet &= ~made
    logged = _Kind("logged", LOGGED, "aware_date")
    return [*found, *_on_rows(sheet, logged, none_yet, sheet.facts.column(logged.column).values)]


def decisions_and_outcomes(assessment: Assessment) -> list[Happening]:
    """Every decision, and every outcome of action, that the tracker records; of an outcome in words only that it is
    there.
    """
    found = [happening for kind in _decisions() for happening in _of_kind(assessment.sheets[INCIDENTS], kind)]
    if ACTIONS in assessment.sheets:
        found += _actions_done(assessment.sheets[ACTIONS])
    return found


def _filled(sheet: SheetAssessment, columns: Iterable[str]) -> Mask:
    filled = np.zeros(len(sheet.facts), bool)
    for column in columns:
        filled |= sheet.facts.filled(column)
    return filled


def _of_kind(sheet: SheetAssessment, kind: _Kind) -> Iterator[Happening]:
    days: Days = np.full(len(sheet.facts), np.datetime64("NaT", "D"))
    if sheet.facts.read.sheet.columns[kind.column].type == "date":
        days = sheet.facts.column(kind.column).values
    columns = (kind.column, kind.choice) if kind.choice else (kind.column,)
    where = _filled(sheet, columns)
    return _on_rows(sheet, kind, where | sheet.facts.closed if kind.id == "closed" else where, days)


def _on_rows(sheet: SheetAssessment, kind: _Kind, where: Mask, days: Days) -> Iterator[Happening]:
    closed = sheet.at_rest
    for position in np.flatnonzero(where).tolist():
        reference = shown_reference(sheet, position)
        what, key = kind.what, kind.id
        if kind.choice:
            choice = sheet.facts.column(kind.choice).values[position] or "not recorded"
            what, key = f"{what}: {choice}", f"{key}: {choice}"  # another decision is another thing to tell
        day = None if np.isnat(days[position]) else days[position].astype(object)
        row = sheet.facts.read.rows[position]
        yield Happening(reference, row, what, day, (reference.casefold(), key), bool(closed[position]))


def _actions_done(sheet: SheetAssessment) -> Iterator[Happening]:
    """For each incident how many of its actions are done: an action has no name but its words, which are personal."""
    positions: dict[str, list[int]] = defaultdict(list)
    for position in range(len(sheet.facts)):
        positions[shown_reference(sheet, position)].append(position)
    done = sheet.facts.column("done").values
    for reference, rows in positions.items():
        days = [done[position].astype(object) for position in rows if not np.isnat(done[position])]
        if days:
            key = (reference.casefold(), f"actions_done: {len(days)}")
            what = f"Actions done: {len(days)} of {len(rows)}"
            yield Happening(reference, sheet.facts.read.rows[rows[0]], what, max(days), key, closed=False)
