"""How deadlines, reviews and counts are put into words in e-mails. The templates use most of these as filters."""

from __future__ import annotations

import datetime as dt
import textwrap
from collections import Counter
from collections.abc import Callable, Iterable, Sequence

from tracker_schema.incidents.reviews import LocalReview, RapidReview
from tracker_schema.mail.deadlines import Deadline
from tracker_schema.mail.events import Event
from tracker_schema.mail.summary import NotDiscussed, Summary
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
            for reference, of_case in list(_cases(events).items())[:MOST_ROWS]
        ]

    def rapid_review(review: RapidReview) -> str:
        parts = [f"notified {day(review.notified)}" if review.notified else "day of notification not readable"]
        parts += [f"completed {day(review.completed)}"] if review.completed else ["not completed"]
        parts += [f"sent {day(review.sent)}"] if review.sent else []
        return sentence("; ".join(parts) + (". Ask the Panel for its reply." if review.ask else "."))

    def local_review(review: LocalReview) -> str:
        form = review.form or ("" if review.national else "form not recorded")
        parts = [f"{review.kind} ({form})" if form else review.kind]
        parts += [f"decided {day(review.decided)}" if review.decided else "day of decision not recorded"]
        parts += [f"completed {day(review.completed)}" if review.completed else "not completed"]
        if review.paused:
            parts += [f"paused until {day(review.paused)}", _reason(review.explained)]
        return "; ".join(parts) + "."

    def paused_step(step: Paused) -> str:
        until = f"paused until {day(step.until)}; {_reason(step.explained)}; its date is {day(step.due)}"
        return f"{step.reference}: {step.label}: {until}."

    def not_discussed(summary: Summary) -> list[tuple[str, list[str]]]:
        return _not_discussed(summary.not_discussed, day)

    words = (
        *(day, weekday, dated, by_case, rapid_review, local_review, paused_step, not_discussed, not_watched),
        *(counted, long_date, first_of, late, sentence, rest_by_label, cases_beyond, filled, totals),
        *(without_discussions, discussions),
    )
    return {word.__name__: word for word in words}


def without_discussions(deadlines: Sequence[Deadline]) -> list[Deadline]:
    """Return the deadlines without SLT's weekly discussions, which nearly every open case has."""
    return [deadline for deadline in deadlines if not _is_discussion(deadline)]


def discussions(deadlines: Sequence[Deadline]) -> str:
    """Return SLT's discussions among the deadlines as one sentence, "" when there are none."""
    found = [deadline for deadline in deadlines if _is_discussion(deadline)]
    references = ", ".join(first_of(deadline.reference for deadline in found))
    return f"{found[0].label}: {references}." if found else ""


def _is_discussion(deadline: Deadline) -> bool:
    return deadline.clock is not None and deadline.clock.mail == "discussion"


def not_watched(labels: Sequence[str]) -> str:
    """Return the sentence that names the steps that the tracker has no column for."""
    return f"Not watched, because the tracker has no column for it: {'; '.join(labels)}."


def _reason(explained: bool) -> str:
    return "a reason is recorded" if explained else "no reason is recorded"


def first_of(names: Iterable[str]) -> list[str]:
    """Return the names, or the first of them and how many more there are."""
    every = list(names)
    more = len(every) - MOST_NAMED
    return every if more <= 1 else [*every[:MOST_NAMED], f"and {more:,} more"]


def late(deadline: Deadline) -> str:
    """Return by how many working days the deadline is past; less than one on a weekend after its day."""
    return counted(-deadline.left, "day") if deadline.left else "under 1 day"


def rest_by_label(deadlines: Sequence[Deadline]) -> str:
    """Return what a table leaves out, as a sentence: how many deadlines there are of each step."""
    kinds = Counter("Action" if deadline.clock is None else deadline.label for deadline in deadlines)
    counts = "; ".join(f"{label} ({count})" for label, count in kinds.most_common())
    return f"And {len(deadlines):,} more, by step: {counts}. The tracker's Status column shows where."


def cases_beyond(events: Sequence[Event]) -> int:
    """Return how many cases a table of events leaves out."""
    return max(len(_cases(events)) - MOST_ROWS, 0)


def _cases(events: Sequence[Event]) -> dict[str, list[Event]]:
    cases: dict[str, list[Event]] = {}
    for event in events:
        cases.setdefault(event.reference, []).append(event)
    return cases


def filled(text: str) -> str:
    """Return `text` in lines that every mail program shows unbroken; after a dash, all but the first are indented."""
    return textwrap.fill(
        text, _WIDTH, subsequent_indent="  " if text.startswith("- ") else "", break_long_words=False,
        break_on_hyphens=False,
    )  # fmt: skip


def totals(summary: Summary) -> list[str]:
    """Return the totals of all sheets, a sentence each."""
    found = summary.totals
    if not found.logged:
        return ["No incident is logged."]
    sentences = [f"{counted(found.open, 'incident')} of {found.logged:,} {_are(found.open)} open."]
    sentences += [f"“Overdue steps” has {counted(found.steps_overdue, 'step')}."] if found.steps_overdue else []
    for counts, noun in ((found.returns, "scoping return"), (found.actions, "action")):
        if counts:
            by_status = ", ".join(f"{count:,} {status.lower()}" for status, count in counts.items())
            sentences.append(f"{counted(sum(counts.values()), noun)}: {by_status}.")
    return sentences


def headline(summary: Summary) -> str:
    """Return the summary in three sentences: what is overdue, what is due, what is new."""
    overdue, due, new = len(summary.overdue), len(summary.due), summary.notified
    meeting = long_date(summary.meetings.next)
    parts = ["Nothing is overdue", f"Nothing is due by the SLT meeting on {meeting}", "Nothing new has been notified"]
    if overdue:
        statutory = sum(deadline.statutory for deadline in summary.overdue)
        actions = sum(deadline.clock is None for deadline in summary.overdue)
        among = [f"{statutory:,} statutory"] * bool(statutory) + [counted(actions, "agreed action")] * bool(actions)
        parts[0] = f"{counted(overdue, 'step')} {_are(overdue)} overdue" + (f" ({', '.join(among)})" if among else "")
    if due:
        parts[1] = f"{counted(due, 'step')} {_are(due)} due by the SLT meeting on {meeting}"
    if new:
        parts[2] = f"{counted(new, 'notification')} {_are(new)} new"
    if "deadlines" in summary.untold:
        parts.insert(0, "Not every deadline can be told, because a heading or a sheet is gone from the tracker")
    return ". ".join(parts) + "."


def _are(number: int) -> str:
    return "is" if number == 1 else "are"


def _not_discussed(
    incidents: Sequence[NotDiscussed] | None, day: Callable[[dt.date], str]
) -> list[tuple[str, list[str]]]:
    """Return the sentences about them, and after each sentence that ends in a colon the cases."""
    if incidents is None:
        return [("The tracker has no column for the day on which SLT discussed an incident.", [])]
    never = [each.reference for each in incidents if each.last is None]
    before = [f"{each.reference} ({day(each.last)})" for each in incidents if each.last]
    sentences = []
    if never:
        sentences.append((f"{counted(len(never), 'incident')} not discussed yet:", first_of(never)))
    if before:
        sentences.append((f"{counted(len(before), 'incident')} last discussed earlier:", first_of(before)))
    return sentences or [("Every open incident was discussed.", [])]
