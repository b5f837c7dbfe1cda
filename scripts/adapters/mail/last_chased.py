"""When each agency was last reminded: by the ledger, and in the tracker under “Last chased”."""

from __future__ import annotations

import datetime as dt

from scripts.adapters.cli.clock import day_in_london
from scripts.adapters.cli.terminal import Progress
from scripts.adapters.ledger.ledger import Ledger
from scripts.adapters.mail.deliveries import Posting
from scripts.adapters.mail.messages.reminders import CHASER
from scripts.adapters.mail.posting import ledger_file
from scripts.adapters.settings.build import names_of, rules_of
from scripts.adapters.settings.config import Config
from scripts.adapters.storage.store import Store
from scripts.adapters.tracker.read_plan_write import Outcome, read_plan_write
from tracker_schema.incidents.incident import Tracker
from tracker_schema.incidents.plan import Plan, plan_writes
from tracker_schema.mail.chasers import ChaserKey, Stage, set_last_chased


def write_last_chased(
    store: Store, config: Config, tracker: Tracker, posting: Posting, progress: Progress
) -> Outcome[Plan] | None:
    """Write the day of the last reminder of each agency into the tracker; None when `tracker` has it already.

    `posting` is what became of the reminders of this run.
    """
    chased = _chased(config, posting, tracker.as_of)
    if not set_last_chased(tracker, chased):
        return None

    def make_plan(_: object, read_again: Tracker) -> Plan:
        set_last_chased(read_again, chased)
        return plan_writes(read_again)

    return read_plan_write(
        store,
        names_of(config),
        rules_of(config),
        tracker.as_of,
        make_plan,
        Plan((), ()),
        dry_run=False,
        progress=progress,
        task="Writing when agencies were chased",
        before=tracker.before,
    )


def _chased(config: Config, posting: Posting, as_of: dt.date) -> dict[ChaserKey, dt.date]:
    """Return when each agency was last reminded about each incident.

    The ledger knows it, so that a run that ended before it wrote that down is caught up with; `posting` is of today.
    """
    chased: dict[ChaserKey, dt.date] = {}
    file = ledger_file(config, trial=False)
    if file.exists():
        with Ledger(file) as ledger:
            for entry in ledger.entries(kind=CHASER, states=["sent"]):
                _note(chased, entry.reference, entry.stage, day_in_london(entry.changed))
    for each in posting.deliveries:
        if each.message.kind == CHASER and each.result in ("sent", "drafted"):
            _note(chased, each.message.reference, each.message.stage, as_of)
    return chased


def _note(chased: dict[ChaserKey, dt.date], reference: str | None, stage: str, day: dt.date) -> None:
    urgency, _, agency = stage.rpartition("-")
    if urgency != Stage.ESCALATED.value:
        chased[(reference or "").casefold(), agency] = day
