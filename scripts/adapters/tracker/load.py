"""One way from the settings to the tracker as on one day."""

from __future__ import annotations

import datetime as dt

from scripts.adapters.settings.build import names_of, rules_of
from scripts.adapters.settings.config import Config
from scripts.adapters.storage.store import Snapshot, Store
from scripts.adapters.workbook.read import read_tracker
from tracker_schema.incidents.assess import assess
from tracker_schema.incidents.incident import Tracker
from tracker_schema.incidents.memory import Memory


def load_tracker(config: Config, store: Store, as_of: dt.date) -> Tracker:
    """Return the tracker in `store` as on `as_of`, by the council's settings.

    Raises TrackerUnusable or TrackerBusy when it cannot be read, and UsageError when the bank holidays that are known
    do not reach `as_of`.
    """
    return load_with_snapshot(config, store, as_of)[1]


def load_with_snapshot(
    config: Config, store: Store, as_of: dt.date, before: Memory | None = None
) -> tuple[Snapshot, Tracker]:
    """Return the file that was read and the tracker in it; `before` is what the last run found in it.

    Raises as `load_tracker`.
    """
    snapshot = store.read()
    rows = read_tracker(snapshot.data, snapshot.name, names_of(config))
    return snapshot, assess(rows, rules_of(config), as_of, before)
