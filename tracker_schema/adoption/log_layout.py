"""The layout of a log of incidents: one row for each incident or notification, or a sheet for each type or year."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from tracker_schema.adoption.choices import meaning
from tracker_schema.adoption.find_log import Page, find_log
from tracker_schema.adoption.column_profile import ColumnProfile
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
    again = [_again(part, _CLOSED if _is_closed(part) and part is not main else INCIDENTS, kind) for part in alike]
    fullest = max(again, key=_filled)
    return kind, [part if part is fullest else _headed_like(part, fullest) for part in again]


def _short_logs(pages: Sequence[Page]) -> Iterator[Part]:
    """Yield the pages with a reference and another column, which are too few columns for a log by itself."""
    sheet = tracker_schema().sheets[INCIDENTS]
    for page in pages:
        log = None if page.hidden else find_log(sheet, page)
        if log is not None:
            part = matched(INCIDENTS, sheet, log)
            if "reference" in part.numbers and len(part) > 1:
                yield part


def _by_type(logs: Sequence[Part]) -> dict[str, Part]:
    """Return the logs by the id of the notification type that is in their names."""
    types = {type_.name: type_.id for type_ in layout_schema().type}
    column = layout_schema().columns[TYPE]
    named = ((meaning(part.name, column)[0], part) for part in logs)
    return {types[name]: part for name, part in named if name}


def _again(part: Part, key: str, kind: Kind) -> Part:
    """Return the page matched again, with the additional columns of that layout."""
    layout = Layout(kind)
    sheet = with_layout(tracker_schema().sheets[INCIDENTS], layout, {})
    if not _repeats_references(part):  # no reference has several children
        sheet = _without(sheet, CHILD)
    again = replace(matched(key, sheet, part.log), kind=kind)
    prefix = _first_part_of_reference(again)
    if prefix is None:
        return again
    whole = with_layout(tracker_schema().sheets[INCIDENTS], layout, {PREFIX: prefix.heading})
    return replace(
        again, sheet=whole, matches=[prefix if match.number == prefix.number else match for match in again.matches]
    )


def _filled(part: Part) -> int:
    return sum(part.log.cells[match.number].filled for match in part.matches)


def _headed_like(part: Part, other: Part) -> Part:
    """Return the part with the columns that the same headings have on `other`.

    An emptier sheet, such as that of a year that has just begun, has fewer cells to go by.
    """
    there = {_full(other, match): match for match in other.matches}
    known = {match.number: there[name] for match in part.matches if (name := _full(part, match)) in there}
    taken = {match.column for match in known.values()}
    matches = []
    for match in part.matches:
        if match.number in known:
            matches.append(replace(known[match.number], number=match.number, kinds=match.kinds))
        else:
            matches.append(replace(match, column=None, sure=False) if match.column in taken else match)
    return replace(part, matches=matches)


def _full(part: Part, match: Match) -> tuple[str, str]:
    return plain(part.log.groups.get(match.number, "")), plain(match.heading)


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
