"""The status columns of an incident, a scoping return and an action."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from tracker_schema.clocks.clocks import Clock, Rules
from tracker_schema.clocks.results import ClockResult, RunningClock, State, is_history
from tracker_schema.columns.problems import Problem
from tracker_schema.incidents.incident import BEFORE_START, CLOSED, COMPLETE, Action, Incident, ScopingReturn
from tracker_schema.incidents.stages import current_stage
from tracker_schema.wording import short_date

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
    State.PAUSED: "Awaited",
}


def set_incident_status(incident: Incident, unrecorded: Sequence[RunningClock], rules: Rules, as_of: dt.date) -> None:
    """Work out the status columns of an incident.

    `unrecorded` are the statutory clocks of whose step this tracker cannot say that it is done. An incident on which
    one of them runs is never called complete. Where no step but SLT's weekly discussion is open, the next step is what
    the case waits for; SLT's day comes first when it is due soon or today.
    """
    step = _next_clock(incident)
    waits: str | None = None
    running: list[str] = []
    if not incident.is_closed and (step is None or step.clock.is_of_case):
        running = [running_clock.clock.label for running_clock in unrecorded if _runs(running_clock, incident)]
    if not incident.is_closed and all(result.clock.is_of_case for result in incident.open_clocks):
        waits = step_waited_for(incident)
    status = _status(incident, running, waits, rules)
    words = step.clock.label if step else None
    if waits and step and step.state in (State.DUE_SOON, State.DUE_TODAY):
        words = f"{step.clock.label}; {waits}"
    elif waits:
        step, words = None, waits
    incident.next_step, incident.waits_for = step, waits or ""
    incident.worked_out = {
        "status": status,
        "next_step": words,
        "next_due": step.due if step else None,
        "working_days_left": step.working_days_left if step else None,
        "overdue_steps": "; ".join(incident.overdue_steps) or None,
        "data_problems": None if incident.is_closed else _data_problems(incident.problems, running),
        "checked_on": as_of,
    }


def _next_clock(incident: Incident) -> ClockResult | None:
    """Return the open clock with the earliest deadline, of several the first of the process; None when it is closed."""
    if incident.is_closed:
        return None
    return min(incident.open_clocks, key=lambda result: result.due or dt.date.max, default=None)


def step_waited_for(incident: Incident) -> str | None:
    """Return what a case waits for of whose steps none is open, None when no stage is still to come."""
    if any(result.state == State.BEFORE_START for result in incident.clocks.values()):
        return None
    paused = next((result for result in incident.clocks.values() if result.state == State.PAUSED), None)
    until = incident.date("paused_until")
    if paused and until:
        return f"Paused until {short_date(until)}: {paused.clock.label}"
    return current_stage(incident).waits


def _runs(running_clock: RunningClock, incident: Incident) -> bool:
    result = running_clock.result(incident, incident.children)
    return result is not None and result.state not in (State.NOT_STARTED, State.BEFORE_START)


def _status(incident: Incident, unrecorded: Sequence[str], waits: str | None, rules: Rules) -> str:
    states = {result.state for result in incident.clocks.values()}
    # Problems with the data of an old incident of which nothing is open are listed, but they raise no alarm.
    is_quiet = not incident.open_clocks and is_history(incident, rules.start_from)
    statuses = (
        (CLOSED, incident.is_closed),
        ("Overdue", State.OVERDUE in states),
        ("Check data", State.CANNOT_TELL in states or (incident.has_error and not is_quiet)),
        ("Due today", State.DUE_TODAY in states),
        ("Due soon", State.DUE_SOON in states),
        ("Chase", State.CHASE in states),
        ("Check data", bool(unrecorded)),
        ("On track", bool(incident.open_clocks)),
        (BEFORE_START, State.BEFORE_START in states),
        ("On track", waits is not None),
        (COMPLETE, True),
    )
    return next(status for status, holds in statuses if holds)


def _data_problems(problems: Sequence[Problem], unrecorded: Sequence[str]) -> str | None:
    """Return what the Data problems cell says: errors first, and no more than a few of them."""
    ordered = sorted(problems, key=lambda problem: problem.severity != "error")
    messages = [problem.message for problem in ordered[:PROBLEMS_SPELLED_OUT]]
    if len(ordered) > PROBLEMS_SPELLED_OUT:
        messages.append(f"And {len(ordered) - PROBLEMS_SPELLED_OUT} more.")
    messages += [f"There is no column that says whether this is done: {label}." for label in unrecorded]
    return " ".join(messages) or None


def set_scoping_status(scoping_return: ScopingReturn, clocks: Sequence[Clock]) -> None:
    """Work out the status columns of a scoping return.

    `clocks` are those that can be worked out on its sheet: without one, nothing is written.
    """
    if not clocks:
        return
    result = scoping_return.clock
    scoping_return.worked_out = {
        "return_due": result.due if result else None,
        "return_status": RETURN_STATUS[result.state] if result else None,
    }


def set_action_status(action: Action, rules: Rules, as_of: dt.date) -> None:
    """Work out the status of an action from the deadline that a person typed.

    Without a column for the deadline or for the date it was done, nothing is written.
    """
    if action.has_column("due") and action.has_column("done"):
        action.worked_out = {"action_status": _action_status(action, rules, as_of)}


def _action_status(action: Action, rules: Rules, as_of: dt.date) -> str:
    due, done = action.date("due"), action.date("done")
    if "due" in action.unreadable or "done" in action.unreadable:
        return "Check data"
    if done:
        return "Done late" if due and done > due else "Done"
    if due is None:
        return "No due date"
    if rules.start_from and due < rules.start_from:
        return BEFORE_START
    if due <= as_of:
        return "Due today" if due == as_of else "Overdue"
    is_soon = rules.days.covers(due) and rules.days.between(as_of, due) <= rules.warn_working_days
    return "Due soon" if is_soon else "On track"
