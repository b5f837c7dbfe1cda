"""Tables (ListObjects) of a sheet: where they are, and how one grows by columns at its right or rows at its end."""

from __future__ import annotations

import html
from collections.abc import Sequence
from dataclasses import dataclass

from scripts.adapters.workbook.xlsx import markup
from scripts.adapters.workbook.xlsx.addresses import Range
from scripts.adapters.workbook.xlsx.archive import damaged
from scripts.adapters.workbook.xlsx.markup import Cut, Element
from scripts.adapters.workbook.xlsx.text import spelt, unspelt
from tracker_schema.errors import TrackerUnusable

LONGEST_HEADING = 255


@dataclass(frozen=True, slots=True)
class Table:
    """A table's name, its range with heading and totals rows, and how many of those it has."""

    name: str
    first_row: int
    first_column: int
    last_row: int
    last_column: int
    header_rows: int
    totals_rows: int

    @property
    def range(self) -> Range:
        """The cells it covers."""
        return Range(self.first_row, self.first_column, self.last_row, self.last_column)


@dataclass(frozen=True, slots=True)
class TablePart:
    """A table with the part that holds it."""

    part: str
    data: bytes
    root: Element
    table: Table
    headings: list[str]

    @classmethod
    def parse(cls, part: str, data: bytes) -> TablePart:
        """The table in a part; raises TrackerUnusable when it is damaged."""
        root = markup.parse(data, part)
        area = Range.parse(root.attributes.get("ref", ""))
        table = Table(
            root.attributes.get("displayName") or root.attributes.get("name", ""),
            area.first_row,
            area.first_column,
            area.last_row,
            area.last_column,
            root.number("headerRowCount", 1),
            root.number("totalsRowCount", 0),
        )
        columns = root.child("tableColumns")
        names = [column.attributes.get("name", "") for column in columns.children] if columns else []
        return cls(part, data, root, table, [unspelt(name) for name in names])

    @property
    def heading_row(self) -> int | None:
        """The row that holds the table's headings, or None when it shows none."""
        return self.table.first_row if self.table.header_rows == 1 else None

    def grown(self, headings: Sequence[str] = (), rows: int = 0) -> bytes:
        """The bytes of the part when the table has those columns more, at its right, and so many rows, at its end.

        Raises TrackerUnusable when its columns and rows come from outside, or it has a column of such a name.
        """
        table, root = self.table, self.root
        if root.attributes.get("tableType", "worksheet") != "worksheet":
            what = "column" if headings else "row"
            raise TrackerUnusable(
                f"The table '{table.name}' is filled by a query, so no {what} can be added; add the {what}s by hand."
            )
        cuts = [self._with(root, "ref", str(_grown(table.range, len(headings), rows)))]
        found = root.child("autoFilter")
        if found is not None and "ref" in found.attributes:
            area = _grown(Range.parse(found.attributes["ref"]), len(headings), rows)
            cuts.append(self._with(found, "ref", str(area)))
        return markup.splice(self.data, [*cuts, *(self._added(headings) if headings else ())])

    def calculated_formulas(self) -> dict[int, str]:
        """The formula that fills a column, by the number of that column in the sheet, where one does."""
        columns = self.root.child("tableColumns")
        formulas: dict[int, str] = {}
        for number, column in enumerate(columns.children if columns else (), self.table.first_column):
            formula = column.child("calculatedColumnFormula")
            if formula is not None and not formula.true("array"):
                formulas[number] = html.unescape(self.data[formula.opened : formula.closing].decode("utf-8", "replace"))
        return formulas

    def _added(self, headings: Sequence[str]) -> list[Cut]:
        """What adds columns to the list of them."""
        columns = self.root.child("tableColumns")
        if columns is None or columns.end == columns.opened or len(columns.children) != len(self.headings):
            raise damaged(f"the table '{self.table.name}' has no columns")
        self._check_names(headings)
        encoding = markup.encoding_of(self.data, self.part)
        highest = max(column.number("id", 0) for column in columns.children)
        added = [
            b'<%btableColumn id="%d" name="%b"/>'
            % (columns.prefix, identifier, markup.escaped(spelt(heading, "\t\n\r"), encoding))
            for identifier, heading in enumerate(headings, highest + 1)
        ]
        return [
            self._with(columns, "count", str(len(columns.children) + len(headings))),
            (columns.closing, columns.closing, b"".join(added)),
        ]

    def _check_names(self, headings: Sequence[str]) -> None:
        taken = {heading.casefold() for heading in self.headings}
        for heading in headings:
            if not heading or len(heading) > LONGEST_HEADING:
                raise TrackerUnusable(
                    f"A column of the table '{self.table.name}' needs a heading of 1 to {LONGEST_HEADING} characters."
                )
            if heading.casefold() in taken:
                name = " ".join(heading.split())
                raise TrackerUnusable(
                    f"The table '{self.table.name}' has a column '{name}' already; rename one of them."
                )
            taken.add(heading.casefold())

    def _with(self, element: Element, attribute: str, value: str) -> Cut:
        tag = self.data[element.start : element.opened]
        return element.start, element.opened, markup.set_attribute(tag, attribute, value)


def _grown(area: Range, columns: int, rows: int) -> Range:
    return Range(area.first_row, area.first_column, area.last_row + rows, area.last_column + columns)
