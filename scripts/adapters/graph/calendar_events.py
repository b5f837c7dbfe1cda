"""Deadlines as events of a calendar in Microsoft 365: each is made, moved and deleted once.

The calendar itself says which events are ours and what they say, in extended properties of our own. So a run that was
cut short, or whose answer was lost, leaves nothing that the next run does not see. A `transactionId` keeps a repeated
request from making a second event (Microsoft Graph: Create event, singleValueExtendedProperties).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from scripts.adapters.graph.calls import Calls
from scripts.adapters.graph.errors import Refused
from tracker_schema.errors import TrackerUnusable
from tracker_schema.mail.calendar_entries import CalendarEntry

_SET = "String {6f2d1c5e-93a4-4a0b-9c57-3d2e8b1f7a60} Name"
_SOURCE, _UID, _VERSION = (f"{_SET} {name}" for name in ("tracker-source", "tracker-uid", "tracker-version"))
_OURS = "critical-incident-tracker"
_LONDON = "GMT Standard Time"
_ZONE = {"Prefer": f'outlook.timezone="{_LONDON}"'}


@dataclass(frozen=True, slots=True)
class LiveEvent:
    """An event of ours as the calendar has it: its id there, the uid of its deadline, its day and what it says."""

    id: str
    uid: str
    day: str
    title: str
    version: str


class CalendarEvents:
    """The events of ours in the calendar of `mailbox`, kept as on the day `as_of`."""

    def __init__(self, calls: Calls, mailbox: str, as_of: dt.date) -> None:
        self._as_of = as_of
        self._calls = calls
        self._mailbox = mailbox
        self._root = f"/users/{quote(mailbox)}"

    def live(self) -> list[LiveEvent]:
        """Return every event of ours. Raises TrackerUnusable when this program may not read the calendar."""
        of_ours = quote(f"singleValueExtendedProperties/any(ep: ep/id eq '{_SOURCE}' and ep/value eq '{_OURS}')")
        expanded = quote(f"singleValueExtendedProperties($filter=id eq '{_UID}' or id eq '{_VERSION}')")
        path = f"{self._root}/calendar/events?$filter={of_ours}&$expand={expanded}&$select=id,subject,start&$top=100"
        try:
            found = self._calls.read_all(path, _ZONE)
        except Refused as refused:
            raise self._refusal(refused) from None
        return [_live(event) for event in found]

    def make(self, entry: CalendarEntry, attempt: str = "") -> None:
        """Make the event of `entry`; `attempt` tells it from one that was made and deleted before."""
        body = _body(entry) | {"transactionId": f"{entry.uid.partition('@')[0]}-{entry.version}{attempt}"}
        try:
            self._calls.repeated("post", f"{self._root}/calendar/events", body)
        except Refused as refused:
            if refused.has_code("DuplicateTransactionId"):
                if not attempt and not any(event.uid == entry.uid for event in self.live()):
                    self.make(entry, f"-{self._as_of.isoformat()}")
                return
            raise self._refusal(refused) from None

    def move(self, event: LiveEvent, entry: CalendarEntry) -> None:
        """Make the event say what `entry` says; one that a person has just deleted is left to the next run."""
        self._change("patch", event, _body(entry))

    def delete(self, event: LiveEvent) -> None:
        """Delete the event."""
        self._change("delete", event, None)

    def _change(self, method: str, event: LiveEvent, body: dict[str, Any] | None) -> None:
        try:
            self._calls.repeated(method, f"{self._root}/events/{quote(event.id, safe='')}", body)
        except Refused as refused:
            if refused.status != 404 or refused.has_code("InvalidUser"):
                raise self._refusal(refused) from None

    def _refusal(self, refused: Refused) -> TrackerUnusable:
        if refused.status == 404 or refused.has_code("InvalidUser"):
            return TrackerUnusable(f"Microsoft 365 has no mailbox {self._mailbox}.", "Correct calendar.mailbox.")
        if refused.status in (401, 403):
            return TrackerUnusable(
                f"This program is not allowed to keep the calendar of {self._mailbox}.",
                "See section 5 of docs/for-it.md.",
            )
        return refused


@dataclass(frozen=True, slots=True)
class Kept:
    """How many events were made, moved and deleted."""

    made: int = 0
    moved: int = 0
    deleted: int = 0


def keep(
    calendar: CalendarEvents, live: Iterable[LiveEvent], entries: Iterable[CalendarEntry], over: Collection[str]
) -> Kept:
    """Make the calendar hold each of `entries` once, and no longer those with a uid that is `over`.

    `live` are the events that it holds. Events of neither stay as they are.
    """
    by_uid: dict[str, list[LiveEvent]] = {}
    for event in live:
        by_uid.setdefault(event.uid, []).append(event)
    made = moved = deleted = 0
    for entry in entries:
        there = by_uid.pop(entry.uid, [])
        if not there:
            calendar.make(entry)
            made += 1
        elif (there[0].version, there[0].day, there[0].title) != (entry.version, entry.due.isoformat(), entry.title):
            calendar.move(there[0], entry)
            moved += 1
        for event in there[1:]:
            calendar.delete(event)
            deleted += 1
    for uid, events in by_uid.items():
        for event in events if uid in over else ():
            calendar.delete(event)
            deleted += 1
    return Kept(made, moved, deleted)


def _live(event: dict[str, Any]) -> LiveEvent:
    ours = {each["id"].casefold(): each["value"] for each in event.get("singleValueExtendedProperties", ())}
    uid, version = (str(ours.get(name.casefold(), "")) for name in (_UID, _VERSION))
    return LiveEvent(event["id"], uid, str(event["start"]["dateTime"])[:10], str(event.get("subject") or ""), version)


def _body(entry: CalendarEntry) -> dict[str, Any]:
    def midnight(day: dt.date) -> dict[str, str]:
        return {"dateTime": f"{day.isoformat()}T00:00:00", "timeZone": _LONDON}

    ours = ((_SOURCE, _OURS), (_UID, entry.uid), (_VERSION, entry.version))
    return {
        "subject": entry.title,
        "body": {"contentType": "text", "content": entry.text},
        "start": midnight(entry.due),
        "end": midnight(entry.due + dt.timedelta(days=1)),
        "isAllDay": True,
        "isReminderOn": False,
        "showAs": "free",
        "singleValueExtendedProperties": [{"id": name, "value": value} for name, value in ours],
    }
