"""Which incidents are open, by their references: what the ledger keeps for as long as they are."""

from __future__ import annotations

import datetime as dt

from scripts.adapters.settings.build import names_of, open_store, rules_of
from scripts.adapters.settings.config import Config
from scripts.adapters.tracker.checking import assess_tracker
from scripts.adapters.workbook.read import read_tracker
from tracker_schema.columns.schema import INCIDENTS


def open_references(config: Config, as_of: dt.date) -> set[str]:
    """The references of the incidents that are not closed on `as_of`, in the tracker that `config` names.

    Raises UsageError when it names none, and TrackerUnusable or TrackerBusy when it cannot be read.
    """
    snapshot = open_store(config, None).read()
    tracker = read_tracker(snapshot.data, snapshot.name, names_of(config))
    incidents = assess_tracker(tracker, rules_of(config), as_of).sheets[INCIDENTS]
    references = incidents.facts.column("reference").values
    return {
        str(reference)
        for reference, status in zip(references, incidents.status["status"], strict=True)
        if status != "Closed" and reference
    }
