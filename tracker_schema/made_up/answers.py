"""The answers in the completed forms of the demonstration, by the tags of their fields."""

from __future__ import annotations

import datetime as dt

Answer = str | dt.date | bool

INCOMPLETE_ANSWERS: dict[str, Answer] = {"involved": "Yes, now", "action_needed": "Yes"}
"""Of an agency that answered two questions only."""


def scoping_answers(as_of: dt.date) -> dict[str, Answer]:
    """Return the answers of an agency that returned its form on `as_of`."""
    return {
        "completed_by": "Made up: somebody at the agency",
        "completed_on": as_of,
        "involved": "Yes, in the past",
        "involvement": "Made up: seen twice last year.\nNothing of concern was noted.",
        "records_secured": True,
        "action_needed": "No",
        "learning": "Made up: to share sooner what is seen.",
    }


def details_answers(children: int) -> dict[str, Answer]:
    """Return the case details of an incident with so many children."""
    about = {
        "full_name": "Made-up Zed Example",
        "address": "1 Made-up Street\nNowhere ZZ1 1ZZ",
        "school": "Made-up Primary School",
        "legal_status": "None",
        "plan_history": "Child in need plan last year",
    }
    answers: dict[str, Answer] = {
        f"child_{number}_{tag}": text for number in range(1, children + 1) for tag, text in about.items()
    }
    return answers | {"household_name": "Made-up Ann Example", "household_relationship": "Mother"}


def report_answers(as_of: dt.date) -> dict[str, Answer]:
    """Return the answers of a form that reported an incident on `as_of`."""
    day = as_of - dt.timedelta(days=1)
    return {
        "completed_by": "Made up: a Head of Service",
        "completed_on": as_of,
        "operational_head": "Head of Service One",
        "child_1_child_id": "Made up 0001",
        "child_1_initials": "ZZ",
        "child_1_date_of_birth": dt.date(as_of.year - 7, 5, 14),
        "child_1_looked_after": "No",
        "child_1_protection_plan": "No",
        "incident_date": day,
        "aware_date": day,
        "place": "In area",
        "child_1_outcome": "Serious harm",
        "child_1_abuse_or_neglect": "Suspected",
        "summary": "Made up: nothing of this has happened.",
        "risk": "Made up.",
        "immediate_action": "Made up.",
    }
