"""Which heading of a worksheet is which column: what is certain, and a question with suggestions for everything else.

A heading is certain if it is a column's heading or alias and the cells below agree. A heading that is similar, whose
cells contradict it, or whose cells are of the kind of a column that a clock needs and that is still missing, is asked
about. Every other heading is none of ours.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from tracker_schema.adoption.column_profile import ColumnProfile, cell_kinds
from tracker_schema.adoption.heading_names import HeadingNames, heading_names
from tracker_schema.clocks.clocks import default_clocks
from tracker_schema.columns.schema import ACTIONS, Column, Sheet, plain
from tracker_schema.layouts.layouts import DATE
from tracker_schema.wording import nearest

_SAME, _HOLDS_REFERENCES = 200.0, 300.0
# From here on a similar heading is suggested; from there on it is the proposal.
_SUGGESTED, _PROPOSED = 60.0, 75.0
_MOST_SUGGESTIONS = 4
# The likeness from which check_tracker suggests a heading.
_OF_CHECK = 0.8
_ENOUGH = 0.5
_OTHER_KIND = "its cells are of another kind"


@dataclass(frozen=True)
class Match:
    """One heading and its column.

    number: the worksheet's column number, from 1
    heading: its text
    column: the id of our column, or of the proposed one if it is not sure; None: none of ours
    sure: no question is needed
    suggestions: the ids of the columns that it may be, the likeliest first
    kinds: short sentences about the cells, without a word of them
    why: why there is a question, "" when there is none
    """

    number: int
    heading: str
    column: str | None
    sure: bool
    suggestions: Sequence[str]
    kinds: Sequence[str]
    why: str = ""


@dataclass(frozen=True)
class Headings:
    """The headings of a worksheet to be matched.

    texts, groups, cells: by column number the heading, the group heading above it, and the cells below it
    references: the references of the incidents, for another sheet that refers to them
    """

    texts: Mapping[int, str]
    groups: Mapping[int, str]
    cells: Mapping[int, ColumnProfile]
    references: Collection[str] = ()


def match_headings(sheet: Sheet, headings: Headings) -> list[Match]:
    """Return for each of the headings the column of `sheet` that it is, or the question about it."""
    names = heading_names(sheet)
    scores = {
        number: {column: score for column, score in _scores(sheet, names, headings, number) if score >= _SUGGESTED}
        for number in sorted(headings.texts)
    }
    pairs = _best_pairs(scores)
    taken = set(pairs.values())
    missing = [column for column in sheet.column if column.id not in taken and not column.by_script]
    same = Counter(column for number, text in headings.texts.items() if (column := names.same(text)))
    return [
        _match(number, sheet, headings, scores[number], pairs.get(number), missing, same) for number in sorted(scores)
    ]


def _scores(sheet: Sheet, names: HeadingNames, headings: Headings, number: int) -> Iterator[tuple[str, float]]:
    heading, group = headings.texts[number], headings.groups.get(number, "")
    cells = headings.cells[number]
    same = names.same(heading, group)
    alone = names.similar(heading)
    together = names.similar(f"{group} {heading}") if group else alone
    for column_id, similar in alone.items():
        column = sheet.columns[column_id]
        score = max(similar, together[column_id])
        if column_id == same:
            score = _SAME
        if column is _key(sheet) and headings.references and _holds(cells, headings.references):
            score = _HOLDS_REFERENCES
        yield column_id, score - (30.0 if _agrees(column, cells) is False else 0.0)


def _best_pairs(scores: Mapping[int, Mapping[str, float]]) -> dict[int, str]:
    """Return the proposed column of each heading that has one, each column for one heading only."""
    ranked = sorted((-score, number, column) for number, of in scores.items() for column, score in of.items())
    pairs: dict[int, str] = {}
    for score, number, column in ranked:
        if -score >= _PROPOSED and number not in pairs and column not in pairs.values():
            pairs[number] = column
    return pairs


def _match(
    number: int,
    sheet: Sheet,
    headings: Headings,
    scores: Mapping[str, float],
    column_id: str | None,
    missing: Sequence[Column],
    same: Mapping[str, int],
) -> Match:
    """Return one heading with its column, or with the question about it."""
    heading, cells = headings.texts[number], headings.cells[number]
    column = sheet.columns[column_id] if column_id else None
    names = heading_names(sheet)
    likely = sorted(scores, key=lambda each: -scores[each])
    others = {each.id: _chance(each, names, heading, cells) for each in missing if each.id in needed_columns(sheet)}
    others = {each: chance for each, chance in sorted(others.items(), key=lambda item: -item[1]) if chance}
    by_cells = [each.id for each in missing if each.personal and _has_kind(each, cells)]
    suggestions = list(dict.fromkeys([*([column_id] if column_id else []), *likely[:2], *by_cells, *others]))
    is_key = column is _key(sheet) and bool(headings.references and cells.informative)
    why = _why(heading, headings, number, column, same, is_key=is_key) if column else ""
    if why == _OTHER_KIND and column and column.type == "date":
        column_id = None  # such as “Closed” over Yes and No
    if column is None:
        spelt = {plain(name): each.id for each in missing for name in (each.heading, *each.aliases)}
        near = nearest(plain(heading), spelt, likeness=_OF_CHECK)
        if near:
            suggestions = list(dict.fromkeys([spelt[near], *suggestions]))
        if near or likely:
            why = f"similar to “{sheet.columns[suggestions[0]].heading}”"
        elif others:
            why = "no other heading is " + " or ".join(f"“{sheet.columns[each].heading}”" for each in list(others)[:3])
        else:
            why, suggestions = "", []
    return Match(number, heading, column_id, not why, suggestions[:_MOST_SUGGESTIONS], cells.kinds(column), why)


def _why(
    heading: str, headings: Headings, number: int, column: Column, same: Mapping[str, int], *, is_key: bool
) -> str:
    """Return why there is a question about a heading with a proposed column; "" when it is certain.

    With `is_key` its cells must be references of the incidents.
    """
    cells = headings.cells[number]
    names = {plain(name) for name in (column.heading, *column.aliases)}
    if not {plain(heading), plain(f"{headings.groups.get(number, '')} {heading}")} & names:
        return "its cells are the incidents’ references" if is_key else f"similar to “{column.heading}”"
    if same.get(column.id, 0) > 1:
        return "more than one heading is a name of this column"
    if _agrees(column, cells) is False or (is_key and not _holds(cells, headings.references)):
        return _OTHER_KIND
    return ""


def _agrees(column: Column, cells: ColumnProfile) -> bool | None:
    """Return whether the cells are of the kind of `column`; None when there is nothing to go by."""
    if not cells.informative:
        return None
    if column.type == "date":
        return cells.share_of_days >= _ENOUGH
    if column.choices:
        return cells.choices_of(column) >= _ENOUGH
    kind = cell_kinds().kinds.get(column.id)
    return cells.share_of_days < _ENOUGH and (kind is None or cells.share_of_kind(kind) >= _ENOUGH)


def _chance(column: Column, names: HeadingNames, heading: str, cells: ColumnProfile) -> float:
    """Return how likely a heading is `column`, which no other heading is, by its cells and its words."""
    of_kind, shared = _is_of_kind(column, cells), names.shared(heading, column.id)
    if not (of_kind or shared):
        return 0.0
    return names.similar(heading)[column.id] + 30.0 * of_kind + 30.0 * shared + 60.0 * column.required


def _is_of_kind(column: Column, cells: ColumnProfile) -> bool:
    """True when a heading with these cells may be `column`, whatever its words."""
    if column.row_key and not column.choices:
        return _has_kind(column, cells) and cells.unique > _ENOUGH
    if not cells.informative or not (column.type == "date" or column.choices):
        return False
    share = cells.share_of_days if column.type == "date" else cells.choices_of(column)
    return share >= (_ENOUGH if not column.required else 0.3)


def _has_kind(column: Column, cells: ColumnProfile) -> bool:
    kind = cell_kinds().kinds.get(column.id)
    return kind is not None and cells.informative > 0 and cells.share_of_kind(kind) >= _ENOUGH


def _holds(cells: ColumnProfile, references: Collection[str]) -> bool:
    known = sum(plain(text) in references for text in cells.texts)
    return bool(known) and known >= _ENOUGH * len(cells.texts)


def needed_columns(sheet: Sheet) -> frozenset[str]:
    """Return the ids of the columns that are required, or that a clock or the follow-up of actions needs."""
    columns = {column for clock in default_clocks() if clock.sheet == sheet.id for column in clock.columns}
    columns |= {column.id for column in sheet.column if column.required}
    return frozenset(columns | ({"due", "done"} if sheet.id == ACTIONS else {DATE}))


def _key(sheet: Sheet) -> Column:
    return next(column for column in sheet.column if column.row_key)
