"""When each of the three notification types of the guidance was made, as it is read off the row of an incident."""

from __future__ import annotations

import numpy as np

from tracker_schema.layouts.layouts import NotificationType, layout_schema
from tracker_schema.old_facts import Facts
from tracker_schema.working_days import Days


def notification_types() -> tuple[NotificationType, ...]:
    """The three types, in the order of the process. Raises SchemaError when layouts.toml holds a slip."""
    return layout_schema().type


def made_on(facts: Facts, kind: NotificationType) -> Days:
    """When a notification of that kind was made for each row (datetime64[D]; NaT: not made, or no date that can be
    read). A death that is told to both the Panel and Ofsted counts once, on the earlier day: one form serves both.
    """
    dates: Days = facts.column(kind.made[0]).values
    for column in kind.made[1:]:
        dates = np.fmin(dates, facts.column(column).values)
    return dates
