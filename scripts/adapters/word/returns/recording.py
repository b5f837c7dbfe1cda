"""What agencies have sent back so far, entered in the record that the reminders read."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from pathlib import Path

from scripts.adapters.ledger.returns_so_far import ReturnsSoFar
from scripts.adapters.word.returns.results import Return
from tracker_schema.incidents.incident import Tracker
from tracker_schema.mail.chasers import chaser_key


def record_missing(returns: Sequence[Return], received: dt.date, so_far: ReturnsSoFar) -> None:
    """Record the required answers that each return which is in the tracker lacks."""
    for each in returns:
        if each.form and each.form.document.per_agency and each.state not in ("refused", "to be entered"):
            so_far.enter(each.reference, each.agency, each.form.gaps, received)


def record_children(returns: Sequence[Return], folder: Path, so_far: ReturnsSoFar) -> None:
    """Record the incidents whose forms in `folder` tell of more children than the log has a place for."""
    left = (each.matched.entry for each in returns if each.matched and each.placed and each.placed.row is None)
    so_far.leave_children(folder, [(entry.reference, max(entry.children)) for entry in left if entry.children])


def record_unread(
    returns: Sequence[Return], folder: Path, tracker: Tracker, received: dt.date, so_far: ReturnsSoFar
) -> None:
    """Record the agencies whose files in `folder` a person has still to read, and remark on each of the files."""
    awaited = {chaser_key(row.reference, row.agency) for row in tracker.scoping if row.returned is None}
    unread = [each for each in returns if each.may_be_return and chaser_key(each.reference, each.agency) in awaited]
    so_far.leave(folder, [(each.reference, each.agency) for each in unread], received)
    for each in unread:
        each.remarks.append(
            "It may be this agency's return, so the agency is not reminded until “Returned” is filled in, or the file "
            "is moved away and this is run again."
        )
