"""What to send to Excel's service so that a cell holds exactly what we mean, and what a read then answers.

The service takes a text as if somebody typed it: “2026-11-23” becomes a date, “00123” a number, “=A1” a formula,
“TRUE” a truth value. An apostrophe in front keeps it a text; Excel does not show it, nor does a read answer it. Dates
are sent and answered as the number of days that Excel counts.
"""

from __future__ import annotations

import datetime as dt
import math
import re
from typing import Any

from tracker_schema.columns.excel_limits import LONGEST_TEXT, is_too_long, serial_number
from tracker_schema.columns.links import Link
from tracker_schema.columns.parsing import NO_RESULT, ErrorValue
from tracker_schema.errors import TrackerUnusable

Sent = str | int | float | bool

DATE_FORMAT = "dd/mm/yyyy"
DATE_AND_TIME_FORMAT = "dd/mm/yyyy hh:mm"
GENERAL = "General"

_PLAIN = re.compile(r"[^\W\d_][^\d\t\r]*")
_BOOLEANS = frozenset({"true", "false"})
_NOT_SHOWN = re.compile(r'"[^"]*"|\\.|_.|\*.|\[(?![hms]+\])[^\]\[]*\]', re.IGNORECASE)
_DAY = re.compile(r"[dy]", re.IGNORECASE)
_DAY_OR_TIME = re.compile(r"[dyhms]", re.IGNORECASE)


def to_send(value: Any, *, date_1904: bool) -> Sent:
    """Return `value` as it is sent; None as the empty text, which empties the cell.

    Raises TrackerUnusable when no cell can hold it.
    """
    if value is None:
        return ""
    if isinstance(value, dt.date):
        return _serial(value, date_1904)
    if isinstance(value, Link):
        if value.formula:
            return f"={value.formula}"
        value = value.text
    if isinstance(value, str):
        if is_too_long(value):
            raise TrackerUnusable(
                f"A text has more than the {LONGEST_TEXT:,} characters that a cell can hold.", "Shorten it."
            )
        return value if not value or _is_safely_text(value) else f"'{value}"
    if isinstance(value, float) and not math.isfinite(value):
        raise TrackerUnusable("A number is too large for a cell.", "Correct it.")
    sent: Sent = value
    return sent


def answered(value: Any, *, date_1904: bool) -> Sent:
    """Return what a read answers for a cell that holds `value`, which we sent or read from the file."""
    if value == "" or value is None:
        return ""
    if isinstance(value, Link):
        return value.text
    if isinstance(value, ErrorValue):
        return value.text
    if isinstance(value, dt.date):
        return _serial(value, date_1904)
    if isinstance(value, dt.timedelta):
        return value / dt.timedelta(days=1)
    if isinstance(value, dt.time):
        return dt.timedelta(hours=value.hour, minutes=value.minute, seconds=value.second) / dt.timedelta(days=1)
    held: Sent = value
    return held


def is_same(live: Any, value: Any, *, date_1904: bool) -> bool:
    """Return True when a read that answered `live` found the cell holding `value`, read from the file or ours.

    A formula that had no result in the file may have any now.
    """
    if value is NO_RESULT:
        return True
    expected = answered(value, date_1904=date_1904)
    if isinstance(expected, bool) or isinstance(live, bool):
        return live is expected
    if isinstance(expected, str) or isinstance(live, str):
        return isinstance(live, str) and isinstance(expected, str) and _one_line_end(live) == _one_line_end(expected)
    return live is not None and math.isclose(live, expected, rel_tol=1e-9, abs_tol=1e-6)


def number_format_for(value: Any, current: str) -> str | None:
    """Return the number format that a cell now formatted as `current` needs to show `value`; None: it needs none."""
    shown = _NOT_SHOWN.sub("", "" if current.casefold() == "general" else current)
    if isinstance(value, dt.datetime) and (value.hour or value.minute or value.second):
        return None if _DAY.search(shown) else DATE_AND_TIME_FORMAT
    if isinstance(value, dt.date):
        return None if _DAY.search(shown) else DATE_FORMAT
    if isinstance(value, Link):  # in a cell formatted as text a formula would be text
        return GENERAL if current == "@" else None
    if isinstance(value, int | float) and not isinstance(value, bool):
        return GENERAL if _DAY_OR_TIME.search(shown) else None
    return None


def _serial(value: dt.date, date_1904: bool) -> float:
    try:
        return serial_number(value, date_1904=date_1904)
    except ValueError:
        raise TrackerUnusable(
            "A date has a time zone or is before the first one that this workbook can count from.", "Correct it."
        ) from None


def _is_safely_text(text: str) -> bool:
    """Return True when Excel takes `text` as text in any language: it starts with a letter and has no figure."""
    return _PLAIN.fullmatch(text) is not None and text.casefold() not in _BOOLEANS and not text.endswith((" ", "\n"))


def _one_line_end(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")
