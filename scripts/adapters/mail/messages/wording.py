"""How steps, reviews and counts are put in words in e-mails. The templates call most of these with a bar."""

from __future__ import annotations

import datetime as dt
import textwrap
from collections import Counter
from collections.abc import Callable, Iterable, Sequence

from tracker_schema.columns.schema import INCIDENTS
from tracker_schema.mail.happenings import Happening
from tracker_schema.mail.reviews import LocalReview, RapidReview
from tracker_schema.mail.steps import Step
from tracker_schema.mail.summary import NotDiscussed, Summary
from tracker_schema.old_assessment import Assessment
from tracker_schema.wording import counted, long_date, near_date

# Beyond this, a mail gives the number of the rest. What SLT is to know of is told one by one, so it is more than any
# council has that keeps its clocks.
MOST_ROWS, MOST_NAMED = 100, 12
_WIDTH = 76


def filters(as_of: dt.date) -> dict[str, Callable[..., object]]:
    """What the templates may call with a bar, by name; dates are told as seen from `as_of`."""

    def day(date: dt.date) -> str:
        return near_date(date, as_of)

    def weekday(date: dt.date) -> str:
        return "today" if date == as_of else f"{long_date(date)[:3]} {day(date)}"

    def dated(happenings: Sequence[Happening]) -> list[str]:
        return first_of(f"{each.reference} ({day(each.day) if each.day else 'no date'})" for each in happenings)

    def by_case(happenings: Sequence[Happening]) -> list[tuple[str, str]]:
        """What has happened, a line for each case; as many cases as a table shows."""
        return [
            (reference, "; ".join(f"{each.what} ({day(each.day) if each.day else 'no date'})" for each in found) + ".")
            for reference, found in list(_cases(happenings).items())[:MOST_ROWS]
        ]

    def rapid_review(review: RapidReview) -> str:
        said = [f"notified {day(review.notified)}" if review.notified else "day of notification not readable"]
        said += [f"completed {day(review.completed)}"] if review.completed else ["not completed"]
        said += [f"sent {day(review.sent)}"] if review.sent else []
        return sentence("; ".join(said) + (". Ask the Panel for its reply." if review.ask else "."))

    def local_review(review: LocalReview) -> str:
        form = review.form or ("" if review.national else "form not recorded")
        said = [f"{review.kind} ({form})" if form else review.kind]
        said += [f"decided {day(review.decided)}" if review.decided else "day of decision not recorded"]
        said += [f"completed {day(review.completed)}" if review.completed else "not completed"]
        return "; ".join(said) + "."

    def not_discussed(summary: Summary) -> list[tuple[str, list[str]]]:
        return _not_discussed(summary.not_discussed, day)

    words = (
        *(day, weekday, dated, by_case, rapid_review, local_review, not_discussed),
        *(counted, long_date, first_of, late, sentence, rest_by_label, cases_beyond, filled, totals),
    )
    return {word.__name__: word for word in words}


def headings_of(assessment: Assessment) -> dict[str, str]:
    """What stands above each column of the incidents in this council's tracker, by column id."""
    read = assessment.sheets[INCIDENTS].facts.read
    return {column: read.heading(column) for column in read.sheet.columns}


def first_of(names: Iterable[str]) -> list[str]:
    """The names, or the first of them and how many more there are."""
    every = list(names)
    more = len(every) - MOST_NAMED
    return every if more <= 1 else [*every[:MOST_NAMED], f"and {more:,} more"]


def late(step: Step) -> str:
    """By how many working days the step is late; less than one at a weekend after its day."""
    return counted(-step.left, "day") if step.left else "under 1 day"


def sentence(text: str) -> str:
    """`text` as a sentence begins: with a capital."""
    return text[:1].upper() + text[1:]


def rest_by_label(steps: Sequence[Step]) -> str:
    """What a table leaves out, in a sentence: how many steps there are of each kind."""
    kinds = Counter("Action" if step.clock is None else step.label for step in steps)
    told = "; ".join(f"{label} ({count})" for label, count in kinds.most_common())
    return f"And {len(steps):,} more, by step: {told}. The tracker's Status column shows where."


def cases_beyond(happenings: Sequence[Happening]) -> int:
    """How many cases a table of what has happened leaves out."""
    return max(len(_cases(happenings)) - MOST_ROWS, 0)


def _cases(happenings: Sequence[Happening]) -> dict[str, list[Happening]]:
    cases: dict[str, list[Happening]] = {}
    for each in happenings:
        cases.setdefault(each.reference, []).append(each)
    return cases


def filled(text: str) -> str:
    """`text` in lines that every mail program shows unbroken; those after a dash are indented."""
    return textwrap.fill(
        text, _WIDTH, subsequent_indent="  " if text.startswith("- ") else "", break_long_words=False,
        break_on_hyphens=False,
    )  # fmt: skip


def totals(summary: Summary) -> list[str]:
    """What the other sheets add up to, a sentence each."""
    found = summary.totals
    if not found.logged:
        return ["No incident is logged."]
    said = [f"{counted(found.open, 'incident')} of {found.logged:,} {_are(found.open)} open."]
    said += [f"“Overdue steps” has {counted(found.steps_overdue, 'step')}."] if found.steps_overdue else []
    for counts, noun in ((found.returns, "scoping return"), (found.actions, "action")):
        if counts:
            each = ", ".join(f"{count:,} {status.lower()}" for status, count in counts.items())
            said.append(f"{counted(sum(counts.values()), noun)}: {each}.")
    return said


def headline(summary: Summary) -> str:
    """The summary in three sentences: what is overdue, what is due, what is new."""
    overdue, due, new = len(summary.overdue), len(summary.due), summary.notified
    meeting = long_date(summary.meetings.next)
    said = ["Nothing is overdue", f"Nothing is due by the SLT meeting on {meeting}", "Nothing new has been notified"]
    if overdue:
        statutory = sum(step.statutory for step in summary.overdue)
        actions = sum(step.clock is None for step in summary.overdue)
        among = [f"{statutory:,} statutory"] * bool(statutory) + [counted(actions, "agreed action")] * bool(actions)
        said[0] = f"{counted(overdue, 'step')} {_are(overdue)} overdue" + (f" ({', '.join(among)})" if among else "")
    if due:
        said[1] = f"{counted(due, 'step')} {_are(due)} due by the SLT meeting on {meeting}"
    if new:
        said[2] = f"{counted(new, 'notification')} {_are(new)} new"
    return ". ".join(said) + "."


def _are(number: int) -> str:
    return "is" if number == 1 else "are"


def _not_discussed(
    incidents: Sequence[NotDiscussed] | None, day: Callable[[dt.date], str]
) -> list[tuple[str, list[str]]]:
    """What is to be said of them, and after each sentence that ends in a colon the cases."""
    if incidents is None:
        return [("The tracker has no column that says when SLT discussed an incident.", [])]
    never = [each.reference for each in incidents if each.last is None]
    before = [f"{each.reference} ({day(each.last)})" for each in incidents if each.last]
    said = []
    if never:
        said.append((f"{counted(len(never), 'incident')} not discussed yet:", first_of(never)))
    if before:
        said.append((f"{counted(len(before), 'incident')} last discussed earlier:", first_of(before)))
    return said or [("Every open incident was discussed.", [])]
