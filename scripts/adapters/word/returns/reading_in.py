"""Completed forms read into the tracker: each is opened, understood, settled on its row, entered, and put aside.

In this order, so that a run that is stopped anywhere loses nothing: the note that forms are being entered -> the
tracker, which is read back -> the forms, one by one -> the note again.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from scripts.adapters.cli.terminal import Progress
from scripts.adapters.storage.store import Store
from scripts.adapters.tracker.entering import Entered, enter
from scripts.adapters.word.returns.folder import Processed, forms_in, is_open, shown_names
from scripts.adapters.workbook.read import Names
from tracker_schema.clocks.clocks import Rules
from tracker_schema.columns.schema import SCOPING
from tracker_schema.documents.documents import documents
from tracker_schema.entries.entries import Entry, Placed
from tracker_schema.old_assessment import Assessment
from tracker_schema.returns.returned_answers import ReturnRefused
from tracker_schema.returns.returned_forms import ReturnedForm, read_form
from tracker_schema.returns.settling_returns import Settled, Settling, may_be_filled

STAGES = 5

State = Literal["to be entered", "entered", "entered before", "refused"]


@dataclass(eq=False)
class Return:
    """One file and what becomes of it.

    `why` says of a refused one, without its name, why it stays where it is. `reference` and `agency` are those of the
    form when the tracker has them: what else stands there might be anything.
    """

    path: Path
    form: ReturnedForm | None = None
    digest: str = ""
    settled: Settled | None = None
    placed: Placed | None = None
    state: State = "to be entered"
    why: str = ""
    reference: str = ""
    agency: str = ""
    remarks: list[str] = field(default_factory=list)

    def refuse(self, why: str) -> None:
        """Leave the file where it is."""
        self.state, self.why = "refused", why


@dataclass(frozen=True, eq=False)
class ReadIn:
    """What was found in a folder and done with it; `names` are the files' names as they may be shown."""

    folder: Path
    received: dt.date
    returns: Sequence[Return]
    entered: Entered
    names: dict[Path, str]

    def of(self, *states: State) -> list[Return]:
        """The returns in one of `states`."""
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
    """The forms in `folder`, entered in the tracker in `store` and put aside if `apply` says so, else only planned.

    `received` is the day on which they came back. Raises UsageError when there is no such folder or it cannot be
    written to, and otherwise as `entering.enter`: that the tracker cannot be written is told by `entered.refusal`, and
    then no form is moved.
    """
    # Loaded here, because it takes lxml, and a wrong command line needs none of it.
    from scripts.adapters.word.templates.form_fields import form_of

    paths = forms_in(folder)
    processed = Processed(folder)
    progress("Opening the forms")
    returns = [_opened(path, as_of) for path in paths]

    def entries(assessment: Assessment) -> list[Entry]:
        _settle(returns, Settling(assessment, received, processed.being_entered.values()), processed.being_entered)
        settled = {each.digest: each.settled.entry for each in returns if each.settled}
        if apply:
            processed.note(processed.being_entered | {digest: entry.reference for digest, entry in settled.items()})
        return [each.settled.entry for each in returns if each.settled]

    allowed = may_be_filled(form_of(document) for document in documents().values() if document.reports)
    entered = enter(store, names, rules, entries, as_of, allowed=allowed, dry_run=not apply, progress=progress)
    # Of a plan that could not be made, no entry has a place.
    for each, placed in zip([each for each in returns if each.settled], entered.plan.placed, strict=False):
        each.placed = placed
        _judge(each, known_again=each.digest in processed.being_entered)
    known = set(_known(entered.assessment))
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

    found = Return(path)
    try:
        if is_open(path):
            raise ReturnRefused("is open in Word or LibreOffice; save and close it, and run again")
        file = open_returned(path)
        found.digest = file.digest
        found.form = read_form(read_controls(file), form_of, as_of)
        found.remarks += found.form.remarks
    except ReturnRefused as refusal:
        found.refuse(str(refusal))
    return found


def _settle(returns: Sequence[Return], settling: Settling, being_entered: Mapping[str, str]) -> None:
    """Each form on its row; from the start when the tracker has been read anew."""
    for each in returns:
        if each.form is None:
            continue
        each.settled, each.state, each.why, each.remarks = None, "to be entered", "", list(each.form.remarks)
        try:
            settled = settling.settle(each.form, being_entered.get(each.digest))
            if settled.entered_before and each.form.document.per_agency and each.digest not in being_entered:
                raise ReturnRefused(
                    f"came back before, as {settled.entered_before} says; move it away if it is the same, or correct "
                    "that cell"
                )
        except ReturnRefused as refusal:
            each.refuse(str(refusal))
            continue
        each.settled = settled
        each.remarks += settled.remarks


def _judge(found: Return, *, known_again: bool) -> None:
    """Say what becomes of a form, now that it is known what of it has a place in the tracker."""
    placed, settled = found.placed, found.settled
    if placed is None or settled is None:
        return
    found.remarks += [*(conflict.message for conflict in placed.conflicts), *placed.unplaced, *placed.by_hand]
    if placed.cells:
        return
    if placed.row is None:
        found.refuse(_as_clause(placed.unplaced))
    elif known_again:
        found.state = "entered before"
    elif placed.conflicts or placed.unplaced:
        found.refuse("adds nothing to the tracker, and differs from it as told above; settle that, and move it away")
    else:
        found.refuse(f"says nothing that is not in the tracker already, in the row of {settled.found_in}; move it away")


def _name(found: Return, known: Collection[str]) -> None:
    """Say whose form it is, as far as the tracker knows them."""
    if found.settled:
        found.reference, found.agency = found.settled.entry.reference, found.settled.entry.agency or ""
    elif found.form:
        found.reference = found.form.reference if found.form.reference.casefold() in known else ""
        found.agency = found.form.agency if found.form.agency.casefold() in known else ""


def _as_clause(sentences: Sequence[str]) -> str:
    return f"has no place in the tracker. {' '.join(sentences)}".rstrip(".")


def _known(assessment: Assessment) -> Iterator[str]:
    """What may be shown of a file's name: references and agencies."""
    for sheet in assessment.sheets.values():
        yield from (reference for reference in sheet.facts.column("reference").values if reference)
    if SCOPING in assessment.sheets:
        yield from (agency for agency in assessment.sheets[SCOPING].facts.column("agency").values if agency)


def _finish(returns: Sequence[Return], entered: Entered, processed: Processed) -> None:
    """Put aside what is in the tracker, and note what could not be."""
    if entered.refusal:  # the note stays: some of it may have been written all the same
        return
    added = [each for each in returns if each.placed and each.placed.is_new]
    for each in added[:1]:
        each.remarks += entered.remarks
    left: dict[str, str] = {}
    for each in returns:
        if each.settled is None:
            continue
        if each.state == "refused":
            if each.settled.entry.new_row:  # a row under its reference may be for a person to add: then it is known
                left[each.digest] = each.settled.entry.reference
            continue
        if each.state == "to be entered":
            each.state = "entered"
        try:
            processed.take(each.path)
        except OSError as error:
            left[each.digest] = each.settled.entry.reference
            each.remarks.append(
                f"It is in the tracker but could not be moved ({error.strerror}); close it, and run again."
            )
    processed.note(left)
