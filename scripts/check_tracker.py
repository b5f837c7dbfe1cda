"""Check the tracker: work out every deadline, report what is overdue, due or wrong, and update the status columns.

    python -m scripts.check_tracker                     the tracker in config.toml
    python -m scripts.check_tracker --tracker FILE      any workbook, without settings
    python -m scripts.check_tracker --dry-run           show every cell that would change, and change none
    python -m scripts.check_tracker --demo              made-up cases in demo/, to see how it works
    python -m scripts.check_tracker --removed NAME...   record that these rows or headings were removed on purpose
    python -m scripts.check_tracker --slt-met DATE      SLT met on that day: fill in “Last discussed at SLT”

A new row on the sheet SLT does the same as --slt-met. First it says what was there at the last run and is gone or
changed: headings, rows, and dates of deadlines.

Exit codes: 0 checked (whatever was found); 2 wrong usage or settings; 3 the tracker cannot be used, or a heading that
deadlines need is gone; 4 somebody has it open, and the next run writes what is missing; 1 something unexpected.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from dataclasses import replace

from scripts.adapters.cli import check_json, check_tables, clock, command_line, terminal
from scripts.adapters.ledger.log_memory import LogMemory, raise_for_gone_headings
from scripts.adapters.settings.build import load_config, open_store
from scripts.adapters.settings.config import Config
from scripts.adapters.tracker import demo
from scripts.adapters.tracker.checking import STAGES, check


def parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    """Return the options of this job."""
    parser = command_line.job_parser(__doc__ or "")
    parser.add_argument(
        "--removed", nargs="+", default=(), metavar="NAME", help="references or headings that were removed on purpose"
    )
    parser.add_argument(
        "--slt-met",
        action="append",
        default=[],
        type=command_line.day,
        metavar="YYYY-MM-DD",
        help="SLT met on this day",
    )
    options = command_line.parse_with_demo(parser, arguments, "make a tracker of made-up cases in demo/ and check it")
    if any(met > (options.as_of or clock.today()) for met in options.slt_met):
        parser.error("--slt-met takes a day that is not after today")
    return options


def main(arguments: Sequence[str] | None = None) -> int:
    """Check the tracker as the command line `arguments` ask, and return the exit code."""
    options = parse(arguments)
    as_of = options.as_of or clock.today()
    config = Config() if options.demo else load_config(options)
    store = demo.make(as_of) if options.demo else open_store(config, options.tracker)
    # A demonstration starts anew each time, so it remembers nothing.
    memory = None if options.demo else LogMemory(config, options.tracker, "check_tracker", dry_run=options.dry_run)
    if memory and options.removed:
        memory.forget(options.removed)
    with terminal.progress(STAGES) as progress:
        done = check(
            config,
            store,
            as_of,
            dry_run=options.dry_run,
            progress=progress,
            before=memory.before if memory else None,
            slt_met=options.slt_met,
        )
    if memory:
        done = replace(done, tracker=memory.guarded(done.tracker))
    if options.json:
        check_json.write_json(done, sys.stdout)
    else:
        check_tables.show(done)
        if options.demo:
            print(f"Open {demo.TRACKER} to see it; the cases are made up.")
    for remark in done.remarks:
        terminal.warn_on_stderr(remark)
    if memory and (damage := memory.renew(done.tracker)) and not memory.damage:
        terminal.warn_on_stderr(damage.message)
    if done.refusal and done.tracker.stopping_changes:
        terminal.warn_on_stderr(str(done.refusal))
    raise_for_gone_headings(done.tracker)
    if done.refusal:
        raise done.refusal
    return 0


if __name__ == "__main__":
    command_line.run(main)
