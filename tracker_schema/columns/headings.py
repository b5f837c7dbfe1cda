"""Which row of a sheet holds the headings, and which column of the tracker each of them is."""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from tracker_schema.columns.schema import Column, Sheet, plain
from tracker_schema.errors import TrackerUnusable

# Titles, logos and notes stand above the headings, but not more of them than this.
SEARCHED_ROWS = 50


@dataclass(frozen=True)
class HeadingLook:
    """How to look for the headings of a worksheet: its merged cells (first row, first column, last row, last column)
    near the top, how many rows of headings there are (None: that is to be found), and whether other worksheets may have
    those that are missing here.
    """

    merged: Sequence[tuple[int, int, int, int]] = ()
    rows: int | None = None
    partial: bool = False


PLAIN_LOOK = HeadingLook()


@dataclass(frozen=True)
class Headings:
    """The headings found in one row, or in two: a group heading over sub-headings. By worksheet column number.

    `row` is the lower of them. `numbers` maps a column id to its number; `texts` is what stands above each column, the
    group heading before it, and `own_texts` what stands in `row` itself. `unknown` holds what stands above the columns
    that are none of ours, `repeated` the column id of each further heading that says the same as an earlier one.
    """

    row: int
    numbers: Mapping[str, int]
    texts: Mapping[int, str]
    unknown: Mapping[int, str] = field(default_factory=dict)
    repeated: Mapping[int, str] = field(default_factory=dict)
    own_texts: Mapping[int, str] = field(default_factory=dict)


class _Heading(NamedTuple):
    """What stands above a column: as a text, as the words it may be known by with its group heading, and by itself."""

    text: str
    words: frozenset[str]
    own_text: str
    own_word: str


_Row = Mapping[int, _Heading]


def find_headings(
    sheet: Sheet,
    rows: Sequence[Sequence[Any]],
    configured: Mapping[str, str],
    name: str,
    look: HeadingLook = PLAIN_LOOK,
) -> Headings:
    """The headings of `sheet` among the first rows of the worksheet called `name`.

    `rows` are cells from A1 on, `configured` maps a column id to this council's own heading for it ("": it has none,
    whatever a heading may look like). The row that matches most columns is taken, or the two rows that match more.
    Raises TrackerUnusable when none has the headings that are required.
    """
    found = best_row(sheet, rows, configured, look)
    required = [
        column for column in sheet.column if column.required and not (look.partial and column.id != "reference")
    ]
    if not found:
        names = " and ".join(f"“{configured.get(column.id) or column.heading}”" for column in required)
        raise TrackerUnusable(
            f"The sheet “{name}” has no row of headings with {names} in its first {SEARCHED_ROWS} rows; correct the "
            f"headings, or name yours in config.toml under [columns.{sheet.id}]; python -m scripts.adopt_tracker "
            "proposes which is which."
        )
    for column in required:
        if column.id not in found.numbers:
            raise TrackerUnusable(no_heading(sheet, column.id, found, configured, name))
    for column_id, heading in () if look.partial else configured.items():
        if heading and column_id not in found.numbers and not sheet.columns[column_id].by_script:
            raise TrackerUnusable(
                no_configured_heading(sheet, column_id, heading, f"row {found.row} of the sheet “{name}”")
            )
    return found


def no_configured_heading(sheet: Sheet, column_id: str, heading: str, where: str) -> str:
    """The sentence that a heading of config.toml is not `where` it was looked for."""
    return (
        f"config.toml says that columns.{sheet.id}.{column_id} is headed “{heading}”, but {where} has no such heading; "
        "correct the one or the other."
    )


def best_row(
    sheet: Sheet, rows: Sequence[Sequence[Any]], configured: Mapping[str, str], look: HeadingLook = PLAIN_LOOK
) -> Headings | None:
    """The headings in the row, or the two rows, of the first ones, that has most of `sheet`; None when none has any."""
    known = {plain(name) for column in sheet.column for name in _names(column, configured)}
    found: Headings | None = None
    if look.rows != 2:
        in_one = [_in_one_row(row) for row in rows[:SEARCHED_ROWS]]
        matched = [len({heading.own_word for heading in headings.values()} & known) for headings in in_one]
        if most := max(matched, default=0):
            number = matched.index(most)
            found = _match(sheet, number + 1, in_one[number], configured)
    if look.rows != 1:
        for number in range(2, min(len(rows), SEARCHED_ROWS) + 1):
            upper, lower = rows[number - 2], rows[number - 1]
            headings = _in_two_rows(upper, lower, number, look) if _may_be_headings(upper, lower) else {}
            least = len(found.numbers) if found else 0
            if sum(1 for each in headings.values() if each.words & known or each.own_word in known) > least:
                in_two = _match(sheet, number, headings, configured)
                found = in_two if len(in_two.numbers) > least else found
    return found


def _in_one_row(row: Sequence[Any]) -> _Row:
    return {
        place: _Heading(cell, frozenset({plain(cell)}), cell, plain(cell))
        for place, cell in enumerate(row, 1)
        if _is_text(cell)
    }


def _may_be_headings(upper: Sequence[Any], lower: Sequence[Any]) -> bool:
    """Whether two rows may be group headings over sub-headings: there is nothing in the lower but text."""
    return any(map(_is_text, upper)) and any(map(_is_text, lower)) and all(isinstance(cell, str) for cell in lower)


def _in_two_rows(upper: Sequence[Any], lower: Sequence[Any], number: int, look: HeadingLook) -> _Row:
    """The headings of row `number` and the group headings above them."""
    groups = _groups(upper, number - 1, look)
    headings = {}
    for place in range(1, max(len(upper), len(lower)) + 1):
        above = upper[place - 1] if place <= len(upper) else ""
        own = lower[place - 1] if place <= len(lower) else ""
        group = groups.get(place, "")
        if _is_text(own):
            words = {plain(f"{group} {own}"), plain(f"{group}/{own}")} if group else {plain(own)}
            headings[place] = _Heading(f"{group} / {own}" if group else own, frozenset(words), own, plain(own))
        elif _is_text(above):
            headings[place] = _Heading(above, frozenset({plain(above)}), "", plain(above))
    return headings


def _groups(upper: Sequence[Any], number: int, look: HeadingLook) -> dict[int, str]:
    """The group heading over each column: as far as its cell is merged; where no cell of the row is, up to the next."""
    merged = [area for area in look.merged if area[0] <= number <= area[2]]
    groups: dict[int, str] = {}
    last = ""
    for place, cell in enumerate(upper, 1):
        if _is_text(cell):
            last = cell
            groups[place] = cell
        elif last and not merged:
            groups[place] = last
    for _, first, _, last_column in merged:
        text = upper[first - 1] if first <= len(upper) else ""
        if _is_text(text):
            groups |= dict.fromkeys(range(first, last_column + 1), text)
    return groups


def _match(sheet: Sheet, number: int, row: _Row, configured: Mapping[str, str]) -> Headings:
    """The columns of the headings. A configured heading goes before all others, and a column's own before any alias;
    but a heading with its group heading before any of these without it.
    """
    numbers: dict[str, int] = {}
    repeated: dict[int, str] = {}
    texts = {place: heading.text for place, heading in row.items()}
    free = dict(row)
    own_first = sorted(sheet.column, key=lambda column: column.id not in configured)
    for with_group in (True, False):
        for first, last in ((0, 1), (1, None)):
            for column in own_first:
                wanted = {plain(name) for name in _names(column, configured)[first:last]}
                if column.id in numbers or not wanted:
                    continue
                places = [
                    place
                    for place, heading in free.items()
                    if (heading.words & wanted if with_group else heading.own_word in wanted)
                ]
                if places:
                    numbers[column.id] = places[0]
                    if not with_group:
                        texts[places[0]] = row[places[0]].own_text
                    again = [place for place in places[1:] if row[place].words == row[places[0]].words]
                    repeated |= dict.fromkeys(again, column.id)
                    for place in (places[0], *again):
                        del free[place]
    return Headings(
        number,
        numbers,
        texts,
        {place: heading.text for place, heading in free.items()},
        repeated,
        {place: heading.own_text for place, heading in row.items()},
    )


def _names(column: Column, configured: Mapping[str, str]) -> tuple[str, ...]:
    """What the column may be headed, its proper heading first; a configured heading allows no other."""
    if column.id in configured:
        return (configured[column.id],) if configured[column.id] else ()
    return (column.heading, *column.aliases)


def _is_text(cell: Any) -> bool:
    return isinstance(cell, str) and bool(cell.strip())


def no_heading(sheet: Sheet, column_id: str, found: Headings, configured: Mapping[str, str], name: str) -> str:
    """The sentence that the sheet called `name` lacks the heading of a column that must be there."""
    column = sheet.columns[column_id]
    heading = configured.get(column_id) or column.heading
    names = [plain(known) for known in (heading, *column.aliases)]
    near = next((text for text in found.unknown.values() if difflib.get_close_matches(plain(text), names, 1, 0.8)), "…")
    return (
        f"Row {found.row} of the sheet “{name}” has no heading “{heading}”; add it, or name the heading that stands "
        f'for it in config.toml: under [columns.{sheet.id}], {column_id} = "{" ".join(near.split())}".'
    )
