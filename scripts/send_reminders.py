"""Remind everybody who is to be reminded today: the Head of Service for Safeguarding of all that needs them, the Heads
of Service of a decision that is missing on day 4, an operational Head of Service of a CSPR referral, and agencies of
their scoping returns.

    python -m scripts.send_reminders                as config.toml says; run it every working day
    python -m scripts.send_reminders --dry-run      say who would be reminded, and remind nobody
    python -m scripts.send_reminders --demo         of made-up cases, as drafts in demo/

Each reminder goes once. Those to agencies are drafts, unless mail.to_agencies in config.toml says "send". When agencies
were chased is entered in the tracker under “Last chased”.

Exit codes: 0 done, whoever was reminded; 2 wrong usage or settings; 3 the tracker cannot be used; 4 it is busy, and the
next run enters what this one could not; 5 mail was not sent to everybody; 1 something unexpected.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence

from scripts.adapters.cli import clock, command_line, terminal
from scripts.adapters.tracker import demo


def parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    """The options of this job."""
    parser = command_line.job_parser(__doc__ or "")
    return command_line.parse_with_demo(parser, arguments, "make a tracker of made-up cases in demo/ and remind of it")


def main(arguments: Sequence[str] | None = None) -> int:
    """Remind as the command line `arguments` say; gives the exit code."""
    # Loaded here, because templates take long to load, and --help needs none.
    from scripts.adapters.mail import reminders_run

    options = parse(arguments)
    as_of = options.as_of or clock.today()
    config, store = demo.settings_and_store(options, as_of)
    with terminal.progress(reminders_run.STAGES) as progress:
        done = reminders_run.remind(
            store,
            config,
            as_of,
            clock.moment(),
            trial=options.tracker is not None,
            dry_run=options.dry_run,
            progress=progress,
        )
    if options.json:
        print(json.dumps(reminders_run.as_json(done), indent=2, ensure_ascii=False))
    else:
        reminders_run.show(done)
    refusals = [refusal for refusal in (done.posting.refusal, done.refusal) if refusal]
    for refusal in refusals[1:]:
        terminal.warn_on_stderr(str(refusal))
    if refusals:
        raise refusals[0]
    return 0


if __name__ == "__main__":
    command_line.run(main)
