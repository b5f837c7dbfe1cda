"""Trackers as a council keeps them, made for a test; and the jobs, run as people run them."""

from __future__ import annotations

import datetime as dt
import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import openpyxl
from openpyxl.styles import Font
from openpyxl.worksheet.table import Table
from python_calamine import CalamineWorkbook

from scripts.adapters.workbook.read import Names, read_tracker
from tracker_schema.columns.schema import tracker_schema
from tracker_schema.layouts.rows import column_letters

PROJECT = Path(__file__).resolve().parents[2]
AS_OF = dt.date(2026, 11, 23)  # a Monday
Row = Mapping[str, object]


def address_of(path: Path, column: str, row: int, sheet: str = "incidents") -> str:
    """Return the address of a cell in the tracker at `path`, such as “Incidents!K5”, by the id of its column."""
    read = read_tracker(path.read_bytes(), path.name, Names()).sheets[sheet]
    return f"{read.name}!{column_letters(read.numbers[column])}{row}"


def incident(reference: str, **cells: object) -> dict[str, object]:
    """An incident of which the council became aware on Wednesday 18 November 2026, with all that has been done."""
    return {
        "reference": reference,
        "initials": "ZZ",
        "date_of_birth": dt.date(2015, 3, 4),
        "incident_date": dt.date(2026, 11, 17),
        "aware_date": dt.date(2026, 11, 18),
        "place": "In area",
        "outcome": "Serious harm",
        "abuse_or_neglect": "Suspected",
        "form_received": dt.date(2026, 11, 18),
        "decision": None,
        "decision_date": None,
        "decision_reason": None,
        "heads_met": None,
        "panel_notified": None,
        "partners_told": None,
        "slt_discussed": dt.date(2026, 11, 19),
        "closed": None,
    } | cells


def save_tracker(
    path: Path,
    incidents: Sequence[Row],
    *,
    scoping: Sequence[Row] = (),
    actions: Sequence[Row] = (),
    headings: Mapping[str, str] | None = None,
    titles: int = 3,
    table: bool = False,
) -> Path:
    """A workbook at `path` with no status columns: titles above, then the headings of the columns that are used.

    `headings` maps a column id of Incidents to this council's own heading; with `table` each sheet is a table.
    """
    workbook = openpyxl.Workbook()
    workbook.remove(workbook.worksheets[0])
    for sheet_id, rows in (("incidents", incidents), ("scoping", scoping), ("actions", actions)):
        if not rows:
            continue
        schema = tracker_schema().sheets[sheet_id]
        page = workbook.create_sheet(schema.heading)
        for title in range(titles):
            page.cell(title + 1, 1, "Example Council: log of incidents (made up)" if title == 0 else None)
        used = [column for column in schema.columns if any(column in row for row in rows)]
        own = headings or {}
        for number, column in enumerate(used, 1):
            page.cell(titles + 1, number, own.get(column, schema.columns[column].heading)).font = Font(bold=True)
        for position, row in enumerate(rows, titles + 2):
            for number, column in enumerate(used, 1):
                page.cell(position, number, row.get(column))
        if table:
            end = page.cell(titles + 1 + len(rows), len(used)).coordinate
            page.add_table(Table(displayName=f"T_{sheet_id}", ref=f"A{titles + 1}:{end}"))
    workbook.save(path)
    return path


def cells_of(path: Path, sheet: str = "Incidents") -> list[list[Any]]:
    """Every cell of a sheet, from A1."""
    with path.open("rb") as file:
        return CalamineWorkbook.from_filelike(file).get_sheet_by_name(sheet).to_python(skip_empty_area=False)


def column_of(path: Path, heading: str, sheet: str = "Incidents") -> list[Any]:
    """The cells below a heading, wherever it stands."""
    cells = cells_of(path, sheet)
    row = next(number for number, row in enumerate(cells) if heading in row)
    return [line[cells[row].index(heading)] for line in cells[row + 1 :]]


def statuses(path: Path) -> dict[str, str]:
    """The status of each incident, by reference."""
    return dict(zip(column_of(path, "Reference"), column_of(path, "Status"), strict=True))


def run_job(job: str, *arguments: object, cwd: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """A job in a process of its own, as a person or Task Scheduler starts it."""
    return subprocess.run(
        [sys.executable, "-W", "error", "-m", f"scripts.{job}", *map(str, arguments)],
        cwd=cwd,
        env=os.environ | {"PYTHONPATH": str(PROJECT)} | environment,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )


def told(output: str) -> dict[str, Any]:
    """The one JSON object that a job printed."""
    found: dict[str, Any] = json.loads(output)
    return found
