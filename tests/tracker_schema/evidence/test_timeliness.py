"""Notifications are counted in the right quarter and by the right limit, with the reasons for lateness."""

from __future__ import annotations

import datetime as dt

import pytest

from tests.builders import assess_rows, rules
from tracker_schema.calendar.working_days import england_and_wales
from tracker_schema.evidence.quarters import Quarter, quarters_between
from tracker_schema.evidence.timeliness import NO_LATE_STEP, NOT_RECORDED, Line, Timeliness, timeliness
from tracker_schema.layouts.layouts import layout_schema

AS_OF = dt.date(2026, 11, 23)
SPRING, SUMMER = Quarter(2026, 2), Quarter(2026, 3)
DAYS = england_and_wales()


def notified(number: int, aware: dt.date, taken: int, **cells: object) -> dict[str, object]:
    """Return an incident of which the Panel was notified `taken` working days after the council became aware."""
    return {
        "reference": f"CI-2026-{number:03}",
        "incident_date": aware,
        "aware_date": aware,
        "place": "In area",
        "outcome": "Serious harm",
        "abuse_or_neglect": "Known",
        "form_received": aware,
        "decision": "Notify Panel",
        "decision_date": aware,
        "panel_notified": DAYS.add(aware, taken) if taken else aware,
    } | cells


def timeliness_of(
    *incidents: dict[str, object], first: Quarter = SPRING, last: Quarter = SUMMER
) -> dict[str, Timeliness]:
    """Return the timeliness of each type of notification by its id."""
    return {each.kind.id: each for each in timeliness(assess_rows(*incidents, as_of=AS_OF), first, last)}


def label_of(clock: str) -> str:
    return next(each.label for each in rules().clocks if each.id == clock)


def several(start: int, how_many: int, aware: dt.date, taken: int, **cells: object) -> list[dict[str, object]]:
    return [notified(start + number, aware, taken, **cells) for number in range(how_many)]


APRIL, JULY = dt.date(2026, 4, 20), dt.date(2026, 7, 20)  # both Mondays


def test_a_quarter_knows_its_days_and_its_name() -> None:
    assert (SPRING.first, SPRING.last) == (dt.date(2026, 4, 1), dt.date(2026, 6, 30))
    assert (Quarter(2026, 4).last, Quarter(2026, 4).later(1)) == (dt.date(2026, 12, 31), Quarter(2027, 1))
    assert Quarter(2026, 1).later(-5) == Quarter(2024, 4)
    assert [quarter.label for quarter in quarters_between(Quarter(2025, 4), Quarter(2026, 3))] == [
        "October to December 2025",
        "January to March 2026",
        "April to June 2026",
        "July to September 2026",
    ]


@pytest.mark.parametrize("day", [dt.date(2026, month, 28) for month in range(1, 13)])
def test_every_day_lies_in_its_quarter(day: dt.date) -> None:
    assert Quarter.of(day).first <= day <= Quarter.of(day).last


def test_notifications_are_counted_by_the_quarter_they_were_made_in_and_by_their_limit() -> None:
    panel = timeliness_of(
        *several(1, 6, APRIL, 5),
        *several(11, 5, APRIL, 6, late_reason="Oversight"),
        *several(21, 7, JULY, 2),
        notified(31, dt.date(2026, 6, 29), 4),  # aware in one quarter, notified in the next
    )["national_panel"]
    assert panel.limit == "5 working days"
    assert panel.lines == (
        Line("April to June 2026", made=11, within=6, late=5, share=6 / 11, median_days=5, not_made=0),
        Line("July to September 2026", made=8, within=8, late=0, share=1.0, median_days=2, not_made=0),
    )
    assert panel.total == Line("All quarters", made=19, within=14, late=5, share=14 / 19, median_days=5, not_made=0)
    assert panel.reasons == {"Oversight": 5}
    assert panel.late_steps == {NO_LATE_STEP: 5}


def test_the_first_late_step_before_a_late_notification() -> None:
    late = dt.date(2026, 4, 28)
    panel = timeliness_of(
        *several(1, 6, APRIL, 8, form_received=late, decision_date=late),
        *several(11, 7, APRIL, 8, decision_date=late),
        *several(21, 5, APRIL, 8),
    )["national_panel"]
    assert panel.late_steps == {label_of("decide_threshold"): 7, label_of("report_incident"): 6, NO_LATE_STEP: 5}
    assert panel.reasons == {NOT_RECORDED: 18}


def test_a_death_notified_to_ofsted_alone_counts_as_a_notification() -> None:
    death = {"outcome": "Death", "looked_after": "Yes", "abuse_or_neglect": "No", "decision": "Threshold not met"}
    panel = timeliness_of(*several(1, 5, APRIL, 3, panel_notified="", ofsted_notified=dt.date(2026, 4, 22), **death))[
        "national_panel"
    ]
    assert panel.total.made == panel.total.within == 5
    assert panel.total.median_days == 2


def test_a_referral_has_no_limit() -> None:
    referral = timeliness_of(*several(1, 5, APRIL, 3, cspr_referred=dt.date(2026, 4, 24)))["cspr_referral"]
    assert referral.limit is None
    assert referral.total == Line("All quarters", 5, None, None, None, median_days=4, not_made=None)
    assert referral.reasons == referral.late_steps == {}


def test_what_is_overdue_and_not_made_is_counted_by_its_deadline() -> None:
    panel = timeliness_of(*several(1, 6, dt.date(2026, 6, 29), 0, panel_notified=""))["national_panel"]
    assert [line.not_made for line in (*panel.lines, panel.total)] == [0, 6, 6]
    assert panel.total.made == 0
    assert panel.total.share is None


def test_an_incident_on_two_rows_counts_once_and_one_with_an_unreadable_date_not_at_all() -> None:
    twice = notified(1, APRIL, 2)
    panel = timeliness_of(twice, twice, *several(2, 5, APRIL, 2), notified(9, APRIL, 2, aware_date="last week"))
    assert panel["national_panel"].total.made == 6


def test_small_counts_are_true_numbers_here() -> None:
    panel = timeliness_of(*several(1, 18, APRIL, 2), *several(21, 2, APRIL, 9), notified(31, JULY, 1))["national_panel"]
    assert [(line.made, line.late) for line in (*panel.lines, panel.total)] == [(20, 2), (1, 0), (21, 2)]
    assert panel.reasons == {NOT_RECORDED: 2}


def test_no_notifications() -> None:
    for each in timeliness_of(first=Quarter(2026, 1), last=Quarter(2026, 1)).values():
        assert each.total.made == 0
        assert each.total.median_days is None


def test_a_clock_that_is_switched_off_is_no_limit() -> None:
    without = rules(clocks=tuple(clock for clock in rules().clocks if clock.id != "report_incident"))
    found = timeliness(assess_rows(*several(1, 5, APRIL, 1), as_of=AS_OF, by=without), SPRING, SUMMER)
    assert (found[0].limit, found[0].total.made, found[0].total.within) == (None, 5, None)


def test_the_dates_of_a_type_stop_its_clocks() -> None:
    clocks = {clock.id: clock for clock in rules().clocks}
    for kind in layout_schema().type:
        assert all(set(clocks[clock].stop) & set(kind.made) for clock in kind.clocks)
