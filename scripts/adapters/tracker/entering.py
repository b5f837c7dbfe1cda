"""Enter what people would otherwise type: into empty cells of theirs, and in new rows."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass

from scripts.adapters.cli.terminal import Progress
from scripts.adapters.storage.store import Snapshot, Store
from scripts.adapters.tracker.read_plan_write import read_plan_write
from scripts.adapters.workbook.append_position import find_append_positions
from scripts.adapters.workbook.read import Names
from tracker_schema.clocks.clocks import Rules
from tracker_schema.errors import TrackerError
from tracker_schema.incidents.incident import Tracker
from tracker_schema.returns.entries.entries import Entry, EntryPlan
from tracker_schema.returns.entries.placing import plan_entries

STAGES = 4

Entries = Sequence[Entry] | Callable[[Tracker], Sequence[Entry]]


@dataclass(frozen=True, eq=False)
class Entered:
    """What was read, planned and done.

    tracker: the tracker as it was read
    plan: the cells to fill and the rows to add
    refusal: why nothing could be written; None when all of `plan` was (or would be: a dry run writes nothing)
    dry_run: nothing was to be written
    remarks: what a person should look at after the write, in sentences
    """

    tracker: Tracker
    plan: EntryPlan
    refusal: TrackerError | None
    dry_run: bool
    remarks: Sequence[str] = ()

    @property
    def cells_written(self) -> int:
        """Return how many cells were filled in the file."""
        return 0 if self.dry_run or self.refusal else len(self.plan.cells)

    @property
    def rows_added(self) -> int:
        """Return how many rows were added to the file."""
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
    """Enter the `entries` in the tracker in `store`, unless `dry_run`, and return what was done.

    `entries` are the entries, or a function that makes them from the tracker; it is called again when somebody saves
    the tracker in between. `allowed` are the ids of the columns that may be filled, by sheet id. The status columns are
    left to the next check.

    Raises TrackerUnusable or TrackerBusy when the tracker cannot be read, and UsageError when the known bank holidays
    do not reach `as_of`. That it cannot be written is not raised: `refusal` says it.
    """

    def plan_for(snapshot: Snapshot, tracker: Tracker) -> EntryPlan:
        wanted = entries(tracker) if callable(entries) else entries
        positions = find_append_positions(snapshot.data, tracker.rows, names.layout)
        return plan_entries(tracker, wanted, allowed, positions)

    done = read_plan_write(
        store,
        names,
        rules,
        as_of,
        plan_for,
        EntryPlan((), ()),
        dry_run=dry_run,
        progress=progress,
        task="Entering what came in",
    )
    return Entered(done.tracker, done.plan, done.refusal, dry_run, done.remarks)
