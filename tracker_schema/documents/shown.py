"""What a document can show of an incident, in words: the fields of the templates, by the names in templates/README.md.

Every value is text that can be shown as it is. What is not known is “Not recorded”, and counts as false in a condition.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tracker_schema.clocks.clocks import Rules, standard_clocks
from tracker_schema.clocks.results import ClockResult, State
from tracker_schema.columns.schema import INCIDENTS, SCOPING
from tracker_schema.documents.clock_words import pause_in_words, reason_in_words
from tracker_schema.documents.forms import Form, missing_fields
from tracker_schema.evidence.columns import evidence_columns
from tracker_schema.evidence.themes import SharedFeatures
from tracker_schema.incidents.criteria import criteria_in_words
from tracker_schema.incidents.incident import Incident, ScopingReturn, child_columns
from tracker_schema.layouts.record import Record, Value
from tracker_schema.wording import long_date, medium_date, time_left

NOT_RECORDED, NOTHING = "Not recorded", "Nothing"

# Of the earlier incidents with features in common, a document shows those with the most.
MOST_EARLIER = 6


class Shown(str):
    """A text in a document. `known`, which is also its truth, is False if it says that nobody has recorded the fact."""

    __slots__ = ("known",)

    known: bool

    def __new__(cls, text: str, *, known: bool = True) -> Shown:
        """Return the text; `known` is False if it is no fact."""
        made = super().__new__(cls, text)
        made.known = known
        return made

    def __bool__(self) -> bool:
        return self.known


class Fields(dict[str, Any]):
    """Fields of the templates under one name, `path`, such as “incident”."""

    def __init__(self, path: str, fields: Mapping[str, Any]) -> None:
        super().__init__(fields)
        self.path = path


# Each name that a template can use, with its meaning: fields, groups of them, and lists of such groups.
NAMES: Mapping[str, str] = {
    "reference": "the incident's reference",
    "title": "the title of the document",
    "today": "the day on which the document is made",
    "council": "the council's name, as config.toml has it",
    "partnership": "the safeguarding partnership's name, as config.toml has it",
    "marking": "the protective marking, as config.toml has it",
    "criteria": "what the facts recorded come to for the Panel's criteria, in a sentence",
    "incident": "the facts of the incident, by the ids of the columns: incident.risk",
    "in_tracker": "true if the tracker has the incident: it is not a blank form",
    "several_children": "true if the incident has more than one child",
    "children": "the children, for “for child in children”: child.initials, child.age, child.number and so on",
    "more_children": "the children for whom the document has no part, where it takes only so many",
    "clock": "each clock by its id: clock.notify_panel.due",
    "clocks": "the clocks that have started, for “for each in clocks”: each.label, each.due and so on",
    "agency": "the agency for which the document is made, in documents made for each: agency.return_by",
    "agencies": "the agencies asked, for “for each in agencies”: each.name, each.returned and so on; in the rapid "
    "review report also each.state, each.missing, and each.answers by the tags of their form",
    "chronology": "the merged chronologies, for “for each in chronology”: each.agency, and the tags of its rows",
    "undated": "how many rows of the chronology come last because their date cannot be told",
    "actions": "the actions, for “for each in actions”: each.action, each.owner and so on",
    "earlier": "earlier incidents with features in common, for “for each in earlier”: each.shared and so on",
    "more_earlier": "how many more of them there are than the document shows",
    "details": "the case details, by the tags of their form: details.household, child.details.full_name",
    "missing": "what the tracker does not say and the document asks for, for “for each in missing”",
}


@dataclass(frozen=True)
class Council:
    """The council whose documents these are, as config.toml has it.

    name         its name
    partnership  the name of its safeguarding partnership
    marking      the protective marking at the head of every page
    """

    name: str = "the council"
    partnership: str = "the safeguarding partnership"
    marking: str = "OFFICIAL-SENSITIVE"

    @property
    def is_named(self) -> bool:
        """True if the settings have the name of the council: “the council” is no answer in a form."""
        return self.name != Council.name


def shown(value: Value) -> Shown:
    """Return `value` in words."""
    if value is None or value == "":
        return Shown(NOT_RECORDED, known=False)
    return Shown(long_date(value) if isinstance(value, dt.date) else str(value))


def shown_fact(record: Record, column: str) -> Shown:
    """Return the fact in a column in words; the address of its cell if it cannot be read."""
    if column in record.unreadable:
        return Shown(f"Not readable (see {record.address(column)} in the tracker)", known=False)
    return shown(record.as_typed(column))


def fields_of(
    form: Form,
    incident: Incident,
    as_of: dt.date,
    rules: Rules,
    council: Council,
    scoping_return: ScopingReturn | None = None,
    earlier: Sequence[SharedFeatures] = (),
) -> Fields:
    """Return everything that the template of a document can show of an incident as on `as_of`, by the names of NAMES.

    `scoping_return` is that of the agency for which the document is made; None for one that is not made for an agency.
    `earlier` are the incidents with features in common.
    """
    most = form.document.most_children
    children = form.document.children_of(incident)
    others = enumerate(incident.children[most:], most + 1) if most else ()
    clocks = incident.clocks.values()
    fields: dict[str, Any] = {
        "title": Shown(form.document.title),
        "reference": Shown(incident.reference),
        "today": shown(as_of),
        "council": Shown(council.name),
        "partnership": Shown(council.partnership),
        "marking": Shown(council.marking, known=bool(council.marking)),
        "criteria": Shown(criteria_in_words(incident)),
        "incident": facts_of_incident(incident),
        "in_tracker": Shown("yes", known=not incident.is_new),
        "several_children": Shown("yes", known=len(incident.children) > 1),
        "children": [_child(incident, number, child) for number, child in children],
        "more_children": _more_children(number for number, _ in others),
        "clocks": [_clock(incident, result, as_of) for result in clocks if result.state != State.NOT_STARTED],
        "clock": Fields("clock", dict(_clocks_by_id(incident, as_of))),
        "agencies": [agency_fields(each, as_of, rules) for each in incident.scoping],
        "actions": [Fields("action", facts_of_record(action)) for action in incident.actions],
        "earlier": list(map(_earlier, earlier[:MOST_EARLIER])),
        "more_earlier": Shown(str(len(earlier[MOST_EARLIER:])), known=len(earlier) > MOST_EARLIER),
        "missing": [Shown(label) for label in missing_fields(form, incident, scoping_return)],
    }
    if scoping_return:
        fields["agency"] = agency_fields(scoping_return, as_of, rules)
    return Fields("", fields)


def facts_of_record(record: Record) -> dict[str, Any]:
    """Return every fact of a record in words, by column id."""
    return {column.id: shown_fact(record, column.id) for column in record.sheet.sheet.column}


def facts_of_incident(incident: Incident) -> Fields:
    """Return every fact of an incident in words, by column id; of several children, what is said of each."""
    fields = facts_of_record(incident)
    for column in incident.sheet.sheet.written_by_script():
        if incident[column.id] is None:  # worked out by the program, which found nothing to say
            fields[column.id] = Shown(NOTHING, known=False)
    for child_column in child_columns():
        differing = incident.differing(child_column)
        if differing:
            fields[child_column] = Shown(differing)
    return Fields("incident", fields)


def _child(incident: Incident, number: int, child: Record) -> Fields:
    fields: dict[str, Any] = {column: shown_fact(child, column) for column in child_columns()}
    return Fields("child", fields | {"age": shown(incident.age_of(child)), "number": number})


def _more_children(numbers: Iterable[int]) -> Shown:
    names = [f"child {number}" for number in numbers]
    return Shown(", ".join(names), known=bool(names))


def _clock(incident: Incident, result: ClockResult, as_of: dt.date) -> Fields:
    clock = result.clock
    stands = pause_in_words(incident) if result.state == State.PAUSED else result.state.words
    if result.due and result.working_days_left is not None and result.state != State.DUE_TODAY:
        stands += f", {time_left(result.due, result.working_days_left, as_of)}"
    elif result.stopped and result.state in (State.MET, State.MET_LATE):
        stands += f" {medium_date(result.stopped)}"
    elif reason := reason_in_words(incident, result):
        stands += f": {reason}"
    return Fields(
        "clock",
        {
            "label": Shown(clock.label),
            "from": shown(result.anchor),
            "due": shown(result.due),
            "done": shown(result.stopped),
            "stands": Shown(stands),
            "state": Shown(result.state.words),
            "rule": Shown(f"{clock.limit}, {clock.basis}"),
            "owner": Shown(clock.owner),
        },
    )


def _clocks_by_id(incident: Incident, as_of: dt.date) -> Iterable[tuple[str, Fields]]:
    """Yield each clock of the process, those too that do not apply to the incident or are switched off."""
    for clock in standard_clocks():
        if clock.sheet == INCIDENTS:
            absent = ClockResult(clock, State.NOT_STARTED, None, None, None, None)
            yield clock.id, _clock(incident, incident.clocks.get(clock.id, absent), as_of)


def agency_fields(scoping_return: ScopingReturn, as_of: dt.date, rules: Rules) -> Fields:
    """Return what a document shows of an agency's row of the Scoping sheet."""
    by = return_by(scoping_return, as_of, rules)
    return Fields(
        "agency", facts_of_record(scoping_return) | {"name": shown(scoping_return.agency), "return_by": shown(by)}
    )


def _earlier(found: SharedFeatures) -> Fields:
    incident, total = found.incident, len(found.incident.actions)
    actions = f"{found.actions_open} open, {found.actions_done} done" if total else "None recorded"
    return Fields(
        "each",
        {
            "reference": Shown(incident.reference),
            "aware": shown(incident.aware),
            "shared": Shown("; ".join(found.features)),
            "learned": shown_fact(incident, evidence_columns().learning),
            "actions": Shown(actions, known=bool(total)),
        },
    )


def return_by(scoping_return: ScopingReturn, as_of: dt.date, rules: Rules) -> dt.date | None:
    """Return the day by which an agency is to return its form, or would be if it were sent on `as_of`.

    None when the clock is switched off, or its deadline is outside the years whose bank holidays are known.
    """
    if scoping_return.return_due:
        return scoping_return.return_due
    clock = next(iter(rules.clocks_of(SCOPING)), None)
    return rules.deadline(clock, as_of) if clock else None
