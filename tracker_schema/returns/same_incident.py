"""Compare a completed form with a row of the tracker: is it the same incident, and what does the form add?"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence

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


def about_each_child(forms: Sequence[Mapping[str, Value]], children: Sequence[Record]) -> Iterator[str]:
    """Yield sentences about what a form says of each child, in `forms`, and the tracker does not, in `children`.

    They name cells; a person enters it.
    """
    for number, values in enumerate(forms, 1):
        if number > len(children):
            if values:
                yield f"It is also about a child {number}, which the tracker does not have. Enter by hand what it says."
            continue
        child = children[number - 1]
        new = [column for column in values if not agrees(values, child, column)]
        if new:
            cells = ", ".join(child.address(column) for column in new if child.has_column(column))
            where = f" ({cells})" if cells else ""
            yield f"Of child {number} it says more than the tracker, or something else{where}. Enter that by hand."
