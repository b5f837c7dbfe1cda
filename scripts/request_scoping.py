"""Ask the agencies of an incident for their scoping returns: a form for each, and a covering e-mail as a draft.

    python -m scripts.request_scoping CI-2026-001                  for the agencies on its Scoping rows
    python -m scripts.request_scoping CI-2026-001 --agencies       also for those under [agencies] in config.toml
    python -m scripts.request_scoping CI-2026-001 --agency NAME    only for this agency, on a Scoping row or not
    python -m scripts.request_scoping CI-2026-001 --mark-sent      and fill in “Sent”, where it is empty, with today
    python -m scripts.request_scoping --demo                       for a made-up case

The first run makes one form, the case details: fill in whom the agencies are to search for, save it, and run again.
Then every agency's form names them. Nothing is sent: open each draft (.eml) in Outlook, check it, and send it. A file
that exists already is not changed: what is newer gets a number. Without --mark-sent the tracker is only read.

Exit codes: 0 made; 2 no such incident, no agency to ask, the case details are not complete or cannot be read, a mistake
in a template, or wrong usage or settings; 3 the tracker cannot be used, or a heading that deadlines need is gone since
the last run; 4 it is busy, and with --mark-sent “Sent” was not filled in; 1 something unexpected.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence

from scripts.adapters.cli import clock, command_line, terminal
from scripts.adapters.ledger.log_memory import raise_for_gone_headings
from scripts.adapters.settings.build import council_of, load_config, open_store
from scripts.adapters.tracker import demo
from scripts.adapters.tracker.entering import STAGES
from scripts.adapters.tracker.load import load_and_compare
from scripts.adapters.word.documents import orders
from tracker_schema.incidents.incident import Incident, Tracker
from tracker_schema.returns.scoping_requests import plan_requests


def parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    """Return the options of this job."""
    parser = command_line.job_parser(__doc__ or "")
    parser.add_argument("reference", nargs="?", metavar="REFERENCE", help="the incident's reference")
    parser.add_argument("--agencies", action="store_true", help="also for each agency that config.toml names")
    parser.add_argument("--agency", metavar="A", help="only for this agency")
    parser.add_argument(
        "--mark-sent", action="store_true", help="fill in “Sent” on the Scoping sheet, where it is empty"
    )
    parser.add_argument(
        "--out", type=command_line.path, metavar="DIR", help=f"where to put them (default: {orders.FOLDER})"
    )
    parser.add_argument("--demo", action="store_true", help="make a tracker of made-up cases in demo/, and use that")
    options = parser.parse_args(arguments)
    if options.demo and (options.tracker or options.config):
        parser.error("--demo makes its own tracker; leave out --tracker and --config")
    if options.agency and options.agencies:
        parser.error("--agency is for one agency; leave out --agencies")
    if not options.reference and not options.demo:
        parser.error("this takes the REFERENCE of an incident")
    return options


def main(arguments: Sequence[str] | None = None) -> int:
    """Ask the agencies that the command line `arguments` name; return the exit code."""
    # Loaded here, because the wording of e-mails takes long to load, and --help needs none of it.
    from scripts.adapters.word.documents import scoping_requests
    from scripts.adapters.word.documents.making import Maker
    from scripts.adapters.word.returns import demonstration

    options = parse(arguments)
    as_of = options.as_of or clock.today()
    config = demo.settings() if options.demo else load_config(options)
    store = demo.make(as_of) if options.demo else open_store(config, options.tracker)
    tracker = load_and_compare(config, store, options.tracker, as_of, options.reference)
    incident = tracker.find(options.reference) if options.reference else _to_show(tracker)
    also = config.agencies if options.agencies else ()
    requests = plan_requests(incident, as_of, tracker.rules, also, options.agency)
    folder = options.out or (orders.DEMO_FOLDER if options.demo else orders.FOLDER)
    if options.demo:
        demonstration.fill_in_details(incident, Maker(tracker.rules, council_of(config)), as_of, folder)
    folders = store.case_folders(config.documents.folder)
    files, remarks, fault = scoping_requests.make(requests, config, folder, folders, dry_run=options.dry_run)
    entered = None
    if options.mark_sent and files and not fault:
        with terminal.progress(STAGES) as progress:
            entered = scoping_requests.mark_sent(store, requests, config, dry_run=options.dry_run, progress=progress)
    run = scoping_requests.ScopingRun(requests, folder, files, remarks, entered, options.dry_run)
    if options.json:
        print(json.dumps(scoping_requests.as_json(run), indent=2))
    else:
        scoping_requests.show(run)
    if entered and entered.refusal:
        raise entered.refusal
    if fault:
        raise fault
    raise_for_gone_headings(tracker)
    return 0


def _to_show(tracker: Tracker) -> Incident:
    """Return the incident for a demonstration: the one with the most agencies that have not returned."""
    return max(tracker.incidents, key=lambda incident: sum(each.returned is None for each in incident.scoping))


if __name__ == "__main__":
    command_line.run(main)
