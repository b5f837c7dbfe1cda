"""The layout of a log of incidents: one row for each incident or notification, or a sheet for each type or year."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from tracker_schema.adoption.choices import meaning
from tracker_schema.adoption.column_profile import ColumnProfile, profile_of
from tracker_schema.adoption.find_log import Log, Page, find_log
from tracker_schema.adoption.matches import Match
from tracker_schema.adoption.parts import Part, matched
from tracker_schema.adoption.words import words_of_answer
from tracker_schema.columns.schema import INCIDENTS, Sheet, plain, tracker_schema
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

_CLOSED = "closed"

_CLOSED_WORDS = frozenset({"closed", "archive", "archived", "historic", "history", "completed"})
_YEARS_HEADED = frozenset({"year", "yr", "fy", "prefix"})
_YEAR = re.compile(r"(?:19|20)\d\d(?:\s*[-/]\s*\d\d(?:\d\d)?)?")
_SAME_COLUMNS = 0.6


def laid_out(logs: Sequence[Part], pages: Sequence[Page]) -> tuple[Kind, list[Part]]:
    """Return the layout, and the logs of incidents that belong to it."""
    if len(logs) > 1 and len(by_type := _by_type(logs)) > 1:
        known = {part.name for part in logs}
        by_type = {**_by_type(list(_short_logs([page for page in pages if page.name not in known]))), **by_type}
        return SHEET_PER_TYPE, [_again(part, key, SHEET_PER_TYPE) for key, part in by_type.items()]
    main = max(logs, key=len)
    as_rows = _again(main, INCIDENTS, PER_NOTIFICATION)
    kind: Kind = PER_NOTIFICATION if _has_rows_of_types(as_rows) else PER_INCIDENT
    alike = [part for part in logs if part is main or _same_columns(part, main)]
    cells = _together(alike)
    return kind, [
        _again(part, _CLOSED if _is_closed(part) and part is not main else INCIDENTS, kind, cells) for part in alike
    ]


def _together(parts: Sequence[Part]) -> dict[tuple[str, str], ColumnProfile]:
    """Return the cells below each heading on all of the parts: the sheet of a year that has just begun has too few."""
    below: dict[tuple[str, str], list[Any]] = {}
    for part in parts:
        for number in part.log.headings:
            below.setdefault(_full(part.log, number), []).extend(part.log.cells[number].cells)
    date_1904 = parts[0].log.page.date_1904
    return {heading: profile_of(cells, date_1904=date_1904) for heading, cells in below.items()}


def _short_logs(pages: Sequence[Page]) -> Iterator[Part]:
    """Yield the other pages with a reference, which have too few columns for a log by themselves."""
    sheet = tracker_schema().sheets[INCIDENTS]
    for page in pages:
        log = None if page.hidden else find_log(sheet, page)
        if log is not None:
            part = matched(INCIDENTS, sheet, log)
            if "reference" in part.numbers:
                yield part


def _by_type(logs: Sequence[Part]) -> dict[str, Part]:
    """Return the logs by the id of the notification type that is in their names."""
    types = {type_.name: type_.id for type_ in layout_schema().type}
    column = layout_schema().columns[TYPE]
    named = ((meaning(part.name, column)[0], part) for part in logs)
    return {types[name]: part for name, part in named if name}


def _again(part: Part, key: str, kind: Kind, together: Mapping[tuple[str, str], ColumnProfile] | None = None) -> Part:
    """Return the part matched again, with the additional columns of that layout.

    `together` are the cells below each heading on several sheets.
    """
    layout = Layout(kind)
    sheet = with_layout(tracker_schema().sheets[INCIDENTS], layout, {})
    if not _repeats_references(part):  # no reference has several children
        sheet = _without(sheet, CHILD)
    cells = {number: (together or {}).get(_full(part.log, number), own) for number, own in part.log.cells.items()}
    again = replace(matched(key, sheet, replace(part.log, cells=cells)), log=part.log, kind=kind)
    prefix = _first_part_of_reference(again)
    if prefix is None:
        return again
    whole = with_layout(tracker_schema().sheets[INCIDENTS], layout, {PREFIX: prefix.heading})
    return replace(
        again, sheet=whole, matches=[prefix if match.number == prefix.number else match for match in again.matches]
    )


def _full(log: Log, number: int) -> tuple[str, str]:
    return plain(log.groups.get(number, "")), plain(log.headings[number])


def _without(sheet: Sheet, column_id: str) -> Sheet:
    fields = {name: getattr(sheet, name) for name in Sheet.model_fields}
    return Sheet(**fields | {"column": tuple(c for c in sheet.column if c.id != column_id)})


def _repeats_references(part: Part) -> bool:
    reference = part.numbers.get("reference")
    return reference is not None and part.log.cells[reference].unique < 1.0


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


def _same_columns(part: Part, main: Part) -> bool:
    theirs, ours = part.numbers.keys(), main.numbers.keys()
    return len(theirs & ours) >= _SAME_COLUMNS * min(len(theirs), len(ours))


def _is_closed(part: Part) -> bool:
    return bool(words_of_answer(part.name) & _CLOSED_WORDS)
