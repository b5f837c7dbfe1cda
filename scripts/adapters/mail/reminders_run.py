"""One run of the reminders: everybody is reminded who needs it, and “Last chased” is brought up to date."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from scripts.adapters.cli.terminal import Progress, warn_on_stderr
from scripts.adapters.graph.calendar_events import Kept
from scripts.adapters.ledger.log_memory import LogMemory
from scripts.adapters.ledger.returns_so_far import ReturnsSoFar, left_files_in
from scripts.adapters.ledger.sent_lists import last_list_before, remember_list
from scripts.adapters.mail import deliveries
from scripts.adapters.mail.address_book import AddressBook
from scripts.adapters.mail.case_links import find_links
from scripts.adapters.mail.deliveries import Posting
from scripts.adapters.mail.last_chased import record_sent_by_people, write_last_chased
from scripts.adapters.mail.messages.facts import common_facts, source_of
from scripts.adapters.mail.messages.reminders import DAILY_LIST, Writer
from scripts.adapters.mail.messages.templates import LetterError
from scripts.adapters.mail.posting import ledger_file, post
from scripts.adapters.mail.transport.message import Message
from scripts.adapters.mail.waiting_drafts import WaitingDraft, waiting_drafts
from scripts.adapters.settings.config import Config
from scripts.adapters.settings.mail_settings import RemindersSettings
from scripts.adapters.storage.store import Store
from scripts.adapters.tracker.load import load_with_snapshot
from tracker_schema.clocks.timed_record import digest
from tracker_schema.errors import TrackerError
from tracker_schema.incidents.incident import Tracker
from tracker_schema.mail.calls import calls
from tracker_schema.mail.chasers import ChaserKey, chasers
from tracker_schema.mail.daily_list import begins_the_week, daily_list
from tracker_schema.mail.escalations import escalations
from tracker_schema.mail.referrals import referrals
from tracker_schema.returns.returns_so_far import ReturnSoFar
from tracker_schema.wording import counted, long_date

STAGES = 5


@dataclass(frozen=True)
class Reminded:
    """What a run did.

    tracker         the name of the tracker's file
    as_of           the day
    day_off         why it is no working day, so that nobody is reminded; None on a working day
    posting         what became of the messages
    not_reminded    a sentence for each reminder that cannot be sent
    cells_written   how many cells of the tracker changed
    log             the tracker as it was read
    refusal         why the tracker could not be written, None when it was or had not to be
    calendar        what became of the calendar, None when there is none or nothing was to be done
    faults          the mistakes in templates of messages, which were not written then
    """

    tracker: str
    as_of: dt.date
    day_off: str | None
    posting: Posting
    log: Tracker
    not_reminded: tuple[str, ...] = ()
    cells_written: int = 0
    refusal: TrackerError | None = None
    calendar: Kept | TrackerError | None = None
    faults: tuple[LetterError, ...] = ()

    @property
    def calendar_refusal(self) -> TrackerError | None:
        """Why the calendar could not be kept."""
        return self.calendar if isinstance(self.calendar, TrackerError) else None


def remind(
    store: Store,
    config: Config,
    as_of: dt.date,
    moment: dt.datetime,
    *,
    trial: bool,
    dry_run: bool,
    progress: Progress,
    memory: LogMemory | None = None,
) -> Reminded:
    """Send every reminder that is due on `as_of`, each once; a `dry_run` only reports which.

    Reminders of a day off go out on the next working day. A `trial` writes drafts only and does not write to the
    tracker. `memory` is what the last daily list found in the tracker. Raises what reading the tracker raises,
    and MailNotSent when the ledger cannot be used. A message that is not sent, a template that has a mistake in it, and
    a tracker that cannot be written, raise nothing: see the result.
    """
    progress("Reading the tracker")
    snapshot, tracker = load_with_snapshot(config, store, as_of, memory.before if memory else None)
    tracker = memory.guarded(tracker) if memory else tracker
    if day_off := tracker.rules.days.day_off(as_of):
        return Reminded(tracker.name, as_of, day_off, Posting(), tracker)
    links = find_links(store, config, snapshot, tracker, warn_on_stderr)
    writer = Writer(AddressBook(config), as_of, common_facts(config.council, snapshot, tracker, links))
    file = ledger_file(config, trial=trial)
    last = last_list_before(file, as_of)
    so_far, left = _so_far(file), left_files_in(file)
    needed = daily_list(tracker, last.keys, last.as_of, so_far)
    if not (trial or dry_run):
        record_sent_by_people(config, tracker)
    messages, not_reminded, faults = _messages(tracker, writer, config.reminders, so_far)
    always = config.reminders.daily_list == "always" or begins_the_week(as_of, tracker.rules.days)
    source, drafts = source_of(snapshot, tracker), list[WaitingDraft]()
    sentences = (*snapshot.remarks, *not_reminded, *(words for words, _ in left))
    notes = {("", f"note {digest(sentence)}"): sentence for sentence in sentences}
    read_now = [words for words, urgent in left if urgent]
    known = last.keys or frozenset()

    def has_news() -> bool:
        return needed.has_news or not known.issuperset(notes) or any(draft.new for draft in drafts)

    def each_message() -> Iterator[Message]:
        """Give the messages, and then the daily list, which names the drafts that these became."""
        yield from (dataclasses.replace(message, source=source) for message in messages)
        drafts.extend(waiting_drafts(file, tracker, known))
        if always or has_news():
            folder = str(config.drafts_folder(trial=trial).absolute())
            said_under = next((row.chaser_sent_heading for row in tracker.scoping), "")
            try:
                daily = writer.daily_list(needed, tuple(notes.values()), drafts, folder, said_under, read_now)
            except LetterError as error:
                faults.append(error)
            else:
                yield dataclasses.replace(daily, source=source)

    progress("Sending the reminders")
    posting = post(each_message(), config, moment, as_of=as_of, trial=trial, dry_run=dry_run)
    if posting.reports(DAILY_LIST, news=has_news()):
        if not dry_run:
            remember_list(file, as_of, [*needed.keys, *notes, *(draft.key for draft in drafts)])
        if memory:
            memory.renew(tracker)
    calendar = None if trial or dry_run else _calendar(config, tracker, progress)
    reminded = Reminded(
        tracker.name, as_of, None, posting, tracker, not_reminded, calendar=calendar, faults=tuple(faults)
    )
    outcome = None if trial or dry_run else write_last_chased(store, config, tracker, posting, progress)
    if outcome is None:
        return reminded
    cells = 0 if outcome.refusal else len(outcome.plan.cells) + len(outcome.plan.headings)
    return dataclasses.replace(reminded, cells_written=cells, refusal=outcome.refusal)


def _calendar(config: Config, tracker: Tracker, progress: Progress) -> Kept | TrackerError | None:
    """Return what became of the calendar; the error with which it could not be kept."""
    if config.calendar.mailbox is None:
        return None
    # Loaded here: only a calendar needs Microsoft's library.
    from scripts.adapters.mail.calendar_run import keep_calendar

    progress("Keeping the calendar")
    try:
        return keep_calendar(config, tracker)
    except TrackerError as error:
        return error


def _so_far(ledger: Path) -> Mapping[ChaserKey, ReturnSoFar]:
    """Return what agencies have sent back, as the file of the ledger has it."""
    if not ledger.exists():
        return {}
    with ReturnsSoFar(ledger) as record:
        return record.by_agency()


def _messages(
    tracker: Tracker,
    writer: Writer,
    settings: RemindersSettings,
    so_far: Mapping[ChaserKey, ReturnSoFar],
) -> tuple[list[Message], tuple[str, ...], list[LetterError]]:
    """Return every message of the day but the daily list, the most urgent first, a sentence for each that cannot be
    sent, and the errors in templates.
    """
    to_agencies = chasers(tracker, settings.escalate_after, so_far)
    to_write = [partial(writer.call, call) for call in calls(tracker)]
    if settings.escalate_to_director != "off":
        to_write += [partial(writer.escalation, escalation) for escalation in escalations(tracker)]
    to_write += [partial(writer.referral, referral) for referral in referrals(tracker)]
    to_write += [partial(writer.chaser, chaser) for chaser in to_agencies.chasers]
    messages, faults = list[Message](), dict[str, LetterError]()
    for write in to_write:
        try:
            messages.append(write())
        except LetterError as error:
            faults[str(error)] = error
    unwritten = (f"Messages were not written. {fault}" for fault in faults)
    return messages, (*to_agencies.not_chased, *unwritten), list(faults.values())


def as_json(reminded: Reminded) -> dict[str, Any]:
    """Return what the run did as a JSON object."""
    return {
        "as_of": reminded.as_of.isoformat(),
        "tracker": reminded.tracker,
        "day_off": reminded.day_off,
        "mail": reminded.posting.as_json(),
        "not_reminded": list(reminded.not_reminded),
        "written": {"cells": reminded.cells_written},
        "calendar": dataclasses.asdict(reminded.calendar) if isinstance(reminded.calendar, Kept) else None,
    }


def show(reminded: Reminded) -> None:
    """Print what the run did."""
    print(f"{reminded.tracker}, as on {long_date(reminded.as_of)}")
    if reminded.day_off:
        print(f"No reminders today ({reminded.day_off}). They go out on the next working day.")
        return
    new = [each for each in reminded.posting.deliveries if each.result != "done before"]
    before = len(reminded.posting.deliveries) - len(new)
    deliveries.show(dataclasses.replace(reminded.posting, deliveries=new))
    if before:
        print(f"\nSent before, and not again: {before}.")
    elif not new:
        print("Nobody needs a reminder today.")
    for sentence in reminded.not_reminded:
        print(sentence)
    if isinstance(reminded.calendar, Kept):
        kept = reminded.calendar
        print(f"The calendar: {counted(kept.made, 'event')} made, {kept.moved} moved, {kept.deleted} deleted.")
    if reminded.cells_written:
        print(f"“Last chased” is up to date in the tracker; {reminded.cells_written} of our cells changed.")
