"""One run of the weekly summary: the tracker summed up, the mail written, sent once, and remembered."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from scripts.adapters.cli.terminal import warn_on_stderr
from scripts.adapters.ledger.log_memory import LogMemory
from scripts.adapters.ledger.sent_summaries import SentSummaries, last_summary_before
from scripts.adapters.mail.address_book import AddressBook
from scripts.adapters.mail.case_links import find_links
from scripts.adapters.mail.deliveries import Posting
from scripts.adapters.mail.messages.calendar_file import calendar_file
from scripts.adapters.mail.messages.facts import common_facts, source_of
from scripts.adapters.mail.messages.weekly_summary import KIND, SummaryMail, period_of, write_summary
from scripts.adapters.mail.posting import ledger_file, post
from scripts.adapters.mail.transport.message import Message
from scripts.adapters.settings.config import Config
from scripts.adapters.storage.atomic_write import write_over
from scripts.adapters.storage.store import Store
from scripts.adapters.tracker.load import load_with_snapshot
from tracker_schema.errors import UsageError
from tracker_schema.incidents.incident import Tracker
from tracker_schema.mail.calendar_entries import calendar_entries
from tracker_schema.mail.deadlines import Deadline, open_deadlines
from tracker_schema.mail.slt_meetings import meetings_around
from tracker_schema.mail.summary import Summary, summarise

MOST_FILES = 10
"""How many of the next deadlines are attached as files for a calendar."""


@dataclass(frozen=True)
class Written:
    """The summary of one run.

    tracker      the name of the tracker's file
    period       the week it is for
    summary      the facts
    mail         the facts in words and pictures
    deadlines    the deadlines for the calendar file
    log          what the summary was made from
    source       the versions that it was made from
    """

    tracker: str
    period: str
    summary: Summary
    mail: SummaryMail
    deadlines: Sequence[Deadline]
    log: Tracker
    source: str


def write(
    store: Store,
    config: Config,
    as_of: dt.date,
    *,
    trial: bool,
    week: str | None = None,
    memory: LogMemory | None = None,
) -> Written:
    """Return the summary of the tracker in `store` as on `as_of`; send nothing and remember nothing.

    It is the one for `week`, such as “2026-W48”, else for the week of `as_of`. `memory` is what the last summary found
    in the tracker. A `trial` has its own ledger, as in
    `posting.post`. Raises what reading the tracker raises, and UsageError when a template has a mistake in it or the
    bank holidays that are known do not reach far enough.
    """
    snapshot, tracker = load_with_snapshot(config, store, as_of, memory.before if memory else None)
    tracker = memory.guarded(tracker) if memory else tracker
    days = tracker.rules.days
    period = week or period_of(as_of)
    last = last_summary_before(ledger_file(config, trial=trial), period)
    meetings = meetings_around(as_of, config.slt.meets, days)
    summary = summarise(tracker, meetings, last.since(as_of), last.reported, last.cases)
    links = find_links(store, config, snapshot, tracker, warn_on_stderr)
    mail = write_summary(summary, days, common_facts(config.council, snapshot, tracker, links))
    return Written(tracker.name, period, summary, mail, open_deadlines(tracker), tracker, source_of(snapshot, tracker))


def send(written: Written, config: Config, moment: dt.datetime, *, trial: bool, dry_run: bool) -> Posting:
    """Send the summary to SLT at `moment` and return what became of it; a `dry_run` only reports what would.

    The ledger makes sure that one week's summary goes once. What it reports is remembered when it has gone to
    somebody: when the run ends before that, the next summary reports it again. Raises MailNotSent when the ledger
    cannot be used.
    """
    message = _message(written, config, moment)
    as_of = written.summary.as_of
    if dry_run:
        return post([message], config, moment, as_of=as_of, trial=trial, dry_run=True)
    with SentSummaries(ledger_file(config, trial=trial)) as summaries:
        posting = post([message], config, moment, as_of=as_of, trial=trial)
        if any(each.result in ("sent", "drafted") for each in posting.deliveries):
            summary = written.summary
            states = {line.reference.casefold(): line.state for line in summary.cases}
            summaries.remember(written.period, summary.as_of, summary.reported, states)
    return posting


def _message(written: Written, config: Config, moment: dt.datetime) -> Message:
    mail = written.mail
    to_come = [entry for entry in calendar_entries(written.deadlines) if entry.due >= written.summary.as_of]
    files = [] if config.calendar.mailbox else [calendar_file(entry, moment) for entry in to_come[:MOST_FILES]]
    return Message(
        KIND,
        written.period,
        AddressBook(config).everyone("slt"),
        mail.subject,
        mail.text,
        html=mail.html,
        pictures=mail.pictures,
        attachments=tuple(files),
        source=written.source,
    )


def save_page(written: Written, path: Path) -> None:
    """Write the summary to `path` as a page that needs no other file. Raises UsageError when that cannot be done."""
    try:
        write_over(path, written.mail.page().encode())
    except OSError as error:
        raise UsageError(f"{path} cannot be written ({error.strerror}).", "Name another file or folder.") from None
