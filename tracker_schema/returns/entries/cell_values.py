"""A value as it goes into a cell, and the comparison of two values."""

from __future__ import annotations

import datetime as dt
import re

from tracker_schema.columns.column_values import read_column
from tracker_schema.columns.excel_limits import FIRST_DATE, LONGEST_TEXT, is_too_long
from tracker_schema.columns.parsing import cleaned
from tracker_schema.columns.schema import tracker_schema
from tracker_schema.layouts.rows import SheetRows
from tracker_schema.returns.entries.entries import NotEntered, Value

# Excel shows these as _x0007_ and the like; a tab and a line break are none of them.
_CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f]")


def cell_value(sheet: SheetRows, column: str, value: Value, heading: str, *, date_1904: bool) -> Value:
    """Return `value` as it goes into a cell of the column, with this heading: a text, a date or a choice.

    A choice is written in the council's own word, if it has one. `date_1904` says that the workbook counts from 1904.
    Raises NotEntered for a value that no cell of the
    column can hold; its sentence does not quote the value.
    """
    schema = sheet.sheet.columns[column]
    read = read_column(schema, [value], tracker_schema().synonyms, date_1904=False)
    if (fault := read.faults.get(0)) and fault.blocking:
        raise NotEntered(f"“{heading}” {fault.unquoted}.", fault.remedy)
    found = read.values[0]
    if isinstance(found, dt.date) and schema.type == "date":
        if found < FIRST_DATE[date_1904]:
            raise NotEntered(
                f"“{heading}” is given a day before {FIRST_DATE[date_1904]:%d/%m/%Y}, the first that this workbook can "
                "hold.",
                "Ask for the right date.",
            )
        return found
    if schema.type == "choice":
        return own_word(sheet, column, str(found))
    text = _CONTROLS.sub("", str(value).replace("\r\n", "\n").replace("\r", "\n")).strip()
    if is_too_long(text):
        raise NotEntered(
            f"“{heading}” is given more than the {LONGEST_TEXT:,} characters a cell can hold.", "Shorten it."
        )
    return text


def own_word(sheet: SheetRows, column: str, choice: str) -> str:
    """Return the council's one word for a choice of the column; the choice itself when it has none, or several."""
    own = [word for word, means in sheet.own_words.get(column, {}).items() if means == choice]
    return own[0] if len(own) == 1 else choice


def is_same_value(sheet: SheetRows, column: str, one: object, other: object) -> bool:
    """Return True if two values of the column are the same, however a text is spaced and in whose words a choice is."""
    if sheet.sheet.columns[column].type == "text":
        return cleaned(str(one)) == cleaned(str(other))
    own = sheet.own_words.get(column, {})
    return own.get(str(one), one) == own.get(str(other), other)
