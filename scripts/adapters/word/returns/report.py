"""What was done with the forms in a folder, as tables and as JSON: references, cells and labels, never an answer."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from scripts.adapters.cli.terminal import show_table
from scripts.adapters.word.returns.folder import PROCESSED
from scripts.adapters.word.returns.results import ReadIn, Return
from tracker_schema.columns.schema import tracker_schema
from tracker_schema.documents.documents import documents
from tracker_schema.incidents.plan import CellWrite
from tracker_schema.layouts.layouts import layout_schema
from tracker_schema.returns.matched_return import return_column
from tracker_schema.returns.returned_forms import gaps_in_words
from tracker_schema.wording import counted, long_date, short_date

Json = dict[str, Any]


def show(done: ReadIn) -> None:
    """Print what was done as tables on a terminal, as plain lines elsewhere."""
    _show("Read now", [(each, sentence) for each in done.returns for sentence in each.urgent], done)
    name = done.entered.tracker.name
    print(f"{counted(len(done.returns), 'file')} in {done.folder}, for {name}")
    print(f"The forms count as received on {long_date(done.received)}.")
    understood = [each for each in done.returns if each.form]
    if understood:
        rows = [_line(each, done) for each in understood]
        show_table("Completed forms", ("Reference", "Form", "Answered", "What happens", "File"), rows)
    _show("To look at", [(each, remark) for each in done.returns for remark in each.remarks], done)
    _show("Missing in the forms", [(each, gaps_in_words(each.form)) for each in understood if each.form], done)
    _show_cells(done)
    refused = done.in_state("refused")
    if refused:
        rows = [[done.names[each.path], each.reference, each.agency, each.why] for each in refused]
        show_table("Left where they are", ("File", "Reference", "Agency", "Why"), rows)
    print(f"\n{_totals(done)}")


def _line(each: Return, done: ReadIn) -> list[str]:
    form = each.form
    assert form is not None  # noqa: S101 - only those are shown here
    happens = {
        "to be entered": f"would be entered: {_entry(each)}",
        "entered": f"entered: {_entry(each)}",
        "entered before": "is in the tracker already",
        "completes an earlier one": "answers what was missing; nothing more to enter",
        "refused": "left where it is, see below",
    }[each.state]
    title = f"{form.document.title}, {each.agency}" if each.agency else form.document.title
    return [each.reference, title, form.completeness, happens, done.names[each.path]]


def _entry(each: Return) -> str:
    placed = each.placed
    if placed is None:
        return "nothing yet"
    cells = counted(len(placed.cells), "cell")
    rows = sorted({cell.row for cell in placed.cells})
    if len(rows) > 1:  # of an incident with several children
        cells += f" in rows {', '.join(map(str, rows))}"
        return f"{cells}; {placed.row} is new" if placed.is_new else cells
    return f"a new row {placed.row}, {cells}" if placed.is_new else f"{cells} in row {placed.row}"


def _show_cells(done: ReadIn) -> None:
    sheets = (*(sheet.column for sheet in tracker_schema().sheet), layout_schema().column)
    headings = {column.id: column.heading for columns in sheets for column in columns}
    cells = [
        [cell.cell, headings[cell.column], each.matched.entry.reference, _new_content(cell)]
        for each in done.in_state("to be entered", "entered")
        if each.matched and each.placed
        for cell in sorted(each.placed.cells, key=lambda cell: cell.number)
    ]
    if cells:
        title = "What was entered" if done.in_state("entered") else "What would be entered"
        show_table(title, ("Cell", "Column", "Reference", ""), cells)


def _new_content(cell: CellWrite) -> str:
    """Return the new content of a cell if it is about no person: a date of return, or a reference."""
    if cell.column in {return_column(document) for document in documents().values() if document.comes_back}:
        return short_date(cell.new)
    return str(cell.new) if cell.column == "reference" else "as the form says"


def _show(title: str, sentences: Sequence[tuple[Return, str]], done: ReadIn) -> None:
    rows = [[each.reference or done.names[each.path], each.agency, sentence]
            for each, sentence in sentences if sentence]  # fmt: skip
    if rows:
        show_table(title, ("Reference", "Agency", ""), rows)


def _totals(done: ReadIn) -> str:
    refused = len(done.in_state("refused"))
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
    moved = sum(each.is_moved for each in done.returns)
    of_them = "and" if moved == forms else f"{moved} of them" if moved else "none of them"
    return f"{counted(forms, 'form')} entered, {cells} written, {of_them} moved to “{PROCESSED}”{left}.{check}"


def as_json(done: ReadIn) -> Json:
    """Return the same as data: {"as_of", "tracker", "received", "forms": […], "refused": […], "written": {…}}.

    The remarks of a file begin with what must be read at once.
    """
    return {
        "as_of": done.entered.tracker.as_of.isoformat(),
        "tracker": done.entered.tracker.name,
        "received": done.received.isoformat(),
        "forms": [_form(each, done) for each in done.returns if each.form],
        "refused": [
            {
                "file": done.names[each.path],
                "reference": each.reference or None,
                "agency": each.agency or None,
                "why": each.why,
                "remarks": [*each.urgent, *each.remarks],
            }
            for each in done.in_state("refused")
        ],
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
        "remarks": [*each.urgent, *each.remarks],
    }
