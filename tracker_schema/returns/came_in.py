"""The forms that came in: what an agency's return still needs from a person, and what is entered as received."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from tracker_schema.clocks.timed_record import digest
from tracker_schema.incidents.incident import Tracker
from tracker_schema.layouts.layouts import notification_types
from tracker_schema.mail.chasers import ChaserKey, chaser_key
from tracker_schema.returns.returns_so_far import ReturnSoFar
from tracker_schema.wording import day_and_month

Told = tuple[str, str, str]
"""The reference of a case as it is shown outside the tracker, by what the sentence is known, and the sentence."""


def returns_to_see_to(tracker: Tracker, so_far: Mapping[ChaserKey, ReturnSoFar]) -> Iterator[Told]:
    """Give what a person has to do about each agency's return that came and is not all that was asked."""
    for row in tracker.scoping:
        came = so_far.get(chaser_key(row.shown_reference, row.shown_agency))
        if came is None:
            continue
        day, key = day_and_month(came.came_on), f"came {digest(row.shown_agency)} {came.came_on}"
        if came.unread:
            words = (
                f"A file of {row.shown_agency} that came on {day} may be its return, and could not be read here. Read "
                f"it; if it is the return, enter that day under “{row.heading('returned')}”."
            )
            yield row.shown_reference, f"{key} unread", words
        elif came.missing:
            words = f"The return of {row.shown_agency} that came on {day} lacks: {'; '.join(came.missing)}."
            yield row.shown_reference, f"{key} lacks {len(came.missing)}", words


def received(tracker: Tracker) -> Iterator[Told]:
    """Give each return and each Critical Incident Form that the tracker says was received."""
    for row in tracker.scoping:
        if row.returned:
            words = f"the return of {row.shown_agency} ({row.shown_reference}, {day_and_month(row.returned)})"
            yield row.shown_reference, f"returned {digest(row.shown_agency)} {row.returned}", words
    column = notification_types()[0].date
    for incident in tracker.incidents:
        if day := incident.date(column):
            words = f"the Critical Incident Form ({incident.shown_reference}, {day_and_month(day)})"
            yield incident.shown_reference, f"form {day}", words
