"""What the fields of a form hold before anybody fills it in: facts of the case, and boxes ticked by them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from tracker_schema.case import Case, Row, Value
from tracker_schema.columns.schema import SCOPING
from tracker_schema.documents.documents import AGENCY, REFERENCE, Document
from tracker_schema.documents.fields import Field
from tracker_schema.documents.shown import Council, shown


@dataclass(frozen=True)
class Answers:
    """By tag: `known` are the answers there are, `prompts` what stands in a field whose fact the tracker lacks."""

    known: Mapping[str, str | dt.date | bool]
    prompts: Mapping[str, str]


def answers_of(document: Document, case: Case, council: Council, agency: str | None = None) -> Answers:
    """The answers that are known before the form goes out.

    Raises UsageError when the document is made for each agency and `agency` was not asked.
    """
    scoping: Row = case.scoping_of(agency or "") if document.per_agency else {}
    known: dict[str, str | dt.date | bool] = {REFERENCE: case.reference}
    if document.per_agency:
        known[AGENCY] = str(scoping["agency"])
    given = council.names
    prompts: dict[str, str] = {}
    for tag, field, row, unreadable in _places(document, case, scoping):
        if field.kind == "checkbox":
            known[tag] = any(_ticks(field, {**case.facts, **child}) for child in case.children or ({},))
        elif field.filled_with:
            known |= {tag: given[field.filled_with]} if field.filled_with in given else {}
        elif field.column is not None:
            value = row.get(field.column)
            differing = case.differing(field.column) if row is case.facts else None
            if differing and field.kind in ("choice", "date"):
                prompts[tag] = f"The children differ ({differing}). {field.help}"
            elif differing:
                known[tag] = differing
            elif value is None and case.is_new:
                continue
            elif value is None:
                prompts[tag] = f"{shown(None, unreadable.get(field.column))}. {field.help}"
            else:
                known[tag] = _as_answer(value, field)
    return Answers(known, prompts)


def _places(document: Document, case: Case, scoping: Row) -> Iterator[tuple[str, Field, Row, Mapping[str, str]]]:
    """Each field of the document as often as it stands there: its tag, the row that its column is on, and the addresses
    of the cells of that row that cannot be read.
    """
    for section, field in document.fields():
        if section.for_each:
            for number, child in enumerate(case.children[: section.at_most], 1):
                yield field.tag_of(number), field, {**case.facts, **child}, case.unreadable_of_child(number)
        elif field.sheet == SCOPING:
            yield field.tag_of(None), field, scoping, {}
        else:
            yield field.tag_of(None), field, case.facts, case.unreadable


def _ticks(field: Field, facts: Row) -> bool:
    """Whether what the tracker says of the incident and one child ticks the box."""
    return any(each.holds(facts) for each in field.ticked_when) and (
        not field.and_when or any(each.holds(facts) for each in field.and_when)
    )


def _as_answer(value: Value, field: Field) -> str | dt.date:
    if isinstance(value, dt.date):
        return value
    return str(value) if field.kind == "multiline" else " ".join(str(value).split())
