"""Which row of a sheet holds the headings, and which column of the tracker each of them is."""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from tracker_schema.columns import Column, Sheet, plain
from tracker_schema.errors import TrackerUnusable

# Titles, logos and notes stand above the headings, but not more of them than this.
SEARCHED_ROWS = 50


@dataclass(frozen=True)
class Headings:
    """The headings found in one row, by worksheet column number.

    `numbers` maps a column id to its number; `unknown` holds what stands above the columns that are none of ours,
    `repeated` the column id of each further heading that says the same as an earlier one.
    """

    row: int
    numbers: Mapping[str, int]
    texts: Mapping[int, str]
    unknown: Mapping[int, str] = field(default_factory=dict)
    repeated: Mapping[int, str] = field(default_factory=dict)


def find_headings(sheet: Sheet, rows: Sequence[Sequence[Any]], configured: Mapping[str, str], name: str) -> Headings:
    """The headings of `sheet` among the first rows of the worksheet called `name`.

    `rows` are cells from A1 on, `configured` maps a column id to this council's own heading for it ("": it has none,
    whatever a heading may look like). The row that matches most columns is taken. Raises TrackerUnusable when no row
    has the headings that are required.
    """
    found = best_row(sheet, rows, configured)
    required = [column for column in sheet.column if column.required]
    if not found:
        names = " and ".join(f"“{configured.get(column.id) or column.heading}”" for column in required)
        raise TrackerUnusable(
            f"The sheet “{name}” has no row of headings with {names} in its first {SEARCHED_ROWS} rows; correct the "
            f"headings, or name yours in config.toml under [columns.{sheet.id}]."
        )
    for column in required:
        if column.id not in found.numbers:
            raise TrackerUnusable(_no_heading(sheet, column.id, found, configured, name))
    for column_id, heading in configured.items():
        if heading and column_id not in found.numbers and not sheet.columns[column_id].by_script:
            raise TrackerUnusable(
                f"config.toml says that columns.{sheet.id}.{column_id} is headed “{heading}”, but row {found.row} of "
                f"the sheet “{name}” has no such heading; correct the one or the other."
            )
    return found


def best_row(sheet: Sheet, rows: Sequence[Sequence[Any]], configured: Mapping[str, str]) -> Headings | None:
    """The headings in the row, of the first ones, that has the most headings of `sheet`; None when none has any."""
    known = {plain(name) for column in sheet.column for name in _names(column, configured)}
    found = [len(known.intersection(_words(row).values())) for row in rows[:SEARCHED_ROWS]]
    most = max(found, default=0)
    return match(sheet, found.index(most) + 1, rows[found.index(most)], configured) if most else None


def match(sheet: Sheet, number: int, row: Sequence[Any], configured: Mapping[str, str]) -> Headings:
    """The headings in one row. A configured heading goes before all others, and a column's own before any alias."""
    words = _words(row)
    texts = {place: row[place - 1] for place in words}
    numbers: dict[str, int] = {}
    repeated: dict[int, str] = {}
    free = dict(words)
    own_first = sorted(sheet.column, key=lambda column: column.id not in configured)
    for first, last in ((0, 1), (1, None)):
        for column in own_first:
            wanted = {plain(name) for name in _names(column, configured)[first:last]}
            places = [place for place, word in free.items() if word in wanted]
            if places and column.id not in numbers:
                numbers[column.id] = places[0]
                again = [place for place in places[1:] if words[place] == words[places[0]]]
                repeated |= dict.fromkeys(again, column.id)
                for place in (places[0], *again):
                    del free[place]
    return Headings(number, numbers, texts, {place: texts[place] for place in free}, repeated)


def _names(column: Column, configured: Mapping[str, str]) -> tuple[str, ...]:
    """What the column may be headed, its proper heading first; a configured heading allows no other."""
    if column.id in configured:
        return (configured[column.id],) if configured[column.id] else ()
    return (column.heading, *column.aliases)


def _words(row: Sequence[Any]) -> dict[int, str]:
    """Each text of a row as headings are compared, by its column number."""
    return {place: plain(cell) for place, cell in enumerate(row, 1) if isinstance(cell, str) and cell.strip()}


def _no_heading(sheet: Sheet, column_id: str, found: Headings, configured: Mapping[str, str], name: str) -> str:
    column = sheet.columns[column_id]
    heading = configured.get(column_id) or column.heading
    names = [plain(known) for known in (heading, *column.aliases)]
    near = next((text for text in found.unknown.values() if difflib.get_close_matches(plain(text), names, 1, 0.8)), "…")
    return (
        f"Row {found.row} of the sheet “{name}” has no heading “{heading}”; add it, or name the heading that stands "
        f'for it in config.toml: under [columns.{sheet.id}], {column_id} = "{" ".join(near.split())}".'
    )
