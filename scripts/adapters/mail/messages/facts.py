"""The facts that every message is given."""

from __future__ import annotations

import datetime as dt

from scripts.adapters.mail.messages.wording import MOST_ROWS
from scripts.adapters.settings.config import CouncilSettings
from scripts.adapters.storage.store import Snapshot
from tracker_schema import __version__
from tracker_schema.calendar.working_days import WorkingDays
from tracker_schema.columns.schema import INCIDENTS
from tracker_schema.incidents.incident import Tracker
from tracker_schema.wording import long_date, shortened

# As much of a file's version as is needed to know it.
_VERSION = 16


def common_facts(council: CouncilSettings, snapshot: Snapshot, tracker: Tracker) -> dict[str, object]:
    """Return the facts that every message about `tracker` is given, which was read from `snapshot`.

    marking     the protective marking
    council     the council's name, "" when config.toml has none
    as_of       the day
    headings    the heading of each column of the incidents in this council's tracker, by column id
    most        how many rows a table shows
    foot        the last line of a message
    """
    rows = tracker.rows.sheets[INCIDENTS]
    return {
        "marking": council.marking,
        "council": council.name or "",
        "as_of": tracker.as_of,
        "headings": {column: rows.heading(column) for column in rows.sheet.columns},
        "most": MOST_ROWS,
        "foot": foot(snapshot, tracker.as_of, tracker.rules.days),
    }


def foot(snapshot: Snapshot, as_of: dt.date, days: WorkingDays) -> str:
    """Return the last line of a message: the file that was read, its version, the day, and the program's version."""
    taken = f"bank holidays as known on {long_date(days.taken)}" if days.taken else "bank holidays without a date"
    return (
        f"Read from {snapshot.name}, version {shortened(snapshot.version, _VERSION)}, as on {long_date(as_of)}; "
        f"{taken}; program version {__version__}."
    )
