"""Headings of three more councils, made up after the words and weights were chosen; and headings that are near misses.

Of the third list 93 in 100 were matched surely at the first try, of the first two (written to be difficult) 61 and 62;
some words of those were then added to words.toml. None was ever matched wrongly and surely.
"""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from tests.adapters.adoption.made_up_logs import Col, after, cases, number, text
from tracker_schema.adoption.matching.column_profile import profile_of
from tracker_schema.adoption.matching.matches import Match, match_headings
from tracker_schema.columns.schema import tracker_schema

YN = {"Yes": "Y", "No": "N", "Not known": "NK"}
FIRST = [
    Col("Serial No", "reference"),
    Col("YP Initials", "initials"),
    Col("DOB / EDD", "date_of_birth"),
    Col("Ethnicity of child", "ethnicity"),
    Col("Child Looked After status", "looked_after", words=YN),
    Col("CP Plan status", "protection_plan"),
    Col("Incident took place on", "incident_date"),
    Col("LA informed of incident", "aware_date"),
    Col("Setting", None, text("Home", "School")),
    Col("Injury / Death", "outcome", words={"Serious harm": "Injury"}),
    Col("Neglect or abuse suspected?", "abuse_or_neglect"),
    Col("Circumstances of incident", "summary"),
    Col("Notification form rec'd from service", "form_received"),
    Col("Decision maker", None, text("HoS A", "HoS B")),
    Col("Outcome of threshold discussion", "decision"),
    Col("Date of threshold discussion", "decision_date"),
    Col("SIN submitted to DfE", "panel_notified"),
    Col("Incident Notification Ref", "panel_reference"),
    Col("DCS made aware", "directors_told"),
    Col("Date safeguarding partners notified", "partners_told"),
    Col("Lead Member update", "lead_member_briefed"),
    Col("Rapid Review meeting held", "rapid_review_completed"),
    Col("RR report submitted to national panel", "rapid_review_sent"),
    Col("National Panel feedback received", "panel_response"),
    Col("LCSPR agreed?", "review_decision"),
    Col("LCSPR agreed on", "review_decided"),
    Col("Independent Reviewer", "reviewer"),
    Col("Publication due", None, after("review_decided", 180)),
    Col("Published on", "review_published"),
    Col("Learning briefing circulated", "learning_shared"),
    Col("Case closed on tracker", "closed"),
]

SECOND = [
    Col("Tracker number", "reference"),
    Col("LL no.", "child_id"),
    Col("Birth Date", "date_of_birth"),
    Col("Male/Female", "sex"),
    Col("Ethnic code", "ethnicity"),
    Col("Disability?", "disability"),
    Col("Open to CSC?", None, text("Y", "N")),
    Col("Service / team", "team"),
    Col("SW / PA name", "practitioner"),
    Col("Reporting Head of Service", "operational_head"),
    Col("Event date", "incident_date"),
    Col("Date CSC notified of event", "aware_date"),
    Col("Event type", "outcome"),
    Col("Harm type", "category"),
    Col("A&N", "abuse_or_neglect"),
    Col("In borough / out of borough", "place"),
    Col("Event summary", "summary"),
    Col("Risks identified", "risk"),
    Col("Actions taken immediately", "immediate_action"),
    Col("Partner agency view", "partner_views"),
    Col("CI notification form date", "form_received"),
    Col("S47 outcome", None, text("NFA", "ICPC")),
    Col("HoS meeting (day 4)", "heads_met", after("aware_date", 4)),
    Col("Panel decision (threshold)", "decision"),
    Col("Decision made", "decision_date"),
    Col("Justification", "decision_reason"),
    Col("National Panel SIN", "panel_notified"),
    Col("Ofsted notification", "ofsted_notified"),
    Col("Briefing to Lead Member", "lead_member_briefed"),
    Col("LSCP referral for CSPR", "cspr_referred"),
    Col("RR finalised", "rapid_review_completed"),
    Col("RR to NP", "rapid_review_sent"),
    Col("NP letter received", "panel_response"),
    Col("Review type", "review_form"),
    Col("Final report completed", "review_completed"),
    Col("Date publ.", "review_published"),
    Col("Themes/learning", "learning"),
    Col("SLT date", "slt_discussed"),
    Col("Closed?", "closed"),
]

THIRD = [
    Col("Unique ref", "reference"),
    Col("Initials of child/YP", "initials"),
    Col("Child DoB", "date_of_birth"),
    Col("Sex at birth", "sex"),
    Col("Is child disabled", "disability"),
    Col("In care at time of incident?", "looked_after"),
    Col("Subject to CP plan?", "protection_plan"),
    Col("Responsible team", "team"),
    Col("Allocated worker name", "practitioner"),
    Col("Responsible HoS", "operational_head"),
    Col("When", "incident_date"),
    Col("Incident known to LA on", "aware_date"),
    Col("Location (in/out of area)", "place"),
    Col("Fatality or serious injury", "outcome"),
    Col("Abuse/neglect factor", "abuse_or_neglect"),
    Col("Nature of harm", "category"),
    Col("Incident description", "summary"),
    Col("Ongoing risks", "risk"),
    Col("Immediate safety actions", "immediate_action"),
    Col("Multi-agency views", "partner_views"),
    Col("CIN form submitted", "form_received"),
    Col("Decision re notification", "decision"),
    Col("Notification decision date", "decision_date"),
    Col("Rationale for decision not to notify", "decision_reason"),
    Col("Notified to National Panel", "panel_notified"),
    Col("Panel URN", "panel_reference"),
    Col("Ofsted / SoS informed", "ofsted_notified"),
    Col("Statutory partners notified", "partners_told"),
    Col("DCS & AD informed", "directors_told"),
    Col("LM informed", "lead_member_briefed"),
    Col("Referred to LSCP for review", "cspr_referred"),
    Col("Strat date", None, after("aware_date", 1)),
    Col("RR meeting date", "rapid_review_completed"),
    Col("RR submitted", "rapid_review_sent"),
    Col("Response from National Panel", "panel_response"),
    Col("LCSPR / no LCSPR", "review_decision"),
    Col("Date decision re LCSPR", "review_decided"),
    Col("Methodology", None, text("SILP", "Welsh model")),
    Col("Lead reviewer / author", "reviewer"),
    Col("LCSPR report completed", "review_completed"),
    Col("LCSPR publication date", "review_published"),
    Col("Taken to extended DLT", "dlt_discussed"),
    Col("Learning cascaded to teams", "learning_shared"),
    Col("Key themes", "learning"),
    Col("Last SLT discussion", "slt_discussed"),
    Col("Date of closure", "closed"),
    Col("File path", None, text("S:/x", "S:/y")),
]

# None of these is a column of ours, although each is about one; the column itself is not there.
NEAR_MISSES = [
    Col("Strategy meeting date", None, after("aware_date", 1)),
    Col("Police ref", None, number(1000, 9999)),
    Col("RR due", None, after("panel_notified", 21)),
    Col("Draft review completed", None, after("review_decided", 100)),
    Col("Decision maker", None, text("HoS A", "HoS B")),
    Col("Panel meeting date", None, after("panel_notified", 30)),
    Col("Incident reported by", None, text("Police", "Hospital")),
    Col("Ofsted inspection date", None, after("aware_date", 90)),
    Col("Lead Member for review", None, text("Cllr A", "Cllr B")),
    Col("CSPR panel meeting", None, after("cspr_referred", 40)),
    Col("Form sent to HoS", None, after("aware_date", 1)),
    Col(
        "Reason for delay",
        None,
        text("Made up: leave of the manager over the holiday", "Made up: awaiting medical opinion from hospital"),
    ),
    Col("Chased on", None, after("aware_date", 9)),
    Col("Next SLT date", None, after("aware_date", 14)),
    Col("Team manager", None, text("A Manager", "B Manager")),
    Col("Action owner", None, text("A B", "C D")),
    Col("Learning event date", None, after("review_decided", 200)),
    Col("Review date", None, after("aware_date", 90)),
    Col("Date of last review", None, after("aware_date", -40)),
    Col("Parent told", None, after("aware_date", 0)),
    Col("Father's date of birth", None, after("date_of_birth", -9000)),
    Col("Sibling initials", None, text("AB", "CD")),
    Col("Press enquiry received", None, after("aware_date", 20)),
    Col("Funding decision", None, text("Agreed", "Declined")),
    Col("Coroner's decision", None, text("Open", "Natural causes")),
    Col("Child's placement type", None, text("Foster care", "Residential")),
    Col("Type of placement", None, text("Foster", "Kin")),
    Col("Date placed", None, after("aware_date", -200)),
    Col(
        "Health agency response",
        None,
        text("Made up: yes they agree with it", "Made up: no they have a different view of it"),
    ),
    Col("Date of post mortem", None, after("incident_date", 5)),
    Col("Date of inquest", None, after("incident_date", 300)),
    Col("Court outcome", None, text("Convicted", "Acquitted", "Pending")),
    Col("Date statement published", None, after("aware_date", 50)),
    Col("Case transferred", None, after("aware_date", 60)),
    Col("Meeting with family", None, after("panel_notified", 60)),
    Col("Date shared with family", None, after("panel_notified", 61)),
    Col("Report completed by", None, text("A Author", "B Author")),
    Col("Agency reports received", None, after("panel_notified", 9)),
    Col("Date agencies informed", None, after("panel_notified", 1)),
    Col("Referral source", None, text("Police", "Hospital", "School")),
    Col("Date of referral to police", None, after("aware_date", 0)),
    Col("Date case opened", None, after("aware_date", -100)),
    Col("Closed to social care", None, after("aware_date", -100)),
    Col("Status of parent", None, text("Arrested", "None")),
]


def matched(columns: Sequence[Col]) -> list[Match]:
    """Return the match of each column of a log with those columns, from left to right."""
    rows = cases(22)
    cells = {number: profile_of([column.cell(case) or "" for case in rows]) for number, column in enumerate(columns, 1)}
    headings = {number: column.heading for number, column in enumerate(columns, 1)}
    return match_headings(tracker_schema().sheets["incidents"], headings, cells)


@pytest.mark.parametrize(("columns", "share"), [(FIRST, 0.85), (SECOND, 0.9), (THIRD, 0.9)])
def test_headings_of_other_councils(columns: Sequence[Col], share: float) -> None:
    pairs = list(zip(matched(columns), columns, strict=True))
    assert not [(m.heading, m.column) for m, column in pairs if m.sure and m.column and m.column != column.is_]
    there = [match.sure and match.column == column.is_ for match, column in pairs if column.is_]
    assert sum(there) >= share * len(there)


@pytest.mark.parametrize("column", NEAR_MISSES, ids=lambda column: column.heading)
def test_a_near_miss_is_never_sure(column: Col) -> None:
    log = [Col("Ref", "reference"), Col("Date aware", "aware_date"), Col("Outcome", "outcome"), column]
    match = matched(log)[-1]
    assert not match.sure or match.column is None
