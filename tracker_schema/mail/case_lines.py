"""A line for each open case, as SLT's table shows it, and what has changed in it since the last summary.

A line names nobody: a case is its reference, what it is in our own words, and who acts by role.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from tracker_schema.checks.decision import AGAINST_FACTS
from tracker_schema.clocks.results import ClockResult, State
from tracker_schema.incidents.criteria import what_it_is
from tracker_schema.incidents.incident import COMPLETE, Incident, Tracker
from tracker_schema.incidents.stages import current_stage, is_at_the_end

NO_REFERENCE = "Stage not known: no reference"
"""In place of a stage for a row without a reference, by which everything about a case is found."""

# What needs SLT comes first. Within a status the statutory steps do, and then the earliest.
_ORDER = ("Overdue", "Check data", "Due today", "Due soon", "Chase", "On track", COMPLETE)


@dataclass(frozen=True, slots=True)
class CaseState:
    """What one summary remembers of a case for the next: its stage in short, and its status."""

    stage: str
    status: str


@dataclass(frozen=True, slots=True)
class CaseLine:
    """The line of one open case.

    reference    the case, as it is shown outside the tracker
    what         what happened to whom, without a name, such as “Death, looked after”; see `what_it_is`
    state        its stage and its status
    new          whether it is reported as new
    step         its next step, or what it waits for
    owner        who acts, by role
    authority    whose deadline it is: “statutory”, “national”, or ""
    due          when the next step is due, None when it has no date
    left         working days left, below zero when the day is past; None without a day
    overdue      whether the next step is overdue
    slt          the day of SLT's discussion, where the status is about that and the next step is not due by then; else
                 None
    changes      what has changed since the last summary, none when nothing has
    """

    reference: str
    what: str
    state: CaseState
    new: bool
    step: str
    owner: str
    authority: str
    due: dt.date | None
    left: int | None
    overdue: bool
    slt: dt.date | None
    changes: tuple[str, ...]


def case_lines(tracker: Tracker, before: Mapping[str, CaseState] | None, new: Collection[str]) -> list[CaseLine]:
    """Return a line for each incident that still asks something of somebody, what needs SLT at the top.

    `before` is what the last summary remembered, by reference in small letters; None when nothing is known of it. `new`
    are the references, in small letters, of the incidents that are reported as new.
    """
    changed = {name.casefold() for change in tracker.changes if change.kind == "date" for name in change.references}
    lines = [_line(incident, before, new, changed) for incident in tracker.incidents if not incident.is_finished]
    return sorted(lines, key=_urgency)


def next_step(incident: Incident) -> ClockResult | None:
    """Return the open clock that SLT is to know of first, None when there is none but SLT's own weekly discussion.

    A statutory step that is overdue comes before any other; then the one that is due first.
    """
    clocks = [result for result in incident.open_clocks if result.clock.mail != "discussion"]
    return min(clocks, key=lambda each: (not _is_breach(each), each.due or dt.date.max), default=None)


def _is_breach(result: ClockResult) -> bool:
    return result.state == State.OVERDUE and result.clock.is_statutory


def _line(
    incident: Incident, before: Mapping[str, CaseState] | None, new: Collection[str], changed: Collection[str]
) -> CaseLine:
    result, stage = next_step(incident), current_stage(incident)
    state = CaseState(stage_in_words(incident), incident.status)
    name = incident.shown_reference
    against_facts = any(problem.code == AGAINST_FACTS for problem in incident.problems)
    to_check = "Look again at the decision" if against_facts else "Correct the log"
    waits = incident.waits_for or ("Close it" if incident.status == COMPLETE else to_check)
    return CaseLine(
        name,
        what_it_is(incident),
        state,
        name.casefold() in new,
        result.clock.label if result else waits,
        result.clock.owner if result else stage.who,
        result.clock.authority if result else "",
        result.due if result else None,
        result.working_days_left if result else None,
        result is not None and result.state == State.OVERDUE,
        _discussion(incident, result),
        tuple(_changes(name.casefold(), state, before, new)) + ("a date was changed",) * (name.casefold() in changed),
    )


def _discussion(incident: Incident, step: ClockResult | None) -> dt.date | None:
    """Return the day of SLT's discussion where the status of a case comes from it, and its next step is due after the
    week that follows.
    """
    discussion = next((each for each in incident.open_clocks if each.clock.mail == "discussion"), None)
    if discussion is None or discussion.due is None or incident.status.casefold() != discussion.state.words:
        return None
    soon = step is not None and step.due is not None and step.due < discussion.due + dt.timedelta(weeks=1)
    return None if soon else discussion.due


def stage_in_words(incident: Incident) -> str:
    """Return the stage of an open incident in short; that it can be closed is said only of one that is complete."""
    if not incident.reference:
        return NO_REFERENCE
    if is_at_the_end(incident) and incident.status != COMPLETE:
        return "Last steps"
    return current_stage(incident).short


def _changes(name: str, now: CaseState, before: Mapping[str, CaseState] | None, new: Collection[str]) -> Iterator[str]:
    if name in new:
        yield "new"
    elif before is not None and (was := before.get(name)) != now:
        if was is None:
            yield "not in the last summary"
        else:
            yield f"was at: {was.stage}" if was.stage != now.stage else f"was: {was.status}"


def _urgency(line: CaseLine) -> tuple[int, bool, dt.date]:
    return _ORDER.index(line.state.status), line.authority != "statutory", line.due or dt.date.max
