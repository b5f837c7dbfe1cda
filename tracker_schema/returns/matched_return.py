"""The row of the tracker that a completed form is about, and what is to be entered there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

from tracker_schema.clocks.clocks import standard_clocks
from tracker_schema.documents.documents import Document
from tracker_schema.layouts.record import Record
from tracker_schema.returns.entries.entries import Entry

_R = TypeVar("_R", bound=Record)


@dataclass(frozen=True, eq=False)
class MatchedReturn:
    """A completed form and its row in the tracker.

    entry: what is to be entered
    found_in: the address of the row's reference, or of its agency; None for a new row
    entered_before: the address of the cell with the day on which such a form came back before; None when it is empty
    completes: it has answers that the return which came before lacked
    remarks: what a person should look at, in sentences
    """

    entry: Entry
    found_in: str | None
    entered_before: str | None
    remarks: tuple[str, ...]
    completes: bool = False


def return_column(document: Document) -> str:
    """Return the id of the column for the day on which a completed form came back: it stops the form's clock."""
    calling = {call.clock for call in document.called_for}
    clocks = (clock for clock in standard_clocks() if clock.sheet == document.sheet)
    return next(clock.stop[0] for clock in clocks if document.per_agency or clock.id in calling)


def with_reference(records: Sequence[_R], reference: str) -> list[_R]:
    """Return the records with that reference, in any spelling of capitals."""
    wanted = reference.strip().casefold()
    return [record for record in records if wanted and record.reference.casefold() == wanted]


def address_if_filled(record: Record, column: str) -> str | None:
    """Return the address of a cell that is not empty; None when it is empty."""
    return record.address(column) if record.is_filled(column) else None
