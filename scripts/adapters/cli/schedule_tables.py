"""The status of the jobs of the timetable, as a table for people and as a JSON object."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from scripts.adapters.cli.terminal import show_table
from scripts.adapters.schedule.runner import JobStatus
from tracker_schema.wording import long_date


def show(statuses: Sequence[JobStatus]) -> None:
    """Print the state of each job, its next run, and what its last run said."""
    rows = [
        (
            status.job,
            status.period or "",
            status.state,
            str(status.attempts or ""),
            f"{long_date(status.next.date())}, {status.next:%H:%M}" if status.next else "",
            status.why,
        )
        for status in statuses
    ]
    show_table("The timetable", ("Job", "Newest period", "State", "Attempts", "Next", "It said"), rows)


def as_json(statuses: Sequence[JobStatus]) -> dict[str, Any]:
    """Return the object that --json prints; `next` is in London time."""
    return {
        "jobs": [
            {
                "job": status.job,
                "period": status.period,
                "state": status.state,
                "attempts": status.attempts,
                "exit_code": status.exit_code,
                "why": status.why,
                "next": status.next.isoformat(timespec="minutes") if status.next else None,
            }
            for status in statuses
        ]
    }
