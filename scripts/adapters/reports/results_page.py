"""The results page: what needs somebody, as in the daily list, and what the program itself did; for a browser."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from pathlib import Path

from scripts.adapters.ledger.log_memory import LogMemory
from scripts.adapters.ledger.returns_so_far import left_files_in
from scripts.adapters.ledger.sent_lists import last_list_before
from scripts.adapters.mail.address_book import AddressBook
from scripts.adapters.mail.messages.facts import common_facts
from scripts.adapters.mail.messages.reminders import Writer
from scripts.adapters.schedule.runner import JobStatus, in_london
from scripts.adapters.settings.config import Config
from scripts.adapters.settings.paths import results_path
from scripts.adapters.storage.atomic_write import write_over
from scripts.adapters.storage.store import Store
from scripts.adapters.tracker.load import load_with_snapshot
from tracker_schema.errors import UsageError
from tracker_schema.mail.daily_list import daily_list
from tracker_schema.wording import long_date

_TITLES = {
    "check_tracker": "Status columns",
    "send_reminders": "Reminders and daily list",
    "weekly_summary": "Weekly summary",
    "make_document": "Documents asked for",
    "read_returns": "Forms that came back",
    "ledger": "Record of messages",
}


def build(
    config: Config,
    store: Store,
    moment: dt.datetime,
    statuses: Sequence[JobStatus],
    remarks: Sequence[Mapping[str, str]],
) -> str:
    """Return the page as HTML, as at `moment`.

    `statuses` are those of the jobs after the last pass, `remarks` what doctor found: name, found and remedy of each.
    Raises as `load_with_snapshot`, and UsageError when a template has a mistake in it.
    """
    as_of = in_london(moment).date()
    memory = LogMemory(config, None, "send_reminders", dry_run=True)
    snapshot, tracker = load_with_snapshot(config, store, as_of, memory.before)
    tracker = memory.guarded(tracker)
    last = last_list_before(config.ledger.file, as_of)
    writer = Writer(AddressBook(config), as_of, common_facts(config.council, snapshot, tracker))
    made = in_london(moment)
    return writer.results_page(
        daily_list(tracker, last.keys, last.as_of),
        {
            "read_now": [words for words, urgent in left_files_in(config.ledger.file) if urgent],
            "runs": [_run(status) for status in statuses],
            "remarks": remarks,
            "made": f"{long_date(made.date())}, {made:%H:%M}",
        },
    )


def save(page: str) -> Path:
    """Put the page where the shortcut looks for it, and return that. Raises UsageError when it cannot be written."""
    path = results_path()
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_over(path, page.encode("utf-8"))
    except OSError as error:
        raise UsageError(f"The results page cannot be written to {path} ({error.strerror}).") from None
    return path


def _run(status: JobStatus) -> dict[str, object]:
    result = status.why or status.state.value
    if status.has_failed:
        result = f"{status.state.value}: {status.why}"
    return {
        "job": _TITLES.get(status.job, status.job),
        "when": _when(status.changed),
        "result": result,
        "failed": status.has_failed,
    }


def _when(changed: dt.datetime | None) -> str:
    if changed is None:
        return "not yet"
    moment = in_london(changed)
    return f"{long_date(moment.date())}, {moment:%H:%M}"
