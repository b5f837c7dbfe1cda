"""One check of the tracker: read it, work out its clocks, and write our own columns."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from scripts.adapters.cli.terminal import Progress
from scripts.adapters.settings.build import names_of, rules_of
from scripts.adapters.settings.config import Config
from scripts.adapters.storage.store import Store
from scripts.adapters.tracker.read_plan_write import read_plan_write
from tracker_schema.errors import TrackerError
from tracker_schema.incidents.incident import Tracker
from tracker_schema.incidents.memory import Memory
from tracker_schema.incidents.plan import Plan, plan_writes

STAGES = 4


@dataclass(frozen=True, eq=False)
class Check:
    """What a check found and did.

    tracker    the tracker as it was read
    plan       the cells of our own columns to change
    refusal    why they could not be written; None when they were, or in a dry run
    dry_run    whether nothing was to be written
    """

    tracker: Tracker
    plan: Plan
    refusal: TrackerError | None
    dry_run: bool

    @property
    def cells_written(self) -> int:
        """The number of cells that changed in the file, headings included."""
        return 0 if self.dry_run or self.refusal else len(self.plan.cells) + len(self.plan.headings)


def check(
    config: Config,
    store: Store,
    as_of: dt.date,
    *,
    dry_run: bool,
    progress: Progress,
    before: Memory | None = None,
) -> Check:
    """Return the check of the tracker in `store` as on `as_of`; write its status columns unless `dry_run`.

    `before` is what the last run found in it.

    Raises TrackerUnusable or TrackerBusy when it cannot be read, and UsageError when the bank holidays that are known
    do not reach `as_of`. That it cannot be written is not raised: it is the check's `refusal`.
    """
    done = read_plan_write(
        store,
        names_of(config),
        rules_of(config),
        as_of,
        lambda _, tracker: plan_writes(tracker, with_colours=config.tracker.status_colours),
        Plan((), ()),
        dry_run=dry_run,
        progress=progress,
        task="Writing the status columns",
        before=before,
    )
    return Check(done.tracker, done.plan, done.refusal, dry_run)
