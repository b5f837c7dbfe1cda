"""What the fields of a form hold before anybody fills it in: facts of the case, and boxes ticked by them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from tracker_schema.case import Case, Row, Value
from tracker_schema.columns import SCOPING, Condition
from tracker_schema.documents import AGENCY, REFERENCE, Document
from tracker_schema.fields import Field
from tracker_schema.shown import Council, shown


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
    given = {"council": council.name, "partnership": council.partnership}
    prompts: dict[str, str] = {}
    for tag, field, row in _places(document, case, scoping):
        if field.kind == "checkbox":
            known[tag] = any(_holds(each, case.facts, case.children) for each in field.ticked_when)
        elif field.filled_with:
            known[tag] = given[field.filled_with]
        elif field.column is not None:
            value = row.get(field.column)
            if value is None and case.is_new:
                continue
            if value is None:
                cell = case.unreadable.get(field.column) if field.sheet != SCOPING else None
                prompts[tag] = f"{shown(None, cell)}. {field.help}"
            else:
                known[tag] = _as_answer(value, field)
    return Answers(known, prompts)


def _places(document: Document, case: Case, scoping: Row) -> Iterator[tuple[str, Field, Row]]:
    """Each field of the document as often as it stands there: its tag, and the row that its column is on."""
    for section, field in document.fields():
        if section.for_each:
            for number, child in enumerate(case.children[: section.at_most], 1):
                yield field.tag_of(number), field, {**case.facts, **child}
        else:
            yield field.tag_of(None), field, scoping if field.sheet == SCOPING else case.facts


def _holds(condition: Condition, facts: Row, children: Iterable[Row]) -> bool:
    """Whether the fact is so, for the incident or for one of the children."""
    values = [facts.get(condition.column), *(child.get(condition.column) for child in children)]
    return any(value in condition.is_ if condition.is_ else value is not None for value in values)


def _as_answer(value: Value, field: Field) -> str | dt.date:
    if isinstance(value, dt.date):
        return value
    return str(value) if field.kind == "multiline" else " ".join(str(value).split())
