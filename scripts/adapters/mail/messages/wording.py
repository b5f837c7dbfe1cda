"""How steps, cases and counts are put into words in e-mails. The templates use most of these as filters."""

from __future__ import annotations

import datetime as dt
import textwrap
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import TypeVar

from tracker_schema.incidents.reviews import NATIONAL, Review
from tracker_schema.mail.case_lines import CaseLine
from tracker_schema.mail.daily_list import CaseItems, Item
from tracker_schema.mail.deadlines import KEEPER, Deadline
from tracker_schema.mail.events import Event
from tracker_schema.mail.summary import NotDiscussed
from tracker_schema.mail.waiting import Paused, Waiting
from tracker_schema.wording import counted, day_and_month, long_date, near_date, sentence

MOST_ROWS, MOST_NAMED = 100, 12
"""How many rows of a table and names of a list a mail shows; beyond that it gives the number of the rest. A council
that meets its deadlines never has so many."""

_WIDTH = 76

E = TypeVar("E")
K = TypeVar("K")


def filters(as_of: dt.date) -> dict[str, Callable[..., object]]:
    """Return what the templates may call with a bar, by name. Dates are written as seen from `as_of`."""

    def day(date: dt.date) -> str:
        return near_date(date, as_of)

    def weekday(date: dt.date) -> str:
        return "today" if date == as_of else f"{long_date(date)[:3]} {day(date)}"

    def entered(events: Sequence[Event], since: dt.date) -> list[str]:
        """Return the cases of the events; with its day where it is from before `since`, and was entered late."""
        return first_of(
            each.reference if each.day and each.day >= since else f"{each.reference} ({_day(each, day)})"
            for each in events
        )

    def new_cases(events: Sequence[Event], in_table: Collection[str], since: dt.date) -> str:
        """Return how many cases are new, and which of them the table does not mark as new."""
        others = [each for each in events if each.reference not in in_table]
        marked = f"{len(events) - len(others)} marked “new” above" if len(others) < len(events) else ""
        return "; ".join(filter(None, (marked, ", ".join(entered(others, since))))) + "."

    def due(step: Deadline | CaseLine) -> str:
        """Return when a step is due: “due Fri 27 Nov”, “LATE by 3 working days, due 24 Nov”, “ask since 24 Nov”."""
        if step.due is None:
            return "no date"
        if step.overdue:
            return f"LATE by {late(step)}, due {day(step.due)}"
        return f"due {weekday(step.due)}" if step.due >= as_of else f"ask since {day(step.due)}"

    def when(step: Deadline) -> str:
        """Return the same in fewer words: “27 Nov”, “LATE by 3 working days”, “ask since 24 Nov”."""
        if step.overdue:
            return f"LATE by {late(step)}"
        return "today" if step.due == as_of else day(step.due) if step.due > as_of else f"ask since {day(step.due)}"

    def by_step(steps: Sequence[Deadline]) -> list[tuple[str, str]]:
        """Return for each step, on whose authority it is due and in which cases when; as many as a table shows."""
        kinds = _by(lambda step: f"{step.label}{_in_brackets(step.authority)}", steps[:MOST_ROWS])
        return [
            (kind, "; ".join(f"{step.reference}{_in_brackets(step.agency)} {when(step)}" for step in of_kind))
            for kind, of_kind in kinds.items()
        ]

    def item(found: Item) -> str:
        """Return something new for the keeper of the tracker in full."""
        step = found.deadline
        if step is None:
            return found.words + (" It stops a deadline." if found.stops else "")
        owner = f"; {step.owner}" if step.clock and not step.agency and _is_named(step) else ""
        column = "" if found.has_column else "; the tracker has no column to record it"
        words = f"{step.label_with_owner}{_in_brackets(step.agency)}{_in_brackets(step.authority)}"
        return f"{words}{owner}; {due(step)}{column}."

    def rest(case: CaseItems) -> str:
        """Return what a case still needs in short: its steps, and the cells to put right."""
        parts = []
        for each in case.rest:
            step = each.deadline
            if step:
                words = f"{step.label_with_owner}{_in_brackets(step.agency)}{_in_brackets(step.authority)}"
                parts.append(f"{words}, {due(step)}")
        parts += [each.brief for each in case.to_put_right if each.brief]
        cells = [each.cell for each in case.to_put_right if each.cell and not each.brief]
        if cells:
            parts.append(f"put right in the tracker: {', '.join(first_of(cells))}")
        others = sum(not (each.cell or each.brief) for each in case.to_put_right)
        if others:
            parts.append(f"{counted(others, 'question')} about facts that the tracker has no column for")
        return sentence("; ".join(parts)) + "."

    def review(found: Review) -> str:
        """Return a review with its dates, from the day it began to the day it is due."""
        words = f"{found.reference} {day(found.began) if found.began else 'no day recorded'}"
        if found.kind != NATIONAL and (found.began or found.due):
            words += f" to {day(found.due) if found.due else 'a day that cannot be told'}"
        words += ", LATE" if found.late else ""
        words += f", completed {day(found.completed)}" if found.completed else ""
        if found.paused:
            words += f", paused until {day(found.paused)} ({_reason(found.explained)})"
        return words

    def reviews_by_kind(found: Sequence[Review]) -> list[tuple[str, str]]:
        """Return the reviews of each kind with their dates."""
        kinds = _by(lambda each: each.kind, found)
        return [(f"{kind}s", "; ".join(map(review, of_kind))) for kind, of_kind in kinds.items()]

    def paused_step(step: Paused) -> str:
        until = f"paused until {day(step.until)}; {_reason(step.explained)}; its date is {day(step.due)}"
        return f"{step.reference}: {step.label}: {until}."

    def not_discussed(incidents: Sequence[NotDiscussed]) -> str:
        """Return the cases that SLT has not discussed since its last meeting, with the day on which it last did."""
        never = first_of(each.reference for each in incidents if each.last is None)
        earlier = first_of(f"{each.reference} ({day(each.last)})" for each in incidents if each.last)
        parts = [f"Never: {', '.join(never)}."] if never else []
        return " ".join([*parts, f"Earlier: {', '.join(earlier)}."] if earlier else parts)

    words = (
        *(day, weekday, entered, new_cases, due, by_step, item, rest, reviews_by_kind, paused_step, not_discussed),
        *(counted, day_and_month, long_date, first_of, sentence, filled, not_watched, changed, who, references),
        *(by_what, by_wait, folder_above),
    )
    return {word.__name__: word for word in words}


def not_watched(labels: Sequence[str]) -> str:
    """Return the sentence that names the steps that the tracker has no column for."""
    return f"Not watched, because the tracker has no column for it: {'; '.join(labels)}."


def who(line: CaseLine) -> str:
    """Return who acts, "" where that goes without saying."""
    return line.owner if _is_named(line) else ""


def changed(line: CaseLine) -> str:
    """Return what has changed in the line of a case, "" when nothing has."""
    return "; ".join(line.changes)


def folder_above(where: str) -> str:
    """Return the folder that holds what is at a web address or a path."""
    return where.rstrip("/\\").rpartition("\\" if "\\" in where else "/")[0]


def by_wait(cases: Sequence[Waiting]) -> Mapping[str, Sequence[Waiting]]:
    """Return the cases that wait without a deadline, by what they wait for."""
    return _by(lambda case: case.what, cases)


def references(found: Sequence[Deadline | Waiting]) -> str:
    """Return the cases of the deadlines, one after the other."""
    return ", ".join(first_of(dict.fromkeys(each.reference for each in found)))


def by_what(events: Sequence[Event]) -> Mapping[str, Sequence[Event]]:
    """Return the events by what has happened."""
    return _by(lambda event: event.what, events)


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


def _day(event: Event, day: Callable[[dt.date], str]) -> str:
    return day(event.day) if event.day else "no date"


def _in_brackets(words: str | None) -> str:
    return f" ({words})" if words else ""


def _is_named(step: Deadline | CaseLine) -> bool:
    """Return whether who acts is said: not the keeper of the tracker, and nobody whom the step itself names."""
    label = step.label if isinstance(step, Deadline) else step.step
    return step.owner != KEEPER and step.owner.casefold() not in label.casefold()


def _reason(explained: bool) -> str:
    return "a reason is recorded" if explained else "no reason is recorded"


def _by(key: Callable[[E], K], found: Iterable[E]) -> dict[K, list[E]]:
    groups: dict[K, list[E]] = {}
    for each in found:
        groups.setdefault(key(each), []).append(each)
    return groups
