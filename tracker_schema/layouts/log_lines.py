"""The lines of a log, whatever its layout: every row of every page, and what each says of which notification and child.

A line is a position in the rows of all pages, one page after the other.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from itertools import takewhile
from typing import Any

from tracker_schema.columns.parsing import ColumnValues, Disagreement, Unreadable, is_blank, parse_text, read_column
from tracker_schema.columns.schema import Column, Sheet, tracker_schema
from tracker_schema.layouts.child_references import NOWHERE, Named, child_mark
from tracker_schema.layouts.layouts import CHILD, DATE, PER_INCIDENT, PREFIX, TYPE, Layout, layout_schema
from tracker_schema.layouts.rows import Place, SheetRows


def references_on(page: SheetRows, layout: Layout) -> list[str | None]:
    """The reference of each row of a page, its two parts joined; None where there is none that can be read."""
    references = [_text(cell) for cell in page.cells["reference"]]
    if page.merged_references:
        by_row = dict(zip(page.rows, references, strict=True))
        first_of = {row: rows[0] for rows in page.merged_references for row in rows}
        references = [by_row.get(first_of[row]) if row in first_of else by_row[row] for row in page.rows]
    if PREFIX not in page.numbers:
        return references
    prefixes = [_text(cell) for cell in page.cells[PREFIX]]
    return [
        f"{prefix}{layout.joined_with}{reference}" if prefix and reference else reference
        for prefix, reference in zip(prefixes, references, strict=True)
    ]


def _text(cell: Any) -> str | None:
    try:
        return parse_text(cell)[0]
    except Unreadable:
        return None


def when_it_was(pages: Sequence[SheetRows], *, date_1904: bool) -> list[Hashable]:
    """What has to be the same on rows that are taken, unasked, for one incident: when the council became aware, and
    when it was. None where one of them cannot be told; NOWHERE on a sheet with a column for neither.
    """
    found: list[Hashable] = []
    for page in pages:
        if not {"aware_date", "incident_date"} & page.numbers.keys():
            found += [NOWHERE] * len(page)
            continue
        columns = []
        for column in (page.sheet.columns["aware_date"], page.sheet.columns["incident_date"]):
            columns.append(read_column(column, page.cells_in(column.id), {}, date_1904=date_1904).values)
        found += [pair if all(pair) else None for pair in zip(*columns, strict=True)]
    return found


class Lines:
    """The lines of the `pages` of one log.

    `all_lines` holds for each the position of its page and the number of its row there.
    `cells` holds the cells of each column of the tracker that any page has, by column id; the date of a notification
    stands in the column that it is the date of, and `dated` says which those are, as (column, line). `types` is the
    type of notification of each line, `marks` the number or letter of its child, `names` its reference parted. What
    cannot be read of the types and marks is in `unread_types` and `unread_marks`.
    """

    def __init__(
        self, sheet: Sheet, pages: Sequence[SheetRows], layout: Layout, names: Sequence[Named], date_1904: bool
    ) -> None:
        self.sheet = sheet
        self.pages = pages
        self.layout = layout
        self.date_1904 = date_1904
        self.all_lines = [(number, row) for number, page in enumerate(pages) for row in page.rows]
        self.names = names
        self.cells = {
            column.id: self.column(column.id)
            for column in sheet.column
            if not column.by_script and any(column.id in page.numbers for page in pages)
        }
        self.unread_types: dict[int, str] = {}
        self.types = self._types()
        self.dated: set[tuple[str, int]] = set()
        self.date_columns: dict[int, str] = {}
        self._put_in_dates()
        self.unread_marks: dict[int, str] = {}
        self.marks = self._marks()

    def column(self, column: str) -> list[Any]:
        """The cells of a column of the layout or the tracker, on every line."""
        return [cell for page in self.pages for cell in page.cells_in(column)]

    def page_of(self, line: int) -> SheetRows:
        """The page that the line is on."""
        return self.pages[self.all_lines[line][0]]

    def address(self, line: int, column: str) -> str:
        """Where the line's cell of a column is; where its reference is, if its page has no such column."""
        if (column, line) in self.dated:
            column = DATE
        page, row = self.page_of(line), self.all_lines[line][1]
        column = column if column in page.numbers else "reference"
        return Place(page, row, page.numbers[column], page.heading(column)).address

    def parsed(self, column: Column, cells: Sequence[Any]) -> ColumnValues:
        """What the cells say, read as the column."""
        own_words = self.pages[0].own_words.get(column.id, {})
        synonyms = layout_schema().synonyms if column.id == TYPE else tracker_schema().synonyms
        return read_column(column, cells, synonyms, own_words, date_1904=self.date_1904)

    def _types(self) -> list[str | None]:
        """The type of notification that each line is about."""
        of_page = [page.notification_type for page in self.pages for _ in range(len(page))]
        if not any(TYPE in page.numbers for page in self.pages):
            return of_page
        parsed = self.parsed(layout_schema().columns[TYPE], self.column(TYPE))
        self.unread_types = {
            line: parsed.faults[line].says if line in parsed.faults else "is empty; say which notification the row is"
            for line, type_ in enumerate(parsed.values)
            if not type_
        }
        return [str(type_) if type_ else None for type_ in parsed.values]

    def _put_in_dates(self) -> None:
        """Put the date of each notification in the column that it is the date of."""
        if not any(DATE in page.numbers for page in self.pages):
            return
        of_pages = {page.notification_type for page in self.pages}
        for known in layout_schema().type:
            if self.has(TYPE) or known.name in of_pages:
                self.cells.setdefault(self.layout.date_of(known.name), [""] * len(self.all_lines))
        for line, (cell, type_) in enumerate(zip(self.column(DATE), self.types, strict=True)):
            if DATE not in self.page_of(line).numbers or type_ is None:
                continue
            column = self.layout.date_of(type_)
            self.date_columns[line] = column
            cells = self.cells[column]
            if not is_blank(cell) and is_blank(cells[line]):
                cells[line] = cell
                self.dated.add((column, line))
            elif not is_blank(cell) and self._differ(self.sheet.columns[column], cells[line], cell):
                cells[line] = Disagreement((self.address(line, column), self.address(line, DATE)))

    def _differ(self, column: Column, *cells: Any) -> bool:
        parsed = self.parsed(column, cells)
        one, other = map(comparable, parsed.values)
        return any(fault.blocking for fault in parsed.faults.values()) or one != other

    def _marks(self) -> list[str | None]:
        """Which child of its incident each line is about, where it says so."""
        marks: list[str | None] = [child_mark(name.child) for name in self.names]
        for page in self.pages:
            if self.layout.kind == PER_INCIDENT:
                for rows in page.merged_references:
                    lines = [line for line, row in enumerate(page.rows, self._first_line(page)) if row in rows]
                    for number, line in enumerate(lines, 1):
                        marks[line] = marks[line] or str(number)
            if CHILD not in page.numbers or not says_which_child(page):
                continue
            cells = page.cells[CHILD]
            for line, cell in enumerate(cells, self._first_line(page)):
                mark = child_mark(_text(cell))
                if mark:
                    marks[line] = mark
                elif not is_blank(cell):
                    says = f"“{page.heading(CHILD)}” is not the number or letter of a child; write 1, 2, 3 or A, B, C."
                    self.unread_marks[line] = says
        return marks

    def _first_line(self, page: SheetRows) -> int:
        return sum(len(each) for each in takewhile(lambda each: each is not page, self.pages))

    def has(self, column: str) -> bool:
        """Whether any page has the column."""
        return any(column in page.numbers for page in self.pages)


def says_which_child(page: SheetRows) -> bool:
    """Whether the column of the children's numbers holds that, as a rule: it may be headed so and hold their names.
    Rows over which one reference is merged are each about a child, too.
    """
    if page.merged_references:
        return True
    if CHILD not in page.numbers:
        return False
    cells = [cell for cell in page.cells[CHILD] if not is_blank(cell)]
    return 2 * sum(child_mark(_text(cell)) is not None for cell in cells) > len(cells)


def comparable(value: Any) -> Any:
    """A value as it is compared: of a text its letters and figures."""
    if isinstance(value, str):
        return "".join(character for character in value.casefold() if character.isalnum()) or value
    return value
