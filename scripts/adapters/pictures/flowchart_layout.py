"""The flowchart of the process as shapes: boxes, arrows and labels, in millimetres from the top left corner."""

from __future__ import annotations

from collections.abc import Mapping
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
    wrapped,
)
from tracker_schema.incidents.stages import ROWS, Arrow, Process, StageOfCase, StageStatus

Point = tuple[float, float]

# A box, the band at its top, the space beside it and below it, and how far below it an arrow turns.
_WIDE, _TALL, BAND = 33.5, 21.5, 4.4
_BESIDE, _BELOW, _TURN = 9.5, 15.5, 3.5
_LEFT, _TOP, _RIGHT = 0.5, 9.5, WIDTH - 3
_FOOT = 8.0
# Two arrows between the same boxes run this far from the middle.
_APART = 3.0
_HEAD_LENGTH, _HEAD_WIDTH = 2.4, 2.0
_PADDING = 1.5

HEIGHT = _TOP + ROWS * _TALL + (ROWS - 1) * _BELOW + _FOOT

STYLE_OF: Mapping[StageStatus, ShapeStyle] = {
    StageStatus.DONE: STYLES["done"],
    StageStatus.HERE: ShapeStyle(STYLES["due soon"].fill, INK, "", "\N{BLACK RIGHT-POINTING TRIANGLE}"),
    StageStatus.NOT_RECORDED: STYLES["check"],
    StageStatus.TO_COME: STYLES["waiting"],
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
    note: a last line in smaller type, or ""
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
    note: str
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
        lines.append(_line(arrow, source, target, apart))
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
    note = "" if faint else case.note
    return Box(stage.id, x, y, style, str(stage.step), words, tuple(lines), note, strong=here, faint=faint)


def _line(arrow: Arrow, source: Box, target: Box, apart: float) -> Line:
    points = _route(source, target, apart, aside=arrow.aside)
    label = tuple(wrapped(arrow.label, _WIDE, SMALL)) if arrow.label else ()
    x, y = points[-1]
    label_at = (x, y - _HEAD_LENGTH - 0.6 - len(label) * line_height(SMALL) / 2)
    return Line(points, _head(points[-2], points[-1]), label, label_at, source.faint or target.faint)


def _route(source: Box, target: Box, apart: float, *, aside: bool) -> tuple[Point, ...]:
    middle = source.x + source.width / 2
    turn = source.y + source.height + _TURN
    if aside:
        last = (target.x + target.width, target.y + target.height / 2)
        if source.x + source.width + _BESIDE > _RIGHT:  # nothing is between it and the side
            start = (source.x + source.width, source.y + source.height / 2)
            return (start, (_RIGHT, start[1]), (_RIGHT, last[1]), last)
        start = (middle, source.y + source.height)
        return (start, (middle, turn), (_RIGHT, turn), (_RIGHT, last[1]), last)
    if source.y == target.y:
        level = source.y + source.height / 2 + apart
        if source.x < target.x:
            return ((source.x + source.width, level), (target.x, level))
        return ((source.x, level), (target.x + target.width, level))
    below = target.x + target.width / 2
    if below == middle:
        return ((middle, source.y + source.height), (below, target.y))
    return ((middle, source.y + source.height), (middle, turn), (below, turn), (below, target.y))


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
