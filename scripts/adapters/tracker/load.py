"""One way from the settings to the tracker as on one day."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path

from scripts.adapters.cli import terminal
from scripts.adapters.ledger.log_memory import Job, LogMemory
from scripts.adapters.settings.build import names_of, rules_of
from scripts.adapters.settings.config import Config
from scripts.adapters.storage.store import Snapshot, Store
from scripts.adapters.workbook.read import Names, read_tracker
from tracker_schema.columns.headings import HeadingMissing
from tracker_schema.columns.schema import tracker_schema
from tracker_schema.incidents.assess import assess
from tracker_schema.incidents.incident import Tracker
from tracker_schema.incidents.memory import Memory
from tracker_schema.layouts.rows import WorkbookRows


def load_tracker(config: Config, store: Store, as_of: dt.date) -> Tracker:
    """Return the tracker in `store` as on `as_of`, by the council's settings.

    Raises TrackerUnusable or TrackerBusy when it cannot be read, and UsageError when the bank holidays that are known
    do not reach `as_of`.
    """
    return load_with_snapshot(config, store, as_of)[1]


def load_and_compare(
    config: Config,
    store: Store,
    file: Path | None,
    as_of: dt.date,
    reference: str | None = None,
    job: Job = "check_tracker",
) -> Tracker:
    """Return the tracker as `load_tracker`, for a job that only reads: compared with what the last `job` found in it.

    What is gone or changed is named on standard error at once; of single incidents only `reference`, when it is given.
    That a heading is gone is left to `raise_for_gone_headings`, at the end of the job. `file` is the tracker of the
    command line, if any.
    """
    memory = LogMemory(config, file, job, dry_run=True)
    snapshot, found = load_with_snapshot(config, store, as_of, memory.before)
    tracker = memory.guarded(found)
    for remark in snapshot.remarks:
        terminal.warn_on_stderr(remark)
    for change in tracker.changes:
        named = {each.casefold() for each in change.references}
        if not change.stops and (reference is None or not named or reference.casefold() in named):
            terminal.warn_on_stderr(change.message)
    return tracker


def load_with_snapshot(
    config: Config, store: Store, as_of: dt.date, before: Memory | None = None
) -> tuple[Snapshot, Tracker]:
    """Return the file that was read and the tracker in it; `before` is what the last run found in it.

    Raises as `load_tracker`.
    """
    snapshot = store.read()
    rows = read_guarded(snapshot, names_of(config), before)
    return snapshot, assess(rows, rules_of(config), as_of, before)


def read_guarded(snapshot: Snapshot, names: Names, before: Memory | None) -> WorkbookRows:
    """Return the rows of the tracker, also when a heading that the settings name was there `before` and is gone.

    The guard then says so, and what else the tracker holds is still worked out. Raises TrackerUnusable as
    `read_tracker`: also when such a heading was not there before, or nothing can be read without it.
    """
    while True:
        try:
            return read_tracker(snapshot.data, snapshot.name, names)
        except HeadingMissing as missing:
            sheet, column = missing.sheet, missing.column
            if not before or not before.knows(sheet, column) or tracker_schema().sheets[sheet].columns[column].required:
                raise
            headings = {**names.columns.get(sheet, {}), column: ""}
            names = replace(names, columns={**names.columns, sheet: headings})
