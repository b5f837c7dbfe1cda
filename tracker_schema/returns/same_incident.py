"""Compare a completed form with a row of the tracker: is it the same incident, and what does the form add?"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

from tracker_schema.columns.parsing import cleaned
from tracker_schema.columns.schema import INCIDENTS, HasValues, tracker_schema
from tracker_schema.layouts.record import Record
from tracker_schema.returns.entries.entries import Value


def is_same_incident(values: Mapping[str, Value], row: HasValues) -> bool:
    """Return True if `row` is about the same child and day as `values`, or has all of `values`.

    A child is the same by number, or by initials and date of birth; the day is that of the incident or of awareness.
    """
    sheet = tracker_schema().sheets[INCIDENTS]
    child = agrees(values, row, *sheet.identity("number")) or agrees(values, row, *sheet.identity("initials", "birth"))
    day = any(agrees(values, row, column) for column in sheet.identity("day"))
    return (child and day) or (bool(values) and agrees(values, row, *values))


def agrees(values: Mapping[str, Value], row: HasValues, *columns: str) -> bool:
    """Return True if `row` has the same value as `values` in each of `columns`, and none of them is empty."""
    return all(_is_same(values.get(column), row.get(column)) for column in columns)


def _is_same(value: Value | None, found: object) -> bool:
    if value is None or found is None:
        return False
    if isinstance(value, dt.date):
        return value == found
    return cleaned(value).casefold() == cleaned(str(found)).casefold()


def differs_nowhere(values: Mapping[str, Value], record: Record) -> bool:
    """Return True if each cell of the record in the columns of `values` is empty, or has the same value."""
    return all(agrees(values, record, column) for column in values if record.is_filled(column))


def is_another_child(values: Mapping[str, Value], child: HasValues) -> bool:
    """Return True if `values` name another child than `child`: its number or date of birth is another."""
    columns = tracker_schema().sheets[INCIDENTS].identity("number", "birth")
    stated = [column for column in columns if values.get(column) is not None and child.get(column) is not None]
    return any(not agrees(values, child, column) for column in stated)


def match_children(forms: Sequence[Mapping[str, Value]], children: Sequence[Record]) -> list[int | None]:
    """Return for each child of a form, in `forms`, its number among the `children` of the incident; None for a new one.

    A child is known by its number, or by initials and date of birth; else by its place in the form, unless the tracker
    has another child there.
    """
    sheet = tracker_schema().sheets[INCIDENTS]
    keys = (sheet.identity("number"), sheet.identity("initials", "birth"))
    found: list[int | None] = [None] * len(forms)
    for place, values in enumerate(forms):
        for number, child in enumerate(children, 1):
            if number not in found and any(agrees(values, child, *key) for key in keys):
                found[place] = number
                break
    for place, values in enumerate(forms):
        is_free = found[place] is None and place < len(children) and place + 1 not in found
        if is_free and not is_another_child(values, children[place]):
            found[place] = place + 1
    return found
