"""Random sheets and random edits, compared with a plain model; and the search for cells, compared with a parser."""

from __future__ import annotations

import datetime as dt
from typing import Any
from unittest import mock
from xml.sax.saxutils import escape

from hypothesis import given, settings
from hypothesis import strategies as st

from scripts.adapters.workbook.xlsx import CellValue, NewRow, Range, archive, patch
from scripts.adapters.workbook.xlsx.rows import RowFinder
from scripts.adapters.workbook.xlsx.sheet_reader import SheetReader
from tests.adapters.workbook.xlsx.books import book, part, sheet, values
from tracker_schema.layouts.rows import column_letters

SIMPLE_TEXT = st.text(st.characters(categories=["L", "N", "P", "S", "Zs"]), min_size=1, max_size=8)
CELL_VALUES: st.SearchStrategy[CellValue] = st.one_of(
    st.none(),
    SIMPLE_TEXT,
    st.integers(-10_000, 10_000),
    st.floats(-1e6, 1e6, allow_nan=False),
    st.booleans(),
    st.dates(dt.date(1901, 1, 1), dt.date(2100, 1, 1)),
)
COLUMNS = st.integers(1, 30)
GRID = st.dictionaries(st.integers(1, 25), st.dictionaries(COLUMNS, CELL_VALUES, max_size=8), max_size=10)


@st.composite
def cell_xml(draw: st.DrawFn, row: int, column: int, value: CellValue, implicit: bool) -> str:
    """A cell the way one program or another might write it."""
    attributes = [] if implicit else [("r", f"{column_letters(column)}{row}")]
    content = ""
    if isinstance(value, bool):
        attributes.append(("t", "b"))
        content = f"<v>{int(value)}</v>"
    elif isinstance(value, str):
        attributes.append(("t", draw(st.sampled_from(["inlineStr", "str"]))))
        inner = f'<t xml:space="preserve">{escape(value)}</t>'
        content = f"<is>{inner}</is>" if attributes[-1][1] == "inlineStr" else f"<v>{escape(value)}</v>"
    elif isinstance(value, dt.date):
        attributes.append(("s", "1"))
        content = f"<v>{(value - dt.date(1899, 12, 30)).days}</v>"
    elif value is not None:
        content = f"<v>{value!r}</v>"
    if draw(st.booleans()) and draw(st.booleans()):
        attributes = draw(st.permutations(attributes))
        quote = draw(st.sampled_from(['"', "'"]))
        space = draw(st.sampled_from([" ", "\n", "  "]))
    else:
        quote, space = '"', " "
    tag = "<c" + "".join(f"{space}{name}={quote}{text}{quote}" for name, text in attributes)
    if not content:
        return tag + draw(st.sampled_from(["/>", " />", "></c>"]))
    return f"{tag}>{content}" + draw(st.sampled_from(["</c>", "</c>", "</c >", "</c>\n"]))


@st.composite
def sheets(draw: st.DrawFn) -> tuple[dict[int, dict[int, CellValue]], str]:
    """The cells of a sheet, and its rows as some program wrote them."""
    grid = draw(GRID)
    rows = []
    last_row = 0
    for row, cells in sorted(grid.items()):
        written, last_column = [], 0
        for column, value in sorted(cells.items()):
            implicit = column == last_column + 1 and draw(st.booleans())
            written.append(draw(cell_xml(row, column, value, implicit)))
            last_column = column
        numbered = row != last_row + 1 or draw(st.booleans())
        opening = f'<row r="{row}"' if numbered else "<row"
        opening += draw(st.sampled_from(["", ' spans="1:3"', " ht='12'", ' x="a>b"']))
        closed_at_once = draw(st.booleans())
        if written or not closed_at_once:
            rows.append(f"{opening}>{''.join(written)}</row>" + draw(st.sampled_from(["", "\n"])))
        else:
            rows.append(f"{opening}/>")
        last_row = row
    return grid, "".join(rows)


def shown(value: CellValue) -> Any:
    """What python-calamine makes of a value."""
    return "" if value is None else float(value) if isinstance(value, int) and not isinstance(value, bool) else value


def read(data: bytes) -> dict[tuple[int, int], Any]:
    return {
        (row, column): value
        for row, cells in enumerate(values(data), 1)
        for column, value in enumerate(cells, 1)
        if value != ""
    }


@given(sheets(), GRID, st.sampled_from([64, 500, 4 << 20]))
@settings(max_examples=150, deadline=None)
def test_random_edits_of_random_sheets(
    made: tuple[dict[int, dict[int, CellValue]], str], edits: Any, piece: int
) -> None:
    grid, rows = made
    source = book(sheet(rows, before='<dimension ref="A1"/>'))
    expected = {(row, column): shown(value) for row, cells in grid.items() for column, value in cells.items()}
    assert read(source) == {place: value for place, value in expected.items() if value != ""}
    with mock.patch.object(archive, "PIECE", piece):
        patched = patch(source, {"One": edits})
    expected |= {(row, column): shown(value) for row, cells in edits.items() for column, value in cells.items()}
    assert read(patched) == {place: value for place, value in expected.items() if value != ""}
    assert patch(patched, {"One": edits}) is patched
    assert part(patched).partition("</sheetData>")[2] == part(source).partition("</sheetData>")[2]


@given(sheets(), st.lists(st.dictionaries(COLUMNS, CELL_VALUES, max_size=6), min_size=1, max_size=3), st.data())
@settings(max_examples=100, deadline=None)
def test_random_rows_below_random_sheets(
    made: tuple[dict[int, dict[int, CellValue]], str], new: list[dict[int, CellValue]], data: st.DataObject
) -> None:
    grid, rows = made
    filled = [row for row, cells in grid.items() if any(value is not None for value in cells.values())]
    last = max(filled, default=0)
    covered = data.draw(st.integers(1, max(last, 1)))
    first, end = sorted(data.draw(st.tuples(COLUMNS, COLUMNS)))
    rules = f'<dataValidations count="1"><dataValidation sqref="{Range(covered, first, last, end)}"/></dataValidations>'
    source = book(sheet(rows, before='<dimension ref="A1"/>', after=rules if last else ""))
    cells: dict[int, dict[int, CellValue]] = {
        last + number: {1: "new", **values} for number, values in enumerate(new, 1)
    }
    patched = patch(source, {"One": cells}, new_rows=[NewRow("One", row, last or None, 1, 30) for row in cells])
    expected = {(row, column): shown(value) for row, line in grid.items() for column, value in line.items()}
    expected |= {(row, column): shown(value) for row, line in cells.items() for column, value in line.items()}
    assert read(patched) == {place: value for place, value in expected.items() if value != ""}
    tail = part(source).partition("</sheetData>")[2]
    grown = str(Range(covered, first, last + len(new), end))
    assert part(patched).partition("</sheetData>")[2] == tail.replace(str(Range(covered, first, last, end)), grown)
    assert patch(patched, {"One": cells}) is patched


@given(st.dictionaries(COLUMNS, CELL_VALUES, max_size=12), st.sets(COLUMNS, max_size=6), st.data())
@settings(max_examples=200, deadline=None)
def test_searching_bytes_finds_what_the_parser_finds(
    cells: dict[int, CellValue], columns: set[int], data: st.DataObject
) -> None:
    written = "".join(data.draw(cell_xml(7, column, value, False)) for column, value in sorted(cells.items()))
    row = f'<row r="7" ht="12">{written}</row>'.encode()
    finder = RowFinder(SheetReader(iter([sheet().encode()]), "the sheet"))
    wanted = sorted(columns)
    quick = finder.places(row, 7, wanted)
    sure = finder._parsed_places(row, 7, wanted)
    for one, other in zip(quick, sure, strict=True):
        if other.start < other.end:
            assert one == other
        else:  # white space may be before or after what is inserted
            assert (one.column, row[min(one.start, other.start) : max(one.start, other.start)].strip()) == (
                other.column,
                b"",
            )
            assert one.start == one.opened == one.end
    assert [place.column for place in finder.cells(row, 7)] == sorted(cells)


def test_a_row_in_the_usual_form_needs_no_parser() -> None:
    finder = RowFinder(SheetReader(iter([sheet().encode()]), "the sheet"))
    row = b'<row r="7" spans="1:3" x14ac:dyDescent="0.25"><c r="A7" s="5" t="s"><v>1</v></c><c r="C7"/></row>'
    assert finder._usual_places(row, 7, [1, 2, 3, 4]) == finder._parsed_places(row, 7, [1, 2, 3, 4])
    assert list(finder.rows(row)) == [(7, 0, row.index(b"<c"))]
