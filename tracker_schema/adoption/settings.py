"""A proposal as settings: the text of those sections of config.toml that say how this council keeps its log."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from tracker_schema.layouts.layouts import PER_INCIDENT, Kind

# The sections that come from a proposal; all others of a config.toml are somebody's own.
SECTIONS = ("layout", "sheets", "columns", "choices")

_HEADER = re.compile(r"\s*\[\[?\s*\"?([\w-]+)")

# "set": read; "known": found without it, and so a comment; "open": a comment for a person to finish.
Standing = Literal["set", "known", "open"]


@dataclass(frozen=True)
class Line:
    """One setting: its name, its value (False: there is no such thing), how it stands, and a remark on it."""

    name: str
    value: str | Sequence[str] | Literal[False]
    standing: Standing = "set"
    remark: str = ""

    def __str__(self) -> str:
        shown = f"{_name(self.name)} = {_value(self.value)}"
        remark = f"  # {self.remark}" if self.remark else ""
        return f"{'' if self.standing == 'set' else '#'}{shown}{remark}"


@dataclass(frozen=True)
class Settings:
    """What config.toml is to say: how the log is laid out, and by sheet or column the lines of each section."""

    kind: Kind
    heading_rows: int | None
    sheets: Sequence[Line]
    columns: Mapping[str, Sequence[Line]]
    choices: Mapping[str, Sequence[Line]]

    def text(self) -> str:
        """The sections as TOML, with short comments."""
        return "\n\n".join(self._sections()) + "\n"

    def _sections(self) -> Iterator[str]:
        if self.kind != PER_INCIDENT or self.heading_rows:
            yield "\n".join(self._layout())
        yield _section("sheets", self.sheets, "What the sheets are called in your workbook.")
        for sheet, lines in self.columns.items():
            yield _section(f"columns.{sheet}", lines, *(_COLUMNS if sheet == next(iter(self.columns)) else ()))
        for column, lines in self.choices.items():
            yield _section(f"choices.{column}", lines, *(_CHOICES if column == next(iter(self.choices)) else ()))

    def _layout(self) -> Iterator[str]:
        yield "# How your log of incidents is laid out."
        yield "\n[layout]"
        if self.kind != PER_INCIDENT:
            yield f"kind = {_value(self.kind)}"
        if self.heading_rows:
            yield f"heading_rows = {self.heading_rows}"


_COLUMNS = (
    "What the headings are called in your workbook: on the left the id of the column, on the right your heading. Lines",
    "that start with # are not read: those headings are found by themselves, or somebody has to look at them first.",
)
_CHOICES = (
    'What your words for a choice mean: on the left what the cells say, on the right the choice that is meant, or ""',
    "where such a cell counts as empty.",
)


def _section(name: str, lines: Sequence[Line], *about: str) -> str:
    head = [f"# {line}" for line in about] + ([""] if about else [])
    return "\n".join([*head, f"[{name}]", *map(str, lines)])


def _name(name: str) -> str:
    return name if re.fullmatch(r"[A-Za-z0-9_-]+", name) else _quoted(name)


def _value(value: str | Sequence[str] | Literal[False]) -> str:
    if value is False:
        return "false"
    return _quoted(value) if isinstance(value, str) else f"[{', '.join(map(_quoted, value))}]"


def _quoted(text: str) -> str:
    # JSON's strings are TOML's too, but for one character that TOML wants escaped and JSON does not.
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007F")


def merged(existing: str, settings: str) -> str:
    """The text of a config.toml with the sections of `settings` in place of its own, all others as they are."""
    before: list[str] = []
    behind: list[str] = []
    kept = before
    for name, lines in _sections_of(existing):
        if name in SECTIONS:
            kept = behind
        else:
            kept += lines
    parts = ("\n".join(before).strip("\n"), settings.strip("\n"), "\n".join(behind).strip("\n"))
    return "\n\n\n".join(part for part in parts if part) + "\n"


def _sections_of(text: str) -> Iterator[tuple[str, list[str]]]:
    """The sections of a config.toml by the first word of their names, each with the comments above it."""
    name, lines = "", list[str]()
    for line in text.splitlines():
        if header := _HEADER.match(line):
            above = _start_of_what_is_above(lines)
            yield name, lines[:above]
            name, lines = header[1], lines[above:]
        lines.append(line)
    yield name, lines


def _start_of_what_is_above(lines: Sequence[str]) -> int:
    """Where the comments start that are about the next section: at the first empty line behind the last setting.

    Comments right below a setting are about that.
    """
    last = max((n for n, line in enumerate(lines) if line.strip() and not line.lstrip().startswith("#")), default=-1)
    return next((n for n in range(last + 1, len(lines)) if not lines[n].strip()), len(lines))
