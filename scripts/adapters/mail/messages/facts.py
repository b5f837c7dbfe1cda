"""The facts that every message is given."""

from __future__ import annotations

from scripts.adapters.mail.messages.links import Links, link_to
from scripts.adapters.mail.messages.wording import MOST_ROWS
from scripts.adapters.settings.config import CouncilSettings
from scripts.adapters.storage.store import Snapshot
from tracker_schema import __version__
from tracker_schema.columns.schema import INCIDENTS
from tracker_schema.incidents.incident import Tracker
from tracker_schema.mail.totals import totals
from tracker_schema.wording import counted, short_date


def common_facts(
    council: CouncilSettings, snapshot: Snapshot, tracker: Tracker, links: Links | None = None
) -> dict[str, object]:
    """Return the facts that every message about `tracker` is given, which was read from `snapshot`.

    Without `links` a message links to the workbook only.

    marking     the protective marking
    council     the council's name, "" when config.toml has none
    as_of       the day
    headings    the heading of each column of the incidents in this council's tracker, by column id; "" of a column that
                it has not
    most        how many rows a table shows
    links       where the workbook, the SLT paper and the case folders are
    counting    how the daily list and the weekly summary count, with the figures of the tracker
    foot        the last line of a message
    """
    rows = tracker.rows.sheets[INCIDENTS]
    return {
        "marking": council.marking,
        "council": council.name or "",
        "as_of": tracker.as_of,
        "headings": {column: rows.heading(column) if column in rows.numbers else "" for column in rows.sheet.columns},
        "most": MOST_ROWS,
        "links": links or Links(link_to(snapshot.where) if snapshot.where else None),
        "counting": counting(tracker),
        "foot": f"From {snapshot.name}, as on {short_date(tracker.as_of)}.",
    }


def source_of(snapshot: Snapshot, tracker: Tracker) -> str:
    """Return what the ledger keeps of where a message comes from: the versions of the file, the bank holidays and the
    program.
    """
    taken = tracker.rules.days.taken
    holidays = f"as known on {short_date(taken)}" if taken else "without a date"
    return f"tracker version {snapshot.version}; bank holidays {holidays}; program version {__version__}"


def counting(tracker: Tracker) -> str:
    """Return how many incidents are open and what is overdue, and the rule by which both lists count it."""
    found = totals(tracker)
    if not found.logged:
        return "No incident is logged."
    are = "is" if found.open == 1 else "are"
    by_status = ", ".join(f"{count:,} {status.lower()}" for status, count in found.open_by_status.items())
    parts = [
        f"{counted(found.open, 'incident')} of {found.logged:,} {are} open{f': {by_status}' if by_status else ''}."
    ]
    kinds = [
        counted(number, noun)
        for number, noun in (
            (found.steps_overdue, "step"),
            (found.returns.get("Overdue", 0), "scoping return"),
            (found.actions.get("Overdue", 0), "action"),
        )
        if number
    ]
    parts.append(f"Overdue: {', '.join(kinds) or 'nothing'}.")
    parts.append(
        "The daily list and the weekly summary count alike: past its day and not recorded as done; SLT’s own "
        "discussion is left out."
    )
    return " ".join(parts)
