"""The paper for SLT's meeting: every case in one table, and a part for each case of which something is new.

Source: the council's guidance has SLT discuss critical incidents every week, to share new notifications and the
outcomes of action.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from tracker_schema.clocks.results import State, earliest
from tracker_schema.columns.schema import INCIDENTS, tracker_schema
from tracker_schema.documents.documents import Document
from tracker_schema.documents.shown import (
    NOT_RECORDED,
    Council,
    Fields,
    Shown,
    facts_of_incident,
    facts_of_record,
    shown,
)
from tracker_schema.incidents.incident import CLOSED, Incident, Tracker
from tracker_schema.incidents.memory import Change
from tracker_schema.layouts.layouts import notification_types
from tracker_schema.mail.case_lines import stage_in_words
from tracker_schema.mail.events import Event, Key, decisions_against_facts, decisions_and_outcomes, notifications
from tracker_schema.wording import medium_date

# Each name that the template of a document of all cases can use, with its meaning.
PAPER_NAMES: Mapping[str, str] = {
    "title": "the title of the document",
    "today": "the day on which the document is made",
    "council": "the council's name, as config.toml has it",
    "marking": "the protective marking, as config.toml has it",
    "since": "the day of the summary before, from which a change counts as new",
    "remembered": "whether it is known what that summary said: if not, the dates decide what is new",
    "changes": "what is gone or changed in the tracker since then, for “for change in changes”",
    "cases": "every open case, and those with news, for “for each in cases”: each.reference, "
    "each.stage, each.due, each.change, each.incident.status",
    "news": "the cases with new facts, for “for case in news”: case.reference, case.new, case.notified, case.decided, "
    "case.folder, case.incident.outcome_of_action, and case.actions for “for action in case.actions”",
}


@dataclass(frozen=True)
class Case:
    """One case, and what is new of it: `facts` are what the tracker has recorded since."""

    incident: Incident
    facts: Sequence[Event]


@dataclass(frozen=True)
class Cases:
    """Every open case, and those of which something is new, the most urgent first.

    since        the day of the summary before
    remembered   whether it is known what that summary reported
    changes      what is gone or changed in the tracker since the last summary
    folders      where the folder of each case is that has one, by its reference as it is shown outside the tracker
    """

    cases: Sequence[Case]
    since: dt.date
    remembered: bool
    changes: Sequence[Change] = ()
    folders: Mapping[str, str] = field(default_factory=dict)


def cases_of(tracker: Tracker, since: dt.date, reported: Collection[Key] | None) -> Cases:
    """Return the cases of the tracker for SLT's meeting.

    `since` is the day of the summary before, and `reported` are the keys of the events it reported; None when they were
    not kept.
    """
    events = (*notifications(tracker), *decisions_and_outcomes(tracker), *decisions_against_facts(tracker))
    new: dict[str, list[Event]] = {}
    for event in events:
        if event.is_new(since, reported):
            new.setdefault(event.key[0], []).append(event)
    cases = [Case(each, new.get(each.shown_reference.casefold(), ())) for each in tracker.incidents]
    cases = [case for case in cases if case.facts or not case.incident.is_finished]
    return Cases(sorted(cases, key=_urgency), since, reported is not None, tracker.changes)


def _urgency(case: Case) -> tuple[bool, int, dt.date]:
    incident = case.incident
    statuses = tracker_schema().sheets[INCIDENTS].columns["status"].choices
    due = incident.next_step and incident.next_step.due
    rank = statuses.index(incident.status) if incident.status in statuses else len(statuses)
    return incident.is_finished, rank, due or dt.date.max


def fields_of_paper(document: Document, cases: Cases, as_of: dt.date, council: Council) -> Fields:
    """Return everything that the template of a document of all cases can show, by the names of PAPER_NAMES."""
    fields: dict[str, Any] = {
        "title": Shown(document.title),
        "today": shown(as_of),
        "council": Shown(council.name),
        "marking": Shown(council.marking, known=bool(council.marking)),
        "since": shown(cases.since),
        "remembered": Shown("yes" if cases.remembered else "no", known=cases.remembered),
        "changes": [Shown(change.message) for change in cases.changes],
        "cases": [Fields("each", _line(case, cases.since)) for case in cases.cases],
        "news": [Fields("case", _part(case, cases.folders)) for case in cases.cases if case.facts],
    }
    return Fields("", fields)


def _line(case: Case, since: dt.date) -> dict[str, Any]:
    """Return what the table says of a case."""
    incident = case.incident
    changes = [_with_day(event.what, event.day) for event in case.facts]
    changes += [f"Became overdue: {label}" for label in _overdue_since(incident, since)]
    return {
        "reference": Shown(incident.shown_reference),
        "stage": Shown(CLOSED if incident.is_closed else stage_in_words(incident)),
        "due": _due(incident),
        "incident": facts_of_incident(incident),
        "change": Shown("\n".join(changes) or "No change", known=bool(changes)),
    }


def _due(incident: Incident) -> Shown:
    """Return when the next step is due, in words."""
    due = incident.next_step and incident.next_step.due
    if due:
        return Shown(medium_date(due))
    cannot_tell = incident.has_error and not incident.is_finished
    return Shown("Cannot be told" if cannot_tell else "No date", known=False)


def _overdue_since(incident: Incident, since: dt.date) -> list[str]:
    """Return the labels of the clocks whose deadline has passed since that day."""
    if incident.is_finished:
        return []
    results = incident.clocks.values()
    return [each.clock.label for each in results if each.state == State.OVERDUE and each.due and each.due >= since]


def _part(case: Case, folders: Mapping[str, str]) -> dict[str, Any]:
    """Return what the part about one case says."""
    incident = case.incident
    folder = folders.get(incident.shown_reference, "")
    notified, decided = list(_notified(incident)), list(_decided(incident))
    return {
        "reference": Shown(incident.shown_reference),
        "new": Shown("\n".join(_with_day(event.what, event.day) for event in case.facts)),
        "notified": Shown("\n".join(notified) or NOT_RECORDED, known=bool(notified)),
        "decided": Shown("\n".join(decided) or NOT_RECORDED, known=bool(decided)),
        "incident": facts_of_incident(incident),
        "actions": [Fields("action", facts_of_record(action)) for action in incident.actions],
        "folder": Shown(folder or "No folder yet", known=bool(folder)),
    }


def _notified(incident: Incident) -> Iterator[str]:
    for kind in notification_types():
        if any(map(incident.is_filled, kind.made)):
            yield _with_day(kind.name, earliest(incident, kind.made))


def _decided(incident: Incident) -> Iterator[str]:
    """Yield each decision that the tracker records, with its day."""
    for column in tracker_schema().sheets[INCIDENTS].column:
        if column.event_choice and (incident.is_filled(column.event_choice) or incident.is_filled(column.id)):
            choice = incident[column.event_choice] or "not recorded"
            yield _with_day(f"{column.event}: {choice}", incident.date(column.id))


def _with_day(what: str, day: dt.date | None) -> str:
    return f"{what} ({medium_date(day)})" if day else what
