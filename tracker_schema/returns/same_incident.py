"""Whether a row of the tracker and a form are about the same incident, and what the form says that the row does not."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from tracker_schema.columns.parsing import cleaned
from tracker_schema.entries.entries import Value
from tracker_schema.old_facts import Facts

Says = Callable[[str], Any]
"""What a row says, by column id; None or NaT where it says nothing."""


def what_is_in(facts: Facts, position: int) -> Says:
    """What the row at `position` says."""

    def says(column: str) -> Any:
        return facts.column(column).values[position]

    return says


def is_same_incident(values: Mapping[str, Value], row: Says) -> bool:
    """Whether `row` is about the same child and day as `values`, or says all that these do.

    A child is the same by number, or by initials and date of birth; the day is that of the incident or of awareness.
    """
    child = same(values, row, "child_id") or same(values, row, "initials", "date_of_birth")
    day = same(values, row, "incident_date") or same(values, row, "aware_date")
    return (child and day) or (bool(values) and same(values, row, *values))


def same(values: Mapping[str, Value], row: Says, *columns: str) -> bool:
    """Whether `row` says in each of `columns` what `values` does, and anything at all."""
    return all(_agree(values.get(column), row(column)) for column in columns)


def _agree(said: Value | None, found: Any) -> bool:
    if said is None or found is None:
        return False
    if isinstance(said, dt.date):
        return bool(np.datetime64(said) == found) or said == found
    return cleaned(said).casefold() == cleaned(str(found)).casefold()


def says_nothing_else(values: Mapping[str, Value], facts: Facts, position: int) -> bool:
    """Whether whatever the row says in the columns of `values` is what these say."""
    row = what_is_in(facts, position)
    return all(same(values, row, column) for column in values if facts.filled(column)[position])


def of_each_child(children: Sequence[Mapping[str, Value]], facts: Facts, rows: Sequence[int]) -> Iterator[str]:
    """Sentences about what a form says of each of its `children` and the tracker does not, in the `rows` of theirs.

    They name cells; entering that is for a person.
    """
    for number, child in enumerate(children, 1):
        if number > len(rows):
            if child:
                yield f"It tells of a child {number}, whom the tracker does not have; enter by hand what it says."
            continue
        row = what_is_in(facts, rows[number - 1])
        new = [column for column in child if not same(child, row, column)]
        if new:
            cells = ", ".join(facts.read.address(column, rows[number - 1]) for column in new if facts.has(column))
            where = f" ({cells})" if cells else ""
            yield f"Of child {number} it says more than the tracker, or something else{where}; enter that by hand."
