"""One check of the tracker: read it, enter SLT's meetings, work out the clocks, and write our own columns."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TypeVar

from scripts.adapters.cli.terminal import Progress
from scripts.adapters.settings.build import names_of, rules_of
from scripts.adapters.settings.config import Config
from scripts.adapters.storage.store import Snapshot, Store
from scripts.adapters.tracker.read_plan_write import Outcome, read_plan_write
from scripts.adapters.workbook.append_position import find_append_positions
from tracker_schema.columns.schema import INCIDENTS
from tracker_schema.errors import TrackerError
from tracker_schema.incidents.incident import Tracker
from tracker_schema.incidents.meetings import MeetingPlan, new_meetings, plan_meetings, set_discussed
from tracker_schema.incidents.memory import Memory
from tracker_schema.incidents.plan import Plan, plan_writes

STAGES = 10
_STATUS_COLUMNS = "Writing the status columns"

P = TypeVar("P", bound=Plan)


@dataclass(frozen=True, eq=False)
class Check:
    """What a check found and did.

    tracker     the tracker as it was read
    plan        the cells of our own columns to change
    meetings    what there was to enter of SLT's meetings
    refusal     why something could not be written; None when all was, or in a dry run
    dry_run     whether nothing was to be written
    written     how many cells changed in the file, headings included
    remarks     what a person should look at after the write, in sentences
    """

    tracker: Tracker
    plan: Plan
    meetings: MeetingPlan
    refusal: TrackerError | None
    dry_run: bool
    written: int
    remarks: Sequence[str] = ()


def check(
    config: Config,
    store: Store,
    as_of: dt.date,
    *,
    dry_run: bool,
    progress: Progress,
    before: Memory | None = None,
    slt_met: Collection[dt.date] = (),
) -> Check:
    """Return the check of the tracker in `store` as on `as_of`; write its status columns unless `dry_run`.

    `before` is what the last run found in it. `slt_met` are days on which SLT met, besides those on the SLT sheet: each
    new one is entered first for the incidents that were open that day.

    Raises TrackerUnusable or TrackerBusy when it cannot be read, and UsageError when the bank holidays that are known
    do not reach `as_of`. That it cannot be written is not raised: it is the check's `refusal`.
    """
    names, none_new = names_of(config), MeetingPlan((), ())
    carry_out = partial(
        read_plan_write, store, names, rules_of(config), as_of, dry_run=dry_run, progress=progress, before=before
    )

    def own_columns(_: Snapshot, tracker: Tracker) -> Plan:
        return plan_writes(tracker, with_colours=config.tracker.status_colours, checked_on_days=store.checked_on_days)

    def unless_met(snapshot: Snapshot, tracker: Tracker) -> Plan:
        return Plan((), ()) if _days(tracker, slt_met) else own_columns(snapshot, tracker)

    def meetings(snapshot: Snapshot, tracker: Tracker) -> MeetingPlan:
        formulas = find_append_positions(snapshot.data, tracker.rows, names.layout)[INCIDENTS][0].formulas
        return plan_meetings(tracker, _days(tracker, slt_met), formulas)

    own = carry_out(unless_met, Plan((), ()), task=_STATUS_COLUMNS)
    if not _days(own.tracker, slt_met):
        return Check(own.tracker, own.plan, none_new, own.refusal, dry_run, _written(own, dry_run=dry_run), own.remarks)
    met = carry_out(meetings, none_new, task="Entering SLT's meetings")

    def with_counts(snapshot: Snapshot, tracker: Tracker) -> Plan:
        if not met.refusal:
            set_discussed(tracker, met.plan.discussed)
        return own_columns(snapshot, tracker)

    own = carry_out(with_counts, Plan((), ()), task=_STATUS_COLUMNS)
    written = _written(met, dry_run=dry_run) + _written(own, dry_run=dry_run)
    return Check(
        own.tracker, own.plan, met.plan, met.refusal or own.refusal, dry_run, written, [*met.remarks, *own.remarks]
    )


def _days(tracker: Tracker, slt_met: Collection[dt.date]) -> set[dt.date]:
    """Return the days on which SLT met that are to be entered."""
    return {*slt_met, *(meeting.met_on for meeting in new_meetings(tracker) if meeting.met_on)}


def _written(outcome: Outcome[P], *, dry_run: bool) -> int:
    return 0 if dry_run or outcome.refusal else len(outcome.plan.cells) + len(outcome.plan.headings)
