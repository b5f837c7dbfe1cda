"""A row for each child of each incident that analysts may have: the incident stands there under a pseudonym, ages are
bands, dates are months, and no text that somebody typed is in it.

What is left still says something of single people, and is to be looked after like any personal data.
"""

from __future__ import annotations

import base64
import datetime as dt
import hmac
from collections.abc import Iterator

import numpy as np

from tracker_schema.clocks.clocks import Rules
from tracker_schema.clocks.results import State
from tracker_schema.columns.parsing import cleaned
from tracker_schema.columns.schema import INCIDENTS, Column
from tracker_schema.old_assessment import Assessment
from tracker_schema.old_clocks import Reading
from tracker_schema.old_facts import Facts
from tracker_schema.working_days import Days

NOT_KNOWN = "Not known"
SHORTEST_KEY = 16

# The first age that no longer belongs to the band; those of the national statistics, and care leavers.
_AGE_BANDS = (
    (0, "Unborn"),
    (1, "Under 1"),
    (6, "1 to 5"),
    (11, "6 to 10"),
    (16, "11 to 15"),
    (18, "16 and 17"),
    (25, "18 to 24"),
)
_OLDER = "25 or over"


def pseudonym(reference: str, key: bytes) -> str:
    """The name under which the incident `reference` stands in every extract made with `key`: 16 letters and figures,
    from which the reference cannot be worked out without the key.
    """
    digest = hmac.digest(key, cleaned(reference).casefold().encode("utf-8"), "sha256")
    return base64.b32encode(digest[:10]).decode("ascii")


def extract(assessment: Assessment, rules: Rules, key: bytes) -> list[dict[str, str]]:
    """A row for each incident of the tracker, or for each of its children, by heading; every row has the same headings.

    The pseudonym of the incident, the age band, then each choice as chosen, each date as its month (“2026-11”), and for
    each clock how it stands and the working days from its start to the step. The order is that of the pseudonyms, which
    says nothing. `key` is the secret that the pseudonyms hang on.
    """
    sheet = assessment.sheets[INCIDENTS]
    facts, incident_of = sheet.facts.children, sheet.facts.children.incident_of
    columns: dict[str, list[str]] = {
        "Incident": [
            pseudonym(reference, key) if reference else "" for reference in facts.column("reference").values.tolist()
        ],
        "Age band": _age_bands(facts),
    }
    for column in facts.read.sheet.column:
        if _may_be_told(column) and facts.has(column.id):
            columns[facts.read.sheet.columns[column.id].heading] = _told(column, facts)
    for reading in sheet.readings.values():
        for heading, of_incidents in _how_it_went(reading, rules):
            columns[heading] = [of_incidents[incident] for incident in incident_of.tolist()]
    rows = [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]
    return sorted(rows, key=lambda row: tuple(row.values()))


def _may_be_told(column: Column) -> bool:
    return column.type in ("choice", "date") and not column.personal and not column.by_script


def _told(column: Column, facts: Facts) -> list[str]:
    values = facts.column(column.id).values
    return _months(values) if column.type == "date" else [value or "" for value in values.tolist()]


def _months(days: Days) -> list[str]:
    return ["" if month == "NaT" else month for month in days.astype("datetime64[M]").astype(str).tolist()]


def _age_bands(facts: Facts) -> list[str]:
    """How old the child was on the day of the incident, or when that is blank on the day of awareness."""
    birth, incident = facts.column("date_of_birth").values, facts.column("incident_date").values
    day = np.where(np.isnat(incident), facts.column("aware_date").values, incident)
    return [_age_band(born, then) for born, then in zip(birth.astype(object), day.astype(object), strict=True)]


def _age_band(born: object, day: object) -> str:
    if not (isinstance(born, dt.date) and isinstance(day, dt.date)):
        return NOT_KNOWN
    age = day.year - born.year - ((day.month, day.day) < (born.month, born.day))
    return next((band for below, band in _AGE_BANDS if age < below), _OLDER)


def _how_it_went(reading: Reading, rules: Rules) -> Iterator[tuple[str, list[str]]]:
    states = [State(state) for state in reading.state.tolist()]
    yield (
        f"{reading.clock.label}: how it stands",
        ["" if state is State.LEFT_OUT else state.words for state in states],
    )
    calendar = rules.calendar(reading.clock)
    known = calendar.covers(reading.anchor) & calendar.covers(reading.stopped) & ~reading.is_in(State.LEFT_OUT)
    some_day = np.datetime64(calendar.first)
    days = calendar.between(np.where(known, reading.anchor, some_day), np.where(known, reading.stopped, some_day))
    yield (
        f"{reading.clock.label}: working days",
        [str(count) if there else "" for count, there in zip(days.tolist(), known.tolist(), strict=True)],
    )
