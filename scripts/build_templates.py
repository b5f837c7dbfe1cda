"""Make the Word templates anew from what the documents hold, each with a text beside it that shows a change to it.

The list of fields in templates/README.md is brought up to date as well.

    python -m scripts.build_templates               templates/documents/
    python -m scripts.build_templates --out DIR     another folder, to compare

A template that was edited in Word is left as it is; only the text beside it is brought up to date. To have it made
anew, move it away first. Exit codes: 0 made; 2 the folder cannot be written, or wrong usage; 1 something unexpected.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from pathlib import Path

from scripts.adapters.cli import command_line
from scripts.adapters.cli.terminal import show_table
from scripts.adapters.word.templates import building
from tracker_schema.errors import UsageError


def parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    """The options of this job."""
    parser = command_line.job_parser(__doc__ or "", reads_tracker=False)
    parser.add_argument("--out", type=Path, default=building.FOLDER, metavar="DIR", help="the folder of the templates")
    return parser.parse_args(arguments)


def main(arguments: Sequence[str] | None = None) -> int:
    """Make the templates as the command line `arguments` say; gives the exit code."""
    options = parse(arguments)
    try:
        built = list(building.build_all(options.out))
        if options.out == building.FOLDER:
            _list_fields()
    except OSError as error:
        raise UsageError(
            f"{error.filename} cannot be written ({error.strerror}); close it if it is open in Word, or name another "
            "folder with --out."
        ) from None
    if options.json:
        print(json.dumps({each.name: each.outcome for each in built}, indent=2))
    else:
        show_table("Templates", ["Template", "What became of it"], [[each.name, _told(each)] for each in built])
    return 0


def _list_fields() -> None:
    # Loaded here, because it takes docxtpl, which takes long to load.
    from scripts.adapters.word.templates.field_list import README, refreshed

    README.write_text(refreshed(README.read_text("utf-8")), "utf-8", newline="\n")


def _told(each: building.Built) -> str:
    return "edited in Word, so it was left as it is" if each.outcome == "edited" else each.outcome


if __name__ == "__main__":
    command_line.run(main)
