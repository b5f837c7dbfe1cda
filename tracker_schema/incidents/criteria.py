"""What the facts recorded come to for the national Panel: documents and mail say it in the same words."""

from __future__ import annotations

from tracker_schema.incidents.incident import Incident

_SENTENCES = {
    "met": "The facts recorded meet the Panel’s criteria (Children Act 2004, section 16C); people decide.",
    "ruled out": "A fact recorded rules the Panel out (Children Act 2004, section 16C); people decide.",
    "open": "The facts recorded so far neither meet the Panel’s criteria nor rule them out.",
}


def criteria_in_words(incident: Incident) -> str:
    """Return what the facts recorded of an incident come to for the Panel's criteria, in a sentence."""
    return _SENTENCES[incident.criteria]
