"""Read completed forms into the tracker: open each, find its row, enter it, and move it away.

In this order, so that a run that is stopped anywhere loses nothing: the note that forms are being entered -> the
tracker, which is read back -> the forms, one by one -> the note again.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path

from scripts.adapters.cli.terminal import Progress
from scripts.adapters.ledger.returns_so_far import ReturnsSoFar
from scripts.adapters.storage.held_files import reason
from scripts.adapters.storage.store import Store
from scripts.adapters.tracker.entering import Entered, enter
from scripts.adapters.word.returns.folder import Processed, forms_in, is_open, return_named_in, shown_names
from scripts.adapters.word.returns.recording import record_children, record_missing, record_unread
from scripts.adapters.word.returns.results import ReadIn, Return
from scripts.adapters.workbook.read import Names
from tracker_schema.clocks.clocks import Rules
from tracker_schema.documents.documents import documents
from tracker_schema.incidents.incident import Tracker
from tracker_schema.mail.chasers import chaser_key
from tracker_schema.returns.entries.entries import Entry
from tracker_schema.returns.match_returns import ReturnMatcher, fillable_columns
from tracker_schema.returns.returned_answers import ReturnRefused
from tracker_schema.returns.returned_forms import read_form
from tracker_schema.returns.which_form import urgent_answers

STAGES = 5

# Our forms name the incident and the agency in their first two hundred characters.
_HEAD = 400

_NOT_OPENED = "None of that was opened. Ask the sender why it is there before you open the file."
_BY_LABELS = (
    "It was saved by a program that drops the names of its fields, so it was read by their labels. Compare what was "
    "entered with the form."
)


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
    so_far: ReturnsSoFar | None,
    paths: Sequence[Path] | None = None,
    processed: Processed | None = None,
) -> ReadIn:
    """Enter the forms in `folder` in the tracker in `store` and move them away; without `apply` only plan it.

    `received` is the day on which they came back. `so_far` is the record of what agencies have sent back, in which
    what they still owe is entered; None to leave it as it is. `paths` are the files, where not all of the folder are,
    and `processed` is where they are moved to, where that is not in the folder. Raises UsageError when there is no such
    folder or it cannot be written to, and otherwise as `enter`. That the tracker cannot be written is not raised:
    `entered.refusal` says it, and then no form is moved.
    """
    # Loaded here, because it takes lxml, and a wrong command line needs none of it.
    from scripts.adapters.word.templates.form_fields import form_of

    paths = forms_in(folder) if paths is None else paths
    processed = processed or Processed(folder)
    begun = processed.being_entered
    progress("Opening the forms")
    returns = [_opened(path, as_of) for path in paths]
    earlier = so_far.by_agency() if so_far else {}

    def lacked(reference: str, agency: str) -> Collection[str]:
        before = earlier.get(chaser_key(reference, agency))
        return before.missing if before else ()

    def entries(tracker: Tracker) -> list[Entry]:
        _match(returns, ReturnMatcher(tracker, received, begun.values(), lacked), begun)
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
        _name(each, {text.casefold() for text in known}, entered.tracker)
    shown = shown_names(paths, known)
    if apply:
        _finish(returns, entered, processed)
    if so_far:
        if apply and not entered.refusal:
            record_missing(returns, received, so_far)
        record_unread(returns, folder, entered.tracker, received, so_far)
        record_children(returns, folder, so_far)
    return ReadIn(folder, received, returns, entered, shown)


def _opened(path: Path, as_of: dt.date) -> Return:
    from scripts.adapters.word.returns.lost_tags import by_labels, without_prompts
    from scripts.adapters.word.returns.reading_controls import read_controls, text_of
    from scripts.adapters.word.returns.returned_file import open_returned
    from scripts.adapters.word.templates.form_fields import form_of

    returned = Return(path)
    try:
        if is_open(path):
            raise ReturnRefused("It is open in Word or LibreOffice.", "Save and close it, and run again.", "")
        file = open_returned(path)
        text = text_of(file)
        returned.digest, returned.foreign, returned.head = file.digest, file.foreign, text[:_HEAD]
        answers = read_controls(file)
        labelled = by_labels(answers)
        answers = labelled or without_prompts(answers)
        returned.urgent = urgent_answers(answers, text, form_of)
        returned.by_labels = labelled is not None
        returned.form = read_form(answers, form_of, as_of)
    except ReturnRefused as refusal:
        returned.refuse(refusal)
    return returned


def _match(returns: Sequence[Return], matcher: ReturnMatcher, begun: Mapping[str, str]) -> None:
    """Find the row of each form; from the start when the tracker has been read again."""
    for each in returns:
        if each.form is None:
            continue
        each.matched, each.state, each.why, each.may_be_return = None, "to be entered", "", False
        each.remarks = [*each.form.remarks, *([_BY_LABELS] if each.by_labels else [])]
        if each.foreign:
            each.remarks.append(f"It holds {', '.join(each.foreign)}, which no form of ours has. {_NOT_OPENED}")
        try:
            matched = matcher.match(each.form, begun.get(each.digest))
        except ReturnRefused as refusal:
            each.refuse(refusal)
            continue
        each.matched = matched
        each.state = "completes an earlier one" if matched.completes else "to be entered"
        each.remarks += matched.remarks


def _set_state(returned: Return, *, known_again: bool) -> None:
    """Set what becomes of a form, from what the plan does with it."""
    placed, matched = returned.placed, returned.matched
    if placed is None or matched is None:
        return
    returned.remarks += [*(conflict.message for conflict in placed.conflicts), *placed.unplaced, *placed.by_hand]
    if placed.cells or returned.state == "completes an earlier one":
        return
    if placed.row is None:
        returned.refuse(ReturnRefused("It cannot be entered.", " ".join(placed.unplaced)))
    elif known_again:
        returned.state = "entered before"
    elif placed.conflicts or placed.unplaced:
        what = "It adds nothing to the tracker, and differs from it: see above."
        returned.refuse(ReturnRefused(what, "Settle that, and move it.", ""))
    else:
        returned.refuse(ReturnRefused(f"It adds nothing to the row of {matched.found_in}.", "Move it away.", ""))


def _name(returned: Return, known: Collection[str], tracker: Tracker) -> None:
    """Set the reference and agency of a form, as far as the tracker knows them; else those that its file's name has."""
    form = returned.form
    if returned.matched:
        returned.reference, returned.agency = returned.matched.entry.reference, returned.matched.entry.agency or ""
    elif form:
        returned.reference = form.reference if form.reference.casefold() in known else ""
        returned.agency = form.agency if form.agency.casefold() in known else ""
    elif returned.may_be_return and (row := return_named_in(returned.path, tracker.scoping, returned.head)):
        returned.reference, returned.agency = row.reference, row.agency


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
            processed.take(each.path, reference)
            each.is_moved = True
        except OSError as error:
            left[each.digest] = reference
            each.remarks.append(
                f"It is in the tracker but could not be moved ({reason(error)}). Close it, and run again."
            )
    processed.note(left)
