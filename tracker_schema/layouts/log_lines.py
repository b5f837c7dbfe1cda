"""The lines of a log in any layout, and what each says of its incident, its child and its notification.

A line is one row of one of the worksheets of the log. Lines are numbered from 0, one worksheet after the other.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence

from tracker_schema.columns.column_values import ColumnValues, read_column
from tracker_schema.columns.parsing import Cell, Disagreement, Unreadable, is_blank, parse_text
from tracker_schema.columns.schema import Column, Sheet, tracker_schema
from tracker_schema.layouts.child_references import NO_DATES, SplitReference, child_mark
from tracker_schema.layouts.layouts import CHILD, DATE, PER_INCIDENT, PREFIX, TYPE, Layout, layout_schema
from tracker_schema.layouts.rows import Place, SheetRows


def references_on(page: SheetRows, layout: Layout) -> list[str | None]:
    """Return the reference of each row of a page, its two parts joined; None where none can be read."""
    references = [_text(cell) for cell in page.cells["reference"]]
    if page.merged_references:
        by_row = dict(zip(page.rows, references, strict=True))
        first_of = {row: rows[0] for rows in page.merged_references for row in rows}
        references = [by_row.get(first_of.get(row, row)) for row in page.rows]
    prefixes = [_text(cell) for cell in page.cells_in(PREFIX)]
    return [
        f"{prefix}{layout.joined_with}{reference}" if prefix and reference else reference
        for prefix, reference in zip(prefixes, references, strict=True)
    ]


def dates_on(page: SheetRows, *, date_1904: bool) -> list[Hashable]:
    """Return, for each row of a page, when the incident was and when the council became aware of it.

    None for a row where one of them is missing; NO_DATES for a page with a column for neither.
    """
    days = page.sheet.identity("day")
    if not any(column in page.numbers for column in days):
        return [NO_DATES] * len(page)
    columns = [
        read_column(page.sheet.columns[column], page.cells_in(column), {}, date_1904=date_1904).values
        for column in days
    ]
    return [dates if all(dates) else None for dates in zip(*columns, strict=True)]


def numbers_children(page: SheetRows) -> bool:
    """Return True if most cells of the page's column for the child hold a number or letter, and not a name.

    Rows over which one reference is merged are each about a child too.
    """
    if page.merged_references:
        return True
    cells = [cell for cell in page.cells_in(CHILD) if not is_blank(cell)]
    return CHILD in page.numbers and 2 * sum(bool(child_mark(_text(cell))) for cell in cells) > len(cells)


def comparable(value: object) -> object:
    """Return a value as it is compared with another: of a text only its letters and figures."""
    if isinstance(value, str):
        return "".join(character for character in value.casefold() if character.isalnum()) or value
    return value


def _text(cell: Cell) -> str | None:
    try:
        return parse_text(cell)[0]
    except Unreadable:
        return None


class LogLines:
    """The lines of one log.

    sheet: the schema's sheet of incidents
    pages: the worksheets, in their order
    layout: how the log is laid out
    page_of, row_of: of each line, its page and the number of its row there
    references: of each line, its reference
    types: of each line, the name of the type of notification it is about, None when it does not say
    marks: of each line, the number or letter of its child, "" when it does not say
    cells: by column id of the tracker, the cell of each line; only columns that a page has. The date of a notification
        is in the column that it is the date of.
    date_columns: by line, the column id as which its date of a notification is read
    dated: the cells that come from the date of a notification, as (column id, line)
    unread_types, unread_marks: by line, what is wrong with its type or mark (a predicate), and the remedy
    """

    def __init__(
        self,
        sheet: Sheet,
        pages: Sequence[SheetRows],
        layout: Layout,
        references: Sequence[SplitReference],
        *,
        date_1904: bool,
    ) -> None:
        self.sheet, self.pages, self.layout = sheet, pages, layout
        self.page_of = [page for page in pages for _ in page.rows]
        self.row_of = [row for page in pages for row in page.rows]
        self.references = references
        self._date_1904 = date_1904
        self.cells = {
            column.id: self.cells_in(column.id)
            for column in sheet.column
            if not column.by_script and self.has(column.id)
        }
        self.unread_types: dict[int, tuple[str, str]] = {}
        self.types = self._types()
        self.dated: set[tuple[str, int]] = set()
        self.date_columns: dict[int, str] = {}
        if self.has(DATE):
            self._put_in_dates()
        self.unread_marks: dict[int, tuple[str, str]] = {}
        self.marks = self._marks()

    def __len__(self) -> int:
        return len(self.row_of)

    def has(self, column: str) -> bool:
        """Return True if any page has the column."""
        return any(column in page.numbers for page in self.pages)

    def cells_in(self, column: str) -> list[Cell]:
        """Return the cell of each line in a column of the layout or the tracker."""
        return [cell for page in self.pages for cell in page.cells_in(column)]

    def read(self, column: Column, cells: Sequence[Cell]) -> ColumnValues:
        """Return the values of `cells`, read as the column."""
        own_words = self.pages[0].own_words.get(column.id, {})
        synonyms = layout_schema().synonyms if column.id == TYPE else tracker_schema().synonyms
        return read_column(column, cells, synonyms, own_words, date_1904=self._date_1904)

    def place(self, column: str, line: int) -> Place | None:
        """Return the line's cell in the workbook for a column; None when its page has no such column.

        A cell that comes from the date of a notification is below that heading.
        """
        column = DATE if (column, line) in self.dated else column
        return self._cell(column, line) if column in self.page_of[line].numbers else None

    def place_or_reference(self, column: str, line: int) -> Place:
        """Return the line's cell for a column, or its reference when its page has no such column."""
        return self.place(column, line) or self._cell("reference", line)

    def _cell(self, column: str, line: int) -> Place:
        page = self.page_of[line]
        return Place(page, self.row_of[line], page.numbers[column], page.heading(column))

    def _types(self) -> list[str | None]:
        if not self.has(TYPE):
            return [page.notification_type for page in self.page_of]
        read = self.read(layout_schema().columns[TYPE], self.cells_in(TYPE))
        for line, type_ in enumerate(read.values):
            if not type_:
                fault = read.faults.get(line)
                self.unread_types[line] = (
                    (fault.predicate, fault.remedy)
                    if fault
                    else ("is empty", "Enter which notification the row is about.")
                )
        return [str(type_) if type_ else None for type_ in read.values]

    def _put_in_dates(self) -> None:
        """Put the date of each notification in the column that it is the date of."""
        of_pages = {page.notification_type for page in self.pages}
        for known in layout_schema().type:
            if self.has(TYPE) or known.name in of_pages:
                self.cells.setdefault(self.layout.date_of(known.name), [""] * len(self))
        for line, (cell, type_) in enumerate(zip(self.cells_in(DATE), self.types, strict=True)):
            if DATE not in self.page_of[line].numbers or type_ is None:
                continue
            column = self.layout.date_of(type_)
            self.date_columns[line] = column
            cells = self.cells[column]
            if is_blank(cell):
                continue
            if is_blank(cells[line]):
                cells[line] = cell
                self.dated.add((column, line))
            elif self._differ(self.sheet.columns[column], cells[line], cell):
                places = (self.place_or_reference(column, line), self.place_or_reference(DATE, line))
                cells[line] = Disagreement(tuple(place.address for place in places))

    def _differ(self, column: Column, *cells: Cell) -> bool:
        read = self.read(column, cells)
        one, other = map(comparable, read.values)
        return one != other or any(fault.blocking for fault in read.faults.values())

    def _marks(self) -> list[str]:
        marks = [reference.child for reference in self.references]
        first = 0
        for page in self.pages:
            if self.layout.kind == PER_INCIDENT:
                for merged in page.merged_references:
                    lines = [line for line, row in enumerate(page.rows, first) if row in merged]
                    for number, line in enumerate(lines, 1):
                        marks[line] = marks[line] or str(number)
            if CHILD in page.numbers and numbers_children(page):
                for line, cell in enumerate(page.cells[CHILD], first):
                    if mark := child_mark(_text(cell)):
                        marks[line] = mark
                    elif not is_blank(cell):
                        self.unread_marks[line] = (
                            "is not the number or letter of a child",
                            "Enter 1, 2, 3 or A, B, C.",
                        )
            first += len(page)
        return marks
