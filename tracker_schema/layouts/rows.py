"""A workbook as it was read: for each sheet its rows, cell by cell, and the address of each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property
from typing import NamedTuple

from tracker_schema.columns.headings import PLAIN_SEARCH, HeadingSearch
from tracker_schema.columns.parsing import Cell, is_blank
from tracker_schema.columns.problems import Problem
from tracker_schema.columns.schema import Sheet

# Texts that are compared with others, so that their spacing does not count.
_COMPARED = ("reference", "agency")


@cache
def column_letters(number: int) -> str:
    """Return the letters of a worksheet's column: 1 is A, 27 is AA."""
    letters = ""
    while number:
        number, place = divmod(number - 1, 26)
        letters = chr(65 + place) + letters
    return letters


def merged_references(merged: Sequence[tuple[int, int, int, int]], heading_row: int, reference: int) -> list[range]:
    """Return the rows, below the headings, over each of which one reference is merged.

    `merged` are merged cells, each as first row, first column, last row, last column.
    """
    return [
        range(top, bottom + 1)
        for top, left, bottom, right in merged
        if left <= reference <= right and heading_row < top < bottom
    ]


@dataclass(frozen=True, eq=False)
class SheetRows:
    """The rows of one sheet in which a person has entered something, in their order. A position counts them from 0.

    A log with several rows for an incident, or on several worksheets, is a `CombinedRows`: its rows were put together
    from those of its `pages`. Use `place`, `lines` and `pages` to find the cells of the workbook.

    sheet: the sheet of the schema that it was read as
    name: the worksheet's name
    heading_row: the number of the row of headings
    cells: by column id, the raw cell of each row, as `columns.parsing` takes them
    rows: the number of each row in its worksheet; of a row put together from several, the first of their numbers
    numbers: by column id, the number of the column in the worksheet
    headings: by column id, the heading in the workbook; for a column of ours that is missing, the heading it will get
    unknown: by column number, the headings that are none of the schema's
    repeated: by column number, the column id of a heading that is there twice
    next_column: the number of the column where the next heading of ours goes
    filtered_to: the last column of the sheet's own filter over the headings; 0: none, or the filter of a table
    emptied: cells of ours on rows that a person has emptied: row, column number, column id, cell
    own_words: by column id, this council's own words for choices, each with the choice it means
    strikethrough: the rows that are struck through from end to end
    below_closed: the rows below a title that says they are closed
    closed_rows: the rows that words of the council's own say are closed
    says_closed: a column says in words which rows are closed
    in_advance: the references typed in advance in rows that are otherwise empty, by row number
    stored: what a cell holds, by row and column number, where `cells` have what its number format shows
    is_closed: every row counts as closed
    notification_type: the type of notification that every row is about; None when the sheet does not say
    merged_references: the rows over which one reference is merged, for each such reference
    search: how to find the headings in the worksheet
    remarks: problems that were found while reading
    """

    sheet: Sheet
    name: str
    heading_row: int
    cells: Mapping[str, list[Cell]]
    rows: Sequence[int]
    numbers: Mapping[str, int]
    headings: Mapping[str, str]
    unknown: Mapping[int, str] = field(default_factory=dict)
    repeated: Mapping[int, str] = field(default_factory=dict)
    next_column: int = 0
    filtered_to: int = 0
    emptied: Sequence[tuple[int, int, str, Cell]] = ()
    own_words: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    strikethrough: frozenset[int] = frozenset()
    below_closed: frozenset[int] = frozenset()
    closed_rows: frozenset[int] = frozenset()
    says_closed: bool = False
    in_advance: Mapping[int, str] = field(default_factory=dict)
    stored: Mapping[tuple[int, int], Cell] = field(default_factory=dict)
    is_closed: bool = False
    notification_type: str | None = None
    merged_references: Sequence[range] = ()
    search: HeadingSearch = PLAIN_SEARCH
    remarks: Sequence[Problem] = ()

    def __len__(self) -> int:
        return len(self.rows)

    def cells_in(self, column: str) -> list[Cell]:
        """Return the column's cell on each row; "" on each when the sheet does not have the column."""
        return self.cells[column] if column in self.cells else [""] * len(self)

    def text_as_typed(self, column: str, position: int) -> str | None:
        """Return a free text with its line breaks; None for an empty cell, one that is no text, or a name."""
        if column not in self.cells or column in _COMPARED or self.sheet.columns[column].type != "text":
            return None
        cell = self.cells[column][position]
        return "\n".join(line.rstrip() for line in cell.splitlines()).strip() or None if isinstance(cell, str) else None

    def heading(self, column: str) -> str:
        """Return the heading in the workbook, or the schema's own when the workbook has none."""
        return self.headings.get(column) or self.sheet.columns[column].heading

    @property
    def pages(self) -> Sequence[SheetRows]:
        """Return the worksheets of which this consists."""
        return (self,)

    def lines(self, position: int) -> list[tuple[SheetRows, int]]:
        """Return the rows of the workbook that are about this row: the worksheet of each, and its number there."""
        return [(self, self.rows[position])]

    def where(self, position: int) -> str:
        """Return a name for a row without a reference: “row 5”, with the worksheet's name if there are several."""
        page, row = self.lines(position)[0]
        return f"{page.name}, row {row}" if len(self.pages) > 1 else f"row {row}"

    def positions_on(self, page: SheetRows) -> Sequence[int]:
        """Return, for each row of `page`, one of the pages, the position of the row here that it is part of."""
        return range(len(page))

    def place(self, column: str, position: int) -> Place:
        """Return the cell of the workbook that holds the fact, or is to hold it."""
        return Place(self, self.rows[position], self.numbers[column], self.heading(column))

    def cell_for(self, column: str, position: int) -> Place | None:
        """Return that cell; None when no row of the workbook about this one has a cell for such a fact."""
        return self.place(column, position) if column in self.numbers else None

    def address(self, column: str, position: int) -> str:
        """Return the address of that cell, such as “Incidents!K5”."""
        return self.place(column, position).address

    @property
    def side_by_side(self) -> Mapping[str, int]:
        """Return the column numbers by column id, if one row of the workbook holds all cells of each row; else none."""
        return self.numbers

    def address_of_headings(self) -> str:
        """Return the address of the first heading, such as “Incidents!A4”."""
        return f"{self.name}!{column_letters(min(self.numbers.values()))}{self.heading_row}"

    @property
    def counted_closed(self) -> list[bool]:
        """Return, for each row, True if it counts as closed without a date of closing."""
        closed = self.strikethrough | self.below_closed | self.closed_rows
        return [self.is_closed or row in closed for row in self.rows]

    @property
    def open_rows(self) -> list[int]:
        """Return the rows that do not count as closed and have no date of closing."""
        dates = self.cells_in("closed") if "closed" in self.sheet.columns else [""] * len(self)
        kinds = zip(self.rows, self.counted_closed, dates, strict=True)
        return [row for row, closed, date in kinds if not closed and is_blank(date)]

    @property
    def children(self) -> SheetRows | None:
        """Return the same sheet with a row for each child; None when no incident has several."""
        return None

    @cached_property
    def incident_of(self) -> list[int]:
        """Return, of a sheet with a row for each child, the position of the incident of each row; else its own."""
        return list(range(len(self)))

    @property
    def also_called(self) -> Mapping[str, int]:
        """Return further references of incidents, in small letters, with the position of the incident."""
        return {}


class Place(NamedTuple):
    """One cell of the workbook.

    page: its worksheet
    row: the number of its row
    number: the number of its column
    heading: the heading above it
    """

    page: SheetRows
    row: int
    number: int
    heading: str

    @property
    def cell(self) -> Cell:
        """Return the cell as it was read."""
        column = next(column for column, number in self.page.numbers.items() if number == self.number)
        return self.page.cells[column][self.page.rows.index(self.row)]

    @property
    def address(self) -> str:
        """Return the address of the cell, such as “Incidents!K5”."""
        return f"{self.page.name}!{column_letters(self.number)}{self.row}"


@dataclass(frozen=True, eq=False)
class WorkbookRows:
    """A workbook as it was read.

    name: the file's name
    sheets: the rows of each sheet, by the schema's sheet id
    date_1904: the workbook counts its days from 1904
    """

    name: str
    sheets: Mapping[str, SheetRows]
    date_1904: bool = False
