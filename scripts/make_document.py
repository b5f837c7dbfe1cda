"""Make a form or letter for an incident, filled in from the tracker.

    python -m scripts.make_document panel-notification CI-2026-001      one document
    python -m scripts.make_document initial-scoping CI-2026-001 --agency Police
    python -m scripts.make_document --all CI-2026-001                   all that its stage calls for
    python -m scripts.make_document slt-paper                           the paper of all cases for SLT's meeting
    python -m scripts.make_document --list CI-2026-001                  what there is, and what each still lacks
    python -m scripts.make_document --list                              what there is
    python -m scripts.make_document critical-incident-form --blank      for an incident that is not in the tracker yet;
                                                                        --children N for one with N children
    python -m scripts.make_document --asked                             what people ask for on the sheet Documents
    python -m scripts.make_document --demo                              for a made-up case

The files are called REFERENCE, document and day, and none is ever overwritten. The tracker is only read; with --asked
the documents go into the folder of their case, and what became of each row is entered on the sheet. Exit codes: 0 made;
2 no such document, incident or agency, a mistake in a template, or wrong usage or settings; 3 the tracker cannot be
used, or a heading that deadlines need is gone since the last run; 4 it is busy; 5 the record of SLT's summaries, which
slt-paper needs, cannot be read; 1 something unexpected.
"""

from __future__ import annotations

import argparse
import datetime as dt
from collections.abc import Sequence

from scripts.adapters.cli import clock, command_line, terminal
from scripts.adapters.ledger.log_memory import Job, raise_for_gone_headings
from scripts.adapters.settings.build import council_of, load_config, open_store, rules_of
from scripts.adapters.settings.config import Config
from scripts.adapters.tracker import demo
from scripts.adapters.tracker.load import load_and_compare
from scripts.adapters.word.documents import document_lists, orders
from scripts.adapters.word.documents.case_details import with_details
from scripts.adapters.word.documents.making import Maker
from scripts.adapters.word.returns.processed_forms import with_returns


def parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    """Return the options of this job."""
    parser = command_line.job_parser(__doc__ or "")
    parser.add_argument("words", nargs="*", metavar="NAME REFERENCE", help="the document and the incident")
    parser.add_argument("--all", action="store_true", help="every document that the stage of the incident calls for")
    parser.add_argument("--list", action="store_true", help="say what documents there are, and make none")
    parser.add_argument("--agency", metavar="A", help="for this agency only, where it is made for each")
    parser.add_argument("--out", type=command_line.path, metavar="DIR", help="where to put it (default: documents)")
    parser.add_argument(
        "--returns",
        type=command_line.path,
        metavar="DIR",
        help="where agencies' forms are, for the rapid review report (default: returns and the case's folder)",
    )
    parser.add_argument("--pdf", action="store_true", help="as PDF besides, where LibreOffice is installed")
    parser.add_argument("--blank", action="store_true", help="for an incident that the tracker does not have yet")
    parser.add_argument("--children", type=int, metavar="N", help="with --blank: parts for so many children (1 to 9)")
    parser.add_argument("--asked", action="store_true", help="what the sheet Documents of the tracker asks for")
    parser.add_argument("--demo", action="store_true", help="make a tracker of made-up cases in demo/, and use that")
    options = parser.parse_args(arguments)
    orders.check(options, parser)
    return options


def main(arguments: Sequence[str] | None = None) -> int:
    """Make the documents that the command line `arguments` ask for; return the exit code."""
    options = parse(arguments)
    as_of = options.as_of or clock.today()
    if options.list and not (options.words or options.demo):
        document_lists.show_all_documents(as_json=options.json)
        return 0
    config = demo.settings() if options.demo else load_config(options)
    maker = Maker(rules_of(config), council_of(config))
    if options.asked:
        return _make_asked(options, config, maker, as_of)
    folder = options.out or (orders.DEMO_FOLDER if options.demo else orders.FOLDER)
    paper, folders, tracker, incident = orders.paper_asked_for(options), None, None, None
    if options.blank:
        wanted = [orders.blank_order(options.words[0], as_of, options.children or 1)]
        incident = wanted[0].incident
    else:
        store = demo.make(as_of) if options.demo else open_store(config, options.tracker)
        folders = store.case_folders(config.documents.folder)
        reference = options.words[-1] if options.words and not paper else None
        job: Job = "weekly_summary" if paper else "check_tracker"
        tracker = load_and_compare(config, store, options.tracker, as_of, reference, job)
        if paper:
            ledger = config.ledger.file_of(trial=options.tracker is not None)
            wanted = [orders.paper_order(paper, tracker, ledger, folders)]
        else:
            incident = orders.incident_asked_for(options, tracker)
            if options.list:
                document_lists.show_list(incident, as_of, maker, folder, folders, as_json=options.json)
                raise_for_gone_headings(tracker)
                return 0
            wanted = orders.orders_asked_for(options, incident, tracker)
    wanted = with_returns(with_details(wanted, folder, maker, folders), options.returns, folders)
    made, fault = orders.carry_out(wanted, maker, folder, pdf=options.pdf, dry_run=options.dry_run)
    if made or not fault:
        document_lists.show_made(incident, as_of, made, as_json=options.json, dry_run=options.dry_run)
    if fault:
        raise fault
    if tracker:
        raise_for_gone_headings(tracker)
    return 0


def _make_asked(options: argparse.Namespace, config: Config, maker: Maker, as_of: dt.date) -> int:
    # Loaded here: the other documents do not need it.
    from scripts.adapters.word.documents import asked

    ledger = config.ledger.file_of(trial=options.tracker is not None)
    with terminal.progress(asked.STAGES) as progress:
        done = asked.make_asked(
            config,
            open_store(config, options.tracker),
            maker,
            as_of,
            ledger=ledger,
            dry_run=options.dry_run,
            progress=progress,
        )
    document_lists.show_asked(done, as_of, as_json=options.json, dry_run=options.dry_run)
    if done.refusal:
        raise done.refusal
    return 0


if __name__ == "__main__":
    command_line.run(main)
