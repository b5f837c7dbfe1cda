"""Every clock of a case, and of each agency asked about it, as a timeline shows them: dates, state and words."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from tracker_schema.assessment.status import RETURN_STATUS
from tracker_schema.case import Case, Row
from tracker_schema.clocks.results import State
from tracker_schema.wording import counted, long_date, medium_date, time_left


@dataclass(frozen=True, slots=True)
class TimelineRow:
    """One clock: what it is for, how it stands, its dates where there are any, and its state in words, such as “met
    late Tue 1 Dec 2026” or “2 working days left”.
    """

    label: str
    state: State
    anchor: dt.date | None
    due: dt.date | None
    stopped: dt.date | None
    says: str


def timeline_of(case: Case) -> tuple[TimelineRow, ...]:
    """Every clock of the case that has started or should have, the earliest deadline first.

    A clock that cannot be worked out comes last. One that has not started has no dates, and is left to `not_started`.
    """
    rows = (*_of_the_incident(case), *_of_the_agencies(case))
    return tuple(sorted(rows, key=lambda row: (row.due or dt.date.max, row.anchor or dt.date.max)))


def not_started(case: Case) -> tuple[str, ...]:
    """The labels of the clocks that have not started, in the order of the process."""
    return tuple(each.clock.label for each in case.clocks if each.state == State.NOT_STARTED)


def timeline_in_words(case: Case) -> str:
    """What the picture of the timeline shows, as one paragraph."""
    rows = timeline_of(case)
    told = [f"Timeline of {case.reference} as on {long_date(case.as_of)}: {counted(len(rows), 'clock')}."]
    for row in rows:
        due = f"due {medium_date(row.due)}, " if row.due else ""
        told.append(f"{row.label}: {due}{row.says}.")
    return " ".join(told)


def _of_the_incident(case: Case) -> Iterator[TimelineRow]:
    for each in case.clocks:
        if each.state == State.NOT_STARTED:
            continue
        says = each.state.words
        if each.state in (State.MET, State.MET_LATE) and each.stopped:
            says = f"{says} {medium_date(each.stopped)}"
        elif each.open and each.due and each.left is not None:
            says = _time(each.state, each.due, each.left, case.as_of)
        yield TimelineRow(each.clock.label, each.state, each.anchor, each.due, each.stopped, says)


def _time(state: State, due: dt.date, left: int, as_of: dt.date) -> str:
    if state == State.OVERDUE:
        return f"{counted(-left, 'working day')} overdue" if left else "overdue"
    how_long = time_left(due, left, as_of)
    if state == State.CHASE:
        return f"ask, {how_long}"
    return f"due {how_long}" if due == as_of else how_long


def _of_the_agencies(case: Case) -> Iterator[TimelineRow]:
    states = {words: state for state, words in RETURN_STATUS.items() if state != State.CHASE}
    for row in case.scoping:
        state = states.get(str(row["return_status"]), State.NOT_STARTED)
        if state == State.NOT_STARTED:
            continue
        sent, due, returned = _date(row, "sent"), _date(row, "return_due"), _date(row, "returned")
        says = state.words if state == State.CANNOT_TELL else str(row["return_status"]).lower()
        if state in (State.MET, State.MET_LATE) and returned:
            says = f"{says} {medium_date(returned)}"
        yield TimelineRow(f"Scoping return: {row['agency']}", state, sent, due, returned, says)


def _date(row: Row, column: str) -> dt.date | None:
    value = row[column]
    return value if isinstance(value, dt.date) else None
