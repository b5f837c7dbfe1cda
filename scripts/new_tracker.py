"""Make a new tracker workbook: empty and ready to be filled in, or full of made-up incidents to try things out on.

    python -m scripts.new_tracker OUT.xlsx                  an empty tracker
    python -m scripts.new_tracker OUT.xlsx --sample 200     one with 200 made-up incidents, up to --as-of

A file that is there already is never overwritten. Exit codes: 0 made; 2 it cannot be made there, or wrong usage;
1 something unexpected.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
from collections.abc import Sequence
from pathlib import Path

from scripts.adapters.cli import command_line
from scripts.adapters.storage.atomic_write import write_new
from tracker_schema.errors import UsageError
from tracker_schema.working_days import OutsideCalendar, england_and_wales

MOST = 100_000


def parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    """The options of this job."""
    parser = command_line.job_parser(__doc__ or "", reads_tracker=False)
    parser.add_argument("out", type=Path, metavar="OUT.xlsx", help="the workbook to make")
    parser.add_argument("--sample", type=_number, default=0, metavar="N", help="fill it with N made-up incidents")
    return parser.parse_args(arguments)


def main(arguments: Sequence[str] | None = None) -> int:
    """Make the tracker that the command line `arguments` ask for; gives the exit code."""
    options = parse(arguments)
    as_of = options.as_of or command_line.today()
    try:
        england_and_wales().require(as_of, "--as-of")
        _check_place(options.out)
        _write(options.out, _workbook(options.sample, as_of))
    except OutsideCalendar as error:
        raise UsageError(f"{error}.") from None
    except OSError as error:
        raise UsageError(
            f"{options.out} cannot be written ({error.strerror}); give it another name, or put it in another folder."
        ) from None
    if options.json:
        print(json.dumps({"as_of": as_of.isoformat(), "tracker": options.out.name, "incidents": options.sample}))
    elif options.sample:
        print(f"{options.out} holds {options.sample} made-up incidents. Nobody in them exists.")
    else:
        print(f"{options.out} is ready to be filled in. Its sheet Notes explains every column.")
    return 0


def _number(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= MOST:
        raise argparse.ArgumentTypeError(f"“{text}” is not a number from 1 to {MOST}")
    return int(text)


def _check_place(out: Path) -> None:
    """Nothing; raises UsageError, with the remedy, when no workbook can be made at `out`."""
    if out.suffix.lower() != ".xlsx":
        raise UsageError(f"{out} does not end in .xlsx; a new tracker is an Excel workbook without macros.")
    if not out.parent.is_dir():
        raise UsageError(f"There is no folder {out.parent}; make it first, or name another.")
    if out.exists():
        raise UsageError(f"{out} is there already and is left as it is; name another file, or move that one away.")


def _workbook(incidents: int, as_of: dt.date) -> bytes:
    # Loaded here, because loading openpyxl takes longer than finding out that there is nothing for it to do.
    from scripts.adapters.workbook.new.new_workbook import build
    from tracker_schema.made_up import sample

    return build(sample(incidents, as_of, england_and_wales()) if incidents else {})


def _write(out: Path, workbook: bytes) -> None:
    try:
        write_new(out, workbook)
    except FileExistsError:
        raise UsageError(f"{out} is there already and is left as it is; name another file.") from None


if __name__ == "__main__":
    command_line.run(main)
