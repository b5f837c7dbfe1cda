"""The SLT summary as an e-mail: HTML that a phone and Outlook show, plain text, two pictures, and a calendar file."""

from __future__ import annotations

import base64
import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from scripts.adapters.mail.messages.templates import write_letter
from scripts.adapters.mail.messages.wording import MOST_ROWS, filters, headline
from scripts.adapters.pictures import deadlines
from scripts.adapters.storage.store import Snapshot
from tracker_schema import __version__
from tracker_schema.mail.summary import AHEAD, Summary
from tracker_schema.wording import long_date, shortened
from tracker_schema.working_days import WorkingDays

KIND = "weekly_summary"

# As much of a file's version as tells it from others.
_VERSION = 16


@dataclass(frozen=True)
class Letterhead:
    """The head of every message.

    marking    the protective marking
    council    the council's name, "" when config.toml has none
    """

    marking: str
    council: str


@dataclass(frozen=True)
class Drawn:
    """A picture, and in words what it shows."""

    png: bytes
    alt: str


@dataclass(frozen=True)
class SummaryMail:
    """The summary in words and pictures.

    subject     one line, without the marking
    text        the plain text
    html        the same as HTML; it names each picture “cid:NAME”
    pictures    the pictures by name
    """

    subject: str
    text: str
    html: str
    pictures: Mapping[str, Drawn]

    def page(self) -> str:
        """Return the HTML with its pictures inside, for a browser."""
        page = self.html
        for name, drawn in self.pictures.items():
            page = page.replace(f'"cid:{name}"', f'"data:image/png;base64,{base64.b64encode(drawn.png).decode()}"')
        return page


def period_of(as_of: dt.date) -> str:
    """Return the week of a summary made on `as_of`, such as “2026-W48”, by which the ledger knows it."""
    year, week, _ = as_of.isocalendar()
    return f"{year}-W{week:02}"


def write(
    summary: Summary, snapshot: Snapshot, days: WorkingDays, letterhead: Letterhead, headings: Mapping[str, str]
) -> SummaryMail:
    """Return the summary of the tracker that was read as `snapshot`, as a message.

    `days` are the working days by which it was worked out, and `headings` the headings of the incidents by column id.
    Raises UsageError when a template has a mistake in it.
    """
    pictures = _pictures(summary, days)
    facts = {
        "summary": summary,
        "marking": letterhead.marking,
        "council": letterhead.council,
        "monday": summary.as_of - dt.timedelta(days=summary.as_of.weekday()),
        "headline": headline(summary),
        "foot": foot(snapshot, summary.as_of, days),
        "pictures": {"timeline": None}
        | {name: {"src": f"cid:{name}", "alt": each.alt} for name, each in pictures.items()},
        "timeline": deadlines.timeline_alt(summary.coming, summary.as_of, summary.as_of + AHEAD),
        "headings": headings,
        "most": MOST_ROWS,
    }
    letter = write_letter(KIND, filters(summary.as_of), facts, html=True)
    return SummaryMail(letter.subject, letter.text, letter.html or "", pictures)


def foot(snapshot: Snapshot, as_of: dt.date, days: WorkingDays) -> str:
    """Return the last line of a message: the file that was read, its version, the day, and the program's version."""
    taken = f"bank holidays as known on {long_date(days.taken)}" if days.taken else "bank holidays without a date"
    return (
        f"Read from {snapshot.name}, version {shortened(snapshot.version, _VERSION)}, as on {long_date(as_of)}; "
        f"{taken}; program version {__version__}."
    )


def _pictures(summary: Summary, days: WorkingDays) -> dict[str, Drawn]:
    open_cases = summary.totals.open_by_status
    first, last = summary.as_of, summary.as_of + AHEAD
    pictures = {}
    if summary.coming:
        timeline = deadlines.timeline_picture(summary.coming, first, last, days)
        pictures["timeline"] = Drawn(timeline, deadlines.timeline_alt(summary.coming, first, last))
    if open_cases:
        pictures["status"] = Drawn(deadlines.status_picture(open_cases), deadlines.status_alt(open_cases))
    return pictures
