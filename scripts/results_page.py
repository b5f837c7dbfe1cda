"""Make the results page, which says what needs somebody and what the program did, and open it in the browser.

    python -m scripts.results_page            the page, from the tracker as it is now
    python -m scripts.results_page --check    run the check first, and make what is asked for on the sheet Documents
    python -m scripts.results_page --open     and open it

run_schedule makes it anew after each pass. The shortcuts that set_up makes are this job and the page. Exit codes: 0
made; 2 wrong usage or settings; 3 the tracker cannot be used; 4 it is busy; 1 something unexpected.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial

from scripts.adapters.cli import clock, command_line
from scripts.adapters.cli.terminal import warn_on_stderr
from scripts.adapters.ledger.job_runs import JobRecord
from scripts.adapters.reports import results_page
from scripts.adapters.schedule import runner
from scripts.adapters.schedule.jobs import in_each_pass, timetable
from scripts.adapters.schedule.runner import JobStatus, State
from scripts.adapters.settings.build import load_config, open_store, rules_of


def parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    """Return the options of this job."""
    parser = command_line.job_parser(__doc__ or "", reads_tracker=False)
    parser.add_argument("--config", type=command_line.path, metavar="PATH", help="the settings (default: config.toml)")
    parser.add_argument("--check", action="store_true", help="run the check first")
    parser.add_argument("--open", action="store_true", help="open the page in the browser")
    options = parser.parse_args(arguments)
    if options.as_of:
        parser.error("the results page is of today; leave out --as-of")
    return options


def main(arguments: Sequence[str] | None = None) -> int:
    """Make the page as the command line `arguments` ask, and return the exit code."""
    options = parse(arguments)
    config = load_config(options)
    just_now = _run_now(options) if options.check else {}
    jobs = [*timetable(config.schedule), *in_each_pass()]
    with JobRecord(config.ledger.file) as record:
        statuses = runner.job_statuses(jobs, record, rules_of(config).days, clock.moment())
    statuses = [just_now[status.job](status) if status.job in just_now else status for status in statuses]
    remarks = runner.remarks_of_doctor(options.config)
    page = results_page.build(config, open_store(config, None), clock.moment(), statuses, remarks)
    path = results_page.save(page)
    print(json.dumps({"page": str(path)}) if options.json else f"The results page is {path}.")
    if options.open:
        # Loaded here: a pass that only makes the page does not need it.
        import webbrowser

        webbrowser.open(path.as_uri())
    return 0


def _run_now(options: argparse.Namespace) -> dict[str, Callable[[JobStatus], JobStatus]]:
    """Run the check and the jobs of each pass. Return for each how its status is to be shown."""
    found: dict[str, Callable[[JobStatus], JobStatus]] = {}
    # The check comes last, so that the status columns know what the forms have filled in.
    for job, more in (*((job.name, job.options) for job in in_each_pass()), ("check_tracker", ())):
        print(f"Running {job} ...", flush=True)
        code, said = runner.run_in_a_process(options.config, job, more)
        if code:
            warn_on_stderr(said)
        state = State.FAILED if code else State.DONE
        found[job] = partial(replace, state=state, exit_code=code, why=said, changed=clock.moment())
    return found


if __name__ == "__main__":
    command_line.run(main)
