"""What adoption found, for a person at a terminal, as a page to keep, and as JSON. No cell is quoted but the words of
choices.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from scripts.adapters.adoption.settings_file import Written
from scripts.adapters.adoption.settling import Adopted, percent
from scripts.adapters.cli.terminal import show_table
from tracker_schema.adoption.parts import Part
from tracker_schema.clocks import Clock, Rules, missing_columns
from tracker_schema.columns.schema import tracker_schema
from tracker_schema.errors import UsageError
from tracker_schema.layouts.rows import column_letters
from tracker_schema.old_facts import Facts
from tracker_schema.wording import counted

_TEMPLATES = Path(__file__).resolve().parents[3] / "templates" / "reports"


def as_json(adopted: Adopted, rules: Rules, written: Written) -> dict[str, Any]:
    """All that was found, as JSON has it."""
    proposal = adopted.proposal
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
            for found in adopted.meanings
        ],
        "at_odds": list(adopted.at_odds),
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
                "confidence": round(match.confidence, 3),
                "sure": match.sure,
                "runner_up": match.runner_up,
                "perhaps": part.sheet.columns[match.runner_up].heading if match.runner_up else None,
                "kinds": list(match.kinds),
            }
            for match in part.matches
        ],
        "left_alone": list(part.theirs.values()),
    }


def _clocks(adopted: Adopted, rules: Rules) -> Iterator[dict[str, Any]]:
    """Each clock, and the headings of the columns for want of which it is not worked out."""
    for clock in rules.clocks:
        read = adopted.tracker.sheets.get(clock.sheet)
        if read is None:
            missing = [f"sheet {tracker_schema().sheets[clock.sheet].heading}"]
        else:
            facts = Facts(read, tracker_schema().synonyms, date_1904=adopted.tracker.date_1904)
            missing = [read.heading(column) for column in missing_columns(clock, facts)]
        yield {"id": clock.id, "label": clock.label, "statutory": _is_statutory(clock), "missing": missing}


def _is_statutory(clock: Clock) -> bool:
    return clock.basis == "statutory guidance"


def show(found: dict[str, Any]) -> None:
    """Print what `as_json` gave, as tables on a terminal and plain lines elsewhere."""
    print(f"{found['tracker']}: {found['layout']}")
    for sheet in found["sheets"]:
        rows = [
            [heading["cell"], heading["heading"], *_taken_for(sheet["as"], heading), "; ".join(heading["kinds"])]
            for heading in sheet["headings"]
        ]
        show_table(f"{sheet['name']}, taken as {sheet['as']}", ["Cell", "Heading", "Is", "How sure", "Holds"], rows)
        for heading in sheet["left_alone"]:
            print(f"“{heading}” is yours; the column of that name that this program writes gets another.")
    if found["other_sheets"]:
        print(f"\nNot part of the tracker: {', '.join(f'“{name}”' for name in found['other_sheets'])}")
    for sentence in found["at_odds"]:
        print(f"\n{sentence}")
    if found["words"]:
        rows = [[w["is"], w["word"], _means(w), counted(w["rows"], "row")] for w in found["words"]]
        show_table("Words for choices", ["Column", "Word", "Means", "Stands on"], rows)
    rows = [[clock["label"], _stands(clock)] for clock in found["clocks"]]
    show_table("Clocks", ["Clock", "Can it be worked out?"], rows)


def _taken_for(key: str, heading: dict[str, Any]) -> tuple[str, str]:
    sure = percent(heading["confidence"]) + ("" if heading["sure"] else ", look at it")
    return (heading["is"] or "-", sure)


def _means(word: dict[str, Any]) -> str:
    if word["choice"] is None:
        return "? (say so in the settings)"
    said = word["choice"] or "nothing yet: counts as empty"
    return said if word["sure"] else f"{said}, perhaps (say so in the settings)"


def _stands(clock: dict[str, Any]) -> str:
    lacking = " and no ".join(f"“{heading}”" for heading in clock["missing"])
    return f"no: there is no {lacking}" if lacking else "yes"


def summary(found: dict[str, Any]) -> str:
    """How much was matched, what somebody has to look at, and how many clocks can be worked out, in sentences."""
    headings = [heading for sheet in found["sheets"] for heading in sheet["headings"]]
    matched = sum(heading["column"] is not None for heading in headings)
    worked = sum(not clock["missing"] for clock in found["clocks"])
    doubtful = sum(not heading["sure"] for heading in headings)
    unknown = sum(not word["sure"] for word in found["words"])
    look = [counted(number, noun) for number, noun in ((doubtful, "heading"), (unknown, "word")) if number]
    return (
        f"{matched} of {counted(len(headings), 'heading')} are columns of the tracker. "
        + (f"To be looked at: {' and '.join(look)}. " if look else "")
        + f"{worked} of {counted(len(found['clocks']), 'clock')} can be worked out."
    )


def check_place(path: Path) -> None:
    """Nothing; raises UsageError when there is a file at `path` already, before anything else is written."""
    if path.exists():
        raise UsageError(f"{path} is there already and is left as it is; name another file.")


def keep(found: dict[str, Any], path: Path) -> None:
    """A page of what `as_json` gave, in the file `path`, which must not be there yet.

    Raises UsageError when it cannot be written.
    """
    # Loaded here, for only those who want the page need it.
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES), autoescape=True, undefined=StrictUndefined, trim_blocks=True
    )
    page = environment.get_template("adoption.html.j2").render(
        found, percent=percent, means=_means, stands=_stands, summary=summary(found)
    )
    try:
        with path.open("x", encoding="utf-8", newline="\n") as file:
            file.write(page)
    except FileExistsError:
        raise UsageError(f"{path} is there already and is left as it is; name another file.") from None
    except OSError as error:
        raise UsageError(f"{path} cannot be written ({error.strerror}); put it in another folder.") from None


def unfinished(stopped: Exception, written: Written) -> str:
    """What to say when a heading that must be there was not found, and where what was found so far stands."""
    where = f" What was found so far is in {written.path}, for somebody to finish." if written.path else ""
    return f"{stopped}{where}"


def show_end(found: dict[str, Any], written: Written, config: Path, *, dry_run: bool) -> None:
    """Print the summary, where the settings went, and what to do next."""
    print(f"\n{summary(found)}")
    if written.difference:
        print(f"\n{config} is there already and was not changed. It would differ so:\n\n{written.difference}")
    if written.path and written.difference:
        print(f"The proposal is in {written.path}; rename it to {config.name} when it is as you want it.")
    elif written.path:
        print(f"The settings are in {written.path}. Next: python -m scripts.check_tracker --dry-run")
    elif dry_run:
        print("Nothing was written (--dry-run).")
    else:
        print(f"{config} says all this already; nothing was written.")
