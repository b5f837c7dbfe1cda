"""A new tracker workbook, made from the schema: empty, or with the rows that are given."""

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

from scripts.adapters.workbook.new import data_validation, styles
from scripts.adapters.workbook.new.notes_sheet import add_notes
from tracker_schema.columns.schema import DOCUMENTS, INCIDENTS, Column, Sheet, TrackerSchema, new_tracker_schema
from tracker_schema.documents.wanted import suggestions
from tracker_schema.made_up import Formula

TITLE = f"{styles.MARKING}: Critical incident tracker"
HINT = "Dates are typed day first, 05/11/2026. The shaded columns are filled in automatically. See the sheet Notes."
AUTOMATIC = "Filled in automatically"  # the banner above the columns that the scripts write

BANNER_ROW, HEADING_ROW = 3, 4
FIRST_ROW = HEADING_ROW + 1

# Drop-downs and colours reach below the last row, for the rows to come.
ROWS_READY = 2000
SPARE_ROWS = 1000

# In characters: how far apart a banner is repeated, and how much a sheet of A3 shows at a size that can be read.
_BANNER_EVERY = 60
_PAGE_WIDTH = 260
# Python writes another number on Windows; the same content gives the same bytes on every system.
_UNIX = 3

_MADE_ON = dt.datetime(2026, 1, 1)  # noqa: DTZ001  (document properties hold no time zone)
_MODIFIED = re.compile(rb"(<dcterms:modified[^>]*>)[^<]*")

Row = Mapping[str, object]

# What drop-downs offer for texts, by sheet id and column id.
SUGGESTIONS: data_validation.Suggestions = {DOCUMENTS: suggestions()}


def build(rows: Mapping[str, Sequence[Row]]) -> bytes:
    """Return the bytes of a new tracker; the same rows give the same bytes.

    `rows` has the rows of each sheet by its id. A row has values by column id: text, a date, a whole number or a
    Formula. Without rows the tracker is empty and ready to be filled in.

    Raises TypeError for an unknown column, or a value that no cell can hold.
    """
    schema = new_tracker_schema()
    _check(rows, schema)
    workbook = Workbook(write_only=True)
    for style in styles.named_styles().values():
        workbook.add_named_style(style)
    workbook.properties.creator = workbook.properties.title = "Critical incident tracker"
    workbook.properties.created = _MADE_ON
    places = data_validation.lists(schema.sheet, SUGGESTIONS)
    for sheet in schema.sheet:
        # A table needs a row below its headings, if an empty one.
        _add_sheet(workbook, sheet, rows.get(sheet.id) or [{}], places)
    add_notes(workbook, schema)
    data_validation.add_lists(workbook, places)
    stream = io.BytesIO()
    workbook.save(stream)
    return _without_times(stream)


def _check(rows: Mapping[str, Sequence[Row]], schema: TrackerSchema) -> None:
    # Before anything is written, because an unfinished write-only workbook leaves a temporary file.
    for sheet_id, given in rows.items():
        columns = schema.sheets[sheet_id].columns
        for row in given:
            for name, value in row.items():
                if name not in columns:
                    raise TypeError(f"{sheet_id} has no column {name}")
                _content(name, value)


def _add_sheet(workbook: Workbook, sheet: Sheet, rows: Sequence[Row], places: data_validation.Lists) -> None:
    page: Worksheet = workbook.create_sheet(sheet.heading)
    last_row = HEADING_ROW + len(rows)
    ready = max(ROWS_READY, last_row + SPARE_ROWS)
    log = new_tracker_schema().sheets[INCIDENTS]
    letter = get_column_letter(1 + list(log.columns).index(data_validation.REFERENCE))
    references = f"{log.heading}!${letter}${FIRST_ROW}:${letter}${ready}"
    _set_up(page, sheet)
    if last_row <= ROWS_READY:  # larger ones are for timing
        for number, values in enumerate(rows, FIRST_ROW):
            if values:
                page.row_dimensions[number].height = styles.height(sheet, values)
    for row in _top(page, sheet):
        page.append(row)
    body = _Body(page, sheet)
    for values in rows:
        page.append(body.row(values))
    # Not add_table, which warns that a table in a write-only workbook needs its columns; ours has them.
    page.tables.add(_table(sheet, last_row))
    for column in sheet.column:
        rule = data_validation.rule(column, sheet, (FIRST_ROW, ready), places, references, SUGGESTIONS)
        if rule:
            page.data_validations.append(rule)
            if column.by_script and column.choices:
                for colour in styles.status_rules(column.choices):
                    page.conditional_formatting.add(str(rule.sqref), colour)


def _set_up(page: Worksheet, sheet: Sheet) -> None:
    """Set widths, frozen panes and printing, which openpyxl writes before the first row."""
    named = styles.named_styles()
    for number, column in enumerate(sheet.column, 1):
        dimension = page.column_dimensions[get_column_letter(number)]
        dimension.width = styles.width(column)
        styles.format_column(dimension, named[styles.cell_style(styles.kind_of(column), automatic=column.by_script)])
    for number, height in enumerate((24, 18, 18, styles.heading_height(sheet)), 1):
        page.row_dimensions[number].height = height
    page.freeze_panes = f"B{FIRST_ROW}"
    page.sheet_view.showGridLines = False
    page.sheet_view.zoomScale = 90
    wide = math.ceil(sum(styles.width(column) for column in sheet.column) / _PAGE_WIDTH)
    styles.set_up_pages(page, paper=styles.A3, wide=wide)
    page.page_setup.pageOrder = "overThenDown"
    page.print_title_rows = f"{BANNER_ROW}:{HEADING_ROW}"
    page.print_title_cols = "A:A"


def _top(page: Worksheet, sheet: Sheet) -> Iterator[list[Cell]]:
    """Yield the rows above the first incident: title, hint, banners, headings."""
    # Not in the first column, which is frozen and printed on every page.
    rest = [None] * (len(sheet.column) - 2)
    yield [styles.cell(page, text, "Tracker title") for text in (None, TITLE, *rest)]
    yield [styles.cell(page, text, "Tracker hint") for text in (None, f"{sheet.about} {HINT}", *rest)]
    row: list[Cell] = []
    for number, (name, columns) in enumerate(_groups(sheet)):
        style = f"Tracker banner {3 if columns[0].by_script else number % 2 + 1}"
        row.extend(styles.cell(page, words, style) for words in _banners(name, columns))
    yield row
    yield [
        styles.cell(page, column.heading, "Tracker heading, automatic" if column.by_script else "Tracker heading")
        for column in sheet.column
    ]


def _groups(sheet: Sheet) -> list[tuple[str, list[Column]]]:
    """Return the columns that belong together, with the name of each group."""
    groups: list[tuple[str, list[Column]]] = [("", [])]
    for column in sheet.column:
        name = AUTOMATIC if column.by_script else column.group
        if name and name != groups[-1][0]:
            groups.append((name, []))
        groups[-1][1].append(column)
    return [group for group in groups if group[1]]


def _banners(name: str, columns: Sequence[Column]) -> Iterator[str | None]:
    """Yield the text above each column of a group: its name at the start, and again further on where there is room.

    The repeats are for people who have scrolled past the start or are on the next page.
    """
    room = sum(styles.width(column) for column in columns)
    since = math.inf
    for column in columns:
        shown = since == math.inf or (since >= _BANNER_EVERY and room > len(name) * 1.2)
        yield name if shown else None
        since = styles.width(column) + (0 if shown else since)
        room -= styles.width(column)


class _Body:
    """The cells of a row. They are used for every row, because a row is written as soon as it is appended."""

    def __init__(self, page: Worksheet, sheet: Sheet) -> None:
        self._columns = []
        for column in sheet.column:
            kinds = {styles.kind_of(column), "sentences", "date"}
            cells = {
                kind: styles.cell(page, None, styles.cell_style(kind, automatic=column.by_script)) for kind in kinds
            }
            self._columns.append((column.id, cells, cells[styles.kind_of(column)]))

    def row(self, values: Row) -> list[Cell]:
        cells = []
        for name, by_kind, usual in self._columns:
            value = values.get(name)
            cell = usual
            if isinstance(value, dt.date):
                cell = by_kind["date"]
            elif value is not None and usual is by_kind["date"]:
                # Text or a plain number in place of a date is shown as it was typed.
                cell = by_kind["sentences"]
            cell.value = _content(name, value)
            if cell.data_type == "f" and not isinstance(value, Formula):
                cell.data_type = "s"
            cells.append(cell)
        return cells


def _content(name: str, value: object) -> str | int | dt.date | None:
    """Return the content of a cell. Raises TypeError, with the column's name, for a value that no cell can hold."""
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
    """Return the workbook without the time it was made, which openpyxl and the zip format both put in."""
    dated = io.BytesIO()
    with zipfile.ZipFile(package) as made, zipfile.ZipFile(dated, "w", zipfile.ZIP_DEFLATED) as kept:
        for name in made.namelist():
            content = made.read(name)
            if name == "docProps/core.xml":
                content = _MODIFIED.sub(rb"\g<1>" + f"{_MADE_ON:%Y-%m-%dT%H:%M:%SZ}".encode(), content)
            entry = zipfile.ZipInfo(name, date_time=_MADE_ON.timetuple()[:6])
            entry.create_system = _UNIX
            entry.compress_type = zipfile.ZIP_DEFLATED
            kept.writestr(entry, content)
    return dated.getvalue()
