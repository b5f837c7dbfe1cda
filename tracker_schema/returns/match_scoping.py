"""The row of the Scoping sheet that an agency's return is about."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Iterator

from tracker_schema.columns.parsing import cleaned
from tracker_schema.columns.schema import SCOPING
from tracker_schema.incidents.incident import ScopingReturn, Tracker
from tracker_schema.returns.entries.entries import Entry
from tracker_schema.returns.matched_return import MatchedReturn, address_if_filled, return_column, with_reference
from tracker_schema.returns.returned_answers import ReturnRefused
from tracker_schema.returns.returned_forms import ReturnedForm
from tracker_schema.returns.scoping_requests import sent_column
from tracker_schema.wording import short_date


def match_scoping_return(
    form: ReturnedForm,
    tracker: Tracker,
    received: dt.date,
    lacked: Callable[[str, str], Collection[str]],
    *,
    again: bool,
) -> MatchedReturn:
    """Return the agency's row, in which the day on which the return came is entered.

    `lacked` returns the labels of what the earlier return about a reference, from an agency, lacks: a second return is
    taken when it lacks less. `again` means that a run which was stopped had begun to enter this very form. Raises
    ReturnRefused when it is empty, the agency was not asked, or it came back before.
    """
    if form.required and not form.answered:
        raise ReturnRefused("It has none of the required answers.", "Ask for it filled in.")
    if SCOPING not in tracker.records:
        raise ReturnRefused("It is a scoping return, but the tracker has no sheet for them.", "Add the sheet Scoping.")
    row = _row(form, tracker)
    returned = return_column(form.document)
    before = address_if_filled(row, returned)
    completes = bool(before) and set(form.gaps) < set(lacked(row.reference, row.agency))
    if before and not completes and not again:
        raise ReturnRefused(
            f"It came back before: see {before}.",
            "If it is the same, move it away; if it says more, move it to “Processed”: the rapid review report "
            "shows the answers of both.",
            "",
        )
    values = {} if before else {returned: received}
    remarks = () if before else tuple(_about_the_day(form, row, received))
    entry = Entry(SCOPING, form.reference, values, agency=row.agency)
    return MatchedReturn(entry, row.address("agency"), before, remarks, completes)


def _row(form: ReturnedForm, tracker: Tracker) -> ScopingReturn:
    rows = [
        row
        for row in with_reference(tracker.scoping, form.reference)
        if form.agency and cleaned(row.agency).casefold() == form.agency.casefold()
    ]
    if not rows:
        raise ReturnRefused(
            "It is from an agency that was not asked about this incident.",
            f"If it was, add its row to the sheet “{tracker.rows.sheets[SCOPING].name}”.",
        )
    if len(rows) > 1:
        cells = " and ".join(row.address("agency") for row in rows)
        raise ReturnRefused(f"It may belong to any of {cells}.", "Leave only one of those rows.")
    return rows[0]


def _about_the_day(form: ReturnedForm, row: ScopingReturn, received: dt.date) -> Iterator[str]:
    sent = sent_column()
    day = row.date(sent)
    if not row.is_filled(sent):
        yield f"“{row.heading(sent)}” is empty in its row, so nobody can tell whether it is late. Fill it in."
    elif day and received < day:
        yield "It would have come back before it was sent. Give the right day with --received."
    due = row.return_due
    if due and form.completed_on and form.completed_on <= due < received:
        yield (
            f"It was due on {short_date(due)} and counts as returned on {short_date(received)}. If it came "
            "in time, run again with --received and that day."
        )
