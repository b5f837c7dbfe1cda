"""The choice in a cell, however it is written."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from types import MappingProxyType

from tracker_schema.columns.parsing import Cell, Fault, Unreadable, parse_text
from tracker_schema.wording import nearest

_NOT_COMPARED = re.compile(r"[\s.,;:/'’_-]+")


def choice_words(
    choices: Sequence[str],
    synonyms: Mapping[str, Sequence[str]],
    own_words: Mapping[str, str] = MappingProxyType({}),
) -> dict[str, str]:
    """Return each way of writing one of `choices`, as `normalized` has it, with the choice it means ("": empty)."""
    words = {normalized(word): choice for choice in choices for word in synonyms.get(choice, ())}
    words |= {normalized(word): choice for word, choice in own_words.items()}
    return words | {normalized(choice): choice for choice in choices}


def normalized(choice: str) -> str:
    """Return a choice without the capitals, spaces and punctuation that do not change what it means.

    Stricter than `plain`, with which headings are compared: “No?” is not “No”, and an unknown letter is not dropped.
    """
    return _NOT_COMPARED.sub("", choice.casefold())


def parse_choice(cell: Cell, known: Mapping[str, str]) -> tuple[str | None, Fault | None]:
    """Return the choice that the cell means, None for an empty one; `known` comes from `choice_words`.

    Raises Unreadable for any other text; its fault offers the nearest choice.
    """
    if isinstance(cell, bool):
        cell = "Yes" if cell else "No"
    text, _ = parse_text(cell)
    if text is None:
        return None, None
    words = normalized(text)
    if words in known:
        return known[words] or None, None
    meant = {word: choice for word, choice in known.items() if choice}
    near = nearest(words, meant, likeness=0.8)
    choices = "; ".join(dict.fromkeys(meant.values()))
    remedy = f"Did you mean “{meant[near]}”?" if near else f"Choose one of: {choices}."
    raise Unreadable(Fault("not-a-choice", "is not on the list", "is not on the list", remedy))
