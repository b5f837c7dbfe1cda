"""Which heading of a worksheet is which column: what is certain, and a question with suggestions for everything else.

A heading is certain if it is a column's heading or alias and the cells below agree. A heading that is similar, whose
cells contradict it, or whose cells are of the kind of a column that a clock needs and that is still missing, is asked
about. Every other heading is none of ours.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from tracker_schema.adoption.column_profile import ColumnProfile, cell_kinds
from tracker_schema.adoption.find_log import Log
from tracker_schema.adoption.heading_names import heading_names
from tracker_schema.clocks.clocks import default_clocks
from tracker_schema.columns.schema import ACTIONS, Column, Sheet, plain
from tracker_schema.layouts.layouts import DATE
from tracker_schema.wording import nearest

_SAME, _HOLDS_REFERENCES, _CONTRADICTED = 200.0, 300.0, 30.0
# From here on a similar heading is suggested; from there on it is the proposal.
_SUGGESTED, _PROPOSED = 60.0, 75.0
_MOST_SUGGESTIONS = 4
# The likeness from which check_tracker suggests a heading.
_OF_CHECK = 0.8
_ENOUGH, _ENOUGH_OF_REQUIRED = 0.5, 0.3


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
    suggestions: list[str]
    kinds: list[str]
    why: str = ""


def match_headings(sheet: Sheet, log: Log, own: Collection[int], references: Collection[str] = ()) -> list[Match]:
    """Return for each heading of `log` the column of `sheet` that it is, or the question about it.

    The columns with the numbers `own` are left out. `references` are those of the incidents, if `sheet` refers to them.
    """
    matcher = _Matcher(sheet, log, own, references)
    return [matcher.match(number) for number in matcher.scores]


class _Matcher:
    """The headings of one worksheet, compared with the columns of one sheet."""

    def __init__(self, sheet: Sheet, log: Log, own: Collection[int], references: Collection[str]) -> None:
        self._sheet, self._log, self._references = sheet, log, references
        self._key = next(column for column in sheet.column if column.row_key)
        self._names = heading_names(sheet)
        self._needed = needed_columns(sheet)
        self.scores = {
            number: {column: score for column, score in self._scores(number) if score >= _SUGGESTED}
            for number in sorted(log.headings)
            if number not in own
        }
        self._pairs = self._best_pairs()
        taken = self._pairs.values()
        self._missing = [column for column in sheet.column if column.id not in taken and not column.by_script]
        self._same = Counter(self._names.same(log.headings[number]) for number in self.scores)

    def _scores(self, number: int) -> Iterator[tuple[str, float]]:
        heading, group = self._log.headings[number], self._log.groups.get(number, "")
        cells = self._log.cells[number]
        same, alone = self._names.same(heading, group), self._names.similar(heading)
        together = self._names.similar(f"{group} {heading}") if group else alone
        for column_id, similar in alone.items():
            column = self._sheet.columns[column_id]
            score = _SAME if column_id == same else max(similar, together[column_id])
            if column is self._key and self._holds_references(cells):
                score = _HOLDS_REFERENCES
            yield column_id, score - (_CONTRADICTED if _agrees(column, cells) is False else 0.0)

    def _best_pairs(self) -> dict[int, str]:
        """Return the proposed column of each heading that has one, each column for one heading only."""
        ranked = sorted((-score, number, column) for number, of in self.scores.items() for column, score in of.items())
        pairs: dict[int, str] = {}
        for score, number, column in ranked:
            if -score >= _PROPOSED and number not in pairs and column not in pairs.values():
                pairs[number] = column
        return pairs

    def match(self, number: int) -> Match:
        """Return one heading with its column, or with the question about it."""
        heading, cells = self._log.headings[number], self._log.cells[number]
        column = self._sheet.columns[self._pairs[number]] if number in self._pairs else None
        likely = sorted(self.scores[number], key=lambda each: -self.scores[number][each])
        missing = self._missing_with_chances(heading, cells)
        by_cells = [each.id for each in self._missing if each.personal and _has_kind(each, cells)]
        suggestions = [*([column.id] if column else []), *likely[:2], *by_cells, *missing]
        why, proposed = "", column.id if column else None
        if column:
            why = self._why(number, column)
            if column.type == "date" and _agrees(column, cells) is False:
                proposed = None  # such as “Closed” over Yes and No
        else:
            near = self._near(heading)
            suggestions = [*near, *suggestions]
            if near or likely:
                why = f"similar to “{self._sheet.columns[suggestions[0]].heading}”"
            elif missing:
                why = "no other heading is " + " or ".join(f"“{self._sheet.columns[m].heading}”" for m in missing[:3])
        suggestions = list(dict.fromkeys(suggestions))[:_MOST_SUGGESTIONS] if column or why else []
        return Match(number, heading, proposed, not why, suggestions, cells.kinds(column), why)

    def _why(self, number: int, column: Column) -> str:
        """Return why there is a question about a heading with a proposed column; "" when it is certain."""
        heading, group, cells = self._log.headings[number], self._log.groups.get(number, ""), self._log.cells[number]
        is_key = column is self._key and bool(self._references and cells.informative)
        names = {plain(name) for name in (column.heading, *column.aliases)}
        if not {plain(heading), plain(f"{group} {heading}")} & names:
            return "its cells are the incidents’ references" if is_key else f"similar to “{column.heading}”"
        if self._same[column.id] > 1:
            return "more than one heading is a name of this column"
        if _agrees(column, cells) is False or (is_key and not self._holds_references(cells)):
            return "its cells are of another kind"
        return ""

    def _near(self, heading: str) -> list[str]:
        """Return the missing column that `check_tracker` would suggest for the heading, if there is one."""
        spelt = {plain(name): each.id for each in self._missing for name in (each.heading, *each.aliases)}
        near = nearest(plain(heading), spelt, likeness=_OF_CHECK)
        return [spelt[near]] if near else []

    def _missing_with_chances(self, heading: str, cells: ColumnProfile) -> list[str]:
        """Return the needed columns that no other heading is and this one may be, the likeliest first."""
        chances: dict[str, float] = {}
        for column in self._missing:
            of_kind, shared = _is_of_kind(column, cells), self._names.shared(heading, column.id)
            if column.id in self._needed and (of_kind or shared):
                likeness = self._names.similar(heading)[column.id]
                chances[column.id] = likeness + 30.0 * of_kind + 30.0 * shared + 60.0 * column.required
        return sorted((each for each in chances if chances[each]), key=lambda each: -chances[each])

    def _holds_references(self, cells: ColumnProfile) -> bool:
        known = sum(plain(text) in self._references for text in cells.texts)
        return bool(known) and known >= _ENOUGH * len(cells.texts)


def _agrees(column: Column, cells: ColumnProfile) -> bool | None:
    """Return whether the cells are of the kind of `column`; None when there is nothing to go by."""
    if not cells.informative:
        return None
    if column.type == "date":
        return cells.share_of_days >= _ENOUGH
    if column.choices:
        return cells.choices_of(column) >= _ENOUGH
    return cells.share_of_days < _ENOUGH and (column.id not in cell_kinds().kinds or _has_kind(column, cells))


def _is_of_kind(column: Column, cells: ColumnProfile) -> bool:
    """True when a heading with these cells may be `column`, whatever its words."""
    if column.row_key and not column.choices:
        return _has_kind(column, cells) and cells.unique > _ENOUGH
    if not cells.informative or not (column.type == "date" or column.choices):
        return False
    share = cells.share_of_days if column.type == "date" else cells.choices_of(column)
    return share >= (_ENOUGH_OF_REQUIRED if column.required else _ENOUGH)


def _has_kind(column: Column, cells: ColumnProfile) -> bool:
    kind = cell_kinds().kinds.get(column.id)
    return kind is not None and cells.informative > 0 and cells.share_of_kind(kind) >= _ENOUGH


def needed_columns(sheet: Sheet) -> frozenset[str]:
    """Return the ids of the columns that are required, or that a clock or the follow-up of actions needs."""
    columns = {column for clock in default_clocks() if clock.sheet == sheet.id for column in clock.columns}
    columns |= {column.id for column in sheet.column if column.required}
    return frozenset(columns | ({"due", "done"} if sheet.id == ACTIONS else {DATE}))
