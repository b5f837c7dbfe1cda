"""What time it is by this computer's clock, to be compared with Microsoft's, and for the name of a copy."""

from __future__ import annotations

import datetime as dt
import email.utils


def this_computers_time() -> dt.datetime:
    """The time as this computer would write it in a Date header."""
    return email.utils.parsedate_to_datetime(email.utils.formatdate(usegmt=True))
