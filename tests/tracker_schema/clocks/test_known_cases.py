"""Known cases, worked out by hand from the council's guidance: their clocks, status, next step and problems.

Everybody in them is made up. Days are written with their weekday, so that a slip of the pen shows.
"""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Mapping
from typing import Any

import pytest

from tests.builders import assess_rows, persons_columns
from tracker_schema.columns.schema import INCIDENTS, tracker_schema
from tracker_schema.incidents.incident import Incident

Facts = Mapping[str, Any]
DATES = {column.id for column in tracker_schema().sheets[INCIDENTS].column if column.type == "date"}
SLT, TELL_HEAD = "Discuss at SLT", "Tell the operational Head of Service of the referral or review"
OFSTED = "Notify the Secretary of State and Ofsted"


def day(words: str) -> dt.date:
    """Return the day that is written like “Mon 5 Oct 2026”, which must be right about its weekday."""
    weekday, number, month, year = words.split()
    found = dt.date(int(year), list(calendar.month_abbr).index(month), int(number))
    assert calendar.day_abbr[found.weekday()] == weekday, words
    return found


def incident(facts: Facts, as_of: str, without: tuple[str, ...] = ()) -> Incident:
    """Return the incident with those facts; `without` are columns that the log does not have."""
    cells = {column: day(cell) if column in DATES else cell for column, cell in facts.items()}
    columns = [column for column in persons_columns(tracker_schema().sheets[INCIDENTS]) if column not in without]
    return assess_rows({"reference": "CI-2026-001"} | cells, as_of=day(as_of), columns=columns).incidents[0]


def check(found: Incident, status: str, next_step: str | None, next_due: str | None, clocks: Mapping[str, str]) -> None:
    """The clocks are named with their state and their deadline, as in “overdue: Fri 30 Oct 2026”."""
    columns = found.worked_out
    assert (columns["status"], columns["next_step"]) == (status, next_step)
    assert columns["next_due"] == (day(next_due) if next_due else None)
    for clock_id, wanted in clocks.items():
        result = found.clocks.get(clock_id)
        state, _, due = wanted.partition(": ")
        assert (result.state.words if result else "does not apply") == state, clock_id
        if due:
            assert result is not None
            assert result.due == day(due), clock_id


# As on Thursday 26 November 2026; SLT meets on Tuesdays.

KNOWN = {
    "child_id": "1",
    "initials": "AA",
    "date_of_birth": "Thu 5 May 2016",
    "looked_after": "No",
    "care_leaver": "No",
    "protection_plan": "No",
    "operational_head": "Ann Sample",
    "incident_date": "Mon 5 Oct 2026",
    "aware_date": "Mon 5 Oct 2026",
    "place": "In area",
    "normally_resident": "Yes",
    "outcome": "Serious harm",
    "abuse_or_neglect": "Suspected",
    "form_received": "Mon 5 Oct 2026",
    "slt_discussed": "Mon 12 Oct 2026",
}
DECIDED = KNOWN | {"decision_date": "Thu 8 Oct 2026", "decision_reason": "Made up"}
TOLD = {
    "partners_told": "Fri 9 Oct 2026",
    "directors_told": "Fri 9 Oct 2026",
    "lead_member_briefed": "Mon 12 Oct 2026",
}
REFERRED = DECIDED | TOLD | {"decision": "Refer to DSPP only", "cspr_referred": "Fri 9 Oct 2026"}
NOTIFIED = KNOWN | TOLD | {"decision": "Notify Panel", "decision_date": "Thu 8 Oct 2026"}
NOTIFIED |= {"panel_notified": "Fri 9 Oct 2026"}
SENT = NOTIFIED | {"rapid_review_completed": "Thu 29 Oct 2026", "rapid_review_sent": "Fri 30 Oct 2026"}
ANSWERED = SENT | {"panel_response": "Tue 10 Nov 2026"}
NATIONAL = ANSWERED | {"review_decision": "National review", "review_decided": "Wed 11 Nov 2026"}
PUBLISHED = ANSWERED | {
    "review_decision": "Local review",
    "review_decided": "Wed 11 Nov 2026",
    "review_form": "Audit",
    "reviewer": "A. Reviewer",
    "review_informed": "Wed 11 Nov 2026",
    "review_published": "Fri 20 Nov 2026",
}
NOT_MET = DECIDED | {"decision": "Threshold not met"}
DIED = {"outcome": "Death", "looked_after": "Yes"}
OF_LATE = KNOWN | {"incident_date": "Thu 19 Nov 2026", "aware_date": "Fri 20 Nov 2026"}
OF_LATE |= {"form_received": "Fri 20 Nov 2026"}
del OF_LATE["slt_discussed"]
SLT_PASSED = {"discuss_at_slt": "chase: Tue 13 Oct 2026"}
NO_RAPID_REVIEW = {"rapid_review": "does not apply", "decide_review": "does not apply"}
TELL_HEAD_LATE = {"tell_operational_head": "overdue: Thu 12 Nov 2026", "decide_review": "met late: Fri 30 Oct 2026"}

WAITING: Mapping[str, tuple[Facts, str, str | None, str | None, Mapping[str, str]]] = {
    "T01 referred only, waits for the partnership": (
        REFERRED | {"operational_head_told": "Fri 9 Oct 2026"},
        *("Overdue", SLT, "Tue 13 Oct 2026"),
        SLT_PASSED | {"refer_to_dspp": "met: Fri 9 Oct 2026", "dspp_decide": "overdue: Fri 30 Oct 2026"},
    ),
    "T02 the Panel answered, no review decision": (
        ANSWERED,
        *("Overdue", SLT, "Tue 13 Oct 2026"),
        SLT_PASSED | {"panel_reply": "met: Fri 13 Nov 2026", "decide_review": "overdue: Fri 30 Oct 2026"},
    ),
    "T03 a national review under way": (NATIONAL, "Overdue", SLT, "Tue 13 Oct 2026", SLT_PASSED | TELL_HEAD_LATE),
    "T03 when the operational Head is told": (
        NATIONAL | {"operational_head_told": "Thu 12 Nov 2026"},
        *("Chase", "Wait for the review to be completed", None),
        SLT_PASSED | {"tell_operational_head": "met: Thu 12 Nov 2026"},
    ),
    "T04 published, not recorded as completed": (
        PUBLISHED,
        *("Overdue", SLT, "Tue 13 Oct 2026"),
        SLT_PASSED | TELL_HEAD_LATE | {"publish_local_review": "met: Tue 11 May 2027"},
    ),
    "T04 when the operational Head is told": (
        PUBLISHED | {"operational_head_told": "Thu 12 Nov 2026", "slt_discussed": "Tue 24 Nov 2026"},
        *("On track", "Wait for the review to be completed", None),
        {"discuss_at_slt": "running: Tue 1 Dec 2026", "inform_of_local_review": "met: Thu 12 Nov 2026"},
    ),
    "T05 a looked after child died, one form for Ofsted and the Panel": (
        {column: cell for column, cell in (NOT_MET | TOLD | DIED).items() if column != "abuse_or_neglect"}
        | {"panel_notified": "Fri 9 Oct 2026"},
        *("Complete", None, None),
        NO_RAPID_REVIEW | {"notify_ofsted": "met: Mon 12 Oct 2026", "discuss_at_slt": "does not apply"},
    ),
    "T06 a care leaver of 20 died": (
        NOT_MET
        | TOLD
        | {"outcome": "Death", "care_leaver": "Yes", "date_of_birth": "Sun 1 Jan 2006"}
        | {"abuse_or_neglect": "Not known", "panel_notified": "Fri 9 Oct 2026"},
        *("Complete", None, None),
        NO_RAPID_REVIEW | {"notify_ofsted": "met: Mon 12 Oct 2026"},
    ),
    "T07 discussed weekly": (
        SENT | {"slt_discussed": "Tue 24 Nov 2026"},
        *("Overdue", "Decide on a review", "Fri 30 Oct 2026"),
        {"discuss_at_slt": "running: Tue 1 Dec 2026", "panel_reply": "chase: Fri 13 Nov 2026"},
    ),
    "T08 last discussed weeks ago": (
        SENT | {"rapid_review_sent": "Fri 20 Nov 2026"},
        *("Overdue", SLT, "Tue 13 Oct 2026"),
        SLT_PASSED | {"send_rapid_review": "met late: Fri 30 Oct 2026", "panel_reply": "running: Fri 4 Dec 2026"},
    ),
    "T09 a looked after child died, nobody notified": (
        NOT_MET | DIED | {"abuse_or_neglect": "No"},
        *("Overdue", OFSTED, "Mon 12 Oct 2026"),
        SLT_PASSED | {"notify_ofsted": "overdue: Mon 12 Oct 2026", "notify_panel": "does not apply"},
    ),
    "T10 referred only, though the criteria are met": (
        REFERRED,
        *("Overdue", TELL_HEAD, "Mon 12 Oct 2026"),
        SLT_PASSED | {"tell_operational_head": "overdue: Mon 12 Oct 2026", "dspp_decide": "overdue: Fri 30 Oct 2026"},
    ),
    "T12 abroad, normally resident here": (
        OF_LATE | {"place": "Outside England"},
        *("Due today", SLT, "Tue 24 Nov 2026"),
        {
            "decide_threshold": "due today: Thu 26 Nov 2026",
            "heads_of_service_meet": "due today: Thu 26 Nov 2026",
            "notify_panel": "due soon: Fri 27 Nov 2026",
            "tell_partners": "due soon: Fri 27 Nov 2026",
            "discuss_at_slt": "chase: Tue 24 Nov 2026",
        },
    ),
    "T13 day 4, the Heads of Service met, no decision": (
        OF_LATE | {"heads_met": "Thu 26 Nov 2026"},
        *("Due today", SLT, "Tue 24 Nov 2026"),
        {"heads_of_service_meet": "met: Thu 26 Nov 2026", "decide_threshold": "due today: Thu 26 Nov 2026"},
    ),
    "T14 no agency asked yet": (
        KNOWN
        | {"incident_date": "Mon 16 Nov 2026", "aware_date": "Mon 16 Nov 2026", "form_received": "Mon 16 Nov 2026"}
        | {"decision": "Notify Panel", "decision_date": "Thu 19 Nov 2026", "panel_notified": "Fri 20 Nov 2026"}
        | {"partners_told": "Fri 20 Nov 2026", "directors_told": "Fri 20 Nov 2026"}
        | {"lead_member_briefed": "Mon 23 Nov 2026", "slt_discussed": "Tue 24 Nov 2026"},
        *("On track", SLT, "Tue 1 Dec 2026"),
        {"rapid_review": "running: Fri 11 Dec 2026", "discuss_at_slt": "running: Tue 1 Dec 2026"},
    ),
    "T15 a national review completed": (
        NATIONAL | {"review_completed": "Fri 20 Nov 2026"},
        *("Overdue", SLT, "Tue 13 Oct 2026"),
        SLT_PASSED | TELL_HEAD_LATE | {"discuss_at_extended_dlt": "running: Fri 18 Dec 2026"},
    ),
    "T18 Ofsted notified, without abuse": (
        NOT_MET | DIED | {"abuse_or_neglect": "No", "ofsted_notified": "Fri 9 Oct 2026"},
        *("Complete", None, None),
        NO_RAPID_REVIEW | {"notify_ofsted": "met: Mon 12 Oct 2026", "tell_directors": "not started"},
    ),
    "T19 the notification withdrawn": (
        NOTIFIED | {"notification_withdrawn": "Tue 20 Oct 2026"},
        *("Complete", None, None),
        NO_RAPID_REVIEW,
    ),
    "T20 an unborn child died": (
        {column: cell for column, cell in NOTIFIED.items() if column != "date_of_birth"} | {"outcome": "Death"},
        *("Overdue", SLT, "Tue 13 Oct 2026"),
        SLT_PASSED | {"rapid_review": "overdue: Fri 30 Oct 2026"},
    ),
    "T21 a local review completed, nobody informed": (
        ANSWERED
        | {"review_decision": "Local review", "review_decided": "Thu 29 Oct 2026", "review_form": "Audit"}
        | {"review_completed": "Thu 12 Nov 2026"},
        *("Overdue", SLT, "Tue 13 Oct 2026"),
        SLT_PASSED
        | {
            "tell_operational_head": "overdue: Fri 30 Oct 2026",
            "inform_of_local_review": "overdue: Fri 30 Oct 2026",
            "decide_review": "met: Fri 30 Oct 2026",
            "publish_local_review": "running: Thu 29 Apr 2027",
            "discuss_at_extended_dlt": "running: Thu 10 Dec 2026",
        },
    ),
}


@pytest.mark.parametrize("case", WAITING)
def test_a_case_on_thursday_26_november(case: str) -> None:
    facts, *wanted = WAITING[case]
    check(incident(facts, "Thu 26 Nov 2026"), *wanted)  # type: ignore[arg-type]


def test_a_log_without_the_new_columns_still_waits_for_the_partnership() -> None:
    facts = WAITING["T01 referred only, waits for the partnership"][0]
    found = incident(facts, "Thu 26 Nov 2026", without=("dspp_decision", "dspp_decided"))
    waits_for = "Wait for the partnership’s decision on the referral"
    check(found, "Chase", waits_for, None, SLT_PASSED | {"dspp_decide": "does not apply"})


@pytest.mark.parametrize(
    ("case", "code", "severity"),
    [
        ("T04 published, not recorded as completed", "published-not-completed", "warning"),
        ("T05 a looked after child died, one form for Ofsted and the Panel", "fact-not-known", "warning"),
        ("T10 referred only, though the criteria are met", "decision-contradicts-facts", "warning"),
        ("T20 an unborn child died", "required-when", "warning"),
    ],
)
def test_what_is_said_of_a_case_besides(case: str, code: str, severity: str) -> None:
    found = incident(WAITING[case][0], "Thu 26 Nov 2026")
    assert (code, severity) in {(problem.code, problem.severity) for problem in found.problems}


# As on Tuesday 1 December 2026, a day on which SLT meets: the threshold was not met, and facts are blank.

BLANK = {
    "date_of_birth": "Sun 1 Jan 2012",
    "incident_date": "Fri 13 Nov 2026",
    "aware_date": "Fri 13 Nov 2026",
    "place": "In area",
    "form_received": "Fri 13 Nov 2026",
    "decision": "Threshold not met",
    "decision_date": "Mon 16 Nov 2026",
    "decision_reason": "Made up",
    "slt_discussed": "Tue 24 Nov 2026",
}
NATURAL = {"outcome": "Death", "abuse_or_neglect": "No"}
LATER = {"incident_date": "Thu 19 Nov 2026", "aware_date": "Fri 20 Nov 2026", "form_received": "Fri 20 Nov 2026"}
LATER |= {"decision_date": "Mon 23 Nov 2026"}
ASKED = (f"{SLT}; {OFSTED}", "Tue 1 Dec 2026")
NOT_TOLD = {"notify_ofsted": "cannot tell", "discuss_at_slt": "due today: Tue 1 Dec 2026"}
LATE_TO_OFSTED = {"notify_ofsted": "overdue: Fri 20 Nov 2026"}

BLANKS: Mapping[str, tuple[Facts, str, str | None, str | None, Mapping[str, str], Mapping[str, str]]] = {
    "001 a death, Looked after is empty": (
        BLANK | LATER | NATURAL,
        *("Check data", *ASKED, NOT_TOLD | {"notify_panel": "does not apply"}),
        {"looked_after": "error: “Looked after” is empty. Was the child looked after?"},
    ),
    "002 a death, Looked after and Abuse or neglect are not known": (
        BLANK | {"outcome": "Death", "looked_after": "Not known", "abuse_or_neglect": "Not known"},
        *("Check data", *ASKED, NOT_TOLD | {"notify_panel": "does not apply"}),
        {
            "looked_after": "error: “Looked after” is “Not known”. Was the child looked after?",
            "abuse_or_neglect": "warning: “Abuse or neglect” is “Not known”. Is abuse or neglect known or suspected?",
            "decision": "warning: “Decision” is not to notify the Panel, but no recorded fact rules the Panel out",
        },
    ),
    "003 Outcome and Abuse or neglect are empty": (
        BLANK,
        *("Check data", *ASKED, NOT_TOLD | {"notify_panel": "cannot tell", "tell_partners": "cannot tell"}),
        {
            "outcome": "error: “Outcome” is empty. What was the outcome",
            "abuse_or_neglect": "error: “Abuse or neglect” is empty. Is abuse or neglect known or suspected?",
        },
    ),
    "004 a looked after child died": (
        BLANK | NATURAL | {"looked_after": "Yes"},
        *("Overdue", OFSTED, "Fri 20 Nov 2026", LATE_TO_OFSTED, {}),
    ),
    "005 a death, Abuse or neglect is not known": (
        BLANK | {"outcome": "Death", "looked_after": "No", "care_leaver": "No", "abuse_or_neglect": "Not known"},
        *("Complete", None, None, {"notify_ofsted": "does not apply", "notify_panel": "does not apply"}),
        {
            "abuse_or_neglect": "warning: “Abuse or neglect” is “Not known”. Is abuse or neglect known or suspected?",
            "decision": "warning: “Decision” is not to notify the Panel, but no recorded fact rules the Panel out",
        },
    ),
    "006 a looked after child died, no date of birth": (
        {column: cell for column, cell in BLANK.items() if column != "date_of_birth"}
        | NATURAL
        | {"looked_after": "Yes"},
        *("Overdue", OFSTED, "Fri 20 Nov 2026", LATE_TO_OFSTED, {}),
    ),
}


@pytest.mark.parametrize("case", BLANKS)
def test_a_threshold_not_met_on_tuesday_1_december(case: str) -> None:
    facts, *wanted, problems = BLANKS[case]
    found = incident(facts, "Tue 1 Dec 2026")
    check(found, *wanted)  # type: ignore[arg-type]
    said = {str(each.column): f"{each.severity}: {each.message}" for each in found.problems}
    assert said.keys() == problems.keys()
    for column, words in problems.items():
        assert said[column].startswith(words)
