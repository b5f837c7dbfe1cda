"""The case details of an incident, read from the form in a folder of documents or in the folder of the case."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from scripts.adapters.storage.case_folders.folders import CaseFolders
from scripts.adapters.word.documents.file_names import beginning_of, folder_name
from scripts.adapters.word.documents.making import Maker, Order
from scripts.adapters.word.returns.folder import is_open
from tracker_schema.documents.case_details import SHOWN, CaseDetails, details_document, details_in
from tracker_schema.documents.documents import FORM, REFERENCE
from tracker_schema.errors import UsageError
from tracker_schema.incidents.incident import Incident
from tracker_schema.returns.returned_answers import ReturnRefused


@dataclass(frozen=True)
class FoundDetails:
    """The form with the case details of an incident.

    file     the form
    saved    when it was saved, in seconds as the disk has it; 0 in the folder of a case, which does not say
    details  what it says
    """

    file: Path
    saved: float
    details: CaseDetails


def find_details(
    folder: Path, incident: Incident, maker: Maker, folders: CaseFolders | None = None
) -> FoundDetails | None:
    """Return the case details in `folder`, or in the folder of the case among `folders`; None when there are none.

    Where both have some and those in `folder` are not complete, those in the folder of the case are taken. Of several
    forms in one folder it is the last. Raises UsageError when that form is open, cannot be read, or is about another
    incident or child, and otherwise as `CaseFolders.read`.
    """
    found = _in_folder(folder, incident, maker)
    if folders is None or (found and not found.details.missing(len(incident.children))):
        return found
    return details_of_case(folders, incident, maker) or found


def _in_folder(folder: Path, incident: Incident, maker: Maker) -> FoundDetails | None:
    beginning = beginning_of(incident.reference, details_document().name)
    try:
        forms = {path: path.stat().st_mtime for path in folder.glob("*.docx") if path.name.startswith(beginning)}
    except OSError as error:
        raise UsageError(f"The folder {folder} cannot be read ({error.strerror}).", "Ask for access.") from None
    if not forms:
        return None
    file = max(forms, key=lambda path: (forms[path], path.name))
    if is_open(file):
        raise UsageError(f"{file.name} is open in Word or LibreOffice.", "Save and close it, and run again.")
    try:
        data = file.read_bytes()
    except OSError as error:
        raise UsageError(f"{file.name} cannot be read ({error.strerror}).", "Close it, and run again.") from None
    return FoundDetails(file, forms[file], _details(file.name, data, incident, maker))


def details_of_case(folders: CaseFolders, incident: Incident, maker: Maker) -> FoundDetails | None:
    """Return the case details in the folder of the case, from the form that was made last; None when there is none.

    Raises UsageError when that form cannot be used, and otherwise as `CaseFolders.read`.
    """
    case, beginning = folder_name(incident.reference), beginning_of(incident.reference, details_document().name)
    names = [name for name in folders.files(case) if name.startswith(beginning) and name.endswith(".docx")]
    # A copy with a number is longer, and newer, than the first of its day.
    name = max(names, key=lambda name: (name.removeprefix(beginning)[:_DAY], len(name), name), default=None)
    data = folders.read(case, name) if name else None
    if name is None or data is None:
        return None
    return FoundDetails(Path(folders.name, case, name), 0, _details(name, data, incident, maker))


def with_details(
    orders: Sequence[Order], folder: Path, maker: Maker, folders: CaseFolders | None = None
) -> list[Order]:
    """Return the orders, those for documents that show the case details with those that `find_details` finds.

    Raises as it does.
    """
    showing = next((order.incident for order in orders if order.document.case_details == SHOWN), None)
    found = find_details(folder, showing, maker, folders) if showing else None
    if not found:
        return list(orders)
    return [replace(each, details=found.details) if each.document.case_details == SHOWN else each for each in orders]


def _details(name: str, data: bytes, incident: Incident, maker: Maker) -> CaseDetails:
    """Return what the form called `name` says. Raises UsageError when it cannot be used."""
    # Loaded here, because it takes lxml, and most documents show no case details.
    from scripts.adapters.word.returns.lost_tags import restored
    from scripts.adapters.word.returns.reading_controls import read_controls
    from scripts.adapters.word.returns.returned_file import returned_from

    document = details_document()
    try:
        answers = restored(read_controls(returned_from(data)))
    except ReturnRefused as refusal:
        raise UsageError(f"{name} cannot be used. {refusal.problem}", _MAKE_ANOTHER) from None
    if FORM + document.name not in answers.tags:
        raise UsageError(f"{name} is not the form “{document.title}”.", _MAKE_ANOTHER)
    reference = answers.by_tag[REFERENCE].text if REFERENCE in answers.by_tag else ""
    if reference.casefold() != incident.reference.casefold():
        raise UsageError(f"{name} is about another incident.", _MAKE_ANOTHER)
    details = details_in(maker.form(document), answers)
    if number := details.other_child(incident):
        raise UsageError(
            f"What {name} says of child {number} is about another child: neither initials nor date of birth are "
            "those in the tracker.",
            _MAKE_ANOTHER,
        )
    return details


_DAY = len("2026-11-23")
_MAKE_ANOTHER = "Move it away, and make the form again."
