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

from scripts.adapters.adoption import questions, report
from scripts.adapters.adoption.page_answers import still_open, take_in
from scripts.adapters.adoption.page_file import build_page, page_path, to_check
from scripts.adapters.adoption.pages import read_pages
from scripts.adapters.adoption.settings_file import clocks_text, write_settings
from scripts.adapters.adoption.trial import try_settings
from scripts.adapters.cli import clock, command_line
from scripts.adapters.settings.build import load_config, open_store, rules_of
from scripts.adapters.storage.atomic_write import write_new, write_over
from tracker_schema.adoption.answers import Answers, proposed
from tracker_schema.adoption.proposal import propose
from tracker_schema.errors import TrackerUnusable, UsageError


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
    answers = _answers(proposed(propose(read_pages(snapshot.data, snapshot.name), snapshot.name)), page, options)
    if answers is None:
        return 0
    if needed := list(still_open(answers)):
        raise _required(needed, answers, page, options)
    adopted = try_settings(snapshot.data, snapshot.name, answers)
    today = options.as_of or clock.today()
    clocks = clocks_text(answers.start_from, today, answers.not_kept)
    workbook = options.file or config.tracker.file
    written = write_settings(path, adopted.settings, workbook, clocks, dry_run=options.dry_run)
    found = report.as_json(adopted, rules_of(config), written)
    if options.json:
        print(json.dumps(found, indent=2, ensure_ascii=False))
    else:
        report.show(found)
        report.show_end(found, written, path, dry_run=options.dry_run)
    return 0


def _answers(found: Answers, page: Path, options: argparse.Namespace) -> Answers | None:
    """Return what was found with a person's answers; None when the page was written for a person to answer."""
    if options.yes:
        return replace(found, proposal=found.proposal.certain())
    if page.exists():
        said = take_in(page, found)
        if said is None:
            raise UsageError(
                f"Nobody has confirmed {page} yet.",
                "Correct it in Excel, choose Yes at its top, save it and run this again; or delete it to start afresh.",
            )
        if said.is_complete or options.dry_run or any(True for _ in still_open(said.answers)):
            return said.answers
        _write_page(page, said.answers, again=True)
        _name_page(
            page,
            to_check(said.answers),
            f"The headings that you chose have words that the page did not ask about: see the sheet Words of {page}. "
            "Confirm it once more, and run the same command again.",
            options,
        )
        return None
    questions_left = to_check(found)
    if not questions_left:
        return found
    if sys.stdin.isatty() and not questions.wants_page(questions_left):
        return questions.ask(found)
    if options.dry_run:
        _name_page(None, questions_left, f"{questions_left} to check. Nothing was written (--dry-run).", options)
        return None
    _write_page(page, found)
    _name_page(
        page,
        questions_left,
        f"{questions_left} to check: see {page}. Correct it in Excel, choose Yes at its top, save it, and run the same "
        "command again.",
        options,
    )
    return None


def _name_page(page: Path | None, to_do: str, sentence: str, options: argparse.Namespace) -> None:
    """Print what a person has to do next, as `sentence` or as JSON."""
    print(json.dumps({"page": str(page) if page else None, "to_check": to_do}) if options.json else sentence)


def _required(
    needed: Sequence[tuple[str, list[str]]], answers: Answers, page: Path, options: argparse.Namespace
) -> TrackerUnusable:
    """Return the error that no heading is surely a required column; the page to choose it in is written first."""
    if not page.exists() and not options.dry_run:
        _write_page(page, answers)
    problem = " ".join(
        f"No heading is surely “{heading}”."
        + (f" It may be {' or '.join(f'“{each}”' for each in perhaps)}." if perhaps else "")
        for heading, perhaps in needed
    )
    return TrackerUnusable(
        problem, f"Choose in {page}, and run this again without --yes; if there is no such column, add it to your log."
    )


def _write_page(page: Path, answers: Answers, *, again: bool = False) -> None:
    try:
        (write_over if again else write_new)(page, build_page(answers))
    except OSError as error:
        raise UsageError(
            f"{page} cannot be written ({error.strerror}).",
            "Close it in Excel, or name another place for the settings with --config.",
        ) from None


if __name__ == "__main__":
    command_line.run(main)
