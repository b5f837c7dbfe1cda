"""The flowchart of the process as shapes: boxes, arrows and labels, in millimetres from the top left corner."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from scripts.adapters.pictures.style import (
    INK,
    PAPER,
    QUIET,
    SMALL,
    STYLES,
    TEXT,
    WIDTH,
    ShapeStyle,
    line_height,
    width_of,
    wrapped,
)
from tracker_schema.incidents.stages import ROWS, Arrow, Process, StageOfCase, StageStatus

Point = tuple[float, float]

# A box, the band at its top, the space beside it and below it, and how far below it an arrow turns.
_WIDE, _TALL, BAND = 34.7, 23.5, 4.4
_BESIDE, _BELOW, _TURN = 7.9, 14.5, 3.5
_LEFT, _TOP, _RIGHT = 0.5, 9.5, WIDTH - 3
_FOOT = 1.0
# Two arrows between the same boxes run this far from the middle; one that goes up ends this far before the middle.
_APART, _ENTRY = 3.0, 9.0
_HEAD_LENGTH, _HEAD_WIDTH = 2.4, 2.0
_PADDING = 2.1

HEIGHT = _TOP + ROWS * _TALL + (ROWS - 1) * _BELOW + _FOOT
# The key is in the last row, which has a box at its right-hand end only.
KEY_TOP = HEIGHT - _FOOT - _TALL

STYLE_OF: Mapping[StageStatus, ShapeStyle] = {
    StageStatus.DONE: STYLES["done"],
    StageStatus.HERE: ShapeStyle(STYLES["due soon"].fill, INK, "", "\N{BLACK RIGHT-POINTING TRIANGLE}"),
    StageStatus.NOT_RECORDED: STYLES["check"],
    StageStatus.TO_COME: STYLES["waiting"],
    StageStatus.CANNOT_TELL: ShapeStyle(PAPER, STYLES["check"].fill, "", "?"),
    StageStatus.NOT_NEEDED: ShapeStyle(PAPER, QUIET, "", "\N{EN DASH}"),
}


@dataclass(frozen=True, slots=True)
class Box:
    """One stage.

    stage: its id
    x, y: its top left corner
    style: the colours of the band at its top
    number, band: what the band says, on the left and on the right
    lines: the label of the stage
    note: at most two lines in smaller type below it
    strong: it has a thick edge, because the case is at this stage
    faint: it has a broken edge, because the case does not need this stage
    """

    stage: str
    x: float
    y: float
    style: ShapeStyle
    number: str
    band: str
    lines: tuple[str, ...]
    note: tuple[str, ...]
    strong: bool
    faint: bool
    width: float = _WIDE
    height: float = _TALL

    @property
    def ink(self) -> str:
        """The colour of its label."""
        return QUIET if self.faint else INK


@dataclass(frozen=True, slots=True)
class Line:
    """One arrow.

    points: where it begins, turns and ends
    head: the corners of its head, a triangle
    label, label_at: the lines of its label, and their middle
    faint: it is broken, because the case does not take this way
    """

    points: tuple[Point, ...]
    head: tuple[Point, Point, Point]
    label: tuple[str, ...]
    label_at: Point
    faint: bool


@dataclass(frozen=True)
class Layout:
    """Everything in the picture except its title and its key."""

    boxes: tuple[Box, ...]
    lines: tuple[Line, ...]


def layout(process: Process, stages: tuple[StageOfCase, ...]) -> Layout:
    """Return the process as shapes, marked with the stages of a case."""
    boxes = {each.stage.id: _box(each) for each in stages}
    both_ways = {(arrow.from_, arrow.to) for arrow in process.arrow}
    lines = []
    for arrow in process.arrow:
        source, target = boxes[arrow.from_], boxes[arrow.to]
        apart = 0.0
        if (arrow.to, arrow.from_) in both_ways:
            apart = -_APART if source.x < target.x else _APART
        from_above = [other for other in process.arrow if other.to == arrow.to and not other.aside]
        alone = sum(boxes[other.from_].y < target.y for other in from_above) < 2
        lines.append(_line(arrow, source, target, apart, alone=alone))
    # Faint lines are drawn first, so that the others cover them.
    return Layout(tuple(boxes.values()), tuple(sorted(lines, key=lambda line: not line.faint)))


def _box(case: StageOfCase) -> Box:
    stage = case.stage
    lines = wrapped(stage.label, _WIDE - 2 * _PADDING, TEXT)
    x = _LEFT + (stage.column - 1) * (_WIDE + _BESIDE)
    y = _TOP + (stage.row - 1) * (_TALL + _BELOW)
    style = STYLE_OF[case.status]
    here = case.status == StageStatus.HERE
    words = f"{style.symbol} {case.status.value.upper() if here else case.status.value}"
    faint = case.status == StageStatus.NOT_NEEDED
    note = wrapped(case.note, _WIDE - 2 * _PADDING, SMALL, bold=here, lines=2) if case.note and not faint else ()
    return Box(stage.id, x, y, style, str(stage.step), words, tuple(lines), tuple(note), strong=here, faint=faint)


def _line(arrow: Arrow, source: Box, target: Box, apart: float, *, alone: bool) -> Line:
    """Return an arrow; `alone` is whether no other one enters the target from above."""
    points = _route(arrow, source, target, apart)
    label = tuple(wrapped(arrow.label, _WIDE, SMALL)) if arrow.label else ()
    label_at = _label_at(arrow, points, label, alone=alone)
    return Line(points, _head(points[-2], points[-1]), label, label_at, source.faint or target.faint)


def _label_at(arrow: Arrow, points: Sequence[Point], label: Sequence[str], *, alone: bool) -> Point:
    """Return the middle of a label: above the head of the arrow, or on the way to it where that would be ambiguous."""
    (x, y), tall = points[-1], len(label) * line_height(SMALL)
    if arrow.aside:  # beside the way down, in the first space below the source
        wide = max((width_of(each, SMALL) for each in label), default=0.0)
        return (points[1][0] - 1 - wide / 2, points[0][1] + (_TALL + tall) / 2 + 1)
    if points[-2][1] > y:  # from below
        return (x - _ENTRY - _BESIDE, points[-2][1])
    if not alone:
        return (points[0][0] + (_WIDE + _BESIDE) / 2, points[1][1])
    return (x, y - _HEAD_LENGTH - 0.6 - tall / 2)


def _route(arrow: Arrow, source: Box, target: Box, apart: float) -> tuple[Point, ...]:
    middle = source.x + source.width / 2
    below = target.x + target.width / 2
    turn = source.y + source.height + _TURN
    if arrow.aside:
        last = (target.x + target.width, target.y + target.height / 2)
        if source.x + source.width + _BESIDE > _RIGHT:  # nothing is between it and the side
            start = (source.x + source.width, source.y + source.height / 2)
            return (start, (_RIGHT, start[1]), (_RIGHT, last[1]), last)
        start = (middle, source.y + source.height)
        return (start, (middle, turn), (_RIGHT, turn), (_RIGHT, last[1]), last)
    if target.y < source.y or (target.y == source.y and arrow.label):
        # A label has no place between two boxes side by side, so the way leads through the space above them.
        start = (source.x + source.width, source.y + source.height / 2)
        beside, over = start[0] + _BESIDE / 2, source.y - _BELOW + _TURN
        if target.y < source.y:
            return _from_the_side(start, beside, over, (below - _ENTRY, target.y + target.height))
        return _from_the_side(start, beside, over, (below, target.y))
    if source.y == target.y:
        level = source.y + source.height / 2 + apart
        if source.x < target.x:
            return ((source.x + source.width, level), (target.x, level))
        return ((source.x, level), (target.x + target.width, level))
    if below == middle:
        return ((middle, source.y + source.height), (below, target.y))
    return ((middle, source.y + source.height), (middle, turn), (below, turn), (below, target.y))


def _from_the_side(start: Point, beside: float, over: float, end: Point) -> tuple[Point, ...]:
    return (start, (beside, start[1]), (beside, over), (end[0], over), end)


def _head(before: Point, tip: Point) -> tuple[Point, Point, Point]:
    length = abs(tip[0] - before[0]) + abs(tip[1] - before[1])  # every line is level or upright
    along = ((tip[0] - before[0]) / length, (tip[1] - before[1]) / length)
    base = (tip[0] - along[0] * _HEAD_LENGTH, tip[1] - along[1] * _HEAD_LENGTH)
    half = _HEAD_WIDTH / 2
    return (
        tip,
        (base[0] - along[1] * half, base[1] + along[0] * half),
        (base[0] + along[1] * half, base[1] - along[0] * half),
    )
