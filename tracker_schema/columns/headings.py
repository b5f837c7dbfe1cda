"""The row of headings of a sheet, and the column of the tracker that each of them is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from tracker_schema.columns.schema import Column, Sheet, exact, plain
from tracker_schema.errors import TrackerUnusable
from tracker_schema.wording import nearest

# Titles, logos and notes are above the headings, but never more rows of them than this.
SEARCHED_ROWS = 50


@dataclass(frozen=True)
class HeadingSearch:
    """How to search a worksheet for its headings.

    merged: its merged cells near the top, each as first row, first column, last row, last column
    rows: how many rows of headings there are; None: one or two, as many as match more columns
    partial: other worksheets may have the headings that are missing here
    """

    merged: Sequence[tuple[int, int, int, int]] = ()
    rows: int | None = None
    partial: bool = False


PLAIN_SEARCH = HeadingSearch()


@dataclass(frozen=True)
class Headings:
    """The headings in one row, or in two: group headings above, headings below.

    row: the number of the row, the lower of two
    numbers: by column id, the number of the column in the worksheet
    texts: by column number, the heading with its group heading
    unknown: by column number, the headings that are none of the schema's
    repeated: by column number, the column id of a heading that is there for the second time
    own_texts: by column number, the heading in `row` alone
    """

    row: int
    numbers: Mapping[str, int]
    texts: Mapping[int, str]
    unknown: Mapping[int, str] = field(default_factory=dict)
    repeated: Mapping[int, str] = field(default_factory=dict)
    own_texts: Mapping[int, str] = field(default_factory=dict)


class _Heading(NamedTuple):
    """The heading of one column.

    text: the heading with its group heading
    words: the same as headings are compared, in each way it may be written
    own_text, own_word: the heading without its group heading
    """

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
    search: HeadingSearch = PLAIN_SEARCH,
) -> Headings:
    """Return the headings of `sheet` among the first rows of the worksheet called `name`.

    `rows` are cells from A1 on. `configured` maps a column id to this council's own heading for it ("": the log has no
    such column, whatever a heading may look like). The row that matches most columns is taken, or the two rows that
    match more. Raises TrackerUnusable when none has the headings that are required.
    """
    headings = best_row(sheet, rows, configured, search)
    required = [
        column for column in sheet.column if column.required and not (search.partial and column.id != "reference")
    ]
    if not headings:
        names = " and ".join(f"“{configured.get(column.id) or column.heading}”" for column in required)
        raise TrackerUnusable(
            f"The sheet “{name}” has no row of headings with {names} in its first {SEARCHED_ROWS} rows.",
            f"Correct the headings, or name yours in config.toml under [columns.{sheet.id}]; "
            "python -m scripts.adopt_tracker proposes which is which.",
        )
    for column in required:
        if column.id not in headings.numbers:
            raise _missing_heading(sheet, column.id, headings, configured, name)
    for column_id, heading in () if search.partial else configured.items():
        if heading and column_id not in headings.numbers and not sheet.columns[column_id].by_script:
            raise missing_configured_heading(sheet, column_id, heading, f"row {headings.row} of the sheet “{name}”")
    return headings


class HeadingMissing(TrackerUnusable):
    """The workbook lacks a heading that config.toml names.

    sheet     the id of the sheet
    column    the id of the column
    """

    def __init__(self, problem: str, remedy: str, sheet: str, column: str) -> None:
        super().__init__(problem, remedy)
        self.sheet = sheet
        self.column = column


def missing_configured_heading(sheet: Sheet, column_id: str, heading: str, where: str) -> HeadingMissing:
    """Return the error that `where`, a row or some sheets, lacks a heading that config.toml names."""
    return HeadingMissing(
        f"config.toml says that columns.{sheet.id}.{column_id} is headed “{heading}”, but {where} has no such heading.",
        "Correct config.toml, or the heading.",
        sheet.id,
        column_id,
    )


def best_row(
    sheet: Sheet, rows: Sequence[Sequence[Any]], configured: Mapping[str, str], search: HeadingSearch = PLAIN_SEARCH
) -> Headings | None:
    """Return the headings in the row, or two rows, with most columns of `sheet`; None when no row has any."""
    known = {plain(name) for column in sheet.column for name in _names(column, configured)}
    found: Headings | None = None
    if search.rows != 2:
        in_one = [_in_one_row(row) for row in rows[:SEARCHED_ROWS]]
        matched = [len({heading.own_word for heading in headings.values()} & known) for headings in in_one]
        if most := max(matched, default=0):
            number = matched.index(most)
            found = _match(sheet, number + 1, in_one[number], configured)
    if search.rows != 1:
        for number in range(2, min(len(rows), SEARCHED_ROWS) + 1):
            upper, lower = rows[number - 2], rows[number - 1]
            headings = _in_two_rows(upper, lower, number, search) if _may_be_headings(upper, lower) else {}
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
    """Return True if two rows may be group headings and headings: the lower holds nothing but text."""
    return any(map(_is_text, upper)) and any(map(_is_text, lower)) and all(isinstance(cell, str) for cell in lower)


def _in_two_rows(upper: Sequence[Any], lower: Sequence[Any], number: int, search: HeadingSearch) -> _Row:
    """Return the headings of row `number`, each with its group heading."""
    groups = _groups(upper, number - 1, search)
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


def _groups(upper: Sequence[Any], number: int, search: HeadingSearch) -> dict[int, str]:
    """Return the group heading of each column.

    It reaches as far as its cell is merged; in a row without merged cells, up to the next group heading.
    """
    merged = [area for area in search.merged if area[0] <= number <= area[2]]
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
    """Return which column of the sheet each heading is.

    A heading that matches with its group heading goes first. Of those that match alike, a configured heading goes
    first, then the column's own heading, then its aliases.
    """
    numbers: dict[str, int] = {}
    repeated: dict[int, str] = {}
    texts = {place: heading.text for place, heading in row.items()}
    free = dict(row)
    own_first = sorted(sheet.column, key=lambda column: column.id not in configured)
    _match_exactly(own_first, configured, free, numbers, repeated, texts)
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


def _match_exactly(
    columns: Sequence[Column],
    configured: Mapping[str, str],
    free: dict[int, _Heading],
    numbers: dict[str, int],
    repeated: dict[int, str],
    texts: dict[int, str],
) -> None:
    """Match the headings in config.toml that are there letter by letter, before any that only look like them."""
    for column in columns:
        wanted = exact(configured.get(column.id, ""))
        places = [
            place
            for place, heading in free.items()
            if wanted and wanted in (exact(heading.text), exact(heading.own_text))
        ]
        if places:
            first = free[places[0]]
            numbers[column.id] = places[0]
            if exact(first.text) != wanted:
                texts[places[0]] = first.own_text
            again = [place for place in places if free[place].words == first.words]
            repeated |= dict.fromkeys(again[1:], column.id)
            for place in again:
                del free[place]


def _names(column: Column, configured: Mapping[str, str]) -> tuple[str, ...]:
    """Return the headings that the column may have, its own first; a configured heading allows no other."""
    if column.id in configured:
        return (configured[column.id],) if configured[column.id] else ()
    return (column.heading, *column.aliases)


def _is_text(cell: Any) -> bool:
    return isinstance(cell, str) and bool(cell.strip())


def _missing_heading(
    sheet: Sheet, column_id: str, headings: Headings, configured: Mapping[str, str], name: str
) -> TrackerUnusable:
    column = sheet.columns[column_id]
    heading = configured.get(column_id) or column.heading
    names = [plain(known) for known in (heading, *column.aliases)]
    near = next((text for text in headings.unknown.values() if nearest(plain(text), names, likeness=0.8)), "…")
    return TrackerUnusable(
        f"Row {headings.row} of the sheet “{name}” has no heading “{heading}”.",
        f"Add it, or give your heading for it in config.toml, under [columns.{sheet.id}]: "
        f'{column_id} = "{" ".join(near.split())}".',
    )
