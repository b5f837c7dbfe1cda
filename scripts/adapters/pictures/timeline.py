"""The timeline of a case: a bar for each clock, its deadline, and a line for today.

Names are to the left of the bars and dates in words to the right, each in its own column, so that nothing overlaps,
however many clocks there are.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate

from scripts.adapters.pictures.day_scale import DayScale, day_scale
from scripts.adapters.pictures.painter import Painter, Pen
from scripts.adapters.pictures.style import (
    INK,
    LINE,
    PAPER,
    QUIET,
    SMALL,
    STYLES,
    TEXT,
    TITLE,
    WASH,
    WIDTH,
    ShapeStyle,
    line_height,
    width_of,
    wrapped,
)
from tracker_schema.clocks.results import State
from tracker_schema.documents.case_timeline import TimelineRow
from tracker_schema.wording import long_date, medium_date

# The three columns: names up to here, bars from here to here, words from here on.
_NAMES, _FROM, _TO, _WORDS = 47.0, 50.5, 110.0, 113.5
# A row is at least so high, and higher where its words need it. The rows of a page are together at most so high.
_TOP, _ROW, _FOOT, _ROWS_OF_A_PAGE = 13.0, 8.4, 14.0, 180.0
_BAR, _MARK = 3.4, 1.3
_THIN = 0.6
# The width of a bar that ends on the day it begins.
_SAME_DAY = 0.8

# A line of words: the text, its size in points, its colour, and whether it is bold.
_Words = tuple[str, float, str, bool]

STYLE_OF: Mapping[State, ShapeStyle] = {
    State.RUNNING: STYLES["on track"],
    State.DUE_SOON: STYLES["due soon"],
    State.DUE_TODAY: STYLES["due today"],
    State.OVERDUE: STYLES["overdue"],
    State.CHASE: STYLES["chase"],
    State.MET: STYLES["done"],
    State.MET_LATE: STYLES["done late"],
    State.CANNOT_TELL: STYLES["check"],
    State.BEFORE_START: STYLES["closed"],
    State.PAUSED: STYLES["paused"],
    State.NOT_STARTED: STYLES["waiting"],
}


@dataclass(frozen=True)
class Timeline:
    """Everything that a timeline shows.

    reference: that of the case
    as_of: today
    rows: its clocks, in the order to show
    is_closed: the case is closed, so today is not on the line
    """

    reference: str
    as_of: dt.date
    rows: Sequence[TimelineRow]
    is_closed: bool


def timeline_pngs(timeline: Timeline) -> list[bytes]:
    """Return the timeline as PNGs, each of which fits on an A4 page; none when it has no rows.

    `timeline_in_words` of the schema gives the same as text.
    """
    pages = _pages(timeline.rows, _ROWS_OF_A_PAGE)
    if len(pages) > 1:  # about as many rows on each, for a last page of one row says little
        heights = [_height(row) for row in timeline.rows]
        pages = _pages(timeline.rows, min(sum(heights) / len(pages) + max(heights), _ROWS_OF_A_PAGE))
    return [_page(timeline, page, (number, len(pages))) for number, page in enumerate(pages, 1)]


def _pages(rows: Sequence[TimelineRow], most: float) -> list[list[TimelineRow]]:
    """Return the rows by page; those of a page are together at most `most` millimetres high."""
    pages: list[list[TimelineRow]] = []
    for row in rows:
        if not pages or sum(map(_height, pages[-1])) + _height(row) > most:
            pages.append([])
        pages[-1].append(row)
    return pages


def _page(timeline: Timeline, page: Sequence[TimelineRow], number: tuple[int, int]) -> bytes:
    tops = list(accumulate((_height(row) for row in page), initial=_TOP))
    bottom = tops[-1]
    painter = Painter(WIDTH, bottom + _FOOT)
    part = f" ({number[0]} of {number[1]})" if number[1] > 1 else ""
    heading = f"Timeline of {timeline.reference}, as on {long_date(timeline.as_of)}"
    (title,) = wrapped(heading, WIDTH - 1 - width_of(part, TITLE, bold=True), TITLE, bold=True, lines=1)
    painter.text(0.5, 3, f"{title}{part}", TITLE, colour=INK, side="left", bold=True)
    scale = _scale(timeline)
    _paint_scale(painter, scale, timeline, tops)
    for top, row in zip(tops, page, strict=False):
        _paint_row(painter, row, scale, timeline.as_of, top)
    _paint_today(painter, scale, timeline, bottom)
    _paint_key(painter, bottom + _FOOT - 2.5)
    return painter.png()


def _height(row: TimelineRow) -> float:
    return max(_ROW, *(1 + sum(line_height(size) for _, size, _, _ in lines) for lines in (_names(row), _words(row))))


def _names(row: TimelineRow) -> list[_Words]:
    return [(text, TEXT, INK, False) for text in wrapped(row.label, _NAMES - 1, TEXT, lines=3)]


def _words(row: TimelineRow) -> list[_Words]:
    room = WIDTH - _WORDS
    (state,) = wrapped(f"{STYLE_OF[row.state].symbol} {row.words}", room, TEXT, bold=True, lines=1)
    words = [(state, TEXT, INK, True)]
    if row.reason:
        words.append((wrapped(row.reason, room, SMALL, lines=1)[0], SMALL, INK, False))
    if row.due:
        words.append((f"due {medium_date(row.due)}", SMALL, QUIET, False))
    return words


def _days(row: TimelineRow) -> Iterator[dt.date]:
    return (day for day in (row.anchor, row.due, row.stopped) if day)


def _scale(timeline: Timeline) -> DayScale:
    days = {day for row in timeline.rows for day in _days(row)}
    # A case may have been closed years ago.
    if not timeline.is_closed or not days:
        days.add(timeline.as_of)
    return day_scale(days, _FROM, _TO)


def _paint_scale(painter: Painter, scale: DayScale, timeline: Timeline, tops: Sequence[float]) -> None:
    """Paint what is behind the bars: shortened stretches, lines between the rows, and the dates at the foot.

    `tops` are the upper ends of the rows, and the lower end of the last one.
    """
    bottom = tops[-1]
    for left, right in scale.shortened:
        painter.box(left, _TOP, right - left, bottom - _TOP, fill=WASH)
        middle = (left + right) / 2
        for shift in (-0.8, 0.8):
            slash = ((middle + shift - 0.7, bottom + 1.4), (middle + shift + 0.7, bottom - 1.4))
            painter.path(slash, Pen(INK, _THIN))
    for level in tops:
        painter.path(((0.5, level), (WIDTH - 0.5, level)), Pen(LINE, _THIN / 2))
    painter.path(((_FROM, bottom), (_TO, bottom)), Pen(INK, _THIN))
    ends = [scale.days[0], scale.days[-1], *([] if timeline.is_closed else [timeline.as_of])]
    for day in scale.ticks(
        [*ends, *(day for row in timeline.rows for day in _days(row))], apart=width_of("30 Nov", SMALL) + 2.5
    ):
        x = scale.place(day)
        painter.path(((x, bottom), (x, bottom + 1.2)), Pen(INK, _THIN))
        _, day_of_month, month, year = medium_date(day).split()
        painter.text(x, bottom + 3, f"{day_of_month} {month}", SMALL, colour=INK)
        painter.text(x, bottom + 3 + line_height(SMALL), year, SMALL, colour=QUIET)


def _paint_row(painter: Painter, row: TimelineRow, scale: DayScale, as_of: dt.date, top: float) -> None:
    middle = top + _height(row) / 2
    style = STYLE_OF[row.state]
    _paint_lines(painter, 0.5, middle, _names(row))
    _paint_lines(painter, _WORDS, middle, _words(row))
    if row.anchor and row.due:
        start, due = scale.place(row.anchor), scale.place(row.due)
        painter.box(start, middle - _BAR / 2, due - start, _BAR, fill=PAPER, edge=Pen(INK, _THIN))
        if row.state != State.CANNOT_TELL:
            end = scale.place(row.stopped or as_of)
            painter.bar(min(start, end), middle - _BAR / 2, max(abs(end - start), _SAME_DAY), _BAR, style)
        _paint_diamond(painter, due, middle)


def _paint_lines(painter: Painter, x: float, middle: float, lines: Sequence[_Words]) -> None:
    top = middle - sum(line_height(size) for _, size, _, _ in lines) / 2
    for text, size, colour, bold in lines:
        painter.text(x, top + line_height(size) / 2, text, size, colour=colour, side="left", bold=bold)
        top += line_height(size)


def _paint_diamond(painter: Painter, x: float, y: float) -> None:
    for size, fill in ((_MARK + 0.45, PAPER), (_MARK, INK)):
        painter.shape(((x, y - size), (x + size, y), (x, y + size), (x - size, y)), fill=fill)


def _paint_today(painter: Painter, scale: DayScale, timeline: Timeline, bottom: float) -> None:
    if timeline.is_closed:
        return
    x = scale.place(timeline.as_of)
    painter.path(((x, _TOP - 1.5), (x, bottom)), Pen(INK, 1.2, broken=True))
    words = f"today, {medium_date(timeline.as_of)}"
    half = width_of(words, SMALL, bold=True) / 2
    painter.text(min(max(x, half), WIDTH - half), _TOP - 3.3, words, SMALL, colour=INK, bold=True)


def _paint_key(painter: Painter, y: float) -> None:
    _paint_diamond(painter, 2, y)
    painter.text(4.5, y, "due", SMALL, colour=INK, side="left")
    painter.box(14, y - _BAR / 2, 7, _BAR, fill=PAPER, edge=Pen(INK, _THIN))
    painter.text(22.5, y, "time allowed", SMALL, colour=INK, side="left")
    painter.bar(43, y - _BAR / 2, 7, _BAR, STYLES["on track"])
    painter.text(51.5, y, "time taken", SMALL, colour=INK, side="left")
    painter.box(70, y - _BAR / 2, 7, _BAR, fill=WASH, edge=Pen(LINE, _THIN))
    painter.text(78.5, y, "a long time in which nothing falls due, drawn shorter", SMALL, colour=INK, side="left")
