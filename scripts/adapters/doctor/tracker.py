"""The workbook: its headings, the clocks that they are enough for, and the status columns; and the case folders."""

from __future__ import annotations

from contextlib import suppress

from scripts.adapters.doctor.checks import AGAIN, TRACKER, Answer, Answers, check, fine, warning
from scripts.adapters.doctor.examined import Examined
from scripts.adapters.doctor.local_file import READING
from scripts.adapters.settings.build import names_of, open_store, rules_of
from scripts.adapters.workbook.read import changed, read_tracker
from tracker_schema.columns.schema import tracker_schema
from tracker_schema.errors import TrackerError, TrackerUnusable
from tracker_schema.incidents.assess import assess
from tracker_schema.incidents.own_columns import NOT_OURS
from tracker_schema.incidents.plan import plan_writes
from tracker_schema.wording import sentence

HEADINGS = "Headings"
CLOCKS = "Clocks"
OWN_COLUMNS = "Our columns"
REPORTED = ("similar-heading", "repeated-heading")


@check(HEADINGS, needs=("Settings", READING), exit_code=TRACKER)
def headings(examined: Examined) -> Answer:
    """List the headings that are found, sheet by sheet, and those that are not."""
    examined.rows = read_tracker(examined.snapshot.data, examined.snapshot.name, names_of(examined.config))
    found = []
    for sheet in tracker_schema().sheet:
        read = examined.rows.sheets.get(sheet.id)
        if read is None:
            found.append(f"there is no sheet {sheet.heading}")
            continue
        of_people = [column for column in sheet.column if not (column.by_script or column.optional)]
        for page in read.pages:
            missing = [column.heading for column in of_people if column.id not in page.numbers]
            without = f", without {', '.join(missing)}" if missing else ""
            number = len(of_people) - len(missing)
            found.append(f"“{page.name}” has {number} of {len(of_people)} headings in row {page.heading_row}{without}")
    return fine(sentence("; ".join(found)) + ".")


@check(CLOCKS, needs=(HEADINGS,), exit_code=TRACKER)
def clocks(examined: Examined) -> Answer:
    """Name the clocks that cannot be worked out, by the heading that they lack."""
    rules = rules_of(examined.config)
    examined.tracker = assess(examined.rows, rules, examined.as_of)
    stopped: dict[str, list[str]] = {}
    number = 0
    for sheet_id, sheet in examined.rows.sheets.items():
        for clock in rules.clocks_of(sheet_id):
            number += 1
            for column in clock.missing_columns(sheet.numbers):
                stopped.setdefault(sheet.heading(column), []).append(clock.label)
    if stopped:
        without = "; ".join(f"without “{heading}”: {', '.join(labels)}" for heading, labels in stopped.items())
        return warning(
            f"Some clocks are not worked out; {without}.",
            "Add these headings, or if they are there under other names, name them in config.toml under [columns].",
        )
    return fine(f"All {number} clocks can be worked out.")


@check("Like headings", needs=(CLOCKS,), exit_code=TRACKER)
def like_headings(examined: Examined) -> Answers:
    """Name the headings that are like one of ours, or are there twice; None when there are none."""
    problems = [problem for problem in examined.tracker.problems if problem.code in REPORTED]
    return [warning(f"{problem.cell}: {problem.problem}", problem.remedy or AGAIN) for problem in problems] or None


@check(OWN_COLUMNS, needs=(CLOCKS,), exit_code=TRACKER)
def own_columns(examined: Examined) -> Answer:
    """Check that the cells under our headings are this program's to write."""
    for problem in examined.tracker.problems:
        if problem.code == NOT_OURS:
            raise TrackerUnusable(problem.problem, problem.remedy)
    examined.plan = plan_writes(examined.tracker)
    return fine("Nobody else's entries are under the headings that this program writes.")


@check("Status columns", needs=(OWN_COLUMNS,), exit_code=TRACKER)
def status_columns(examined: Examined) -> Answer:
    """List the status columns that will be added."""
    new: dict[str, list[str]] = {}
    for heading in examined.plan.headings:
        new.setdefault(heading.sheet, []).append(heading.heading)
    if new:
        listed = "; ".join(f"on “{sheet}” {', '.join(names)}" for sheet, names in new.items())
        return fine(f"The first run adds columns: {listed}.")
    return fine("All status columns are there.")


@check("Changing the workbook", needs=(OWN_COLUMNS,), exit_code=TRACKER)
def changing(examined: Examined) -> Answers:
    """Check that a run can change its cells without changing the rest of the file."""
    changed(examined.snapshot.data, examined.plan)
    cells = len(examined.plan.cells) + len(examined.plan.headings)
    found = fine(f"A run today would write {cells} cells, and would change nothing else in the file.")
    shared = _shared_more_widely(examined)
    return [found, shared] if shared else found


def _shared_more_widely(examined: Examined) -> Answer | None:
    """Return the warning that the folder of the cases is open to somebody to whom the tracker is not.

    None when it is not, is not there yet, or cannot be seen: on Windows, and where a person signs in.
    """
    in_sharepoint = examined.options.tracker is None and bool(examined.config.sharepoint)
    if in_sharepoint and examined.config.sign_in.method == "device":
        return None
    with suppress(TrackerError):
        folders = open_store(examined.config, examined.options.tracker).case_folders(examined.config.documents.folder)
        if folders.open_to_more():
            return warning(
                f"The folder {folders.name}, for the documents of the cases, is open to more people than the tracker.",
                "Share it with the same people as the tracker: the documents hold what the tracker holds.",
            )
    return None


CHECKS = (headings, clocks, like_headings, own_columns, status_columns, changing)
