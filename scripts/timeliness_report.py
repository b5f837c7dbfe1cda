"""Show how timely the notifications of each quarter were: an Excel workbook with charts, and a Word document.

    python -m scripts.timeliness_report                                     the last four whole quarters
    python -m scripts.timeliness_report --from 2026-04-01 --to 2026-09-30   whole quarters of your choice
    python -m scripts.timeliness_report --publish                           numbers that may be passed on
    python -m scripts.timeliness_report --extract                           also a pseudonymised extract
    python -m scripts.timeliness_report --demo                              on made-up cases

The numbers are true, so they are only for people who may see the tracker. With --publish, counts are rounded to the
nearest 5 and counts of 1 to 4 are suppressed, as in the Department for Education's own statistics. The tracker is only
read; an existing file is never overwritten. Exit codes: 0 made; 2 wrong usage or settings; 3 the tracker cannot be
used, or a heading that deadlines need is gone since the last run; 4 it is busy; 1 something unexpected.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from pathlib import Path

from scripts.adapters.cli import clock, command_line
from scripts.adapters.ledger.log_memory import raise_for_gone_headings
from scripts.adapters.reports import extract_file, output
from scripts.adapters.reports.content import TITLE, UNNAMED, Report, headline
from scripts.adapters.reports.period import chosen_quarters
from scripts.adapters.settings.build import load_config, open_store
from scripts.adapters.settings.config import Config
from scripts.adapters.tracker import demo
from scripts.adapters.tracker.load import load_and_compare
from tracker_schema.evidence.disclosure import suppress_small_counts
from tracker_schema.evidence.extract import extract
from tracker_schema.evidence.timeliness import timeliness

DEMO_KEY = b"made-up incidents have no secrets"


def parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    """Return the options of this job."""
    parser = command_line.job_parser(__doc__ or "")
    day, shown = command_line.day, "YYYY-MM-DD"
    parser.add_argument("--from", dest="first", type=day, metavar=shown, help="the first day of a quarter")
    parser.add_argument("--to", dest="last", type=day, metavar=shown, help="the last day of a quarter")
    parser.add_argument(
        "--out", type=command_line.path, metavar="DIR", help="the folder for the files (default: this one)"
    )
    parser.add_argument("--publish", action="store_true", help="round the numbers and suppress those from 1 to 4")
    parser.add_argument("--extract", action="store_true", help="also make a pseudonymised row for each child")
    return command_line.parse_with_demo(parser, arguments, "show it on made-up cases, in demo/")


def main(arguments: Sequence[str] | None = None) -> int:
    """Make the report that the command line `arguments` ask for. Return the exit code."""
    options = parse(arguments)
    as_of = options.as_of or clock.today()
    first, last = chosen_quarters(options.first, options.last, as_of)
    config = Config() if options.demo else load_config(options)
    key = None
    if options.extract:
        key = DEMO_KEY if options.demo else extract_file.pseudonym_key()
    store = demo.make(as_of) if options.demo else open_store(config, options.tracker)
    # What was late before `start_from` is counted too.
    config = config.model_copy(update={"clocks": config.clocks.model_copy(update={"start_from": None})})
    tracker = load_and_compare(config, store, options.tracker, as_of)
    types = timeliness(tracker, first, last)
    if options.publish:
        types = tuple(map(suppress_small_counts, types))
    council = config.council.name or UNNAMED
    report = Report(council, config.council.marking, first, last, as_of, types, options.publish)
    files = output.files_of(report)
    if key:
        files[f"Pseudonymised extract {as_of}.csv"] = extract_file.build(extract(tracker, key))
    folder = options.out or (demo.TRACKER.parent if options.demo else Path())
    saved = list(map(Path, files)) if options.dry_run else output.save(folder, files)
    if options.json:
        print(json.dumps(output.as_json(report, saved), indent=2))
    else:
        print(f"{TITLE}, {report.period}\n{report.numbers}")
        for each in report.types:
            print(f"  {each.kind.name}: {headline(each, published=options.publish)}")
        for path in saved:
            print(f"{path} {'would be made' if options.dry_run else 'is made'}.")
    raise_for_gone_headings(tracker)
    return 0


if __name__ == "__main__":
    command_line.run(main)
