"""A worksheet as a part of the tracker: the sheet it is taken for, and its headings matched; our own columns aside."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from tracker_schema.adoption.evidence import looks
from tracker_schema.adoption.finding import Log, Page, find_log
from tracker_schema.adoption.matching import Match, match_headings
from tracker_schema.columns.schema import ACTIONS, SCOPING, Sheet, plain, tracker_schema
from tracker_schema.layouts.layouts import PER_INCIDENT, Kind

# A log of incidents has at least so many columns that are known, so many of which no other log has.
_FEWEST_COLUMNS, _FEWEST_TELLING = 4, 2
# What else a sheet of that kind has to have.
NEEDED = {SCOPING: ({"agency"}, {"sent", "returned"}), ACTIONS: ({"action"}, {"owner", "due", "done"})}


@dataclass(frozen=True, eq=False)
class Part:
    """One worksheet that is part of the tracker.

    `key` says as what, the name of it in config.toml under [sheets]: an id of the schema's sheets or of a type of
    notification, or “closed”. `theirs` maps the id of a column of ours to the heading of one that people fill in.
    """

    key: str
    sheet: Sheet
    log: Log
    matches: Sequence[Match]
    theirs: Mapping[str, str]
    kind: Kind = PER_INCIDENT

    def __len__(self) -> int:
        """How many columns of the tracker are on it."""
        return len(self.numbers)

    @property
    def name(self) -> str:
        """The worksheet's name."""
        return self.log.page.name

    @property
    def numbers(self) -> dict[str, int]:
        """The worksheet's column number of each column, by its id."""
        return {match.column: match.number for match in self.matches if match.column}


def part_of(page: Page) -> Part | None:
    """The page as that part of a tracker which it is most like; None when it is like none."""
    found = []
    for sheet in tracker_schema().sheet:
        log = find_log(sheet, page)
        if log is not None:
            part = matched(sheet.id, sheet, log)
            if _is_whole(part):
                found.append(part)
    return max(found, key=len, default=None)


def _is_whole(part: Part) -> bool:
    known = part.numbers.keys()
    if part.sheet.id in NEEDED:
        return "reference" in known and all(known & names for names in NEEDED[part.sheet.id])
    sure = {match.column for match in part.matches if match.column and match.sure}
    return len(known) >= _FEWEST_COLUMNS and len(sure & set(looks().telling)) >= _FEWEST_TELLING


def matched(key: str, sheet: Sheet, log: Log) -> Part:
    """The page matched as `sheet`, our own columns on it aside."""
    ours = _ours(sheet, log)
    theirs = {column: heading for column, (number, heading) in ours.items() if log.cells[number].filled}
    if _was_written(sheet, ours, log):
        theirs = {}
    own = {number for column, (number, _) in ours.items() if column not in theirs}
    headings = {number: heading for number, heading in log.headings.items() if number not in own}
    matches = match_headings(sheet, headings, log.cells, log.groups)
    return Part(key, sheet, log, _with_what_must_be_there(sheet, matches), theirs)


def _with_what_must_be_there(sheet: Sheet, matches: Sequence[Match]) -> Sequence[Match]:
    """The matches; a column that a log cannot be read without, and that no heading is, with the heading that comes
    nearest to it, to be asked about.
    """
    for column in sheet.column:
        near = max((m for m in matches if m.runner_up == column.id), key=lambda m: 1 - m.confidence, default=None)
        if column.required and near and not any(match.column == column.id for match in matches):
            promoted = replace(near, column=column.id, confidence=1 - near.confidence, runner_up=None)
            matches = [promoted if match is near else match for match in matches]
    return matches


def _ours(sheet: Sheet, log: Log) -> dict[str, tuple[int, str]]:
    """The headings that are those of columns which this program writes, by the id of the column."""
    names = {plain(n): c.id for c in sheet.written_by_script() for n in reversed((c.heading, *c.aliases))}
    return {names[plain(text)]: (number, text) for number, text in log.headings.items() if plain(text) in names}


def _was_written(sheet: Sheet, ours: Mapping[str, tuple[int, str]], log: Log) -> bool:
    """Whether this program has written to the log before: its dates are there, or where it leaves none, its words."""
    if "checked_on" in sheet.columns:
        return "checked_on" in ours and log.cells[ours["checked_on"][0]].dated > 0
    status = next(column for column in sheet.written_by_script() if column.choices)
    texts = log.cells[ours[status.id][0]].texts if status.id in ours else ()
    return 2 * sum(text in status.choices for text in texts) > len(texts)
