"""The drafts that wait for a person to send them, as the daily list names them: by the ledger."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path

from scripts.adapters.cli.clock import day_in_london
from scripts.adapters.ledger.ledger import Entry, Ledger
from scripts.adapters.mail.messages.reminders import DAILY_LIST
from tracker_schema.incidents.incident import Tracker
from tracker_schema.mail.daily_list import Key
from tracker_schema.wording import day_and_month, sentence

MADE_WITHIN = dt.timedelta(weeks=2)
"""Older drafts are counted only."""

_KINDS = {
    "chaser": "Reminder of a scoping return",
    "day_four_call": "Call to the Heads of Service",
    "director_escalation": "Notice that a statutory date has passed",
    "referral": "Notice of a referral or a review",
}


@dataclass(frozen=True, slots=True)
class WaitingDraft:
    """A draft of which nobody has said that it was sent.

    key      by what the next daily list knows it
    words    what it is, about which case, for whom, and when it was made
    new      whether the last list did not name it
    old      whether it was made more than MADE_WITHIN ago
    """

    key: Key
    words: str
    new: bool
    old: bool = False


def waiting_drafts(ledger: Path, tracker: Tracker, before: Collection[Key]) -> list[WaitingDraft]:
    """Return the drafts in the file of the `ledger`, the newest first; `before` are the keys of the last list.

    Those about closed cases of `tracker` are not among them, nor is the daily list. Raises MailNotSent when the ledger
    cannot be used.
    """
    if not ledger.exists():
        return []
    with Ledger(ledger) as opened:
        entries = opened.waiting_drafts()
    finished = {each.shown_reference.casefold() for each in tracker.incidents if each.is_finished}
    by_draft: dict[tuple[str, ...], list[Entry]] = {}
    for entry in entries:
        if entry.kind != DAILY_LIST and (entry.reference or "").casefold() not in finished:
            by_draft.setdefault((entry.kind, entry.reference or "", entry.stage, entry.period), []).append(entry)
    return [_draft(of_one, tracker.as_of, before) for of_one in reversed(by_draft.values())]


def _draft(entries: Sequence[Entry], as_of: dt.date, before: Collection[Key]) -> WaitingDraft:
    """Return the draft of `entries`, which are one message to several people."""
    first = entries[0]
    key = ("", f"draft {first.id}")
    about = f" about {first.reference}" if first.reference else ""
    people = ", ".join(dict.fromkeys(entry.role for entry in entries))
    made = day_in_london(first.changed)
    kind = _KINDS.get(first.kind, sentence(first.kind.replace("_", " ")))
    words = f"{kind}{about}, for {people} (made {day_and_month(made)})"
    return WaitingDraft(key, words, key not in before, as_of - made > MADE_WITHIN)
