"""Where in somebody's workbook the log is: which worksheet, and which of its rows holds the headings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from tracker_schema.adoption.evidence import Evidence, evidence
from tracker_schema.adoption.likeness import likeness
from tracker_schema.columns.headings import SEARCHED_ROWS
from tracker_schema.columns.schema import Sheet, plain

# Nobody writes a longer heading.
LONGEST_HEADING = 90

_ALIKE_ENOUGH = 0.7
_FEWEST_GROUPS = 2
_SHARE_OF_TEXT = 0.8


@dataclass(frozen=True, eq=False)
class Page:
    """A worksheet: its name, its cells from A1 on, whether it is hidden, and whether its days count from 1904."""

    name: str
    rows: Sequence[Sequence[Any]]
    hidden: bool = False
    date_1904: bool = False


@dataclass(frozen=True, eq=False)
class Log:
    """A page taken for a log: the row of its headings, those by column number, the group heading above each where
    there are such, and what stands below each. `score` says how much it looks like one.
    """

    page: Page
    row: int
    headings: Mapping[int, str]
    groups: Mapping[int, str]
    cells: Mapping[int, Evidence] = field(repr=False)
    score: float


def find_log(sheet: Sheet, page: Page) -> Log | None:
    """The row of `page` that looks most like the headings of `sheet`, and what stands below; None when none does."""
    alike = likeness(sheet)
    best, best_score = 0, 0.0
    for number, row in enumerate(page.rows[:SEARCHED_ROWS], 1):
        if not _is_text(row):
            continue
        found: dict[str, float] = {}
        for heading in headings_in(row).values():
            column, like = max(alike.of(heading).items(), key=lambda pair: pair[1])
            if like >= _ALIKE_ENOUGH:
                found[column] = max(found.get(column, 0.0), like)
        score = sum(found.values())
        if score > best_score:
            best, best_score = number, score
    if not best:
        return None
    headings = headings_in(page.rows[best - 1])
    groups: dict[int, str] = {}
    if best > 1 and (found_groups := headings_in(page.rows[best - 2])):
        headings, groups = _below_groups(headings, found_groups)
    return Log(page, best, headings, groups, _below(page, best, tuple(headings.items())), best_score)


@lru_cache(maxsize=64)
def _below(page: Page, row: int, headings: tuple[tuple[int, str], ...]) -> Mapping[int, Evidence]:
    """What stands below each heading of a row; kept, for a page is looked at once for each sheet it may be."""
    lines = [line for line in page.rows[row:] if is_entry(line, dict(headings))]
    return {
        number: evidence([line[number - 1] if number <= len(line) else "" for line in lines], date_1904=page.date_1904)
        for number, _ in headings
    }


def _below_groups(headings: dict[int, str], groups: Mapping[int, str]) -> tuple[dict[int, str], dict[int, str]]:
    """The headings and, by their numbers, the group headings above them.

    One text above is a title. A group heading reaches to the next one; where nothing stands below it, it is a
    heading itself (its cell is merged with the one below).
    """
    if len(groups) < _FEWEST_GROUPS or len(groups) > len(headings):
        return headings, {}
    alone = {number: text for number, text in groups.items() if number not in headings}
    above: dict[int, str] = {}
    for number in headings:
        nearest = max((start for start in groups if start <= number), default=None)
        if nearest is not None and nearest not in alone:
            above[number] = groups[nearest]
    return dict(sorted({**headings, **alone}.items())), above


def _is_text(row: Sequence[Any]) -> bool:
    """Whether a row may be one of headings: nearly all that stands in it is text."""
    filled = [cell for cell in row if cell != ""]
    return sum(isinstance(cell, str) for cell in filled) >= _SHARE_OF_TEXT * len(filled)


def headings_in(row: Sequence[Any]) -> dict[int, str]:
    """The texts of a row that may be headings, by column number."""
    return {
        number: " ".join(cell.split())
        for number, cell in enumerate(row, 1)
        if isinstance(cell, str) and cell.strip() and len(cell) <= LONGEST_HEADING
    }


def is_entry(row: Sequence[Any], headings: Mapping[int, str]) -> bool:
    """Whether a row below the headings is one of the log's: no blank, no note, no headings once more."""
    filled = [number for number in headings if number <= len(row) and row[number - 1] not in ("", None)]
    again = sum(plain(str(row[number - 1])) == plain(headings[number]) for number in filled)
    return len(filled) >= min(2, len(headings)) and again <= len(filled) // 2
