"""When each agency was last reminded: by the ledger, and in the tracker under “Last chased”.

A draft is no reminder until a person says that they sent it, with a Yes on the Scoping sheet or `ledger --sent`.
"""

from __future__ import annotations

import datetime as dt

from scripts.adapters.cli.clock import day_in_london
from scripts.adapters.cli.terminal import Progress
from scripts.adapters.ledger.ledger import DRAFTS, Ledger
from scripts.adapters.ledger.said_sent import SaidSent
from scripts.adapters.mail.deliveries import Posting
from scripts.adapters.mail.messages.reminders import CHASER
from scripts.adapters.mail.posting import ledger_file
from scripts.adapters.settings.build import names_of, rules_of
from scripts.adapters.settings.config import Config
from scripts.adapters.storage.store import Store
from scripts.adapters.tracker.read_plan_write import Outcome, read_plan_write
from tracker_schema.incidents.incident import Tracker
from tracker_schema.incidents.plan import Plan, plan_writes
from tracker_schema.mail.chasers import ChaserKey, Stage, chaser_key, set_last_chased


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


def record_sent_by_people(config: Config, tracker: Tracker) -> None:
    """Record in the ledger that the drafts to each agency were sent whose row of `tracker` now says so.

    A Yes counts once, for the drafts made before it: one that was there at the last run says nothing of later drafts.
    Raises MailNotSent when the ledger cannot be used.
    """
    file = config.ledger.file_of(trial=False)
    says_so = {chaser_key(each.shown_reference, each.shown_agency) for each in tracker.scoping if each.is_chaser_sent}
    if not file.exists():
        return
    with Ledger(file) as ledger, SaidSent(file) as said:
        new = says_so - said.before()
        waiting = {entry.id: _key(entry.reference, entry.stage) for entry in ledger.waiting_drafts(CHASER)}
        ledger.record_sent([number for number, key in waiting.items() if key in new], tracker.as_of)
        said.remember(says_so)


def _chased(config: Config, posting: Posting, as_of: dt.date) -> dict[ChaserKey, dt.date]:
    """Return when each agency was last reminded about each incident.

    The ledger knows it, so that a run that ended before it wrote that down is caught up with; `posting` is of today.
    """
    chased: dict[ChaserKey, dt.date] = {}
    file = ledger_file(config, trial=False)
    if file.exists():
        with Ledger(file) as ledger:
            for entry in ledger.entries(kind=CHASER, states=["sent"]):
                if entry.way != DRAFTS:
                    _note(chased, _key(entry.reference, entry.stage), day_in_london(entry.changed))
    for each in posting.deliveries:
        if each.message.kind == CHASER and each.result == "sent":
            key = _key(each.message.reference, each.message.stage)
            if key:
                chased[key] = as_of
    return chased


def _key(reference: str | None, stage: str) -> ChaserKey | None:
    """Return the incident and agency that a reminder is about; None for one that the agency does not get."""
    urgency, _, agency = stage.rpartition("-")
    return None if urgency == Stage.ESCALATED.value else ((reference or "").casefold(), agency)


def _note(chased: dict[ChaserKey, dt.date], key: ChaserKey | None, day: dt.date) -> None:
    if key:
        chased[key] = max(day, chased.get(key, day))
