"""The row of headings of a worksheet, and the cells below it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from tracker_schema.adoption.column_profile import ColumnProfile, profile_of
from tracker_schema.adoption.heading_names import heading_names
from tracker_schema.columns.headings import SEARCHED_ROWS
from tracker_schema.columns.schema import Sheet, plain

# A longer text is not a heading.
_LONGEST_HEADING = 90
_SIMILAR_ENOUGH = 70.0
_FEWEST_GROUPS = 2
_SHARE_OF_TEXT = 0.8


@dataclass(frozen=True, eq=False)
class Page:
    """A worksheet.

    name: its name
    rows: its cells, row by row from A1
    hidden: people do not see it
    date_1904: its workbook counts days from 1904
    """

    name: str
    rows: Sequence[Sequence[Any]]
    hidden: bool = False
    date_1904: bool = False


@dataclass(frozen=True, eq=False)
class Log:
    """A worksheet with a row of headings.

    page: the worksheet
    row: the number of the row of headings
    headings: the headings by column number
    groups: the group heading above each of them, where there is one, by column number
    cells: the cells below each heading, by column number
    """

    page: Page
    row: int
    headings: Mapping[int, str]
    groups: Mapping[int, str]
    cells: Mapping[int, ColumnProfile] = field(repr=False)

    @property
    def in_row(self) -> Collection[int]:
        """The numbers of the columns whose heading is in the row itself, and not only in the row of groups above."""
        return _texts(self.page.rows[self.row - 1]).keys()

    def full_heading(self, number: int) -> str:
        """Return the heading, after its group heading where another column has the same one."""
        heading, group = self.headings[number], self.groups.get(number)
        same = sum(plain(other) == plain(heading) for other in self.headings.values())
        return f"{group} / {heading}" if group and same > 1 else heading


def find_log(sheet: Sheet, page: Page) -> Log | None:
    """Return the row of `page` that is most similar to the headings of `sheet`; None when none is."""
    scores = {number: _likeness(sheet, row) for number, row in enumerate(page.rows[:SEARCHED_ROWS], 1) if _is_text(row)}
    row = max(scores, key=lambda number: scores[number], default=0)
    if not row or not scores[row]:
        return None
    headings, groups = _below_groups(_texts(page.rows[row - 1]), _texts(page.rows[row - 2]) if row > 1 else {})
    return Log(page, row, headings, groups, _below(page, row, tuple(headings.items())))


def _likeness(sheet: Sheet, row: Sequence[Any]) -> float:
    """Return how similar the texts of a row are to the headings of a sheet, each of these counted once."""
    found: dict[str, float] = {}
    for heading in _texts(row).values():
        column, similar = max(heading_names(sheet).similar(heading).items(), key=lambda pair: pair[1])
        if similar >= _SIMILAR_ENOUGH:
            found[column] = max(found.get(column, 0.0), similar)
    return sum(found.values())


@lru_cache(maxsize=64)
def _below(page: Page, row: int, headings: tuple[tuple[int, str], ...]) -> Mapping[int, ColumnProfile]:
    """Return the cells below each heading of a row. Cached, because a page is compared with each sheet it may be."""
    lines = [line for line in page.rows[row:] if _is_entry(line, dict(headings))]
    return {
        number: profile_of(
            [line[number - 1] if number <= len(line) else "" for line in lines], date_1904=page.date_1904
        )
        for number, _ in headings
    }


def _below_groups(headings: dict[int, str], groups: Mapping[int, str]) -> tuple[dict[int, str], dict[int, str]]:
    """Return the headings, and by their numbers the group headings above them.

    A single text above is a title. A group heading extends to the next one; with no heading below it, it is itself a
    heading (its cell is merged with the one below).
    """
    if not _FEWEST_GROUPS <= len(groups) <= len(headings):
        return headings, {}
    alone = {number: text for number, text in groups.items() if number not in headings}
    above: dict[int, str] = {}
    for number in headings:
        nearest = max((start for start in groups if start <= number), default=None)
        if nearest is not None and nearest not in alone:
            above[number] = groups[nearest]
    return dict(sorted({**headings, **alone}.items())), above


def _is_text(row: Sequence[Any]) -> bool:
    """True when nearly all of the row's cells are text, so that it may be a row of headings."""
    filled = [cell for cell in row if cell != ""]
    return sum(isinstance(cell, str) for cell in filled) >= _SHARE_OF_TEXT * len(filled)


def _texts(row: Sequence[Any]) -> dict[int, str]:
    """Return the texts of a row that may be headings, by column number."""
    return {
        number: " ".join(cell.split())
        for number, cell in enumerate(row, 1)
        if isinstance(cell, str) and cell.strip() and len(cell) <= _LONGEST_HEADING
    }


def _is_entry(row: Sequence[Any], headings: Mapping[int, str]) -> bool:
    """Return True when a row below the headings is an entry: not blank, a note, or the headings again."""
    filled = [number for number in headings if number <= len(row) and row[number - 1] not in ("", None)]
    again = sum(plain(str(row[number - 1])) == plain(headings[number]) for number in filled)
    return len(filled) >= min(2, len(headings)) and again <= len(filled) // 2
