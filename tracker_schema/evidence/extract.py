"""A pseudonymised row for each child of each incident, for analysts.

The incident has a pseudonym, an age is a band, a date is a month, and no text that somebody typed is in it. What is
left is still about single people, and is to be protected like any personal data.
"""

from __future__ import annotations

import base64
import hmac
from collections.abc import Iterator

from tracker_schema.clocks.clocks import Clock, Rules
from tracker_schema.columns.parsing import cleaned
from tracker_schema.columns.schema import INCIDENTS, Column
from tracker_schema.evidence.ages import age_band
from tracker_schema.incidents.incident import Incident, Tracker
from tracker_schema.layouts.record import Record

NOT_KNOWN = "Not known"
SHORTEST_KEY = 16


def pseudonym(reference: str, key: bytes) -> str:
    """Return the pseudonym of the incident `reference`: 16 letters and figures, the same in every extract with `key`.

    Without the key nobody can work out the reference from it.
    """
    digest = hmac.digest(key, cleaned(reference).casefold().encode("utf-8"), "sha256")
    return base64.b32encode(digest[:10]).decode("ascii")


def extract(tracker: Tracker, key: bytes) -> list[dict[str, str]]:
    """Return a row for each child of each incident, by heading; every row has the same headings.

    They are the pseudonym, the age band, each choice, the month of each date (“2026-11”), and for each clock its state
    and the working days from its start to its stop. The rows are in the order of the pseudonyms, which means nothing.
    """
    rows = [_row(tracker, incident, child, key) for incident in tracker.incidents for child in incident.children]
    return sorted(rows, key=lambda row: tuple(row.values()))


def _row(tracker: Tracker, incident: Incident, child: Record, key: bytes) -> dict[str, str]:
    row = {
        "Incident": pseudonym(incident.reference, key) if incident.reference else "",
        "Age band": age_band(child) or NOT_KNOWN,
    }
    for column in incident.sheet.sheet.column:
        if _is_extracted(column) and incident.has_column(column.id):
            row[column.heading] = _value(child, column)
    for clock in tracker.rules.clocks_of(INCIDENTS):
        row |= dict(_of_clock(incident, clock, tracker.rules))
    return row


def _is_extracted(column: Column) -> bool:
    return column.type in ("choice", "date") and not column.personal and not column.by_script


def _value(child: Record, column: Column) -> str:
    if column.type == "date":
        day = child.date(column.id)
        return f"{day:%Y-%m}" if day else ""
    return child.text(column.id)


def _of_clock(incident: Incident, clock: Clock, rules: Rules) -> Iterator[tuple[str, str]]:
    result = incident.clocks.get(clock.id)
    yield f"{clock.label}: state", result.state.words if result else ""
    days = ""
    if result and result.anchor and result.stopped:
        calendar = rules.calendar(clock)
        if calendar.covers(result.anchor) and calendar.covers(result.stopped):
            days = str(calendar.between(result.anchor, result.stopped))
    yield f"{clock.label}: working days", days
