"""What has come back from an agency and is not all of its return."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ReturnSoFar:
    """What one agency has sent back about one incident, when it is not all that was asked.

    came_on  the day on which it came
    missing  of a return that was read, the labels of the required answers that it lacks, in the order of the form
    unread   it came as a file that cannot be read here, such as a PDF, and no person has dealt with it yet
    """

    came_on: dt.date
    missing: tuple[str, ...] = ()
    unread: bool = False
