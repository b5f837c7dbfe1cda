"""The scoping returns about one incident among the completed forms that have been read into the tracker."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import replace
from pathlib import Path

from scripts.adapters.word.documents.making import Order
from scripts.adapters.word.returns.folder import PROCESSED, forms_in, return_named_in
from tracker_schema.documents.documents import agency_form
from tracker_schema.incidents.incident import Incident
from tracker_schema.returns.gathered_returns import GatheredReturns, gather
from tracker_schema.returns.returned_answers import ReturnedAnswers, ReturnRefused
from tracker_schema.returns.returned_forms import ReturnedForm, read_form

FOLDER = Path("returns")


def with_returns(orders: Sequence[Order], folder: Path | None) -> list[Order]:
    """Return the orders, those for documents that show what the agencies returned with the forms in `folder`.

    Raises as `gathered_returns`.
    """
    showing = next((each for each in orders if each.document.shows_returns and each.incident), None)
    if showing is None or showing.incident is None:
        return list(orders)
    returns = gathered_returns(folder, showing.incident, showing.as_of)
    return [replace(each, returns=returns) if each.document.shows_returns else each for each in orders]


def gathered_returns(folder: Path | None, incident: Incident, as_of: dt.date) -> GatheredReturns:
    """Return what agencies returned about an incident: the forms in the subfolder Processed of `folder`.

    A file in either folder that names an agency of the incident and was not read counts as waiting for a person. With
    None the folder is FOLDER, if it is there. Raises UsageError when `folder` is not there or cannot be read, and
    TemplateError when the template of the form cannot be used.
    """
    # Loaded here, because they take lxml.
    from scripts.adapters.word.returns.lost_tags import by_labels
    from scripts.adapters.word.returns.reading_controls import read_controls
    from scripts.adapters.word.returns.returned_file import open_returned
    from scripts.adapters.word.templates.form_fields import form_of

    document, names = agency_form(), {name.casefold() for name in (incident.reference, *incident.names) if name}
    found: list[tuple[float, ReturnedForm, ReturnedAnswers]] = []
    waiting: list[str] = []
    for path in _files(folder):
        try:
            answers = read_controls(open_returned(path))
            answers = by_labels(answers) or answers
            form = read_form(answers, form_of, as_of)
        except ReturnRefused:
            form = None
        is_processed = path.parent.name == PROCESSED
        if form and is_processed and form.document.name == document.name and form.reference.casefold() in names:
            found.append((path.stat().st_mtime, form, answers))
        elif (form is None or not is_processed) and (row := return_named_in(path, incident.scoping)):
            waiting.append(row.agency)
    found.sort(key=lambda each: (each[1].completed_on or dt.date.min, each[0]))
    return gather(form_of(document), [(form, answers) for _, form, answers in found], waiting)


def _files(folder: Path | None) -> Collection[Path]:
    if folder is None and not FOLDER.is_dir():
        return []
    folder = folder or FOLDER
    if folder.name == PROCESSED:
        return forms_in(folder)
    processed = folder / PROCESSED
    return [*forms_in(folder), *(forms_in(processed) if processed.is_dir() else [])]
