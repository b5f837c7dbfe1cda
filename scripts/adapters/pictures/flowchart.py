"""The flowchart of the process as a PNG, with the stages of one case marked in it."""

from __future__ import annotations

import datetime as dt

from scripts.adapters.pictures.flowchart_layout import BAND, HEIGHT, KEY_TOP, STYLE_OF, Box, Line, layout
from scripts.adapters.pictures.painter import Painter, Pen
from scripts.adapters.pictures.style import (
    INK,
    LINE,
    PAPER,
    QUIET,
    SMALL,
    TEXT,
    TITLE,
    WIDTH,
    line_height,
    width_of,
    wrapped,
)
from tracker_schema.incidents.stages import StageOfCase, StageStatus, standard_process
from tracker_schema.wording import long_date

# Widths of lines in points.
_THIN, _THICK = 0.8, 2.2
# The distance in millimetres from one line of the key to the next.
_KEY_ROW = 3.95


def flowchart_png(reference: str, as_of: dt.date, stages: tuple[StageOfCase, ...]) -> bytes:
    """Return the flowchart as a PNG that fits the width of an A4 page.

    `stages` are those of the case with that reference on the day `as_of`. `stages_in_words` of the schema gives the
    same as text.
    """
    painter = Painter(WIDTH, HEIGHT)
    heading = f"Stages of {reference}, as on {long_date(as_of)}"
    (title,) = wrapped(heading, WIDTH, TITLE, bold=True, lines=1)
    painter.text(0.5, 3, title, TITLE, colour=INK, side="left", bold=True)
    shapes = layout(standard_process(), stages)
    for line in shapes.lines:
        _paint_line(painter, line)
    for box in shapes.boxes:
        _paint_box(painter, box)
    for line in shapes.lines:
        _paint_label(painter, line)
    _paint_key(painter)
    return painter.png()


def _paint_line(painter: Painter, line: Line) -> None:
    colour = LINE if line.faint else INK
    painter.path(line.points, Pen(colour, _THIN, broken=line.faint))
    painter.shape(line.head, fill=colour)


def _paint_label(painter: Painter, line: Line) -> None:
    if not line.label:
        return
    x, y = line.label_at
    step = line_height(SMALL)
    width, height = max(width_of(each, SMALL) for each in line.label) + 1, len(line.label) * step
    painter.box(x - width / 2, y - height / 2, width, height, fill=PAPER)
    for number, text in enumerate(line.label):
        colour = QUIET if line.faint else INK
        painter.text(x, y - height / 2 + (number + 0.5) * step, text, SMALL, colour=colour)


def _paint_box(painter: Painter, box: Box) -> None:
    painter.box(box.x, box.y, box.width, BAND, fill=box.style.fill)
    painter.text(box.x + 1.2, box.y + BAND / 2, box.number, SMALL, colour=box.style.text, side="left", bold=True)
    end = box.x + box.width - 1.2
    painter.text(end, box.y + BAND / 2, box.band, SMALL, colour=box.style.text, side="right", bold=box.strong)
    edge = Pen(LINE if box.faint else INK, _THICK if box.strong else _THIN, broken=box.faint)
    painter.box(box.x, box.y, box.width, box.height, fill="none", edge=edge)
    _paint_lines(painter, box)


def _paint_lines(painter: Painter, box: Box) -> None:
    """Write the label below the band of the box, and in smaller type the note."""
    rows = [(text, TEXT, box.ink) for text in box.lines]
    rows += [(text, SMALL, QUIET if not box.strong else INK) for text in box.note]
    height = box.height - BAND
    y = box.y + BAND + (height - sum(line_height(size) for _, size, _ in rows)) / 2
    for text, size, colour in rows:
        painter.text(
            box.x + box.width / 2,
            y + line_height(size) / 2,
            text,
            size,
            colour=colour,
            bold=box.strong and text in box.note,
        )
        y += line_height(size)


def _paint_key(painter: Painter) -> None:
    meanings = {
        StageStatus.DONE: "done",
        StageStatus.HERE: "where the case is",
        StageStatus.NOT_RECORDED: "passed, but not recorded",
        StageStatus.TO_COME: "may come",
        StageStatus.CANNOT_TELL: "cannot be told, because a fact is not known",
        StageStatus.NOT_NEEDED: "not needed for this case",
    }
    for row, (status, meaning) in enumerate(meanings.items()):
        y = KEY_TOP + row * _KEY_ROW
        style = STYLE_OF[status]
        painter.box(0.5, y, 4.5, 3.4, fill=style.fill, edge=Pen(INK, _THIN))
        painter.text(2.75, y + 1.7, style.symbol, SMALL, colour=style.text)
        painter.text(6.5, y + 1.7, meaning, SMALL, colour=INK, side="left")
