"""The words of a heading or a cell as they are compared: abbreviations written out, endings and spelling levelled."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache, lru_cache

from rapidfuzz import fuzz, process

from tracker_schema.columns.schema import Identifier, Part, Text, read_data_file, tracker_schema

_APOSTROPHES = re.compile("['’`´.]")
_NO_WORD = re.compile(r"[^a-z0-9]+")
# What people add to a heading to say how to fill it in.
_HINTS = re.compile(r"\b(?:y\s*/\s*n(?:\s*/\s*\w+)?|yes\s*/\s*no|m\s*/\s*f|dd[ /.-]mm[ /.-]yy(?:yy)?)\b")
_ABUSE_OR_NEGLECT = re.compile(r"\b(?:a\s*/\s*n|ab(?:use)?\s*/\s*negl?(?:ect)?)\b")
# LAAwareDate and Date_x0020_Aware, as systems name their columns.
_RUN_TOGETHER = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_LONGEST_ACRONYM = 8
# A word of at least so many letters may have a slip of the pen in it, and is then so much like the one that is meant.
_LETTERS_FOR_A_SLIP, _SLIP = 5, 86
_ANSWERS = frozenset({"y", "n", "yes", "no"})
# “Case no.”, and not “No review”.
_REFERENCE = re.compile(r"#|\bno\.|\bnos?\s*$")


class Vocabulary(Part):
    """Everything words.toml says."""

    faint: tuple[Text, ...]
    dates: tuple[Text, ...]
    turn_away: tuple[Text, ...]
    left_out: tuple[Text, ...]
    stands_for: Mapping[Text, Text]
    phrases: Mapping[Text, Text]
    same: Mapping[Identifier, tuple[Text, ...]]


@cache
def vocabulary() -> Vocabulary:
    """The words of words.toml. Raises SchemaError when that file holds a slip."""
    return read_data_file("adoption/words.toml", Vocabulary)


@lru_cache(maxsize=8192)
def words_of(text: str) -> frozenset[str]:
    """The words of `text` that tell it from others, each in its one spelling; without those that ask for a date."""
    return frozenset(_levelled(text, frozenset(vocabulary().left_out))) - frozenset(vocabulary().dates)


@lru_cache(maxsize=8192)
def words_said(text: str) -> frozenset[str]:
    """The words of an answer, each in its one spelling: Yes, No and not are words here."""
    return frozenset(_levelled(text, frozenset(vocabulary().left_out) - _ANSWERS, is_heading=False))


@lru_cache(maxsize=8192)
def asks_for_a_date(text: str) -> bool:
    """Whether `text` says that a date is meant."""
    return not frozenset(vocabulary().dates).isdisjoint(_levelled(text, frozenset()))


def _levelled(text: str, left_out: frozenset[str], *, is_heading: bool = True) -> tuple[str, ...]:
    known = vocabulary()
    if " " not in text and len(text) > _LONGEST_ACRONYM:
        text = _RUN_TOGETHER.sub(" ", text.replace("_x0020_", " "))
    plain = _HINTS.sub(" ", text.casefold().replace("&", " and "))
    plain = _ABUSE_OR_NEGLECT.sub(" abuse neglect ", plain)
    if is_heading:
        plain = _REFERENCE.sub(" reference ", plain)
    words = _NO_WORD.sub(" ", _APOSTROPHES.sub("", plain)).split()
    line = " ".join(known.stands_for.get(word, word) for word in map(_mended, words))
    for phrase, word in known.phrases.items():
        line = re.sub(rf"\b{phrase}\b", word, line)
    return tuple(_spelling(word) for word in line.split() if word not in left_out)


@lru_cache(maxsize=8192)
def _mended(word: str) -> str:
    """The word, a slip of the pen in it mended where there is one known word that must be meant."""
    if len(word) < _LETTERS_FOR_A_SLIP or word in _known_words() or _spelling(word) in _known_words():
        return word
    near = process.extract(word, _known_words(), scorer=fuzz.ratio, score_cutoff=_SLIP, limit=2)
    certain = near and (len(near) == 1 or near[0][1] > near[1][1])
    return near[0][0] if certain and near[0][0][0] == word[0] else word


@cache
def _known_words() -> frozenset[str]:
    """Every word that is in a heading, an alias or the vocabulary."""
    known = vocabulary()
    names = [name for sheet in tracker_schema().sheet for c in sheet.column for name in (c.heading, *c.aliases)]
    texts = [
        *names,
        *known.phrases,
        *known.stands_for,
        *known.same,
        *(w for words in known.same.values() for w in words),
    ]
    texts += [*known.faint, *known.dates, *known.turn_away, *known.left_out]
    return frozenset(
        word for text in texts for word in _NO_WORD.sub(" ", _APOSTROPHES.sub("", text.casefold())).split()
    )


@cache
def _spellings() -> Mapping[str, str]:
    return {variant: word for word, variants in vocabulary().same.items() for variant in variants}


def _spelling(word: str) -> str:
    spellings = _spellings()
    if word in spellings:
        return spellings[word]
    singular = word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith("ss") else word
    return spellings.get(singular, singular)


@cache
def faint_words() -> frozenset[str]:
    """The words that hardly tell one heading from another."""
    return frozenset(_spelling(word) for word in vocabulary().faint)


@cache
def turning_away() -> frozenset[str]:
    """The words that make a heading a different one, unless the other has them too."""
    return frozenset(_spelling(word) for word in vocabulary().turn_away)
