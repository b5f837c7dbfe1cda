"""The notice to an operational Head of Service that their case was referred for a local review, or has a review."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from tracker_schema.clocks.clocks import Clock
from tracker_schema.clocks.results import anchor_of
from tracker_schema.incidents.incident import Incident, Tracker
from tracker_schema.mail.deadlines import REMIND_WITHIN


@dataclass(frozen=True, slots=True)
class Referral:
    """A CSPR referral, or a review without one, of which the operational Head of Service has not been informed.

    reference    the incident
    head         the Operational Head of Service as the tracker names them, "" when it does not
    referred     when the referral was made, or the review decided on
    review       the review that was decided on, such as “Local review”; "" for a referral
    """

    reference: str
    head: str
    referred: dt.date
    review: str = ""


def referrals(tracker: Tracker) -> list[Referral]:
    """Return the referrals to inform somebody of; none when config.toml switches that clock off.

    A tracker without a column for when they were informed does not keep it from them: the ledger knows whether the
    notice went. Source: the council's guidance has the practitioner supported through the process.
    """
    clocks = [clock for clock in tracker.rules.clocks if clock.mail == "referral"]
    return [referral for clock in clocks for referral in _recent(tracker, clock)]


def _recent(tracker: Tracker, clock: Clock) -> Iterator[Referral]:
    rules = tracker.rules
    for incident in tracker.incidents:
        referred = anchor_of(clock, incident)[0]
        due = rules.deadline(clock, referred) if referred else None
        if referred is None or due is None or incident.is_closed or any(map(incident.is_filled, clock.stop)):
            continue
        is_old = rules.start_from is not None and due < rules.start_from
        if not is_old and rules.calendar(clock).between(tracker.as_of, due) >= -REMIND_WITHIN:
            yield Referral(
                incident.shown_reference, incident.operational_head, referred, _review(incident, clock, referred)
            )


def _review(incident: Incident, clock: Clock, anchor: dt.date) -> str:
    """Return the review whose decision started the clock, "" when something else did."""
    started = next(column for column in clock.anchor if incident.date(column) == anchor)
    decided = clock.anchor_if.get(started)
    return incident.text(decided.column) if decided else ""
