"""Who is informed of a referral, and for how long."""

from __future__ import annotations

from typing import Any

import pytest

from tests.builders import MONDAY, assess_rows, rules
from tests.tracker_schema.mail.cases import asked_of, day, incident
from tracker_schema.clocks.clocks import standard_clocks
from tracker_schema.mail.calls import calls
from tracker_schema.mail.chasers import chasers
from tracker_schema.mail.deadlines import REMIND_WITHIN
from tracker_schema.mail.referrals import referrals


@pytest.mark.parametrize(
    ("after", "told"), [(0, True), (1, True), (1 + REMIND_WITHIN, True), (2 + REMIND_WITHIN, False)]
)
def test_the_operational_head_is_told_of_a_referral_and_for_a_while_after(after: int, told: bool) -> None:
    found = referrals(assess_rows(incident(cspr_referred=MONDAY), as_of=day(after)))
    assert [referral.head for referral in found] == ["Head of Service One"] * told


@pytest.mark.parametrize(
    ("decided", "review"),
    [
        ({"review_decision": "Local review", "review_decided": MONDAY}, "Local review"),
        ({"review_decision": "National review", "review_decided": MONDAY}, "National review"),
        ({"review_decision": "No review", "review_decided": MONDAY}, None),
        ({"review_decision": "Local review", "review_decided": MONDAY, "cspr_referred": day(-1)}, ""),
    ],
)
def test_a_review_without_a_referral_reaches_the_operational_head_too(
    decided: dict[str, Any], review: str | None
) -> None:
    found = referrals(assess_rows(incident(**decided)))
    assert [referral.review for referral in found] == ([] if review is None else [review])


def test_what_was_due_before_the_start_is_told_to_nobody() -> None:
    by = rules(start_from=day(5))
    row = incident(cspr_referred=MONDAY, slt_discussed=MONDAY)
    tracker = assess_rows(row, scoping=[asked_of(sent=day(-2))], as_of=day(5), by=by)
    assert referrals(tracker) == []
    assert calls(tracker) == []
    assert chasers(tracker, 3).chasers == ()


def test_nobody_is_told_of_a_referral_twice_or_of_one_that_is_closed() -> None:
    told = incident(cspr_referred=MONDAY, operational_head_told=MONDAY)
    closed = incident("CI-2", cspr_referred=MONDAY, closed=MONDAY)
    assert referrals(assess_rows(told, closed, incident("CI-3"))) == []


def test_a_tracker_without_a_column_for_it_does_not_keep_a_referral_from_the_operational_head() -> None:
    row = {"reference": "CI-1", "aware_date": MONDAY, "cspr_referred": MONDAY}
    tracker = assess_rows(row, columns=list(row))
    assert [referral.reference for referral in referrals(tracker)] == ["CI-1"]
    without = rules(clocks=tuple(clock for clock in standard_clocks() if clock.id != "tell_operational_head"))
    assert referrals(assess_rows(row, columns=list(row), by=without)) == []
