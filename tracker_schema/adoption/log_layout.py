"""The layout of a log of incidents: one row for each incident or notification, or a sheet for each type or year."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from tracker_schema.adoption.choices import meaning
from tracker_schema.adoption.column_profile import ColumnProfile, profile_of
from tracker_schema.adoption.find_log import Log, Page, find_log
from tracker_schema.adoption.matches import Match
from tracker_schema.adoption.parts import Part, chosen, matched
from tracker_schema.adoption.words import words_of_answer
from tracker_schema.columns.schema import INCIDENTS, Sheet, plain, tracker_schema
from tracker_schema.layouts.choose_sheet import choose_sheet
from tracker_schema.layouts.layouts import (
    CHILD,
    PER_INCIDENT,
    PER_NOTIFICATION,
    PREFIX,
    SHEET_PER_TYPE,
    TYPE,
    Kind,
    Layout,
    layout_schema,
    with_layout,
)

CLOSED = "closed"

_CLOSED_WORDS = frozenset({"closed", "archive", "archived", "historic", "history", "completed"})
_YEARS_HEADED = frozenset({"year", "yr", "fy", "prefix"})
_YEAR = re.compile(r"(?:19|20)\d\d(?:\s*[-/–]\s*\d\d(?:\d\d)?)?")
_SAME_COLUMNS = 0.6


@dataclass(frozen=True, eq=False)
class LaidOut:
    """The worksheets with the headings of the log.

    kind: the layout
    parts: those that belong to the log, as far as anybody can tell
    asked: of all but the chosen one, those of which a person has to say whether they belong to it
    """

    kind: Kind
    parts: Sequence[Part]
    asked: Sequence[Part] = ()


def laid_out(logs: Sequence[Part], pages: Sequence[Page]) -> LaidOut:
    """Return which of `logs`, worksheets with the headings of a log, are the log, and how it is laid out."""
    main = chosen(logs) or logs[0]
    others = [part for part in logs if part is not main]
    seen = [part for part in logs if part.log.page.hidden == main.log.page.hidden]
    if len(seen) > 1 and len(by_type := _by_type(seen)) > 1:
        named = {part.name for part in seen}
        by_type = _by_type([part for page in pages if page.name not in named for part in _short_log(page)]) | by_type
        return LaidOut(SHEET_PER_TYPE, [_again(part, key, SHEET_PER_TYPE) for key, part in by_type.items()])
    kind: Kind = PER_NOTIFICATION if _has_rows_of_types(_again(main, INCIDENTS, PER_NOTIFICATION)) else PER_INCIDENT
    certain = [part for part in others if part in seen and _is_like(part, main) and _belongs(part, main)]
    equal = [part for part in others if part in seen and _is_like(part, main) and _is_equal(part, main)]
    alike = [part for part in logs if part is main or part in certain or part in equal]
    cells = _together(alike)
    again = {
        part.name: _again(part, CLOSED if _is_closed(part) and part is not main else INCIDENTS, kind, cells)
        for part in sorted(logs, key=lambda part: part not in alike)
    }
    return LaidOut(
        kind, [again[part.name] for part in alike], [again[part.name] for part in others if part not in certain]
    )


def _is_like(part: Part, main: Part) -> bool:
    theirs, ours = part.numbers.keys(), main.numbers.keys()
    return len(theirs & ours) >= _SAME_COLUMNS * min(len(theirs), len(ours))


def _belongs(part: Part, main: Part) -> bool:
    """Return True for the sheet of another year, or of closed incidents."""
    return _is_closed(part) or of_any_year(part.name) == of_any_year(main.name)


def _is_equal(part: Part, main: Part) -> bool:
    """Return True if nothing tells which of the two is the log, and they are not copies of each other."""
    whole = [each.candidate._replace(is_whole=True) for each in (main, part)]
    mine, theirs = _references(part), _references(main)
    return bool(choose_sheet(part.sheet, whole).equal) and not (mine and mine <= theirs)


def _references(part: Part) -> set[str]:
    number = part.numbers.get("reference")
    return set(map(plain, part.log.cells[number].texts)) if number else set()


def _is_closed(part: Part) -> bool:
    return bool(words_of_answer(part.name) & _CLOSED_WORDS)


def of_any_year(name: str) -> str:
    """Return the name of a worksheet with “20*” in place of a year."""
    return _YEAR.sub("20*", name)


def _together(parts: Sequence[Part]) -> dict[tuple[str, str], ColumnProfile]:
    """Return the cells below each heading on all of the parts: the sheet of a year that has just begun has too few."""
    below: dict[tuple[str, str], list[Any]] = {}
    for part in parts:
        for number in part.log.headings:
            below.setdefault(_key(part.log, number), []).extend(part.log.cells[number].cells)
    date_1904 = parts[0].log.page.date_1904
    return {heading: profile_of(cells, date_1904=date_1904) for heading, cells in below.items()}


def _key(log: Log, number: int) -> tuple[str, str]:
    return plain(log.groups.get(number, "")), plain(log.headings[number])


def _short_log(page: Page) -> list[Part]:
    """Return the page, if it is seen and has a reference, though too few columns for a log by itself."""
    sheet = tracker_schema().sheets[INCIDENTS]
    log = None if page.hidden else find_log(sheet, page)
    part = matched(INCIDENTS, sheet, log) if log else None
    return [part] if part and "reference" in part.numbers else []


def _by_type(logs: Sequence[Part]) -> dict[str, Part]:
    """Return the logs by the id of the notification type that is in their names."""
    types = {type_.name: type_.id for type_ in layout_schema().type}
    named = ((meaning(part.name, layout_schema().columns[TYPE])[0], part) for part in logs)
    return {types[name]: part for name, part in named if name}


def _again(part: Part, key: str, kind: Kind, together: Mapping[tuple[str, str], ColumnProfile] | None = None) -> Part:
    """Return the part matched again, with the additional columns of that layout.

    `together` are the cells below each heading on several sheets.
    """
    sheet = with_layout(tracker_schema().sheets[INCIDENTS], Layout(kind), {})
    reference = part.numbers.get("reference")
    if reference is None or part.log.cells[reference].unique == 1.0:  # no reference has several children
        sheet = _without(sheet, CHILD)
    cells = {number: (together or {}).get(_key(part.log, number), own) for number, own in part.log.cells.items()}
    again = replace(matched(key, sheet, replace(part.log, cells=cells)), log=part.log, kind=kind)
    prefix = _first_part_of_reference(again)
    if prefix is None:
        return again
    whole = with_layout(tracker_schema().sheets[INCIDENTS], Layout(kind), {PREFIX: prefix.heading})
    return replace(again, sheet=whole, matches=[prefix if m.number == prefix.number else m for m in again.matches])


def _without(sheet: Sheet, column_id: str) -> Sheet:
    fields = {name: getattr(sheet, name) for name in Sheet.model_fields}
    return Sheet(**fields | {"column": tuple(c for c in sheet.column if c.id != column_id)})


def _has_rows_of_types(part: Part) -> bool:
    if TYPE not in part.numbers or "reference" not in part.numbers:
        return False
    types = {meaning(text, part.sheet.columns[TYPE])[0] for text in part.log.cells[part.numbers[TYPE]].texts}
    return len(types - {None, ""}) > 1


def _first_part_of_reference(part: Part) -> Match | None:
    """Return the column left of the reference, if it holds the year and the reference is a bare number."""
    reference = part.numbers.get("reference")
    if reference is None or not _all(part.log.cells[reference], r"\d{1,4}"):
        return None
    left = next((match for match in part.matches if match.number == reference - 1 and match.column is None), None)
    if left is None or not (_all(part.log.cells[left.number], _YEAR) or words_of_answer(left.heading) & _YEARS_HEADED):
        return None
    why = "it may be the first part of the reference"
    return replace(left, column=PREFIX, sure=False, suggestions=[PREFIX], why=why)


def _all(cells: ColumnProfile, pattern: str | re.Pattern[str]) -> bool:
    return bool(cells.texts) and all(re.fullmatch(pattern, text) for text in cells.texts)
