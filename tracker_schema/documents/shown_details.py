"""What a document shows of the case details: whom agencies are to search for."""

from __future__ import annotations

from typing import Any

from tracker_schema.documents.case_details import CaseDetails
from tracker_schema.documents.shown import Fields, Shown, shown


def add_details(fields: Fields, details: CaseDetails, children: int) -> None:
    """Add the case details to the fields of a document about an incident with so many children: as “details”, and as
    “details” of each child.
    """
    for child in fields["children"]:
        answers = {tag: shown(text) for tag, text in details.of_child(child["number"]).items()}
        child["details"] = Fields("child.details", answers)
    missing = details.missing(children)
    of_case: dict[str, Any] = {tag: shown(text) for tag, text in details.of_case().items()}
    for group in details.form.groups:
        rows = details.rows.get(group.tag, ())
        of_case[group.tag] = [
            Fields("each", {field.tag: shown(row.get(field.tag)) for field in group.fields}) for row in rows
        ]
    of_case["complete"] = Shown("No" if missing else "Yes", known=not missing)
    fields["details"] = Fields("details", of_case)
