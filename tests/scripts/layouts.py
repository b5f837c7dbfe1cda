"""Logs laid out otherwise than with one row for each incident, made for a test out of incidents that are."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import openpyxl
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from tests.scripts.trackers import Row
from tracker_schema.columns.schema import tracker_schema
from tracker_schema.layouts.layouts import Layout, layout_schema

TYPES = [type_.name for type_ in layout_schema().type]
DATE_OF = {type_: Layout().date_of(type_) for type_ in TYPES}
HEADINGS = {column.id: column.heading for column in tracker_schema().sheets["incidents"].column}
HEADINGS |= {column.id: column.heading for column in layout_schema().column}
Rows = list[dict[str, Any]]


def save_sheets(
    path: Path,
    sheets: Mapping[str, Sequence[Row]],
    *,
    headings: Mapping[str, str] | None = None,
    struck: Sequence[str] = (),
) -> Path:
    """A workbook at `path` with those sheets, a title above the headings in row 3.

    Rows are by column id; `headings` says what stands above a column in place of the usual heading. The rows with a
    reference that is among `struck` are struck through.
    """
    workbook = openpyxl.Workbook()
    workbook.remove(workbook.worksheets[0])
    for name, rows in sheets.items():
        page = workbook.create_sheet(name)
        page["A1"] = "Example Council (made up)"
        for number, column in enumerate(_columns(rows), 1):
            page.cell(3, number, (headings or {}).get(column, HEADINGS[column])).font = Font(bold=True)
            for position, row in enumerate(rows, 4):
                cell = page.cell(position, number, row.get(column))
                if row.get("reference") in struck:
                    cell.font = Font(strike=True)
    path.parent.mkdir(parents=True, exist_ok=True)
    workbook.save(path)
    return path


def _columns(rows: Sequence[Row]) -> list[str]:
    return list(dict.fromkeys(column for row in rows for column in row))


def cell(rows: Sequence[Row], column: str, row: int, sheet: str = "Log") -> str:
    """Return the address of a cell in a sheet that `save_sheets` made of `rows`, by the id of its column."""
    return f"{sheet}!{get_column_letter(_columns(rows).index(column) + 1)}{row}"


def per_notification(incidents: Sequence[Row], *, shared_once: bool = False) -> Rows:
    """A row for each notification of each incident: its type, its date in one column for all, and the facts.

    With `shared_once` the facts stand on the first row of an incident only.
    """
    rows: Rows = []
    for incident in incidents:
        facts = {column: cell for column, cell in incident.items() if column not in DATE_OF.values()}
        made = [type_ for type_ in TYPES if incident.get(DATE_OF[type_]) or type_ == TYPES[0]]
        for number, type_ in enumerate(made):
            said = facts if not (number and shared_once) else {"reference": incident["reference"]}
            rows.append({"notification_type": type_, "notification_date": incident.get(DATE_OF[type_])} | said)
    return rows


def sheet_per_type(incidents: Sequence[Row]) -> dict[str, Rows]:
    """A sheet for each type of notification, the facts on the first only."""
    sheets: dict[str, Rows] = {type_: [] for type_ in TYPES}
    for row in per_notification(incidents, shared_once=True):
        sheets[row.pop("notification_type")].append(row)
    return sheets


def by_year(incidents: Sequence[Row]) -> dict[str, Rows]:
    """A sheet for each year in which the council became aware."""
    years: dict[str, Rows] = {}
    for incident in sorted(incidents, key=lambda row: str(row["aware_date"])):
        aware = incident["aware_date"]
        assert isinstance(aware, dt.date)
        years.setdefault(str(aware.year), []).append(dict(incident))
    return years
