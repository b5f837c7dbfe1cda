"""References that the Incidents sheet does not have."""

from __future__ import annotations

from collections.abc import Collection

from tracker_schema.checks.findings import Findings
from tracker_schema.wording import did_you_mean

# Among more references than these, looking for one like a wrong one takes longer than it helps.
MOST_COMPARED = 2_000

UNKNOWN_REFERENCE = "unknown-reference"


def check_references(findings: Findings, known: Collection[str]) -> None:
    """Note each row whose reference is not among `known`, the references of the Incidents sheet."""
    by_name = {reference.casefold(): reference for reference in known}
    compared = list(by_name.values()) if len(by_name) < MOST_COMPARED else []
    for record, facts in findings.subjects:
        reference = facts.reference
        if reference and reference.casefold() not in by_name:
            remedy = did_you_mean(reference, compared) or "Correct it, or log the incident."
            findings.add(UNKNOWN_REFERENCE, record, facts, "reference", "is not on the sheet of incidents", remedy)
