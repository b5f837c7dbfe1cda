"""The SLT summary as an e-mail: HTML that a phone and Outlook show, plain text, two pictures, and a calendar file."""

from __future__ import annotations

import base64
import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from scripts.adapters.mail.messages.templates import rendered, rendered_html
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
    """What stands above every message: how it is marked, and whose it is (“” where config.toml does not say)."""

    marking: str
    council: str


@dataclass(frozen=True)
class Drawn:
    """A picture and what it shows, in words."""

    png: bytes
    alt: str


@dataclass(frozen=True)
class SummaryMail:
    """The summary in words and pictures. `subject` comes without the marking; `html` names each picture
    “cid:NAME”.
    """

    subject: str
    text: str
    html: str
    pictures: Mapping[str, Drawn]

    def page(self) -> str:
        """The HTML with its pictures in it, to be looked at in a browser without anything else."""
        page = self.html
        for name, drawn in self.pictures.items():
            page = page.replace(f'"cid:{name}"', f'"data:image/png;base64,{base64.b64encode(drawn.png).decode()}"')
        return page


def period_of(as_of: dt.date) -> str:
    """The week that a summary made on `as_of` is for, such as “2026-W48”: so the ledger knows that it went."""
    year, week, _ = as_of.isocalendar()
    return f"{year}-W{week:02}"


def write(
    summary: Summary, snapshot: Snapshot, days: WorkingDays, letterhead: Letterhead, headings: Mapping[str, str]
) -> SummaryMail:
    """The summary of the tracker that was read as `snapshot`; `days` are the working days that it was counted in, and
    `headings` what stands above the columns of the incidents, by column id.

    Raises UsageError when a template has a slip in it.
    """
    pictures = _pictures(summary, days)
    monday = summary.as_of - dt.timedelta(days=summary.as_of.weekday())
    title = f"week of {long_date(monday)}"
    subject = f"Critical incidents, {title}: {_counts(summary)}"
    facts = {
        "summary": summary,
        "marking": letterhead.marking,
        "subject": f"{letterhead.council}: {subject}" if letterhead.council else subject,
        "title": f"{title}, {letterhead.council}" if letterhead.council else title,
        "headline": headline(summary),
        "foot": foot(snapshot, summary.as_of, days),
        "pictures": {"timeline": None}
        | {name: {"src": f"cid:{name}", "alt": each.alt} for name, each in pictures.items()},
        "timeline": deadlines.timeline_alt(summary.coming, summary.as_of, summary.as_of + AHEAD),
        "headings": headings,
        "most": MOST_ROWS,
    }
    words = filters(summary.as_of)
    return SummaryMail(
        str(facts["subject"]),
        rendered("weekly_summary.txt.j2", words, facts),
        rendered_html("weekly_summary.html.j2", words, facts),
        pictures,
    )


def foot(snapshot: Snapshot, as_of: dt.date, days: WorkingDays) -> str:
    """The last line of a message: which file was read, in which version, as on which day, and by what."""
    taken = f"bank holidays as known on {long_date(days.taken)}" if days.taken else "bank holidays without a date"
    return (
        f"Read from {snapshot.name}, version {shortened(snapshot.version, _VERSION)}, as on {long_date(as_of)}; "
        f"{taken}; program version {__version__}."
    )


def _counts(summary: Summary) -> str:
    """The counts of the subject; never a reference and never a name."""
    return f"{len(summary.overdue)} overdue, {len(summary.due)} due, {summary.notified} new"


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
