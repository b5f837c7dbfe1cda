"""What is in the workbook: its headings, the clocks they are enough for, and the status columns."""

from __future__ import annotations

from scripts.adapters.doctor.checks import TRACKER, Answer, Answers, check, fine, look, parted
from scripts.adapters.doctor.examined import Examined
from scripts.adapters.doctor.local_file import READING
from scripts.adapters.settings.build import names_of, rules_of
from scripts.adapters.tracker.old_checking import assess_tracker
from scripts.adapters.workbook.read import changed, read_tracker
from tracker_schema.columns.schema import tracker_schema
from tracker_schema.old_clocks import missing_columns
from tracker_schema.old_plan import plan_writes

HEADINGS = "Headings"
CLOCKS = "Clocks"
OWN_COLUMNS = "Our columns"
TO_LOOK_AT = ("similar-heading", "repeated-heading")


@check(HEADINGS, needs=("Settings", READING), exit_code=TRACKER)
def headings(examined: Examined) -> Answer:
    """Which headings are found, by sheet, and which are not."""
    examined.tracker = read_tracker(examined.snapshot.data, examined.snapshot.name, names_of(examined.config))
    found = []
    for sheet in tracker_schema().sheet:
        read = examined.tracker.sheets.get(sheet.id)
        if read is None:
            found.append(f"there is no sheet {sheet.heading}")
            continue
        persons = [column for column in sheet.column if not column.by_script]
        for page in read.pages:
            missing = [column.heading for column in persons if column.id not in page.numbers]
            without = f", without {', '.join(missing)}" if missing else ""
            there = len(persons) - len(missing)
            found.append(f"“{page.name}” has {there} of {len(persons)} headings in row {page.heading_row}{without}")
    sentence = "; ".join(found)
    return fine(f"{sentence[0].upper()}{sentence[1:]}.")


@check(CLOCKS, needs=(HEADINGS,), exit_code=TRACKER)
def clocks(examined: Examined) -> Answer:
    """Which clocks cannot be worked out for want of a heading."""
    rules = rules_of(examined.config)
    examined.assessment = assess_tracker(examined.tracker, rules, examined.as_of)
    stopped: dict[str, list[str]] = {}
    number = 0
    for sheet_id, sheet in examined.assessment.sheets.items():
        for clock in rules.clocks:
            if clock.sheet != sheet_id:
                continue
            number += 1
            for column in missing_columns(clock, sheet.facts):
                stopped.setdefault(sheet.facts.read.heading(column), []).append(clock.label)
    if stopped:
        without = "; ".join(f"without “{heading}”: {', '.join(labels)}" for heading, labels in stopped.items())
        return look(
            f"Some clocks are not worked out; {without}.",
            "Add these headings, or if they are there under other names, name them in config.toml under [columns].",
        )
    return fine(f"All {number} clocks can be worked out.")


@check("Like headings", needs=(CLOCKS,), exit_code=TRACKER)
def like_headings(examined: Examined) -> Answers:
    """Headings that may be meant for ours, or stand twice; left out where there are none."""
    problems = [problem for sheet in examined.assessment.sheets.values() for problem in sheet.problems]
    return [look(*parted(problem.message)) for problem in problems if problem.code in TO_LOOK_AT] or None


@check(OWN_COLUMNS, needs=(CLOCKS,), exit_code=TRACKER)
def own_columns(examined: Examined) -> Answer:
    """Whether what stands under our headings is ours to write over."""
    examined.plan = plan_writes(examined.assessment)
    return fine("Nothing of anybody else's stands under the headings that this program writes.")


@check("Status columns", needs=(OWN_COLUMNS,), exit_code=TRACKER)
def status_columns(examined: Examined) -> Answer:
    """Which status columns are to be added."""
    new: dict[str, list[str]] = {}
    for heading in examined.plan.headings:
        new.setdefault(heading.sheet, []).append(heading.heading)
    if new:
        listed = "; ".join(f"on “{sheet}” {', '.join(names)}" for sheet, names in new.items())
        return fine(f"The first run adds columns: {listed}.")
    return fine("All status columns are there.")


@check("Changing the workbook", needs=(OWN_COLUMNS,), exit_code=TRACKER)
def changing(examined: Examined) -> Answer:
    """Whether the cells that a run would write can be changed without harm to the rest of the file."""
    changed(examined.snapshot.data, examined.plan)
    cells = len(examined.plan.cells) + len(examined.plan.headings)
    return fine(f"A run today would write {cells} cells, and can without harm to the rest.")


CHECKS = (headings, clocks, like_headings, own_columns, status_columns, changing)
