"""One run of the weekly summary: the tracker read and summed up, the mail written, sent once, and remembered."""

from __future__ import annotations

import dataclasses
import datetime as dt
import enum
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from scripts.adapters.ledger.sent_summaries import Memory, Told
from scripts.adapters.mail.address_book import AddressBook
from scripts.adapters.mail.deliveries import Posting
from scripts.adapters.mail.messages import calendar_file, weekly_summary
from scripts.adapters.mail.messages.wording import headings_of
from scripts.adapters.mail.posting import ledger_file, post
from scripts.adapters.mail.transport.message import Attachment, Message, Picture
from scripts.adapters.settings.build import names_of, rules_of
from scripts.adapters.settings.config import Config
from scripts.adapters.storage.store import Store
from scripts.adapters.tracker.checking import assess_tracker, within_the_calendar
from scripts.adapters.workbook.read import read_tracker
from tracker_schema.clocks.results import State
from tracker_schema.errors import UsageError
from tracker_schema.mail.calendar_entries import CalendarEntry, to_send
from tracker_schema.mail.slt_meetings import meetings_around
from tracker_schema.mail.steps import Step, open_steps
from tracker_schema.mail.summary import Summary, summarise

# Between two summaries, where it is not remembered when the last one was made.
_A_WEEK = dt.timedelta(weeks=1)


@dataclasses.dataclass(frozen=True)
class Written:
    """The summary of one run, in facts and in words, with the calendar entries that go along."""

    tracker: str
    period: str
    summary: Summary
    mail: weekly_summary.SummaryMail
    steps: list[Step]


@within_the_calendar()
def write(store: Store, config: Config, as_of: dt.date, *, trial: bool, week: str | None = None) -> Written:
    """The summary of the tracker in `store`, as on `as_of`; nothing is sent and nothing remembered.

    It is the one for `week`, such as “2026-W48”, else for the week of `as_of`. A `trial` has a memory of its own, as in
    `posting.post`. Raises what reading the tracker raises, and UsageError for a slip in a template or when the bank
    holidays do not reach far enough.
    """
    rules = rules_of(config)
    snapshot = store.read()
    assessment = assess_tracker(read_tracker(snapshot.data, snapshot.name, names_of(config)), rules, as_of)
    period = week or weekly_summary.period_of(as_of)
    told = _told_before(ledger_file(config, trial=trial), period)
    since = told.since or as_of - _A_WEEK
    summary = summarise(assessment, rules, meetings_around(as_of, config.slt.meets, rules.days), since, told.keys)
    head = weekly_summary.Letterhead(config.council.marking, config.council.name or "")
    mail = weekly_summary.write(summary, snapshot, rules.days, head, headings_of(assessment))
    return Written(snapshot.name, period, summary, mail, open_steps(assessment, rules))


def send(written: Written, config: Config, moment: dt.datetime, *, trial: bool, dry_run: bool) -> Posting:
    """What came of sending the summary to SLT at `moment`; with `dry_run`, what would.

    The ledger sees to it that one week's summary goes once. What it told is remembered when it has gone to somebody:
    if the run ends before that, the next summary tells it again. Raises MailNotSent when the ledger cannot be used.
    """
    file = ledger_file(config, trial=trial)
    if dry_run:
        return post([_message(written, config, [], moment)], config, moment, trial=trial, dry_run=True)
    with Memory(file) as memory:
        entries = memory.calendar(written.steps, written.summary.as_of)
        posting = post([_message(written, config, entries, moment)], config, moment, trial=trial)
        if any(each.result in ("sent", "drafted") for each in posting.deliveries):
            memory.remember(written.period, written.summary.as_of, written.summary.told)
    return posting


def _told_before(file: Path, period: str) -> Told:
    if not file.exists():
        return Told()
    with Memory(file) as memory:
        return memory.told_before(period)


def _message(written: Written, config: Config, entries: list[CalendarEntry], moment: dt.datetime) -> Message:
    mail, as_of = written.mail, written.summary.as_of
    calendar = calendar_file.calendar_file(to_send(entries, as_of), moment)
    return Message(
        weekly_summary.KIND,
        written.period,
        AddressBook(config).everyone("slt"),
        mail.subject,
        mail.text,
        html=mail.html,
        pictures=tuple(
            Picture(name, drawn.png, drawn.alt)
            for name, drawn in mail.pictures.items()
            if f'"cid:{name}"' in mail.html  # whoever edits the template may leave one out
        ),
        attachments=(
            Attachment(
                calendar_file.NAME, calendar_file.TYPE, calendar, {"method": calendar_file.METHOD, "charset": "utf-8"}
            ),
        ),
    )


def save_page(written: Written, path: Path) -> None:
    """Write the summary to `path` as a page that needs nothing else. Raises UsageError when that cannot be done."""
    try:
        path.write_text(written.mail.page(), "utf-8")
    except OSError as error:
        raise UsageError(f"{path} cannot be written ({error.strerror}); name another file or folder.") from None


def as_json(written: Written, posting: Posting | None) -> dict[str, Any]:
    """The summary as a JSON object for other programs, and what came of the mail (null when none was to go)."""
    summary = {
        field.name: _plain(getattr(written.summary, field.name))
        for field in dataclasses.fields(written.summary)
        if field.name != "told"
    }
    return {
        "tracker": written.tracker,
        "period": written.period,
        "subject": written.mail.subject,
        **summary,
        "mail": None if posting is None else posting.as_json(),
    }


def _plain(value: Any) -> Any:
    match value:
        case enum.Enum():
            return value.words if isinstance(value, State) else value.value
        case dt.date():
            return value.isoformat()
        case Mapping():
            return {key: _plain(each) for key, each in value.items()}
        case list() | tuple():
            return [_plain(each) for each in value]
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {field.name: _plain(getattr(value, field.name)) for field in dataclasses.fields(value)}
    return value
