"""The ledger as a table for people and as a JSON object. Of an incident it shows only the reference."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any
from zoneinfo import ZoneInfo

from scripts.adapters.cli.terminal import show_table
from scripts.adapters.ledger.ledger import DRAFTS, Entry, Ledger
from scripts.adapters.mail.address_book import AddressBook
from tracker_schema.wording import counted, short_date

_LONDON = ZoneInfo("Europe/London")


def show(ledger: Ledger, entries: Sequence[Entry], book: AddressBook) -> None:
    """Print `entries`, with the address where the settings still have it, and their number."""
    addresses = {ledger.digest_of(recipient): recipient.address for recipient in book.every()}
    rows = [
        (
            str(entry.id),
            _when(entry.changed),
            "drafted" if (entry.state, entry.way) == ("sent", DRAFTS) else entry.state,
            " ".join(filter(None, (entry.kind.replace("_", " "), entry.stage))),
            entry.reference or "",
            entry.period,
            addresses.get(entry.recipient) or (f"{entry.role} at {entry.domain}" if entry.domain else entry.role),
            entry.way,
            entry.why,
        )
        for entry in entries
    ]
    if rows:
        show_table("The ledger", ("No.", "When", "State", "Message", "Reference", "For", "To", "By", "Why"), rows)
    print(f"\n{counted(len(rows), 'message')}, each to one recipient.")


def show_sources(entries: Sequence[Entry]) -> None:
    """Print from which versions of the tracker and the program each message was made."""
    rows = [(str(entry.id), entry.source) for entry in entries if entry.source]
    if rows:
        show_table("Made from", ("No.", "Versions"), rows)


def show_unknown(entries: Sequence[Entry]) -> None:
    """Print what to do about `entries`, whose result is unknown."""
    if not entries:
        print("No messages are waiting for you to check.")
        return
    print(
        "We could not tell whether these were sent. Look in Sent Items or in the drafts folder, or ask the\n"
        "recipients. Then record the result, and run the job again: it sends what was not sent.\n"
        f"  python -m scripts.ledger --resolve {entries[0].id} sent\n"
        f"  python -m scripts.ledger --resolve {entries[0].id} not-sent"
    )


def show_waiting(entries: Sequence[Entry]) -> None:
    """Print what to do about `entries`, which are drafts that nobody has said were sent."""
    if not entries:
        print("No drafts are waiting to be sent.")
        return
    print(
        "Send these from Outlook. Then record it, so that “Last chased” is the day on which the agency was reminded:\n"
        f"  python -m scripts.ledger --sent {entries[0].id}\n"
        f"  python -m scripts.ledger --sent {entries[0].id} --as-of 2026-11-23     if it was sent on that day"
    )


def show_counted(ledger: Ledger) -> None:
    """Print the numbers of earlier messages that are no longer listed."""
    rows = [(month, kind.replace("_", " "), state, str(number)) for month, kind, state, number in ledger.counted()]
    if rows:
        show_table("Earlier messages, no longer listed one by one", ("Month", "Message", "State", "How many"), rows)


def as_json(ledger: Ledger, entries: Sequence[Entry]) -> dict[str, Any]:
    """Return the object that --json prints. A recipient is a role, a domain and a digest."""
    return {
        "messages": [
            {
                "id": entry.id,
                "kind": entry.kind,
                "reference": entry.reference,
                "stage": entry.stage,
                "period": entry.period,
                "role": entry.role,
                "domain": entry.domain,
                "recipient": entry.recipient,
                "state": entry.state,
                "way": entry.way,
                "why": entry.why,
                "attempts": entry.attempts,
                "entered": entry.entered.isoformat(),
                "changed": entry.changed.isoformat(),
                "source": entry.source,
            }
            for entry in entries
        ],
        "counted": [
            {"month": month, "kind": kind, "state": state, "number": number}
            for month, kind, state, number in ledger.counted()
        ],
    }


def _when(moment: dt.datetime) -> str:
    here = moment.astimezone(_LONDON)
    return f"{short_date(here.date())} {here:%H:%M}"
