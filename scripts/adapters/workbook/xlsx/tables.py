"""Tables (ListObjects) of a sheet, and how one grows: by columns at its right, or by rows at its end."""

from __future__ import annotations

import html
from collections.abc import Sequence
from dataclasses import dataclass

from scripts.adapters.workbook.xlsx import markup
from scripts.adapters.workbook.xlsx.addresses import Range
from scripts.adapters.workbook.xlsx.archive import damaged
from scripts.adapters.workbook.xlsx.markup import Cut, Element
from tracker_schema.errors import TrackerUnusable

LONGEST_HEADING = 255


@dataclass(frozen=True, slots=True)
class Table:
    """A table.

    name                       as formulas use it
    first_row .. last_column   its cells, including heading and totals rows
    header_rows, totals_rows   how many of these it has
    """

    name: str
    first_row: int
    first_column: int
    last_row: int
    last_column: int
    header_rows: int
    totals_rows: int

    @property
    def range(self) -> Range:
        """The cells of the table."""
        return Range(self.first_row, self.first_column, self.last_row, self.last_column)


@dataclass(frozen=True, slots=True)
class TablePart:
    """A table with the XML part that defines it.

    part      the name of the part
    data      its bytes
    root      its tree
    table     the table
    headings  of its columns, in order
    """

    part: str
    data: bytes
    root: Element
    table: Table
    headings: list[str]

    @classmethod
    def parse(cls, part: str, data: bytes) -> TablePart:
        """Return the table that a part defines. Raises TrackerUnusable when the part is damaged."""
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
        headings = [markup.decoded(column.attributes.get("name", "")) for column in root.grandchildren("tableColumns")]
        return cls(part, data, root, table, headings)

    @property
    def heading_row(self) -> int | None:
        """The row of the table's headings; None when it shows none."""
        return self.table.first_row if self.table.header_rows == 1 else None

    def grown(self, headings: Sequence[str] = (), rows: int = 0) -> bytes:
        """Return the bytes of the part with columns of those headings added at the right, and rows added at the end.

        Raises TrackerUnusable when a query fills the table, or it has a column of that name already.
        """
        table, root = self.table, self.root
        if root.attributes.get("tableType", "worksheet") != "worksheet":
            what = "column" if headings else "row"
            raise TrackerUnusable(
                f"The table '{table.name}' is filled by a query, so no {what} can be added.",
                f"Add the {what}s by hand.",
            )
        cuts = [markup.attribute_cut(self.data, root, "ref", str(table.range.grown(rows, len(headings))))]
        found = root.child("autoFilter")
        if found is not None and "ref" in found.attributes:
            area = Range.parse(found.attributes["ref"]).grown(rows, len(headings))
            cuts.append(markup.attribute_cut(self.data, found, "ref", str(area)))
        return markup.splice(self.data, [*cuts, *(self._added(headings) if headings else ())])

    def calculated_formulas(self) -> dict[int, str]:
        """Return the formula that fills a whole column, by the number of the column in the sheet."""
        formulas: dict[int, str] = {}
        for number, column in enumerate(self.root.grandchildren("tableColumns"), self.table.first_column):
            formula = column.child("calculatedColumnFormula")
            if formula is not None and not formula.true("array"):
                formulas[number] = html.unescape(self.data[formula.opened : formula.closing].decode("utf-8", "replace"))
        return formulas

    def _added(self, headings: Sequence[str]) -> list[Cut]:
        """Return the cuts that add columns to the list of columns."""
        columns = self.root.child("tableColumns")
        if columns is None or columns.end == columns.opened or len(columns.children) != len(self.headings):
            raise damaged(f"the table '{self.table.name}' has no columns")
        self._check_names(headings)
        encoding = markup.encoding_of(self.data, self.part)
        highest = max(column.number("id", 0) for column in columns.children)
        added = [
            b'<%btableColumn id="%d" name="%b"/>'
            % (columns.prefix, identifier, markup.escaped(markup.coded(heading, "\t\n\r"), encoding))
            for identifier, heading in enumerate(headings, highest + 1)
        ]
        return [
            markup.attribute_cut(self.data, columns, "count", str(len(columns.children) + len(headings))),
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
                    f"The table '{self.table.name}' has a column '{name}' already.", "Rename one of them."
                )
            taken.add(heading.casefold())
