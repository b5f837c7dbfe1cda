"""E-mail the week's summary to the Senior Leadership Team: what needs them, what is new, and the status of every case.

    python -m scripts.weekly_summary                        to the addresses under recipients.slt, once a week
    python -m scripts.weekly_summary --preview PAGE.html    write it as a web page, and send nothing
    python -m scripts.weekly_summary --dry-run              show what would be sent, and send nothing
    python -m scripts.weekly_summary --demo                 about made-up cases, as a draft in demo/

If config.toml does not say how mail is sent, or with --tracker, it is saved in the folder of drafts.

Exit codes: 0 sent now or before; 2 wrong usage or settings; 3 the tracker cannot be used; 4 it is busy; 5 mail was not
sent to everybody; 1 something unexpected. 3 also, after the mail is sent, when a heading that deadlines need is gone.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence

from scripts.adapters.cli import clock, command_line
from scripts.adapters.ledger.log_memory import LogMemory, raise_for_gone_headings
from scripts.adapters.tracker import demo


def parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    """Return the options of this job."""
    parser = command_line.job_parser(__doc__ or "")
    parser.add_argument(
        "--preview", type=command_line.path, metavar="FILE.html", help="write it as a web page; send nothing"
    )
    parser.add_argument(
        "--week", type=command_line.iso_week, metavar="YYYY-Www", help="the week of the summary (default: this week)"
    )
    return command_line.parse_with_demo(parser, arguments, "use a tracker of made-up cases, made in demo/")


def main(arguments: Sequence[str] | None = None) -> int:
    """Send the summary as the command line `arguments` ask, and return the exit code."""
    # Templates and pictures take long to load, and --help needs neither.
    from scripts.adapters.mail import deliveries, weekly_json, weekly_run
    from scripts.adapters.mail.messages.weekly_summary import KIND

    options = parse(arguments)
    as_of = options.as_of or clock.today()
    config, store = demo.settings_and_store(options, as_of)
    trial = options.tracker is not None
    keeps_nothing = options.dry_run or options.preview is not None
    memory = LogMemory(config, options.tracker, "weekly_summary", dry_run=keeps_nothing)
    written = weekly_run.write(store, config, as_of, trial=trial, week=options.week, memory=memory)
    posting = None
    if options.preview:
        weekly_run.save_page(written, options.preview)
    else:
        posting = weekly_run.send(written, config, clock.moment(), trial=trial, dry_run=options.dry_run)
    if options.json:
        print(json.dumps(weekly_json.as_json(written, posting), indent=2))
    else:
        print(written.mail.subject)
        if posting:
            deliveries.show(posting)
        else:
            print(f"{options.preview} is ready to open; nothing was sent.")
    if posting and posting.reports(KIND, news=bool(written.log.changes)):
        memory.renew(written.log)
    if posting and posting.refusal:
        raise posting.refusal
    raise_for_gone_headings(written.log)
    return 0


if __name__ == "__main__":
    command_line.run(main)
