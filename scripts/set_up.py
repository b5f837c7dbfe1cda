"""Set the program up on this computer: answer questions in plain words, and config.toml is written.

    python -m scripts.set_up                    asks; setup.cmd (Windows) and setup.sh (Linux) start it
    python -m scripts.set_up FILE               the same, for this workbook
    python -m scripts.set_up --answers FILE     takes the answers from a file, for a roll-out by IT (docs/for-it.md)
    python -m scripts.set_up --remove           takes the timer and the shortcuts away, and leaves all files

It asks which workbook is the log, what its headings mean, and who gets what; shows what the first run would write and
mail; and on a yes writes config.toml, runs the jobs once, and lets this computer run them every 15 minutes while you
are signed in. Run it again at any time: it changes only what you answer anew, and keeps the earlier config.toml.

Exit codes: 0 set up, or taken away; 2 an answer or a setting is wrong, or the set-up was left; 1 something unexpected.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

from scripts.adapters.cli import clock, command_line
from scripts.adapters.schedule import shortcuts, timer
from scripts.adapters.settings.build import load_config
from scripts.adapters.settings.paths import results_path
from scripts.adapters.settings.set_up import asking, steps
from scripts.adapters.settings.set_up.draft import Draft
from scripts.adapters.settings.set_up.questions import OF_THE_SETTINGS, OF_THE_WORKBOOK, is_link


def parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    """Return the options of this job."""
    parser = command_line.job_parser(__doc__ or "", reads_tracker=False)
    parser.add_argument("file", nargs="?", metavar="FILE", help="the workbook that is the log")
    parser.add_argument("--config", type=Path, metavar="PATH", help="the settings to write (default: config.toml)")
    parser.add_argument("--answers", type=Path, metavar="FILE", help="a TOML file with the answers")
    parser.add_argument("--remove", action="store_true", help="take the timer and the shortcuts away")
    options = parser.parse_args(arguments)
    if options.json or options.as_of:
        parser.error("--json and --as-of do not belong to the set-up")
    return options


def main(arguments: Sequence[str] | None = None) -> int:
    """Set up what the command line `arguments` ask for; return the exit code."""
    options = parse(arguments)
    if options.remove:
        timer.remove()
        shortcuts.remove()
        print("The timer and the shortcuts are gone. Your tracker, config.toml and everything made are still there.")
        return 0
    draft = Draft((options.config or command_line.DEFAULT_CONFIG).resolve())
    options.config = draft.file
    orders = _answer(draft, options)
    draft.save()
    config = load_config(options)
    if config.mail.allowed_domains:
        print(f"\nMail may go to {', '.join(config.mail.allowed_domains)}, and to no other domain.")
    print("\nThis is what the first run would write and mail:")
    steps.show_first_run(draft)
    if not (orders or asking.is_yes("Write these settings to config.toml?")):
        print(f"Nothing was changed. Your answers are kept in {draft.file}; run the set-up again to go on.")
        return 0
    if kept := draft.finish():
        print(f"The earlier settings are kept in {kept}.")
    print(f"The settings are in {draft.config}.")
    if _agreed("run", orders, "Run it now for the first time?"):
        steps.run_job("run_schedule", "--once", "--config", str(draft.config))
    steps.run_job("results_page", *([] if orders else ["--open"]), "--config", str(draft.config))
    if _agreed("shortcuts", orders, "Make two shortcuts on the desktop, Check now and What the tracker says?"):
        made = shortcuts.make(Path.cwd(), draft.config, results_path())
        print(f"Made: {', '.join(map(str, made))}")
    if _agreed("every_quarter_of_an_hour", orders, "Run it by itself every 15 minutes while you are signed in?"):
        timer.register(Path.cwd(), draft.config, clock.moment().astimezone().replace(tzinfo=None))
        print("This computer now runs it every 15 minutes while you are signed in.")
    return 0


def _answer(draft: Draft, options: argparse.Namespace) -> dict[str, bool]:
    """Have all questions answered, and return what a file of answers orders besides; nothing when a person answers."""
    workbook = draft.answer_to(OF_THE_WORKBOOK[0])
    if options.file:
        asking.answer(OF_THE_WORKBOOK[0], options.file, draft)
    if options.answers:
        orders = asking.answer_from(options.answers, draft)
    else:
        print(asking.HELP)
        asking.ask_all(OF_THE_WORKBOOK[1:] if options.file else OF_THE_WORKBOOK, draft)
        orders = {}
    draft.save()
    if is_link(draft.answer_to(OF_THE_WORKBOOK[0])) and not options.answers:
        steps.sign_in(draft)
    known = draft.config.exists() and workbook == draft.answer_to(OF_THE_WORKBOOK[0])
    if not known or (not orders and asking.is_yes("Look at the headings of the log again?", default=False)):
        steps.adopt(
            draft,
            None if orders else asking.read_line,
            certain_only=orders.get("certain_headings_only", False),
        )
    if not options.answers:
        asking.ask_all(OF_THE_SETTINGS, draft)
    return orders


def _agreed(name: str, orders: dict[str, bool], question: str) -> bool:
    return orders[name] if orders else asking.is_yes(question)


if __name__ == "__main__":
    command_line.run(main)
