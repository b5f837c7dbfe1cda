"""On which line each key of a TOML document stands, which `tomllib` does not tell.

`tomllib` has read the document already, or says where it stops being TOML; here only the places of keys are of
interest, so values are stepped over rather than read.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator

Place = tuple[str | int, ...]
"""Where something stands in the data: the keys, and for the entry of a list its index, from the outside in."""

_STRING = r'"""(?:\\[\s\S]|[^\\])*?"{3,5}|' + r"'''[\s\S]*?'{3,5}|" + r'"(?:\\.|[^"\\\n])*"|' + r"'[^'\n]*'"
_PART = r"""(?:"(?:\\.|[^"\\\n])*"|'[^'\n]*'|[A-Za-z0-9_-]+)"""

_KEY = re.compile(rf"{_PART}(?:[ \t]*\.[ \t]*{_PART})*")
_VALUE = re.compile(rf"{_STRING}|[^,\[\]{{}}#\n'\"][^,\]}}#\n]*")  # a date and its time may have a space between them
_SPACE = re.compile(r"[ \t]*")
_BLANK = re.compile(r"(?:\s|#[^\n]*)*")
_EQUALS = re.compile(r"[ \t]*=[ \t]*")
_REST_OF_LINE = re.compile(r"[ \t]*(?:#[^\n]*)?(?=\n|\Z)")


def keys_with_lines(text: str) -> Iterator[tuple[Place, int]]:
    """Each key and table heading of `text` with its line, in the order of the document, repeated ones too.

    Ends quietly where the text is no longer TOML.
    """
    reader = _Reader(text)
    try:
        yield from reader.document()
    except _NotToml:
        return


def line_of(place: Place, lines: dict[Place, int]) -> int | None:
    """The line of `place` among `lines`, else of what it stands in, else None."""
    while place:
        if place in lines:
            return lines[place]
        place = place[:-1]
    return None


def lines_of(text: str) -> dict[Place, int]:
    """The line on which each key, table and list entry of `text` is first named."""
    lines: dict[Place, int] = {}
    for place, line in keys_with_lines(text):
        for length in range(1, len(place) + 1):
            lines.setdefault(place[:length], line)
    return lines


def repeated_keys(text: str) -> list[tuple[Place, int, int]]:
    """The keys and tables that `text` has twice, each with the line of the first and of the later one."""
    first: dict[Place, int] = {}
    repeated = []
    for place, line in keys_with_lines(text):
        if place in first:
            repeated.append((place, first[place], line))
        first.setdefault(place, line)
    return repeated


class _NotToml(Exception):
    """The text is not TOML from here on; never leaves this module."""


class _Reader:
    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0
        self._entries: dict[Place, int] = {}  # how many [[headings]] a list of tables has had

    def document(self) -> Iterator[tuple[Place, int]]:
        table: Place = ()
        while not self._ended_after(_BLANK):
            line = self._line()
            if self._next("["):
                table = self._heading()
                yield table, line
            else:
                yield from self._pair(table)
            self._take(_REST_OF_LINE)

    def _heading(self) -> Place:
        of_list = self._next("[[")
        self._at += 2 if of_list else 1
        self._take(_SPACE)
        place: Place = ()
        for part in self._key():
            place = (*place, part)
            if place in self._entries:
                last = self._entries[place] - 1
                place = (*place, last)
        if of_list:
            listed = place[:-1] if isinstance(place[-1], int) else place
            self._entries[listed] = self._entries.get(listed, 0) + 1
            place = (*listed, self._entries[listed] - 1)
        self._take(_SPACE)
        self._expect("]]" if of_list else "]")
        return place

    def _pair(self, table: Place) -> Iterator[tuple[Place, int]]:
        line = self._line()
        place = (*table, *self._key())
        yield place, line
        self._take(_EQUALS)
        yield from self._value(place)

    def _value(self, place: Place) -> Iterator[tuple[Place, int]]:
        if self._next("["):
            yield from self._list(place)
        elif self._next("{"):
            yield from self._inline_table(place)
        else:
            self._take(_VALUE)

    def _list(self, place: Place) -> Iterator[tuple[Place, int]]:
        self._expect("[")
        index = 0
        while not self._ended_after(_BLANK) and not self._next("]"):
            yield (*place, index), self._line()
            yield from self._value((*place, index))
            index += 1
            self._take(_BLANK)
            if not self._next("]"):
                self._expect(",")
        self._expect("]")

    def _inline_table(self, place: Place) -> Iterator[tuple[Place, int]]:
        self._expect("{")
        while not self._ended_after(_BLANK) and not self._next("}"):
            yield from self._pair(place)
            self._take(_BLANK)
            if not self._next("}"):
                self._expect(",")
        self._expect("}")

    def _key(self) -> tuple[str, ...]:
        # tomllib itself undoes the quotes, escapes and dots of a key.
        try:
            inner: object = tomllib.loads(f"{self._take(_KEY)} = 0")
        except tomllib.TOMLDecodeError as error:
            raise _NotToml from error
        parts: list[str] = []
        while isinstance(inner, dict):
            ((part, inner),) = inner.items()
            parts.append(part)
        return tuple(parts)

    def _line(self) -> int:
        return self._text.count("\n", 0, self._at) + 1

    def _next(self, wanted: str) -> bool:
        return self._text.startswith(wanted, self._at)

    def _expect(self, wanted: str) -> None:
        if not self._next(wanted):
            raise _NotToml
        self._at += len(wanted)

    def _take(self, pattern: re.Pattern[str]) -> str:
        found = pattern.match(self._text, self._at)
        if found is None:
            raise _NotToml
        self._at = found.end()
        return found.group()

    def _ended_after(self, pattern: re.Pattern[str]) -> bool:
        self._take(pattern)
        return self._at >= len(self._text)
