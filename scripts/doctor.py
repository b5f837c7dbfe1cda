"""Check everything that can be wrong before the first real run, and give the remedy for each fault.

    python -m scripts.doctor                    this computer, the settings, and the tracker in config.toml
    python -m scripts.doctor --tracker FILE     this computer, and any workbook
    python -m scripts.doctor --dry-run          without trying whether files can be written
    python -m scripts.doctor --smoke            also try what SharePoint does here, on a copy of the tracker

The tracker itself is not changed. To try whether it can be written, a copy is put beside it and deleted again.
Exit codes: 0 nothing is wrong; 2 the settings or the sign-in are wrong; 3 the tracker cannot be used; 4 it is busy;
1 something unexpected.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from contextlib import nullcontext

from scripts.adapters.cli import clock, command_line, terminal
from scripts.adapters.doctor import report
from scripts.adapters.doctor.examination import MOST_CHECKS, examine
from scripts.adapters.doctor.examined import Examined


def parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    """Return the options of this job."""
    parser = command_line.job_parser(__doc__ or "")
    parser.add_argument(
        "--smoke", action="store_true", help="also try a new tenant, on a copy of the tracker in SharePoint"
    )
    parser.add_argument("--other-site", metavar="URL", help="with --smoke: a site that this program must not open")
    parser.add_argument("--interactive", action="store_true", help="with --smoke: ask for the steps that need a person")
    options = parser.parse_args(arguments)
    if not options.smoke and (options.other_site or options.interactive):
        parser.error("--other-site and --interactive belong to --smoke")
    if options.smoke and options.dry_run:
        parser.error("--smoke makes a copy of the tracker; leave out --dry-run")
    if options.other_site and not options.other_site.startswith("https://"):
        parser.error("--other-site takes the address of a site, as the browser shows it")
    return options


def main(arguments: Sequence[str] | None = None) -> int:
    """Check what the command line `arguments` ask for, and return the exit code."""
    options = parse(arguments)
    as_of = options.as_of or clock.today()
    with nullcontext(_silent) if options.interactive else terminal.progress(MOST_CHECKS) as progress:
        findings = examine(Examined(options, as_of, progress, terminal.ask if options.interactive else None))
    if options.json:
        print(json.dumps(report.as_json(findings, as_of), indent=2))
    else:
        report.show(findings)
    return report.exit_code(findings)


def _silent(stage: str) -> None:
    """Show no progress while a person answers questions."""


if __name__ == "__main__":
    command_line.run(main)
