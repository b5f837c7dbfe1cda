"""How steps, cases and counts are put into words in e-mails. The templates use most of these as filters."""

from __future__ import annotations

import datetime as dt
import textwrap
from collections.abc import Callable, Iterable, Mapping, Sequence

from tracker_schema.incidents.reviews import Review
from tracker_schema.mail.case_lines import CaseLine
from tracker_schema.mail.daily_list import CaseItems, Item
from tracker_schema.mail.deadlines import Deadline
from tracker_schema.mail.events import Event
from tracker_schema.mail.summary import NotDiscussed
from tracker_schema.mail.waiting import Paused
from tracker_schema.wording import counted, long_date, near_date, sentence

MOST_ROWS, MOST_NAMED = 100, 12
"""How many rows of a table and names of a list a mail shows; beyond that it gives the number of the rest. A council
that meets its deadlines never has so many."""

_WIDTH = 76


def filters(as_of: dt.date) -> dict[str, Callable[..., object]]:
    """Return what the templates may call with a bar, by name. Dates are written as seen from `as_of`."""

    def day(date: dt.date) -> str:
        return near_date(date, as_of)

    def weekday(date: dt.date) -> str:
        return "today" if date == as_of else f"{long_date(date)[:3]} {day(date)}"

    def event_day(event: Event) -> str:
        return day(event.day) if event.day else "no date"

    def dated(events: Sequence[Event]) -> list[str]:
        return first_of(f"{event.reference} ({event_day(event)})" for event in events)

    def by_case(events: Sequence[Event]) -> list[tuple[str, str]]:
        """Return the events of each case in one sentence; as many cases as a table shows."""
        return [
            (reference, "; ".join(f"{event.what} ({event_day(event)})" for event in of_case) + ".")
            for reference, of_case in list(_by_reference(events).items())[:MOST_ROWS]
        ]

    def due(step: Deadline | CaseLine) -> str:
        """Return when a step is due: “due Fri 27 Nov”, “LATE by 3 working days, due 24 Nov”, “ask since 24 Nov”."""
        if step.due is None:
            return "no date"
        if step.overdue:
            return f"LATE by {late(step)}, due {day(step.due)}"
        return f"due {weekday(step.due)}" if step.due >= as_of else f"ask since {day(step.due)}"

    def brief(step: Deadline) -> str:
        """Return a step of a case in a few words: what, on whose authority, and when."""
        agency = f" ({step.agency})" if step.agency else ""
        authority = f"{step.authority}, " if step.authority else ""
        return f"{step.label}{agency}: {authority}{due(step)}"

    def steps_by_case(steps: Sequence[Deadline]) -> list[tuple[str, list[str]]]:
        """Return the steps of each case in a few words; as many cases as a table shows."""
        cases = _by_reference(steps)
        return [(reference, list(map(brief, of_case))) for reference, of_case in list(cases.items())[:MOST_ROWS]]

    def item(found: Item) -> str:
        """Return something new for the keeper of the tracker in full."""
        step = found.deadline
        if step is None:
            return found.words + (" No deadline can be worked out without it." if found.stops else "")
        agency = f" ({step.agency})" if step.agency else ""
        authority = f" ({step.authority})" if step.authority else ""
        owner = f"; {step.owner}" if step.clock else ""
        column = "" if found.has_column else "; the tracker has no column to record it"
        return f"{step.label_with_owner}{agency}{authority}{owner}; {due(step)}{column}."

    def rest(case: CaseItems) -> str:
        """Return what a case still needs in short: its steps, and the cells to put right."""
        parts = []
        for each in case.rest:
            if step := each.deadline:
                agency = f" ({step.agency})" if step.agency else ""
                authority = f"{step.authority}, " if step.authority else ""
                parts.append(f"{step.label_with_owner}{agency}: {authority}{due(step)}")
        cells = [each.cell for each in case.to_put_right if each.cell]
        if cells:
            parts.append(f"put right in the tracker: {', '.join(first_of(cells))}")
        others = len(case.to_put_right) - len(cells)
        if others:
            parts.append(f"{counted(others, 'question')} about facts that the tracker has no column for")
        return sentence("; ".join(parts)) + "."

    def review(found: Review) -> str:
        dates = [f"{word} {day(date)}" if date else _not_recorded(word) for word, date in found.dates.items()]
        parts = [each for each in dates if each]
        if found.kind == "Local review":
            parts.insert(0, found.form or "form not recorded")
        if found.paused:
            parts += [f"paused until {day(found.paused)}", _reason(found.explained)]
        if found.has_limit and not found.is_next:
            until = "to be published by" if found.kind == "Local review" else "due"
            when = day(found.due) if found.due else "a date that cannot be worked out"
            parts.append(f"{'LATE, ' if found.late else ''}{until} {when}")
        return f"{found.kind}: {'; '.join(parts)}."

    def paused_step(step: Paused) -> str:
        until = f"paused until {day(step.until)}; {_reason(step.explained)}; its date is {day(step.due)}"
        return f"{step.reference}: {step.label}: {until}."

    def not_discussed(incidents: Sequence[NotDiscussed]) -> str:
        """Return the cases that SLT has not discussed since its last meeting, with the day on which it last did."""
        return ", ".join(
            first_of(f"{each.reference} ({day(each.last) if each.last else 'never'})" for each in incidents)
        )

    words = (
        *(day, weekday, dated, by_case, due, steps_by_case, item, rest, review, paused_step, not_discussed),
        *(counted, long_date, first_of, late, sentence, filled, not_watched, changed, references, cases_beyond),
    )
    return {word.__name__: word for word in words}


def not_watched(labels: Sequence[str]) -> str:
    """Return the sentence that names the steps that the tracker has no column for."""
    return f"Not watched, because the tracker has no column for it: {'; '.join(labels)}."


def changed(line: CaseLine) -> str:
    """Return what has changed in the line of a case, "" when nothing has."""
    return "; ".join(line.changes)


def references(deadlines: Sequence[Deadline]) -> str:
    """Return the cases of the deadlines, one after the other."""
    return ", ".join(first_of(dict.fromkeys(deadline.reference for deadline in deadlines)))


def cases_beyond(found: Sequence[Event | Deadline]) -> int:
    """Return how many cases a table leaves out."""
    return max(len(_by_reference(found)) - MOST_ROWS, 0)


def first_of(names: Iterable[str], most: int = MOST_NAMED) -> list[str]:
    """Return the names, or the first of them and how many more there are."""
    every = list(names)
    more = len(every) - most
    return every if more <= 1 else [*every[:most], f"and {more:,} more"]


def late(step: Deadline | CaseLine) -> str:
    """Return by how many working days a step is past its day; less than one on a weekend after that day."""
    return counted(-step.left, "working day") if step.left else "less than 1 working day"


def filled(text: str) -> str:
    """Return `text` in lines that every mail program shows unbroken; after a dash, all but the first are indented."""
    return textwrap.fill(
        text, _WIDTH, subsequent_indent="  " if text.startswith("- ") else "", break_long_words=False,
        break_on_hyphens=False,
    )  # fmt: skip


def _not_recorded(word: str) -> str:
    return "" if word == "sent to the Panel" else f"{word}: not recorded" if word != "completed" else "not completed"


def _reason(explained: bool) -> str:
    return "a reason is recorded" if explained else "no reason is recorded"


def _by_reference(found: Sequence[Event | Deadline]) -> Mapping[str, list]:
    cases: dict[str, list] = {}
    for each in found:
        cases.setdefault(each.reference, []).append(each)
    return cases
