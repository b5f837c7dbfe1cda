"""The names of the files of a row of the Documents sheet, and the folder that they are in.

A row says the name of its file before the file is made. For all agencies it says what the names of their files have in
common.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence

from scripts.adapters.word.documents.file_names import beginning_of, file_stem, folder_name, numbered
from tracker_schema.documents.documents import Document
from tracker_schema.documents.wanted import Request
from tracker_schema.incidents.incident import Incident

PAPERS = "SLT"
"""The folder of the documents that are about all cases."""

_ENDING = ".docx"
_COPY = re.compile(r"(\d{4}-\d\d-\d\d)(?: \((\d+)\))?")


def folder_of(request: Request) -> str:
    """Return the name of the folder for the files of a row."""
    return folder_name(request.incident.reference) if request.incident else PAPERS


def begins_with(incident: Incident | None, document: Document, agency: str | None) -> str:
    """Return how the names of all files of a document for an incident begin, up to the day."""
    reference = incident.reference if incident else None
    return beginning_of(reference, document.name, agency)


def copy_text(request: Request, day: dt.date, number: int) -> str:
    """Return what the row says of the copy of that day and number, which begins at 1, before it is made."""
    stem = numbered(_stem(request, request.agency, day), number)
    return stem if request.for_all else stem + _ENDING


def without_ending(name: str) -> str:
    """Return the name of a file without its ending: what the cell that opens it shows once it is made."""
    return name.removesuffix(_ENDING)


def file_names(request: Request, text: str) -> list[str]:
    """Return the names of the files of the copy that `text` names; none when it names no copy of what is asked for."""
    copy = _copy(request, text)
    if copy is None:
        return []
    day, number = copy
    agencies: Sequence[str | None] = [each.agency for each in request.returns] or [None]
    return [numbered(_stem(request, agency, day), number) + _ENDING for agency in agencies]


def _copy(request: Request, text: str) -> tuple[dt.date, int] | None:
    begins = begins_with(request.incident, request.document, request.agency)
    found = _COPY.fullmatch(text.removeprefix(begins).removesuffix(_ENDING)) if text.startswith(begins) else None
    if found is None:
        return None
    try:
        copy = dt.date.fromisoformat(found[1]), int(found[2] or 1)
    except ValueError:
        return None
    return copy if copy_text(request, *copy) == text else None


def _stem(request: Request, agency: str | None, day: dt.date) -> str:
    return file_stem(request.incident.reference if request.incident else None, request.document.name, day, agency)
