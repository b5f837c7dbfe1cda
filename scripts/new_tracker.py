"""Make a new tracker workbook, empty and ready to be filled in.

    python -m scripts.new_tracker OUT.xlsx

An existing file is never overwritten. Exit codes: 0 made; 2 the file cannot be made there, or wrong usage;
1 something unexpected.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from pathlib import Path

from scripts.adapters.cli import command_line
from scripts.adapters.storage.atomic_write import write_new
from tracker_schema.errors import UsageError


def parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    """Return the options of this job."""
    parser = command_line.job_parser(__doc__ or "", reads_tracker=False)
    parser.add_argument("out", type=command_line.path, metavar="OUT.xlsx", help="the workbook to make")
    return parser.parse_args(arguments)


def main(arguments: Sequence[str] | None = None) -> int:
    """Make the tracker that the command line `arguments` ask for, and return the exit code.

    Raises UsageError when it cannot be made there.
    """
    options = parse(arguments)
    try:
        _check_place(options.out)
        _write(options.out)
    except OSError as error:
        raise UsageError(
            f"{options.out} cannot be written ({error.strerror}).", "Give it another name, or choose another folder."
        ) from None
    if options.json:
        print(json.dumps({"tracker": options.out.name}))
    else:
        print(f"{options.out} is ready to be filled in. Its sheet Notes explains every column.")
    return 0


def _check_place(out: Path) -> None:
    if out.suffix.lower() != ".xlsx":
        raise UsageError(f"{out} does not end in .xlsx.", "Choose a name that does; a new tracker has no macros.")
    if not out.parent.is_dir():
        raise UsageError(f"There is no folder {out.parent}.", "Make it first, or name another folder.")


def _write(out: Path) -> None:
    # Loaded here, because loading openpyxl takes longer than finding out that there is nothing for it to do.
    from scripts.adapters.workbook.new.new_workbook import build

    try:
        write_new(out, build({}), rights=None)
    except FileExistsError:
        raise _already_there(out) from None


def _already_there(out: Path) -> UsageError:
    return UsageError(f"{out} already exists and was not changed.", "Choose another name, or move that file away.")


if __name__ == "__main__":
    command_line.run(main)
