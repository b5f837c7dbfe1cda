"""The templates tried out: each with a made-up case of which all is recorded, and with one of which nothing is."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass, replace
from pathlib import Path

from scripts.adapters.word.documents.making import Maker, Order
from scripts.adapters.word.templates.building import FOLDER, is_edited
from scripts.adapters.word.templates.template_errors import TemplateSlip
from tracker_schema.clocks import Rules
from tracker_schema.documents.documents import AGENCY, FORM, REFERENCE, Document, documents
from tracker_schema.documents.sample_case import AGENCY as SAMPLE_AGENCY
from tracker_schema.documents.sample_case import empty_case, full_case
from tracker_schema.documents.shown import Council

_CHILD = re.compile(r"child_\{\{.*?\}\}_")


@dataclass(frozen=True)
class Tried:
    """How one template did: `slip` is what stops it, None when nothing does; `missing` are the tags of the answers
    that are not in it any more, and `edited` tells whether somebody changed it in Word.
    """

    name: str
    slip: TemplateSlip | None
    missing: tuple[str, ...]
    edited: bool


def try_templates(rules: Rules, council: Council, as_of: dt.date, folder: Path = FOLDER) -> list[Tried]:
    """How every template in `folder` did."""
    maker = Maker(rules, council, folder)
    return [_try(document, maker, as_of, folder) for document in documents().values()]


def _try(document: Document, maker: Maker, as_of: dt.date, folder: Path) -> Tried:
    tried = Tried(document.name, None, (), is_edited(document.name, folder))
    try:
        for case in (full_case(as_of), empty_case(as_of)):
            maker.try_out(Order(document, case, SAMPLE_AGENCY if document.per_agency else None))
        there = {_CHILD.sub("", tag) for tag in maker.template(document.name).tags()}
    except TemplateSlip as slip:
        return replace(tried, slip=slip)
    return replace(tried, missing=tuple(tag for tag in _tags(document) if tag not in there))


def _tags(document: Document) -> list[str]:
    """The tags that the template of a document has to carry for its answers to be found."""
    about = [FORM + document.name, REFERENCE] if document.returned else []
    about += [AGENCY] if document.returned and document.per_agency else []
    answers = [field.tag for _, field in document.fields()]
    rows = [tag for group in document.groups() for tag in (group.tag, *(field.tag for field in group.field))]
    return [*about, *answers, *rows]
