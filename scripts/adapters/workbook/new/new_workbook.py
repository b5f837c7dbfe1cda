"""A new tracker workbook, made from the schema: empty, or filled with rows that are given."""

from __future__ import annotations

import datetime as dt
import io
import math
import re
import zipfile
from collections.abc import Iterator, Mapping, Sequence

from openpyxl import Workbook
from openpyxl.cell import Cell
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.filters import AutoFilter
from openpyxl.worksheet.table import Table, TableColumn, TableStyleInfo
from openpyxl.worksheet.worksheet import Worksheet

from scripts.adapters.workbook.new import data_validation as rules
from scripts.adapters.workbook.new import styles as looks
from scripts.adapters.workbook.new.notes_sheet import add_notes
from tracker_schema.columns.schema import Column, Sheet, TrackerSchema, tracker_schema
from tracker_schema.made_up import Formula

TITLE = f"{looks.MARKING}: Critical incident tracker"
HINTS = {
    "incidents": "One row for each incident.",
    "scoping": "One row for each agency asked for an Initial Scoping return.",
    "actions": "One row for each action.",
}
EVERY_HINT = (
    "Dates are typed day first, 05/11/2026. The shaded columns are filled in automatically. See the sheet Notes."
)

# Which columns belong together: the banner above the headings and the first column that it spans. The words are
# such that none is taken for a heading.
BANNERS = {
    "incidents": {
        "reference": "Incident",
        "child_id": "The child and who works with them",
        "incident_date": "What happened, and what was done at once",
        "decision": "What was decided",
        "panel_notified": "Who was told",
        "rapid_review_completed": "The rapid review and the Panel's reply",
        "review_decision": "The local or national review",
        "dlt_discussed": "What was learned",
        "slt_discussed": "SLT and closing",
        "status": "Filled in automatically",
    },
    "scoping": {"reference": "Incident", "agency": "What was asked of whom", "return_due": "Filled in automatically"},
    "actions": {"reference": "Incident", "action": "What is to be done", "action_status": "Filled in automatically"},
}
BANNER_ROW, HEADING_ROW = 3, 4
FIRST_ROW = HEADING_ROW + 1

# Drop-downs and colours go on below the last row, so that they are there for rows to come.
ROWS_READY = 2000
SPARE_ROWS = 1000

# In characters: after how much of a group its name is said again, and what a sheet of A3 shows at a size that can
# be read.
_BANNER_EVERY = 60
_PAGE_WIDTH = 260
_MADE_ON = dt.datetime(2026, 1, 1)  # noqa: DTZ001  (document properties hold no time zone)
_MODIFIED = re.compile(rb"(<dcterms:modified[^>]*>)[^<]*")

Row = Mapping[str, object]


def build(rows: Mapping[str, Sequence[Row]]) -> bytes:
    """The bytes of a new tracker; the same rows give the same bytes.

    `rows` holds for each sheet's id its rows, each the values of its columns by their id: text, a date, a whole
    number or a Formula. What is left out is empty; without any rows the tracker is empty and ready to be filled in.
    Raises TypeError for a column that there is not, or a value that no cell can hold.
    """
    schema = tracker_schema()
    _check(rows, schema)
    workbook = Workbook(write_only=True)
    for style in looks.named_styles().values():
        workbook.add_named_style(style)
    workbook.properties.creator = workbook.properties.title = "Critical incident tracker"
    workbook.properties.created = _MADE_ON
    places = rules.lists(schema)
    for sheet in schema.sheet:
        # A table needs a row below its headings, if an empty one.
        _add_sheet(workbook, sheet, rows.get(sheet.id) or [{}], places)
    add_notes(workbook, schema)
    rules.add_lists(workbook, places)
    stream = io.BytesIO()
    workbook.save(stream)
    return _without_times(stream)


def _check(rows: Mapping[str, Sequence[Row]], schema: TrackerSchema) -> None:
    # Before anything is written: a write-only workbook that is given up leaves a temporary file.
    for sheet_id, given in rows.items():
        columns = schema.sheets[sheet_id].columns
        for row in given:
            for name, value in row.items():
                if name not in columns:
                    raise TypeError(f"{sheet_id} has no column {name}")
                _content(name, value)


def _add_sheet(workbook: Workbook, sheet: Sheet, rows: Sequence[Row], places: rules.Lists) -> None:
    page: Worksheet = workbook.create_sheet(sheet.heading)
    last_row = HEADING_ROW + len(rows)
    ready = max(ROWS_READY, last_row + SPARE_ROWS)
    _set_up(page, sheet)
    if last_row <= ROWS_READY:  # a larger sample is for timing, not for looking at
        for number, values in enumerate(rows, FIRST_ROW):
            if values:
                page.row_dimensions[number].height = looks.height(sheet, values)
    for row in _top(page, sheet):
        page.append(row)
    body = _Body(page, sheet)
    for values in rows:
        page.append(body.row(values))
    # Not add_table, which warns that a table in a write-only workbook needs its columns; ours has them.
    page.tables.add(_table(sheet, last_row))
    for column in sheet.column:
        rule = rules.rule(column, sheet, (FIRST_ROW, ready), places)
        if rule:
            page.data_validations.append(rule)
            if column.by_script and column.choices:
                for colour in looks.status_rules(column.choices):
                    page.conditional_formatting.add(str(rule.sqref), colour)


def _set_up(page: Worksheet, sheet: Sheet) -> None:
    """Widths, frozen panes and how it prints: what has to be known before the first row is written."""
    styles = looks.named_styles()
    for number, column in enumerate(sheet.column, 1):
        dimension = page.column_dimensions[get_column_letter(number)]
        dimension.width = looks.width(column)
        looks.dress(dimension, styles[looks.cell_style(looks.kind_of(column), automatic=column.by_script)])
    for number, height in enumerate((24, 18, 18, looks.heading_height(sheet)), 1):
        page.row_dimensions[number].height = height
    page.freeze_panes = f"B{FIRST_ROW}"
    page.sheet_view.showGridLines = False
    page.sheet_view.zoomScale = 90
    wide = math.ceil(sum(looks.width(column) for column in sheet.column) / _PAGE_WIDTH)
    looks.set_up_pages(page, paper=looks.A3, wide=wide)
    page.page_setup.pageOrder = "overThenDown"
    page.print_title_rows = f"{BANNER_ROW}:{HEADING_ROW}"
    page.print_title_cols = "A:A"


def _top(page: Worksheet, sheet: Sheet) -> Iterator[list[Cell]]:
    """The rows above the first incident: title, hint, banners, headings."""
    # Beside the first column, which is frozen, and repeated on every page that is printed.
    rest = [None] * (len(sheet.column) - 2)
    yield [looks.cell(page, text, "Tracker title") for text in (None, TITLE, *rest)]
    yield [looks.cell(page, text, "Tracker hint") for text in (None, f"{HINTS[sheet.id]} {EVERY_HINT}", *rest)]
    row: list[Cell] = []
    for number, (name, columns) in enumerate(_groups(sheet)):
        style = f"Tracker banner {3 if columns[0].by_script else number % 2 + 1}"
        row.extend(looks.cell(page, words, style) for words in _banners(name, columns))
    yield row
    yield [
        looks.cell(page, column.heading, "Tracker heading, automatic" if column.by_script else "Tracker heading")
        for column in sheet.column
    ]


def _groups(sheet: Sheet) -> list[tuple[str, list[Column]]]:
    """The columns that belong together, with the name of each group."""
    starts = BANNERS[sheet.id]
    groups: list[tuple[str, list[Column]]] = []
    for column in sheet.column:
        if column.id in starts:
            groups.append((starts[column.id], []))
        groups[-1][1].append(column)
    return groups


def _banners(name: str, columns: Sequence[Column]) -> Iterator[str | None]:
    """What stands above each of a group's columns: its name at the start, and again further on where there is room
    for it, for whoever has scrolled or turned the page past the start.
    """
    room = sum(looks.width(column) for column in columns)
    since = math.inf
    for column in columns:
        shown = since == math.inf or (since >= _BANNER_EVERY and room > len(name) * 1.2)
        yield name if shown else None
        since = looks.width(column) + (0 if shown else since)
        room -= looks.width(column)


class _Body:
    """The cells of one row, used again for every row: a row is written out as soon as it is appended."""

    def __init__(self, page: Worksheet, sheet: Sheet) -> None:
        self._columns = []
        for column in sheet.column:
            kinds = {looks.kind_of(column), "sentences", "date"}
            cells = {kind: looks.cell(page, None, looks.cell_style(kind, automatic=column.by_script)) for kind in kinds}
            self._columns.append((column.id, cells, cells[looks.kind_of(column)]))

    def row(self, values: Row) -> list[Cell]:
        cells = []
        for name, by_kind, usual in self._columns:
            value = values.get(name)
            cell = usual
            if isinstance(value, dt.date):
                cell = by_kind["date"]
            elif value is not None and usual is by_kind["date"]:
                # Text or a bare number where a date belongs: shown as it was typed, not as a date.
                cell = by_kind["sentences"]
            cell.value = _content(name, value)
            if cell.data_type == "f" and not isinstance(value, Formula):
                cell.data_type = "s"
            cells.append(cell)
        return cells


def _content(name: str, value: object) -> str | int | dt.date | None:
    """What goes into the cell of the column called `name`; raises TypeError, naming it, when no cell can hold that."""
    content = value.text if isinstance(value, Formula) else value
    if content is not None and not isinstance(content, str | int | dt.date):
        raise TypeError(f"{name} cannot hold {type(content).__name__}")
    return content


def _table(sheet: Sheet, last_row: int) -> Table:
    extent = f"A{HEADING_ROW}:{get_column_letter(len(sheet.column))}{last_row}"
    return Table(
        displayName=sheet.heading,
        ref=extent,
        autoFilter=AutoFilter(ref=extent),
        tableStyleInfo=TableStyleInfo(name="TableStyleLight1", showRowStripes=False),
        tableColumns=[TableColumn(id=number, name=column.heading) for number, column in enumerate(sheet.column, 1)],
    )


def _without_times(package: io.BytesIO) -> bytes:
    """The same package without the time it was made, which openpyxl and the zip format both put in."""
    settled = io.BytesIO()
    with zipfile.ZipFile(package) as made, zipfile.ZipFile(settled, "w", zipfile.ZIP_DEFLATED) as kept:
        for name in made.namelist():
            content = made.read(name)
            if name == "docProps/core.xml":
                content = _MODIFIED.sub(rb"\g<1>" + f"{_MADE_ON:%Y-%m-%dT%H:%M:%SZ}".encode(), content)
            entry = zipfile.ZipInfo(name, date_time=_MADE_ON.timetuple()[:6])
            entry.compress_type = zipfile.ZIP_DEFLATED
            kept.writestr(entry, content)
    return settled.getvalue()
