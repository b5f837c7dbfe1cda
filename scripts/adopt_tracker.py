"""Keep the spreadsheet you have: find out which of its headings is which column, and write that to the settings.

    python -m scripts.adopt_tracker "Our log.xlsx"          a workbook on this computer
    python -m scripts.adopt_tracker                         the tracker that config.toml names, in SharePoint too
    python -m scripts.adopt_tracker "Our log.xlsx" --yes    accept every proposal, ask nothing

On a terminal it asks about headings and words that are not sure; Enter accepts the proposal. Elsewhere, without --yes,
these are comments in the settings, for a person to finish. If a required heading is missing, the exit code is 3. The
workbook is only read. An existing config.toml is never overwritten: you see the difference, and the proposal is written
beside it.

Exit codes: 0 done; 2 wrong usage or settings; 3 the workbook is no log of critical incidents, a required heading is
missing, or it cannot be used; 4 it is busy; 1 something unexpected.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path

from scripts.adapters.adoption import questions, report
from scripts.adapters.adoption.pages import read_pages
from scripts.adapters.adoption.settings_file import write_settings
from scripts.adapters.adoption.trial import Unfinished, try_settings
from scripts.adapters.cli import clock, command_line
from scripts.adapters.settings.build import load_config, open_store, rules_of
from tracker_schema.adoption.proposal import propose


def parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    """Return the options of this job."""
    parser = command_line.job_parser(__doc__ or "")
    parser.add_argument("file", nargs="?", type=Path, metavar="FILE", help="the workbook (default: the configured one)")
    parser.add_argument("--yes", action="store_true", help="accept every proposal and ask nothing")
    parser.add_argument("--report", type=Path, metavar="FILE.html", help="also write what was found to this page")
    options = parser.parse_args(arguments)
    if options.file and options.tracker:
        parser.error("name the workbook once, as FILE or after --tracker")
    options.file = options.file or options.tracker
    return options


def main(arguments: Sequence[str] | None = None) -> int:
    """Adopt the workbook that the command line `arguments` name. Return the exit code."""
    options = parse(arguments)
    if options.report:
        report.check_place(options.report)
    path: Path = options.config or command_line.DEFAULT_CONFIG
    # The settings file may not exist yet.
    options.config = path if path.exists() else None
    config = load_config(options)
    snapshot = open_store(config, options.file).read()
    proposal = propose(read_pages(snapshot.data, snapshot.name), snapshot.name)
    asks = sys.stdin.isatty() and not options.yes
    if asks:
        proposal = questions.ask_about_headings(proposal)
    meanings = proposal.meanings()
    if asks:
        meanings = questions.ask_about_words(proposal, meanings)
    workbook = options.file or config.tracker.file
    today = options.as_of or clock.today()
    try:
        adopted = try_settings(snapshot.data, snapshot.name, proposal, meanings, doubtful=asks or options.yes)
    except Unfinished as unfinished:
        so_far = write_settings(path, unfinished.settings, workbook, today, dry_run=options.dry_run)
        raise report.unfinished(unfinished, so_far) from None
    written = write_settings(path, adopted.settings, workbook, today, dry_run=options.dry_run)
    found = report.as_json(adopted, rules_of(config), written)
    if options.report and not options.dry_run:
        report.save_page(found, options.report)
    if options.json:
        print(json.dumps(found, indent=2, ensure_ascii=False))
    else:
        report.show(found)
        report.show_end(found, written, path, dry_run=options.dry_run)
    return 0


if __name__ == "__main__":
    command_line.run(main)
