"""A value as it goes into a cell of its column, and whether a cell says it already."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import numpy as np

from tracker_schema.columns.parsing import cleaned, read_column
from tracker_schema.columns.schema import tracker_schema
from tracker_schema.layouts.rows import SheetRows

LONGEST_TEXT = 32_767
"""Of a cell, in the units that Excel counts."""


# Which Excel shows as _x0007_ and the like; a tab and a line break are none.
_CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f]")


class NoPlace(Exception):
    """Why something has no place in the tracker, as a sentence."""


def meant(read: SheetRows, column: str, value: str | dt.date, heading: str) -> Any:
    """`value` as it goes into a cell of the column, which is headed `heading`: text, a date or a choice.

    A choice is written in the council's own word, where it has one for it. Raises NoPlace for a value that no cell of
    the column can hold; the sentence does not say which.
    """
    schema = read.sheet.columns[column]
    parsed = read_column(schema, [value], tracker_schema().synonyms, date_1904=False)
    if (fault := parsed.faults.get(0)) and fault.blocking:
        raise NoPlace(f"“{heading}” {fault.unquoted}. {fault.remedy}")
    found = parsed.values[0]
    if schema.type == "choice":
        return own_word(read, column, str(found))
    if schema.type == "date":
        return found
    text = _CONTROLS.sub("", str(value).replace("\r\n", "\n").replace("\r", "\n")).strip()
    if len(text.encode("utf-16-le", "surrogatepass")) > 2 * LONGEST_TEXT:
        raise NoPlace(f"“{heading}” is given more than the {LONGEST_TEXT:,} characters a cell holds; shorten it.")
    return text


def own_word(read: SheetRows, column: str, choice: str) -> str:
    """What the council calls a choice of that column: its one word for it, else the choice's own."""
    own = [word for word, means in read.own_words.get(column, {}).items() if means == choice]
    return own[0] if len(own) == 1 else choice


def says_the_same(read: SheetRows, column: str, one: Any, other: Any) -> bool:
    """Whether two values of the column are the same, however their text is spaced and in whose words a choice is."""
    if read.sheet.columns[column].type == "text":
        return bool(cleaned(one) == cleaned(other))
    own = read.own_words.get(column, {})
    return bool(own.get(one, one) == own.get(other, other))


def plain_value(value: Any) -> Any:
    """A date as such, not as numpy keeps it; any other value as it is."""
    return value.astype(object) if isinstance(value, np.datetime64) else value
