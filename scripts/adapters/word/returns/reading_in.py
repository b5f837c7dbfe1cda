"""Read completed forms into the tracker: open each, find its row, enter it, and move it away.

In this order, so that a run that is stopped anywhere loses nothing: the note that forms are being entered -> the
tracker, which is read back -> the forms, one by one -> the note again.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from scripts.adapters.cli.terminal import Progress
from scripts.adapters.storage.store import Store
from scripts.adapters.tracker.entering import Entered, enter
from scripts.adapters.word.returns.folder import Processed, forms_in, is_open, shown_names
from scripts.adapters.workbook.read import Names
from tracker_schema.clocks.clocks import Rules
from tracker_schema.documents.documents import documents
from tracker_schema.incidents.incident import Tracker
from tracker_schema.returns.entries.entries import Entry, PlacedEntry
from tracker_schema.returns.match_returns import MatchedReturn, ReturnMatcher, fillable_columns
from tracker_schema.returns.returned_answers import ReturnRefused
from tracker_schema.returns.returned_forms import ReturnedForm, read_form

STAGES = 5

State = Literal["to be entered", "entered", "entered before", "refused"]


@dataclass(eq=False)
class Return:
    """One file in the folder.

    path: where it is
    form: what it says; None when it cannot be read as a form
    digest: the SHA-256 of its bytes
    matched: its row in the tracker; None when it has none
    placed: what the plan does with it
    state: what becomes of it
    why: of a refused file, why it is left in place, without its name
    reference, agency: those of the form if the tracker has them; "" otherwise, because they may be anything
    remarks: what a person should look at, in sentences
    """

    path: Path
    form: ReturnedForm | None = None
    digest: str = ""
    matched: MatchedReturn | None = None
    placed: PlacedEntry | None = None
    state: State = "to be entered"
    why: str = ""
    reference: str = ""
    agency: str = ""
    remarks: list[str] = field(default_factory=list)

    def refuse(self, why: str) -> None:
        """Leave the file in place."""
        self.state, self.why = "refused", why


@dataclass(frozen=True, eq=False)
class ReadIn:
    """The forms in a folder, and what was done with them.

    folder: the folder
    received: the day on which they came back
    returns: each file
    entered: what was entered
    names: the files' names as they may be shown
    """

    folder: Path
    received: dt.date
    returns: Sequence[Return]
    entered: Entered
    names: dict[Path, str]

    def in_state(self, *states: State) -> list[Return]:
        """Return the files in one of `states`."""
        return [each for each in self.returns if each.state in states]


def read_in(
    store: Store,
    names: Names,
    rules: Rules,
    folder: Path,
    as_of: dt.date,
    *,
    received: dt.date,
    apply: bool,
    progress: Progress,
) -> ReadIn:
    """Enter the forms in `folder` in the tracker in `store` and move them away; without `apply` only plan it.

    `received` is the day on which they came back. Raises UsageError when there is no such folder or it cannot be
    written to, and otherwise as `enter`. That the tracker cannot be written is not raised: `entered.refusal` says it,
    and then no form is moved.
    """
    # Loaded here, because it takes lxml, and a wrong command line needs none of it.
    from scripts.adapters.word.templates.form_fields import form_of

    paths = forms_in(folder)
    processed = Processed(folder)
    begun = processed.being_entered
    progress("Opening the forms")
    returns = [_opened(path, as_of) for path in paths]

    def entries(tracker: Tracker) -> list[Entry]:
        _match(returns, ReturnMatcher(tracker, received, begun.values()), begun)
        matched = {each.digest: each.matched.entry for each in returns if each.matched}
        if apply:
            processed.note(begun | {digest: entry.reference for digest, entry in matched.items()})
        return [each.matched.entry for each in returns if each.matched]

    allowed = fillable_columns(form_of(document) for document in documents().values() if document.returned)
    entered = enter(store, names, rules, entries, as_of, allowed=allowed, dry_run=not apply, progress=progress)
    # When no plan could be made, no entry is in it.
    for each, placed in zip([each for each in returns if each.matched], entered.plan.placed, strict=False):
        each.placed = placed
        _set_state(each, known_again=each.digest in begun)
    known = _known_names(entered.tracker)
    for each in returns:
        _name(each, {text.casefold() for text in known})
    shown = shown_names(paths, known)
    if apply:
        _finish(returns, entered, processed)
    return ReadIn(folder, received, returns, entered, shown)


def _opened(path: Path, as_of: dt.date) -> Return:
    from scripts.adapters.word.returns.reading_controls import read_controls
    from scripts.adapters.word.returns.returned_file import open_returned
    from scripts.adapters.word.templates.form_fields import form_of

    returned = Return(path)
    try:
        if is_open(path):
            raise ReturnRefused("It is open in Word or LibreOffice.", "Save and close it, and run again.")
        file = open_returned(path)
        returned.digest = file.digest
        returned.form = read_form(read_controls(file), form_of, as_of)
        returned.remarks += returned.form.remarks
    except ReturnRefused as refusal:
        returned.refuse(str(refusal))
    return returned


def _match(returns: Sequence[Return], matcher: ReturnMatcher, begun: Mapping[str, str]) -> None:
    """Find the row of each form; from the start when the tracker has been read again."""
    for each in returns:
        if each.form is None:
            continue
        each.matched, each.state, each.why, each.remarks = None, "to be entered", "", list(each.form.remarks)
        try:
            matched = matcher.match(each.form, begun.get(each.digest))
            if matched.entered_before and each.form.document.per_agency and each.digest not in begun:
                raise ReturnRefused(
                    f"It came back before: see {matched.entered_before}.",
                    "If it is the same, move it away; else correct that cell.",
                )
        except ReturnRefused as refusal:
            each.refuse(str(refusal))
            continue
        each.matched = matched
        each.remarks += matched.remarks


def _set_state(returned: Return, *, known_again: bool) -> None:
    """Set what becomes of a form, from what the plan does with it."""
    placed, matched = returned.placed, returned.matched
    if placed is None or matched is None:
        return
    returned.remarks += [*(conflict.message for conflict in placed.conflicts), *placed.unplaced, *placed.by_hand]
    if placed.cells:
        return
    if placed.row is None:
        returned.refuse(f"It cannot be entered. {' '.join(placed.unplaced)}")
    elif known_again:
        returned.state = "entered before"
    elif placed.conflicts or placed.unplaced:
        returned.refuse("It adds nothing to the tracker, and differs from it: see above. Settle that, and move it.")
    else:
        returned.refuse(f"It adds nothing to the row of {matched.found_in}. Move it away.")


def _name(returned: Return, known: Collection[str]) -> None:
    """Set the reference and agency of a form, as far as the tracker knows them."""
    form = returned.form
    if returned.matched:
        returned.reference, returned.agency = returned.matched.entry.reference, returned.matched.entry.agency or ""
    elif form:
        returned.reference = form.reference if form.reference.casefold() in known else ""
        returned.agency = form.agency if form.agency.casefold() in known else ""


def _known_names(tracker: Tracker) -> set[str]:
    """Return what may be shown of a file's name: references and agencies."""
    references = {record.reference for records in tracker.records.values() for record in records}
    return (references | {row.agency for row in tracker.scoping}) - {""}


def _finish(returns: Sequence[Return], entered: Entered, processed: Processed) -> None:
    """Move away what is in the tracker, and note what could not be moved."""
    if entered.refusal:  # the note stays: some of it may have been written all the same
        return
    added = [each for each in returns if each.placed and each.placed.is_new]
    for each in added[:1]:
        each.remarks += entered.remarks
    left: dict[str, str] = {}
    for each in returns:
        if each.matched is None:
            continue
        reference = each.matched.entry.reference
        if each.state == "refused":
            if each.matched.entry.new_row:  # when a person adds its row under that reference, the form is known again
                left[each.digest] = reference
            continue
        if each.state == "to be entered":
            each.state = "entered"
        try:
            processed.take(each.path)
        except OSError as error:
            left[each.digest] = reference
            each.remarks.append(
                f"It is in the tracker but could not be moved ({error.strerror}). Close it, and run again."
            )
    processed.note(left)
