"""The stages of the process as stages.toml has them, and where a case stands among them."""

from __future__ import annotations

import datetime as dt
import enum
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Annotated, Self

from pydantic import Field, model_validator

from tracker_schema.case import Case, CaseClock, Row
from tracker_schema.clocks.clocks import standard_clocks
from tracker_schema.columns.schema import (
    INCIDENTS,
    SCOPING,
    Condition,
    Identifier,
    Part,
    Text,
    read_data_file,
    tracker_schema,
)
from tracker_schema.wording import long_date, short_date

COLUMNS, ROWS = 4, 4
"""How many boxes the flowchart has side by side, and how many below each other."""


class Stage(Part):
    """One stage of the process; stages.toml explains each key."""

    id: Identifier
    step: Annotated[int, Field(gt=0)]
    label: Text
    who: Text
    column: Annotated[int, Field(ge=1, le=COLUMNS)]
    row: Annotated[int, Field(ge=1, le=ROWS)]
    done: Annotated[tuple[Condition, ...], Field(min_length=1)]
    sheet: Identifier = INCIDENTS
    clock: Identifier | None = None

    @model_validator(mode="after")
    def _names_exist(self) -> Self:
        if self.sheet not in (INCIDENTS, SCOPING):
            raise ValueError(f"sheet = “{self.sheet}” is neither {INCIDENTS} nor {SCOPING}")
        _check_conditions(self.done, self.sheet)
        if self.clock and self.clock not in {clock.id for clock in standard_clocks()}:
            raise ValueError(f"clock = “{self.clock}” is no clock of clocks.toml")
        return self


class Arrow(Part):
    """The way from one stage to the next; stages.toml explains each key."""

    from_: Identifier = Field(alias="from")
    to: Identifier
    label: Text | None = None
    when: tuple[Condition, ...] = ()
    unless: tuple[Condition, ...] = ()
    timed: bool = False
    aside: bool = False

    @model_validator(mode="after")
    def _names_exist(self) -> Self:
        _check_conditions((*self.when, *self.unless), INCIDENTS)
        return self


def _check_conditions(conditions: Iterable[Condition], sheet: str) -> None:
    columns = tracker_schema().sheets[sheet].columns
    for condition in conditions:
        if condition.column not in columns:
            raise ValueError(f"{condition.column} is no column of {sheet}")
        if unknown := set(condition.is_) - set(columns[condition.column].choices):
            raise ValueError(f"“{unknown.pop()}” is no choice of {condition.column}")


class Process(Part):
    """Every stage and arrow, each in the file's order. The first stage opens every case, the last one ends it."""

    stage: tuple[Stage, ...]
    arrow: tuple[Arrow, ...]

    @model_validator(mode="after")
    def _parts_fit_each_other(self) -> Self:
        if len(self.stages) < len(self.stage):
            raise ValueError("two stages have the same id")
        if len({(stage.column, stage.row) for stage in self.stage}) < len(self.stage):
            raise ValueError("two stages are drawn in the same place")
        for arrow in self.arrow:
            if unknown := {arrow.from_, arrow.to} - set(self.stages):
                raise ValueError(f"an arrow names {unknown.pop()}, which is no stage")
            if arrow.timed and not self.stages[arrow.to].clock:
                raise ValueError(f"an arrow to {arrow.to} is timed, but that stage has no clock")
        return self

    @cached_property
    def stages(self) -> Mapping[str, Stage]:
        """The stages by their id, in order."""
        return {stage.id: stage for stage in self.stage}


@cache
def standard_process() -> Process:
    """The process of stages.toml. Raises SchemaError when that file holds a slip."""
    return read_data_file("process/stages.toml", Process)


class Standing(enum.Enum):
    """How a stage stands on a case, in the words that the flowchart shows."""

    DONE = "done"
    HERE = "we are here"
    NOT_RECORDED = "not recorded"
    TO_COME = "to come"
    NOT_NEEDED = "not needed"


_IN_WORDS = {
    Standing.HERE: "We are here",
    Standing.DONE: "Done",
    Standing.NOT_RECORDED: "Passed, but not recorded",
    Standing.TO_COME: "May come",
    Standing.NOT_NEEDED: "Not needed for this case",
}


@dataclass(frozen=True, slots=True)
class StageOfCase:
    """A stage on a case: how it stands, and what else there is to say of it, such as its date (“” when nothing)."""

    stage: Stage
    standing: Standing
    note: str


def stages_of(case: Case) -> tuple[StageOfCase, ...]:
    """Every stage of the process on the case, in order; one of them is where the case stands.

    That is the first open stage on the case's way, of the step of the furthest stage done or a later one: a stage that
    was passed over is “not recorded”. A stage that facts keep off the case's way, or that was passed by where the way
    forks, is “not needed”.
    """
    process = standard_process()
    done = {stage.id for stage in process.stage if _is_done(stage, case)}
    possible = _reached(process, case, done, certain=False)
    sure = _reached(process, case, done, certain=True)
    furthest = max((process.stages[stage].step for stage in done), default=0)
    last = process.stage[-1]
    ahead = (stage for stage in process.stage if stage.id in possible - done and stage.step >= furthest)
    here = last if last.id in done else next(ahead, last)

    def standing(stage: Stage) -> Standing:
        if stage == here:
            return Standing.HERE
        if stage.id in done:
            return Standing.DONE
        if stage.id in possible and stage.step >= here.step:
            return Standing.TO_COME
        return Standing.NOT_RECORDED if stage.id in sure else Standing.NOT_NEEDED

    return tuple(StageOfCase(stage, standing(stage), _note(stage, case, stage.id in done)) for stage in process.stage)


def _is_done(stage: Stage, case: Case) -> bool:
    clock = _clock(stage, case)
    if clock and clock.stopped:
        return True
    rows = _rows(stage, case)
    return bool(rows) and all(any(condition.holds(row) for condition in stage.done) for row in rows)


def _clock(stage: Stage, case: Case) -> CaseClock | None:
    return case.clock_by_id.get(stage.clock) if stage.clock else None


def _rows(stage: Stage, case: Case) -> tuple[Row, ...]:
    return (case.facts,) if stage.sheet == INCIDENTS else case.scoping


def _reached(process: Process, case: Case, done: set[str], *, certain: bool) -> set[str]:
    """The stages that lie on the case's way: on any that is still open, or with `certain` on every one."""
    reached = {process.stage[0].id, process.stage[-1].id} | done
    while True:
        further = {
            arrow.to for arrow in process.arrow if arrow.from_ in reached and _is_taken(arrow, case, certain=certain)
        }
        if further <= reached:
            return reached
        reached |= further


def _is_taken(arrow: Arrow, case: Case, *, certain: bool) -> bool:
    if arrow.timed and not _clock(standard_process().stages[arrow.to], case):
        return False
    if any(condition.holds(case.facts) for condition in arrow.unless):
        return False
    if not arrow.when or any(condition.holds(case.facts) for condition in arrow.when):
        return True
    return not certain and not any(case.facts[condition.column] for condition in arrow.when)


def _note(stage: Stage, case: Case, done: bool) -> str:
    if stage.sheet == SCOPING and case.scoping:
        return f"{sum(bool(row['returned']) for row in case.scoping)} of {len(case.scoping)} returned"
    if any(condition.column in case.unreadable for condition in stage.done):
        return "cannot be read"
    clock = _clock(stage, case)
    if not done:
        return f"due {short_date(clock.due)}" if clock and clock.open and clock.due else ""
    said = [case.facts[condition.column] for condition in stage.done]
    days = [each for each in (*said, clock and clock.stopped) if isinstance(each, dt.date)]
    return short_date(days[0]) if days else str(said[0] or "")


def stages_in_words(case: Case) -> str:
    """What the flowchart shows of the case, as one paragraph."""
    stages = stages_of(case)
    told = [f"Flowchart of the process for {case.reference} as on {long_date(case.as_of)}."]
    for standing, words in _IN_WORDS.items():
        labels = [
            f"{each.stage.label} ({each.note})" if each.note and standing != Standing.NOT_NEEDED else each.stage.label
            for each in stages
            if each.standing == standing
        ]
        if labels:
            told.append(f"{words}: {'; '.join(labels)}.")
    return " ".join(told)
