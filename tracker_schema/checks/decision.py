"""The decision does not agree with the facts, or a fact that decides is missing."""

from __future__ import annotations

from tracker_schema.checks.findings import Findings
from tracker_schema.clocks.clocks import Rules
from tracker_schema.clocks.conditions import (
    Situation,
    is_ruled_out,
    is_unknown,
    meets_criteria,
    panel_to_be_notified,
    unknown_for_ofsted,
)
from tracker_schema.incidents.incident import Incident
from tracker_schema.layouts.record import Record

AGAINST_FACTS, FACT_NOT_KNOWN = "decision-contradicts-facts", "fact-not-known"

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
    """Note when the decision contradicts the facts recorded: an error until a reason for it is recorded.

    Source: Children Act 2004, section 16C; people decide, and record why.
    """
    decision = incident["decision"]
    children = incident.children
    if decision == "Notify Panel":
        if all(is_ruled_out(child) for child in children):
            for child in children:
                _add_contradiction(
                    findings, incident, f"is to notify the Panel, but {_what_rules_out(child)} rules that out {_SOURCE}"
                )
    elif decision is not None and any(map(is_not_ruled_out, children)):
        if any(meets_criteria(child) for child in children):
            why = f"the facts recorded meet the Panel's criteria {_SOURCE}"
        else:
            why = f"no recorded fact rules the Panel out {_SOURCE}"
        _add_contradiction(findings, incident, f"is not to notify the Panel, but {why}")


def is_not_ruled_out(child: Record) -> bool:
    """Return whether all facts that decide on the Panel are recorded of a child, and none rules it out."""
    known = all(child.is_filled(column) or not child.has_column(column) for column in ("outcome", "abuse_or_neglect"))
    return known and is_ruled_out(child) is False


def _add_contradiction(findings: Findings, incident: Incident, predicate: str) -> None:
    if incident.is_filled("decision_reason"):
        predicate += "; a reason is recorded"
        findings.add(AGAINST_FACTS, incident, incident, "decision", predicate, severity="warning", of_closed=True)
        return
    has_reason = incident.has_column("decision_reason")
    remedy = f"Check the facts and the decision, or enter “{incident.heading('decision_reason')}”."
    findings.add(
        AGAINST_FACTS,
        incident,
        incident,
        "decision",
        predicate,
        remedy if has_reason else _REMEDY,
        severity="error" if has_reason and not incident.is_closed else "warning",
        of_closed=True,
    )


QUESTIONS = {
    "looked_after": "Was the child looked after? The death of a looked after child is told to the Secretary of State "
    "and Ofsted, whatever its cause.",
    "outcome": "What was the outcome: death, serious harm, or other? It decides who must be notified.",
    "abuse_or_neglect": "Is abuse or neglect known or suspected? It decides whether the Panel must be notified.",
}


def check_unknown_facts(findings: Findings, incident: Incident, rules: Rules) -> None:
    """Note the facts that decide a duty and are not known: an error when a clock cannot be worked out for want of them.

    Source: statutory guidance on notifications; a fact that is not known is never taken for a no.
    """
    if incident.is_closed:
        return
    blocking = {column for result in incident.clocks.values() for column in result.unknown}
    situation = Situation(findings.as_of, None, rules.days.first, rules.care_leavers)
    for child in incident.children:
        asked = [column for column in ("outcome", "abuse_or_neglect") if is_unknown(child, column)]
        asked += [column for column in unknown_for_ofsted(child, situation) if column not in asked]
        for column in asked:
            says = "is empty" if not child.is_filled(column) else "is “Not known”"
            is_error = column in blocking and (column == "looked_after" or not child.is_filled(column))
            findings.add(
                FACT_NOT_KNOWN,
                incident,
                child,
                column,
                says,
                QUESTIONS[column],
                severity="error" if is_error else "warning",
            )


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
