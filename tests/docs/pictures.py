"""Draw the pictures of docs/for-heads-of-service.md, from the demonstration and the made-up logs.

    python -m tests.docs.pictures          draw them again, into docs/pictures/

A test fails when they no longer show what the program does.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import io
import re
import sys
import tempfile
import textwrap
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any
from unittest import mock
from xml.sax.saxutils import escape

from scripts import adopt_tracker, check_tracker
from scripts.adapters.storage.lock_files import EXCEL, LONGEST_NAME
from scripts.adapters.tracker import demo
from scripts.adapters.workbook.column_format import STATUS_COLOURS
from tests.adapters.adoption.council_logs import LOGS
from tests.scripts.trackers import cells_of
from tracker_schema.errors import TrackerBusy

AS_OF = dt.date(2026, 11, 25)
FOLDER = Path(__file__).resolve().parents[2] / "docs" / "pictures"

# The part of the demonstration that is shown: an incident of each status, and these columns.
SHOWN = (
    *("CI-2026-030", "CI-2026-034", "CI-2026-033", "CI-2026-022"),
    *("CI-2026-016", "CI-2026-018", "CI-2026-005", "CI-2026-001"),
)
COLUMNS = ("Reference", "Date aware", "Decision", "Status", "Next step", "Next due", "Working days left")
EXAMPLE = "CI-2026-022"
FLAGGED = ("CI-2026-034", ("Reference", "Decision", "Decision date", "Status", "Data problems"))

_FONT = "font-family='Arial, Helvetica, sans-serif' font-size='14'"
_MONO = "font-family='Consolas, Menlo, monospace' font-size='13'"
_ROW, _LETTER = 26, 7.4
_HEADING, _CELL = ("1F3864", "FFFFFF"), ("FFFFFF", "1A1A1A")


def pictures() -> dict[str, str]:
    """Return each picture as SVG, by its file name."""
    with tempfile.TemporaryDirectory() as folder, contextlib.chdir(folder):
        with contextlib.redirect_stdout(io.StringIO()):
            check_tracker.main(["--demo", "--as-of", AS_OF.isoformat()])
        rows = _demonstration()
        return {
            "status-columns.svg": _grid("The status columns of the demonstration", COLUMNS, _chosen(rows, SHOWN)),
            "flagged-cell.svg": _grid(
                "An incident with a cell to mend", FLAGGED[1], _chosen(rows, FLAGGED[:1]), mark="Decision date"
            ),
            "somebody-has-it-open.svg": _screen("The check while somebody has the file open", _while_open()),
            "questions.svg": _screen("adopt_tracker asks about two headings", _questions(Path(folder))),
        }


def _demonstration() -> list[Mapping[str, Any]]:
    cells = cells_of(demo.TRACKER)
    top = next(number for number, row in enumerate(cells) if "Reference" in row)
    return [dict(zip(cells[top], row, strict=True)) for row in cells[top + 1 :]]


def _chosen(rows: Sequence[Mapping[str, Any]], references: Sequence[str]) -> list[Mapping[str, Any]]:
    return [next(row for row in rows if row["Reference"] == reference) for reference in references]


def _grid(title: str, columns: Sequence[str], rows: Sequence[Mapping[str, Any]], mark: str = "") -> str:
    """Return a part of the worksheet as SVG, with a frame around the cell in the column `mark`."""
    shown = [[_shown(row[column]) for column in columns] for row in rows]
    lines = [[_wrapped(cell) for cell in row] for row in shown]
    widths = [
        18 + _LETTER * max(len(column), *(len(line) for row in lines for line in row[number]))
        for number, column in enumerate(columns)
    ]
    heights = [_ROW - 18 + 18 * max(map(len, row)) for row in lines]
    parts = [_row(columns, [[column] for column in columns], widths, 0, _ROW, heading=True)]
    top = _ROW
    for row, height in zip(lines, heights, strict=True):
        parts.append(_row(columns, row, widths, top, height, mark=mark))
        top += height
    return _svg(title, sum(widths), top, parts)


def _row(
    columns: Sequence[str],
    row: Sequence[Sequence[str]],
    widths: Sequence[float],
    top: float,
    height: float,
    *,
    heading: bool = False,
    mark: str = "",
) -> str:
    parts, left, last = [], 0.0, ""
    for column, lines, width in zip(columns, row, widths, strict=True):
        fill, ink = _HEADING if heading else STATUS_COLOURS.get(lines[0], _CELL)
        place = f"x='{left:.0f}' y='{top}' width='{width:.0f}' height='{height}'"
        parts.append(f"<rect {place} fill='#{fill}' stroke='#B1B4B6'/>")
        if column == mark:
            last = f"<rect {place} fill='none' stroke='#7A0008' stroke-width='3'/>"
        weight = " font-weight='bold'" if heading else ""
        for number, line in enumerate(lines):
            place = f"x='{left + 8:.0f}' y='{top + 18 + 18 * number}'"
            parts.append(f"<text {place} {_FONT} fill='#{ink}'{weight}>{escape(line)}</text>")
        left += width
    return "\n".join([*parts, last] if last else parts)


def _shown(cell: Any) -> str:
    if isinstance(cell, dt.date):
        return f"{cell:%d/%m/%Y}"
    return str(int(cell)) if isinstance(cell, float) else str(cell)


def _wrapped(text: str, width: int = 52) -> list[str]:
    return textwrap.wrap(text, width) or [""]


def _questions(folder: Path) -> list[str]:
    """Return the lines that a person sees and types when adopt_tracker asks about a made-up log."""
    made = LOGS["abbreviations"]()
    made.workbook.worksheets[0].cell(4, 28, "Partnership decision")
    (folder / "Our log.xlsx").write_bytes(made.saved())
    seen, typed = io.StringIO(), iter(["", "1", "1"])

    class Keyboard:
        def isatty(self) -> bool:
            return True

        def readline(self) -> str:
            answer = next(typed, "")  # from there on it is Enter
            seen.write(f"{answer}\n")
            return f"{answer}\n"

    with (
        mock.patch.object(sys, "stdin", Keyboard()),
        contextlib.redirect_stderr(seen),
        contextlib.redirect_stdout(io.StringIO()),
    ):
        adopt_tracker.main(["Our log.xlsx", "--dry-run"])
    return seen.getvalue().splitlines()[:17]


def _while_open() -> list[str]:
    """Return the lines of a check on the next day, while a colleague has the demonstration open in Excel."""
    name = b"A Colleague"
    again = len(name).to_bytes(2, "little") + name.decode().encode("utf-16-le")
    lock = demo.TRACKER.with_name(f"{EXCEL}{demo.TRACKER.name}")
    lock.write_bytes(bytes([len(name)]) + name.ljust(LONGEST_NAME) + again)
    command = ["--tracker", demo.TRACKER.name, "--as-of", (AS_OF + dt.timedelta(days=1)).isoformat()]
    printed = io.StringIO()
    try:
        with contextlib.chdir(demo.TRACKER.parent), contextlib.redirect_stdout(printed):
            check_tracker.main(command)
    except TrackerBusy as busy:
        lines = printed.getvalue().splitlines()
        incident = next(line for line in lines if EXAMPLE in line)
        # The width of a column depends on the other incidents, which are not shown.
        return ["…", "   ".join(re.split(" {2,}", incident.strip())), "…", lines[-1], str(busy)]
    raise AssertionError("the check wrote to a file that somebody has open")


def _screen(title: str, lines: Sequence[str]) -> str:
    """Return a terminal with these lines as SVG."""
    wrapped = [piece for line in lines for piece in _wrapped(line, 104)]
    width = 32 + 7.9 * max(map(len, wrapped))
    height = 24 + 18 * len(wrapped)
    parts = [f"<rect width='{width:.0f}' height='{height}' rx='6' fill='#1A1A1A'/>"]
    parts += [
        f"<text x='16' y='{28 + 18 * number}' {_MONO} fill='#F3F2F1' xml:space='preserve'>{escape(line)}</text>"
        for number, line in enumerate(wrapped)
    ]
    return _svg(title, width, height, parts)


def _svg(title: str, width: float, height: float, parts: Sequence[str]) -> str:
    return "\n".join(
        [
            f"<svg xmlns='http://www.w3.org/2000/svg' viewBox='-2 -2 {width + 4:.0f} {height + 4:.0f}' "
            f"width='{width + 4:.0f}' role='img'>",
            f"<title>{escape(title)}</title>",
            *parts,
            "</svg>",
            "",
        ]
    )


def _write() -> Iterator[Path]:
    FOLDER.mkdir(exist_ok=True)
    for name, picture in pictures().items():
        (FOLDER / name).write_text(picture, "utf-8")
        yield FOLDER / name


if __name__ == "__main__":
    for path in _write():
        print(path)
