"""The sentences above the table of the weekly summary: what is overdue, what cannot be told, what SLT is asked."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from scripts.adapters.mail.messages.wording import first_of
from tracker_schema.mail.deadlines import Deadline
from tracker_schema.mail.escalations import Escalation
from tracker_schema.mail.summary import AGAINST, Summary
from tracker_schema.wording import counted, day_and_month, sentence

_NAMED = 4
_GONE = {
    "file": "this is an earlier version of the tracker",
    "heading": "a heading of the tracker is gone",
    "sheet": "a sheet of the tracker is gone",
    "memory": "nobody can tell whether something is gone from the tracker",
}


def headline(summary: Summary) -> list[str]:
    """Return the sentences. What is gone from the tracker comes first, as nothing below it can be relied on."""
    untold, overdue = _cannot_be_told(summary), _overdue(summary)
    first = [untold, overdue] if summary.changes else [overdue, untold]
    return [each for each in (*first, _asked(summary)) if each]


def _overdue(summary: Summary) -> str:
    unsure = ""
    if summary.may_be_overdue:
        number = counted(len(summary.may_be_overdue), "statutory step")
        unsure = f"; {number} may be, because a fact is not known ({_cases(summary.may_be_overdue)})"
    if not summary.overdue:
        known = "that can be told " if "deadlines" in summary.untold or summary.cannot_tell else ""
        return f"Nothing {known}is overdue{unsure}."
    statutory = [step for step in summary.overdue if step.statutory]
    others = [step for step in summary.overdue if not step.statutory]
    first = "Nothing statutory is overdue"
    if statutory:
        first = f"{counted(len(statutory), 'statutory step')} {_are(len(statutory))} overdue ({_cases(statutory)})"
    if not others:
        return f"{first}{unsure}."
    return f"{first}{unsure}; {_and(list(_kinds(others, 'other ' if statutory else '')))} {_are(len(others))} late."


def _kinds(steps: Sequence[Deadline], other: str) -> Iterator[str]:
    actions = sum(step.clock is None for step in steps)
    returns = sum(step.is_return for step in steps)
    for number, noun in (
        (len(steps) - actions - returns, f"{other}step"), (returns, "scoping return"), (actions, "agreed action"),
    ):  # fmt: skip
        if number:
            yield counted(number, noun)


def _cannot_be_told(summary: Summary) -> str:
    parts = []
    kinds = [change.kind for change in summary.changes]
    names = [name for change in summary.changes if change.kind == "row" for name in change.references]
    if names:
        parts.append(f"rows about {', '.join(first_of(names, _NAMED))} are gone from the tracker")
    for kind, words in _GONE.items():
        if kind in kinds:
            parts.append(words)
    if dates := kinds.count("date"):
        parts.append(f"{counted(dates, 'date')} that deadlines hang on {'was' if dates == 1 else 'were'} changed")
    against = summary.cannot_tell.get(AGAINST, ())
    if against:
        parts.append(f"{AGAINST}, without a reason ({', '.join(first_of(against, _NAMED))})")
    reasons = [
        f"{reason} ({', '.join(first_of(cases, _NAMED))})"
        for reason, cases in summary.cannot_tell.items()
        if reason != AGAINST
    ]
    if reasons:
        parts.append(f"not every deadline can be told: {', '.join(reasons)}")
    return f"{sentence('; '.join(parts))}." if parts else ""


def _asked(summary: Summary) -> str:
    parts = []
    if any(step.statutory for step in summary.overdue) or summary.may_be_overdue:
        parts.append("see to the overdue statutory steps")
    elif summary.overdue:
        parts.append("see to what is overdue")
    if summary.changes:
        parts.append("have what is gone or changed in the tracker checked")
    if against := summary.cannot_tell.get(AGAINST):
        parts.append(f"look again at the decision about {_and(first_of(against, _NAMED))}")
    if summary.cannot_tell.keys() - {AGAINST}:
        parts.append("have missing facts and dates entered")
    if summary.not_discussed:
        since = day_and_month(summary.meetings.last)
        parts.append(f"discuss {counted(len(summary.not_discussed), 'case')} not discussed since {since}")
    return f"SLT is asked to {_and(parts)}." if parts else "SLT is asked for nothing this week."


def _and(parts: Sequence[str]) -> str:
    return " and ".join((", ".join(parts[:-1]), parts[-1])) if len(parts) > 1 else parts[0]


def _cases(steps: Sequence[Deadline | Escalation]) -> str:
    return ", ".join(first_of(dict.fromkeys(step.reference for step in steps), _NAMED))


def _are(number: int) -> str:
    return "is" if number == 1 else "are"
