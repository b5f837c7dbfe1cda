"""A worksheet as a part of the tracker: which sheet of the schema it is, and which column each heading is."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from tracker_schema.adoption.column_profile import cell_kinds
from tracker_schema.adoption.find_log import Log, Page, find_log
from tracker_schema.adoption.heading_names import heading_names
from tracker_schema.adoption.matches import Match, match_headings
from tracker_schema.columns.schema import ACTIONS, SCOPING, Sheet, plain
from tracker_schema.layouts.choose_sheet import Candidate, choose_sheet
from tracker_schema.layouts.layouts import PER_INCIDENT, Kind

# A log of incidents has at least this many known columns, and this many that no other log has.
_FEWEST_COLUMNS, _FEWEST_TYPICAL = 4, 2
# The columns of which a sheet of that kind must have one each.
NEEDED = {SCOPING: ({"agency"}, {"sent", "returned"}), ACTIONS: ({"action"}, {"owner", "due", "done"})}
# Of our headings on a sheet, people may have deleted so many.
_MAY_BE_DELETED = 2


@dataclass(frozen=True, eq=False)
class Part:
    """One worksheet that is a part of the tracker.

    key: its name in config.toml under [sheets]: the id of a sheet or a type of notification, or “closed”
    sheet: the sheet of the schema
    log: its headings and cells
    matches: the column of each heading
    kind: the layout
    """

    key: str
    sheet: Sheet
    log: Log
    matches: Sequence[Match]
    kind: Kind = PER_INCIDENT

    def __len__(self) -> int:
        """Return the number of the tracker's columns on it."""
        return len(self.numbers)

    @property
    def name(self) -> str:
        """The worksheet's name."""
        return self.log.page.name

    @property
    def numbers(self) -> dict[str, int]:
        """The worksheet's column number of each column, by its id."""
        return {match.column: match.number for match in self.matches if match.column}

    def written_numbers(self) -> set[int]:
        """Return the numbers of the columns that this program has written: all of its headings are there, or nearly."""
        columns = list(self.sheet.written_by_script())
        names = {plain(name) for column in columns for name in (column.heading, *column.aliases)}
        there = {number for number, heading in self.log.headings.items() if plain(heading) in names}
        return there if len(there) >= len(columns) - _MAY_BE_DELETED else set()

    @property
    def candidate(self) -> Candidate:
        """The worksheet as one of several that may be the sheet."""
        names = heading_names(self.sheet)
        there = {names.same(text, self.log.groups.get(number, "")) for number, text in self.log.headings.items()}
        required = {column.id for column in self.sheet.column if column.required}
        lines = zip(*(self.log.cells[number].cells for number in self.numbers.values()), strict=True)
        has_rows = any(sum(cell not in ("", None) for cell in line) > 1 for line in lines)
        return Candidate(self.name, required <= there, not self.log.page.hidden, has_rows)


def chosen(parts: Sequence[Part]) -> Part | None:
    """Return the one of several worksheets that is their sheet, as `check_tracker` chooses it; None if there is none.

    If none of them has every required heading, they are compared as if all had; of equal ones, that with most columns.
    """
    candidates = [part.candidate for part in sorted(parts, key=len, reverse=True)]
    whole = [each for each in candidates if each.is_whole] or [each._replace(is_whole=True) for each in candidates]
    choice = choose_sheet(parts[0].sheet, whole).chosen if parts else None
    return next((part for part in parts if choice and part.name == choice.name), None)


def part_of(page: Page, sheet: Sheet, references: Collection[str] = ()) -> Part | None:
    """Return the page as `sheet`, or None when it is not one.

    `references` are those of the incidents, to which other sheets refer.
    """
    log = find_log(sheet, page)
    part = matched(sheet.id, sheet, log, references) if log else None
    return part if part and _is_whole(part) else None


def _is_whole(part: Part) -> bool:
    known = part.numbers.keys()
    if part.sheet.id in NEEDED:
        return all(known & names for names in NEEDED[part.sheet.id])
    is_typical = len(known) >= _FEWEST_COLUMNS and len(known & set(cell_kinds().typical)) >= _FEWEST_TYPICAL
    return is_typical or part.candidate.is_whole


def matched(key: str, sheet: Sheet, log: Log, references: Collection[str] = ()) -> Part:
    """Return the page as `sheet`, with the column of each heading; those of the script's own columns are left out."""
    ours = {plain(name) for column in sheet.written_by_script() for name in (column.heading, *column.aliases)}
    own = [number for number, heading in log.headings.items() if plain(heading) in ours]
    return Part(key, sheet, log, match_headings(sheet, log, own, references))
