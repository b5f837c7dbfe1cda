"""The scoping returns about one incident among the completed forms that have been read into the tracker."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from scripts.adapters.storage.case_folders.folders import PROCESSED, RETURNED, CaseFolders
from scripts.adapters.word.documents.file_names import folder_name
from scripts.adapters.word.documents.making import Order
from scripts.adapters.word.returns.folder import forms_in, return_named_in
from tracker_schema.documents.documents import agency_form
from tracker_schema.errors import UsageError
from tracker_schema.incidents.incident import Incident
from tracker_schema.returns.gathered_returns import GatheredReturns, gather
from tracker_schema.returns.returned_answers import ReturnedAnswers, ReturnRefused
from tracker_schema.returns.returned_forms import ReturnedForm, read_form

FOLDER = Path("returns")
_WORD = ".docx"


@dataclass(frozen=True)
class _Form:
    """A file that came back.

    path   its path, of which the names are looked at
    data   its content; empty for one that cannot be a form
    saved  when it was saved, in seconds; 0 where that is not known
    done   it has been read into the tracker
    """

    path: Path
    data: bytes
    saved: float
    done: bool


def with_returns(orders: Sequence[Order], folder: Path | None, folders: CaseFolders | None) -> list[Order]:
    """Return the orders, those for documents that show what the agencies returned with what is in `folder`.

    With None for `folder` it is FOLDER, if it is there, and what is in the folder of the case among `folders`. Raises
    UsageError when a folder is not there or cannot be read, TrackerBusy when that of the case cannot be read just now,
    and TemplateError when the template of the form cannot be used.
    """
    showing = next((each for each in orders if each.document.shows_returns and each.incident), None)
    if showing is None or showing.incident is None:
        return list(orders)
    forms = list(_in_folder(folder or FOLDER)) if folder or FOLDER.is_dir() else []
    if folder is None and folders:
        forms += _in_case(folders, folder_name(showing.incident.reference))
    returns = _gathered(forms, showing.incident, showing.as_of)
    return [replace(each, returns=returns) if each.document.shows_returns else each for each in orders]


def _gathered(forms: Iterable[_Form], incident: Incident, as_of: dt.date) -> GatheredReturns:
    """Return what agencies returned about an incident, each file once.

    A file that names an agency of the incident and was not read counts as waiting for a person.
    """
    # Loaded here, because they take lxml.
    from scripts.adapters.word.returns.lost_tags import restored
    from scripts.adapters.word.returns.reading_controls import read_controls
    from scripts.adapters.word.returns.returned_file import returned_from
    from scripts.adapters.word.templates.form_fields import form_of

    document, names = agency_form(), {name.casefold() for name in (incident.reference, *incident.names) if name}
    found: list[tuple[_Form, ReturnedForm, ReturnedAnswers]] = []
    waiting: list[str] = []
    for each in {each.data or each.path: each for each in forms}.values():
        try:
            answers = restored(read_controls(returned_from(each.data)))
            form = read_form(answers, form_of, as_of)
        except ReturnRefused:
            form = None
        if form and each.done and form.document.name == document.name and form.reference.casefold() in names:
            found.append((each, form, answers))
        elif (form is None or not each.done) and (row := return_named_in(each.path, incident.scoping)):
            waiting.append(row.agency)
    found.sort(key=lambda found: (found[1].completed_on or dt.date.min, found[0].saved))
    return gather(form_of(document), [(form, answers) for _, form, answers in found], waiting)


def _in_folder(folder: Path) -> Iterator[_Form]:
    """Yield the files in a folder of completed forms, and in its subfolder PROCESSED."""
    from scripts.adapters.word.returns.returned_file import LARGEST_FILE

    processed = folder if folder.name == PROCESSED else folder / PROCESSED
    paths = [] if folder == processed else forms_in(folder)
    for path in [*paths, *(forms_in(processed) if processed.is_dir() else [])]:
        try:
            status = path.stat()
            may_be_form = path.suffix.lower() == _WORD and status.st_size <= LARGEST_FILE
            data = path.read_bytes() if may_be_form else b""
            yield _Form(path, data, status.st_mtime, path.parent == processed)
        except OSError as error:
            raise UsageError(f"{path} cannot be read ({error.strerror}).", "Close it, and run again.") from None


def _in_case(folders: CaseFolders, case: str) -> Iterator[_Form]:
    """Yield the files in PROCESSED in the folder of a case, and the names of those that have not been read in yet."""
    processed = f"{case}/{PROCESSED}"
    for name in sorted(folders.files(processed)):
        data = folders.read(processed, name) if name.lower().endswith(_WORD) else b""
        yield _Form(Path(case, PROCESSED, name), data or b"", 0, done=True)
    for name in sorted(folders.files(RETURNED)):
        yield _Form(Path(RETURNED, name), b"", 0, done=False)
