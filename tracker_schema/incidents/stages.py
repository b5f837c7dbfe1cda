"""The stages of the process in stages.toml, and where a case is among them."""

from __future__ import annotations

import datetime as dt
import enum
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Annotated, Self

from pydantic import Field, model_validator

from tracker_schema.clocks.clocks import standard_clocks
from tracker_schema.clocks.conditions import rapid_review_to_be_held
from tracker_schema.clocks.results import ClockResult, State
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
from tracker_schema.incidents.incident import Incident
from tracker_schema.layouts.record import Record
from tracker_schema.wording import long_date, short_date

COLUMNS, ROWS = 4, 5
"""How many boxes the flowchart has side by side, and how many below each other."""


class Stage(Part):
    """One stage of the process; stages.toml explains each key."""

    id: Identifier
    step: Annotated[int, Field(gt=0)]
    label: Text
    short: Text
    who: Text
    column: Annotated[int, Field(ge=1, le=COLUMNS)]
    row: Annotated[int, Field(ge=1, le=ROWS)]
    done: Annotated[tuple[Condition, ...], Field(min_length=1)]
    waits: Text | None = None
    done_with_clock: bool = False
    out_of_order: bool = False
    sheet: Identifier = INCIDENTS
    clock: Identifier | None = None

    @model_validator(mode="after")
    def _names_exist(self) -> Self:
        if self.sheet not in (INCIDENTS, SCOPING):
            raise ValueError(f"sheet = “{self.sheet}” is neither {INCIDENTS} nor {SCOPING}")
        _check_conditions(self.done, self.sheet)
        if self.clock and self.clock not in {clock.id for clock in standard_clocks()}:
            raise ValueError(f"clock = “{self.clock}” is not a clock of clocks.toml")
        return self


class Arrow(Part):
    """The way from one stage to the next; stages.toml explains each key."""

    from_: Identifier = Field(alias="from")
    to: Identifier
    label: Text | None = None
    when: tuple[Condition, ...] = ()
    unless: tuple[Condition, ...] = ()
    timed: bool = False
    called_for_by: Identifier | None = None
    aside: bool = False
    rapid_review: bool | None = None

    @model_validator(mode="after")
    def _names_exist(self) -> Self:
        _check_conditions((*self.when, *self.unless), INCIDENTS)
        if self.called_for_by and self.called_for_by not in {clock.id for clock in standard_clocks()}:
            raise ValueError(f"called_for_by = “{self.called_for_by}” is not a clock of clocks.toml")
        return self


def _check_conditions(conditions: Iterable[Condition], sheet: str) -> None:
    columns = tracker_schema().sheets[sheet].columns
    for condition in conditions:
        if condition.column not in columns:
            raise ValueError(f"{condition.column} is not a column of {sheet}")
        if unknown := set(condition.is_) - set(columns[condition.column].choices):
            raise ValueError(f"“{unknown.pop()}” is not a choice of {condition.column}")


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
                raise ValueError(f"an arrow names {unknown.pop()}, which is not a stage")
            if arrow.timed and not self.stages[arrow.to].clock:
                raise ValueError(f"an arrow to {arrow.to} is timed, but that stage has no clock")
        return self

    @cached_property
    def stages(self) -> Mapping[str, Stage]:
        """The stages by their id, in order."""
        return {stage.id: stage for stage in self.stage}

    @cached_property
    def arrows_from(self) -> Mapping[str, Sequence[Arrow]]:
        """The arrows that leave each stage, by its id."""
        found: dict[str, list[Arrow]] = {}
        for arrow in self.arrow:
            found.setdefault(arrow.from_, []).append(arrow)
        return found


@cache
def standard_process() -> Process:
    """Return the process of stages.toml. Raises SchemaError when that file is wrong."""
    return read_data_file("incidents/stages.toml", Process)


class StageStatus(enum.Enum):
    """The status of a stage of a case, in the words of the flowchart."""

    DONE = "done"
    HERE = "we are here"
    NOT_RECORDED = "not recorded"
    TO_COME = "to come"
    CANNOT_TELL = "cannot tell"
    NOT_NEEDED = "not needed"


_IN_WORDS = {
    StageStatus.HERE: "We are here",
    StageStatus.DONE: "Done",
    StageStatus.NOT_RECORDED: "Passed, but not recorded",
    StageStatus.TO_COME: "May come",
    StageStatus.CANNOT_TELL: "Cannot be told",
    StageStatus.NOT_NEEDED: "Not needed for this case",
}


@dataclass(frozen=True, slots=True)
class StageOfCase:
    """A stage of one case: its status, and a note such as its date ("" when there is none)."""

    stage: Stage
    status: StageStatus
    note: str


def stages_of(incident: Incident) -> tuple[StageOfCase, ...]:
    """Return every stage of the process for a case, in order. Exactly one of them is where the case is.

    That is the first open stage on the case's way, of the step of the furthest stage done or a later one: a stage that
    was passed over is “not recorded”. A stage that the facts keep off the case's way, or that was passed where the way
    forks, is “not needed”; it is “cannot tell” while a fact that decides it is not known.
    """
    process = standard_process()
    done, possible, here = _position(incident)
    sure = _reached(process, incident, done, open_from=None)

    def status(stage: Stage) -> StageStatus:
        if stage.id == here.id:
            return StageStatus.HERE
        if stage.id in done:
            return StageStatus.DONE
        if stage.id in possible and stage.step >= here.step:
            return StageStatus.TO_COME
        if stage.id in sure:
            return StageStatus.NOT_RECORDED
        return StageStatus.CANNOT_TELL if _unknown(stage, incident) else StageStatus.NOT_NEEDED

    return tuple(StageOfCase(stage, status(stage), _note(stage, incident, stage.id in done)) for stage in process.stage)


def current_stage(incident: Incident) -> Stage:
    """Return the stage where the case is."""
    if incident.stage is None:
        incident.stage = _position(incident)[2].id
    return standard_process().stages[incident.stage]


def is_at_the_end(incident: Incident) -> bool:
    """Return whether no stage of the process is still to come, so that the case can be closed."""
    return current_stage(incident).id == standard_process().stage[-1].id


def _position(incident: Incident) -> tuple[set[str], set[str], Stage]:
    """Return the stages that are done, those on a way still open, and the one where the case is."""
    process = standard_process()
    done = {stage.id for stage in process.stage if _is_done(stage, incident)}
    steps = (stage.step for stage in process.stage if stage.id in done and not stage.out_of_order)
    furthest = max(steps, default=0)
    possible = _reached(process, incident, done, open_from=furthest)
    last = process.stage[-1]
    ahead = (
        stage
        for stage in process.stage
        if stage.id in possible and stage.id not in done and stage.step >= furthest and _is_waited_for(stage, incident)
    )
    return done, possible, last if last.id in done else next(ahead, last)


def goes_on(incident: Incident) -> bool:
    """Return whether a clock of the case is open or cannot be worked out, or a stage is still to come."""
    waiting = (State.CANNOT_TELL, State.PAUSED)
    if any(result.is_open or result.state in waiting for result in incident.clocks.values()):
        return True
    return not is_at_the_end(incident)


def _is_waited_for(stage: Stage, incident: Incident) -> bool:
    """Return whether a case can be at the stage: without a sheet for their returns nobody waits for the agencies.

    A stage of the incident is waited for even when the tracker has no column that says that it is done.
    """
    return stage.sheet == INCIDENTS or incident.has_scoping_sheet


def _is_done(stage: Stage, incident: Incident) -> bool:
    result = _clock(stage, incident)
    if stage.done_with_clock and result and result.stopped:
        return True
    rows = _rows(stage, incident)
    return bool(rows) and all(any(condition.holds(row) for condition in stage.done) for row in rows)


def _clock(stage: Stage, incident: Incident) -> ClockResult | None:
    return incident.clocks.get(stage.clock) if stage.clock else None


def _unknown(stage: Stage, incident: Incident) -> tuple[str, ...]:
    """Return the columns of the facts that decide whether the case needs the stage and are not known."""
    return incident.undecided(stage.clock) if stage.clock else ()


def _rows(stage: Stage, incident: Incident) -> Sequence[Record]:
    return (incident,) if stage.sheet == INCIDENTS else incident.scoping


def _reached(process: Process, incident: Incident, done: set[str], *, open_from: int | None) -> set[str]:
    """Return the stages on the case's way: on every way, and on those still open from the step `open_from` on.

    A stage whose deadline runs is on its way, whatever the facts say.
    """
    called_for = {stage.id for stage in process.stage if (result := _clock(stage, incident)) and result.is_open}
    reached = {process.stage[0].id, process.stage[-1].id} | done | called_for
    to_follow = list(reached)
    while to_follow:
        stage = process.stages[to_follow.pop()]
        certain = open_from is None or stage.step < open_from
        for arrow in process.arrows_from.get(stage.id, ()):
            if arrow.to not in reached and _is_taken(arrow, incident, certain=certain):
                reached.add(arrow.to)
                to_follow.append(arrow.to)
    return reached


def _is_taken(arrow: Arrow, incident: Incident, *, certain: bool) -> bool:
    target = standard_process().stages[arrow.to]
    if arrow.timed and not _clock(target, incident) and not _is_called_for(arrow, target, incident):
        return False
    if any(condition.holds(incident) for condition in arrow.unless):
        return False
    if arrow.rapid_review is not None and arrow.rapid_review != _rapid_review(incident, arrow.rapid_review):
        return False
    if not arrow.when or any(condition.holds(incident) for condition in arrow.when):
        return True
    return not certain and not any(incident[condition.column] for condition in arrow.when)


def _is_called_for(arrow: Arrow, target: Stage, incident: Incident) -> bool:
    """Return whether a stage that the tracker has no column for is called for on this day."""
    result = incident.clocks.get(arrow.called_for_by or "")
    due = result is not None and result.state in (State.DUE_TODAY, State.OVERDUE)
    return due and not any(incident.has_column(condition.column) for condition in target.done)


def _rapid_review(incident: Incident, otherwise: bool) -> bool:
    """Return whether a rapid review follows the notification; `otherwise` while the Panel is not notified."""
    if not any(rapid_review_to_be_held(child) is not False for child in incident.children):
        return False
    return otherwise or incident.is_filled("panel_notified")


def _note(stage: Stage, incident: Incident, done: bool) -> str:
    if stage.sheet == SCOPING and incident.scoping:
        returned = sum(any(condition.holds(row) for condition in stage.done) for row in incident.scoping)
        return f"{returned} of {len(incident.scoping)} returned"
    if any(condition.column in incident.unreadable for condition in stage.done):
        return "cannot be read"
    result = _clock(stage, incident)
    if not done and result and result.is_open and result.due:
        return f"due {short_date(result.due)}"
    if not done:
        unknown = _unknown(stage, incident)
        return f"{incident.heading(unknown[0])} is not known" if unknown else ""
    values = [incident[condition.column] for condition in stage.done]
    days = [value for value in (*values, result and result.stopped) if isinstance(value, dt.date)]
    return short_date(days[0]) if days else str(values[0] or "")


def stages_in_words(incident: Incident, as_of: dt.date) -> str:
    """Return what the flowchart shows of the case, as one paragraph."""
    stages = stages_of(incident)
    sentences = [f"Flowchart of the process for {incident.reference} as on {long_date(as_of)}."]
    for status, words in _IN_WORDS.items():
        labels = [
            f"{each.stage.label} ({each.note})" if each.note and status != StageStatus.NOT_NEEDED else each.stage.label
            for each in stages
            if each.status == status
        ]
        if labels:
            sentences.append(f"{words}: {'; '.join(labels)}.")
    return " ".join(sentences)
