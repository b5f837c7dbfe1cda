"""Show which themes recur in the learning from incidents, and what followed: an Excel workbook.

    python -m scripts.themes_report                     on the tracker of the settings
    python -m scripts.themes_report --tracker FILE      on this workbook
    python -m scripts.themes_report --demo              on made-up cases

It is for the Learning and Improvement sub-group and Extended DLT: the themes by quarter, the open and done actions by
theme and incident, and when the learning was discussed and shared. Cases are named by their reference. The themes are
what people typed into the tracker, so the workbook is only for people who may see it. The tracker is only read; an
existing file is never overwritten. Exit codes: 0 made; 2 wrong usage or settings; 3 the tracker cannot be used, or a
heading that deadlines need is gone since the last run; 4 it is busy; 1 something unexpected.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from pathlib import Path

from scripts.adapters.cli import clock, command_line
from scripts.adapters.ledger.log_memory import raise_for_gone_headings
from scripts.adapters.reports import output
from scripts.adapters.reports.content import UNNAMED
from scripts.adapters.settings.build import load_config, open_store
from scripts.adapters.settings.config import Config
from scripts.adapters.tracker import demo
from scripts.adapters.tracker.load import load_and_compare
from tracker_schema.evidence.learning import learning_of


def parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    """Return the options of this job."""
    parser = command_line.job_parser(__doc__ or "")
    parser.add_argument(
        "--out", type=command_line.path, metavar="DIR", help="the folder for the file (default: this one)"
    )
    return command_line.parse_with_demo(parser, arguments, "show it on made-up cases, in demo/")


def main(arguments: Sequence[str] | None = None) -> int:
    """Make the report that the command line `arguments` ask for. Return the exit code."""
    options = parse(arguments)
    as_of = options.as_of or clock.today()
    config = Config() if options.demo else load_config(options)
    store = demo.make(as_of) if options.demo else open_store(config, options.tracker)
    tracker = load_and_compare(config, store, options.tracker, as_of)
    # Loaded here, because openpyxl takes longer to load than it takes to find a mistake in the settings.
    from scripts.adapters.reports.themes_report import TITLE, WHO_MAY_SEE, ThemesReport, build

    report = ThemesReport(config.council.name or UNNAMED, config.council.marking, as_of, learning_of(tracker))
    files = {f"{report.file_stem}.xlsx": build(report)}
    folder = options.out or (demo.TRACKER.parent if options.demo else Path())
    saved = list(map(Path, files)) if options.dry_run else output.save(folder, files)
    if options.json:
        print(json.dumps(report.as_json(saved), indent=2))
    else:
        print(f"{TITLE}\n{WHO_MAY_SEE}\n{report.headline}")
        for path in saved:
            print(f"{path} {'would be made' if options.dry_run else 'is made'}.")
    raise_for_gone_headings(tracker)
    return 0


if __name__ == "__main__":
    command_line.run(main)
