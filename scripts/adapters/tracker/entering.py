"""People's entries put into the tracker for them: into cells of theirs that are empty, and in new rows.

`enter` does it; of each entry its result says which cells were filled, what stood against it and what has no place.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass

from scripts.adapters.cli.terminal import Progress
from scripts.adapters.storage.store import Snapshot, Store
from scripts.adapters.tracker.old_checking import visit
from scripts.adapters.workbook.append_position import find_rooms
from scripts.adapters.workbook.read import Names
from tracker_schema.clocks.clocks import Rules
from tracker_schema.entries.entries import Entry, EntryPlan
from tracker_schema.entries.placing import plan_entries
from tracker_schema.errors import TrackerError
from tracker_schema.old_assessment import Assessment

STAGES = 4

Entries = Sequence[Entry] | Callable[[Assessment], Sequence[Entry]]


@dataclass(frozen=True, eq=False)
class Entered:
    """What was found, planned and done. `refusal` is why nothing could be written, None when all of `plan` was (or
    would have been: a dry run writes nothing). `remarks` say what a person should see to after the write.
    """

    assessment: Assessment
    plan: EntryPlan
    refusal: TrackerError | None
    dry_run: bool
    remarks: Sequence[str] = ()

    @property
    def cells_written(self) -> int:
        """How many cells were filled in the file."""
        return 0 if self.dry_run or self.refusal else len(self.plan.cells)

    @property
    def rows_added(self) -> int:
        """How many rows the file has more."""
        return 0 if self.dry_run or self.refusal else len(self.plan.rows)


def enter(
    store: Store,
    names: Names,
    rules: Rules,
    entries: Entries,
    as_of: dt.date,
    *,
    allowed: Mapping[str, Collection[str]],
    dry_run: bool,
    progress: Progress,
) -> Entered:
    """The tracker in `store` assessed as on `as_of`, and the entries put in unless `dry_run`.

    `entries` are the entries, or what makes them from the tracker as it is; that is asked anew when somebody saves the
    tracker in between. `allowed` names, by sheet id, the columns that may be filled. The status columns are left to
    the next check. Raises TrackerUnusable or TrackerBusy when the tracker cannot be read, and UsageError when the bank
    holidays known do not reach `as_of`. That it cannot be written is not raised but told by `refusal`.
    """

    def plan_for(snapshot: Snapshot, assessment: Assessment) -> EntryPlan:
        wanted = entries(assessment) if callable(entries) else entries
        return plan_entries(assessment, wanted, allowed, find_rooms(snapshot.data, assessment.tracker, names.layout))

    nothing = EntryPlan((), ())
    done = visit(
        store, names, rules, as_of, plan_for, nothing, dry_run=dry_run, progress=progress, doing="Entering what came in"
    )
    return Entered(done.assessment, done.plan, done.refusal, dry_run, done.remarks)
