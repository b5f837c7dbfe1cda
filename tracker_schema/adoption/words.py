"""The words of a heading or a cell, to be compared: abbreviations written out, one spelling for each word."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache, lru_cache

from tracker_schema.columns.schema import Identifier, Part, Text, read_data_file

_APOSTROPHES = re.compile("['’`´.]")
_NO_WORD = re.compile(r"[^a-z0-9]+")
# Hints on how to fill in a cell, as part of its heading.
_HINTS = re.compile(r"\b(?:y\s*/\s*n(?:\s*/\s*\w+)?|yes\s*/\s*no|m\s*/\s*f|dd[ /.-]mm[ /.-]yy(?:yy)?)\b")
_ABUSE_OR_NEGLECT = re.compile(r"\b(?:a\s*/\s*n|ab(?:use)?\s*/\s*negl?(?:ect)?)\b")
# LAAwareDate and Date_x0020_Aware, as systems name their columns.
_RUN_TOGETHER = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_LONGEST_ACRONYM = 8
_ANSWERS = frozenset({"y", "n", "yes", "no"})
# “Case no.”, and not “No review”.
_REFERENCE = re.compile(r"#|\bno\.|\bnos?\s*$")


class Vocabulary(Part):
    """The content of words.toml, which explains each key."""

    faint: tuple[Text, ...]
    dates: tuple[Text, ...]
    excluding: tuple[Text, ...]
    left_out: tuple[Text, ...]
    stands_for: Mapping[Text, Text]
    phrases: Mapping[Text, Text]
    same: Mapping[Identifier, tuple[Text, ...]]


@cache
def vocabulary() -> Vocabulary:
    """Return the content of words.toml. Raises SchemaError when that file has a mistake."""
    return read_data_file("adoption/words.toml", Vocabulary)


@lru_cache(maxsize=8192)
def words_of(text: str) -> frozenset[str]:
    """Return the words of a heading, each in one spelling, without those that ask for a date."""
    return frozenset(_normalised(text, frozenset(vocabulary().left_out))) - frozenset(vocabulary().dates)


@lru_cache(maxsize=8192)
def words_of_answer(text: str) -> frozenset[str]:
    """Return the words of an answer, each in one spelling, with Yes, No and not."""
    return frozenset(_normalised(text, frozenset(vocabulary().left_out) - _ANSWERS, is_heading=False))


def _normalised(text: str, left_out: frozenset[str], *, is_heading: bool = True) -> tuple[str, ...]:
    known = vocabulary()
    if " " not in text and len(text) > _LONGEST_ACRONYM:
        text = _RUN_TOGETHER.sub(" ", text.replace("_x0020_", " "))
    plain = _HINTS.sub(" ", text.casefold().replace("&", " and "))
    plain = _ABUSE_OR_NEGLECT.sub(" abuse neglect ", plain)
    if is_heading:
        plain = _REFERENCE.sub(" reference ", plain)
    words = _NO_WORD.sub(" ", _APOSTROPHES.sub("", plain)).split()
    line = " ".join(known.stands_for.get(word, word) for word in words)
    for phrase, word in known.phrases.items():
        line = re.sub(rf"\b{phrase}\b", word, line)
    return tuple(_spelling(word) for word in line.split() if word not in left_out)


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
    """Return the words that are in so many headings that they identify none."""
    return frozenset(_spelling(word) for word in vocabulary().faint)


@cache
def excluding_words() -> frozenset[str]:
    """Return the words with which a heading is not a column of ours, unless the column's name has them too."""
    return frozenset(_spelling(word) for word in vocabulary().excluding)
