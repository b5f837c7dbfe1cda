"""The flowchart of the process, with or without a case upon it, as a PNG and as an SVG: the same picture.

Word and an e-mail take the PNG; a browser shows the SVG sharp at any size.
"""

from __future__ import annotations

from scripts.adapters.pictures.flowchart_layout import BAND, HEIGHT, LOOK_OF, Box, Layout, Line, layout
from scripts.adapters.pictures.painters import Painter, Pen, PngPainter, SvgPainter
from scripts.adapters.pictures.style import (
    INK,
    LINE,
    PAPER,
    QUIET,
    SMALL,
    TEXT,
    TITLE,
    WIDTH,
    drawing,
    line_height,
    width_of,
    wrapped,
)
from tracker_schema.case import Case
from tracker_schema.stages import Standing, process_in_words, stages_in_words, stages_of, standard_process
from tracker_schema.wording import long_date

# Widths of lines in points.
_THIN, _THICK = 0.8, 2.2


@drawing()
def flowchart_png(case: Case | None = None) -> bytes:
    """The flowchart as a PNG as wide as a page of A4 takes; with `case`, where it stands."""
    painter = PngPainter(WIDTH, HEIGHT)
    _paint(painter, case)
    return painter.png()


@drawing()
def flowchart_svg(case: Case | None = None) -> str:
    """The flowchart as the text of an SVG file; with `case`, where it stands."""
    painter = SvgPainter(WIDTH, HEIGHT, _title(case), flowchart_in_words(case))
    _paint(painter, case)
    return painter.svg()


def flowchart_in_words(case: Case | None = None) -> str:
    """What the flowchart shows, as one paragraph for those who cannot see it."""
    return stages_in_words(case) if case else process_in_words()


def _title(case: Case | None) -> str:
    if case is None:
        return "From the incident to the closing of the case"
    return f"Where {case.reference} stands, as on {long_date(case.as_of)}"


def _paint(painter: Painter, case: Case | None) -> None:
    (title,) = wrapped(_title(case), WIDTH, TITLE, bold=True, lines=1)
    painter.text(0.5, 3, title, TITLE, colour=INK, side="left", bold=True)
    shapes: Layout = layout(standard_process(), stages_of(case) if case else ())
    for line in shapes.lines:
        _paint_line(painter, line)
    for box in shapes.boxes:
        _paint_box(painter, box)
    for line in shapes.lines:
        _paint_label(painter, line)
    if case:
        _paint_key(painter)


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
    painter.box(box.x, box.y, box.width, BAND, fill=box.look.fill)
    painter.text(box.x + 1.2, box.y + BAND / 2, box.number, SMALL, colour=box.look.text, side="left", bold=True)
    end = box.x + box.width - 1.2
    painter.text(end, box.y + BAND / 2, box.band, SMALL, colour=box.look.text, side="right", bold=box.strong)
    edge = Pen(LINE if box.faint else INK, _THICK if box.strong else _THIN, broken=box.faint)
    painter.box(box.x, box.y, box.width, box.height, fill="none", edge=edge)
    _paint_lines(painter, box)


def _paint_lines(painter: Painter, box: Box) -> None:
    """What the box says below its band: the label, and in smaller type the note."""
    rows = [(text, TEXT, box.ink) for text in box.lines]
    if box.note:
        rows.append((box.note, SMALL, QUIET if not box.strong else INK))
    room = box.height - BAND
    y = box.y + BAND + (room - sum(line_height(size) for _, size, _ in rows)) / 2
    for text, size, colour in rows:
        painter.text(
            box.x + box.width / 2,
            y + line_height(size) / 2,
            text,
            size,
            colour=colour,
            bold=box.strong and text == box.note,
        )
        y += line_height(size)


def _paint_key(painter: Painter) -> None:
    meanings = {
        Standing.DONE: "done",
        Standing.HERE: "where the case is",
        Standing.NOT_RECORDED: "passed, but not recorded",
        Standing.TO_COME: "may come",
        Standing.NOT_NEEDED: "not on this case’s way",
    }
    x = 0.5
    for standing, meaning in meanings.items():
        look = LOOK_OF[standing]
        painter.box(x, HEIGHT - 5, 4.5, 4, fill=look.fill, edge=Pen(INK, _THIN))
        painter.text(x + 2.25, HEIGHT - 3, look.symbol, SMALL, colour=look.text)
        painter.text(x + 6, HEIGHT - 3, meaning, SMALL, colour=INK, side="left")
        x += 10 + width_of(meaning, SMALL)
