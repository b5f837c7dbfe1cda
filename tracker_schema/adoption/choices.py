"""What a council's words for the choices of a column mean."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

from rapidfuzz import fuzz

from tracker_schema.adoption.words import words_said
from tracker_schema.columns.parsing import NOT_YET, Unreadable, choice_words, parse_choice
from tracker_schema.columns.schema import Column, plain, tracker_schema
from tracker_schema.layouts.layouts import layout_schema

# A word on fewer rows may say something of one child: it is shown, and put in the settings, only when it is made of
# words that say what the choices say.
_SHOWN_FROM_ROWS = 2
_LONGEST_WORD = 40

_FIRST_PART = re.compile(r"\s*(?:[-–—:;,(/]|\.\s)\s*")
_HEDGED = re.compile(r"\?|\b(?:but|not|if|unless|maybe|unclear|possibly|later|then)\b", re.IGNORECASE)
_NEGATING = frozenset({"no", "not", "none", "neither", "never", "without"})
_YES_OR_NO = frozenset({"yes", "no"})
_ADDS_NOTHING = frozenset({"yes", "child"})
_LETTERS_FOR_A_SLIP, _SLIP = 5, 86


@dataclass(frozen=True)
class Meaning:
    """A word of the council's in a column, the choice that it means (None: not known; "": the cell counts as empty),
    whether that is sure, and on how many rows it stands.
    """

    column: str
    word: str
    choice: str | None
    sure: bool
    rows: int


def meanings(column: Column, texts: Sequence[str]) -> list[Meaning]:
    """What each of `texts`, which stand in `column`, means where the tracker does not know it anyway; most rows first.

    Those that may be a remark on one case are left out. In a column of dates a word can only mean that there is
    none yet.
    """
    if column.type == "date":
        empty = Counter(text for text in texts if plain(text) in NOT_YET)
        return [Meaning(column.id, word, "", True, rows) for word, rows in empty.most_common()]
    found = []
    for word, rows in sorted(Counter(texts).items(), key=lambda item: (-item[1], item[0])):
        if len(word) > _LONGEST_WORD or _choice(word, _known(column)):
            continue
        choice, sure = meaning(word, column)
        if rows >= _SHOWN_FROM_ROWS or words_said(word) <= _said_by_choices(column):
            found.append(Meaning(column.id, word, choice, sure, rows))
    return found


@lru_cache(maxsize=16384)
def meaning(word: str, column: Column) -> tuple[str | None, bool]:
    """The choice of `column` that `word` means (as in `Meaning`), and whether that is sure."""
    known = _known(column)
    if choice := _choice(word, known):
        return choice, True
    said = words_said(word)
    if plain(word) in NOT_YET and not said & _NEGATING:
        return "", False
    # “No LCSPR” says the reverse of what it holds.
    ways = [
        (way, choice) for spelt, choice in _ways(column) if _NEGATING & (way := words_said(spelt)) == _NEGATING & said
    ]
    if (only := _only(choice for way, choice in ways if way and way == said - (_ADDS_NOTHING - way))) is not None:
        return only, "?" not in word
    first, *rest = _FIRST_PART.split(word, maxsplit=1)
    if rest and words_said(first) <= _YES_OR_NO and not _choice(first, known) and (choice := _choice(rest[0], known)):
        return choice, True  # “No - refer to the partnership”, where neither Yes nor No is a choice
    if rest and (choice := _choice(first, known)):
        others = {_choice(part, known) for part in _FIRST_PART.split(rest[0])} - {None, choice}
        return choice, not others and not _HEDGED.search(rest[0])
    if (only := _only(choice for way, choice in ways if way and (way < said or said < way))) is not None:
        return only, False
    spelt = plain(word)
    if len(spelt) >= _LETTERS_FOR_A_SLIP:
        alike = (choice for way, choice in _ways(column) if fuzz.ratio(plain(way), spelt) >= _SLIP)
        return _only(alike), False
    return None, False


def _only(choices: Iterator[str]) -> str | None:
    """The choice, where it is one and the same."""
    different = set(choices)
    return different.pop() if len(different) == 1 else None


def _choice(word: str, known: Mapping[str, str]) -> str | None:
    try:
        return parse_choice(word, known)[0]
    except Unreadable:
        return None


def usual_words(column: Column) -> list[str]:
    """Every usual way of writing a choice of `column`."""
    return [way for way, _ in _ways(column)]


def _ways(column: Column) -> Iterator[tuple[str, str]]:
    """Each usual way of writing a choice, with the choice."""
    return ((way, choice) for choice in column.choices for way in (choice, *_synonyms().get(choice, ())))


@cache
def _said_by_choices(column: Column) -> frozenset[str]:
    return frozenset[str]().union(*(words_said(way) for way, _ in _ways(column)))


@cache
def _synonyms() -> Mapping[str, Sequence[str]]:
    return {**tracker_schema().synonyms, **layout_schema().synonyms}


@cache
def _known(column: Column) -> Mapping[str, str]:
    return choice_words(column.choices, _synonyms())
