"""What a document says of a clock: its state, what is not known, and until when it is paused."""

from __future__ import annotations

from tracker_schema.clocks.results import ClockResult, State
from tracker_schema.incidents.incident import Incident
from tracker_schema.wording import medium_date


def pause_in_words(incident: Incident) -> str:
    """Return until when the review of an incident is paused, such as “paused until Mon 1 Mar 2027”."""
    until = incident.paused_until
    return f"paused until {medium_date(until)}" if until else State.PAUSED.words


def reason_in_words(incident: Incident, result: ClockResult) -> str:
    """Return why a clock cannot be told, or whether there is a reason for its pause; "" for any other state."""
    if result.state == State.PAUSED:
        return "a reason is recorded" if incident.has_pause_reason else "no reason is recorded"
    if result.state == State.CANNOT_TELL and result.unknown:
        headings = " and ".join(incident.heading(column) for column in result.unknown)
        return f"{headings} {'are' if len(result.unknown) > 1 else 'is'} not known"
    return ""
