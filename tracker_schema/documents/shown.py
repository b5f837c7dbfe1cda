"""What a document may say of a case, in words: the fields of the templates, by the names in templates/README.md.

Every value is text that can be shown as it is. What is not known is “Not recorded”, and counts as false in a condition.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from tracker_schema.case import Case, CaseClock, Row, Value, child_columns
from tracker_schema.clocks.clocks import Rules, standard_clocks
from tracker_schema.clocks.results import State
from tracker_schema.columns.schema import INCIDENTS
from tracker_schema.documents.forms import Form, missing_fields
from tracker_schema.duties import age_on
from tracker_schema.old_clocks import deadline
from tracker_schema.wording import long_date, medium_date, time_left

NOT_RECORDED, NOTHING = "Not recorded", "Nothing"

# What we work out ourselves: where these say nothing, there is nothing.
_OURS = ("next_step", "next_due", "overdue_steps", "data_problems")

_CRITERIA = {
    "met": "The facts recorded meet the Panel’s criteria; people decide.",
    "ruled out": "A fact recorded rules the Panel out; people decide.",
    "open": "The facts recorded so far neither meet the Panel’s criteria nor rule them out.",
}


class Shown(str):
    """A text in a document. `known` is False for one that stands for something nobody has recorded; so is its truth."""

    __slots__ = ("known",)

    known: bool

    def __new__(cls, text: str, *, known: bool = True) -> Shown:
        """The text, and whether it is a fact."""
        made = super().__new__(cls, text)
        made.known = known
        return made

    def __bool__(self) -> bool:
        return self.known


class Fields(dict[str, Any]):
    """Fields of the templates under one name, such as “incident”; `path` is that name."""

    def __init__(self, path: str, fields: Mapping[str, Any]) -> None:
        super().__init__(fields)
        self.path = path


# Each name that a template may use, with what it says: fields, groups of them, and lists of such groups.
NAMES: Mapping[str, str] = {
    "reference": "the incident's reference",
    "title": "the title of the document",
    "today": "the day on which the document is made",
    "council": "the council's name, as config.toml has it",
    "partnership": "the safeguarding partnership's name, as config.toml has it",
    "marking": "the protective marking, as config.toml has it",
    "criteria": "what the facts recorded come to for the Panel's criteria, in a sentence",
    "incident": "the facts of the incident, by the ids of the columns: incident.risk",
    "children": "the children, for “for child in children”: child.initials, child.age, child.number and so on",
    "more_children": "the children for whom the document has no part, where it takes only so many",
    "clock": "each clock by its id: clock.notify_panel.due",
    "clocks": "the clocks that have started, for “for each in clocks”: each.label, each.due and so on",
    "agency": "the agency for which the document is made, in documents made for each: agency.return_by",
    "agencies": "the agencies asked, for “for each in agencies”: each.name, each.returned and so on",
    "actions": "the actions, for “for each in actions”: each.action, each.owner and so on",
    "missing": "what the tracker does not say and the document asks for, for “for each in missing”",
}


@dataclass(frozen=True)
class Council:
    """Whose documents these are: names, and the protective marking at the head of every page."""

    name: str = "the council"
    partnership: str = "the safeguarding partnership"
    marking: str = "OFFICIAL-SENSITIVE"

    @property
    def is_named(self) -> bool:
        """True if the settings have the name of the council: “the council” is no answer in a form."""
        return self.name != Council.name


def shown(value: Value | int, cell: str | None = None) -> Shown:
    """`value` in words; `cell` is where it stands when it cannot be read."""
    if cell is not None:
        return Shown(f"Not readable (see {cell} in the tracker)", known=False)
    if value is None or value == "":
        return Shown(NOT_RECORDED, known=False)
    return Shown(long_date(value) if isinstance(value, dt.date) else str(value))


def fields_of(form: Form, case: Case, rules: Rules, council: Council, agency: str | None = None) -> Fields:
    """Return everything that the template of a document can show of a case, by the names of NAMES.

    `agency` is for whom the document is made, if it is made for each agency.

    Raises UsageError when that agency was not asked.
    """
    document = form.document
    given: dict[str, Any] = {
        "title": Shown(document.title),
        "reference": Shown(case.reference),
        "today": shown(case.as_of),
        "council": Shown(council.name),
        "partnership": Shown(council.partnership),
        "marking": Shown(council.marking, known=bool(council.marking)),
        "criteria": Shown(_CRITERIA[case.criteria]),
        "incident": _incident(case),
        "children": [_child(case, number, child) for number, child in enumerate(case.children, 1)][
            : document.most_children
        ],
        "more_children": _more_children(case, document.most_children),
        "clocks": [_clock(clock, case.as_of) for clock in case.clocks if clock.state != State.NOT_STARTED],
        "clock": Fields("clock", dict(_clocks_by_id(case))),
        "agencies": [_agency(row, case, rules) for row in case.scoping],
        "actions": [_row("action", row) for row in case.actions],
        "missing": [Shown(label) for label in missing_fields(form, case, agency)],
    }
    if document.per_agency:
        given["agency"] = _agency(case.scoping_of(agency or ""), case, rules)
    return Fields("", given)


def _row(path: str, row: Row, unreadable: Mapping[str, str] | None = None) -> Fields:
    fields = {column: shown(value, (unreadable or {}).get(column)) for column, value in row.items()}
    nothing = {column: Shown(NOTHING, known=False) for column in _OURS if column in row and row[column] is None}
    return Fields(path, fields | nothing)


def _incident(case: Case) -> Fields:
    fields = _row("incident", case.facts, case.unreadable)
    for column in child_columns():
        differing = case.differing(column)
        if differing:
            fields[column] = Shown(differing)
    return fields


def _child(case: Case, number: int, child: Row) -> Fields:
    fields = _row("child", child, case.unreadable_of_child(number))
    day = case.facts["incident_date"] or case.facts["aware_date"]
    born = child["date_of_birth"]
    age = age_on(born, day) if isinstance(born, dt.date) and isinstance(day, dt.date) else None
    fields["age"] = shown(age)
    fields["number"] = number
    return fields


def _more_children(case: Case, most: int | None) -> Shown:
    """Return the children for whom a document with parts for `most` children has no part."""
    more = range(most + 1, len(case.children) + 1) if most else ()
    return Shown(", ".join(f"child {number}" for number in more), known=bool(more))


def _clock(each: CaseClock, as_of: dt.date) -> Fields:
    clock, stands = each.clock, each.state.words
    if each.due and each.left is not None and each.state != State.DUE_TODAY:
        stands += f", {time_left(each.due, each.left, as_of)}"
    elif each.stopped and each.state in (State.MET, State.MET_LATE):
        stands += f" {medium_date(each.stopped)}"
    return Fields(
        "clock",
        {
            "label": Shown(clock.label),
            "from": shown(each.anchor),
            "due": shown(each.due),
            "done": shown(each.stopped),
            "stands": Shown(stands),
            "state": Shown(each.state.words),
            "rule": Shown(f"{clock.limit}, {clock.basis}"),
            "owner": Shown(clock.owner),
        },
    )


def _clocks_by_id(case: Case) -> Iterable[tuple[str, Fields]]:
    """Each clock of the process, those too that this case or this council does not have."""
    for clock in standard_clocks():
        if clock.sheet == INCIDENTS:
            here = case.clock_by_id.get(clock.id)
            absent = CaseClock(clock, State.NOT_STARTED, None, None, None, None)
            yield clock.id, _clock(here or absent, case.as_of)


def _agency(row: Row, case: Case, rules: Rules) -> Fields:
    fields = _row("agency", row)
    fields["name"] = fields["agency"]
    fields["return_by"] = shown(return_by(row, case.as_of, rules))
    return fields


def return_by(row: Row, as_of: dt.date, rules: Rules) -> dt.date | None:
    """When an agency is to return its form: as its scoping row says, or as if it were sent on `as_of`."""
    if isinstance(row["return_due"], dt.date):
        return row["return_due"]
    clock = next((clock for clock in rules.clocks if clock.id == "scoping_return"), None)
    if clock is None:
        return None
    due = deadline(clock, np.array([as_of], "datetime64[D]"), rules.calendar(clock))[0]
    return None if np.isnat(due) else dt.date.fromisoformat(str(due))
