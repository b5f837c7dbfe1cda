"""What the fields of a form hold before anybody fills it in: facts of the incident, and boxes ticked by them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from tracker_schema.columns.schema import INCIDENTS, tracker_schema
from tracker_schema.documents.documents import AGENCY, COUNCIL_NAME, REFERENCE, boxes
from tracker_schema.documents.forms import Field, Form
from tracker_schema.documents.shown import Council, shown_fact
from tracker_schema.incidents.incident import Incident, ScopingReturn
from tracker_schema.layouts.record import Record


@dataclass(frozen=True)
class Answers:
    """What is put into the fields of a form, by the tags of their controls.

    known    the answers that the tracker or the settings have
    prompts  what a field shows whose fact the tracker lacks
    """

    known: Mapping[str, str | dt.date | bool]
    prompts: Mapping[str, str]


def answers_of(
    form: Form, incident: Incident, council: Council, scoping_return: ScopingReturn | None = None
) -> Answers:
    """Return the answers that are known before the form goes out.

    `scoping_return` is that of the agency for which the form is made; None for a form that is not made for an agency.
    """
    known: dict[str, str | dt.date | bool] = {REFERENCE: incident.reference}
    if scoping_return:
        known[AGENCY] = scoping_return.agency
    prompts: dict[str, str] = {}
    days = tracker_schema().sheets[INCIDENTS].identity("day")[:1]
    for tag, field, record in _controls(form, incident, scoping_return):
        if field.kind == "checkbox":
            known[tag] = _is_ticked(field, incident)
        elif field.tag == COUNCIL_NAME and council.is_named:
            known[tag] = council.name
        elif field.column is not None:
            column = field.column.id
            if column in days and not form.document.children_of(incident):
                continue  # the day is that of what happened to the children of the document, and there is none
            value = record.as_typed(column)
            differing = incident.differing(column) if record is incident else None
            if differing and field.kind in ("choice", "date"):
                prompts[tag] = f"The children differ ({differing}). {field.help}"
            elif differing:
                known[tag] = differing
            elif value is not None:
                known[tag] = value if isinstance(value, dt.date) else _text(value, field)
            elif not incident.is_new:
                prompts[tag] = f"{shown_fact(record, column)}. {field.help}"
    return Answers(known, prompts)


def _controls(
    form: Form, incident: Incident, scoping_return: ScopingReturn | None
) -> Iterator[tuple[str, Field, Record]]:
    """Yield for each control of the form its tag, its field, and the incident, child or return that it is about."""
    for field in form.fields:
        if field.of_child:
            for number, child in form.document.children_of(incident):
                yield field.tag_of(number), field, child
        else:
            yield field.tag, field, scoping_return or incident


def _is_ticked(field: Field, incident: Incident) -> bool:
    box = boxes().get(field.tag)
    return box is not None and any(box.is_ticked(child) for child in incident.children)


def _text(value: str | int, field: Field) -> str:
    return str(value) if field.kind == "multiline" else " ".join(str(value).split())
