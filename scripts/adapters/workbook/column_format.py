"""The width of a column of a tracker, and the colours of the statuses."""

from __future__ import annotations

from tracker_schema.columns.schema import Column

# (fill, text) of each status, with a contrast of at least 7 to 1 (WCAG AAA); a test checks this. The status is in words
# too, so a black and white print loses nothing.
_RED, _PURPLE, _ORANGE = ("FFC7CE", "7A0008"), ("E4DFEC", "3F1F5F"), ("FFD9B3", "5E2B00")
_YELLOW, _GREEN, _BLUE, _PALE = ("FFF2B3", "4D3A00"), ("D5F0D8", "004B12"), ("DDEBF7", "1F3864"), ("D9D9D9", "262626")
STATUS_COLOURS = {
    "Overdue": _RED,
    "Check data": _PURPLE,
    "Due today": _ORANGE,
    "Due soon": _YELLOW,
    "Chase": _YELLOW,
    "On track": _GREEN,
    "Awaited": _GREEN,
    "Complete": _BLUE,
    "Done": _BLUE,
    "Done late": _BLUE,
    "Returned": _BLUE,
    "Returned late": _BLUE,
    "Closed": _PALE,
    "Before start": _PALE,
    "Not sent": _PALE,
    "No due date": _PALE,
}

# Widths in characters.
_WORD_OR_TWO, _DATE_OR_NUMBER, _LONGEST_CHOICE = 16, 12, 22
_FILTER_BUTTON, _DROP_DOWN_BUTTON = 4, 3
_BOLD = 1.15  # how much wider bold letters are than the figures that a column's width is counted in


def body_width(column: Column) -> float:
    """Return the width that the cells of a column need, in characters."""
    if column.width:
        return column.width
    if column.type == "choice":
        return min(max(map(len, column.choices)) + _DROP_DOWN_BUTTON, _LONGEST_CHOICE)
    return _WORD_OR_TWO if column.type == "text" else _DATE_OR_NUMBER


def heading_width(line: str) -> float:
    """Return the width that a line of a heading needs, in characters, beside the button of a filter."""
    return len(line) * _BOLD + _FILTER_BUTTON
