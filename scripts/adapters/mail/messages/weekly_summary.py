"""The SLT summary as an e-mail: HTML that phones and Outlook show, plain text, and a picture."""

from __future__ import annotations

import base64
import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from scripts.adapters.mail.messages.sentences import headline
from scripts.adapters.mail.messages.templates import environment, write_letter
from scripts.adapters.mail.messages.wording import filters
from scripts.adapters.mail.transport.message import Picture
from scripts.adapters.pictures import deadlines
from tracker_schema.calendar.working_days import WorkingDays
from tracker_schema.mail.deadlines import KEEPER
from tracker_schema.mail.summary import AHEAD, Summary

KIND = "weekly_summary"


@dataclass(frozen=True)
class SummaryMail:
    """The summary in words and pictures.

    subject     one line, without the marking
    text        the plain text
    html        the same as HTML; it names each picture “cid:NAME”
    pictures    the pictures that the HTML names
    """

    subject: str
    text: str
    html: str
    pictures: tuple[Picture, ...]

    def page(self) -> str:
        """Return the HTML with its pictures inside, for a browser."""
        page = self.html
        for picture in self.pictures:
            data = base64.b64encode(picture.png).decode()
            page = page.replace(f'"cid:{picture.name}"', f'"data:image/png;base64,{data}"')
        return page


def period_of(as_of: dt.date) -> str:
    """Return the week of a summary made on `as_of`, such as “2026-W48”, by which the ledger knows it."""
    year, week, _ = as_of.isocalendar()
    return f"{year}-W{week:02}"


def write_summary(summary: Summary, days: WorkingDays, common: Mapping[str, object]) -> SummaryMail:
    """Return the summary as a message.

    `days` are the working days by which it was worked out, and `common` the facts that every message is given. Raises
    UsageError when a template has a mistake in it.
    """
    pictures = _pictures(summary, days)
    letter = write_letter(KIND, environment(filters(summary.as_of)), {**common, **summary_facts(summary, pictures)})
    html = letter.html or ""
    # Whoever edits the template may leave a picture out.
    shown = tuple(picture for picture in pictures if f'"cid:{picture.name}"' in html)
    return SummaryMail(letter.subject, letter.text, html, shown)


def summary_facts(summary: Summary, pictures: Sequence[Picture]) -> dict[str, object]:
    """Return the facts that the templates of the summary are given, besides those of every message."""
    return {
        "summary": summary,
        "monday": summary.as_of - dt.timedelta(days=summary.as_of.weekday()),
        "headline": headline(summary),
        "reading": _reading(summary),
        "new_lines": {line.reference for line in summary.cases if line.new},
        "pictures": {"timeline": None}
        | {picture.name: {"src": f"cid:{picture.name}", "alt": picture.alt} for picture in pictures},
    }


def _reading(summary: Summary) -> str:
    """Return how to read the table."""
    words = f"Unless a line says otherwise, it is one child who is not looked after, and the {KEEPER} acts."
    return words if summary.compared else f"{words} What has changed cannot be told: no earlier summary is kept."


def _pictures(summary: Summary, days: WorkingDays) -> list[Picture]:
    """Return the calendar of the coming two weeks, where it says more than the table and is no longer than a screen."""
    cases = {step.reference for step in summary.coming}
    if len(summary.coming) == len(cases) or len(cases) > deadlines.MOST_CASES:
        return []
    first, last = summary.as_of, summary.as_of + AHEAD
    drawn = deadlines.calendar_picture(summary.coming, first, last, days)
    return [Picture("timeline", drawn, deadlines.calendar_alt(summary.coming, first, last))]
