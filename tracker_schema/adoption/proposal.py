"""A whole workbook as a proposal: which sheets are the log, how it is laid out, and what its columns are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from tracker_schema.adoption.choices import Meaning, meanings
from tracker_schema.adoption.find_log import Page
from tracker_schema.adoption.log_layout import laid_out
from tracker_schema.adoption.matches import Match
from tracker_schema.adoption.parts import NEEDED, Part, part_of
from tracker_schema.columns.schema import INCIDENTS, plain, tracker_schema
from tracker_schema.errors import TrackerUnusable
from tracker_schema.layouts.layouts import Kind

_CLOSED = "closed"


@dataclass(frozen=True, eq=False)
class HeadingRow:
    """One heading, with the question about it if there is one.

    part, match: the worksheet where it is first, and what it is there
    places: the name of the worksheet and the number of the column, wherever it is
    """

    part: Part
    match: Match
    places: list[tuple[str, int]]

    @property
    def sheets(self) -> str:
        """The names of its worksheets."""
        return ", ".join(dict.fromkeys(name for name, _ in self.places))

    @property
    def heading(self) -> str:
        """The heading, with its group heading where another column has the same one."""
        return full_heading(self.part, self.match)


def full_heading(part: Part, match: Match) -> str:
    """Return the heading, after its group heading where another column has the same one."""
    same = sum(plain(heading) == plain(match.heading) for heading in part.log.headings.values())
    group = part.log.groups.get(match.number)
    return f"{group} / {match.heading}" if group and same > 1 else match.heading


def _repeat(part: Part, match: Match) -> str:
    """Return the number of the column for a heading that is on the worksheet more than once, "" for any other."""
    full = plain(full_heading(part, match))
    return str(match.number) if sum(plain(full_heading(part, each)) == full for each in part.matches) > 1 else ""


@dataclass(frozen=True, eq=False)
class Proposal:
    """A workbook as a tracker.

    kind: its layout
    parts: the worksheets that belong to the tracker
    others: the names of its other worksheets
    """

    kind: Kind
    parts: Sequence[Part]
    others: Sequence[str]

    def of(self, sheet_id: str) -> list[Part]:
        """Return the parts that are the schema's sheet with that id."""
        return [part for part in self.parts if part.sheet.id == sheet_id]

    def rows(self) -> list[HeadingRow]:
        """Return every heading once, the doubtful ones first: the same heading of several years is one row."""
        found: dict[tuple[str, str, str], HeadingRow] = {}
        for part in self.parts:
            for match in part.matches:
                key = (
                    INCIDENTS if part.key == _CLOSED else part.key,
                    plain(full_heading(part, match)),
                    _repeat(part, match),
                )
                row = found.get(key)
                if row is None:
                    found[key] = HeadingRow(part, match, [(part.name, match.number)])
                else:
                    row.places.append((part.name, match.number))
        return sorted(found.values(), key=lambda row: row.match.sure)

    def answered(self, row: HeadingRow, column: str | None) -> Proposal:
        """Return the proposal with the heading of `row` as `column` (None: none of ours), and no other as that column.

        Another heading that loses the column is none of ours until somebody says otherwise.
        """
        sheets = {name for name, _ in row.places}

        def settled(part: Part, other: Match) -> Match:
            if (part.name, other.number) in row.places:
                return replace(other, column=column, sure=True, why="")
            loses = column is not None and other.column == column and part.name in sheets
            return replace(other, column=None, sure=False) if loses else other

        parts = [replace(part, matches=[settled(part, other) for other in part.matches]) for part in self.parts]
        return replace(self, parts=parts)

    def certain(self) -> Proposal:
        """Return the proposal without those worksheets, besides the log, of which a required column is not sure."""
        whole = [
            part
            for part in self.parts
            if part.sheet.id == INCIDENTS
            or {column.id for column in part.sheet.column if column.required}
            <= {match.column for match in part.matches if match.sure}
        ]
        others = [*self.others, *(part.name for part in self.parts if part not in whole)]
        return replace(self, parts=whole, others=others)

    def meanings(self) -> list[Meaning]:
        """Return the meanings of the words in columns of choices, and of those for “not yet” in columns of dates.

        All worksheets of incidents are taken together.
        """
        texts: dict[str, list[str]] = {}
        for part in self.of(INCIDENTS):
            for column, number in part.numbers.items():
                if part.sheet.columns[column].type in ("choice", "date"):
                    texts.setdefault(column, []).extend(part.log.cells[number].texts)
        columns = {column.id: column for part in self.of(INCIDENTS) for column in part.sheet.column}
        return [found for column, below in texts.items() for found in meanings(columns[column], below)]


def propose(pages: Sequence[Page], file_name: str) -> Proposal:
    """Return the workbook `file_name`, which has these `pages`, as a tracker.

    Raises TrackerUnusable when it is no log of critical incidents.
    """
    schema = tracker_schema()
    parts = [part for page in pages if (part := part_of(page, [schema.sheets[INCIDENTS]])) is not None]
    logs = [part for part in parts if not part.log.page.hidden] or parts
    if not logs:
        raise _no_tracker(file_name, pages)
    kind, logs = laid_out(logs, pages)
    references = {
        plain(text) for part in logs if (key := part.numbers.get("reference")) for text in part.log.cells[key].texts
    }
    known = {part.name for part in logs}
    taken = list(logs)
    for sheet_id in NEEDED:
        found = [part_of(page, [schema.sheets[sheet_id]], references) for page in pages if page.name not in known]
        if best := max((part for part in found if part), key=len, default=None):
            taken.append(best)
            known.add(best.name)
    names = {part.name for part in taken}
    return Proposal(kind, taken, [page.name for page in pages if page.name not in names])


def _no_tracker(file_name: str, pages: Sequence[Page]) -> TrackerUnusable:
    listed = ", ".join(f"“{page.name}”" for page in pages)
    return TrackerUnusable(
        f"{file_name} is no log of critical incidents. None of its sheets ({listed}) has a row of headings with a "
        "reference, the date the council became aware, and steps such as the decision or the Panel's notification.",
        "Name another workbook, or start one with python -m scripts.new_tracker.",
    )
