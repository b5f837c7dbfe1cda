"""A proposal as the text of config.toml: the sections that describe the council's log."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from tracker_schema.layouts.layouts import PER_INCIDENT, Kind

# The sections that a proposal replaces; all others of a config.toml stay.
SECTIONS = ("layout", "sheets", "columns", "choices", "closed")

_HEADER = re.compile(r"\s*\[\[?\s*\"?([\w-]+)")

LineKind = Literal["set", "known", "open"]
"""set: a setting; known: a comment, as the heading is found without it; open: a comment for a person to finish."""


@dataclass(frozen=True)
class Line:
    """One line of a section.

    name: the name of the setting
    value: its value; False when the log has no such column
    kind: a setting or a comment
    remark: a comment at the end of the line, or ""
    """

    name: str
    value: str | Sequence[str] | Literal[False]
    kind: LineKind = "set"
    remark: str = ""

    def __str__(self) -> str:
        shown = f"{_name(self.name)} = {_value(self.value)}"
        remark = f"  # {self.remark}" if self.remark else ""
        return f"{'' if self.kind == 'set' else '#'}{shown}{remark}"


@dataclass(frozen=True)
class Settings:
    """The sections of config.toml that describe the log.

    kind: the layout
    sheets: the lines of [sheets]
    columns: the lines of [columns.…] by sheet
    choices: the lines of [choices.…] by column
    closed: the lines of [closed], if words in a column say that a case is closed
    """

    kind: Kind
    sheets: Sequence[Line]
    columns: Mapping[str, Sequence[Line]]
    choices: Mapping[str, Sequence[Line]]
    closed: Sequence[Line] = ()

    def text(self) -> str:
        """Return the sections as TOML, with short comments."""
        return "\n\n".join(self._sections()) + "\n"

    def _sections(self) -> Iterator[str]:
        if self.kind != PER_INCIDENT:
            yield f"# The layout of your log of incidents.\n\n[layout]\nkind = {_value(self.kind)}"
        yield _section("sheets", self.sheets, "The names of the sheets in your workbook.")
        for sheet, lines in self.columns.items():
            yield _section(f"columns.{sheet}", lines, *(_COLUMNS if sheet == next(iter(self.columns)) else ()))
        for column, lines in self.choices.items():
            yield _section(f"choices.{column}", lines, *(_CHOICES if column == next(iter(self.choices)) else ()))
        if self.closed:
            yield _section("closed", self.closed, "The column that says that a case is closed, and the words for it.")


_COLUMNS = (
    "Your headings: the id of the column on the left, your heading on the right. Lines that start with # are not read:",
    "those headings are found without a setting, or somebody has to check them first.",
)
_CHOICES = (
    'Your words for choices: the word in your cells on the left, the choice it means on the right ("" if such a cell',
    "counts as empty).",
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
    # A string of JSON is one of TOML, except that TOML requires this character to be escaped.
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007F")


def merged(existing: str, settings: str) -> str:
    """Return the text of a config.toml with the sections of `settings` in place of its own; all others stay."""
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
    """Yield the sections of a config.toml by the first word of their names, each with the comments above it."""
    name, lines = "", list[str]()
    for line in text.splitlines():
        if header := _HEADER.match(line):
            above = _start_of_what_is_above(lines)
            yield name, lines[:above]
            name, lines = header[1], lines[above:]
        lines.append(line)
    yield name, lines


def _start_of_what_is_above(lines: Sequence[str]) -> int:
    """Return where the comments on the next section start: at the first empty line after the last setting.

    Comments directly below a setting belong to that setting.
    """
    last = max((n for n, line in enumerate(lines) if line.strip() and not line.lstrip().startswith("#")), default=-1)
    return next((n for n in range(last + 1, len(lines)) if not lines[n].strip()), len(lines))
