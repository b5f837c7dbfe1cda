"""The time of day, which only a job's command line asks for; everything else is given a date or a moment."""

from __future__ import annotations

import datetime as dt
import time
from zoneinfo import ZoneInfo


def moment() -> dt.datetime:
    """Return this moment, in UTC. A message is dated by it, whatever day the job works as on."""
    return dt.datetime.now(dt.UTC)


def today() -> dt.date:
    """Return today's date in London, whatever time zone this computer is set to."""
    return day_in_london(moment())


def day_in_london(moment: dt.datetime) -> dt.date:
    """Return the date in London at `moment`, which has a time zone."""
    return moment.astimezone(ZoneInfo("Europe/London")).date()


def pause(seconds: float) -> None:
    """Wait for so many seconds."""
    time.sleep(seconds)
