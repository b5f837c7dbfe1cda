"""The line of each key in a TOML document, which `tomllib` does not give.

The document is read from its beginning to the end of each line in turn: what a line adds to the data is on that line.
A value over several lines is on the line on which it begins, and each entry of a list on its own.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from typing import Any

Place = tuple[str | int, ...]
"""The keys that lead to a value, from the outside in; for an entry of a list its index, from 0."""


def lines_of(text: str) -> dict[Place, int]:
    """Return, for each table, key and list entry of `text`, the number of the line that names it first, from 1.

    Where `text` stops being TOML, the lines before that are still found.
    """
    lines: dict[Place, int] = {}
    rows = text.split("\n")
    begins = 1
    for number in range(1, len(rows) + 1):
        data = next((data for closing in ("", "]") if (data := _read(rows[:number], closing)) is not None), None)
        if data is None:  # the line is within a text
            continue
        for place in _places(data):
            lines.setdefault(place, begins)
        begins = number + 1
    return lines


def line_of(place: Place, lines: Mapping[Place, int]) -> int | None:
    """Return the line of `place`, or of the innermost table around it that has one; None when there is none."""
    return next((lines[place[:length]] for length in range(len(place), 0, -1) if place[:length] in lines), None)


def first_unfinished_line(text: str) -> int:
    """Return the number of the line, from 1, on which something begins that `text` does not complete as TOML."""
    rows = text.split("\n")
    return max((number for number in range(len(rows)) if _read(rows[:number], "") is not None), default=0) + 1


def given_before(text: str, line: int) -> tuple[Place, int] | None:
    """Return what `line` gives a second time, with the line of the first time; None when it repeats nothing."""
    rows = text.split("\n")[:line]
    heading = next((row for row in reversed(rows) if row.lstrip().startswith("[")), "")
    data = _read([heading] if rows[-1] is heading else [heading, rows[-1]], "")
    place: Place = max(_places(data), key=len) if data else ()
    first = lines_of("\n".join(rows[:-1])).get(place)
    return (place, first) if first else None


def _read(rows: list[str], closing: str) -> dict[str, Any] | None:
    try:
        return tomllib.loads("\n".join([*rows, closing]))
    except tomllib.TOMLDecodeError:
        return None


def _places(value: object, place: Place = ()) -> Iterator[Place]:
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, below in inner:
        yield (*place, key)
        yield from _places(below, (*place, key))
