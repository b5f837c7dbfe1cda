"""What a form holds before anybody fills it in: only what the tracker and the settings really have."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from scripts.adapters.word.templates.form_fields import form_of
from tests.builders import MONDAY, assess_rows
from tracker_schema.documents.answers import answers_of
from tracker_schema.documents.documents import documents
from tracker_schema.documents.shown import Council
from tracker_schema.incidents.incident import Incident

LOOKED_AFTER_CHILD_DIED = "duty_looked_after_death"
CARE_LEAVER_DIED = "duty_care_leaver_death"
ABROAD = "duty_outside_england"


def incident_with(*children: dict[str, Any]) -> Incident:
    rows = [{"reference": "CI-1", "aware_date": MONDAY, **child} for child in children]
    incidents = [assess_rows(row).find("CI-1") for row in rows]
    incidents[0].children = [child for incident in incidents for child in incident.children]
    return incidents[0]


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
    known = answers_of(form_of(documents()["panel-notification"]), incident_with(*children), Council()).known
    assert {tag for tag in (LOOKED_AFTER_CHILD_DIED, CARE_LEAVER_DIED, ABROAD) if known[tag]} == ticked


@pytest.mark.parametrize(("outcome", "ticked"), [("Death", True), ("Serious harm", False)])
def test_ofsted_is_told_of_a_death_only(outcome: str, ticked: bool) -> None:
    incident = incident_with({"outcome": outcome, "looked_after": "Yes"})
    form = form_of(documents()["ofsted-notification"])
    assert answers_of(form, incident, Council()).known["reason_looked_after"] is ticked


@pytest.mark.parametrize(
    ("facts", "ticked"),
    [
        ({"abuse_or_neglect": "Suspected"}, True),
        ({"abuse_or_neglect": "Suspected", "decision": "Notify Panel"}, True),
        ({"abuse_or_neglect": "Not known"}, False),
        # An adult, another area, and a decision not to notify: the Panel is not notified.
        ({"abuse_or_neglect": "Known", "care_leaver": "Yes", "date_of_birth": dt.date(2006, 1, 1)}, False),
        ({"abuse_or_neglect": "Known", "place": "Elsewhere in England", "decision": "Notify Panel"}, False),
        ({"abuse_or_neglect": "Known", "decision": "Threshold not met"}, False),
    ],
)
def test_the_worksheet_for_ofsted_names_the_panel_only_when_the_panel_is_notified(
    facts: dict[str, Any], ticked: bool
) -> None:
    incident = incident_with({"outcome": "Death"} | facts)
    form = form_of(documents()["ofsted-notification"])
    assert answers_of(form, incident, Council()).known["also_panel"] is ticked


def test_a_council_that_gave_no_name_is_asked_for_it() -> None:
    form, incident = form_of(documents()["panel-notification"]), incident_with({})
    assert "authority" not in answers_of(form, incident, Council()).known
    assert answers_of(form, incident, Council("Example Council")).known["authority"] == "Example Council"
