"""Tables and progress for people at a terminal; plain lines where the output goes to a file or another program."""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Protocol

from tracker_schema.wording import printable

# Shorter work shows no progress bar.
PATIENCE_SECONDS = 1.0
# Laying out a longer table for a terminal takes too long.
_MOST_RICH_ROWS = 1_000


def show_table(title: str, headings: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Print `rows` under `headings`: as a table on a terminal, else one line for each row, with aligned columns."""
    shown = [[printable(cell) for cell in row] for row in rows]
    if sys.stdout.isatty() and len(rows) <= _MOST_RICH_ROWS:
        _show_rich(title, headings, shown)
        return
    table = [headings, *shown]
    widths = [max(map(len, column)) for column in zip(*table, strict=True)]
    lines = ("  " + "  ".join(map(str.ljust, row, widths)).rstrip() for row in table)
    print(f"\n{title}", *lines, sep="\n")


def _show_rich(title: str, headings: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    from rich.box import SIMPLE_HEAD
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(title=title, title_justify="left", title_style="bold", box=SIMPLE_HEAD)
    for heading in headings:
        table.add_column(heading, overflow="fold")
    for row in rows:
        # Text, not str, so that rich does not read markup in a cell.
        table.add_row(*(Text(cell, style=_STYLES.get(cell, "")) for cell in row))
    Console().print(table)


_STYLES = {
    "Overdue": "bold red",
    "Check data": "bold magenta",
    "Due today": "bold yellow",
    "Due soon": "yellow",
    "error": "bold red",
    "warning": "yellow",
    "wrong": "bold red",
    "not checked": "dim",
}


def warn_on_stderr(sentence: str) -> None:
    """Print a sentence on standard error; the job goes on."""
    print(sentence, file=sys.stderr)


def ask(question: str) -> str:
    """Return a person's answer. The question goes to standard error, so that standard output can be JSON alone."""
    print(question, end=" ", file=sys.stderr, flush=True)
    return sys.stdin.readline().strip()


class Progress(Protocol):
    """Shows which stage of the work is running."""

    def __call__(self, stage: str) -> None:
        """Show that `stage` begins now."""


@contextmanager
def progress(stages: int) -> Iterator[Progress]:
    """Show a progress bar of so many stages on standard error, from one second on; nothing when it is no terminal."""
    if not sys.stderr.isatty():
        yield lambda _stage: None
        return
    from rich.console import Console
    from rich.progress import Progress as Bar

    bar = Bar(console=Console(stderr=True), transient=True)
    task = bar.add_task("", total=stages)
    timer = threading.Timer(PATIENCE_SECONDS, bar.start)
    timer.daemon = True
    timer.start()

    begun = -1

    def begin(stage: str) -> None:
        nonlocal begun
        begun = min(begun + 1, stages)
        bar.update(task, completed=begun, description=stage)

    try:
        yield begin
    finally:
        timer.cancel()
        timer.join()
        bar.stop()
