"""The guard over the log: what was there at the last run and is gone or changed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

import pytest

from tests.builders import MONDAY, Cells, persons_columns, rules, sheet_as_read, tracker
from tracker_schema.clocks.results import State
from tracker_schema.columns.schema import INCIDENTS, tracker_schema
from tracker_schema.errors import UsageError
from tracker_schema.incidents.assess import assess
from tracker_schema.incidents.guard import HEADING_GONE, remembered
from tracker_schema.incidents.incident import Tracker
from tracker_schema.incidents.memory import Memory, merge, require_known, without
from tracker_schema.layouts.rows import WorkbookRows
from tracker_schema.mail.calendar_entries import calendar_entries, to_cancel
from tracker_schema.mail.daily_list import daily_list
from tracker_schema.mail.deadlines import open_deadlines
from tracker_schema.mail.slt_meetings import meetings_around
from tracker_schema.mail.summary import summarise

DAY = dt.timedelta(days=1)
COLUMNS = persons_columns(tracker_schema().sheets[INCIDENTS])


def case(reference: str = "CI/12", **cells: Any) -> Cells:
    """A case whose rapid review runs."""
    known: dict[str, Any] = {"outcome": "Serious harm", "abuse_or_neglect": "Suspected", "looked_after": "No"}
    days = {"aware_date": dt.date(2026, 11, 16), "panel_notified": dt.date(2026, 11, 18)}
    return {"reference": reference, "decision": "Notify Panel"} | known | days | cells


def at_first(*rows: Cells, **sheets: Any) -> Memory:
    """Return what a check on Sunday, the day before MONDAY, remembers."""
    return remembered(assess(tracker(*rows, **sheets), rules(), MONDAY - DAY), "check")


def then(before: Memory, *rows: Cells, as_of: dt.date = MONDAY, **sheets: Any) -> Tracker:
    """Return the tracker with those rows at the next run."""
    return assess(tracker(*rows, **sheets), rules(), as_of, before)


def without_column(column: str, *rows: Cells, new: Sequence[str] = ()) -> WorkbookRows:
    """Return a tracker that has lost a heading, and has some that are none of ours."""
    left = [each for each in COLUMNS if each != column]
    kept = [{key: value for key, value in row.items() if key != column} for row in rows]
    unknown = dict(enumerate(new, len(left) + 1))
    return WorkbookRows("Log.xlsx", {INCIDENTS: sheet_as_read(INCIDENTS, kept, left, unknown=unknown)})


def sentences(found: Tracker) -> list[str]:
    return [change.problem for change in found.changes]


def test_the_first_run_raises_no_alarm() -> None:
    assert not assess(tracker(case()), rules(), MONDAY).changes


def test_what_is_as_it_was_or_is_new_raises_no_alarm() -> None:
    before = at_first(case(), case("CI/13", panel_notified=""))
    found = then(before, case("CI/14"), case("CI/13", rapid_review_completed=MONDAY), case())
    assert not found.changes


def test_a_heading_gone_is_an_error_that_says_what_it_may_be_now() -> None:
    found = assess(
        without_column("rapid_review_completed", case(), new=["Rapid Review done"]), rules(), MONDAY, at_first(case())
    )
    (change,) = found.changes
    assert change.stops
    assert change.kind == "heading"
    assert "“Rapid review completed” was there at the last run" in change.problem
    assert "Complete the rapid review" in change.problem
    assert change.remedy.startswith("Did you mean “Rapid Review done”?")
    assert found.stopping_changes == [change]
    assert [(each.code, each.severity) for each in found.problems if each.code == HEADING_GONE] == [
        (HEADING_GONE, "error")
    ]


def test_what_a_heading_that_is_gone_timed_cannot_be_told() -> None:
    met = case("CI/13", directors_told=MONDAY, partners_told=MONDAY)
    found = assess(without_column("partners_told", case(), met), rules(), MONDAY, at_first(case(), met))
    assert found.incidents[0].clocks["tell_partners"].state is State.CANNOT_TELL
    assert "“Safeguarding partners told”" in str(found.incidents[0]["data_problems"])


def test_a_fact_that_is_gone_rules_nothing_out() -> None:
    row = case(decision="", panel_notified="")
    found = assess(without_column("normally_resident", row), rules(), MONDAY, at_first(row))
    assert found.incidents[0].clocks["notify_panel"].is_open


def test_a_decision_that_is_gone_leaves_its_clocks_untold() -> None:
    row = case(decision="Threshold not met", panel_notified="")
    found = assess(without_column("decision", row), rules(), MONDAY, at_first(row))
    assert found.incidents[0].clocks["notify_panel"].state is State.CANNOT_TELL


def test_a_heading_that_no_clock_needs_is_told_and_stops_nothing() -> None:
    found = assess(without_column("team", case()), rules(), MONDAY, at_first(case()))
    assert [change.stops for change in found.changes] == [False]


def test_a_heading_stays_gone_until_it_is_back_or_a_person_says_so() -> None:
    gone = without_column("partners_told", case(), new=["Partners informed"])
    again = remembered(assess(gone, rules(), MONDAY, at_first(case())), "check")
    later = assess(gone, rules(), MONDAY + DAY, again)
    assert sentences(later)
    assert "Did you mean “Partners informed”?" in later.changes[0].remedy
    assert not then(remembered(later, "check"), case()).changes
    assert not assess(gone, rules(), MONDAY, without(again, ["Safeguarding partners told"])).changes
    assert not assess(gone, rules(), MONDAY, without(again, ["partners_told"])).changes


def test_a_sheet_gone_is_told_once_and_not_by_its_headings() -> None:
    before = at_first(case(), scoping=[], actions=[])
    assert not then(before, case(), scoping=[], actions=[]).changes  # a sheet without rows is there
    found = then(before, case(), actions=[])
    assert [change.kind for change in found.changes] == ["sheet"]
    assert "“Scoping” was in the tracker on Sunday 22 November" in found.changes[0].problem
    assert found.changes[0].stops
    assert not then(without(before, ["Scoping"]), case(), actions=[]).changes


def test_a_row_gone_is_told_until_it_is_back_or_a_person_says_so() -> None:
    before = at_first(case(), case("CI/18"))
    found = then(before, case())
    assert sentences(found) == ["In the last check, not in the tracker any more: CI/18."]
    assert not found.stopping_changes
    again = remembered(found, "check")
    assert sentences(then(again, case()))
    assert not then(again, case(), case("ci/18")).changes
    assert not then(without(again, ["CI/18"]), case()).changes


def test_rows_gone_from_the_other_sheets_are_told_by_reference_until_they_are_back_or_a_person_says_so() -> None:
    def sheets(*agencies: str, actions: int = 2) -> dict[str, Any]:
        return {
            "scoping": [{"reference": "CI/12", "agency": agency} for agency in agencies],
            "actions": [{"reference": "CI/12", "action": f"Action {number}"} for number in range(actions)],
        }

    before = at_first(case(), **sheets("Police", "School", "Health"))
    assert not then(before, case(), **sheets("Health", "Police", "School", "Housing", actions=3)).changes
    found = then(before, case(), **sheets("Police"))
    assert sentences(found) == ["Fewer rows on the sheet “Scoping” than in the last check: CI/12 had 3, has 1."]
    assert not found.stopping_changes
    again = remembered(found, "check")
    assert sentences(then(again, case(), **sheets("Police", actions=0))) == [
        "Fewer rows on the sheet “Scoping” than in the last check: CI/12 had 3, has 1.",
        "Fewer rows on the sheet “Actions” than in the last check: CI/12 had 2, has 0.",
    ]
    assert not then(again, case(), **sheets("Police", "School", "Health")).changes
    assert not then(without(again, ["CI/12"]), case(), **sheets("Police")).changes
    # The rows of a case that is closed may go, and those of a case that is itself gone are not missed besides.
    assert not then(before, case(closed=MONDAY), **sheets(actions=0)).changes
    assert [change.kind for change in then(before, **sheets(actions=0)).changes] == ["row"]


def test_of_what_several_jobs_know_the_larger_number_of_rows_counts() -> None:
    rows = [{"reference": "CI/12", "agency": agency} for agency in ("Police", "School")]
    known = merge(at_first(case(), scoping=rows[:1]), [at_first(case(), scoping=rows)])
    assert then(known, case(), scoping=rows[:1]).changes


@pytest.mark.parametrize(
    ("day", "as_of", "sentence"),
    [
        (dt.date(2026, 11, 17), MONDAY, "was 16/11/2026, is 17/11/2026 since yesterday."),
        ("", MONDAY, "was 16/11/2026, is empty since yesterday."),
        ("soon", MONDAY + DAY, "was 16/11/2026, cannot be read since Sunday 22 November."),
    ],
)
def test_a_date_of_a_statutory_clock_that_changed_is_told(day: Any, as_of: dt.date, sentence: str) -> None:
    found = then(at_first(case()), case(aware_date=day), as_of=as_of)
    assert sentences(found) == [f"Date aware of CI/12 {sentence}"]
    assert not then(remembered(found, "check"), case(aware_date=day), as_of=as_of + DAY).changes


@pytest.mark.parametrize("cells", [{"slt_discussed": ""}, {"initials": "ZZ"}, {"heads_met": dt.date(2026, 11, 19)}])
def test_other_cells_are_changed_in_silence(cells: dict[str, Any]) -> None:
    first = case(slt_discussed=dt.date(2026, 11, 17), initials="YY", heads_met=dt.date(2026, 11, 18))
    assert not then(at_first(first), {**first, **cells}).changes


def test_only_references_headings_and_dates_are_remembered() -> None:
    found = at_first(case(initials="ZZ", summary="Made up", date_of_birth=dt.date(2015, 3, 4)))
    assert dict(found.dates) == {
        "CI/12": {"aware_date": dt.date(2026, 11, 16), "panel_notified": dt.date(2026, 11, 18)}
    }
    assert set(found.pages["Incidents"].headings.values()) <= {
        column.heading for column in tracker_schema().sheets[INCIDENTS].column
    }


def test_what_only_another_job_knows_is_guarded_too() -> None:
    own, other = at_first(case()), at_first(case(aware_date=dt.date(2026, 11, 17)), case("CI/13"))
    both = merge(own, [other])
    assert both.dates["CI/12"] == own.dates["CI/12"]
    assert sentences(then(both, case())) == ["In the last check, not in the tracker any more: CI/13."]


def test_a_name_that_was_not_there_is_refused() -> None:
    with pytest.raises(UsageError, match="Did you mean “CI/12”"):
        require_known(at_first(case()), ["CI/21"])


def test_the_daily_list_says_it_first_and_once() -> None:
    found = assess(without_column("partners_told", case()), rules(), MONDAY, at_first(case()))
    needed = daily_list(found)
    assert list(needed.changes) == [(change, True) for change in found.changes]
    assert not [key for _, key in needed.keys if HEADING_GONE in key]
    assert not needed.is_empty


def test_the_calendar_cancels_nothing_that_cannot_be_told() -> None:
    first = assess(tracker(case(), case("CI/13")), rules(), MONDAY - DAY)
    sent = {entry.uid for entry in calendar_entries(open_deadlines(first))}
    before = remembered(first, "summary")
    for found in (
        assess(without_column("partners_told", case(), case("CI/13")), rules(), MONDAY, before),
        assess(without_column("partners_told", case(), case("CI/13")), rules(), MONDAY),
        then(before, case()),
    ):
        assert not to_cancel(found, sent, calendar_entries(open_deadlines(found)))
    met = then(before, case(partners_told=MONDAY), case("CI/13"))
    assert len(to_cancel(met, sent, calendar_entries(open_deadlines(met)))) == 1


def test_a_rapid_review_that_nobody_can_time_is_untold_and_not_none() -> None:
    days = rules().days
    for before, row, untold in (
        (at_first(case()), case(), True),
        (None, case(), True),
        (None, case(panel_notified=""), False),
    ):
        found = assess(without_column("rapid_review_completed", row), rules(), MONDAY, before)
        summary = summarise(found, meetings_around(MONDAY, "Tuesday", days), MONDAY - 7 * DAY, None)
        assert ("reviews" in summary.untold) is untold
