"""A value as the bytes of a cell."""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass

from scripts.adapters.workbook.xlsx import markup
from scripts.adapters.workbook.xlsx.addresses import address
from scripts.adapters.workbook.xlsx.edit.style_editor import StyleEditor
from tracker_schema.columns.excel_limits import LONGEST_TEXT, is_too_long, serial_number
from tracker_schema.columns.links import Link
from tracker_schema.errors import TrackerUnusable

CellValue = str | int | float | bool | datetime.date | datetime.datetime | Link | None


@dataclass(frozen=True, slots=True)
class Formula:
    """A formula, without the = in front of it and without a result."""

    text: str


CellContent = CellValue | Formula

_LARGEST_NUMBER = 9.99e307
_KEPT_TEXTS = 5_000  # the same few sentences are written into most rows

_HALF_CHARACTER = re.compile("[\ud800-\udfff]")
_KEEP_SPACE = re.compile(r"^\s|\s$|\s\s|[\t\n]")


class CellWriter:
    """Writes values as cells of one sheet."""

    def __init__(self, sheet: str, prefix: bytes, encoding: str, styles: StyleEditor, date_1904: bool) -> None:
        """Write for a sheet; `prefix` is that of its elements, such as b"x:" or b""."""
        self._sheet = sheet
        self._prefix = prefix
        self._encoding = encoding
        self._styles = styles
        self._date_1904 = date_1904
        self._texts: dict[str, bytes] = {}
        self._dates: dict[datetime.date, bytes] = {}

    def cell(self, row: int, column: int, start: bytes, style: int, value: CellContent) -> bytes:
        """Return the bytes of a cell that holds a value; `start` is its start tag so far, such as b'<c r="B5"'.

        Raises TrackerUnusable for a value that no cell can hold.
        """
        if type(value) is str:
            rest = self._texts.get(value) or self._text(row, column, value)
        elif value is None:
            rest = b"/>"
        elif isinstance(value, bool):
            rest = self._value(b' t="b"', b"1" if value else b"0")
        elif isinstance(value, datetime.date):
            moment = value if isinstance(value, datetime.datetime) else None
            style = self._styles.for_date(style, with_time=moment is not None and moment.time() != datetime.time())
            rest = self._dates.get(value) or self._date(row, column, value)
        elif isinstance(value, str):
            rest = self._text(row, column, value)
        elif isinstance(value, Link):
            rest = self._link(row, column, value)
        elif isinstance(value, Formula):
            p = self._prefix
            rest = b"><%bf>%b</%bf></%bc>" % (p, markup.escaped(value.text, self._encoding), p, p)
        else:
            if not abs(value) <= _LARGEST_NUMBER:
                raise self._refused(row, column, "is given a number that no cell can hold")
            style = self._styles.for_number(style)
            rest = self._value(b"", (int.__repr__(value) if isinstance(value, int) else float.__repr__(value)).encode())
        # Style 0 need not be written, except for a date: python-calamine reads a cell without a style as a number.
        shown = b' s="%d"' % style if style or isinstance(value, datetime.date) else b""
        return start + shown + rest

    def _value(self, kind: bytes, value: bytes) -> bytes:
        p = self._prefix
        return b"%b><%bv>%b</%bv></%bc>" % (kind, p, value, p, p)

    def _text(self, row: int, column: int, text: str) -> bytes:
        """Return text as an inline string, which can never be a formula and leaves the shared strings as they are."""
        if is_too_long(text):
            raise self._refused(
                row, column, f"is given more than the {LONGEST_TEXT:,} characters a cell holds", "Shorten it."
            )
        if _HALF_CHARACTER.search(text):
            raise self._refused(row, column, "is given a text that is no valid Unicode")
        p = self._prefix
        space = b' xml:space="preserve"' if _KEEP_SPACE.search(text) else b""
        content = markup.escaped(markup.coded(text), self._encoding)
        rest = b' t="inlineStr"><%bis><%bt%b>%b</%bt></%bis></%bc>' % (p, p, space, content, p, p, p)
        if len(self._texts) >= _KEPT_TEXTS:
            self._texts.clear()
        self._texts[text] = rest
        return rest

    def _link(self, row: int, column: int, link: Link) -> bytes:
        """Return a link as a formula with its result; as text when Excel takes no formula so long."""
        if link.formula is None:
            return self._text(row, column, link.text)
        p = self._prefix
        formula = markup.escaped(link.formula, self._encoding)
        text = markup.escaped(markup.coded(link.text), self._encoding)
        return b' t="str"><%bf>%b</%bf><%bv>%b</%bv></%bc>' % (p, formula, p, p, text, p, p)

    def _date(self, row: int, column: int, value: datetime.date) -> bytes:
        """Return a date as its number in this workbook."""
        if isinstance(value, datetime.datetime) and value.tzinfo is not None:
            raise self._refused(row, column, "is given a time with a time zone, which no cell can hold")
        try:
            number = serial_number(value, date_1904=self._date_1904)
        except ValueError:
            raise self._refused(
                row, column, "is given a date before the first one that this workbook can hold"
            ) from None
        rest = self._dates[value] = self._value(b"", b"%d" % number if isinstance(number, int) else b"%.11f" % number)
        return rest

    def _refused(self, row: int, column: int, why: str, remedy: str = "") -> TrackerUnusable:
        return TrackerUnusable(f"Cell {self._sheet}!{address(row, column)} {why}, so nothing was written.", remedy)
