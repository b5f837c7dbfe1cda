"""Tables (ListObjects) of a sheet: where they are, and how one grows by columns at its right edge."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from scripts.adapters.xlsx import markup
from scripts.adapters.xlsx.addresses import Range
from scripts.adapters.xlsx.archive import damaged
from scripts.adapters.xlsx.markup import Cut, Element
from scripts.adapters.xlsx.text import spelt, unspelt
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

    def grown(self, headings: Sequence[str]) -> bytes:
        """The bytes of the part when the table has those columns more, at its right.

        Raises TrackerUnusable when its columns come from outside, or it has a column of such a name.
        """
        table, root = self.table, self.root
        if root.attributes.get("tableType", "worksheet") != "worksheet":
            raise TrackerUnusable(
                f"The table '{table.name}' is filled by a query, so no column can be added; add the columns by hand."
            )
        columns = root.child("tableColumns")
        if columns is None or columns.end == columns.opened or len(columns.children) != len(self.headings):
            raise damaged(f"the table '{table.name}' has no columns")
        self._check_names(headings)
        area = table.range
        new_area = Range(area.first_row, area.first_column, area.last_row, area.last_column + len(headings))
        cuts = [self._with(root, "ref", str(new_area)), *self._filter_cut(len(headings))]
        cuts.append(self._with(columns, "count", str(len(columns.children) + len(headings))))
        encoding = markup.encoding_of(self.data, self.part)
        highest = max(column.number("id", 0) for column in columns.children)
        added = [
            b'<%btableColumn id="%d" name="%b"/>'
            % (columns.prefix, identifier, markup.escaped(spelt(heading, "\t\n\r"), encoding))
            for identifier, heading in enumerate(headings, highest + 1)
        ]
        cuts.append((columns.closing, columns.closing, b"".join(added)))
        return markup.splice(self.data, cuts)

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

    def _filter_cut(self, count: int) -> list[Cut]:
        found = self.root.child("autoFilter")
        if found is None or "ref" not in found.attributes:
            return []
        area = Range.parse(found.attributes["ref"])
        wider = Range(area.first_row, area.first_column, area.last_row, area.last_column + count)
        return [self._with(found, "ref", str(wider))]

    def _with(self, element: Element, attribute: str, value: str) -> Cut:
        tag = self.data[element.start : element.opened]
        return element.start, element.opened, markup.set_attribute(tag, attribute, value)
