"""What the tests of mail have in common: an incident, an agency asked about it, and deadlines."""

from __future__ import annotations

import datetime as dt
from typing import Any

from tests.builders import MONDAY, Cells, assess_rows, rules
from tracker_schema.calendar.working_days import england_and_wales
from tracker_schema.clocks.clocks import Rules, standard_clocks
from tracker_schema.clocks.results import State
from tracker_schema.mail.deadlines import Deadline

DAYS = england_and_wales()
CLOCKS = {clock.id: clock for clock in standard_clocks()}


def day(after: int) -> dt.date:
    """So many working days after Monday 23 November 2026."""
    return DAYS.add(MONDAY, after) if after else MONDAY


def incident(reference: str = "CI-1", **cells: Any) -> Cells:
    """An incident of which the council became aware on Monday 23 November: day 4 is Friday, day 5 Monday.

    Every fact that decides who must be told is known.
    """
    known: dict[str, Any] = {"outcome": "Serious harm", "abuse_or_neglect": "Suspected", "looked_after": "No"}
    return {"reference": reference, "aware_date": MONDAY, "operational_head": "Head of Service One"} | known | cells


def asked_of(agency: str = "Example Police", **cells: Any) -> Cells:
    """A return that is due on Monday 30 November."""
    return {"reference": "CI-1", "agency": agency, "sent": MONDAY} | cells


def only(*clocks: str) -> Rules:
    """The rules with those clocks and no others, so that a new clock is no new deadline of a test."""
    return rules(clocks=tuple(CLOCKS[clock] for clock in clocks))


def deadline(
    reference: str = "CI-1", clock: str | None = "notify_panel", after: int = 3, agency: str | None = None
) -> Deadline:
    """An open deadline so many calendar days after that Monday; one with an agency is that of a scoping return."""
    tracker = assess_rows(
        {"reference": reference}, scoping=[{"reference": reference, "agency": agency or ""}], actions=[]
    )
    record = tracker.scoping[0] if agency else tracker.incidents[0]
    due = MONDAY + dt.timedelta(days=after)
    return Deadline(record, CLOCKS[clock] if clock else None, due, 1, State.RUNNING)
