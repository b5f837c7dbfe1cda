"""What is written back: one status per incident, per scoping return and per action."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from tracker_schema.clocks.clocks import Rules
from tracker_schema.clocks.results import State
from tracker_schema.columns.problems import Problem
from tracker_schema.old_clocks import Reading, is_history, unrecorded_steps
from tracker_schema.old_facts import Facts
from tracker_schema.working_days import Days

# For each column id that this program writes, what each row should hold: str, datetime.date, int, or None for empty.
StatusColumns = dict[str, list[Any]]

CLOSED, BEFORE_START = "Closed", "Before start"

# How many problems the Data problems cell spells out.
PROBLEMS_SPELLED_OUT = 5

RETURN_STATUS = {
    State.NOT_STARTED: "Not sent",
    State.RUNNING: "Awaited",
    State.DUE_SOON: "Due soon",
    State.DUE_TODAY: "Due today",
    State.OVERDUE: "Overdue",
    State.CHASE: "Overdue",
    State.MET: "Returned",
    State.MET_LATE: "Returned late",
    State.CANNOT_TELL: "Check data",
    State.BEFORE_START: BEFORE_START,
}


def incident_status(
    facts: Facts, readings: Mapping[str, Reading], problems: Iterable[Problem], rules: Rules, as_of: dt.date
) -> StatusColumns:
    """The status columns of the Incidents sheet.

    `readings` are its clocks in the order of the process, `problems` all that was found on the sheet.
    """
    closed = facts.closed
    first = _next_step(readings, ~closed)
    said, in_error = _by_row(facts, problems)
    unrecorded = _say_what_is_unrecorded(facts, rules, as_of, said, ~closed & (first.step < 0))
    cannot_tell = _any(readings, len(facts), State.CANNOT_TELL)
    # What is wrong with the data of an old incident of which nothing is open is told, and no alarm.
    in_error &= ~(is_history(facts, rules.start_from) & (first.step < 0))
    status = np.select(
        [
            closed,
            _any(readings, len(facts), State.OVERDUE),
            in_error | cannot_tell,
            _any(readings, len(facts), State.DUE_TODAY),
            _any(readings, len(facts), State.DUE_SOON, State.CHASE),
            first.step >= 0,
            _any(readings, len(facts), State.BEFORE_START),
            unrecorded,
        ],
        [CLOSED, "Overdue", "Check data", "Due today", "Due soon", "On track", BEFORE_START, "Check data"],
        "Complete",
    )
    labels = [reading.clock.label for reading in readings.values()]
    return {
        "status": status.tolist(),
        "next_step": [labels[step] if step >= 0 else None for step in first.step.tolist()],
        "next_due": first.due.astype(object).tolist(),
        "working_days_left": _where(first.step >= 0, first.left.tolist()),
        "overdue_steps": _overdue_steps(readings, ~closed),
        "data_problems": said,
        "checked_on": [as_of] * len(facts),
    }


def _where(wanted: npt.NDArray[np.bool_], values: Sequence[object]) -> list[Any]:
    return [value if wanted_here else None for wanted_here, value in zip(wanted.tolist(), values, strict=True)]


class _NextStep:
    """For each row the open clock with the earliest deadline: its position among the clocks (-1: none), its
    deadline and the working days left.
    """

    def __init__(self, rows: int) -> None:
        self.step = np.full(rows, -1)
        self.due: Days = np.full(rows, np.datetime64("NaT", "D"))
        self.left: npt.NDArray[np.int64] = np.zeros(rows, np.int64)


def _next_step(readings: Mapping[str, Reading], wanted: npt.NDArray[np.bool_]) -> _NextStep:
    first = _NextStep(len(wanted))
    for step, reading in enumerate(readings.values()):
        # “Earlier”, not “no later”: among steps due on one day the first of the process stays.
        earlier = reading.open & wanted & ((first.step < 0) | (reading.due < first.due))
        first.step[earlier] = step
        first.due[earlier] = reading.due[earlier]
        first.left[earlier] = reading.left[earlier]
    return first


def _any(readings: Mapping[str, Reading], rows: int, *states: State) -> npt.NDArray[np.bool_]:
    found = np.zeros(rows, bool)
    for reading in readings.values():
        found |= reading.is_in(*states)
    return found


def _overdue_steps(readings: Mapping[str, Reading], wanted: npt.NDArray[np.bool_]) -> list[str | None]:
    # The steps of a row as the bits of one number: few different ones come up, and each is spelled out once.
    steps = np.zeros(len(wanted), np.int64)
    for position, reading in enumerate(readings.values()):
        steps |= (reading.is_in(State.OVERDUE) & wanted).astype(np.int64) << position
    labels = [reading.clock.label for reading in readings.values()]
    spelled: dict[int, str | None] = {
        bits: "; ".join(label for position, label in enumerate(labels) if bits >> position & 1) or None
        for bits in np.unique(steps).tolist()
    }
    return [spelled[bits] for bits in steps.tolist()]


def _by_row(facts: Facts, problems: Iterable[Problem]) -> tuple[list[str | None], npt.NDArray[np.bool_]]:
    """What the Data problems cell of each row says, and which rows have an error; errors are said first."""
    of_row: dict[int, list[Problem]] = {}
    for problem in problems:
        if problem.position is not None:
            of_row.setdefault(problem.position, []).append(problem)
    said: list[str | None] = [None] * len(facts)
    in_error = np.zeros(len(facts), bool)
    for position, found in of_row.items():
        said[position] = _spelled_out(found)
        in_error[position] = any(problem.severity == "error" for problem in found)
    return said, in_error


def _say_what_is_unrecorded(
    facts: Facts, rules: Rules, as_of: dt.date, said: list[str | None], idle: npt.NDArray[np.bool_]
) -> npt.NDArray[np.bool_]:
    """The rows among `idle` that cannot be called complete, because a statutory step cannot be recorded in this
    tracker; what it is, is added to what their Data problems cell has `said`.
    """
    unrecorded = np.zeros(len(facts), bool)
    labels = {clock.id: clock.label for clock in rules.clocks}
    for clock_id, runs in unrecorded_steps(facts, rules, as_of).items():
        for position in np.flatnonzero(runs & idle).tolist():
            sentence = f"There is no column that tells whether this is done: {labels[clock_id]}."
            said[position] = f"{said[position]} {sentence}" if said[position] else sentence
        unrecorded |= runs & idle
    return unrecorded


def _spelled_out(problems: Sequence[Problem]) -> str:
    ordered = sorted(problems, key=lambda problem: problem.severity != "error")
    more = len(ordered) - PROBLEMS_SPELLED_OUT
    sentences = [problem.message for problem in ordered[:PROBLEMS_SPELLED_OUT]]
    return " ".join([*sentences, f"And {more} more."] if more > 0 else sentences)


def scoping_status(readings: Mapping[str, Reading]) -> StatusColumns:
    """The status columns of the Scoping sheet; none where its clock cannot be worked out or is switched off."""
    reading = readings.get("scoping_return")
    if reading is None:
        return {}
    return {
        "return_due": reading.due.astype(object).tolist(),
        "return_status": [RETURN_STATUS[State(state)] for state in reading.state.tolist()],
    }


def action_status(facts: Facts, rules: Rules, as_of: dt.date) -> StatusColumns:
    """The status column of the Actions sheet: typed deadlines against `as_of`; none where it has no Due or no Done."""
    if not (facts.has("due") and facts.has("done")):
        return {}
    due, done = facts.column("due"), facts.column("done")
    today = np.datetime64(as_of)
    finished = ~np.isnat(done.values)
    covered = np.where(rules.days.covers(due.values), due.values, np.datetime64("NaT", "D"))
    soon = ~np.isnat(covered) & (rules.days.left(as_of, covered) <= rules.warn_working_days)
    status = np.select(
        [
            due.unreadable | done.unreadable,
            finished & (done.values > due.values),
            finished,
            np.isnat(due.values),
            due.values < np.datetime64(rules.start_from or dt.date.min),
            due.values < today,
            due.values == today,
            soon,
        ],
        ["Check data", "Done late", "Done", "No due date", BEFORE_START, "Overdue", "Due today", "Due soon"],
        "On track",
    )
    return {"action_status": status.tolist()}
