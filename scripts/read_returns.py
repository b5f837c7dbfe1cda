"""Read completed forms into the tracker: Critical Incident Forms as rows, agencies' returns, records of day 4.

    python -m scripts.read_returns FOLDER               show what would be entered, and which answers are missing
    python -m scripts.read_returns FOLDER --apply       enter it, and move the forms to the folder Processed in FOLDER
    python -m scripts.read_returns FOLDER --received 2026-11-20     they were received on that date, not today
    python -m scripts.read_returns --returned           enter those in “Returned forms” beside the case folders,
                                                        and move each to its case, as run_schedule does
    python -m scripts.read_returns --demo               made-up forms for a made-up tracker, both in demo/

Only empty cells are filled. Where a form disagrees with the tracker, the cell is named. A file that is not recognised
as one of our forms is left in place, with the reason. Nothing is deleted.

Exit codes: 0 read (whatever was found); 2 wrong usage or settings, or no such folder; 3 the tracker cannot be used;
4 somebody has it open, and no file was moved; 1 something unexpected.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext

from scripts.adapters.cli import clock, command_line, terminal
from scripts.adapters.ledger.returns_so_far import ReturnsSoFar
from scripts.adapters.settings.build import council_of, load_config, names_of, open_store, rules_of
from scripts.adapters.settings.config import Config
from scripts.adapters.tracker import demo
from scripts.adapters.word.returns import demonstration, reading_in, report


def parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    """Return the options of this job."""
    parser = command_line.job_parser(__doc__ or "")
    parser.add_argument(
        "folder", nargs="?", type=command_line.path, metavar="FOLDER", help="where the completed forms are"
    )
    parser.add_argument("--apply", action="store_true", help="enter what is shown, and move the finished forms")
    parser.add_argument(
        "--received", type=command_line.day, metavar="YYYY-MM-DD", help="the date they were received (default: --as-of)"
    )
    parser.add_argument("--returned", action="store_true", help="those that came back into the folder of the cases")
    parser.add_argument(
        "--demo", action="store_true", help="make a tracker and completed forms in demo/, and read them"
    )
    options = parser.parse_args(arguments)
    if options.demo and (options.tracker or options.config or options.folder):
        parser.error("--demo makes its own tracker and forms; leave out --tracker, --config and the folder")
    if options.returned and (options.folder or options.apply or options.received or options.demo):
        parser.error("--returned has its own folder, and enters what it finds; leave out the other options")
    if not (options.demo or options.returned) and options.folder is None:
        parser.error("give the FOLDER that the completed forms are in")
    if options.apply and options.dry_run:
        parser.error("--apply enters what --dry-run only shows; leave out one of the two")
    options.as_of = options.as_of or clock.today()
    options.received = options.received or options.as_of
    if options.received > options.as_of:
        parser.error(f"--received {options.received} is after {options.as_of}; forms cannot arrive in the future")
    return options


def main(arguments: Sequence[str] | None = None) -> int:
    """Read the forms that the command line `arguments` name, and return the exit code."""
    options = parse(arguments)
    config = demo.settings() if options.demo else load_config(options)
    if options.returned:
        return _read_returned(options, config)
    store, folder = demo.make(options.as_of) if options.demo else open_store(config, options.tracker), options.folder
    if options.demo:
        folder = demonstration.make(store, rules_of(config), council_of(config), options.as_of)
    with _record(config, options) as so_far, terminal.progress(reading_in.STAGES) as progress:
        done = reading_in.read_in(
            store,
            names_of(config),
            rules_of(config),
            folder,
            options.as_of,
            received=options.received,
            apply=options.apply,
            progress=progress,
            so_far=so_far,
        )
    if options.json:
        print(json.dumps(report.as_json(done), indent=2))
    else:
        report.show(done)
    if done.entered.refusal:
        raise done.entered.refusal
    return 0


def _read_returned(options: argparse.Namespace, config: Config) -> int:
    from scripts.adapters.word.returns import in_case_folders

    store, ledger = open_store(config, options.tracker), config.ledger.file_of(trial=bool(options.tracker))
    with _record(config, options) as so_far, terminal.progress(in_case_folders.STAGES) as progress:
        done = in_case_folders.read_returned(
            config, store, options.as_of, dry_run=options.dry_run, progress=progress, ledger=ledger, so_far=so_far
        )
    if options.json:
        print(json.dumps({"folders": [report.as_json(each) for each in done]}, indent=2))
    elif not done:
        print("No form came back. One that was saved less than a minute ago waits: run it again then.")
    for each in done:
        if not options.json:
            report.show(each)
        if each.entered.refusal:
            raise each.entered.refusal
    return 0


def _record(config: Config, options: argparse.Namespace) -> AbstractContextManager[ReturnsSoFar | None]:
    """Return the record of what agencies have sent back; none for a dry run."""
    return nullcontext() if options.dry_run else ReturnsSoFar(config.ledger.file_of(trial=bool(options.tracker)))


if __name__ == "__main__":
    command_line.run(main)
