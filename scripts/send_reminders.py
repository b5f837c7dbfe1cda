"""Send the reminders that are due today.

The Head of Service for Safeguarding gets a list of everything that needs them, the Heads of Service a message when
there is no decision by day 4, an operational Head of Service a message about a CSPR referral or a review, agencies a
reminder of their scoping returns, and the Director a message when a statutory date passes without its step.

    python -m scripts.send_reminders                with the settings in config.toml; run it every working day
    python -m scripts.send_reminders --dry-run      show who would be reminded, and remind nobody
    python -m scripts.send_reminders --demo         about made-up cases, as drafts in demo/

With calendar.mailbox in config.toml, it then keeps the deadlines as events in that mailbox's calendar.

Each reminder is sent once. Those to agencies are drafts, unless mail.to_agencies in config.toml is "send", and those to
the Director, unless reminders.escalate_to_director is. The date on which an agency was reminded is written to “Last
chased” in the tracker; that of a draft only when a person says that it was sent, with a Yes under “Chaser sent” on the
Scoping sheet or with python -m scripts.ledger --sent.

Exit codes: 0 done, whoever was reminded; 2 wrong usage or settings; 3 the tracker cannot be used; 4 it is busy, and the
next run writes what this one could not; 5 mail was not sent to everybody; 1 something unexpected. 3 also, after
the reminders are sent, when a heading that deadlines need is gone.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence

from scripts.adapters.cli import clock, command_line, terminal
from scripts.adapters.ledger.log_memory import LogMemory, raise_for_gone_headings
from scripts.adapters.tracker import demo


def parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    """Return the options of this job."""
    parser = command_line.job_parser(__doc__ or "")
    return command_line.parse_with_demo(parser, arguments, "use a tracker of made-up cases, made in demo/")


def main(arguments: Sequence[str] | None = None) -> int:
    """Send the reminders as the command line `arguments` ask, and return the exit code."""
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
            memory=LogMemory(config, options.tracker, "send_reminders", dry_run=options.dry_run),
        )
    if options.json:
        print(json.dumps(reminders_run.as_json(done), indent=2))
    else:
        reminders_run.show(done)
    refusals = [refusal for refusal in (done.posting.refusal, done.refusal, done.calendar_refusal) if refusal]
    refusals += done.faults
    for refusal in refusals[1:]:
        terminal.warn_on_stderr(str(refusal))
    if refusals:
        raise refusals[0]
    raise_for_gone_headings(done.log)
    return 0


if __name__ == "__main__":
    command_line.run(main)
