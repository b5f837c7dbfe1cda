"""What time it is by this computer's clock, to be compared with Microsoft's, and for the name of a copy."""

from __future__ import annotations

import datetime as dt


def this_computers_time() -> dt.datetime:
    """The time by this computer's clock, which knows its time zone."""
    return dt.datetime.now(dt.UTC)
