"""The tracker read, a plan made of it and written; and again from the start when somebody saves it in between."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from scripts.adapters.cli.terminal import Progress
from scripts.adapters.storage.store import Snapshot, Store
from scripts.adapters.tracker.load import read_guarded
from scripts.adapters.workbook.read import Names
from tracker_schema.clocks.clocks import Rules
from tracker_schema.errors import TrackerBusy, TrackerChanged, TrackerError
from tracker_schema.incidents.assess import assess
from tracker_schema.incidents.incident import Tracker
from tracker_schema.incidents.memory import Memory
from tracker_schema.incidents.plan import Plan

ATTEMPTS = 4
"""How often a tracker that somebody saves in between is read and planned again before it is left to the next run."""

P = TypeVar("P", bound=Plan)


@dataclass(frozen=True, eq=False)
class Outcome(Generic[P]):
    """What was read, planned and written.

    tracker    the tracker as it was read
    plan       what was to be written
    refusal    why it could not be written; None when it was, or when there was nothing to write
    remarks    what a person should check of the file, as sentences
    """

    tracker: Tracker
    plan: P
    refusal: TrackerError | None
    remarks: tuple[str, ...] = ()


def read_plan_write(
    store: Store,
    names: Names,
    rules: Rules,
    as_of: dt.date,
    make_plan: Callable[[Snapshot, Tracker], P],
    no_plan: P,
    *,
    dry_run: bool,
    progress: Progress,
    task: str,
    before: Memory | None = None,
) -> Outcome[P]:
    """Read the tracker in `store`, and write what `make_plan` makes of it unless `dry_run`.

    `no_plan` is the plan when none could be made, `task` what the progress calls the writing, and `before` what the
    last run found in the tracker. Raises TrackerUnusable or TrackerBusy when the tracker cannot be read, and UsageError
    when the bank holidays that are known do not reach `as_of`. An error in planning or writing is not raised: it is the
    outcome's `refusal`.
    """
    for _ in range(ATTEMPTS):
        progress("Reading the tracker")
        snapshot = store.read()
        rows = read_guarded(snapshot, names, before)
        progress("Working out the clocks")
        tracker = assess(rows, rules, as_of, before)
        plan = no_plan
        try:
            plan = make_plan(snapshot, tracker)
            if dry_run:
                return Outcome(tracker, plan, None, snapshot.remarks)
            if plan:
                progress(task)
            written = store.write(snapshot, rows, plan)
            return Outcome(tracker, plan, None, tuple(dict.fromkeys((*snapshot.remarks, *written.remarks))))
        except TrackerChanged:
            continue
        except TrackerError as refusal:
            return Outcome(tracker, plan, refusal)
    too_often = TrackerBusy("The tracker had changed each time it was to be written.", "The next run catches up.")
    return Outcome(tracker, plan, too_often)
