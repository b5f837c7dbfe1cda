"""Keep the spreadsheet you have: find out which of its headings is which column, and write that to the settings.

    python -m scripts.adopt_tracker "Our log.xlsx"          a workbook on this computer
    python -m scripts.adopt_tracker                         the tracker that config.toml names, in SharePoint too
    python -m scripts.adopt_tracker "Our log.xlsx" --yes    take what is certain only, and ask nothing

A heading is certain if it is one that this program knows and the cells below it agree. Everything else is a question.
The first run writes the questions to “Headings of Our log.xlsx” beside the settings. Correct that page in Excel, choose
Yes at its top, save it, and run the same command again: it writes config.toml. On a terminal you can also answer one by
one. The log itself is only read. An existing config.toml is never overwritten: you see the difference, and the proposal
is written beside it.

Exit codes: 0 done, or the page was written; 2 wrong usage, settings or answers; 3 the workbook is no log of critical
incidents, a required heading is still open, or it cannot be used; 4 it is busy; 1 something unexpected.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from scripts.adapters.adoption import report, terminal
from scripts.adapters.adoption.page import build_page, page_path, read_page
from scripts.adapters.adoption.settings_file import write_settings
from scripts.adapters.adoption.trial import read_pages, try_settings
from scripts.adapters.cli import clock, command_line
from scripts.adapters.settings.build import load_config, open_store
from scripts.adapters.storage.atomic_write import write_over
from tracker_schema.adoption.proposal import propose
from tracker_schema.adoption.question import HEADINGS, Answers
from tracker_schema.adoption.questions import answered, proposed, questions, still_open, to_check
from tracker_schema.errors import TrackerUnusable, UsageError
from tracker_schema.wording import sentence as in_words


def parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    """Return the options of this job."""
    parser = command_line.job_parser(__doc__ or "")
    parser.add_argument(
        "file", nargs="?", type=command_line.path, metavar="FILE", help="the workbook (default: the configured one)"
    )
    parser.add_argument("--yes", action="store_true", help="take what is certain only, and ask nothing")
    options = parser.parse_args(arguments)
    if options.file and options.tracker:
        parser.error("name the workbook once, as FILE or after --tracker")
    options.file = options.file or options.tracker
    return options


def main(arguments: Sequence[str] | None = None) -> int:
    """Adopt the workbook that the command line `arguments` name. Return the exit code."""
    options = parse(arguments)
    path: Path = options.config or command_line.DEFAULT_CONFIG
    # The settings file may not exist yet.
    options.config = path if path.exists() else None
    config = load_config(options)
    snapshot = open_store(config, options.file).read()
    page = page_path(path.parent, snapshot.name)
    found = proposed(propose(read_pages(snapshot.data, snapshot.name), snapshot.name))
    found = replace(found, with_colours=config.tracker.status_colours, start_from=config.clocks.start_from)
    answers = _answers(found, page, options)
    if answers is None:
        return 0
    if needed := " ".join(still_open(answers.proposal)):
        if not page.exists() and not options.dry_run:
            _write_page(page, answers)
        remedy = f"Choose in {page}, and run this again without --yes; if there is no such column, add it to your log."
        raise TrackerUnusable(needed, remedy)
    adopted = try_settings(snapshot.data, snapshot.name, answers)
    workbook, today = options.file or config.tracker.file, options.as_of or clock.today()
    written = write_settings(path, answers, adopted.headings, workbook, today, dry_run=options.dry_run)
    if options.json:
        print(json.dumps(report.as_json(adopted, written), indent=2))
    else:
        report.show(adopted, written, path, dry_run=options.dry_run)
    return 0


def _answers(found: Answers, page: Path, options: argparse.Namespace) -> Answers | None:
    """Return what was found with a person's answers; None when the page was written for a person to answer."""
    if options.yes:
        return replace(found, proposal=found.proposal.certain())
    doubtful = f"{to_check(found) or 'nothing'} to check"
    if page.exists():
        said = read_page(page)
        if said is None:
            raise UsageError(
                f"Nobody has confirmed {page} yet.",
                "Correct it in Excel, choose Yes at its top, save it and run this again; or delete it to start afresh.",
            )
        for question in questions(found):
            if question.table is HEADINGS and question.key not in said:
                raise UsageError(
                    f"{page.name} does not have the heading “{question.cells[2]}” of the sheet “{question.cells[0]}”.",
                    "It is about other headings: delete or rename it, and run this again to get a new one.",
                )
        answers = answered(found, said)
        if options.dry_run or all(each.sure or each.key in said for each in questions(answers)):
            return answers
        _write_page(page, answers)
        sentence = (
            f"Your answers raise questions that the page did not ask: see the coloured rows of {page}. Confirm it once "
            "more, and run the same command again."
        )
    elif not to_check(found) and (options.json or found.start_from):
        return found  # nothing is doubtful; set_up, or whoever wrote the settings, has asked the other questions
    elif sys.stdin.isatty() and not terminal.wants_page(in_words(doubtful)):
        return terminal.ask(found)
    elif options.dry_run:
        sentence = f"{doubtful}. Nothing was written (--dry-run)."
    else:
        _write_page(page, found)
        sentence = f"{doubtful}: see {page}. Correct it in Excel, choose Yes at its top, save it, and run this again."
    shown = json.dumps({"page": None if options.dry_run else str(page), "to_check": to_check(found)})
    print(shown if options.json else in_words(sentence))
    return None


def _write_page(page: Path, answers: Answers) -> None:
    try:
        write_over(page, build_page(questions(answers)))
    except OSError as error:
        raise UsageError(
            f"{page} cannot be written ({error.strerror}).",
            "Close it in Excel, or name another place for the settings with --config.",
        ) from None


if __name__ == "__main__":
    command_line.run(main)
