"""Where a completed form belongs in the tracker: the row it is about, and what is to be entered there.

A scoping return fills “Returned” of its agency's row. A Critical Incident Form completes the row of its incident, or
becomes a new one. Nothing that stands in the tracker is changed by either.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

import numpy as np

from tracker_schema.case import positions_of
from tracker_schema.columns.parsing import cleaned
from tracker_schema.columns.references import next_references
from tracker_schema.columns.schema import INCIDENTS, SCOPING
from tracker_schema.documents.forms import Form
from tracker_schema.entries.entries import Entry, Value
from tracker_schema.old_assessment import Assessment, SheetAssessment
from tracker_schema.returns.returned_answers import ReturnRefused
from tracker_schema.returns.returned_forms import ReturnedForm
from tracker_schema.returns.same_incident import is_same_incident, of_each_child, same, says_nothing_else, what_is_in
from tracker_schema.wording import short_date

RECEIVED, RETURNED = "form_received", "returned"

_SECOND = "is the second form here that is about the same"
_KEEP_ONE = "keep the right one in the folder, and move the other away"


@dataclass(frozen=True, eq=False)
class Settled:
    """What is to be entered for a form, and on which row: `found_in` is the cell of its reference, None for a new row.

    `entered_before` says in which cell it stands that such a return has been entered, None when none has. `remarks`
    are sentences about what a person should look at.
    """

    entry: Entry
    found_in: str | None
    entered_before: str | None
    remarks: tuple[str, ...]


def may_be_filled(reports: Iterable[Form]) -> dict[str, Collection[str]]:
    """Return the columns that returned forms may fill, by sheet id; `reports` are the forms that report an incident."""
    mirrored = {field.column.id for form in reports for field in form.fields if field.column}
    return {INCIDENTS: {*mirrored, RECEIVED}, SCOPING: {RETURNED}}


class Settling:
    """The forms of one run, settled one after the other: two of them never get the same new reference."""

    def __init__(self, assessment: Assessment, received: dt.date, taken: Iterable[str] = ()) -> None:
        """`received` is the day on which the forms came back; none of the references `taken` is given to a new row."""
        self._assessment = assessment
        self._received = received
        self._new = next_references(
            _references(assessment, INCIDENTS),
            [*taken, *(reference for sheet in assessment.sheets for reference in _references(assessment, sheet))],
            assessment.as_of.year,
        )
        self._settled: set[tuple[str, ...]] = set()
        self._added: list[Mapping[str, Value]] = []

    def settle(self, form: ReturnedForm, begun_as: str | None = None) -> Settled:
        """Where `form` belongs; `begun_as` is the reference under which a run that was stopped was entering it.

        Raises ReturnRefused when its reference is unknown, its agency was not asked, it might belong to more than one
        row, or the same return was settled before in this run.
        """
        settled = self._scoping_return(form) if form.document.per_agency else self._incident(form, begun_as)
        key = (form.document.name, settled.entry.reference.casefold(), (settled.entry.agency or "").casefold())
        if key in self._settled:
            raise ReturnRefused(f"{_SECOND} incident{' and agency' if form.agency else ''}; {_KEEP_ONE}")
        self._settled.add(key)
        return replace(settled, remarks=(*settled.remarks, *self._about_a_closed_case(settled.entry.reference)))

    def _about_a_closed_case(self, reference: str) -> Iterator[str]:
        sheet = self._assessment.sheets[INCIDENTS]
        for position in positions_of(sheet, reference):
            if cell := _cell_if_filled(sheet, "closed", position):
                yield f"The incident is closed, as {cell} says."

    def _scoping_return(self, form: ReturnedForm) -> Settled:
        self._incident_of(form)
        if form.required and not form.answered:
            raise ReturnRefused("has none of the answers that it has to have; ask for it filled in")
        if SCOPING not in self._assessment.sheets:
            raise ReturnRefused("is a scoping return, but the tracker has no sheet for them; add the sheet Scoping")
        sheet = self._assessment.sheets[SCOPING]
        agencies = sheet.facts.column("agency").values
        rows = positions_of(sheet, form.reference)
        found = [at for at in rows if cleaned(agencies[at] or "").casefold() == form.agency.casefold()]
        if not found or not form.agency:
            raise ReturnRefused(
                "is from an agency that was not asked about this incident; if it was, add its row to the sheet "
                f"“{sheet.facts.read.name}”"
            )
        if len(found) > 1:
            cells = " and ".join(sheet.facts.read.address("agency", position) for position in found)
            raise ReturnRefused(f"might belong to either of {cells}; leave only one of those rows")
        before = _cell_if_filled(sheet, RETURNED, found[0])
        values = {} if before else {RETURNED: self._received}
        entry = Entry(SCOPING, form.reference, values, agency=agencies[found[0]])
        cell = sheet.facts.read.address("agency", found[0])
        return Settled(entry, cell, before, tuple(self._about_the_day(form, sheet, found[0])))

    def _about_the_day(self, form: ReturnedForm, sheet: SheetAssessment, position: int) -> Iterator[str]:
        sent = sheet.facts.column("sent")
        if not sent.filled[position]:
            yield "“Sent” is empty in its row, so that nobody can tell whether it is late; fill it in."
        elif np.datetime64(self._received) < sent.values[position]:
            yield "It would have come back before it was sent; give the right day with --received."
        due = sheet.status["return_due"][position]
        if due and form.completed_on and form.completed_on <= due < self._received:
            yield (
                f"It was due on {short_date(due)} and counts as returned on {short_date(self._received)}; if it came "
                "in time, run again with --received and that day."
            )

    def _incident(self, form: ReturnedForm, begun_as: str | None) -> Settled:
        sheet = self._assessment.sheets[INCIDENTS]
        positions = self._incident_of(form) if form.reference else self._about_the_same(form, begun_as)
        if len(positions) > 1:
            cells = " and ".join(sheet.facts.read.address("reference", position) for position in positions)
            raise ReturnRefused(
                f"might be about either of {cells}; make the form from the right row, or enter it there"
            )
        if not positions:
            if not form.values:
                raise ReturnRefused("says nothing that could go into the tracker; ask for it again, filled in")
            if any(is_same_incident(form.values, before.get) for before in self._added):
                raise ReturnRefused(f"{_SECOND} child and day; {_KEEP_ONE}")
            self._added.append(form.values)
            others = ("It tells of more than one child; enter by hand what it says of the others.",)
            reference = begun_as if begun_as and not positions_of(sheet, begun_as) else next(self._new)
            entry = Entry(INCIDENTS, reference, {**form.values, RECEIVED: self._received}, new_row=True)
            return Settled(entry, None, None, others if any(form.children[1:]) else ())
        (position,) = positions
        reference = sheet.facts.column("reference").values[position]
        if reference is None:
            cell = sheet.facts.read.address("reference", position)
            raise ReturnRefused(f"is about the incident at {cell}, which has no reference; give it one, and run again")
        self._refuse_another_child(form, sheet, position)
        before = _cell_if_filled(sheet, RECEIVED, position)
        values = dict(form.values) if before else {**form.values, RECEIVED: self._received}
        found_in = sheet.facts.read.address("reference", position)
        remarks = [] if form.reference else [f"It names no reference; child and date are those of {found_in}."]
        rows = np.flatnonzero(sheet.facts.children.incident_of == position).tolist()
        if len(rows) > 1 or any(form.children[1:]):
            remarks += of_each_child(form.children, sheet.facts.children, rows)
            asked_of_each = {column for child in form.children for column in child}
            values = {column: value for column, value in values.items() if column not in asked_of_each}
        return Settled(Entry(INCIDENTS, reference, values), found_in, before, tuple(remarks))

    def _refuse_another_child(self, form: ReturnedForm, sheet: SheetAssessment, position: int) -> None:
        """Nothing, unless the row of the form's reference is about somebody else: a wrong reference mixes up two
        children, whatever cells of the row are empty. Of an incident with several children any may be meant.
        """
        if sheet.facts.children_per_incident[position] > 1:
            return
        for column in ("child_id", "date_of_birth"):
            there = what_is_in(sheet.facts, position)
            said = form.values.get(column) is not None and sheet.facts.filled(column)[position]
            if said and not same(form.values, there, column):
                cell = sheet.facts.read.address(column, position)
                raise ReturnRefused(
                    f"is about another child than the row of its reference, by what {cell} says; if that cell is "
                    "wrong, correct it and run again, else ask which incident it is about"
                )

    def _about_the_same(self, form: ReturnedForm, begun_as: str | None) -> list[int]:
        """The positions of the rows that are about the incident of a form without a reference; of a row that was being
        written when a run was stopped, only part may be there.
        """
        sheet = self._assessment.sheets[INCIDENTS]
        children = sheet.facts.children
        alike = [at for at in range(len(children)) if is_same_incident(form.values, what_is_in(children, at))]
        found = sorted(set(children.incident_of[alike].tolist()))
        if found or not begun_as:
            return found
        return [at for at in positions_of(sheet, begun_as) if says_nothing_else(form.values, sheet.facts, at)]

    def _incident_of(self, form: ReturnedForm) -> list[int]:
        """The positions of the rows with the form's reference."""
        found = positions_of(self._assessment.sheets[INCIDENTS], form.reference)
        if not found:
            raise ReturnRefused(
                "is about a reference that the tracker does not have; correct it there, or ask for the form as it was "
                "sent"
            )
        return found


def _references(assessment: Assessment, sheet: str) -> list[str]:
    return [reference for reference in assessment.sheets[sheet].facts.column("reference").values if reference]


def _cell_if_filled(sheet: SheetAssessment, column: str, position: int) -> str | None:
    if not sheet.facts.has(column) or not sheet.facts.filled(column)[position]:
        return None
    return sheet.facts.read.address(column, position)
