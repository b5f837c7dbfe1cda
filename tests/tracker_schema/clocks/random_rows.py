"""Random rows and councils for property tests, and what the program says of a row, in the oracle's words."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from hypothesis import strategies as st

from tests.builders import persons_columns, rules, sheet_as_read, tracker
from tests.tracker_schema.clocks import oracle
from tests.tracker_schema.clocks.oracle import CLOCKS, OPEN, UNREADABLE, Expected, Fact, Row, RowStatus, Settings
from tracker_schema.clocks.clocks import Rules, default_clocks
from tracker_schema.clocks.results import ClockResult, State
from tracker_schema.columns.parsing import NO_RESULT, ErrorValue
from tracker_schema.columns.schema import INCIDENTS, tracker_schema
from tracker_schema.incidents.assess import assess
from tracker_schema.incidents.incident import Incident, Tracker
from tracker_schema.incidents.stages import standard_process
from tracker_schema.layouts.combine_sheets import combine_sheets
from tracker_schema.layouts.layouts import CHILD, Layout, with_layout
from tracker_schema.layouts.rows import WorkbookRows

SHEET = tracker_schema().sheets[INCIDENTS]
COLUMNS = SHEET.columns
LABELS = {clock.label: clock.id for clock in default_clocks()}
ONE_DAY = dt.timedelta(days=1)


# Random rows. A recipe is what hypothesis draws for a cell: None for an empty one, a number of days from as-of, a day,
# a birthday (years and days from as-of), a choice, or a cell that cannot be read.

UNREADABLE_CELLS = (ErrorValue("#REF!"), NO_RESULT, "soon", True)
OUTSIDE = (dt.date(2011, 12, 30), dt.date(2029, 1, 2))  # the bank holidays known
LEAP_DAYS = (dt.date(2000, 2, 29), dt.date(2004, 2, 29), dt.date(2008, 2, 29))
COMING_OF_AGE = tuple((years, days) for years in (18, 25) for days in range(-31, 3))

Recipe = Any
Recipes = dict[str, st.SearchStrategy[Recipe]]

DATES = tuple(
    dict.fromkeys(column for clock in CLOCKS if clock.sheet == INCIDENTS for column in (*clock.anchor, *clock.stop))
)
CHOICES = (
    *("looked_after", "care_leaver", "place", "normally_resident", "outcome", "abuse_or_neglect"),
    *("decision", "dspp_decision", "review_decision"),
)
REASON = "Made up"


def _tidy() -> Recipes:
    """Rows of late in which everything can be read and little has been done."""
    some_dates = st.sampled_from((*(None,) * 20, *range(-7, 2)))
    rows: Recipes = dict.fromkeys(DATES, some_dates)
    rows |= {column: st.sampled_from((None, *COLUMNS[column].choices)) for column in CHOICES}
    return rows | {
        "aware_date": st.sampled_from(range(-9, 1)),
        "incident_date": st.sampled_from((None, *range(-30, 1))),
        "date_of_birth": st.sampled_from((None, (5, 0), (60, 0), *COMING_OF_AGE[::4], *LEAP_DAYS)),
        "decision_reason": st.sampled_from((None, REASON)),
        "dspp_decision": st.sampled_from((*(None,) * 9, *COLUMNS["dspp_decision"].choices)),
        "review_decision": st.sampled_from((*(None,) * 9, *COLUMNS["review_decision"].choices)),
        "review_decided": st.sampled_from((*(None,) * 20, *range(-190, -178), *range(-7, 2))),
        "panel_notified": st.sampled_from((*(None,) * 20, *range(-25, -18), *range(-7, 2))),
        "rapid_review_sent": st.sampled_from((*(None,) * 20, *range(-20, -8))),
    }


def _wild() -> Recipes:
    """Rows in which anything may be anywhere."""
    dates = (*(None,) * 25, *range(-45, 4), *range(-190, -178, 3), *UNREADABLE_CELLS, *OUTSIDE)
    rows: Recipes = {column: st.sampled_from(dates) for column in (*DATES, "incident_date")}
    rows |= {column: st.sampled_from((None, *COLUMNS[column].choices * 3, *UNREADABLE_CELLS[:3])) for column in CHOICES}
    return rows | {
        "date_of_birth": st.sampled_from((None, *LEAP_DAYS, *COMING_OF_AGE, *UNREADABLE_CELLS)),
        "heads_met": st.sampled_from((*(None,) * 70, *dates)),
        "notification_withdrawn": st.sampled_from((*(None,) * 20, *range(-20, 1), "soon")),
        "paused_until": st.sampled_from((*(None,) * 9, *range(-2, 9), "soon")),
        "decision_reason": st.sampled_from((None, REASON)),
        "closed": st.sampled_from((*(None,) * 200, *range(-20, 1))),
    }


def _of_an_age() -> Recipes:
    """Rows on which it matters how old the child was, to the day, and what may not be readable."""
    lately = st.sampled_from((*range(-3, 1), None, "soon"))
    return {
        "date_of_birth": st.sampled_from(
            (*((years, days) for years in (18, 25) for days in range(-4, 2)), None, "soon")
        ),
        "incident_date": lately,
        "aware_date": st.sampled_from(range(-3, 1)),
        "outcome": st.sampled_from(("Death", "Death", "Death", "Serious harm", None, "soon")),
        "care_leaver": st.sampled_from(("Yes", "Yes", "Yes", "No", None, "soon")),
        "looked_after": st.sampled_from(("No", None, "Yes", "Not known", "soon")),
        "decision": st.sampled_from((None, None, None, "Notify Panel", "Threshold not met")),
        "ofsted_notified": lately,
        "panel_notified": lately,
    }


def _unknown() -> Recipes:
    """Rows on which a fact that decides a duty may be blank or not known, from well before to well past day 5."""
    return {
        "aware_date": st.sampled_from((*range(-12, 1), None)),
        "date_of_birth": st.sampled_from(((5, 0), (5, 0), (17, 0), (20, 0), (30, 0), None)),
        "outcome": st.sampled_from(("Death", "Death", "Serious harm", "Other", None, None)),
        "abuse_or_neglect": st.sampled_from(("Known", "Suspected", "No", "Not known", None, None)),
        "looked_after": st.sampled_from(("Yes", "No", "Not known", None, None)),
        "care_leaver": st.sampled_from(("Yes", "No", None)),
        "place": st.sampled_from(("In area", "In area", "Elsewhere in England", None)),
        "form_received": st.just(-12),
        "decision": st.sampled_from((None, *COLUMNS["decision"].choices)),
        "decision_date": st.sampled_from((-1, -1, None)),
        "decision_reason": st.sampled_from((None, REASON)),
        "panel_notified": st.sampled_from((None, None, -1)),
        "ofsted_notified": st.sampled_from((None, None, -1)),
        "partners_told": st.sampled_from((None, -1)),
        "slt_discussed": st.sampled_from((None, -1, -9)),
    }


def _far_along() -> Recipes:
    """Cases on which the process has gone on for long: a referral, a rapid review, a review, a pause."""
    done = st.sampled_from((*range(-12, 0), None))
    often = st.sampled_from((*range(-12, 0), *range(-12, 0), *range(-12, 0), None))
    return {
        "aware_date": st.sampled_from(range(-60, -40)),
        "form_received": st.just(-39),
        "date_of_birth": st.sampled_from(((5, 0), (5, 0), (5, 0), (20, 0))),
        "outcome": st.just("Serious harm"),
        "abuse_or_neglect": st.sampled_from(("Known", "Known", "Known", "No", "Not known")),
        "looked_after": st.just("No"),
        "decision": st.sampled_from(COLUMNS["decision"].choices),
        "decision_date": st.just(-38),
        "decision_reason": st.sampled_from((REASON, REASON, None)),
        "panel_notified": st.sampled_from((-37, -37, None)),
        "partners_told": st.just(-37),
        "directors_told": st.just(-37),
        "lead_member_briefed": st.just(-37),
        "cspr_referred": st.sampled_from((-37, None)),
        "operational_head_told": st.sampled_from((-37, -37, None)),
        "notification_withdrawn": st.sampled_from((*(None,) * 6, -30)),
        "dspp_decision": st.sampled_from((None, None, *COLUMNS["dspp_decision"].choices)),
        "dspp_decided": st.sampled_from((None, -20)),
        "rapid_review_completed": often,
        "rapid_review_sent": often,
        "panel_response": often,
        "review_decision": st.sampled_from((None, "Local review", "Local review", "National review", "No review")),
        "review_decided": st.sampled_from((None, -1, -9, -9, -200)),
        "review_informed": often,
        "review_completed": done,
        "review_published": done,
        "paused_until": st.sampled_from((*(None,) * 4, -1, 0, 1, 20)),
        "dlt_discussed": done,
        "learning_shared": done,
        "slt_discussed": st.sampled_from((None, *range(-9, 1))),
    }


KINDS_OF_ROWS = (_tidy, _wild, _of_an_age, _unknown, _far_along)
rows_of_recipes = st.lists(
    st.one_of(*(st.fixed_dictionaries(kind()) for kind in KINDS_OF_ROWS)), min_size=20, max_size=30
)

MAY_BE_MISSING = (*DATES[1:], *CHOICES, "date_of_birth", "incident_date", "decision_reason", "paused_until")
missing_columns = st.sets(st.sampled_from(MAY_BE_MISSING), max_size=8)


def cell_and_fact(recipe: Recipe, as_of: dt.date) -> tuple[Any, Fact]:
    """The cell that a recipe makes, and what it says."""
    if recipe is None:
        return "", None
    if any(recipe is cell for cell in UNREADABLE_CELLS):
        return recipe, UNREADABLE
    if isinstance(recipe, tuple):
        years, days = recipe
        recipe = dt.date(as_of.year - years, as_of.month, min(as_of.day, 28)) + days * ONE_DAY
    if isinstance(recipe, int):
        recipe = as_of + recipe * ONE_DAY
    return (recipe, recipe) if isinstance(recipe, str) else (_in_some_form(recipe), recipe)


def _in_some_form(day: dt.date) -> Any:
    forms: tuple[Any, ...] = (
        day,
        dt.datetime.combine(day, dt.time()),
        f" {day:%d/%m/%Y}",
        day.isoformat(),
        float((day - dt.date(1899, 12, 30)).days) if day.year > 1950 else day,
    )
    return forms[day.toordinal() % len(forms)]


def _stretch(first: str, days: int) -> Iterator[dt.date]:
    return (dt.date.fromisoformat(first) + number * ONE_DAY for number in range(days))


DAYS_TO_LOOK_FROM = (
    *_stretch("2026-11-23", 7),
    *_stretch("2026-12-18", 24),  # Christmas, a substitute day, and New Year's Day
    *_stretch("2027-03-24", 12),  # Easter
    *_stretch("2027-04-30", 6),
    *_stretch("2027-12-23", 14),  # two substitute days and a third
    *_stretch("2025-02-27", 4),  # 25 years after 29 February 2000
    *_stretch("2026-02-27", 4),  # 18 years after 29 February 2008
    *_stretch("2028-02-27", 5),  # half a year after 31 August 2027
    *_stretch("2028-12-15", 10),  # the bank holidays known end soon
)
settings_of_councils = st.builds(
    Settings,
    st.sampled_from(DAYS_TO_LOOK_FROM),
    st.sampled_from((2, 0, 1, 5)),
    st.sampled_from((True, False)),
    st.sampled_from((0, 0, 1)),
    st.sampled_from((frozenset[dt.date](), frozenset(_stretch("2026-12-29", 3)))),
    st.sampled_from((None, None, *_stretch("2026-11-16", 3), dt.date(2026, 6, 1), dt.date(2027, 12, 20))),
    st.sampled_from((1, 1, 0, 4)),
)


def rules_of(council: Settings) -> Rules:
    """The same settings as the program takes them; where there are closure days every clock honours them."""
    changes = {"count_from": council.count_from, "honours_closures": bool(council.closures)}
    return rules(
        clocks=tuple(clock.model_copy(update=changes) for clock in default_clocks()),
        warn_working_days=council.warn_working_days,
        care_leavers=council.care_leavers,
        closures=council.closures,
        start_from=council.start_from,
        slt_weekday=council.slt_meets,
    )


# Incidents of one child or several, as the program and as the oracle read them


@dataclass(frozen=True)
class Case:
    """One incident as the oracle reads it, and the cells of its rows, one for each child."""

    row: Row
    cells: Sequence[Mapping[str, Any]]

    def __str__(self) -> str:
        filled = [{column: cell for column, cell in cells.items() if cell != ""} for cells in self.cells]
        return f"{filled} as of {self.row.settings}"


OF_EACH_CHILD = tuple(column.id for column in SHEET.column if column.of_each_child)


def cases_of(
    recipes: Sequence[Mapping[str, Recipe]], council: Settings, missing: Sequence[str] = (), children: int = 1
) -> list[Case]:
    """An incident for each recipe, or for every few of them: the first says what is said of the incident."""
    kept = [column for column in persons_columns(SHEET) if column not in missing]
    rows = [
        {column: cell_and_fact(recipe.get(column), council.as_of) for column in kept if column != "reference"}
        for recipe in recipes
    ]
    cases: list[Case] = []
    for number in range(0, len(rows), children):
        of_incident = rows[number : number + children]
        first = of_incident[0]
        own = [{column: row[column] for column in OF_EACH_CHILD if column in kept} for row in of_incident]
        facts = {column: fact for column, (_, fact) in first.items() if column not in OF_EACH_CHILD}
        row = Row(
            facts,
            council,
            tuple({column: fact for column, (_, fact) in child.items()} for child in own),
            frozenset(kept) if missing else None,
        )
        reference = {"reference": f"CI-{len(cases) + 1}"}
        cells = [reference | {column: cell for column, (cell, _) in (first | child).items()} for child in own]
        cases.append(Case(row, cells))
    return cases


def tracker_of(cases: Sequence[Case], council: Settings) -> Tracker:
    """The same incidents as the program reads them from a log with a row for each child."""
    if all(len(case.cells) == 1 for case in cases):
        rows_of_cases = [case.cells[0] for case in cases]
        return assess(tracker(*rows_of_cases, columns=list(rows_of_cases[0])), rules_of(council), council.as_of)
    rows = [{CHILD: str(number)} | dict(cells) for case in cases for number, cells in enumerate(case.cells, 1)]
    layout = Layout()
    columns = ["reference", *dict.fromkeys(column for row in rows for column in row if column != "reference")]
    page = sheet_as_read(INCIDENTS, rows, columns, sheet=with_layout(SHEET, layout, {}), name="Log")
    read = combine_sheets(SHEET, [page], layout, date_1904=False)
    return assess(WorkbookRows("Log.xlsx", {INCIDENTS: read}), rules_of(council), council.as_of)


# What the program says, in the oracle's words


def expected_of(result: ClockResult | None) -> Expected | None:
    """Return one clock in the oracle's words; of one that is not open, only its state."""
    if result is None:
        return None
    state = result.state
    if state in (State.NOT_STARTED, State.CANNOT_TELL, State.BEFORE_START):
        return Expected(state.words)
    left = result.working_days_left if state.words in OPEN else None
    return Expected(state.words, result.anchor, result.due, result.stopped, left)


WAITS_FOR = {
    "incident": oracle.AWARE,
    "form": oracle.FORM,
    "decision": oracle.DECISION,
    "panel": oracle.PANEL,
    "referral": oracle.REFERRAL,
    "ofsted": oracle.OFSTED,
    "partnership": oracle.REFERRAL_DECISION,
    "rapid_review": oracle.RAPID_REVIEW,
    "panel_response": oracle.PANEL_ANSWER,
    "review_decision": oracle.REVIEW_DECISION,
    "review": oracle.REVIEW,
    "extended_dlt": oracle.EXTENDED_DLT,
    "teams": oracle.TEAMS,
}
_WAITING = {stage.waits: WAITS_FOR.get(stage.id, stage.id) for stage in standard_process().stage if stage.waits}


def row_status(incident: Incident) -> RowStatus:
    """Return the status columns in the oracle's words."""
    columns: dict[str, Any] = incident.worked_out
    steps = (columns["next_step"] or "").split("; ")
    step = LABELS[steps[0]] if columns["next_due"] else None
    waiting = steps[-1] if step is None or len(steps) > 1 else ""
    waits_for = oracle.PAUSE if waiting.startswith("Paused until ") else _WAITING[waiting] if waiting else None
    return RowStatus(
        columns["status"],
        step,
        columns["next_due"],
        columns["working_days_left"],
        tuple(LABELS[label] for label in (columns["overdue_steps"] or "").split("; ") if label),
        waits_for,
    )
