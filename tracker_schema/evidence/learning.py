"""What was learned from the incidents of a tracker: its themes by quarter, their actions, and what followed.

An incident is its reference. Of an action there are only its dates and its row: the rest may identify somebody.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from tracker_schema.columns.schema import INCIDENTS
from tracker_schema.evidence.columns import evidence_columns
from tracker_schema.evidence.quarters import Quarter
from tracker_schema.evidence.themes import themes_of
from tracker_schema.incidents.incident import Action, Incident, Tracker
from tracker_schema.layouts.record import Value

NO_COLUMN, NOT_RECORDED = "No such column in the log", "Not recorded"


@dataclass(frozen=True)
class ThemeQuarter:
    """The incidents of one quarter that have a theme.

    theme: the theme, as it was first typed
    in_all: how many incidents of the tracker have it
    quarter: the quarter of the date aware; None when that date is blank or cannot be read
    references: the incidents, in the order of the workbook
    """

    theme: str
    in_all: int
    quarter: Quarter | None
    references: tuple[str, ...]


@dataclass(frozen=True)
class ActionCounts:
    """The actions of one incident.

    open, overdue, done: how many there are; those overdue are open too, and so is one without a readable date done
    next_due: the earliest day by which an open one is to be done
    rows: the rows of the Actions sheet in words, such as “row 5”
    """

    open: int
    overdue: int
    done: int
    next_due: dt.date | None
    rows: tuple[str, ...]

    @classmethod
    def of(cls, actions: Sequence[Action], as_of: dt.date) -> ActionCounts:
        """Return the counts of these actions as on `as_of`."""
        not_done = [action for action in actions if action.done is None]
        due = [action.due for action in not_done if action.due]
        return cls(
            open=len(not_done),
            overdue=sum(day < as_of for day in due),
            done=len(actions) - len(not_done),
            next_due=min(due, default=None),
            rows=tuple(action.sheet.where(action.position) for action in actions),
        )


@dataclass(frozen=True)
class Lesson:
    """An incident from which something was learned, or that has actions.

    reference: the incident
    aware: its date aware, or words
    themes: its themes; none when no learning is recorded
    followed: what followed, a value for each of the columns `followed` of evidence.toml: a date, or words
    actions: its actions
    """

    reference: str
    aware: Value
    themes: tuple[str, ...]
    followed: tuple[Value, ...]
    actions: ActionCounts


@dataclass(frozen=True)
class Learning:
    """What was learned, as on one day.

    incidents: how many incidents the tracker has
    themes: for each theme its quarters; the most frequent theme first
    actions: a theme, an incident that has it, and the actions of that incident; the theme is None without learning
    lessons: the incidents from which something was learned, or that have actions, the earliest first
    aware_heading, followed_headings: the headings, in this tracker, of the date aware and of what followed
    actions_without_incident: how many actions name no incident of the tracker
    """

    incidents: int
    themes: Sequence[ThemeQuarter]
    actions: Sequence[tuple[str | None, str, ActionCounts]]
    lessons: Sequence[Lesson]
    aware_heading: str
    followed_headings: Sequence[str]
    actions_without_incident: int

    @property
    def with_themes(self) -> int:
        """How many incidents have a theme."""
        return sum(bool(lesson.themes) for lesson in self.lessons)

    @property
    def number_of_themes(self) -> int:
        """How many themes there are."""
        return len({line.theme for line in self.themes})


def learning_of(tracker: Tracker) -> Learning:
    """Return what was learned from the incidents of a tracker."""
    columns, sheet = evidence_columns(), tracker.rows.sheets[INCIDENTS]
    incidents = sorted(tracker.incidents, key=lambda incident: incident.aware or dt.date.max)
    by_theme = _by_theme(incidents)
    lessons = [_lesson(incident, tracker.as_of) for incident in incidents if _has_lesson(incident)]
    attached = {id(action) for incident in incidents for action in incident.actions}
    return Learning(
        incidents=len(incidents),
        themes=list(_quarters(by_theme)),
        actions=list(_actions(by_theme, incidents, tracker.as_of)),
        lessons=lessons,
        aware_heading=sheet.heading(columns.aware),
        followed_headings=list(map(sheet.heading, columns.followed)),
        actions_without_incident=sum(id(action) not in attached for action in tracker.actions),
    )


def _name(incident: Incident) -> str:
    """Return the reference, or the row of an incident without one."""
    return incident.reference or incident.sheet.where(incident.position)


def _by_theme(incidents: Iterable[Incident]) -> Mapping[str, Sequence[Incident]]:
    """Return the incidents by theme, the most frequent theme first."""
    spelling: dict[str, str] = {}
    found: dict[str, list[Incident]] = {}
    for incident in incidents:
        for theme in themes_of(incident):
            found.setdefault(spelling.setdefault(theme.casefold(), theme), []).append(incident)
    return dict(sorted(found.items(), key=lambda item: (-len(item[1]), item[0].casefold())))


def _quarters(by_theme: Mapping[str, Sequence[Incident]]) -> Iterator[ThemeQuarter]:
    for theme, incidents in by_theme.items():
        quarters: dict[Quarter | None, list[str]] = {}
        for incident in incidents:
            quarters.setdefault(Quarter.of(incident.aware) if incident.aware else None, []).append(_name(incident))
        for quarter, references in quarters.items():
            yield ThemeQuarter(theme, len(incidents), quarter, tuple(references))


def _actions(
    by_theme: Mapping[str, Sequence[Incident]], incidents: Iterable[Incident], as_of: dt.date
) -> Iterator[tuple[str | None, str, ActionCounts]]:
    without = [incident for incident in incidents if not themes_of(incident)]
    for theme, those in (*by_theme.items(), (None, without)):
        for incident in those:
            if incident.actions:
                yield theme, _name(incident), ActionCounts.of(incident.actions, as_of)


def _has_lesson(incident: Incident) -> bool:
    columns = evidence_columns()
    return bool(incident.actions) or any(map(incident.is_filled, (columns.learning, *columns.followed)))


def _lesson(incident: Incident, as_of: dt.date) -> Lesson:
    columns = evidence_columns()
    return Lesson(
        _name(incident),
        _value(incident, columns.aware),
        themes_of(incident),
        tuple(_value(incident, column) for column in columns.followed),
        ActionCounts.of(incident.actions, as_of),
    )


def _value(incident: Incident, column: str) -> Value:
    """Return what the column says, or in words why it says nothing."""
    if not incident.has_column(column):
        return NO_COLUMN
    if column in incident.unreadable:
        return f"Not readable (see {incident.address(column)})"
    return incident.get(column, NOT_RECORDED)
