"""How the jobs of the timetable stand, as a table for a person and as a JSON object."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from scripts.adapters.cli.terminal import show_table
from scripts.adapters.schedule.runner import Standings
from tracker_schema.wording import long_date


def show(standings: Sequence[Standings]) -> None:
    """Print how each job stands, when it comes next, and why it failed."""
    rows = [
        (
            each.job,
            each.period or "",
            each.standing,
            str(each.attempts or ""),
            f"{long_date(each.next.date())}, {each.next:%H:%M}" if each.next else "",
            each.why,
        )
        for each in standings
    ]
    show_table("The timetable", ("Job", "Newest period", "Stands", "Attempts", "Next", "Why"), rows)


def as_json(standings: Sequence[Standings]) -> dict[str, Any]:
    """The object that --json prints; `next` is by the clock in London."""
    return {
        "jobs": [
            {
                "job": each.job,
                "period": each.period,
                "standing": each.standing,
                "attempts": each.attempts,
                "exit_code": each.exit_code,
                "why": each.why,
                "next": each.next.isoformat(timespec="minutes") if each.next else None,
            }
            for each in standings
        ]
    }
