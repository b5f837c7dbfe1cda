"""What a form holds before anybody fills it in: only what the tracker and the settings really have."""

from __future__ import annotations

from dataclasses import replace

import pytest

from scripts.adapters.word.templates.form_fields import form_of
from tests.builders import MONDAY, assessed
from tracker_schema.case import Case, find_case
from tracker_schema.documents.answers import answers_of
from tracker_schema.documents.documents import documents
from tracker_schema.documents.shown import Council

LOOKED_AFTER_CHILD_DIED = "duty_looked_after_death"
CARE_LEAVER_DIED = "duty_care_leaver_death"
ABROAD = "duty_outside_england"


def case_with(*children: dict[str, str]) -> Case:
    cases = [find_case(assessed({"reference": "CI-1", "aware_date": MONDAY, **child}), "CI-1") for child in children]
    return replace(cases[0], children=tuple(child for case in cases for child in case.children))


@pytest.mark.parametrize(
    ("children", "ticked"),
    [
        ([{"outcome": "Death", "looked_after": "Yes"}], {LOOKED_AFTER_CHILD_DIED}),
        ([{"outcome": "Death", "care_leaver": "Yes"}], {CARE_LEAVER_DIED}),
        ([{"outcome": "Serious harm", "looked_after": "Yes", "care_leaver": "Yes"}], set()),
        ([{"outcome": "Death"}], set()),
        ([{"place": "Outside England", "normally_resident": "Yes"}], {ABROAD}),
        ([{"place": "Outside England", "normally_resident": "No"}], set()),
        # One child has died, the other is looked after: no looked after child has died.
        ([{"outcome": "Death", "looked_after": "No"}, {"outcome": "Serious harm", "looked_after": "Yes"}], set()),
        (
            [{"outcome": "Serious harm", "looked_after": "No"}, {"outcome": "Death", "looked_after": "Yes"}],
            {LOOKED_AFTER_CHILD_DIED},
        ),
    ],
)
def test_a_box_is_ticked_by_facts_of_the_same_child(children: list[dict[str, str]], ticked: set[str]) -> None:
    known = answers_of(form_of(documents()["panel-notification"]), case_with(*children), Council()).known
    assert {tag for tag in (LOOKED_AFTER_CHILD_DIED, CARE_LEAVER_DIED, ABROAD) if known[tag]} == ticked


@pytest.mark.parametrize(("outcome", "ticked"), [("Death", True), ("Serious harm", False)])
def test_ofsted_is_told_of_a_death_only(outcome: str, ticked: bool) -> None:
    case = case_with({"outcome": outcome, "looked_after": "Yes"})
    form = form_of(documents()["ofsted-notification"])
    assert answers_of(form, case, Council()).known["reason_looked_after"] is ticked


def test_a_council_that_gave_no_name_is_asked_for_it() -> None:
    form, case = form_of(documents()["panel-notification"]), case_with({})
    assert "authority" not in answers_of(form, case, Council()).known
    assert answers_of(form, case, Council("Example Council")).known["authority"] == "Example Council"
