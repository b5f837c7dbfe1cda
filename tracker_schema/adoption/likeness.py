"""How alike a heading is to a column's own heading and its aliases, from 0 (not at all) to 1 (the same)."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping

from rapidfuzz import fuzz

from tracker_schema.adoption.choices import usual_words
from tracker_schema.adoption.words import faint_words, turning_away, words_of
from tracker_schema.columns.schema import Column, Sheet, plain

SAME, SAME_WORDS, SAME_BUT_FOR_A_SLIP = 1.0, 0.96, 0.92

_FAINT_WEIGHT, _STRANGE_WEIGHT = 0.35, 0.8
_BESIDES, _LEFT_OUT, _TURNED_AWAY = 0.3, 0.6, 0.6
# A heading made of the choices themselves, as in “Death / serious harm”, is so much alike.
_CHOICES_THEMSELVES = 0.7
_IN_BRACKETS = re.compile(r"\([^)]*\)")
# Words of at least so many letters may have a slip of the pen in them.
_LETTERS_FOR_A_SLIP = 5
_ALIKE_WORDS = 84
_LETTERS_CUT_SHORT, _CUT_SHORT = 3, 88.0
_ALIKE_TEXTS = 90


class Likeness:
    """The headings and aliases of one sheet of the schema, ready to be compared with a worksheet's headings."""

    def __init__(self, sheet: Sheet) -> None:
        """Take in the columns of `sheet` that people fill in."""
        self.columns = [column for column in sheet.column if not column.by_script]
        self._plain = {c.id: {plain(name) for name in (c.heading, *c.aliases)} for c in self.columns}
        self._words = {c.id: {words_of(name) for name in (c.heading, *c.aliases)} - {frozenset()} for c in self.columns}
        self._choices = {
            c.id: frozenset[str]().union(*map(words_of, usual_words(c))) for c in self.columns if "Yes" not in c.choices
        }
        self._weights = _weights(self._words)
        self._found: dict[str, Mapping[str, float]] = {}

    def of(self, heading: str) -> Mapping[str, float]:
        """By column id, how alike `heading` is to what the column may be called."""
        if heading not in self._found:
            # What stands in brackets is an addition, or what matters.
            ways = {words_of(heading), words_of(_IN_BRACKETS.sub(" ", heading))} - {frozenset()} or {frozenset()}
            as_it_stands = plain(heading)
            self._found[heading] = {
                column.id: max((self._of(column, words, as_it_stands) for words in ways), default=0.0)
                for column in self.columns
            }
        return self._found[heading]

    def _of(self, column: Column, words: frozenset[str], as_it_stands: str) -> float:
        names = self._plain[column.id]
        if as_it_stands in names:
            return SAME
        alike = max((self._in_words(words, known) for known in self._words[column.id]), default=0.0) * SAME_WORDS
        if words and words <= self._choices.get(column.id, frozenset()):
            alike = max(alike, _CHOICES_THEMSELVES)
        is_another = turning_away() & words - frozenset[str]().union(*self._words[column.id])
        if len(as_it_stands) > _LETTERS_FOR_A_SLIP and alike < SAME_BUT_FOR_A_SLIP and not is_another:
            ratio = max(fuzz.ratio(as_it_stands, name, score_cutoff=_ALIKE_TEXTS) for name in names) / 100
            alike = max(alike, ratio * SAME_BUT_FOR_A_SLIP)
        return alike

    def _in_words(self, words: frozenset[str], known: frozenset[str]) -> float:
        """The weight of the words in common, divided by that and some of the weight of the others (Tversky, 1977).

        What a heading says besides counts for less than what it leaves out of a column's name.
        """
        common = words & known
        shared, besides, left_out = self._weight(common), self._weight(words - common), self._weight(known - common)
        for word in words - common:
            near = [(_alike(word, other), other) for other in known - common]
            if near and (best := max(near))[0] >= _ALIKE_WORDS:
                alike = best[0] / 100 * self._weight((best[1],))
                shared, left_out = shared + alike, left_out - alike
                besides -= min(alike, self._weight((word,)))
        whole = shared + _BESIDES * max(besides, 0.0) + _LEFT_OUT * max(left_out, 0.0)
        turned_away = _TURNED_AWAY if turning_away() & (words - known) else 1.0
        return turned_away * shared / whole if whole else 0.0

    def _weight(self, words: Iterable[str]) -> float:
        return sum(
            self._weights.get(word, _FAINT_WEIGHT if word in faint_words() else _STRANGE_WEIGHT) for word in words
        )


def _alike(word: str, other: str) -> float:
    """How alike two words are, from 0 to 100: one may be the other cut short, or have a slip of the pen in it."""
    if len(word) >= _LETTERS_CUT_SHORT and len(other) > len(word) + 1 and other.startswith(word):
        return _CUT_SHORT
    if min(len(word), len(other)) < _LETTERS_FOR_A_SLIP or word[0] != other[0]:
        return 0.0
    return fuzz.ratio(word, other)


def _weights(words_by_column: Mapping[str, Iterable[frozenset[str]]]) -> dict[str, float]:
    """A word weighs less the more columns have it in a name."""
    in_columns = Counter(word for names in words_by_column.values() for word in set[str]().union(*names))
    weights = {word: max(1.0 - 0.07 * (columns - 1), 0.5) for word, columns in in_columns.items()}
    return weights | dict.fromkeys(faint_words(), _FAINT_WEIGHT)


def likeness(sheet: Sheet) -> Likeness:
    """The headings and aliases of `sheet`."""
    key = (sheet.id, tuple(column.id for column in sheet.column))
    if key not in _made:
        _made[key] = Likeness(sheet)
    return _made[key]


_made: dict[tuple[str, tuple[str, ...]], Likeness] = {}
