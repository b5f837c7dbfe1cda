"""Every clock of an incident, and of each agency asked about it, as a timeline shows them: dates, state and words."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from tracker_schema.clocks.results import ClockResult, State
from tracker_schema.documents.clock_words import pause_in_words, reason_in_words
from tracker_schema.incidents.incident import Incident
from tracker_schema.wording import counted, long_date, medium_date, time_left


@dataclass(frozen=True, slots=True)
class TimelineRow:
    """One clock.

    label    what is to be done
    state    its state
    anchor   the date that started it; None when there is none
    due      its deadline; None when there is none
    stopped  the date that stopped it; None when there is none
    words    its state in words, such as “met late Tue 1 Dec 2026” or “2 working days left”
    reason   why it cannot be told, whether its pause has a reason, or that there is no deadline; "" for most
    """

    label: str
    state: State
    anchor: dt.date | None
    due: dt.date | None
    stopped: dt.date | None
    words: str
    reason: str = ""


def timeline_of(incident: Incident, as_of: dt.date) -> tuple[TimelineRow, ...]:
    """Return every clock of the incident that has started, or should have, as on `as_of`: the earliest deadline first.

    A clock that cannot be worked out comes last, and then what the case waits for without a deadline.
    """
    rows = (*_of_the_incident(incident, as_of), *_of_the_agencies(incident), *_waits(incident))
    return tuple(sorted(rows, key=lambda row: (row.due or dt.date.max, row.anchor or dt.date.max)))


def timeline_in_words(incident: Incident, as_of: dt.date) -> str:
    """Return what the picture of the timeline shows, as one paragraph."""
    rows = timeline_of(incident, as_of)
    clocks = [row for row in rows if row.state != State.NOT_STARTED]
    sentences = [f"Timeline of {incident.reference} as on {long_date(as_of)}: {counted(len(clocks), 'clock')}."]
    for row in rows:
        due = f"due {medium_date(row.due)}, " if row.due else ""
        reason = f" ({row.reason})" if row.reason else ""
        sentences.append(f"{row.label}: {due}{row.words}{reason}.")
    return " ".join(sentences)


def _of_the_incident(incident: Incident, as_of: dt.date) -> Iterator[TimelineRow]:
    for result in incident.clocks.values():
        if result.state == State.NOT_STARTED:
            continue
        words = _with_the_day(result.state.words, result)
        if result.state == State.PAUSED:
            words = pause_in_words(incident)
        if result.due and result.working_days_left is not None:
            words = _time(result.state, result.due, result.working_days_left, as_of)
        yield _row(result.clock.label, result, words, reason_in_words(incident, result))


def _waits(incident: Incident) -> Iterator[TimelineRow]:
    """Yield what the incident waits for without a deadline, when no row above says it already."""
    shown = (State.PAUSED, State.CANNOT_TELL)
    if incident.waits_for and not any(result.state in shown for result in incident.clocks.values()):
        yield TimelineRow(incident.waits_for, State.NOT_STARTED, None, None, None, "still to come", "no deadline runs")


def _time(state: State, due: dt.date, left: int, as_of: dt.date) -> str:
    if state == State.OVERDUE:
        return f"{counted(-left, 'working day')} overdue" if left else "overdue"
    how_long = time_left(due, left, as_of)
    if state == State.CHASE:
        return f"ask, {how_long}"
    return f"due {how_long}" if due == as_of else how_long


def _of_the_agencies(incident: Incident) -> Iterator[TimelineRow]:
    for scoping_return in incident.scoping:
        result = scoping_return.clock
        if result is None or result.state == State.NOT_STARTED:
            continue
        words = result.state.words if result.state == State.CANNOT_TELL else scoping_return.status.lower()
        yield _row(f"Scoping return: {scoping_return.agency}", result, _with_the_day(words, result))


def _with_the_day(words: str, result: ClockResult) -> str:
    """Return the words for a state with the day on which the clock stopped, if it was met."""
    is_met = result.state in (State.MET, State.MET_LATE) and result.stopped
    return f"{words} {medium_date(result.stopped)}" if is_met and result.stopped else words


def _row(label: str, result: ClockResult, words: str, reason: str = "") -> TimelineRow:
    return TimelineRow(label, result.state, result.anchor, result.due, result.stopped, words, reason)
