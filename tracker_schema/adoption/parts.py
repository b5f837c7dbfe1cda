"""A worksheet as a part of the tracker: which sheet of the schema it is, and which column each heading is."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from tracker_schema.adoption.column_profile import cell_kinds
from tracker_schema.adoption.find_log import Log, Page, find_log
from tracker_schema.adoption.matches import Headings, Match, match_headings
from tracker_schema.columns.schema import ACTIONS, SCOPING, Sheet, plain
from tracker_schema.layouts.layouts import PER_INCIDENT, Kind

# A log of incidents has at least this many known columns, and this many that no other log has.
_FEWEST_COLUMNS, _FEWEST_TYPICAL = 4, 2
# The columns of which a sheet of that kind must have one each.
NEEDED = {SCOPING: ({"agency"}, {"sent", "returned"}), ACTIONS: ({"action"}, {"owner", "due", "done"})}


@dataclass(frozen=True, eq=False)
class Part:
    """One worksheet that is a part of the tracker.

    key: its name in config.toml under [sheets]: the id of a sheet or a type of notification, or “closed”
    sheet: the sheet of the schema
    log: its headings and cells
    matches: the column of each heading
    theirs: headings that people fill in, by the id of the script's column that has the same name
    kind: the layout
    """

    key: str
    sheet: Sheet
    log: Log
    matches: Sequence[Match]
    theirs: Mapping[str, str]
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


def part_of(page: Page, sheets: Sequence[Sheet], references: Collection[str] = ()) -> Part | None:
    """Return the page as the one of `sheets` that fits best, or None when none does.

    `references` are those of the incidents, to which other sheets refer.
    """
    found = []
    for sheet in sheets:
        log = find_log(sheet, page)
        if log is not None:
            part = matched(sheet.id, sheet, log, references)
            if _is_whole(part):
                found.append(part)
    return max(found, key=len, default=None)


def _is_whole(part: Part) -> bool:
    known = part.numbers.keys()
    if part.sheet.id in NEEDED:
        return all(known & names for names in NEEDED[part.sheet.id])
    return len(known) >= _FEWEST_COLUMNS and len(known & set(cell_kinds().typical)) >= _FEWEST_TYPICAL


def matched(key: str, sheet: Sheet, log: Log, references: Collection[str] = ()) -> Part:
    """Return the page as `sheet`, with the column of each heading; the script's own columns are left out."""
    ours = _ours(sheet, log)
    theirs = {column: heading for column, (number, heading) in ours.items() if log.cells[number].filled}
    if _was_written(sheet, ours, log):
        theirs = {}
    own = {number for column, (number, _) in ours.items() if column not in theirs}
    headings = {number: heading for number, heading in log.headings.items() if number not in own}
    return Part(key, sheet, log, match_headings(sheet, Headings(headings, log.groups, log.cells, references)), theirs)


def _ours(sheet: Sheet, log: Log) -> dict[str, tuple[int, str]]:
    """Return the headings of the columns that this program writes, by the id of the column."""
    names = {plain(n): c.id for c in sheet.written_by_script() for n in reversed((c.heading, *c.aliases))}
    return {names[plain(text)]: (number, text) for number, text in log.headings.items() if plain(text) in names}


def _was_written(sheet: Sheet, ours: Mapping[str, tuple[int, str]], log: Log) -> bool:
    """True when this program has written to the log before: its dates are there, or its words if it writes no date."""
    day_of_check = cell_kinds().day_of_check
    if day_of_check in sheet.columns:
        return day_of_check in ours and log.cells[ours[day_of_check][0]].dated > 0
    status = next(column for column in sheet.written_by_script() if column.choices)
    texts = log.cells[ours[status.id][0]].texts if status.id in ours else ()
    return 2 * sum(text in status.choices for text in texts) > len(texts)
