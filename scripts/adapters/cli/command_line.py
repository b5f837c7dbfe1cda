"""The options that every job has, today's date, and the exit code of a job.

Exit codes: 0 ran; 1 unexpected; 2 wrong usage or configuration; 3 the tracker cannot be used; 4 the tracker is busy;
5 mail was not sent.
"""

from __future__ import annotations

import argparse
import datetime as dt
import errno
import gc
import io
import os
import re
import sys
import traceback
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NoReturn

from scripts.adapters.settings.errors import WrongValue
from scripts.adapters.settings.paths import typed_path
from tracker_schema.errors import TrackerError
from tracker_schema.wording import nearest

DEFAULT_CONFIG = Path("config.toml")
_OBJECTS_BETWEEN_COLLECTIONS = 200_000


class Parser(argparse.ArgumentParser):
    """An argument parser that, after an unknown option, suggests the one that was meant."""

    def error(self, message: str) -> NoReturn:
        """Print the usage and `message`, and leave with exit code 2."""
        options = re.findall(r"--[a-z-]+", self.format_usage())
        for word in re.findall(r"--[\w-]+", message):
            meant = nearest(word, options) if word not in options else None
            if meant:
                message += f"; did you mean {meant}?"
        super().error(message)


def job_parser(description: str, *, reads_tracker: bool = True) -> Parser:
    """Return a parser with the options that every job has; a job adds its own to it.

    `description` is the job's docstring. A job that reads the tracker also gets --config, --tracker and --dry-run.
    """
    parser = Parser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter, allow_abbrev=False)
    if reads_tracker:
        parser.add_argument(
            "--config", type=path, metavar="PATH", help=f"the settings (default: {DEFAULT_CONFIG}, where there is one)"
        )
        parser.add_argument("--tracker", type=path, metavar="FILE", help="this workbook instead of the configured one")
        parser.add_argument("--dry-run", action="store_true", help="show what would be written, and write nothing")
    parser.add_argument(
        "--as-of", type=day, metavar="YYYY-MM-DD", help="work as on this day (default: today in London)"
    )
    parser.add_argument("--json", action="store_true", help="print one JSON object and nothing else")
    parser.add_argument("--verbose", action="store_true", help="when something goes wrong, show where in the program")
    return parser


def parse_with_demo(parser: Parser, arguments: Sequence[str] | None, what: str) -> argparse.Namespace:
    """Return the options in `arguments` of a job that has a --demo; `what` is the help of --demo."""
    parser.add_argument("--demo", action="store_true", help=what)
    options = parser.parse_args(arguments)
    if options.demo and (options.tracker or options.config):
        parser.error("--demo makes its own tracker; leave out --tracker and --config")
    return options


def day(text: str) -> dt.date:
    """Return the date of an option such as “2026-11-23”. Raises ArgumentTypeError when it is not one."""
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"“{text}” is not a date; write it as 2026-11-23") from None


def path(text: str) -> Path:
    """Return the path of an option. Raises ArgumentTypeError when it cannot be one."""
    try:
        return typed_path(text)
    except WrongValue as wrong:
        raise argparse.ArgumentTypeError(f"“{text}” {wrong.problem}. {wrong.remedy}") from None


def iso_week(text: str) -> str:
    """Return the ISO week of an option such as “2026-W48”. Raises ArgumentTypeError when there is no such week."""
    year, _, week = text.partition("-W")
    try:
        monday = dt.date.fromisocalendar(int(year), int(week), 1)
    except ValueError:
        raise argparse.ArgumentTypeError(f"“{text}” is not a week; write it as 2026-W48") from None
    return f"{monday.isocalendar().year}-W{monday.isocalendar().week:02}"


def run(job: Callable[[Sequence[str]], int]) -> NoReturn:
    """Run `job` with the arguments of the command line, and leave with the exit code that it returns.

    Print an error in plain words on standard error, with a traceback only after --verbose.
    """
    if not (sys.stdout and sys.stderr):  # pythonw.exe, which opens no window, has neither
        nowhere = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115 - until the end
        sys.stdout, sys.stderr = sys.stdout or nowhere, sys.stderr or nowhere
    for stream in (sys.stdout, sys.stderr):
        # Redirected output on Windows is in an old code page, which has no ticks and no curly quotes.
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    # A large tracker is a million objects without a cycle: searching them for cycles took a fifth of the time.
    gc.set_threshold(_OBJECTS_BETWEEN_COLLECTIONS)
    arguments = sys.argv[1:]
    try:
        code = job(arguments)
        sys.stdout.flush()
    except KeyboardInterrupt:
        code = _fail("Stopped by the keyboard.", 1)
    except TrackerError as error:
        code = _fail(str(error), error.exit_code, trace="--verbose" in arguments)
    except Exception as error:  # noqa: BLE001 - whatever it is, people get a sentence and not a traceback
        if _is_closed_pipe(error):
            # Python would complain once more as it ends.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            sys.exit(0)
        code = _fail(_unforeseen(error), 1, trace="--verbose" in arguments)
    sys.exit(code)


def _is_closed_pipe(error: Exception) -> bool:
    """Return whether the reader of our output has closed it (`| head`, `| more`), which Windows calls EINVAL."""
    if isinstance(error, BrokenPipeError):
        return True
    return isinstance(error, OSError) and error.errno == errno.EINVAL and error.filename is None and not _can_print()


def _can_print() -> bool:
    try:
        sys.stdout.flush()
    except OSError:
        return False
    return True


def _fail(sentence: str, code: int, *, trace: bool = False) -> int:
    if trace:
        traceback.print_exc()
    print(sentence, file=sys.stderr)
    return code


def _unforeseen(error: Exception) -> str:
    # The error's own words are left out: they may quote a cell.
    place = traceback.extract_tb(error.__traceback__)[-1]
    return (
        f"Something unexpected went wrong ({type(error).__name__} at {Path(place.filename).name}:{place.lineno}). "
        "What was written before this stays; the next run finishes it. "
        "If it happens again, add --verbose to the command and send IT what it shows."
    )
