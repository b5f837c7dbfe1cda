"""The timeline of a case: every clock with its deadline, met or late or running, and today's line.

The names stand to the left of the bars and the dates in words to the right, each in a column of its own, so that
nothing can lie on top of anything else, however many clocks there are.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence

from scripts.adapters.pictures.day_scale import DayScale, day_scale
from scripts.adapters.pictures.painters import Pen, PngPainter
from scripts.adapters.pictures.style import (
    INK,
    LINE,
    LOOKS,
    PAPER,
    QUIET,
    SMALL,
    TEXT,
    TITLE,
    WASH,
    WIDTH,
    Look,
    drawing,
    line_height,
    width_of,
    wrapped,
)
from tracker_schema.case import Case
from tracker_schema.clocks import State
from tracker_schema.documents.case_timeline import TimelineRow, timeline_of
from tracker_schema.wording import long_date, medium_date

# The three columns: names up to here, bars from here to here, words from here on.
_NAMES, _FROM, _TO, _WORDS = 47.0, 50.5, 110.0, 113.5
_TOP, _ROW, _FOOT = 13.0, 8.4, 14.0
_BAR, _MARK = 3.4, 1.3
_ROWS_TO_A_PAGE = 21
_THIN = 0.6
# How wide a bar is that ends on the day it begins.
_SAME_DAY = 0.8

LOOK_OF: Mapping[State, Look] = {
    State.RUNNING: LOOKS["on track"],
    State.DUE_SOON: LOOKS["due soon"],
    State.DUE_TODAY: LOOKS["due today"],
    State.OVERDUE: LOOKS["overdue"],
    State.CHASE: LOOKS["chase"],
    State.MET: LOOKS["done"],
    State.MET_LATE: LOOKS["done late"],
    State.CANNOT_TELL: LOOKS["check"],
    State.BEFORE_START: LOOKS["closed"],
}


def timeline_pngs(case: Case) -> list[bytes]:
    """The timeline as PNGs as wide as a page of A4 takes, each on one page; none when no clock has started.

    `timeline_in_words` of the schema says the same.
    """
    rows = timeline_of(case)
    pages = [rows[first : first + _ROWS_TO_A_PAGE] for first in range(0, len(rows), _ROWS_TO_A_PAGE)]
    return [_page(case, page, rows, (number, len(pages))) for number, page in enumerate(pages, 1)]


@drawing()
def _page(case: Case, page: Sequence[TimelineRow], rows: Sequence[TimelineRow], number: tuple[int, int]) -> bytes:
    bottom = _TOP + len(page) * _ROW
    painter = PngPainter(WIDTH, bottom + _FOOT)
    part = f" ({number[0]} of {number[1]})" if number[1] > 1 else ""
    (title,) = wrapped(_title(case), WIDTH - width_of(part, TITLE, bold=True), TITLE, bold=True, lines=1)
    painter.text(0.5, 3, f"{title}{part}", TITLE, colour=INK, side="left", bold=True)
    scale = _scale(case, rows)
    _paint_scale(painter, scale, case, rows, bottom)
    for place, row in enumerate(page):
        _paint_row(painter, row, scale, case.as_of, _TOP + place * _ROW)
    _paint_today(painter, scale, case, bottom)
    _paint_key(painter, bottom + _FOOT - 2.5)
    return painter.png()


def _title(case: Case) -> str:
    return f"Timeline of {case.reference}, as on {long_date(case.as_of)}"


def _today_matters(case: Case) -> bool:
    """Whether today is on the line: a closed case is over, and today may be years later."""
    return not case.closed


def _days(row: TimelineRow) -> Iterator[dt.date]:
    return (day for day in (row.anchor, row.due, row.stopped) if day)


def _scale(case: Case, rows: Sequence[TimelineRow]) -> DayScale:
    days = {day for row in rows for day in _days(row)}
    if _today_matters(case) or not days:
        days.add(case.as_of)
    return day_scale(days, _FROM, _TO)


def _paint_scale(painter: PngPainter, scale: DayScale, case: Case, rows: Sequence[TimelineRow], bottom: float) -> None:
    """What the bars lie on: stretches drawn shorter, lines between the rows, and dates below."""
    for left, right in scale.shortened:
        painter.box(left, _TOP, right - left, bottom - _TOP, fill=WASH)
        middle = (left + right) / 2
        for shift in (-0.8, 0.8):
            slash = ((middle + shift - 0.7, bottom + 1.4), (middle + shift + 0.7, bottom - 1.4))
            painter.path(slash, Pen(INK, _THIN))
    for number in range(round((bottom - _TOP) / _ROW) + 1):
        level = _TOP + number * _ROW
        painter.path(((0.5, level), (WIDTH - 0.5, level)), Pen(LINE, _THIN / 2))
    painter.path(((_FROM, bottom), (_TO, bottom)), Pen(INK, _THIN))
    ends = [scale.days[0], scale.days[-1], *([case.as_of] if _today_matters(case) else [])]
    for day in scale.ticks(
        [*ends, *(day for row in rows for day in _days(row))], apart=width_of("30 Nov", SMALL) + 2.5
    ):
        x = scale.place(day)
        painter.path(((x, bottom), (x, bottom + 1.2)), Pen(INK, _THIN))
        _, day_of_month, month, year = medium_date(day).split()
        painter.text(x, bottom + 3, f"{day_of_month} {month}", SMALL, colour=INK)
        painter.text(x, bottom + 3 + line_height(SMALL), year, SMALL, colour=QUIET)


def _paint_row(painter: PngPainter, row: TimelineRow, scale: DayScale, as_of: dt.date, top: float) -> None:
    middle = top + _ROW / 2
    look = LOOK_OF[row.state]
    names = wrapped(row.label, _NAMES - 1, TEXT, lines=2)
    _paint_lines(painter, 0.5, middle, [(text, TEXT, INK, False) for text in names])
    (says,) = wrapped(f"{look.symbol} {row.says}", WIDTH - _WORDS, TEXT, bold=True, lines=1)
    said = [(says, TEXT, INK, True)]
    if row.due:
        said.append((f"due {medium_date(row.due)}", SMALL, QUIET, False))
    _paint_lines(painter, _WORDS, middle, said)
    if row.anchor and row.due:
        start, due = scale.place(row.anchor), scale.place(row.due)
        painter.box(start, middle - _BAR / 2, due - start, _BAR, fill=PAPER, edge=Pen(INK, _THIN))
        if row.state != State.CANNOT_TELL:
            end = scale.place(row.stopped or as_of)
            painter.bar(min(start, end), middle - _BAR / 2, max(abs(end - start), _SAME_DAY), _BAR, look)
        _paint_diamond(painter, due, middle)


def _paint_lines(painter: PngPainter, x: float, middle: float, lines: Sequence[tuple[str, float, str, bool]]) -> None:
    top = middle - sum(line_height(size) for _, size, _, _ in lines) / 2
    for text, size, colour, bold in lines:
        painter.text(x, top + line_height(size) / 2, text, size, colour=colour, side="left", bold=bold)
        top += line_height(size)


def _paint_diamond(painter: PngPainter, x: float, y: float) -> None:
    for size, fill in ((_MARK + 0.45, PAPER), (_MARK, INK)):
        painter.shape(((x, y - size), (x + size, y), (x, y + size), (x - size, y)), fill=fill)


def _paint_today(painter: PngPainter, scale: DayScale, case: Case, bottom: float) -> None:
    if not _today_matters(case):
        return
    x = scale.place(case.as_of)
    painter.path(((x, _TOP - 1.5), (x, bottom)), Pen(INK, 1.2, broken=True))
    words = f"today, {medium_date(case.as_of)}"
    half = width_of(words, SMALL, bold=True) / 2
    painter.text(min(max(x, half), WIDTH - half), _TOP - 3.3, words, SMALL, colour=INK, bold=True)


def _paint_key(painter: PngPainter, y: float) -> None:
    _paint_diamond(painter, 2, y)
    painter.text(4.5, y, "due", SMALL, colour=INK, side="left")
    painter.box(14, y - _BAR / 2, 7, _BAR, fill=PAPER, edge=Pen(INK, _THIN))
    painter.text(22.5, y, "time allowed", SMALL, colour=INK, side="left")
    painter.bar(43, y - _BAR / 2, 7, _BAR, LOOKS["on track"])
    painter.text(51.5, y, "time taken", SMALL, colour=INK, side="left")
    painter.box(70, y - _BAR / 2, 7, _BAR, fill=WASH, edge=Pen(LINE, _THIN))
    painter.text(78.5, y, "a long time in which nothing falls due, drawn shorter", SMALL, colour=INK, side="left")
