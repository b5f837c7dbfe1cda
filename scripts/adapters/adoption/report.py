"""What was found: on a terminal and as JSON. Only words for choices are quoted from the cells."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from scripts.adapters.adoption.settings_file import Written
from scripts.adapters.adoption.trial import Adopted
from scripts.adapters.cli.terminal import show_table
from tracker_schema.adoption.parts import Part
from tracker_schema.clocks.clocks import Rules
from tracker_schema.columns.schema import tracker_schema
from tracker_schema.layouts.rows import column_letters
from tracker_schema.wording import counted


def as_json(adopted: Adopted, rules: Rules, written: Written) -> dict[str, Any]:
    """Return all that was found, for JSON."""
    proposal = adopted.answers.proposal
    columns = {column.id: column for part in proposal.parts for column in part.sheet.column}
    return {
        "tracker": adopted.tracker.name,
        "layout": proposal.kind,
        "sheets": [_sheet(part) for part in proposal.parts],
        "other_sheets": list(proposal.others),
        "words": [
            {
                "column": found.column,
                "is": columns[found.column].heading,
                "word": found.word,
                "choice": found.choice,
                "sure": found.sure,
                "rows": found.rows,
            }
            for found in adopted.answers.meanings
        ],
        "conflicts": list(adopted.conflicts),
        "clocks": list(_clocks(adopted, rules)),
        "settings": {"written": str(written.path) if written.path else None, "difference": written.difference},
    }


def _sheet(part: Part) -> dict[str, Any]:
    return {
        "name": part.name,
        "as": part.key,
        "heading_row": part.log.row,
        "headings": [
            {
                "cell": f"{column_letters(match.number)}{part.log.row}",
                "heading": match.heading,
                "column": match.column,
                "is": part.sheet.columns[match.column].heading if match.column else None,
                "sure": match.sure,
                "suggestions": list(match.suggestions),
                "why": match.why,
                "kinds": list(match.kinds),
            }
            for match in part.matches
        ],
        "left_alone": list(part.theirs.values()),
    }


def _clocks(adopted: Adopted, rules: Rules) -> Iterator[dict[str, Any]]:
    """Yield each clock with the headings that it needs and the log does not have."""
    for clock in rules.clocks:
        read = adopted.tracker.sheets.get(clock.sheet)
        if read is None:
            missing = [f"sheet {tracker_schema().sheets[clock.sheet].heading}"]
        else:
            missing = [read.heading(column) for column in clock.missing_columns(read.numbers)]
        yield {"id": clock.id, "label": clock.label, "statutory": clock.is_statutory, "missing": missing}


def show(found: dict[str, Any]) -> None:
    """Print the result of `as_json`, as tables on a terminal and as plain lines elsewhere."""
    print(f"{found['tracker']}: {found['layout']}")
    shown: list[list[list[str]]] = []
    for sheet in found["sheets"]:
        rows = [
            [heading["cell"], heading["heading"], _taken_for(heading), "; ".join(heading["kinds"])]
            for heading in sheet["headings"]
        ]
        same = [row[:3] for row in rows]
        if same in shown:
            print(f"\nSheet {sheet['name']}, read as {sheet['as']}: the same headings.")
        else:
            show_table(f"Sheet {sheet['name']}, read as {sheet['as']}", ["Cell", "Heading", "Is", "Cells"], rows)
        shown.append(same)
        for heading in sheet["left_alone"]:
            print(f"“{heading}” is your own column and stays; this program’s column of that name gets another name.")
    if found["other_sheets"]:
        print(f"\nNot part of the tracker: {', '.join(f'“{name}”' for name in found['other_sheets'])}")
    for sentence in found["conflicts"]:
        print(f"\n{sentence}")
    if found["words"]:
        rows = [[w["is"], w["word"], _means(w), counted(w["rows"], "row")] for w in found["words"]]
        show_table("Words for choices", ["Column", "Word", "Means", "Rows"], rows)
    rows = [[clock["label"], _can_be_worked_out(clock)] for clock in found["clocks"]]
    show_table("Clocks", ["Clock", "Can it be worked out?"], rows)


def _taken_for(heading: dict[str, Any]) -> str:
    if heading["sure"]:
        return heading["is"] or "-"
    return f"open: {heading['why']}" if heading["why"] else "open"


def _means(word: dict[str, Any]) -> str:
    if word["choice"] is None:
        return "? (put it in the settings)"
    choice: str = word["choice"] or "nothing yet: counts as empty"
    return choice if word["sure"] else f"perhaps {choice} (put it in the settings)"


def _can_be_worked_out(clock: dict[str, Any]) -> str:
    lacking = " and no ".join(f"“{heading}”" for heading in clock["missing"])
    return f"no: there is no {lacking}" if lacking else "yes"


def summary(found: dict[str, Any]) -> str:
    """Return sentences on how much was matched, what a person has to check, and how many clocks can be worked out."""
    headings = [heading for sheet in found["sheets"] for heading in sheet["headings"]]
    matched = sum(heading["column"] is not None for heading in headings)
    worked = sum(not clock["missing"] for clock in found["clocks"])
    doubtful = sum(not heading["sure"] for heading in headings)
    unknown = sum(not word["sure"] for word in found["words"])
    to_check = [counted(number, noun) for number, noun in ((doubtful, "heading"), (unknown, "word")) if number]
    return (
        f"{matched} of {counted(len(headings), 'heading')} are columns of the tracker. "
        + (f"To be checked: {' and '.join(to_check)}. " if to_check else "")
        + f"{worked} of {counted(len(found['clocks']), 'clock')} can be worked out."
    )


def show_end(found: dict[str, Any], written: Written, config: Path, *, dry_run: bool) -> None:
    """Print the summary, the file with the settings, and what to do next."""
    print(f"\n{summary(found)}")
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
