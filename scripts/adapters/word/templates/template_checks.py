"""The templates checked: each is filled in with a made-up incident that has everything, and with an empty one."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from pathlib import Path

from scripts.adapters.word.documents.making import Maker, Order
from scripts.adapters.word.templates.form_fields import bare_tag
from scripts.adapters.word.templates.template_errors import TemplateError
from scripts.adapters.word.templates.template_files import FOLDER
from tracker_schema.clocks.clocks import Rules
from tracker_schema.documents.case_details import SHOWN, details_document
from tracker_schema.documents.documents import Document, documents
from tracker_schema.documents.sample_incidents import (
    CHILDREN,
    earlier_incidents,
    empty_incident,
    full_incident,
    sample_cases,
    sample_details,
)
from tracker_schema.documents.shown import Council


@dataclass(frozen=True)
class TemplateCheck:
    """What was found in one template.

    name     the name of its document
    error    why it cannot be filled in; None if it can
    missing  the tags of the fields that the document must have and the template has lost
    left_out what the template holds and no document gets, such as “macros”
    """

    name: str
    error: TemplateError | None = None
    missing: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()


def check_templates(rules: Rules, council: Council, as_of: dt.date, folder: Path = FOLDER) -> list[TemplateCheck]:
    """Return what was found in every template in `folder`, in the order of the process."""
    maker = Maker(rules, council, folder)
    return [_check(document, maker, as_of) for document in documents().values()]


def _check(document: Document, maker: Maker, as_of: dt.date) -> TemplateCheck:
    try:
        if document.all_cases:
            for cases in sample_cases(as_of):
                maker.try_out(Order(document, None, as_of, cases=cases))
            return TemplateCheck(document.name, left_out=maker.template(document).left_out)
        shows_details = document.case_details == SHOWN
        details = sample_details(maker.form(details_document()), CHILDREN) if shows_details else None
        for order in (
            Order(document, full_incident(as_of), as_of, earlier=earlier_incidents(as_of), details=details),
            Order(document, empty_incident(), as_of),
        ):
            scoping_return = order.incident.scoping[0] if document.per_agency and order.incident else None
            maker.try_out(replace(order, scoping_return=scoping_return))
        template = maker.template(document)
        tags = {bare_tag(tag) for tag in template.tags}
    except TemplateError as error:
        return TemplateCheck(document.name, error)
    missing = tuple(tag for tag in document.needed_tags if tag not in tags)
    return TemplateCheck(document.name, missing=missing, left_out=template.left_out)
