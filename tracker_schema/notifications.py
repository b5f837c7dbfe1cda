"""The three notification types of the guidance, as they are read off the row of an incident."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tracker_schema.tracker import Facts
from tracker_schema.working_days import Days


@dataclass(frozen=True)
class NotificationType:
    """One kind of notification: the date columns that say when it was made, and the clocks it stops, by id."""

    id: str
    label: str
    made: tuple[str, ...]
    clocks: tuple[str, ...] = ()


NOTIFICATION_TYPES = (
    NotificationType("critical_incident", "Critical incident", ("form_received",), ("report_incident",)),
    NotificationType(
        "national_panel", "National Panel", ("panel_notified", "ofsted_notified"), ("notify_panel", "notify_ofsted")
    ),
    NotificationType("cspr_referral", "CSPR referral", ("cspr_referred",)),
)


def made_on(facts: Facts, kind: NotificationType) -> Days:
    """When a notification of that kind was made for each row (datetime64[D]; NaT: not made, or no date that can be
    read). A death that is told to both the Panel and Ofsted counts once, on the earlier day: one form serves both.
    """
    dates: Days = facts.column(kind.made[0]).values
    for column in kind.made[1:]:
        dates = np.fmin(dates, facts.column(column).values)
    return dates
