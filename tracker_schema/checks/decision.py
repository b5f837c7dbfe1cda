"""The decision does not agree with the facts, or a fact that decides is missing."""

from __future__ import annotations

from tracker_schema.checks.findings import Findings
from tracker_schema.clocks.conditions import is_ruled_out, meets_criteria, panel_to_be_notified
from tracker_schema.incidents.incident import Incident
from tracker_schema.layouts.record import Record

_SOURCE = "(Children Act 2004, section 16C)"
_REMEDY = "Check the facts and the decision."


def check_panel(findings: Findings, incident: Incident) -> None:
    """Note when the Panel is sent the death of a looked after child without abuse or neglect."""
    column = next((column for column in ("decision", "panel_notified") if incident.has_column(column)), None)
    if column and all(map(_is_not_considered, incident.children)):
        findings.add(
            "panel-will-not-consider",
            incident,
            incident,
            column,
            "sends the Panel the death of a looked after child without abuse or neglect: the Panel will not consider "
            "it, DfE and Ofsted act on it",
            f"Check “{incident.heading('abuse_or_neglect')}” and the decision.",
        )


def _is_not_considered(child: Record) -> bool:
    return (
        child["abuse_or_neglect"] == "No"
        and child["looked_after"] == "Yes"
        and child["outcome"] == "Death"
        and (child["decision"] == "Notify Panel" or child.is_filled("panel_notified"))
    )


def check_decision(findings: Findings, incident: Incident) -> None:
    """Note when the decision contradicts the facts recorded."""
    decision = incident["decision"]
    if decision in ("Threshold not met", "Refer to DSPP only"):
        if any(meets_criteria(child) for child in incident.children):
            predicate = f"is not to notify the Panel, but the facts recorded meet the Panel's criteria {_SOURCE}"
            findings.add("decision-contradicts-facts", incident, incident, "decision", predicate, _REMEDY)
    elif decision == "Notify Panel":
        children = incident.children
        if all(is_ruled_out(child) and not _is_not_considered(child) for child in children):
            for child in children:
                predicate = f"is to notify the Panel, but {_what_rules_out(child)} rules that out {_SOURCE}"
                findings.add("decision-contradicts-facts", incident, incident, "decision", predicate, _REMEDY)


def _what_rules_out(child: Record) -> str:
    """Return the first recorded fact that rules the Panel out, by its heading; a date of birth is never quoted."""
    for column, ruling in (("abuse_or_neglect", "No"), ("outcome", "Other"), ("place", "Elsewhere in England")):
        if child[column] == ruling:
            return f"“{child.heading(column)}”, which is “{ruling}”,"
    column = "normally_resident" if child["place"] == "Outside England" else "date_of_birth"
    return f"“{child.heading(column)}”"


def check_age_is_known(findings: Findings, incident: Incident) -> None:
    """Note when the age of a child decides who must be notified and the date of birth is missing."""
    for child in incident.children:
        if child.is_filled("date_of_birth"):
            continue
        grave = child["outcome"] in ("Death", "Serious harm") and panel_to_be_notified(child) is True
        leaver = child["outcome"] == "Death" and child["care_leaver"] == "Yes"
        if grave or leaver:
            findings.add(
                "required-when",
                incident,
                child,
                "date_of_birth",
                "is empty, and the child's age decides who must be notified",
                "Fill it in, unless the child was not yet born.",
            )
