"""Explain the deadlines of one incident: the day each starts, whose rule it is, and every day of the count.

    python -m scripts.explain_deadline CI-2026-001                          every deadline that has started
    python -m scripts.explain_deadline CI-2026-001 --clock notify_panel     one deadline

Nothing is written. Exit codes: 0 explained; 2 no such incident or deadline, or wrong settings; 3 the tracker cannot be
used, or a heading that deadlines need is gone since the last run; 4 it is busy; 1 something unexpected.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence

from scripts.adapters.cli import clock, command_line, explanations, explanations_json
from scripts.adapters.ledger.log_memory import raise_for_gone_headings
from scripts.adapters.settings.build import load_config, open_store
from scripts.adapters.tracker.load import load_and_compare


def parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    """Return the options of this job."""
    parser = command_line.job_parser(__doc__ or "")
    parser.add_argument("reference", metavar="REFERENCE", help="the incident's reference")
    parser.add_argument("--clock", metavar="ID", help="one deadline, such as notify_panel (default: all)")
    return parser.parse_args(arguments)


def main(arguments: Sequence[str] | None = None) -> int:
    """Explain the deadlines that the command line `arguments` ask for, and return the exit code."""
    options = parse(arguments)
    as_of = options.as_of or clock.today()
    config = load_config(options)
    store = open_store(config, options.tracker)
    tracker = load_and_compare(config, store, options.tracker, as_of, options.reference)
    found = explanations.find(tracker, options.reference, options.clock)
    if options.json:
        print(json.dumps(explanations_json.as_json(found), indent=2))
    else:
        explanations.show(found)
    raise_for_gone_headings(tracker)
    return 0


if __name__ == "__main__":
    command_line.run(main)
