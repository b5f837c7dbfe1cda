"""What the fields of a form hold before anybody fills it in: facts of the case, and boxes ticked by them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from tracker_schema.case import Case, Row, Value
from tracker_schema.documents.documents import AGENCY, COUNCIL_NAME, REFERENCE, boxes
from tracker_schema.documents.forms import Field, Form
from tracker_schema.documents.shown import Council, shown


@dataclass(frozen=True)
class Answers:
    """What is put into the fields of a form, by the tags of their controls.

    known    the answers that the tracker or the settings have
    prompts  what a field shows whose fact the tracker lacks
    """

    known: Mapping[str, str | dt.date | bool]
    prompts: Mapping[str, str]


def answers_of(form: Form, case: Case, council: Council, agency: str | None = None) -> Answers:
    """Return the answers that are known before the form goes out.

    `agency` is for whom the form is made, if its document is made for each agency.

    Raises UsageError when that agency was not asked.
    """
    scoping: Row = case.scoping_of(agency or "") if form.document.per_agency else {}
    known: dict[str, str | dt.date | bool] = {REFERENCE: case.reference}
    if form.document.per_agency:
        known[AGENCY] = str(scoping["agency"])
    prompts: dict[str, str] = {}
    for tag, field, row, unreadable in _controls(form, case, scoping):
        if field.kind == "checkbox":
            known[tag] = _is_ticked(field, case)
        elif field.tag == COUNCIL_NAME and council.is_named:
            known[tag] = council.name
        elif field.column is not None:
            value = row.get(field.column.id)
            differing = case.differing(field.column.id) if row is case.facts else None
            if differing and field.kind in ("choice", "date"):
                prompts[tag] = f"The children differ ({differing}). {field.help}"
            elif differing:
                known[tag] = differing
            elif value is None and case.is_new:
                continue
            elif value is None:
                prompts[tag] = f"{shown(None, unreadable.get(field.column.id))}. {field.help}"
            else:
                known[tag] = _as_answer(value, field)
    return Answers(known, prompts)


def _controls(form: Form, case: Case, scoping: Row) -> Iterator[tuple[str, Field, Row, Mapping[str, str]]]:
    """Yield for each control of the form its tag, its field, the row of the tracker that it is about, and the addresses
    of the cells of that row that cannot be read, by column id.
    """
    for field in form.fields:
        if field.of_child:
            for number, child in enumerate(case.children[: form.document.most_children], 1):
                yield field.tag_of(number), field, {**case.facts, **child}, case.unreadable_of_child(number)
        elif form.document.per_agency:
            yield field.tag, field, scoping, {}
        else:
            yield field.tag, field, case.facts, case.unreadable


def _is_ticked(field: Field, case: Case) -> bool:
    box = boxes().get(field.tag)
    return box is not None and any(box.is_ticked({**case.facts, **child}) for child in case.children or ({},))


def _as_answer(value: Value, field: Field) -> str | dt.date:
    if isinstance(value, dt.date):
        return value
    return str(value) if field.kind == "multiline" else " ".join(str(value).split())
