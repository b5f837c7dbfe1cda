"""The tracker read by the old engine, planned and written, for the jobs that are not on the new one yet."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Generic, TypeVar

from scripts.adapters.cli.terminal import Progress
from scripts.adapters.storage.store import Snapshot, Store
from scripts.adapters.workbook.read import Names, read_tracker
from tracker_schema.assessment.plan import Plan
from tracker_schema.clocks.clocks import Rules
from tracker_schema.errors import TrackerBusy, TrackerChanged, TrackerError, UsageError
from tracker_schema.layouts.rows import WorkbookRows
from tracker_schema.old_assessment import Assessment, assess
from tracker_schema.working_days import OutsideCalendar

# How often a tracker that is being saved under our hands is read and planned anew before the next run has to do it.
ATTEMPTS = 4

P = TypeVar("P", bound=Plan)


@dataclass(frozen=True, eq=False)
class Visit(Generic[P]):
    """What was found and planned, and why it could not be written: `refusal` is None when it was (or need not be).
    `remarks` say what a person should see to after the write.
    """

    assessment: Assessment
    plan: P
    refusal: TrackerError | None
    remarks: tuple[str, ...] = ()


def visit(
    store: Store,
    names: Names,
    rules: Rules,
    as_of: dt.date,
    plan_for: Callable[[Snapshot, Assessment], P],
    nothing: P,
    *,
    dry_run: bool,
    progress: Progress,
    doing: str,
) -> Visit[P]:
    """The tracker in `store` assessed as on `as_of`, and what `plan_for` makes of that written unless `dry_run`.

    `nothing` is the plan when none could be made, `doing` what the progress says of the writing. Raises TrackerUnusable
    or TrackerBusy when the tracker cannot be read, and UsageError when the bank holidays known do not reach `as_of`.
    That it cannot be written is not raised but told by `refusal`: what was found out still counts.
    """
    for _ in range(ATTEMPTS):
        progress("Reading the tracker")
        snapshot = store.read()
        tracker = read_tracker(snapshot.data, snapshot.name, names)
        progress("Working out the clocks")
        assessment = assess_tracker(tracker, rules, as_of)
        plan = nothing
        try:
            plan = plan_for(snapshot, assessment)
            if plan and not dry_run:
                progress(doing)
                return Visit(assessment, plan, None, store.write(snapshot, tracker, plan).remarks)
            return Visit(assessment, plan, None)
        except TrackerChanged:
            continue
        except TrackerError as refusal:
            return Visit(assessment, plan, refusal)
    too_often = TrackerBusy("Somebody saved the tracker each time it was to be written; the next run catches up.")
    return Visit(assessment, plan, too_often)


def assess_tracker(tracker: WorkbookRows, rules: Rules, as_of: dt.date) -> Assessment:
    """`tracker` assessed as on `as_of`. Raises UsageError when the bank holidays known do not reach that day."""
    with within_the_calendar():
        return assess(tracker, rules, as_of)


@contextmanager
def within_the_calendar() -> Iterator[None]:
    """Nothing; a day beyond the bank holidays known is raised as UsageError, in a sentence."""
    try:
        yield
    except OutsideCalendar as error:
        raise UsageError(str(error)) from None
