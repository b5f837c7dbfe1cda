"""What the facts recorded come to for the national Panel: documents and mail say it in the same words."""

from __future__ import annotations

from tracker_schema.incidents.incident import Incident
from tracker_schema.wording import sentence

_SENTENCES = {
    "met": "The facts recorded meet the Panel’s criteria (Children Act 2004, section 16C); people decide.",
    "ruled out": "A fact recorded rules the Panel out (Children Act 2004, section 16C); people decide.",
    "open": "The facts recorded so far neither meet the Panel’s criteria nor rule them out.",
}


def criteria_in_words(incident: Incident) -> str:
    """Return what the facts recorded of an incident come to for the Panel's criteria, in a sentence."""
    return _SENTENCES[incident.criteria]


def what_it_is(incident: Incident) -> str:
    """Return what the incident is, without a name: “Serious harm”, “Death, looked after”, “Serious harm, 3 children”.

    One child who is not looked after goes without saying.
    """
    outcomes = dict.fromkeys(str(child["outcome"] or "outcome not known") for child in incident.children)
    answers = [child["looked_after"] for child in incident.children]
    looked_after = answers.count("Yes")
    if looked_after:
        care = "looked after" if len(answers) == looked_after else f"{looked_after} looked after"
    else:
        care = "" if all(answer == "No" for answer in answers) else "looked after: not known"
    number = f"{len(answers)} children" if len(answers) > 1 else ""
    return sentence(", ".join(filter(None, (" and ".join(outcomes), care, number))))
