"""Mail the week's summary to the Senior Leadership Team: what needs them now, what is new, and how every case stands.

    python -m scripts.weekly_summary                        to those under recipients.slt in config.toml, once a week
    python -m scripts.weekly_summary --preview PAGE.html    write it as a page to look at, and send nothing
    python -m scripts.weekly_summary --dry-run              say what would be sent, and send nothing
    python -m scripts.weekly_summary --demo                 of made-up cases, as a draft in demo/

Where config.toml does not say how mail goes out, and with --tracker, it is put into the folder of drafts.

Exit codes: 0 sent, or sent before; 2 wrong usage or settings; 3 the tracker cannot be used; 4 it is busy; 5 mail was
not sent to everybody; 1 something unexpected.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from pathlib import Path

from scripts.adapters.cli import clock, command_line
from scripts.adapters.tracker import demo


def parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    """The options of this job."""
    parser = command_line.job_parser(__doc__ or "")
    parser.add_argument("--preview", type=Path, metavar="FILE.html", help="write the summary as a page; send nothing")
    parser.add_argument(
        "--week", type=command_line.iso_week, metavar="YYYY-Www", help="the week it is for (default: that of the day)"
    )
    return command_line.parse_with_demo(parser, arguments, "make a tracker of made-up cases in demo/ and sum it up")


def main(arguments: Sequence[str] | None = None) -> int:
    """Sum up the tracker and mail it as the command line `arguments` say; gives the exit code."""
    # Templates and pictures take long to load, and --help needs neither.
    from scripts.adapters.mail import deliveries, weekly_run

    options = parse(arguments)
    as_of = options.as_of or clock.today()
    config, store = demo.settings_and_store(options, as_of)
    trial = options.tracker is not None
    written = weekly_run.write(store, config, as_of, trial=trial, week=options.week)
    posting = None
    if options.preview:
        weekly_run.save_page(written, options.preview)
    else:
        posting = weekly_run.send(written, config, clock.moment(), trial=trial, dry_run=options.dry_run)
    if options.json:
        print(json.dumps(weekly_run.as_json(written, posting), indent=2, ensure_ascii=False))
    else:
        print(written.mail.subject)
        if posting:
            deliveries.show(posting)
        else:
            print(f"{options.preview} is ready to be looked at; nothing was sent.")
    if posting and posting.refusal:
        raise posting.refusal
    return 0


if __name__ == "__main__":
    command_line.run(main)
