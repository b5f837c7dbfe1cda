"""Find the row of the tracker that a completed form is about, and what is to be entered there.

A scoping return fills “Returned” in its agency's row. A Critical Incident Form completes the row of its incident, or
becomes a new one. The record of a meeting completes the row of its incident. None changes a cell that is not empty.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import replace
from itertools import count

from tracker_schema.columns.dates import EXAMPLE
from tracker_schema.columns.references import next_references
from tracker_schema.columns.schema import INCIDENTS, tracker_schema
from tracker_schema.documents.forms import Form
from tracker_schema.incidents.incident import Incident, Tracker
from tracker_schema.returns.entries.entries import Entry, Value
from tracker_schema.returns.match_scoping import match_scoping_return
from tracker_schema.returns.matched_return import MatchedReturn, address_if_filled, return_column, with_reference
from tracker_schema.returns.returned_answers import ReturnRefused
from tracker_schema.returns.returned_forms import ReturnedForm
from tracker_schema.returns.same_incident import differs_nowhere, is_another_child, is_same_incident, match_children

_KEEP_ONE = "Keep the right one in the folder, and move the other away."


def fillable_columns(forms: Iterable[Form]) -> dict[str, Collection[str]]:
    """Return the ids of the columns that completed forms may fill, by sheet id.

    An agency's form may fill only the day on which it came back; any other the columns of its fields too.
    """
    columns: dict[str, set[str]] = {}
    for form in forms:
        of_sheet = columns.setdefault(form.document.sheet, set())
        if form.document.comes_back:
            of_sheet.add(return_column(form.document))
        if not form.document.per_agency:
            of_sheet.update(field.column.id for field in form.fields if field.column)
    return dict(columns)


class ReturnMatcher:
    """The forms of one run, matched one after the other: no two of them get the same new reference."""

    def __init__(
        self,
        tracker: Tracker,
        received: dt.date,
        taken: Iterable[str] = (),
        lacked: Callable[[str, str], Collection[str]] = lambda reference, agency: (),
    ) -> None:
        """`received` is the day on which the forms came back. A new row gets none of the references in `taken`.

        `lacked` returns the labels of what the earlier return about a reference, from an agency, lacks.
        """
        self._lacked = lacked
        self._tracker = tracker
        self._received = received
        used = [incident.reference for incident in tracker.incidents if incident.reference]
        others = (record.reference for records in tracker.records.values() for record in records if record.reference)
        in_advance = [text for page in tracker.rows.sheets[INCIDENTS].pages for text in page.in_advance.values()]
        self._new_references = next_references(used, [*taken, *others], tracker.as_of.year, in_advance)
        self._matched: set[tuple[str, ...]] = set()
        self._added: list[Mapping[str, Value]] = []

    def match(self, form: ReturnedForm, begun_as: str | None = None) -> MatchedReturn:
        """Return the row of `form`, and what is to be entered.

        `begun_as` is the reference under which an earlier run, which was stopped, entered it. Raises ReturnRefused when
        a date that goes into the tracker is none, the reference is unknown, the agency was not asked, more than one row
        could be meant, or this run has matched another form to the same row.
        """
        if form.unreadable:
            fields = " and ".join(f"“{label}”" for label in form.unreadable)
            raise ReturnRefused(f"It has no valid date in {fields}.", f"{EXAMPLE} Then run again.")
        matched = self._scoping_return(form, begun_as) if form.document.per_agency else self._report(form, begun_as)
        key = (form.document.name, matched.entry.reference.casefold(), (matched.entry.agency or "").casefold())
        if key in self._matched:
            what = "incident and agency" if form.agency else "incident"
            raise ReturnRefused(f"It is the second form here about the same {what}.", _KEEP_ONE)
        self._matched.add(key)
        closed = (address_if_filled(incident, "closed") for incident in self._incidents(matched.entry.reference))
        remarks = [f"The incident is closed: see {cell}." for cell in closed if cell]
        return replace(matched, remarks=(*matched.remarks, *remarks))

    def _incidents(self, reference: str) -> list[Incident]:
        """Return the incidents in rows with the reference, or else the one that is also called so."""
        also = (each for each in self._tracker.incidents if reference.casefold() in map(str.casefold, each.names))
        return with_reference(self._tracker.incidents, reference) or list(also)[:1]

    def _known_incidents(self, form: ReturnedForm) -> list[Incident]:
        incidents = self._incidents(form.reference)
        if not incidents:
            raise ReturnRefused(
                "It is about a reference that the tracker does not have.",
                "Correct it there, or ask for the form as it was sent.",
            )
        return incidents

    def _scoping_return(self, form: ReturnedForm, begun_as: str | None) -> MatchedReturn:
        self._known_incidents(form)
        return match_scoping_return(form, self._tracker, self._received, self._lacked, again=begun_as is not None)

    def _report(self, form: ReturnedForm, begun_as: str | None) -> MatchedReturn:
        if not form.reference and not form.document.reports:
            raise ReturnRefused(
                "It does not say which incident it is about.",
                "Make it from the tracker, with its reference, and copy it.",
            )
        incidents = self._known_incidents(form) if form.reference else self._about_the_same(form, begun_as)
        if len(incidents) > 1:
            cells = " and ".join(incident.address("reference") for incident in incidents)
            raise ReturnRefused(
                f"It may be about any of {cells}.", "Make the form from the right row, or enter it there."
            )
        return self._known(form, incidents[0]) if incidents else self._new(form, begun_as)

    def _about_the_same(self, form: ReturnedForm, begun_as: str | None) -> list[Incident]:
        """Return the incidents that a form without a reference is about.

        A run that was stopped may have written only part of the row, so one that differs nowhere counts too.
        """
        incidents = [
            incident
            for incident in self._tracker.incidents
            if any(is_same_incident(values, child) for values in form.by_child for child in incident.children)
        ]
        if incidents or not begun_as:
            return incidents
        return [incident for incident in self._incidents(begun_as) if differs_nowhere(form.values, incident)]

    def _new(self, form: ReturnedForm, begun_as: str | None) -> MatchedReturn:
        """Return the form as a new row."""
        if not form.values:
            raise ReturnRefused("It has no answer that could go into the tracker.", "Ask for it filled in.")
        if any(is_same_incident(form.values, earlier) for earlier in self._added):
            raise ReturnRefused("It is the second form here about the same child and day.", _KEEP_ONE)
        self._added.append(form.values)
        reference = begun_as if begun_as and not self._incidents(begun_as) else next(self._new_references)
        values = {**form.values, **self._received_on(form)}
        children = {number: values for number, values in enumerate(form.children, 1) if number > 1 and values}
        on_each_row = self._on_each_row(form, None) if children else {}
        entry = Entry(INCIDENTS, reference, values, new_row=True, children=children, on_each_row=on_each_row)
        return MatchedReturn(entry, None, None, ())

    def _on_each_row(self, form: ReturnedForm, incident: Incident | None) -> dict[str, Value | None]:
        """Return what each row of an incident with a row for each child is to say.

        These are the days by which rows are known to be about one incident, when the form came, and what the form says
        once of all children.
        """
        sheet = tracker_schema().sheets[INCIDENTS]
        values: dict[str, Value | None] = {
            column.id: form.values[column.id]
            for column in sheet.column
            if column.of_each_child and column.id in form.values
            if not any(column.id in child for child in form.children)
        }
        stated = {column: form.values.get(column) for column in sheet.identity("day")}
        for column, of_form in {**stated, **self._received_on(form)}.items():
            values[column] = (incident.date(column) if incident else None) or of_form
        return values

    def _received_on(self, form: ReturnedForm) -> dict[str, dt.date]:
        """Return the day on which the form came back, by the id of its column; {} for the record of a meeting."""
        return {return_column(form.document): self._received} if form.document.comes_back else {}

    def _known(self, form: ReturnedForm, incident: Incident) -> MatchedReturn:
        """Return the form for the row of an incident that the tracker has."""
        found_in = incident.address("reference")
        if not incident.reference:
            raise ReturnRefused(
                f"It is about the incident at {found_in}, which has no reference.", "Give it one, and run again."
            )
        _refuse_another_child(form, incident)
        received = self._received_on(form)
        before = next((cell for column in received if (cell := address_if_filled(incident, column))), None)
        values: dict[str, Value | None] = {**form.values, **({} if before else received)}
        remarks = [] if form.reference else [f"It has no reference; its child and date are those of {found_in}."]
        children: dict[int, Mapping[str, Value]] = {}
        if len(incident.children) > 1 or any(form.children[1:]):
            of_each = {column for child in form.children for column in child}
            values = {column: value for column, value in values.items() if column not in of_each}
            numbers = match_children(form.children, incident.children)
            new = count(len(incident.children) + 1)
            for number, child in zip(numbers, form.children, strict=True):
                if child and number == len(incident.children) == 1:
                    values |= child
                elif child:
                    children[number or next(new)] = child
        on_each_row = self._on_each_row(form, incident) if children else {}
        entry = Entry(INCIDENTS, incident.reference, values, children=children, on_each_row=on_each_row)
        return MatchedReturn(entry, found_in, before, tuple(remarks))


def _refuse_another_child(form: ReturnedForm, incident: Incident) -> None:
    """Raise ReturnRefused if the row of the form's reference is about another child.

    A wrong reference mixes up two children, whichever cells of the row are empty. Of an incident with several children,
    the form may be about any.
    """
    if len(incident.children) > 1 or not all(is_another_child(values, incident) for values in form.by_child):
        return
    for column in tracker_schema().sheets[INCIDENTS].identity("number", "birth"):
        if is_another_child({column: form.values[column]} if column in form.values else {}, incident):
            raise ReturnRefused(
                f"It is about another child than the row of its reference: see {incident.address(column)}.",
                "If that cell is wrong, correct it and run again; else ask which incident the form is about.",
            )
