"""One way from the settings to the tracker as on one day."""

from __future__ import annotations

import datetime as dt

from scripts.adapters.settings.build import names_of, rules_of
from scripts.adapters.settings.config import Config
from scripts.adapters.storage.store import Snapshot, Store
from scripts.adapters.workbook.read import read_tracker
from tracker_schema.incidents.assess import assess
from tracker_schema.incidents.incident import Tracker


def load_tracker(config: Config, store: Store, as_of: dt.date) -> Tracker:
    """Return the tracker in `store` as on `as_of`, by the council's settings.

    Raises TrackerUnusable or TrackerBusy when it cannot be read, and UsageError when the bank holidays that are known
    do not reach `as_of`.
    """
    return load_with_snapshot(config, store, as_of)[1]


def load_with_snapshot(config: Config, store: Store, as_of: dt.date) -> tuple[Snapshot, Tracker]:
    """Return the file that was read and the tracker in it. Raises as `load_tracker`."""
    snapshot = store.read()
    return snapshot, assess(read_tracker(snapshot.data, snapshot.name, names_of(config)), rules_of(config), as_of)
