"""The time of this computer, to compare with Microsoft's and to name a copy."""

from __future__ import annotations

import datetime as dt


def this_computers_time() -> dt.datetime:
    """Return the time of this computer, with its time zone."""
    return dt.datetime.now(dt.UTC)
