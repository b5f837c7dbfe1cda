"""Random rows and councils for property tests, and how the clocks of a row stand, in the oracle's words."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

from hypothesis import strategies as st

from tests.builders import rules
from tests.tracker_schema.clocks.oracle import CLOCKS, OPEN, UNREADABLE, Fact, RowStatus, Settings, Standing
from tracker_schema.clocks.clocks import Rules, standard_clocks
from tracker_schema.clocks.results import ClockResult, State
from tracker_schema.columns.parsing import NO_RESULT, ErrorValue
from tracker_schema.columns.schema import INCIDENTS, tracker_schema
from tracker_schema.incidents.incident import Incident

COLUMNS = tracker_schema().sheets[INCIDENTS].columns
LABELS = {clock.label: clock.id for clock in standard_clocks()}
ONE_DAY = dt.timedelta(days=1)


# Random rows. A recipe is what hypothesis draws for a cell: None for an empty one, a number of days from as-of, a day,
# a birthday (years and days from as-of), a choice, or a cell that cannot be read.

UNREADABLE_CELLS = (ErrorValue("#REF!"), NO_RESULT, "soon", True)
OUTSIDE = (dt.date(2011, 12, 30), dt.date(2029, 1, 2))  # the bank holidays known
LEAP_DAYS = (dt.date(2000, 2, 29), dt.date(2004, 2, 29), dt.date(2008, 2, 29))
COMING_OF_AGE = tuple((years, days) for years in (18, 25) for days in range(-31, 3))

Recipe = Any
Recipes = dict[str, st.SearchStrategy[Recipe]]

DATES = (*(column for clock in CLOCKS if clock.sheet == INCIDENTS for column in (*clock.anchor, *clock.stop)),)
CHOICES = (
    *("looked_after", "care_leaver", "place", "normally_resident", "outcome", "abuse_or_neglect"),
    *("decision", "review_decision"),
)


def _tidy() -> Recipes:
    """Rows of late in which everything can be read and little has been done."""
    some_dates = st.sampled_from((*(None,) * 20, *range(-7, 2)))
    rows: Recipes = dict.fromkeys(DATES, some_dates)
    rows |= {column: st.sampled_from((None, *COLUMNS[column].choices)) for column in CHOICES}
    return rows | {
        "aware_date": st.sampled_from(range(-9, 1)),
        "incident_date": st.sampled_from((None, *range(-30, 1))),
        "date_of_birth": st.sampled_from((None, (5, 0), (60, 0), *COMING_OF_AGE[::4], *LEAP_DAYS)),
        "review_decided": st.sampled_from((*(None,) * 20, *range(-190, -178), *range(-7, 2))),
        "panel_notified": st.sampled_from((*(None,) * 20, *range(-25, -18), *range(-7, 2))),
        "rapid_review_sent": st.sampled_from((*(None,) * 20, *range(-20, -8))),
    }


def _wild() -> Recipes:
    """Rows in which anything may stand anywhere."""
    dates = (*(None,) * 25, *range(-45, 4), *range(-190, -178, 3), *UNREADABLE_CELLS, *OUTSIDE)
    rows: Recipes = {column: st.sampled_from(dates) for column in (*DATES, "incident_date")}
    rows |= {column: st.sampled_from((None, *COLUMNS[column].choices * 3, *UNREADABLE_CELLS[:3])) for column in CHOICES}
    return rows | {
        "date_of_birth": st.sampled_from((None, *LEAP_DAYS, *COMING_OF_AGE, *UNREADABLE_CELLS)),
        "heads_met": st.sampled_from((*(None,) * 70, *dates)),
        "notification_withdrawn": st.sampled_from((*(None,) * 20, *range(-20, 1), "soon")),
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
        "looked_after": st.sampled_from(("No", None, "Yes", "soon")),
        "decision": st.sampled_from((None, None, None, "Notify Panel", "Threshold not met")),
        "ofsted_notified": lately,
        "panel_notified": lately,
    }


KINDS_OF_ROWS = (_tidy, _wild, _of_an_age)
rows_of_recipes = st.lists(
    st.one_of(*(st.fixed_dictionaries(kind()) for kind in KINDS_OF_ROWS)), min_size=20, max_size=30
)


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
)


def rules_of(council: Settings) -> Rules:
    """The same settings as the code takes them; where there are closure days every clock honours them."""
    changes = {"count_from": council.count_from, "honours_closures": bool(council.closures)}
    return rules(
        clocks=tuple(clock.model_copy(update=changes) for clock in standard_clocks()),
        warn_working_days=council.warn_working_days,
        care_leavers=council.care_leavers,
        closures=council.closures,
        start_from=council.start_from,
    )


# What the code says, in the oracle's words


def standing(result: ClockResult | None) -> Standing | None:
    """Return one clock in the oracle's words; of one that is not running, only its state."""
    if result is None:
        return None
    state = result.state
    if state in (State.NOT_STARTED, State.CANNOT_TELL, State.BEFORE_START):
        return Standing(state.words)
    left = result.working_days_left if state.words in OPEN else None
    return Standing(state.words, result.anchor, result.due, result.stopped, left)


def row_status(incident: Incident) -> RowStatus:
    """Return the status columns in the oracle's words."""
    columns: dict[str, Any] = incident.worked_out
    return RowStatus(
        columns["status"],
        LABELS[columns["next_step"]] if columns["next_step"] else None,
        columns["next_due"],
        columns["working_days_left"],
        tuple(LABELS[label] for label in (columns["overdue_steps"] or "").split("; ") if label),
    )
