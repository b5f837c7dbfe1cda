"""Where a case stands in the process, stage by stage, and the one table of stages behind it."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.builders import MONDAY, assess_rows
from tracker_schema.calendar.working_days import england_and_wales
from tracker_schema.columns.schema import ACTIONS, INCIDENTS, SCOPING, check_data, tracker_schema
from tracker_schema.errors import SchemaError
from tracker_schema.incidents.incident import Incident
from tracker_schema.incidents.stages import Process, StageStatus, stages_in_words, stages_of, standard_process
from tracker_schema.made_up import cases

PROJECT = Path(__file__).resolve().parents[3]
DONE, HERE, NOT_RECORDED = StageStatus.DONE, StageStatus.HERE, StageStatus.NOT_RECORDED
TO_COME, NOT_NEEDED = StageStatus.TO_COME, StageStatus.NOT_NEEDED

WEEK = [dt.date(2026, 11, day) for day in range(16, 21)]  # Monday to Friday
FORM = {"reference": "CI-2026-001", "aware_date": WEEK[0], "form_received": WEEK[0]}
HARM = {"outcome": "Serious harm", "abuse_or_neglect": "Known", "place": "In area"}
NOTIFIED = FORM | HARM | {"decision": "Notify Panel", "decision_date": WEEK[1], "panel_notified": WEEK[2]}
REFERRED = FORM | HARM | {"decision": "Refer to DSPP only", "decision_date": WEEK[1], "cspr_referred": WEEK[2]}
OTHER = {"outcome": "Other"}
LOOKED_AFTER = FORM | {"decision": "Threshold not met", "outcome": "Death", "looked_after": "Yes"}
REVIEWED = NOTIFIED | {"rapid_review_completed": WEEK[3], "panel_response": WEEK[4]}
DECIDED = REVIEWED | {"review_decision": "Local review", "review_decided": WEEK[4]}


def case(facts: Mapping[str, Any], as_of: dt.date = MONDAY, **sheets: Any) -> Incident:
    return assess_rows(facts, as_of=as_of, **sheets).find("CI-2026-001")


def standing(facts: Mapping[str, Any], as_of: dt.date = MONDAY, **sheets: Any) -> dict[str, StageStatus]:
    return {each.stage.id: each.status for each in stages_of(case(facts, as_of, **sheets))}


def where(facts: Mapping[str, Any], as_of: dt.date = MONDAY, **sheets: Any) -> str:
    (here,) = [stage for stage, how in standing(facts, as_of, **sheets).items() if how == HERE]
    return here


def returned(*dates: Any) -> list[dict[str, Any]]:
    return [
        {"reference": "CI-2026-001", "agency": f"Agency {number}", "sent": WEEK[2], "returned": date}
        for number, date in enumerate(dates)
    ]


@pytest.mark.parametrize(
    ("facts", "here"),
    [
        ({"reference": "CI-2026-001"}, "incident"),
        ({"reference": "CI-2026-001", "aware_date": WEEK[4]}, "form"),
        (FORM | {"aware_date": WEEK[4]}, "decision"),
        # Day 4 is Friday 20 November: the Heads of Service are to meet; when they have, the decision is still to come.
        (FORM, "heads_meet"),
        (FORM | {"heads_met": WEEK[4]}, "decision"),
        (FORM | {"decision": "Notify Panel"}, "panel"),
        (FORM | {"decision": "Refer to DSPP only"}, "referral"),
        (FORM | OTHER | {"decision": "Threshold not met"}, "closed"),
        # Whether Ofsted is to be told is not known, so nobody says that it is not needed.
        (FORM | {"decision": "Threshold not met"}, "ofsted"),
        # Ofsted is to be told of a looked after child's death, whatever was decided.
        (LOOKED_AFTER, "ofsted"),
        (LOOKED_AFTER | {"ofsted_notified": WEEK[1]}, "closed"),
        # Without a Scoping sheet nobody waits for the agencies.
        (NOTIFIED, "rapid_review"),
        (FORM | HARM | {"decision": "Refer to DSPP only", "cspr_referred": WEEK[2]}, "partnership"),
        (REFERRED | {"dspp_decision": "Progress", "dspp_decided": WEEK[4]}, "review_decision"),
        (REFERRED | {"dspp_decision": "Other learning", "dspp_decided": WEEK[4]}, "teams"),
        (REFERRED | {"dspp_decision": "No further action", "dspp_decided": WEEK[4]}, "closed"),
        # The notification is withdrawn, and the referral still waits for the partnership.
        (NOTIFIED | {"cspr_referred": WEEK[3], "notification_withdrawn": WEEK[4]}, "partnership"),
        # A decision is to be recorded, whatever was done without one.
        (FORM | HARM | {"ofsted_notified": WEEK[3], "heads_met": WEEK[4]}, "decision"),
        # Referred, though the Panel comes first: the Panel is still to be notified.
        (FORM | {"decision": "Notify Panel", "cspr_referred": WEEK[2]}, "panel"),
        (NOTIFIED | {"rapid_review_completed": WEEK[3]}, "panel_response"),
        (REVIEWED, "review_decision"),
        (REVIEWED | {"review_decision": "No review"}, "closed"),
        (DECIDED, "review"),
        (REVIEWED | {"review_decision": "National review"}, "review"),
        (DECIDED | {"review_completed": WEEK[4]}, "extended_dlt"),
        # Published, and not recorded as completed.
        (DECIDED | {"review_published": WEEK[4]}, "review"),
        (DECIDED | {"review_completed": WEEK[4], "dlt_discussed": WEEK[4]}, "teams"),
        (DECIDED | {"review_completed": WEEK[4], "dlt_discussed": WEEK[4], "learning_shared": WEEK[4]}, "closed"),
        (DECIDED | {"closed": WEEK[4]}, "closed"),
        # No rapid review follows a notification that was withdrawn, or one without abuse or neglect.
        (NOTIFIED | {"notification_withdrawn": WEEK[4]}, "closed"),
        (NOTIFIED | {"abuse_or_neglect": "No"}, "closed"),
        # Nor one of an adult, or when the threshold is not met.
        (NOTIFIED | {"date_of_birth": dt.date(2006, 1, 1)}, "closed"),
        (NOTIFIED | {"decision": "Threshold not met"}, "closed"),
    ],
)  # fmt: skip
def test_where_a_case_stands(facts: Mapping[str, Any], here: str) -> None:
    assert where(facts) == here


def test_scoping_is_done_when_every_agency_has_returned() -> None:
    assert where(NOTIFIED, scoping=returned(WEEK[4], "")) == "scoping"
    assert where(NOTIFIED, scoping=returned(WEEK[4], WEEK[4])) == "rapid_review"
    # No agency has been asked: nothing is done.
    assert where(NOTIFIED, scoping=[]) == "scoping"


def test_a_stage_that_was_passed_over_is_not_recorded() -> None:
    how = standing(NOTIFIED | {"form_received": "", "rapid_review_completed": WEEK[3]})
    assert (how["form"], how["scoping"], how["rapid_review"]) == (NOT_RECORDED, NOT_RECORDED, DONE)
    assert (how["panel_response"], how["review"], how["closed"]) == (HERE, TO_COME, TO_COME)


def test_a_way_that_the_case_does_not_take_is_not_needed() -> None:
    how = standing(NOTIFIED)
    assert {stage for stage in how if how[stage] == NOT_NEEDED} == {
        *("heads_meet", "referral", "ofsted", "not_met", "partnership")
    }
    how = standing(FORM | OTHER | {"decision": "Threshold not met"})
    assert {stage for stage in how if how[stage] == DONE} == {"incident", "form", "decision", "not_met"}
    assert not {stage for stage in how if how[stage] == TO_COME}


def test_until_there_is_a_decision_every_way_is_open() -> None:
    how = standing(FORM | {"aware_date": WEEK[4]})
    assert {how[stage] for stage in ("panel", "referral", "not_met")} == {TO_COME}


def test_a_case_closed_early_says_what_was_not_recorded() -> None:
    how = standing(NOTIFIED | {"closed": WEEK[4]})
    assert {stage for stage in how if how[stage] == NOT_RECORDED} == {
        "scoping", "rapid_review", "panel_response", "review_decision"
    }  # fmt: skip
    # Whether there should have been a review, nobody knows.
    assert how["review"] == NOT_NEEDED


def test_what_else_is_said_of_a_stage() -> None:
    facts = NOTIFIED | {"rapid_review_completed": "when possible"}
    notes = {each.stage.id: each.note for each in stages_of(case(facts, scoping=returned(WEEK[4], "")))}
    assert notes["form"] == "16/11/2026"
    assert notes["decision"] == "17/11/2026"
    assert notes["scoping"] == "1 of 2 returned"
    assert notes["rapid_review"] == "cannot be read"
    assert notes["panel_response"] == ""
    due = {each.stage.id: each.note for each in stages_of(case(NOTIFIED))}
    assert due["rapid_review"] == "due 09/12/2026"  # 15 working days after Wednesday 18 November
    assert {each.stage.id: each.note for each in stages_of(case(DECIDED))}["review_decision"] == "Local review"


# Where each made-up case stands, by what its summary says of it.
MADE_UP = {
    "closed after a full local review.": "closed",
    "closed while a statutory step was outstanding.": "closed",
    "a local review that is not yet published.": "teams",
    "a local review that was published late.": "teams",
    "everything done, ready to be closed.": "closed",
    "dates kept in words, which no deadline can be worked out from.": "review",
    "a national review, to be discussed at Extended DLT today.": "extended_dlt",
    "a local review that is paused for criminal proceedings.": "review",
    "a review that is published, and not recorded as completed.": "review",
    "a national review that is under way.": "review",
    "a referral that the partnership took further: a local review.": "review",
    "a referral that ends with other learning, still to be shared.": "teams",
    "a rapid review without a decision on what follows.": "review_decision",
    "a national review that SLT has not discussed for weeks.": "review",
    "a decision against the facts recorded, with its reason.": "closed",
    "a child's death, and nobody knows whether the child was looked after.": "ofsted",
    "to be referred to the partnership; decided today.": "referral",
    "a local review without form and reviewer, long finished.": "extended_dlt",
    "a local review whose decision has no date.": "extended_dlt",
    "the Panel has not answered for more than ten working days.": "review",
    "a rapid review that was late and is with the Panel.": "review",
    "a rapid review that is overdue, and a Lead Member not yet briefed.": "scoping",
    "a rapid review that goes to the Panel today.": "panel_response",
    "a notification that was withdrawn, and a date in the future.": "closed",
    "a rapid review due tomorrow, and a date kept as a number.": "scoping",
    "referred to the partnership only, which is to decide; the form came late.": "partnership",
    "a looked after child's death without abuse, sent to the Panel.": "closed",
    "threshold not met; this row stands here twice.": "closed",
    "a decision that the facts recorded contradict; known of late.": "closed",
    "the day of the notification typed in the wrong column.": "panel",
    "day 5, no form, and nothing is decided.": "form",
    "a looked after child's death, to be told to Ofsted today.": "ofsted",
    "day 4 without a decision: the Heads of Service meet today.": "heads_meet",
    "a decision without its date.": "panel",
    "notified and referred today; everybody is to be told.": "scoping",
    "referred yesterday; everybody is to be told today.": "scoping",
    "a care leaver's death without a date of birth.": "ofsted",
    "a new incident, on track.": "decision",
    "a day of becoming aware that cannot be read; a formula without result.": "heads_meet",
    "no day of becoming aware, a broken formula, and a word misspelt.": "incident",
    "known of today; the form has not come yet.": "form",
}


@pytest.fixture(scope="module")
def made_up() -> list[Incident]:
    # As a workbook has them: a cell that holds nothing is not a formula without a result.
    rows = {
        sheet: [{column: cell for column, cell in row.items() if cell is not None} for row in found]
        for sheet, found in cases(MONDAY, england_and_wales()).items()
    }
    for row in rows[INCIDENTS]:
        if not isinstance(row.get("heads_met", ""), str | dt.date):
            row["heads_met"] = ""  # a Formula, which only a workbook can hold
    tracker = assess_rows(*rows[INCIDENTS], scoping=rows[SCOPING], actions=rows[ACTIONS])
    return [incident for incident in tracker.incidents if incident.reference]


def test_every_made_up_case_stands_where_its_summary_says(made_up: list[Incident]) -> None:
    told = {}
    for each in made_up:
        (here,) = [stage.stage.id for stage in stages_of(each) if stage.status == HERE]
        told[str(each["summary"]).removeprefix("Made up: ")] = here
    assert told == MADE_UP


def test_the_words_say_every_stage_once_and_nothing_personal(made_up: list[Incident]) -> None:
    for each in made_up:
        words = stages_in_words(each, MONDAY)
        assert words.startswith(f"Flowchart of the process for {each.reference} as on Monday 23 November 2026.")
        assert words.count("We are here: ") == 1
        for stage in standard_process().stage:
            assert words.count(stage.label) == 1
        for column in ("child_id", "initials", "summary", "practitioner", "risk"):
            if each[column]:
                assert str(each[column]) not in words


COLUMNS = tracker_schema().sheets[INCIDENTS].columns
ANY_FACTS = st.fixed_dictionaries(
    {},
    optional={
        name: st.sampled_from([*WEEK, "soon"]) if column.type == "date" else st.sampled_from([*column.choices, "?"])
        for name, column in COLUMNS.items()
        if not column.by_script and column.type in ("date", "choice")
    },
)


@given(ANY_FACTS, st.lists(st.sampled_from([*WEEK, "", "soon"]), max_size=3))
def test_whatever_the_tracker_says_a_case_is_in_one_place(facts: dict[str, Any], returns: list[Any]) -> None:
    found = stages_of(case({"reference": "CI-2026-001"} | facts, scoping=returned(*returns)))
    (here,) = [each for each in found if each.status == HERE]
    assert [each.stage for each in found] == list(standard_process().stage)
    for each in found:
        # Nothing is to come of a step that lies behind, and nothing done lies beyond a step further, but for what may
        # be done before a decision is recorded.
        assert each.status != TO_COME or each.stage.step >= here.stage.step
        assert each.status != DONE or each.stage.step <= here.stage.step or each.stage.out_of_order


# The table


def test_every_stage_can_be_reached_and_left() -> None:
    process = standard_process()
    assert {arrow.to for arrow in process.arrow} == set(process.stages) - {process.stage[0].id}
    assert {arrow.from_ for arrow in process.arrow} == set(process.stages) - {process.stage[-1].id}


def test_every_choice_of_the_decisions_leads_somewhere() -> None:
    schema = tracker_schema().sheets[INCIDENTS].columns
    for column in ("decision", "dspp_decision", "review_decision"):
        named = {
            choice for arrow in standard_process().arrow for condition in arrow.when if condition.column == column
            for choice in condition.is_
        }  # fmt: skip
        assert named == set(schema[column].choices)


@pytest.mark.parametrize(
    ("old", "new", "slip"),
    [
        ('column = "aware_date"', 'column = "awaer_date"', "stage “incident”: Value error, awaer_date is not a column"),
        ('is = ["Notify Panel"]', 'is = ["Notify"]', "“Notify” is not a choice of decision"),
        ('clock = "notify_panel"', 'clock = "tell_panel"', "clock = “tell_panel” is not a clock of clocks.toml"),
        ('to = "scoping"', 'to = "scopin"', "an arrow names scopin, which is not a stage"),
        ('id = "form"', 'id = "incident"', "two stages have the same id"),
        ("column = 2\nrow = 1", "column = 1\nrow = 1", "two stages are drawn in the same place"),
        ("column = 2\nrow = 1", "column = 5\nrow = 1", "stage “form”, column"),
        ('sheet = "scoping"', 'sheet = "actions"', "sheet = “actions” is neither incidents nor scoping"),
        ('clock = "notify_ofsted"\n', "", "an arrow to ofsted is timed, but that stage has no clock"),
    ],
)
def test_a_slip_in_the_table_is_named(old: str, new: str, slip: str) -> None:
    text = (PROJECT / "tracker_schema" / "incidents" / "stages.toml").read_text("utf-8")
    assert old in text
    with pytest.raises(SchemaError, match=re.escape(slip)):
        check_data("stages.toml", text.replace(old, new, 1), Process)


# The page about the process


PAGE = (PROJECT / "docs" / "process.md").read_text("utf-8")


def test_the_page_counts_as_the_table_does() -> None:
    steps = sorted({stage.step for stage in standard_process().stage})
    assert [int(number) for number in re.findall(r"(?m)^(\d+)\. \*\*", PAGE)] == steps
    assert all(f"*{standing.value}*" in PAGE for standing in StageStatus)
