"""The documents that people ask for on the Documents sheet: what each row means, and what is filled in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from tracker_schema.columns.links import Link
from tracker_schema.columns.schema import plain
from tracker_schema.documents.documents import Document, documents
from tracker_schema.errors import UsageError
from tracker_schema.incidents.incident import CellContent, Incident, ScopingReturn, Tracker, WantedDocument
from tracker_schema.incidents.plan import CellWrite, NewRow
from tracker_schema.layouts.rows import SheetRows
from tracker_schema.wording import did_you_mean

ALL = "All"
"""The word for every agency of the incident."""


@dataclass(frozen=True, eq=False)
class Request:
    """What a row asks for.

    row       the row
    document  the document
    incident  the incident that it is about; None for a document of all cases
    returns   the agencies' rows that it is for; none for a document that is not made for each agency
    for_all   it is made for every agency that the incident has
    """

    row: WantedDocument
    document: Document
    incident: Incident | None
    returns: Sequence[ScopingReturn] = ()
    for_all: bool = False

    @property
    def agency(self) -> str | None:
        """The agency, or the word for all of them; None for a document that is not made for each agency."""
        if self.for_all:
            return ALL
        return self.returns[0].agency if self.returns else None


def suggestions(agencies: Sequence[str] = ()) -> Mapping[str, Sequence[str]]:
    """Return, by column id, what the drop-downs of the Documents sheet offer; `agencies` are the council's."""
    return {"document": [document.title for document in documents().values()], "agency": [ALL, *agencies]}


def request_of(row: WantedDocument, tracker: Tracker) -> Request:
    """Return what a row asks for.

    Raises UsageError, for the person who typed it, when it names no incident, document or agency that there is.
    """
    for column in row.sheet.sheet.row_key:
        if column in row.unreadable:
            raise UsageError(f"“{row.heading(column)}” cannot be read.", "Choose it from the list.")
    if not row.document:
        raise UsageError("No document is chosen.", f"Choose one under “{row.heading('document')}”.")
    document = _document_called(row.document)
    if document.all_cases:
        return Request(row, document, None)
    if not row.reference:
        raise UsageError("No incident is chosen.", f"Choose one under “{row.heading('reference')}”.")
    incident = tracker.find(row.reference)
    if not document.per_agency:
        return Request(row, document, incident)
    if not row.agency:
        problem = "This document is made for an agency."
        raise UsageError(problem, f"Choose one under “{row.heading('agency')}”, or “{ALL}”.")
    if row.agency.casefold() != ALL.casefold():
        return Request(row, document, incident, [_asked(incident, row.agency)])
    asked: dict[str, ScopingReturn] = {}
    for each in incident.scoping:
        if each.agency:
            asked.setdefault(each.agency, each)
    if not asked:
        raise UsageError(f"The Scoping sheet has no agency for {incident.reference}.", "Add a row there for each.")
    return Request(row, document, incident, list(asked.values()), for_all=True)


def _asked(incident: Incident, agency: str) -> ScopingReturn:
    """Return the agency's row of the Scoping sheet. Raises UsageError, which names the agencies there are."""
    found = incident.scoping_of(agency)
    if not found.row:
        asked = ", ".join(each.agency for each in incident.scoping if each.agency)
        remedy = f"The agencies asked are {asked}." if asked else "Add a row for it to the Scoping sheet."
        raise UsageError(f"{incident.reference} has no row for {agency} on the Scoping sheet.", remedy)
    return found


def called_for(tracker: Tracker) -> Iterator[tuple[Incident, Document, str | None]]:
    """Yield what the stages of the open incidents call for and no row of the Documents sheet asks for.

    Each is an incident, a document and an agency; None where it is not made for each agency.
    """
    asked = set()
    for row in tracker.wanted:
        try:
            request = request_of(row, tracker)
        except UsageError:
            continue
        if request.incident:
            agencies: list[str | None] = [each.agency.casefold() for each in request.returns]
            agencies = agencies or [None]
            asked |= {(request.incident.position, request.document.name, agency) for agency in agencies}
    for incident in tracker.open_incidents:
        for document in documents().values():
            if not document.is_called_for(incident):
                continue
            awaited = [each.agency for each in incident.scoping if each.agency and not each.returned]
            for agency in dict.fromkeys(awaited) if document.per_agency else [None]:
                key = incident.position, document.name, agency.casefold() if agency else None
                if key not in asked:
                    yield incident, document, agency


def filled_in(row: WantedDocument, values: Mapping[str, CellContent]) -> list[CellWrite]:
    """Return the cells of a row to change so that its columns of ours hold `values`, by column id.

    A column that the workbook lacks is left out.
    """
    page, number = row.sheet, row.row
    changes = []
    for column, new in values.items():
        if column not in page.numbers:
            continue
        old = page.cells[column][row.position]
        shown = new.text if isinstance(new, Link) else new
        if row.values.get(column) != shown or (column in row.unreadable):
            place = page.numbers[column]
            changes.append(CellWrite(page.name, number, place, column, row.reference or None, old, new))
    return changes


def added_rows(
    page: SheetRows, first: int, like: int | None, edges: tuple[int, int], wanted: Sequence[Mapping[str, str]]
) -> tuple[list[NewRow], list[CellWrite]]:
    """Return new rows for the Documents sheet from the row number `first` on, and their cells.

    `like` is the row that they are formatted like, `edges` are the first and the last column of the list, and `wanted`
    has the cells of each row by column id.
    """
    rows, cells = [], []
    for number, values in enumerate(wanted, first):
        reference = values["reference"]
        rows.append(NewRow(page.name, number, like, *edges, reference))
        cells += [
            CellWrite(page.name, number, page.numbers[column], column, reference, "", value)
            for column, value in values.items()
            if column in page.numbers
        ]
    return rows, cells


def _document_called(words: str) -> Document:
    """Return the document with that title or name, whatever the capitals and punctuation."""
    by_title = {plain(text): document for document in documents().values() for text in (document.name, document.title)}
    found = by_title.get(plain(words))
    if found is None:
        titles = [document.title for document in documents().values()]
        remedy = did_you_mean(words, titles, likeness=0.45) or "Choose one from the list."
        raise UsageError("There is no document with that name.", remedy)
    return found
