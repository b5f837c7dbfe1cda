"""The forms that come back into the folder of the cases: read in every pass, and moved to the folder of their case.

What became of each is said in the sheet Documents, in the row by which the form was made.
"""

from __future__ import annotations

import datetime as dt
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from scripts.adapters.cli.terminal import Progress
from scripts.adapters.ledger.returns_so_far import ReturnsSoFar
from scripts.adapters.settings.build import names_of, rules_of
from scripts.adapters.settings.config import Config
from scripts.adapters.storage.case_folders.folders import ENTER, RETURNED, CaseFolders
from scripts.adapters.storage.store import Store
from scripts.adapters.tracker.read_plan_write import read_plan_write
from scripts.adapters.word.documents.file_names import folder_name
from scripts.adapters.word.returns.folder import Processed
from scripts.adapters.word.returns.reading_in import read_in
from scripts.adapters.word.returns.results import ReadIn, Return
from tracker_schema.columns.schema import DOCUMENTS
from tracker_schema.documents.wanted import filled_in, request_of
from tracker_schema.errors import TrackerError, UsageError
from tracker_schema.incidents.incident import Tracker, WantedDocument
from tracker_schema.incidents.plan import CellWrite, Plan
from tracker_schema.returns.returned_forms import gaps_in_words
from tracker_schema.wording import counted, short_date

STAGES = 12
_NOTE = "forms being entered.txt"
_MOST_LETTERS = 1_000

Remarks = Mapping[tuple[str, str, str], str]
"""By reference, name of the document and agency, in small letters."""


def read_returned(
    config: Config,
    store: Store,
    as_of: dt.date,
    *,
    dry_run: bool,
    progress: Progress,
    ledger: Path,
    so_far: ReturnsSoFar | None,
) -> list[ReadIn]:
    """Read the forms that came back into the folder of the cases, and return what was done with them.

    They are entered and moved to the folder of their case; with returns.enter = "ask" only those that a person has
    moved to the folder for it, and the others are reported. With `dry_run` all are only reported. `ledger` is the file
    of the ledger, beside which it is noted what is being entered; `so_far` is as in `read_in`. Nothing is read of the
    tracker when there is no form. Raises as `read_in`, and TrackerBusy when the folder cannot be read just now.
    """
    folders = store.case_folders(config.documents.folder)
    done = []
    for within in (ENTER, "") if config.returns.enter == "ask" else ("",):
        with tempfile.TemporaryDirectory() as copies:
            forms = folders.returned(within, Path(copies))
            place = Path(folders.name) / RETURNED / within
            if not forms:
                if so_far:
                    so_far.leave(place, (), as_of)
                    so_far.leave_files(place, ())
                continue
            read = read_in(
                store,
                names_of(config),
                rules_of(config),
                place,
                as_of,
                received=as_of,
                apply=not dry_run and (within == ENTER or config.returns.enter != "ask"),
                progress=progress,
                so_far=so_far,
                paths=forms,
                processed=_InCaseFolders(folders, within, ledger.with_name(_NOTE)),
            )
            done.append(read)
            if so_far:
                so_far.leave_files(place, _left(read, within))
            if not dry_run and not read.entered.refusal and (remarks := _remarks(read)):
                _say_on_the_sheet(config, store, as_of, remarks, progress)
    return done


class _InCaseFolders(Processed):
    """Where forms go that are in the tracker: the folders of their cases."""

    def __init__(self, folders: CaseFolders, within: str, note: Path) -> None:
        super().__init__(Path(folders.name), note)
        self._folders = folders
        self._within = within

    def take(self, path: Path, reference: str = "") -> Path:
        """Move the form to the folder of its case. Raises OSError when it cannot be moved."""
        self._folders.file_away(self._within, path, folder_name(reference))
        return path


def _left(read: ReadIn, within: str) -> list[tuple[str, bool]]:
    """Return a sentence for each file that stays where it is, for the daily list; True if it must be read at once."""
    folder = f"“{RETURNED}”" if not within else f"“{within}”"
    waiting = f"it waits there until somebody moves it to “{ENTER}”."

    def said(each: Return) -> str:
        stays = waiting if each.state == "to be entered" else each.why
        return " ".join((*each.urgent, f"In the folder {folder}, {read.names[each.path]}:", stays))

    return [(said(each), bool(each.urgent)) for each in read.in_state("refused", "to be entered")]


def _remarks(read: ReadIn) -> dict[tuple[str, str, str], str]:
    """Return what to say of the forms, by the row of the sheet Documents that they answer."""
    found: dict[tuple[str, str, str], str] = {}
    for each in read.returns:
        if each.form and each.reference:
            key = each.reference.casefold(), each.form.document.name, each.agency.casefold()
            found[key] = _remark(each, read.received)
    return found


def _remark(each: Return, received: dt.date) -> str:
    assert each.form is not None  # noqa: S101 - only those are given
    entered = counted(len(each.placed.cells) if each.placed else 0, "cell")
    said = {
        "to be entered": f"Came back: {entered} would be entered. Move it to the folder {ENTER} to have that done.",
        "entered": f"Came back {short_date(received)}: {entered} entered.",
        "entered before": f"Came back {short_date(received)}, and is in the tracker.",
        "completes an earlier one": f"Came back {short_date(received)}: it answers what was missing.",
        "refused": f"Came back, and was left where it is: {each.why}",
    }[each.state]
    missing = gaps_in_words(each.form)
    words = [said, *each.urgent, *([f"Missing: {missing}"] if missing else []), *each.remarks]
    return " ".join(words)[:_MOST_LETTERS]


def _say_on_the_sheet(
    config: Config, store: Store, as_of: dt.date, remarks: Remarks, progress: Progress
) -> TrackerError | None:
    """Enter the remarks on the sheet Documents; return why they could not be. The next pass says what was not said."""
    outcome = read_plan_write(
        store,
        names_of(config),
        rules_of(config),
        as_of,
        lambda _, tracker: Plan((), _cells(tracker, remarks)),
        Plan((), ()),
        dry_run=False,
        progress=progress,
        task="Entering what came back",
    )
    return outcome.refusal


def _cells(tracker: Tracker, remarks: Remarks) -> list[CellWrite]:
    if DOCUMENTS not in tracker.rows.sheets:
        return []
    cells: list[CellWrite] = []
    for key, text in remarks.items():
        rows = [row for row in tracker.wanted if row.is_made and key in _answered_by(row, tracker)]
        for row in rows[-1:]:  # the newest copy
            cells += filled_in(row, {"remark": text})
    return cells


def _answered_by(row: WantedDocument, tracker: Tracker) -> Sequence[tuple[str, str, str]]:
    """Return the keys of the forms that a row was made for."""
    try:
        request = request_of(row, tracker)
    except UsageError:
        return ()
    if request.incident is None:
        return ()
    agencies = [each.agency for each in request.returns] or [""]
    return [(request.incident.reference.casefold(), request.document.name, each.casefold()) for each in agencies]
