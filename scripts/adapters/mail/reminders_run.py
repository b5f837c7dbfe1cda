"""One run of the reminders: the tracker read, everybody reminded who is to be, and “Last chased” brought up to date."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from scripts.adapters.cli.clock import day_in_london
from scripts.adapters.cli.terminal import Progress
from scripts.adapters.ledger.ledger import Ledger
from scripts.adapters.mail.address_book import AddressBook
from scripts.adapters.mail.deliveries import Posting
from scripts.adapters.mail.messages.reminders import CHASER, Writer
from scripts.adapters.mail.messages.weekly_summary import foot
from scripts.adapters.mail.messages.wording import headings_of
from scripts.adapters.mail.posting import ledger_file, post
from scripts.adapters.mail.transport.message import Message
from scripts.adapters.settings.build import names_of, rules_of
from scripts.adapters.settings.config import Config
from scripts.adapters.storage.store import Snapshot, Store
from scripts.adapters.tracker.checking import assess_tracker, visit, within_the_calendar
from scripts.adapters.workbook.read import read_tracker
from tracker_schema.assessment.plan import Plan
from tracker_schema.clocks.clocks import Rules
from tracker_schema.errors import TrackerError
from tracker_schema.mail.chasers import Asked, Stage, chasers, with_last_chased
from tracker_schema.mail.reminders import begins_the_week, calls, daily_list, referrals
from tracker_schema.old_assessment import Assessment
from tracker_schema.old_plan import plan_writes
from tracker_schema.wording import long_date

STAGES = 4


@dataclass(frozen=True)
class Reminded:
    """What a run found and did. `day_off` says why nobody is reminded today, None on a working day; `not_reminded` who
    could not be; `cells_written` how many cells of the tracker changed, and `refusal` why none could.
    """

    tracker: str
    as_of: dt.date
    day_off: str | None
    posting: Posting
    not_reminded: tuple[str, ...]
    cells_written: int = 0
    refusal: TrackerError | None = None


@within_the_calendar()
def remind(
    store: Store,
    config: Config,
    as_of: dt.date,
    moment: dt.datetime,
    *,
    trial: bool,
    dry_run: bool,
    progress: Progress,
) -> Reminded:
    """Everybody reminded who is to be on `as_of`, each once; with `dry_run` only said who would be.

    On a day off nobody is: the next working day makes up for it. A `trial` writes drafts only and leaves the tracker
    alone. Raises what reading the tracker raises, MailNotSent when the ledger cannot be used, and UsageError for a
    slip in a template. What did not go, and that the tracker cannot be written, is told and not raised.
    """
    progress("Reading the tracker")
    rules = rules_of(config)
    snapshot = store.read()
    assessment = assess_tracker(read_tracker(snapshot.data, snapshot.name, names_of(config)), rules, as_of)
    if day_off := rules.days.day_off(as_of):
        return Reminded(snapshot.name, as_of, day_off, Posting(), ())
    messages, not_reminded = _messages(assessment, config, rules, snapshot)
    progress("Sending the reminders")
    posting = post(messages, config, moment, trial=trial, dry_run=dry_run)
    if trial or dry_run:
        return Reminded(snapshot.name, as_of, None, posting, not_reminded)
    chased = _chased(config, posting, as_of)
    if not _is_news(assessment, chased):
        return Reminded(snapshot.name, as_of, None, posting, not_reminded)
    done = visit(
        store,
        names_of(config),
        rules,
        as_of,
        lambda _, found: plan_writes(with_last_chased(found, chased)),
        Plan((), ()),
        dry_run=False,
        progress=progress,
        doing="Writing when agencies were chased",
    )
    cells = 0 if done.refusal else len(done.plan.cells) + len(done.plan.headings)
    return Reminded(snapshot.name, as_of, None, posting, not_reminded, cells, done.refusal)


def _messages(
    assessment: Assessment, config: Config, rules: Rules, snapshot: Snapshot
) -> tuple[list[Message], tuple[str, ...]]:
    """Every message of the day, the most urgent first, and who cannot be reminded and why."""
    as_of = assessment.as_of
    given = {
        "marking": config.council.marking,
        "council": config.council.name or "",
        "headings": headings_of(assessment),
        "foot": foot(snapshot, as_of, rules.days),
    }
    writer = Writer(AddressBook(config), as_of, given)
    to_agencies = chasers(assessment, config.reminders.escalate_after)
    messages = [writer.call(call) for call in calls(assessment)]
    messages += [writer.referral(referral) for referral in referrals(assessment, rules)]
    messages += [writer.chaser(chaser) for chaser in to_agencies.chasers]
    needed = daily_list(assessment, rules)
    if not needed.is_empty or to_agencies.not_chased or begins_the_week(as_of, rules):
        messages.append(writer.daily_list(needed, to_agencies.not_chased))
    return messages, to_agencies.not_chased


def _chased(config: Config, posting: Posting, as_of: dt.date) -> dict[Asked, dt.date]:
    """When each agency was last reminded about each case: by the ledger, so that a run that was cut off before it wrote
    that down is made up for; and today, by this run.
    """
    chased: dict[Asked, dt.date] = {}
    file = ledger_file(config, trial=False)
    if file.exists():
        with Ledger(file) as ledger:
            for entry in ledger.entries(kind=CHASER, states=["sent"]):
                _note(chased, entry.reference, entry.stage, day_in_london(entry.changed))
    for each in posting.deliveries:
        if each.message.kind == CHASER and each.result in ("sent", "drafted"):
            _note(chased, each.message.reference, each.message.stage, as_of)
    return chased


def _note(chased: dict[Asked, dt.date], reference: str | None, stage: str, day: dt.date) -> None:
    urgency, _, agency = stage.rpartition("-")
    if urgency != Stage.ESCALATED.value:
        chased[(reference or "").casefold(), agency] = day


def _is_news(assessment: Assessment, chased: Mapping[Asked, dt.date]) -> bool:
    """Whether the tracker does not say yet when each agency was last reminded."""
    return any(cell.column == "last_chased" for cell in plan_writes(with_last_chased(assessment, chased)).cells)


def as_json(reminded: Reminded) -> dict[str, Any]:
    """What the run did, as a JSON object for other programs."""
    return {
        "as_of": reminded.as_of.isoformat(),
        "tracker": reminded.tracker,
        "day_off": reminded.day_off,
        "mail": reminded.posting.as_json(),
        "not_reminded": list(reminded.not_reminded),
        "written": {"cells": reminded.cells_written},
    }


def show(reminded: Reminded) -> None:
    """Print what the run did."""
    from scripts.adapters.mail import deliveries

    print(f"{reminded.tracker}, as on {long_date(reminded.as_of)}")
    if reminded.day_off:
        print(f"Nobody is reminded on a day off ({reminded.day_off}); the next working day makes up for it.")
        return
    new = [each for each in reminded.posting.deliveries if each.result != "done before"]
    before = len(reminded.posting.deliveries) - len(new)
    deliveries.show(dataclasses.replace(reminded.posting, deliveries=new))
    if before:
        print(f"\nReminded before, and not again: {before}.")
    elif not new:
        print("Nobody needs to be reminded today.")
    for sentence in reminded.not_reminded:
        print(sentence)
    if reminded.cells_written:
        print(f"“Last chased” is up to date in the tracker; {reminded.cells_written} of our cells changed.")
