"""The similarity of a heading to a column's own heading and its aliases, from 0 (none) to 1 (the same)."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping

from rapidfuzz import fuzz

from tracker_schema.adoption.choices import usual_words
from tracker_schema.adoption.words import excluding_words, faint_words, words_of
from tracker_schema.columns.schema import Column, Sheet, plain

SAME, SAME_WORDS, SAME_BUT_FOR_A_TYPO = 1.0, 0.96, 0.92

_FAINT_WEIGHT, _STRANGE_WEIGHT = 0.35, 0.8
_EXTRA, _MISSING, _DIFFERENT = 0.3, 0.6, 0.6
# The similarity of a heading that consists of the choices themselves, as in “Death / serious harm”.
_CHOICES_THEMSELVES = 0.7
_IN_BRACKETS = re.compile(r"\([^)]*\)")
# Words of at least this many letters may have a typing error in them.
_LETTERS_FOR_A_TYPO = 5
_SIMILAR_WORDS = 84
_LETTERS_CUT_SHORT, _CUT_SHORT = 3, 88.0
_SIMILAR_TEXTS = 90


class HeadingSimilarity:
    """The headings and aliases of one sheet of the schema, to compare a worksheet's headings with."""

    def __init__(self, sheet: Sheet) -> None:
        """Prepare the columns of `sheet` that people fill in."""
        self.columns = [column for column in sheet.column if not column.by_script]
        self._plain = {c.id: {plain(name) for name in (c.heading, *c.aliases)} for c in self.columns}
        self._words = {c.id: {words_of(name) for name in (c.heading, *c.aliases)} - {frozenset()} for c in self.columns}
        self._choices = {
            c.id: frozenset[str]().union(*map(words_of, usual_words(c))) for c in self.columns if "Yes" not in c.choices
        }
        self._weights = _weights(self._words)
        self._found: dict[str, Mapping[str, float]] = {}
        self._similar_words: dict[str, Mapping[str, float]] = {}

    def of(self, heading: str) -> Mapping[str, float]:
        """Return the similarity of `heading` to each column, by the id of the column."""
        if heading not in self._found:
            # Words in brackets may be a remark, or a part of the name.
            ways = {words_of(heading), words_of(_IN_BRACKETS.sub(" ", heading))} - {frozenset()} or {frozenset()}
            whole = plain(heading)
            self._found[heading] = {
                column.id: max((self._of(column, words, whole) for words in ways), default=0.0)
                for column in self.columns
            }
        return self._found[heading]

    def _of(self, column: Column, words: frozenset[str], whole: str) -> float:
        names = self._plain[column.id]
        if whole in names:
            return SAME
        similarity = max((self._in_words(words, known) for known in self._words[column.id]), default=0.0) * SAME_WORDS
        if words and words <= self._choices.get(column.id, frozenset()):
            similarity = max(similarity, _CHOICES_THEMSELVES)
        is_another = excluding_words() & words - frozenset[str]().union(*self._words[column.id])
        if len(whole) > _LETTERS_FOR_A_TYPO and similarity < SAME_BUT_FOR_A_TYPO and not is_another:
            ratio = max(fuzz.ratio(whole, name, score_cutoff=_SIMILAR_TEXTS) for name in names) / 100
            similarity = max(similarity, ratio * SAME_BUT_FOR_A_TYPO)
        return similarity

    def _in_words(self, words: frozenset[str], known: frozenset[str]) -> float:
        """Return the weight of the common words divided by that of these and the other words (Tversky, 1977).

        A word that only the heading has counts for less than one that only the column's name has.
        """
        common, others = words & known, known - words
        near = {word: self._similar(word).keys() & others for word in words - common}
        if not common and not any(near.values()):
            return 0.0
        shared, extra, missing = self._weight(common), self._weight(near), self._weight(others)
        for word, similar in near.items():
            if similar:
                ratio, best = max((self._similar(word)[other], other) for other in similar)
                similarity = ratio / 100 * self._weight((best,))
                shared, missing = shared + similarity, missing - similarity
                extra -= min(similarity, self._weight((word,)))
        all_words = shared + _EXTRA * max(extra, 0.0) + _MISSING * max(missing, 0.0)
        different = _DIFFERENT if excluding_words() & (words - known) else 1.0
        return different * shared / all_words if all_words else 0.0

    def _similar(self, word: str) -> Mapping[str, float]:
        """Return the words of the columns' names that are similar to `word`, with their similarity."""
        if word not in self._similar_words:
            found = {other: _word_similarity(word, other) for other in self._weights}
            self._similar_words[word] = {other: ratio for other, ratio in found.items() if ratio >= _SIMILAR_WORDS}
        return self._similar_words[word]

    def _weight(self, words: Iterable[str]) -> float:
        return sum(
            self._weights.get(word, _FAINT_WEIGHT if word in faint_words() else _STRANGE_WEIGHT) for word in words
        )


def _word_similarity(word: str, other: str) -> float:
    """Return the similarity of two words, 0 to 100: one may be the other cut short, or have a typing error in it."""
    if len(word) >= _LETTERS_CUT_SHORT and len(other) > len(word) + 1 and other.startswith(word):
        return _CUT_SHORT
    if min(len(word), len(other)) < _LETTERS_FOR_A_TYPO or word[0] != other[0]:
        return 0.0
    return fuzz.ratio(word, other)


def _weights(words_by_column: Mapping[str, Iterable[frozenset[str]]]) -> dict[str, float]:
    """Return the weight of each word: the more columns have it in a name, the less it weighs."""
    in_columns = Counter(word for names in words_by_column.values() for word in set[str]().union(*names))
    weights = {word: max(1.0 - 0.07 * (columns - 1), 0.5) for word, columns in in_columns.items()}
    return weights | dict.fromkeys(faint_words(), _FAINT_WEIGHT)


def heading_similarity(sheet: Sheet) -> HeadingSimilarity:
    """Return the comparison for `sheet`, which is prepared once."""
    key = (sheet.id, tuple(column.id for column in sheet.column))
    if key not in _prepared:
        _prepared[key] = HeadingSimilarity(sheet)
    return _prepared[key]


_prepared: dict[tuple[str, tuple[str, ...]], HeadingSimilarity] = {}
