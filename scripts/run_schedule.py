"""Run check_tracker, send_reminders and weekly_summary at the times in config.toml, and make what people ask for.

    python -m scripts.run_schedule              keep running, and check the time every few minutes
    python -m scripts.run_schedule --once       run what is due now, and end: for Task Scheduler or a systemd timer
    python -m scripts.run_schedule --dry-run    show what is due, what was done and what comes next, and run nothing

Finished runs are recorded, so each day and each week has one run, however often this is called. A job that fails is
tried again five times. After that it counts as failed until its next day or week. In every pass, forms that came back
are read, and what people ask for on the sheet Documents is made.

Exit codes with --once: 0 nothing has failed; otherwise the most serious exit code of the failed
jobs (see docs/jobs.md).
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from functools import partial

from scripts.adapters.cli import clock, command_line, schedule_tables
from scripts.adapters.cli.terminal import warn_on_stderr
from scripts.adapters.ledger.job_runs import JobRecord
from scripts.adapters.schedule import runner
from scripts.adapters.schedule.jobs import in_each_pass, timetable
from scripts.adapters.schedule.runner import JobStatus
from scripts.adapters.settings.build import load_config, rules_of
from scripts.adapters.settings.paths import results_path
from tracker_schema.calendar.working_days import OutsideCalendar
from tracker_schema.errors import TrackerError, UsageError


def parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    """Return the options of this job."""
    parser = command_line.job_parser(__doc__ or "", reads_tracker=False)
    parser.add_argument(
        "--config",
        type=command_line.path,
        metavar="PATH",
        help="the settings (default: config.toml, where there is one)",
    )
    parser.add_argument("--once", action="store_true", help="run what is due now, and end")
    parser.add_argument("--dry-run", action="store_true", help="show what is due, and run nothing")
    options = parser.parse_args(arguments)
    if options.as_of:
        parser.error("run_schedule uses the real time; leave out --as-of")
    if options.json and not (options.once or options.dry_run):
        parser.error("--json takes --once or --dry-run")
    return options


def main(arguments: Sequence[str] | None = None) -> int:
    """Run what is due as the command line `arguments` ask, and return the exit code."""
    options = parse(arguments)
    load_config(options)  # so that a mistake in it is reported at once
    if not options.once and not options.dry_run:
        runner.watch(partial(_pass_whatever_happens, options))
    statuses = one_pass(options)
    if options.json:
        print(json.dumps(schedule_tables.as_json(statuses), indent=2))
    else:
        schedule_tables.show(statuses)
    return runner.exit_code(statuses)


def one_pass(options: argparse.Namespace) -> list[JobStatus]:
    """Read the settings, run the jobs that are due, and return the status of each job."""
    config = load_config(options)
    jobs = [*timetable(config.schedule), *in_each_pass()]
    calendar, file = rules_of(config).days, config.ledger.file
    run = partial(runner.run_in_a_process, options.config)
    try:
        if options.dry_run:
            with JobRecord(file) as record:
                return runner.job_statuses(jobs, record, calendar, clock.moment())
        with runner.only_pass(file, warn_on_stderr), JobRecord(file) as record:
            statuses = runner.run_due(jobs, record, calendar, clock.moment, run, warn_on_stderr)
        if results_path().exists():  # set_up has made it for somebody who looks at it
            run("results_page", ())
        return statuses
    except OutsideCalendar as error:
        raise UsageError(str(error)) from None


def _pass_whatever_happens(options: argparse.Namespace) -> None:
    try:
        one_pass(options)
    except TrackerError as error:  # reported; the next pass tries again
        warn_on_stderr(str(error))


if __name__ == "__main__":
    command_line.run(main)
