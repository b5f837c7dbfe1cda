"""What has happened with the incidents, as SLT's summary reports it: notifications, decisions, outcomes of action.

The tracker has a date for nearly all of it, but not for when a cell was filled in. So what was reported is remembered
by its keys, and everything else is new, even when it was dated earlier and entered late. As long as nothing is
remembered, the dates decide.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from tracker_schema.checks.questions import decision_against_facts
from tracker_schema.clocks.results import earliest
from tracker_schema.columns.schema import INCIDENTS, Column, tracker_schema
from tracker_schema.incidents.incident import CLOSED, Action, Incident, Tracker
from tracker_schema.layouts.layouts import notification_types

Key = tuple[str, str]

LOGGED = "Logged, form not yet received"
"""An incident is logged before its form has come."""


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that has happened with an incident.

    reference    the incident, as it is shown outside the tracker
    row          the number of its row in the worksheet
    what         our own words; of a cell at most a choice of the schema
    day          when, None when the tracker has no date that can be read
    key          by what it is remembered
    closed       whether the incident needs nothing more
    """

    reference: str
    row: int
    what: str
    day: dt.date | None
    key: Key
    closed: bool

    def is_new(self, since: dt.date, reported: Collection[Key] | None) -> bool:
        """Return whether it is to be reported, when everything before `since` was.

        `reported` are the keys of what was; None when they were not kept. Then an event of the day `since` itself is
        reported again rather than not at all.
        """
        if reported is not None:
            return self.key not in reported
        return self.day >= since if self.day else not self.closed


def kinds_of_notification() -> tuple[str, ...]:
    """Return the kinds that a summary reports as new, in its order: each notification type, then LOGGED."""
    return (*(kind.name for kind in notification_types()), LOGGED)


def notifications(tracker: Tracker) -> list[Event]:
    """Return every notification of the tracker, read off the dates of its rows.

    Source: the council's guidance has all three types logged, and SLT informed of new ones every week.
    """
    events = [
        _event(incident, kind.id, kind.name, earliest(incident, kind.made))
        for kind in notification_types()
        for incident in tracker.incidents
        if any(map(incident.is_filled, kind.made))
    ]
    dates = [column for kind in notification_types() for column in kind.made]
    logged = (incident for incident in tracker.incidents if not any(map(incident.is_filled, dates)))
    return events + [_event(incident, "logged", LOGGED, incident.aware) for incident in logged]


def decisions_and_outcomes(tracker: Tracker) -> list[Event]:
    """Return every event of columns.toml that the tracker records, and for each incident its actions that are done."""
    columns = [column for column in tracker_schema().sheets[INCIDENTS].column if column.event]
    events = [
        _recorded(incident, column)
        for column in columns
        for incident in tracker.incidents
        if _is_recorded(incident, column)
    ]
    return events + list(_actions_done(tracker))


def decisions_against_facts(tracker: Tracker) -> list[Event]:
    """Return an event for each decision that the facts recorded contradict; another decision is another event."""
    found = ((incident, decision_against_facts(incident)) for incident in tracker.incidents)
    return [
        _event(incident, f"against the facts: {incident.decision}", decision.words, incident.decided)
        for incident, decision in found
        if decision
    ]


def _is_recorded(incident: Incident, column: Column) -> bool:
    filled = incident.is_filled(column.id) or bool(column.event_choice and incident.is_filled(column.event_choice))
    return filled or (column.event == CLOSED and incident.is_closed)


def _recorded(incident: Incident, column: Column) -> Event:
    key, what = column.id, column.event or ""
    if column.event_choice:
        choice = incident[column.event_choice] or "not recorded"
        # Another choice is another event to report.
        key, what = f"{column.event_choice}: {choice}", f"{what}: {choice}"
    return _event(incident, key, what, incident.date(column.id))


def _event(incident: Incident, key: str, what: str, day: dt.date | None) -> Event:
    reference = incident.shown_reference
    return Event(reference, incident.row, what, day, (reference.casefold(), key), incident.is_finished)


def _actions_done(tracker: Tracker) -> Iterator[Event]:
    """Give for each incident how many of its actions are done: only words, which are personal, would name an action."""
    by_reference: dict[str, list[Action]] = {}
    for action in tracker.actions:
        by_reference.setdefault(action.shown_reference, []).append(action)
    for reference, actions in by_reference.items():
        days = [action.done for action in actions if action.done]
        if days:
            key = (reference.casefold(), f"actions_done: {len(days)}")
            what = f"Actions done: {len(days)} of {len(actions)}"
            yield Event(reference, actions[0].row, what, max(days), key, closed=False)
