"""The references of the open incidents: the ledger keeps the messages about them."""

from __future__ import annotations

import datetime as dt

from scripts.adapters.settings.build import open_store
from scripts.adapters.settings.config import Config
from scripts.adapters.tracker.load import load_tracker


def open_references(config: Config, as_of: dt.date) -> set[str]:
    """Return the references of the incidents that are not closed on `as_of`, in the tracker that `config` names.

    Raises UsageError when it names none, and TrackerUnusable or TrackerBusy when it cannot be read.
    """
    tracker = load_tracker(config, open_store(config, None), as_of)
    return {incident.reference for incident in tracker.incidents if incident.reference and not incident.is_closed}
