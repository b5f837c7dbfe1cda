"""A whole workbook as a proposal: which sheets are the log, how it is laid out, and what its columns are."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from itertools import zip_longest

from tracker_schema.adoption.choices import Meaning, meanings
from tracker_schema.adoption.find_log import Page
from tracker_schema.adoption.log_layout import CLOSED, laid_out
from tracker_schema.adoption.matches import Match
from tracker_schema.adoption.parts import NEEDED, Part, chosen, part_of
from tracker_schema.columns.problems import Problem
from tracker_schema.columns.schema import INCIDENTS, Column, plain, tracker_schema
from tracker_schema.errors import TrackerUnusable
from tracker_schema.layouts.choose_sheet import Choice, choose_sheet, remarks_on_others
from tracker_schema.layouts.layouts import Kind

# A sheet with fewer of the log's references mentions them by chance.
_FEWEST_REFERENCES = 3


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
    def heading(self) -> str:
        """The heading, with its group heading where another column has the same one."""
        return self.part.log.full_heading(self.match.number)


@dataclass(frozen=True, eq=False)
class Proposal:
    """A workbook as a tracker.

    kind: its layout
    parts: the worksheets that belong to the tracker
    asked: the worksheets with the headings of the log of which a person says whether they belong to it
    names: the names of all its worksheets
    referring: of those that do not belong to the tracker, the names of those with a column of the log's references
    """

    kind: Kind
    parts: Sequence[Part]
    asked: Sequence[Part]
    names: Sequence[str]
    referring: Sequence[str] = ()

    def of(self, sheet_id: str) -> list[Part]:
        """Return the parts that are the schema's sheet with that id."""
        return [part for part in self.parts if part.sheet.id == sheet_id]

    def incident_columns(self) -> dict[str, Column]:
        """Return the columns of all worksheets of incidents, by their id."""
        return {column.id: column for part in self.of(INCIDENTS) for column in part.sheet.column}

    @property
    def others(self) -> list[str]:
        """The names of the worksheets that do not belong to the tracker."""
        return [name for name in self.names if name not in {part.name for part in self.parts}]

    def remarks(self) -> list[Problem]:
        """Return remarks on other worksheets that could be the log, or that have its references."""
        log = self.of(INCIDENTS)[0]
        left_out = [part.candidate._replace(is_whole=True) for part in self.asked if part.name in self.others]
        likeliest = choose_sheet(log.sheet, left_out)
        others = [each for each in (likeliest.chosen, *likeliest.others) if each]
        referring = [
            Problem(
                "has-references",
                "warning",
                f"{name}!A1",
                f"The sheet “{name}” has references of the log, but not the headings of returns or of actions.",
                f'If it is one of these, name it in config.toml, as in sheets.scoping = "{name}", with its headings.',
            )
            for name in self.referring
        ]
        return [*remarks_on_others(log.sheet, Choice(log.candidate, others)), *referring]

    def rows(self) -> list[HeadingRow]:
        """Return every heading once, the doubtful ones first: the same heading of several years is one row."""
        found: dict[tuple[str, str, int], HeadingRow] = {}
        for part in self.parts:
            full = {match.number: plain(part.log.full_heading(match.number)) for match in part.matches}
            for match in part.matches:
                heading = full[match.number]
                # A heading that is on one worksheet more than once is told apart by its column.
                column = match.number if list(full.values()).count(heading) > 1 else 0
                key = INCIDENTS if part.key == CLOSED else part.key, heading, column
                found.setdefault(key, HeadingRow(part, match, [])).places.append((part.name, match.number))
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

    def with_sheet(self, part: Part, *, belongs: bool) -> Proposal:
        """Return the proposal with `part`, one of those asked about, in the log or not."""
        others = [other for other in self.parts if other.name != part.name]
        last = max(number for number, other in enumerate(others, 1) if other.sheet.id == INCIDENTS)
        return replace(self, parts=[*others[:last], *([part] if belongs else []), *others[last:]])

    def certain(self) -> Proposal:
        """Return the proposal without the worksheets that are not sure to belong to the tracker."""
        doubtful = {part.name for part in self.asked}
        for part in self.parts:
            sure = {match.column for match in part.matches if match.sure}
            required = {column.id for column in part.sheet.column if column.required}
            doubtful |= {part.name} if part.sheet.id != INCIDENTS and not required <= sure else set()
        return replace(self, parts=[part for part in self.parts if part.name not in doubtful])

    def meanings(self) -> list[Meaning]:
        """Return the meanings of the words in columns of choices, and of those for “not yet” in columns of dates.

        All worksheets of incidents are taken together.
        """
        texts: dict[str, list[str]] = {}
        for part in self.of(INCIDENTS):
            for column, number in part.numbers.items():
                if part.sheet.columns[column].type in ("choice", "date"):
                    texts.setdefault(column, []).extend(part.log.cells[number].texts)
        columns = self.incident_columns()
        return [found for column, below in texts.items() for found in meanings(columns[column], below)]


def propose(pages: Sequence[Page], file_name: str) -> Proposal:
    """Return the workbook `file_name`, which has these `pages`, as a tracker.

    Raises TrackerUnusable when it is no log of critical incidents.
    """
    sheets = tracker_schema().sheets
    logs = [part for page in pages if (part := part_of(page, sheets[INCIDENTS]))]
    if not logs:
        raise _no_tracker(file_name, pages)
    found = laid_out(logs, pages)
    parts = list(found.parts)
    references = {
        plain(text) for part in parts if (key := part.numbers.get("reference")) for text in part.log.cells[key].texts
    }
    known = {part.name for part in logs} | {part.name for part in parts}
    for sheet_id in NEEDED:
        alike = [part_of(page, sheets[sheet_id], references) for page in pages if page.name not in known]
        if best := chosen([part for part in alike if part]):
            parts.append(best)
            known.add(best.name)
    referring = [
        page.name for page in pages if page.name not in known and not page.hidden and _refers(page, references)
    ]
    return Proposal(found.kind, parts, found.asked, [page.name for page in pages], referring)


def _refers(page: Page, references: Collection[str]) -> bool:
    """Return True if most cells of a column below its heading are references of the log."""
    for column in zip_longest(*page.rows, fillvalue=""):
        below = [plain(str(cell)) for cell in column if cell not in ("", None)][1:]
        known = sum(cell in references for cell in below)
        if known >= _FEWEST_REFERENCES and 2 * known >= len(below):
            return True
    return False


def _no_tracker(file_name: str, pages: Sequence[Page]) -> TrackerUnusable:
    listed = ", ".join(f"“{page.name}”" for page in pages)
    return TrackerUnusable(
        f"{file_name} is no log of critical incidents. None of its sheets ({listed}) has a row of headings with a "
        "reference, the date the council became aware, and steps such as the decision or the Panel's notification.",
        "Name another workbook, or start one with python -m scripts.new_tracker.",
    )
