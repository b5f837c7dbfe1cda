"""Completed forms of made-up cases, as if they had come back: they show what read_returns does."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from pathlib import Path

from scripts.adapters.storage.atomic_write import write_over
from scripts.adapters.storage.store import Store
from scripts.adapters.word.documents.making import Maker, Order
from scripts.adapters.workbook.read import Names, read_tracker
from tracker_schema.clocks.clocks import Rules
from tracker_schema.documents.case_details import details_document
from tracker_schema.documents.documents import agency_form, report_form
from tracker_schema.documents.shown import Council
from tracker_schema.errors import UsageError
from tracker_schema.incidents.assess import assess
from tracker_schema.incidents.incident import Incident, ScopingReturn, new_incident
from tracker_schema.made_up.answers import (
    INCOMPLETE_ANSWERS,
    Answer,
    details_answers,
    report_answers,
    scoping_answers,
)

FOLDER = Path("demo") / "returns"


def make(store: Store, rules: Rules, council: Council, as_of: dt.date) -> Path:
    """Put completed forms for the made-up tracker in `store` in a folder, and return the folder.

    They are two scoping returns, one of them incomplete, a report of a new incident, and a scan that cannot be read.
    Raises UsageError when the folder cannot be written to.
    """
    snapshot = store.read()
    tracker = assess(read_tracker(snapshot.data, snapshot.name, Names()), rules, as_of)
    incident = max(tracker.incidents, key=lambda incident: len(_awaited(incident)))
    maker = Maker(rules, council)
    forms: dict[str, bytes] = {}
    for number, scoping_return in enumerate(_awaited(incident)[:2]):
        order = Order(agency_form(), incident, as_of, scoping_return)
        answers = scoping_answers(as_of) if number == 0 else INCOMPLETE_ANSWERS
        forms[f"{order.stem}.docx"] = filled_in(maker.make(order), answers)
    order = Order(report_form(), new_incident(), as_of)
    forms[f"{order.stem}.docx"] = filled_in(maker.make(order), report_answers(as_of))
    forms["Scan of a return.pdf"] = b"%PDF-1.7 of no form"
    _write(FOLDER, forms)
    return FOLDER


def fill_in_details(incident: Incident, maker: Maker, as_of: dt.date, folder: Path) -> None:
    """Put the case details of a made-up incident in `folder`, filled in, unless they are there.

    Raises UsageError when the folder cannot be written to.
    """
    order = Order(details_document(), incident, as_of)
    if (folder / f"{order.stem}.docx").exists():
        return
    answers = details_answers(len(incident.children))
    _write(folder, {f"{order.stem}.docx": filled_in(maker.make(order), answers)})


def filled_in(form: bytes, answers: Mapping[str, Answer]) -> bytes:
    """Return the form with `answers` by tag, as Word saves it when somebody has typed and chosen them."""
    from scripts.adapters.word import controls
    from scripts.adapters.word.package import main_part, packed, parse, serialized, unpacked

    parts = unpacked(form)
    main = main_part(parts)
    body = parse(parts[main])
    for control in controls.controls(body):
        tag = controls.tag_of(control)
        if tag is not None and tag in answers:
            controls.fill(control, answers[tag])
    return packed(parts | {main: serialized(body)})


def _awaited(incident: Incident) -> list[ScopingReturn]:
    return [each for each in incident.scoping if each.agency and each.returned is None]


def _write(folder: Path, forms: Mapping[str, bytes]) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, data in forms.items():
            write_over(folder / name, data)
    except OSError as error:
        problem = f"The demonstration cannot be written to {folder} ({error.strerror})."
        raise UsageError(problem, "Close what is open in it, and run again.") from None
