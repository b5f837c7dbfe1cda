"""The words of a heading or a cell, to be compared: abbreviations written out, one spelling for each word."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache, lru_cache

from rapidfuzz import process
from rapidfuzz.distance import OSA

from tracker_schema.columns.schema import Identifier, Part, Text, read_data_file, tracker_schema

_APOSTROPHES = re.compile("['’`´.]")
_NO_WORD = re.compile(r"[^a-z0-9]+")
# Hints on how to fill in a cell, as part of its heading.
_HINTS = re.compile(r"\b(?:y\s*/\s*n(?:\s*/\s*\w+)?|yes\s*/\s*no|m\s*/\s*f|dd[ /.-]mm[ /.-]yy(?:yy)?)\b")
_ABUSE_OR_NEGLECT = re.compile(r"\b(?:a\s*/\s*n|ab(?:use)?\s*/\s*negl?(?:ect)?)\b")
# LAAwareDate and Date_x0020_Aware, as systems name their columns.
_RUN_TOGETHER = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_LONGEST_ACRONYM = 8
# A word of at least this many letters may have one typing error: a letter missing, added, changed or swapped.
_LETTERS_FOR_A_TYPO = 5
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


@lru_cache(maxsize=8192)
def asks_for_a_date(text: str) -> bool:
    """Return True when the heading asks for a date."""
    return not frozenset(vocabulary().dates).isdisjoint(_normalised(text, frozenset()))


def _normalised(text: str, left_out: frozenset[str], *, is_heading: bool = True) -> tuple[str, ...]:
    known = vocabulary()
    if " " not in text and len(text) > _LONGEST_ACRONYM:
        text = _RUN_TOGETHER.sub(" ", text.replace("_x0020_", " "))
    plain = _HINTS.sub(" ", text.casefold().replace("&", " and "))
    plain = _ABUSE_OR_NEGLECT.sub(" abuse neglect ", plain)
    if is_heading:
        plain = _REFERENCE.sub(" reference ", plain)
    words = _NO_WORD.sub(" ", _APOSTROPHES.sub("", plain)).split()
    if is_heading:  # an answer with a typing error is asked about
        words = list(map(_corrected, words))
    line = " ".join(known.stands_for.get(word, word) for word in words)
    for phrase, word in known.phrases.items():
        line = re.sub(rf"\b{phrase}\b", word, line)
    return tuple(_spelling(word) for word in line.split() if word not in left_out)


@lru_cache(maxsize=8192)
def _corrected(word: str) -> str:
    """Return the word; with a typing error in it, the one known word that it must be."""
    if word in _known_words() or _spelling(word) in _known_words():
        return word
    long_enough = [known for known in _known_words() if len(known) >= _LETTERS_FOR_A_TYPO]
    near = process.extract(word, long_enough, scorer=OSA.distance, score_cutoff=1, limit=2)
    return near[0][0] if len(near) == 1 else word


@cache
def _known_words() -> frozenset[str]:
    """Return every word of a heading, an alias or the vocabulary."""
    known = vocabulary()
    names = [name for sheet in tracker_schema().sheet for c in sheet.column for name in (c.heading, *c.aliases)]
    texts = [
        *names,
        *known.phrases,
        *known.stands_for,
        *known.same,
        *(w for words in known.same.values() for w in words),
    ]
    texts += [*known.faint, *known.dates, *known.excluding, *known.left_out]
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
    """Return the words that are in so many headings that they identify none."""
    return frozenset(_spelling(word) for word in vocabulary().faint)


@cache
def excluding_words() -> frozenset[str]:
    """Return the words with which a heading is not a column of ours, unless the column's name has them too."""
    return frozenset(_spelling(word) for word in vocabulary().excluding)
