"""What was found: on a terminal and as JSON. Only words for choices are quoted from the cells."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Any

from scripts.adapters.adoption.settings_file import Written
from scripts.adapters.adoption.trial import Adopted
from scripts.adapters.cli.terminal import show_table
from tracker_schema.adoption.parts import Part
from tracker_schema.adoption.question import DEADLINES, HEADINGS, WORDS, Answers
from tracker_schema.adoption.questions import lacking, questions, to_check
from tracker_schema.layouts.rows import column_letters
from tracker_schema.wording import counted


def as_json(adopted: Adopted, written: Written) -> dict[str, Any]:
    """Return all that was found, for JSON."""
    answers = adopted.answers
    columns = answers.proposal.incident_columns()
    clocks = [
        {"id": clock.id, "label": clock.label, "statutory": clock.is_statutory, "missing": missing}
        for clock, missing in lacking(answers.proposal)
    ]
    return {
        "tracker": adopted.tracker.name,
        "layout": answers.proposal.kind,
        "sheets": [_sheet(part) for part in answers.proposal.parts],
        "other_sheets": answers.proposal.others,
        "remarks": list(adopted.remarks),
        "words": [asdict(found) | {"is": columns[found.column].heading} for found in answers.meanings],
        "clocks": clocks,
        "settings": {"written": str(written.path) if written.path else None, "difference": written.difference},
    }


def _sheet(part: Part) -> dict[str, Any]:
    headings = [
        asdict(match)
        | {
            "cell": f"{column_letters(match.number)}{part.log.row}",
            "is": part.sheet.columns[match.column].heading if match.column else None,
        }
        for match in part.matches
    ]
    return {"name": part.name, "as": part.key, "heading_row": part.log.row, "headings": headings}


def show(adopted: Adopted, written: Written, config: Path, *, dry_run: bool) -> None:
    """Print what was found, the file with the settings, and what to do next."""
    asked = questions(adopted.answers)
    print(f"{adopted.tracker.name}: {adopted.answers.proposal.kind}")
    for table in (HEADINGS, WORDS, DEADLINES):
        shown = [each for each in range(len(table.columns)) if list(table.columns)[each] != "It may be"]
        rows = [[*each.cells, str(each.answer)] for each in asked if each.table is table]
        if rows:
            show_table(table.name, [list(table.columns)[n] for n in shown], [[row[n] for n in shown] for row in rows])
    if others := adopted.answers.proposal.others:
        print(f"\nNot part of the tracker: {', '.join(f'“{name}”' for name in others)}")
    for sentence in adopted.remarks:
        print(f"\n{sentence}")
    print(f"\n{_summary(adopted.answers)}")
    if written.difference:
        print(f"\n{config} already exists and was not changed. The difference would be:\n\n{written.difference}")
    if written.path and written.difference:
        print(f"The proposal is in {written.path}. Rename it to {config.name} when you are content with it.")
    elif written.path:
        print(f"The settings are in {written.path}. Next: python -m scripts.check_tracker --dry-run")
    elif dry_run:
        print("Nothing was written (--dry-run).")
    else:
        print(f"{config} already has all these settings. Nothing was written.")


def _summary(answers: Answers) -> str:
    """Return sentences on how much was matched, what a person has to check, and how many clocks can be worked out."""
    matches = [match for part in answers.proposal.parts for match in part.matches]
    matched = sum(match.column is not None for match in matches)
    missing = [missing for _, missing in lacking(answers.proposal)]
    left = to_check(answers)
    return (
        f"{matched} of {counted(len(matches), 'heading')} are columns of the tracker. "
        + (f"To be checked: {left}. " if left else "")
        + f"{sum(not each for each in missing)} of {counted(len(missing), 'clock')} can be worked out."
    )
