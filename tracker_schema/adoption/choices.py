"""What a council's own words for the choices of a column mean."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

from rapidfuzz import fuzz

from tracker_schema.adoption.words import words_of_answer
from tracker_schema.columns.choices import choice_words, parse_choice
from tracker_schema.columns.dates import NOT_YET
from tracker_schema.columns.parsing import Unreadable
from tracker_schema.columns.schema import Column, plain, tracker_schema
from tracker_schema.layouts.layouts import layout_schema

# A text on fewer rows may be about one child; in a column that describes the child, about one family. It is shown
# and put in the settings only if each of its words is a usual word for a choice.
_SHOWN_FROM_ROWS, _OF_A_CHILD_FROM_ROWS = 2, 5
_LONGEST_WORD = 40

_FIRST_PART = re.compile(r"(?:(?<!\s)\s+)?(?:[-–—:;,(/]|\.\s)\s*")
_HEDGED = re.compile(r"\?|\b(?:but|not|if|unless|maybe|unclear|possibly|later|then)\b", re.IGNORECASE)
_NEGATING = frozenset({"no", "not", "none", "neither", "never", "without"})
_YES_OR_NO = frozenset({"yes", "no"})
_ADDS_NOTHING = frozenset({"yes", "child"})
_LETTERS_FOR_A_TYPO, _TYPO = 5, 86


@dataclass(frozen=True)
class Meaning:
    """A word of the council and its meaning.

    column: the id of the column
    word: the text of the cells
    choice: the choice that it means; None when that is not known, "" when the cell counts as empty
    sure: no question is needed
    rows: the number of cells with this text
    """

    column: str
    word: str
    choice: str | None
    sure: bool
    rows: int


def meanings(column: Column, texts: Sequence[str]) -> list[Meaning]:
    """Return the meaning of each of `texts` in `column` that the tracker does not know already, most rows first.

    A text that may be a remark on one case is left out. In a column of dates a word can only mean that there is no
    date yet.
    """
    if column.type == "date":
        empty = Counter(text for text in texts if plain(text) in NOT_YET)
        return [Meaning(column.id, word, "", True, rows) for word, rows in empty.most_common()]
    found = []
    for word, rows in sorted(Counter(texts).items(), key=lambda item: (-item[1], item[0])):
        if len(word) > _LONGEST_WORD or _choice(word, _known(column)):
            continue
        choice, sure = meaning(word, column)
        is_common = rows >= (_OF_A_CHILD_FROM_ROWS if column.describes_child else _SHOWN_FROM_ROWS)
        if is_common or words_of_answer(word) <= _words_of_choices(column):
            found.append(Meaning(column.id, word, choice, sure, rows))
    return found


@lru_cache(maxsize=16384)
def meaning(word: str, column: Column) -> tuple[str | None, bool]:
    """Return the choice of `column` that `word` means (as in `Meaning`), and True when that is sure."""
    known = _known(column)
    if choice := _choice(word, known):
        return choice, True
    words = words_of_answer(word)
    if plain(word) in NOT_YET and not words & _NEGATING:
        return "", False
    # “No LCSPR” means the opposite of “LCSPR”.
    ways = [
        (way, choice)
        for spelt, choice in _ways(column)
        if _NEGATING & (way := words_of_answer(spelt)) == _NEGATING & words
    ]
    if (only := _only(choice for way, choice in ways if way and way == words - (_ADDS_NOTHING - way))) is not None:
        return only, "?" not in word
    first, *rest = _FIRST_PART.split(word, maxsplit=1)
    if (
        rest
        and words_of_answer(first) <= _YES_OR_NO
        and not _choice(first, known)
        and (choice := _choice(rest[0], known))
    ):
        return choice, True  # “No - refer to the partnership”, where neither Yes nor No is a choice
    if rest and (choice := _choice(first, known)):
        others = {_choice(part, known) for part in _FIRST_PART.split(rest[0])} - {None, choice}
        return choice, not others and not _HEDGED.search(rest[0])
    if (only := _only(choice for way, choice in ways if way and (way < words or words < way))) is not None:
        return only, False
    spelt = plain(word)
    if len(spelt) >= _LETTERS_FOR_A_TYPO:
        alike = (choice for way, choice in _ways(column) if fuzz.ratio(plain(way), spelt) >= _TYPO)
        return _only(alike), False
    return None, False


def _only(choices: Iterator[str]) -> str | None:
    """Return the choice, if there is exactly one."""
    different = set(choices)
    return different.pop() if len(different) == 1 else None


def _choice(word: str, known: Mapping[str, str]) -> str | None:
    try:
        return parse_choice(word, known)[0]
    except Unreadable:
        return None


def usual_words(column: Column) -> list[str]:
    """Return every usual way of writing a choice of `column`."""
    return [way for way, _ in _ways(column)]


def _ways(column: Column) -> Iterator[tuple[str, str]]:
    """Yield each usual way of writing a choice, with the choice."""
    return ((way, choice) for choice in column.choices for way in (choice, *_synonyms().get(choice, ())))


@cache
def _words_of_choices(column: Column) -> frozenset[str]:
    return frozenset[str]().union(*(words_of_answer(way) for way, _ in _ways(column)))


@cache
def _synonyms() -> Mapping[str, Sequence[str]]:
    return {**tracker_schema().synonyms, **layout_schema().synonyms}


@cache
def _known(column: Column) -> Mapping[str, str]:
    return choice_words(column.choices, _synonyms())
