"""The pictures of the weekly summary: open cases by status, and deadlines by day.

Everything in colour is also in words beside it, and in the alternative text, because many mail programs do not show
pictures until the reader allows it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from scripts.adapters.pictures.style import (
    INK,
    LINE,
    QUIET,
    SMALL,
    STYLES,
    TEXT,
    drawing,
    patch,
    png,
    sheet,
    shown,
    width_of,
    wrapped,
)
from tracker_schema.calendar.working_days import WorkingDays
from tracker_schema.mail.deadlines import Deadline
from tracker_schema.wording import day_and_month, long_date, near_date

if TYPE_CHECKING:
    from matplotlib.axes import Axes

# Narrow, with large type, because a phone is about six centimetres wide.
_WIDTH = 110.0
_ROW, _MARGIN, _TYPE = 7.0, 2.0, TEXT + 1.5

_STYLE_OF_STATUS = {
    "Overdue": "overdue",
    "Check data": "check",
    "Due today": "due today",
    "Due soon": "due soon",
    "Chase": "chase",
    "On track": "on track",
    "Before start": "closed",
    "Complete": "done",
}


def status_alt(open_cases: Mapping[str, int]) -> str:
    """Return the picture of the statuses as a sentence; `open_cases` is the number of cases by status."""
    counts = ", ".join(f"{count:,} {status.lower()}" for status, count in open_cases.items())
    return f"Open cases by deadline status: {counts}."


@drawing()
def status_picture(open_cases: Mapping[str, int]) -> bytes:
    """Return a PNG with a bar for each status.

    `open_cases` is the number of cases by status, in the order to show; it has at least one status.
    """
    from matplotlib.patches import Rectangle

    label = max(width_of(f"{status} ", _TYPE) for status in open_cases) + 8.5
    longest = _WIDTH - label - 14
    most = max(open_cases.values())
    figure, axes = sheet(_WIDTH, len(open_cases) * _ROW + 2 * _MARGIN)
    for number, (status, count) in enumerate(open_cases.items()):
        style = STYLES[_STYLE_OF_STATUS[status]]
        top = _MARGIN + number * _ROW
        middle = top + _ROW / 2
        axes.text(_MARGIN, middle, style.symbol, size=_TYPE, color=INK, va="center")
        axes.text(_MARGIN + 5, middle, status, size=_TYPE, color=INK, va="center")
        width = longest * count / most
        axes.add_patch(Rectangle((label, top + 1), width, _ROW - 2, **patch(style)))
        axes.text(label + width + 1.5, middle, f"{count:,}", size=_TYPE, color=INK, weight="bold", va="center")
    return png(figure)


def timeline_alt(steps: Sequence[Deadline], first: dt.date, last: dt.date) -> str:
    """Return the picture of the deadlines as a sentence."""
    if not steps:
        return f"Nothing falls due from {day_and_month(first)} to {day_and_month(last)}."
    days = ", ".join(f"{len(due)} on {day_and_month(day)}" for day, due in _by_day(steps).items())
    return f"Deadlines from {day_and_month(first)} to {day_and_month(last)}: {days}."


@drawing()
def timeline_picture(steps: Sequence[Deadline], first: dt.date, last: dt.date, days: WorkingDays) -> bytes:
    """Return a PNG with a line for each working day from `first` to `last`, and each other day with a deadline.

    The dark part of a bar shows statutory deadlines, the light part the others. Beside it are as many references as
    fit on the line.
    """
    due = _by_day(steps)
    every_day = (first + dt.timedelta(number) for number in range((last - first).days + 1))
    shown_days = [day for day in every_day if day in due or days.is_working_day(day)]
    most = max(map(len, due.values()), default=1)
    figure, axes = sheet(_WIDTH, (len(shown_days) + 1) * _ROW + 2 * _MARGIN)
    for number, day in enumerate(shown_days):
        top = _MARGIN + number * _ROW
        axes.plot([_MARGIN, _WIDTH - _MARGIN], [top + _ROW, top + _ROW], color=LINE, linewidth=0.5)
        axes.text(_MARGIN, top + _ROW / 2, _day(day), size=_TYPE, color=INK if day in due else QUIET, va="center")
        if day in due:
            _draw_bar(axes, top, due[day], most)
    _draw_key(axes, _MARGIN + len(shown_days) * _ROW)
    return png(figure)


# Where the bars of the timeline begin, the length of the longest, and where the references begin, in millimetres.
_BAR, _LONGEST, _REFERENCES = 27.0, 26.0, 62.0
_STATUTORY, _OTHER = STYLES["closed"], STYLES["waiting"]


def _draw_bar(axes: Axes, top: float, due: Sequence[Deadline], most: int) -> None:
    from matplotlib.patches import Rectangle

    statutory = sum(step.statutory for step in due)
    place = _BAR
    for style, count in ((_STATUTORY, statutory), (_OTHER, len(due) - statutory)):
        if count:
            axes.add_patch(Rectangle((place, top + 1.2), _LONGEST * count / most, _ROW - 2.4, **patch(style)))
            place += _LONGEST * count / most
    middle = top + _ROW / 2
    axes.text(place + 1.5, middle, str(len(due)), size=_TYPE, color=INK, weight="bold", va="center")
    references = list(dict.fromkeys(shown(step.reference) for step in due))
    axes.text(_REFERENCES, middle, _that_fit(references), size=SMALL, color=INK, va="center")


def _that_fit(references: Sequence[str]) -> str:
    """Return as many of the references as fit on the line, and the number of the others."""
    width = _WIDTH - _REFERENCES - _MARGIN
    for named in range(len(references), 0, -1):
        line = ", ".join(references[:named]) + (f" + {len(references) - named}" if named < len(references) else "")
        if width_of(line, SMALL) <= width:
            return line
    return wrapped(references[0], width, SMALL, lines=1)[0]


def _draw_key(axes: Axes, top: float) -> None:
    from matplotlib.patches import Rectangle

    place = _MARGIN
    for style, meaning in ((_STATUTORY, "statutory"), (_OTHER, "other deadlines")):
        axes.add_patch(Rectangle((place, top + 2), 5, _ROW - 4, **patch(style)))
        axes.text(place + 6.5, top + _ROW / 2, meaning, size=SMALL, color=INK, va="center")
        place += 12 + width_of(meaning, SMALL)


def _by_day(steps: Sequence[Deadline]) -> dict[dt.date, list[Deadline]]:
    by_day: dict[dt.date, list[Deadline]] = {}
    for step in steps:
        by_day.setdefault(step.due, []).append(step)
    return dict(sorted(by_day.items()))


def _day(day: dt.date) -> str:
    return f"{long_date(day)[:3]} {near_date(day, day)}"
