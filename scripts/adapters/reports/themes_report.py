"""The themes of the learning as an Excel workbook: by quarter, with their actions, and with what followed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from scripts.adapters.reports.pages import Table, add_line, add_page, add_table, marked, new_workbook, saved
from tracker_schema.evidence.learning import NOT_RECORDED, ActionCounts, Learning
from tracker_schema.layouts.record import Value
from tracker_schema.wording import counted, long_date

TITLE = "Learning themes"
WHO_MAY_SEE = "Only for people who may see the tracker."
NO_THEME = "No theme recorded"
NO_DATE = "Date aware not known"

_ABOUT_THEMES = (
    "By the quarter of Date aware. An incident is counted once for each of its themes, however many children."
)
_ABOUT_ACTIONS = (
    "An incident with several themes is listed under each of them, so the numbers do not add up to a total."
)
_ABOUT_LEARNING = (
    "Each incident with learning, a review or actions. For what an action is, see the tracker’s Actions sheet."
)
_ACTION_COLUMNS = (("Open", 9), ("Of these overdue", 12), ("Done", 9), ("Next due", 13), ("On the Actions sheet", 26))
# The row of the headings.
_TABLE = 6


@dataclass(frozen=True)
class ThemesReport:
    """A report on the themes of the learning.

    council: the council's name
    marking: the protective marking, or ""
    as_of: the day on which it was made
    learning: what was learned
    """

    council: str
    marking: str
    as_of: dt.date
    learning: Learning

    @property
    def file_stem(self) -> str:
        """The name of its file, without the ending."""
        return f"{TITLE} {self.as_of}"

    @property
    def headline(self) -> str:
        """How much was learned, in numbers."""
        learning = self.learning
        return (
            f"Incidents with learning themes: {learning.with_themes:,} of {learning.incidents:,}. "
            f"Themes: {learning.number_of_themes:,}."
        )

    def as_json(self, saved: Sequence[Path]) -> dict[str, Any]:
        """Return the numbers and the saved files for JSON. A theme is free text, which stays in the workbook."""
        counts = [lesson.actions for lesson in self.learning.lessons]
        return {
            "as_of": self.as_of.isoformat(),
            "incidents": self.learning.incidents,
            "with_themes": self.learning.with_themes,
            "themes": self.learning.number_of_themes,
            "actions": {
                "open": sum(each.open for each in counts),
                "overdue": sum(each.overdue for each in counts),
                "done": sum(each.done for each in counts),
                "without_incident": self.learning.actions_without_incident,
            },
            "files": [str(path) for path in saved],
        }


def build(report: ThemesReport) -> bytes:
    """Return the bytes of the workbook."""
    workbook = new_workbook(f"{TITLE}, {report.as_of}", report.council)
    for table in (_themes(report.learning), _actions(report.learning), _learning(report.learning)):
        page = add_page(workbook, table.name, [width for _, width in table.columns], report.marking)
        add_line(page, 1, marked(f"{TITLE}: {table.name}", report.marking), "Tracker title")
        add_line(page, 2, WHO_MAY_SEE)
        add_line(page, 3, f"{report.council}, {long_date(report.as_of)}. {report.headline}")
        add_line(page, 4, table.about)
        add_table(page, _TABLE, table)
    return saved(workbook)


def _themes(learning: Learning) -> Table:
    columns = (("Theme", 44), ("In all", 10), ("Quarter", 28), ("Incidents", 11), ("References", 60))
    rows = [
        (
            line.theme,
            line.in_all,
            line.quarter.label if line.quarter else NO_DATE,
            len(line.references),
            _listed(line.references),
        )
        for line in learning.themes
    ]
    return Table("Themes", _ABOUT_THEMES, columns, rows, "No incident has a learning theme yet.")


def _actions(learning: Learning) -> Table:
    columns = (("Theme", 44), ("Incident", 18), *_ACTION_COLUMNS)
    rows = [(theme or NO_THEME, reference, *_counts(counts)) for theme, reference, counts in learning.actions]
    return Table("Actions", _about_actions(learning), columns, rows, "No incident has an action.")


def _learning(learning: Learning) -> Table:
    followed = [(heading, 18) for heading in learning.followed_headings]
    columns = (("Incident", 18), (learning.aware_heading, 13), (TITLE, 44), *followed, *_ACTION_COLUMNS)
    rows = [
        (each.reference, each.aware, _listed(each.themes) or NOT_RECORDED, *each.followed, *_counts(each.actions))
        for each in learning.lessons
    ]
    return Table("Learning", _ABOUT_LEARNING, columns, rows, "No incident has learning, a review or an action.")


def _about_actions(learning: Learning) -> str:
    left_out = learning.actions_without_incident
    if not left_out:
        return _ABOUT_ACTIONS
    names = "names" if left_out == 1 else "name"
    return f"{_ABOUT_ACTIONS} Left out: {counted(left_out, 'action')} that {names} no incident of the tracker."


def _listed(words: Iterable[str]) -> str:
    return "; ".join(words)


def _counts(counts: ActionCounts) -> Sequence[Value]:
    return counts.open, counts.overdue, counts.done, counts.next_due, _listed(counts.rows)
