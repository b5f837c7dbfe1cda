"""Show how timely the notifications of each quarter were: an Excel workbook with charts, and a Word document.

    python -m scripts.timeliness_report                                     the last four whole quarters
    python -m scripts.timeliness_report --from 2026-04-01 --to 2026-09-30   whole quarters of your choice
    python -m scripts.timeliness_report --extract                           besides, a pseudonymised extract
    python -m scripts.timeliness_report --demo                              on made-up cases

Counts under 5 are kept back, and so is what would let one be worked out from the report. From two reports of periods
that overlap one may be worked out: pass on one report of each quarter, when it is over. The tracker is only read; a
file that is there already is never overwritten. Exit codes: 0 made; 2 wrong usage or settings; 3 the tracker cannot be
used; 4 it is busy; 1 something unexpected.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from scripts.adapters.cli import clock, command_line
from scripts.adapters.reports.timeliness import files
from scripts.adapters.reports.timeliness.tables import Report, headline
from scripts.adapters.settings.build import load_config, names_of, open_store, rules_of
from scripts.adapters.settings.config import Config
from scripts.adapters.tracker import demo
from scripts.adapters.tracker.checking import assess_tracker
from scripts.adapters.workbook.read import read_tracker
from tracker_schema.evidence.extract import extract
from tracker_schema.evidence.timeliness import timeliness

# What the report calls a council whose name the settings do not say.
UNNAMED = "The council"


def parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    """The options of this job."""
    parser = command_line.job_parser(__doc__ or "")
    day, shown = command_line.day, "YYYY-MM-DD"
    parser.add_argument("--from", dest="first", type=day, metavar=shown, help="the first day of a quarter")
    parser.add_argument("--to", dest="last", type=day, metavar=shown, help="the last day of a quarter")
    parser.add_argument("--out", type=Path, metavar="DIR", help="the folder for the files (default: this one)")
    parser.add_argument("--extract", action="store_true", help="besides, a pseudonymised row for each incident")
    return command_line.parse_with_demo(parser, arguments, "show it on made-up cases, in demo/")


def main(arguments: Sequence[str] | None = None) -> int:
    """Make the report that the command line `arguments` ask for; gives the exit code."""
    options = parse(arguments)
    as_of = options.as_of or clock.today()
    first, last = files.chosen_quarters(options.first, options.last, as_of)
    config = Config() if options.demo else load_config(options)
    rules = replace(rules_of(config), start_from=None)  # it is about what was late then, too
    key = files.pseudonym_key(demo=options.demo) if options.extract else None
    store = demo.make(as_of) if options.demo else open_store(config, options.tracker)
    snapshot = store.read()
    assessment = assess_tracker(read_tracker(snapshot.data, snapshot.name, names_of(config)), rules, as_of)
    council = config.council.name or UNNAMED
    found = timeliness(assessment, rules, first, last)
    report = Report(council, config.council.marking, first, last, as_of, found)
    made = files.files_of(report)
    if key:
        made |= files.extract_of(report, extract(assessment, rules, key))
    folder = options.out or (demo.TRACKER.parent if options.demo else Path())
    saved = list(map(Path, made)) if options.dry_run else files.save(folder, made)
    if options.json:
        print(json.dumps(files.as_json(report, saved), indent=2, ensure_ascii=False))
    else:
        print(f"{report.title}, {report.period}")
        for each in report.types:
            print(f"  {each.kind.name}: {headline(each)}")
        for path in saved:
            print(f"{path} {'would be made' if options.dry_run else 'is made'}.")
    return 0


if __name__ == "__main__":
    command_line.run(main)
