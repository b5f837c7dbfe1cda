"""What came of the forms in a folder, for people and for programs: references, cells and labels, never an answer."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from scripts.adapters.cli.terminal import show_table
from scripts.adapters.word.returns.folder import PROCESSED
from scripts.adapters.word.returns.reading_in import ReadIn, Return
from tracker_schema.assessment.plan import CellWrite
from tracker_schema.columns.schema import tracker_schema
from tracker_schema.returns.returned_forms import gaps_in_words
from tracker_schema.returns.settling_returns import RECEIVED, RETURNED
from tracker_schema.wording import counted, long_date, short_date

Json = dict[str, Any]


def show(done: ReadIn) -> None:
    """Print what was found and done as tables on a terminal, as plain lines elsewhere."""
    name = done.entered.assessment.tracker.name
    print(f"{counted(len(done.returns), 'file')} in {done.folder}, for {name}")
    print(f"What is entered counts as received on {long_date(done.received)}.")
    understood = [each for each in done.returns if each.form]
    if understood:
        rows = [_line(each, done) for each in understood]
        show_table("Completed forms", ("Reference", "Form", "Answered", "What happens", "File"), rows)
    _show("To look at", [(each, remark) for each in done.returns for remark in each.remarks], done)
    _show("Missing in the forms", [(each, gaps_in_words(each.form)) for each in understood if each.form], done)
    _show_cells(done)
    refused = done.of("refused")
    if refused:
        rows = [[done.names[each.path], f"It {each.why}."] for each in refused]
        show_table("Left where they are", ("File", "Why"), rows)
    print(f"\n{_totals(done)}")


def _line(each: Return, done: ReadIn) -> list[str]:
    form = each.form
    assert form is not None  # noqa: S101 - only those are shown here
    happens = {
        "to be entered": f"would be entered: {_entry(each)}",
        "entered": f"entered: {_entry(each)}",
        "entered before": "is in the tracker already",
        "refused": "left where it is, see below",
    }[each.state]
    title = f"{form.document.title}, {each.agency}" if each.agency else form.document.title
    return [each.reference, title, form.completeness, happens, done.names[each.path]]


def _entry(each: Return) -> str:
    placed = each.placed
    if placed is None:
        return "nothing yet"
    cells = counted(len(placed.cells), "cell")
    return f"a new row {placed.row}, {cells}" if placed.is_new else f"{cells} in row {placed.row}"


def _show_cells(done: ReadIn) -> None:
    headings = {column.id: column.heading for sheet in tracker_schema().sheet for column in sheet.column}
    cells = [
        [cell.cell, headings[cell.column], each.settled.entry.reference, _then(cell)]
        for each in done.of("to be entered", "entered")
        if each.settled and each.placed
        for cell in sorted(each.placed.cells, key=lambda cell: cell.number)
    ]
    if cells:
        title = "What was entered" if done.of("entered") else "What would be entered"
        show_table(title, ("Cell", "Column", "Reference", ""), cells)


def _then(cell: CellWrite) -> str:
    """What a cell gets, where that says nothing of a person."""
    if cell.column in (RECEIVED, RETURNED):
        return short_date(cell.new)
    return str(cell.new) if cell.column == "reference" else "as the form says"


def _show(title: str, sentences: Sequence[tuple[Return, str]], done: ReadIn) -> None:
    rows = [[each.reference or done.names[each.path], each.agency, sentence]
            for each, sentence in sentences if sentence]  # fmt: skip
    if rows:
        show_table(title, ("Reference", "Agency", ""), rows)


def _totals(done: ReadIn) -> str:
    refused = len(done.of("refused"))
    left = f"; {counted(refused, 'file')} left where {'it is' if refused == 1 else 'they are'}" if refused else ""
    if done.entered.refusal:
        return "Nothing was written, and every file is where it was."
    forms = len(done.returns) - refused
    if not forms:
        return f"Nothing to enter{left}."
    if done.entered.dry_run:
        return f"{counted(forms, 'form')} to enter{left}. Nothing was written: run again with --apply."
    cells = counted(done.entered.cells_written, "cell")
    check = " Run check_tracker to bring the status columns up to date." if done.entered.cells_written else ""
    return f"{counted(forms, 'form')} entered, {cells} written, and moved to “{PROCESSED}”{left}.{check}"


def as_json(done: ReadIn) -> Json:
    """The same as data: {"as_of", "tracker", "received", "forms": […], "refused": […], "written": {…}}."""
    return {
        "as_of": done.entered.assessment.as_of.isoformat(),
        "tracker": done.entered.assessment.tracker.name,
        "received": done.received.isoformat(),
        "forms": [_form(each, done) for each in done.returns if each.form],
        "refused": [{"file": done.names[each.path], "why": f"It {each.why}."} for each in done.of("refused")],
        "written": {
            "cells": done.entered.cells_written,
            "rows": done.entered.rows_added,
            "dry_run": done.entered.dry_run,
        },
    }


def _form(each: Return, done: ReadIn) -> Json:
    form = each.form
    assert form is not None  # noqa: S101 - only those are shown here
    return {
        "file": done.names[each.path],
        "form": form.document.name,
        "reference": each.reference or None,
        "agency": each.agency or None,
        "state": each.state,
        "required": form.required,
        "answered": form.answered,
        "missing": list(form.gaps),
        "row": each.placed.row if each.placed else None,
        "new_row": bool(each.placed and each.placed.is_new),
        "cells": [cell.cell for cell in each.placed.cells] if each.placed else [],
        "remarks": list(each.remarks),
    }
