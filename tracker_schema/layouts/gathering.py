"""A log in any layout made into one frame with a row for each incident, and one with a row for each child.

    the lines of all pages -> which incident each is about, and which child -> each column, out of the lines that are
    about one incident -> what these do not agree on

What several rows say of one fact must be the same, but for the columns that columns.toml names. Where it is not,
neither is taken: the fact cannot be read until somebody corrects it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from typing import Any

from tracker_schema.columns.parsing import is_blank
from tracker_schema.columns.schema import INCIDENTS, Column, Sheet
from tracker_schema.layouts.child_references import split_references
from tracker_schema.layouts.gathered import CombinedRows
from tracker_schema.layouts.layouts import CHILD, DATE, PER_INCIDENT, PREFIX, TYPE, Layout
from tracker_schema.layouts.line_owners import owners_of
from tracker_schema.layouts.log_lines import Lines, references_on, says_which_child, when_it_was
from tracker_schema.layouts.merging import merged
from tracker_schema.layouts.rows import SheetRows
from tracker_schema.problems import Problem, Severity


def gather(sheet: Sheet, pages: Sequence[SheetRows], layout: Layout, *, date_1904: bool) -> SheetRows:
    """The log as a whole, with a row for each incident: a page itself, where that is how it is laid out already.

    `sheet` is the schema's, `pages` are the worksheets in their order.
    """
    if sheet.id != INCIDENTS:
        return pages[0]
    names = [name for page in pages for name in references_on(page, layout)]
    split = split_references(names, lambda: when_it_was(pages, date_1904=date_1904), always=layout.child_in_reference)
    if len(pages) == 1 and layout.kind == PER_INCIDENT and PREFIX not in pages[0].numbers:
        repeated = len(set(names)) < len(names)
        if not any(name.child for name in split) and not (repeated and says_which_child(pages[0])):
            return _plain(pages[0], sheet)
    return _Gathering(Lines(sheet, pages, layout, split, date_1904)).whole()


def _plain(page: SheetRows, sheet: Sheet) -> SheetRows:
    """The page without the columns that only other layouts have a use for."""
    others = page.numbers.keys() - sheet.columns.keys()
    numbers = {column: number for column, number in page.numbers.items() if column not in others}
    unknown = {page.numbers[column]: page.headings[column] for column in others}
    return replace(
        page,
        sheet=sheet,
        cells={column: cells for column, cells in page.cells.items() if column not in others},
        numbers=numbers,
        unknown={**page.unknown, **unknown},
    )


class _Gathering:
    """The work on the lines of one log."""

    def __init__(self, lines: Lines) -> None:
        self.log = lines
        self.layout = lines.layout
        self.remarks: list[Problem] = [remark for page in lines.pages for remark in page.remarks]
        owners = owners_of(lines)
        self.incident_of_line, self.lines_of = owners.incident_of_line, owners.lines_of
        self.lines_of_child, self.incident_of_child = owners.lines_of_child, owners.incident_of_child

    def whole(self) -> CombinedRows:
        """The log with a row for each incident."""
        cells = dict(self.log.cells)
        cells["reference"] = [
            name.stem or cell for name, cell in zip(self.log.names, self.log.cells["reference"], strict=True)
        ]
        several = Counter(self.incident_of_child)
        alone = [incident if several[incident] == 1 else -1 for incident in self.incident_of_line]
        frame: dict[str, list[Any]] = {}
        sources: dict[str, list[int]] = {}
        for column in (self.log.sheet.columns[column] for column in cells):
            groups = alone if column.of_each_child else self.incident_of_line
            found = merged(self.log, column, cells[column.id], groups, len(self.lines_of))
            frame[column.id], sources[column.id] = found
            if column.of_several_rows == "every":
                self._empty_unless_on_each_line(column, *found)
        closed = self._closed(frame)
        children = None
        if len(several) < len(self.incident_of_child):
            children = self._of_children(cells, frame, sources, closed)
            self._take_from_children(children, frame, sources)
        self._remark_on_children_unasked()
        self._remark_on_types()
        for line, says in self.log.unread_marks.items():
            self._remark("child-number", line, CHILD, says)
        self._remark_on_twins()
        return self._sheet(frame, sources, self.lines_of, closed, children=children)

    def _of_children(
        self,
        cells: Mapping[str, list[Any]],
        frame: Mapping[str, list[Any]],
        sources: Mapping[str, list[int]],
        closed: list[bool],
    ) -> CombinedRows:
        """The log with a row for each child; what is not said of a child is that of its incident."""
        count = len(self.lines_of_child)
        own = [-1] * len(self.log.all_lines)
        for child, lines in enumerate(self.lines_of_child):
            for line in lines:
                own[line] = child
        of_child: dict[str, list[Any]] = {}
        child_sources: dict[str, list[int]] = {}
        for column in (self.log.sheet.columns[column] for column in cells):
            if column.of_each_child:
                values, found = merged(self.log, column, cells[column.id], own, count)
                # What a row about all of them says goes for each of whom nothing else is said.
                groups = [
                    incident if child < 0 else -1 for incident, child in zip(self.incident_of_line, own, strict=True)
                ]
                shared, shared_found = merged(self.log, column, cells[column.id], groups, len(self.lines_of))
                for child, incident in enumerate(self.incident_of_child):
                    if found[child] < 0:
                        values[child], found[child] = shared[incident], shared_found[incident]
            else:
                values = [frame[column.id][incident] for incident in self.incident_of_child]
                found = [sources[column.id][incident] for incident in self.incident_of_child]
            of_child[column.id], child_sources[column.id] = values, found
        closed = [closed[incident] for incident in self.incident_of_child]
        return self._sheet(of_child, child_sources, self.lines_of_child, closed, incidents=self.incident_of_child)

    def _take_from_children(
        self, children: CombinedRows, frame: Mapping[str, list[Any]], sources: Mapping[str, list[int]]
    ) -> None:
        """Let an incident with several children say what its gravest child does: of a choice the first in its list."""
        several = Counter(self.incident_of_child)
        wanted = [child for child, incident in enumerate(self.incident_of_child) if several[incident] > 1]
        for column in (self.log.sheet.columns[column] for column in frame):
            if not column.of_each_child:
                continue
            cells = [children.cells[column.id][child] for child in wanted]
            values = self.log.parsed(column, cells).values
            best: dict[int, tuple[int, int]] = {}
            for child, value in zip(wanted, values, strict=True):
                rank = column.choices.index(str(value)) if column.choices and value else len(column.choices)
                incident = self.incident_of_child[child]
                best[incident] = min(best.get(incident, (rank, child)), (rank, child))
            for incident, (_, child) in best.items():
                frame[column.id][incident] = children.cells[column.id][child]
                sources[column.id][incident] = children.sources[column.id][child]

    def _sheet(
        self,
        frame: Mapping[str, list[Any]],
        sources: Mapping[str, list[int]],
        lines_of: Sequence[Sequence[int]],
        closed: list[bool],
        *,
        children: CombinedRows | None = None,
        incidents: Sequence[int] | None = None,
    ) -> CombinedRows:
        first = self.log.pages[0]
        headings = {column.id: first.heading(column.id) for column in self.log.sheet.written_by_script()}
        numbers: dict[str, int] = {}
        for column in frame:
            page = next((page for page in self.log.pages if column in page.numbers), None)
            dated = page or next(page for page in self.log.pages if DATE in page.numbers)
            numbers[column] = dated.numbers[column if page else DATE]
            headings[column] = dated.heading(column if page else DATE)
        return CombinedRows(
            sheet=self.log.sheet,
            name=first.name,
            heading_row=first.heading_row,
            cells=frame,
            rows=[self.log.all_lines[lines[0]][1] for lines in lines_of],
            numbers=numbers,
            headings=headings,
            own_words=first.own_words,
            remarks=() if incidents is not None else self.remarks,
            gathered=self.log.pages,
            all_lines=self.log.all_lines,
            lines_of=lines_of,
            sources=sources,
            dated=frozenset(self.log.dated),
            date_columns=self.log.date_columns,
            closed_by_place=closed,
            of_children=children,
            incidents=incidents,
            other_names={
                name.whole.casefold(): incident
                for name, incident in zip(self.log.names, self.incident_of_line, strict=True)
                if name.whole and name.whole != name.stem
            },
        )

    # Closed

    @cached_property
    def _closed_lines(self) -> list[bool]:
        """Which lines are about something closed: they stand where, or as, what is closed does, or say when."""
        placed = [bool(closed) for page in self.log.pages for closed in page.counted_closed]
        if "closed" not in self.log.cells:
            return placed
        return [here or not is_blank(cell) for here, cell in zip(placed, self.log.cells["closed"], strict=True)]

    def _empty_unless_on_each_line(self, column: Column, values: list[Any], sources: list[int]) -> None:
        """Leave an incident open until each row with its facts says that it is closed; say which does not.

        A row that does not even say when the council became aware leaves all but its own notification to another.
        """
        aware = self.log.cells.get("aware_date") or [""] * len(self.log.all_lines)
        open_lines: dict[int, int] = {}
        for line, incident in enumerate(self.incident_of_line):
            says_all = not is_blank(aware[line]) and column.id in self.log.page_of(line).numbers
            if says_all and not self._closed_lines[line]:
                open_lines.setdefault(incident, line)
        for incident, line in open_lines.items():
            if (source := sources[incident]) >= 0:
                heading = self.log.page_of(source).heading(column.id)
                there, here = self.log.address(source, column.id), self.log.address(line, column.id)
                says = f"“{heading}” is filled in at {there} and not at {here}; the incident is open until both are."
                self._remark("closed-in-part", line, column.id, says)
                values[incident], sources[incident] = "", -1

    def _closed(self, frame: Mapping[str, list[Any]]) -> list[bool]:
        """Which incidents are closed though no row says when."""
        closed = [all(self._closed_lines[line] for line in lines) for lines in self.lines_of]
        # What says when, readable or not, speaks for itself.
        dates = frame.get("closed") or [""] * len(closed)
        return [here and is_blank(date) for here, date in zip(closed, dates, strict=True)]

    # What there is to say

    def _remark_on_children_unasked(self) -> None:
        """Say which references are taken, without a setting, for those of several children of one incident."""
        if self.layout.child_in_reference:
            return
        lines = [line for line, name in enumerate(self.log.names) if name.child]
        if lines:
            stems = ", ".join(dict.fromkeys(str(self.log.names[line].stem) for line in lines))
            says = (
                f"Taken for several children of one incident, by their references and dates: {stems}. If that is not "
                "so, write child_in_reference = false under [layout] in config.toml."
            )
            self.remarks.append(Problem("children-in-reference", "note", self.log.address(lines[0], "reference"), says))

    def _remark_on_types(self) -> None:
        dates = self.log.column(DATE) if self.log.has(DATE) else None
        heading = next((page.heading(TYPE) for page in self.log.pages if TYPE in page.numbers), "")
        for line, why in self.log.unread_types.items():
            lost = dates is not None and not is_blank(dates[line])
            more = ", for its date is not read until then" if lost else ""
            says = f"“{heading}” {why}{more}{'' if (why + more).endswith('?') else '.'}"
            self._remark("notification-type", line, TYPE, says, "error" if lost else "warning")

    def _remark_on_twins(self) -> None:
        """Say which rows are about one and the same child, or one and the same notification of it."""
        seen: dict[tuple[int, str | None, str | None], int] = {}
        for line, (incident, mark, type_) in enumerate(
            zip(self.incident_of_line, self.log.marks, self.log.types, strict=True)
        ):
            if len(self.lines_of[incident]) == 1 or (self.layout.kind != PER_INCIDENT and type_ is None):
                continue
            first = seen.setdefault((incident, mark, type_), line)
            if first != line:
                what = "child" if type_ is None else f"notification, “{type_}”,"
                says = (
                    f"Another row, {self.log.address(first, 'reference')}, is about the same incident and {what} too; "
                    "correct one of them, or say which child each is about."
                )
                self._remark("duplicate-row", line, "reference", says)

    def _remark(self, code: str, line: int, column: str, says: str, severity: Severity = "warning") -> None:
        known = column if column in self.log.sheet.columns else None
        row, incident = self.log.all_lines[line][1], self.incident_of_line[line]
        self.remarks.append(Problem(code, severity, self.log.address(line, column), says, row, known, incident))
