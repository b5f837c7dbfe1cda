"""Which of several worksheets is the log: by headings, then visible, then with rows, and last by its name."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from tracker_schema.columns.problems import Problem
from tracker_schema.columns.schema import Sheet, plain


class Candidate(NamedTuple):
    """A worksheet that may be a sheet of the schema.

    name: its name
    is_whole: it has every heading that is required
    is_visible: people see it
    has_rows: it has a row below its headings
    """

    name: str
    is_whole: bool
    is_visible: bool
    has_rows: bool


class Choice(NamedTuple):
    """The worksheet that is chosen, and the others that could be it.

    chosen: the worksheet; None when there is none
    others: the others with every heading, the likeliest first
    equal: those of them that are as likely as the one chosen, so that nobody can tell
    """

    chosen: Candidate | None
    others: Sequence[Candidate] = ()
    equal: Sequence[Candidate] = ()


def choose_sheet(sheet: Sheet, candidates: Sequence[Candidate]) -> Choice:
    """Return which of the worksheets is `sheet`: by headings, visibility and rows, and last by its name."""
    whole = [candidate for candidate in candidates if candidate.is_whole]
    if not whole:
        return Choice(None)
    names = [plain(name) for name in (sheet.heading, *sheet.aliases)]

    def rank(candidate: Candidate) -> tuple[bool, bool, int]:
        name = plain(candidate.name)
        named = names.index(name) if name in names else len(names)
        return not candidate.is_visible, not candidate.has_rows, named

    chosen, *others = sorted(whole, key=rank)
    return Choice(chosen, others, [other for other in others if rank(other) == rank(chosen)])


def remarks_on_others(sheet: Sheet, choice: Choice) -> list[Problem]:
    """Return the remark that names the other worksheets that could be `sheet`; empty when there is none."""
    if not choice.chosen or not choice.others:
        return []
    named = [f"“{other.name}”{'' if other.is_visible else ' (hidden)'}" for other in choice.others]
    listed = named[0] if len(named) == 1 else f"{', '.join(named[:-1])} and {named[-1]}"
    seen = any(other.is_visible and other.has_rows for other in choice.others)
    return [
        Problem(
            "other-sheet",
            "warning" if seen else "note",
            f"{choice.others[0].name}!A1",
            f"The sheet “{choice.chosen.name}” is read as the log. {listed} could be it too.",
            f'To choose, name one or several in config.toml: sheets.{sheet.id} = ["{choice.chosen.name}"].',
        )
    ]
