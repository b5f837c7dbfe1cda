"""The findings of doctor as a table, as a JSON object, and as an exit code."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from scripts.adapters.cli.terminal import show_table
from scripts.adapters.doctor.checks import Finding, Verdict


def verdict(findings: Sequence[Finding]) -> Verdict:
    """Return the worst of all verdicts."""
    found = {finding.verdict for finding in findings}
    order: tuple[Verdict, ...] = ("wrong", "warning", "not checked")
    return next((each for each in order if each in found), "fine")


def exit_code(findings: Sequence[Finding]) -> int:
    """Return the exit code of doctor.

    0 when nothing is wrong, 2 when the settings or the sign-in are, 3 when the tracker is, 4 when it is only busy.
    """
    return min((finding.exit_code for finding in findings if finding.verdict == "wrong"), default=0)


def as_json(findings: Sequence[Finding], as_of: dt.date) -> dict[str, Any]:
    """Return the object that --json prints."""
    checks = [
        {"name": each.name, "verdict": each.verdict, "found": each.found, "remedy": each.remedy} for each in findings
    ]
    return {"as_of": as_of.isoformat(), "checks": checks, "verdict": verdict(findings)}


def show(findings: Sequence[Finding]) -> None:
    """Print the table and a summary."""
    rows: list[tuple[str, str, str]] = []
    for each in findings:
        rows.append((each.verdict, each.name, each.found))
        if each.remedy:
            rows.append(("", "", f"→ {each.remedy}"))
    show_table("The checks", ("Verdict", "Check", "Result, and what to do"), rows)
    numbers = [
        f"{sum(each.verdict == kind for each in findings)} {words}"
        for kind, words in (("wrong", "wrong"), ("warning", "to act on"), ("not checked", "not checked"))
        if any(each.verdict == kind for each in findings)
    ]
    print(f"\n{len(findings)} checks: {', '.join(numbers) if numbers else 'all fine'}.")
