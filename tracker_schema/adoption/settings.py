"""The answers as config.toml: the sections that describe the council's log, and the settings beside them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fnmatch import fnmatchcase
from typing import Any

import tomlkit
from tomlkit import TOMLDocument

from tracker_schema.adoption.choices import Meaning
from tracker_schema.adoption.log_layout import of_any_year
from tracker_schema.adoption.proposal import Proposal
from tracker_schema.adoption.question import Answers
from tracker_schema.columns.schema import plain
from tracker_schema.layouts.layouts import PER_INCIDENT
from tracker_schema.wording import counted

Headings = Mapping[str, Mapping[str, str]]
"""By sheet id and column id, the heading of a column; "" for a column that the log does not have."""

_COLUMNS = (
    "# Your headings: the id of the column on the left, your heading on the right. A heading that is ours needs no\n"
    "# line. Lines that start with # are not read: somebody has to check them first."
)
_CHOICES = (
    "# Your words for choices: the word in your cells on the left, the choice it means on the right "
    '("" if such a cell\n# counts as empty).'
)


def put_in(config: TOMLDocument, answers: Answers, headings: Headings) -> None:
    """Put the answers in a config.toml. The sections about the log are replaced; all other settings stay.

    `headings` are those of the columns.
    """
    if answers.proposal.kind != PER_INCIDENT or "layout" in config:
        _section(config, "layout")["kind"] = answers.proposal.kind
    for name in ("sheets", "columns", "choices", "closed"):
        config.pop(name, None)
    for name, section in tomlkit.parse("\n\n".join(_sections(answers, headings)) + "\n").items():
        config.append(name, section)
    if answers.with_colours or "status_colours" in config.get("tracker", {}):
        _section(config, "tracker")["status_colours"] = answers.with_colours
    if answers.start_from or "start_from" in config.get("clocks", {}):
        _section(config, "clocks").pop("start_from", None)
        if answers.start_from:
            _section(config, "clocks")["start_from"] = answers.start_from
    for clock in sorted(answers.not_kept):
        _section(_section(config, "clocks"), clock)["on"] = False


def _section(parent: Any, name: str) -> Any:
    return parent.setdefault(name, tomlkit.table())


def _sections(answers: Answers, headings: Headings) -> Iterator[str]:
    names = {key: each[0] if len(each) == 1 else each for key, each in sheet_names(answers.proposal).items()}
    yield _text("sheets", "# The names of the sheets in your workbook.", [_line(*each) for each in names.items()])
    for sheet in headings:
        yield _text(f"columns.{sheet}", _COLUMNS, _columns(answers.proposal, sheet, headings[sheet]))
    for column in dict.fromkeys(meant.column for meant in answers.meanings):
        lines = [_word(meant) for meant in answers.meanings if meant.column == column]
        yield _text(f"choices.{column}", _CHOICES, lines)
    if answers.closed_by and answers.closed_words:
        lines = [_line("column", answers.closed_by), _line("words", list(answers.closed_words))]
        yield _text("closed", "# The column that says that a case is closed, and the words for it.", lines)


def _text(name: str, about: str, lines: Sequence[str]) -> str:
    return "\n".join([f"[{name}]", about, "", *lines]) + "\n"


def _line(name: str, value: object, remark: str = "") -> str:
    return tomlkit.dumps({name: value}).strip() + (f"  # {remark}" if remark else "")


def _columns(proposal: Proposal, sheet_id: str, headings: Mapping[str, str]) -> list[str]:
    """Return the lines of [columns.…], in the order of the columns of the schema."""
    parts = proposal.of(sheet_id)
    matches = {match.column: (part, match) for part in reversed(parts) for match in part.matches if match.column}
    lines = []
    for column in parts[0].sheet.column:
        heading = headings.get(column.id)
        part, match = matches.get(column.id, (None, None))
        theirs = part.log.full_heading(match.number) if part and match else ""
        if heading == "":
            perhaps = (
                f"check this: perhaps “{theirs}”" if theirs else "a similar heading exists, but is not this column"
            )
            lines.append(_line(column.id, value=False, remark=perhaps))
        elif heading and (column.by_script or plain(heading) != plain(column.heading)):
            remark = "your own column of that name stays as it is" if column.by_script else ""
            lines.append(_line(column.id, heading, remark))
        elif heading is None and match:
            lines.append(f"#{_line(column.id, theirs, f'check this: {match.why}')}")
    return lines


def _word(meant: Meaning) -> str:
    if meant.sure and meant.choice is not None:
        return _line(meant.word, meant.choice)
    remark = f"{counted(meant.rows, 'row')}; which choice is meant?"
    return f"#{_line(meant.word, meant.choice or '…', remark)}"


def sheet_names(proposal: Proposal) -> dict[str, list[str]]:
    """Return the worksheets by the name of their setting, those that differ only in the year as a pattern."""
    sheets: dict[str, list[str]] = {}
    for part in proposal.parts:
        sheets.setdefault(part.key, []).append(part.name)
    for key, names in sheets.items():
        pattern, *more = {of_any_year(name) for name in names}
        others = set(proposal.names) - set(names)
        if len(names) > 1 and not more and not any(fnmatchcase(n.casefold(), pattern.casefold()) for n in others):
            sheets[key] = [pattern]
    return sheets


def headings_of(proposal: Proposal) -> dict[str, dict[str, str]]:
    """Return the heading of every column that is sure, by sheet id and column id."""
    headings: dict[str, dict[str, str]] = {}
    for part in proposal.parts:
        of_sheet = headings.setdefault(part.sheet.id, {})
        for match in part.matches:
            if match.column and match.sure:
                of_sheet.setdefault(match.column, part.log.full_heading(match.number))
    return headings
