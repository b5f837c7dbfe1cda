"""Show what was sent. Every message is recorded in the ledger before it is sent, so that none is sent twice.

    python -m scripts.ledger                            every message, the newest last
    python -m scripts.ledger --verbose                  besides, the versions that each was made from
    python -m scripts.ledger --unknown                  the messages that may or may not have been sent
    python -m scripts.ledger --resolve ID sent          record that such a message was sent
    python -m scripts.ledger --resolve ID not-sent      record that it was not sent; the next run of the job sends it
    python -m scripts.ledger --start-anew               use a new ledger although the one before is gone
    python -m scripts.ledger --waiting                  the drafts of which nobody has said that they were sent
    python -m scripts.ledger --sent ID...               record that a person sent these drafts today, or --as-of a day
    python -m scripts.ledger --tidy                     count old messages about closed incidents, and list them no more

Exit codes: 0 shown or done; 2 wrong usage or settings; 3 or 4 the tracker, which --tidy reads, cannot be used or is out
of reach; 5 the ledger cannot be used; 1 something unexpected.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
from collections.abc import Sequence

from scripts.adapters.cli import clock, command_line, ledger_tables
from scripts.adapters.ledger.ledger import Entry, Ledger
from scripts.adapters.mail.address_book import AddressBook
from scripts.adapters.settings.build import load_config
from scripts.adapters.settings.config import Config
from scripts.adapters.tracker.open_incidents import open_references

RESULTS = ("sent", "not-sent")


def parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    """Return the options of this job."""
    parser = command_line.job_parser(__doc__ or "", reads_tracker=False)
    parser.add_argument(
        "--config",
        type=command_line.path,
        metavar="PATH",
        help="the settings (default: config.toml, where there is one)",
    )
    what = parser.add_mutually_exclusive_group()
    what.add_argument("--unknown", action="store_true", help="only messages that may or may not have been sent")
    what.add_argument("--resolve", nargs=2, metavar=("ID", "sent|not-sent"), help="record whether one was sent")
    what.add_argument("--start-anew", action="store_true", help="use a new ledger, since the one before is lost")
    what.add_argument("--waiting", action="store_true", help="only drafts that wait to be sent by a person")
    what.add_argument("--sent", nargs="+", type=int, metavar="ID", help="record that a person sent these drafts")
    what.add_argument("--tidy", action="store_true", help="count messages older than ledger.keep_days")
    options = parser.parse_args(arguments)
    if options.resolve and (not options.resolve[0].isdecimal() or options.resolve[1] not in RESULTS):
        parser.error("--resolve takes the number of a message, and sent or not-sent")
    if options.sent and options.as_of and options.as_of > clock.today():
        parser.error("--sent takes a day that is not after today")
    return options


def main(arguments: Sequence[str] | None = None) -> int:
    """Show or change the ledger as the command line `arguments` ask, and return the exit code."""
    options = parse(arguments)
    config = load_config(options)
    with Ledger(config.ledger.file) as ledger:
        entries = _chosen(ledger, options, config)
        if options.json:
            print(json.dumps(ledger_tables.as_json(ledger, entries), indent=2))
            return 0
        ledger_tables.show(ledger, entries, AddressBook(config))
        if options.verbose:
            ledger_tables.show_sources(entries)
        if options.unknown:
            ledger_tables.show_unknown(entries)
        elif options.waiting:
            ledger_tables.show_waiting(entries)
        else:
            ledger_tables.show_counted(ledger)
    return 0


def _chosen(ledger: Ledger, options: argparse.Namespace, config: Config) -> list[Entry]:
    """Do what `options` ask for, and return the entries to show."""
    if options.resolve:
        number, result = options.resolve
        return [ledger.resolve(int(number), "sent" if result == "sent" else "not sent", clock.moment())]
    if options.start_anew:
        ledger.accept()
    as_of = options.as_of or clock.today()
    if options.sent:
        return ledger.record_sent(options.sent, as_of)
    if options.waiting:
        return ledger.waiting_drafts()
    if options.tidy:
        before = clock.moment() - dt.timedelta(days=config.ledger.keep_days)
        ledger.summarise(before, open_references(config, as_of))
    return ledger.entries(states=["unknown"] if options.unknown else ())


if __name__ == "__main__":
    command_line.run(main)
