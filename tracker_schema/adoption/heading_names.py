"""The similarity of a heading to each column of a sheet, by its names: 100 for the same words, 0 for none in common."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from rapidfuzz import fuzz

from tracker_schema.adoption.choices import usual_words
from tracker_schema.adoption.words import excluding_words, faint_words, words_of
from tracker_schema.columns.schema import Column, Sheet, plain

# A heading that consists of the choices themselves, as in “Death / SH”.
_CHOICES_THEMSELVES = 80.0
_EXCLUDED = 0.6


class HeadingNames:
    """The headings and aliases of the columns of one sheet that people fill in, to compare a log's headings with."""

    def __init__(self, sheet: Sheet) -> None:
        """Prepare the columns of `sheet`."""
        columns = [column for column in sheet.column if not column.by_script]
        self._plain = {plain(name): c.id for c in reversed(columns) for name in (c.heading, *c.aliases)}
        self._words = {c.id: [w for name in (c.heading, *c.aliases) if (w := words_of(name))] for c in columns}
        self._choices = {c.id: _words_of_choices(c) for c in columns}
        self._found: dict[str, Mapping[str, float]] = {}

    def same(self, heading: str, group: str = "") -> str | None:
        """Return the id of the column that has `heading` as a name, by itself or below its `group` heading."""
        return self._plain.get(plain(f"{group} {heading}")) or self._plain.get(plain(heading))

    def similar(self, heading: str) -> Mapping[str, float]:
        """Return the similarity of `heading` to each column, 0 to 100, by the id of the column."""
        if heading not in self._found:
            self._found[heading] = {column: self._similarity(heading, column) for column in self._words}
        return self._found[heading]

    def shared(self, heading: str, column: str) -> bool:
        """Return True when `heading` has a word of the column's names or choices that identifies something."""
        known = frozenset[str]().union(*self._words[column], self._choices[column])
        return bool(words_of(heading) & known - faint_words())

    def _similarity(self, heading: str, column: str) -> float:
        words, names = words_of(heading), self._words[column]
        if not words:
            return 0.0
        best = max((fuzz.token_sort_ratio(" ".join(words), " ".join(name)) for name in names), default=0.0)
        if words <= self._choices[column]:
            best = max(best, _CHOICES_THEMSELVES)
        return best * (_EXCLUDED if excluding_words() & words - frozenset[str]().union(*names) else 1.0)


def _words_of_choices(column: Column) -> frozenset[str]:
    return frozenset[str]().union(*map(words_of, usual_words(column) if "Yes" not in column.choices else ()))


@cache
def heading_names(sheet: Sheet) -> HeadingNames:
    """Return the names for `sheet`, which are prepared once."""
    return HeadingNames(sheet)
