"""The flowchart of the process as shapes: boxes, arrows and labels, in millimetres from the top left corner.

It is worked out once, so that the SVG and the PNG show the same picture.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from scripts.adapters.pictures.style import (
    INK,
    LOOKS,
    PAPER,
    QUIET,
    SMALL,
    TEXT,
    WASH,
    WIDTH,
    Look,
    line_height,
    wrapped,
)
from tracker_schema.stages import ROWS, Arrow, Process, Stage, StageOfCase, Standing

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

_PLAIN = Look(WASH, INK, "", "")
LOOK_OF: Mapping[Standing, Look] = {
    Standing.DONE: LOOKS["done"],
    Standing.HERE: Look(LOOKS["due soon"].fill, INK, "", "\N{BLACK RIGHT-POINTING TRIANGLE}"),
    Standing.NOT_RECORDED: LOOKS["check"],
    Standing.TO_COME: LOOKS["waiting"],
    Standing.NOT_NEEDED: Look(PAPER, QUIET, "", "\N{EN DASH}"),
}


@dataclass(frozen=True, slots=True)
class Box:
    """One stage: its place, its number and what the band at its top says, the lines below that, and a last line.

    `strong` has a thick edge (the case is here), `faint` a broken one (the case does not come here).
    """

    stage: str
    x: float
    y: float
    look: Look
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
        """The colour of what is written in it."""
        return QUIET if self.faint else INK


@dataclass(frozen=True, slots=True)
class Line:
    """One arrow: the points it runs through, its head as a triangle, and its label with the middle of that."""

    points: tuple[Point, ...]
    head: tuple[Point, Point, Point]
    label: tuple[str, ...]
    label_at: Point
    faint: bool


@dataclass(frozen=True)
class Layout:
    """Everything in the picture besides its title and its key."""

    boxes: tuple[Box, ...]
    lines: tuple[Line, ...]


def layout(process: Process, stages: tuple[StageOfCase, ...] = ()) -> Layout:
    """The process as shapes; with `stages`, as a case stands in it."""
    standing = {each.stage.id: each for each in stages}
    boxes = {stage.id: _box(stage, standing.get(stage.id)) for stage in process.stage}
    both_ways = {(arrow.from_, arrow.to) for arrow in process.arrow}
    lines = []
    for arrow in process.arrow:
        source, target = boxes[arrow.from_], boxes[arrow.to]
        apart = 0.0
        if (arrow.to, arrow.from_) in both_ways:
            apart = -_APART if source.x < target.x else _APART
        lines.append(_line(arrow, source, target, apart))
    # What is faint lies below what is not.
    return Layout(tuple(boxes.values()), tuple(sorted(lines, key=lambda line: not line.faint)))


def _box(stage: Stage, case: StageOfCase | None) -> Box:
    lines = wrapped(stage.label, _WIDE - 2 * _PADDING, TEXT)
    x = _LEFT + (stage.column - 1) * (_WIDE + _BESIDE)
    y = _TOP + (stage.row - 1) * (_TALL + _BELOW)
    if case is None:
        return Box(stage.id, x, y, _PLAIN, str(stage.step), "", tuple(lines), "", strong=False, faint=False)
    look = LOOK_OF[case.standing]
    here = case.standing == Standing.HERE
    words = f"{look.symbol} {case.standing.value.upper() if here else case.standing.value}"
    faint = case.standing == Standing.NOT_NEEDED
    note = "" if faint else case.note
    return Box(stage.id, x, y, look, str(stage.step), words, tuple(lines), note, strong=here, faint=faint)


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
        if source.x + source.width + _BESIDE > _RIGHT:  # nothing stands between it and the side
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
