"""The case details: whom agencies are to search for, filled in once for a case and shown in every agency's form."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from tracker_schema.columns.parsing import cleaned
from tracker_schema.documents.documents import Document, documents
from tracker_schema.documents.forms import Form
from tracker_schema.incidents.incident import Incident
from tracker_schema.layouts.record import Record
from tracker_schema.returns.returned_answers import ReturnedAnswers
from tracker_schema.wording import long_date

ASKED, SHOWN = "asked", "shown"


def details_document() -> Document:
    """Return the form in which the case details are filled in. Raises SchemaError when documents.toml is wrong."""
    return next(document for document in documents().values() if document.case_details == ASKED)


@dataclass(frozen=True)
class CaseDetails:
    """The case details of one incident, as the form has them.

    form      what the form asks
    single    its answers by the tags of their controls, those of each child with its number
    rows      its repeated rows, by the tag of their part; each row by the tags of its controls
    """

    form: Form
    single: Mapping[str, str] = field(default_factory=dict, repr=False)
    rows: Mapping[str, Sequence[Mapping[str, str]]] = field(default_factory=dict, repr=False)

    def of_child(self, number: int) -> dict[str, str]:
        """Return the answers about the child with that number, by tag; "" for one that is not given."""
        return {each.tag: self.single.get(each.tag_of(number), "") for each in self.form.fields if each.of_child}

    def of_case(self) -> dict[str, str]:
        """Return the answers that are about no child, by tag; "" for one that is not given."""
        return {each.tag: self.single.get(each.tag, "") for each in self.form.fields if not each.of_child}

    def missing(self, children: int) -> list[str]:
        """Return the labels of the required answers that are not given, for an incident with so many children."""
        labels = []
        for each in self.form.fields:
            for number in range(1, children + 1) if each.of_child else (None,):
                if each.required and each.column is None and not self.single.get(each.tag_of(number)):
                    labels.append(f"{each.label} (child {number})" if number and children > 1 else each.label)
        labels += [group.label for group in self.form.groups if group.required and not self.rows.get(group.tag)]
        return labels

    def other_child(self, incident: Incident) -> int | None:
        """Return the number of a child whose part of the form is about another child; None when there is none.

        A part is about another child when nothing in it that the tracker has too is the same.
        """
        for number, child in enumerate(incident.children, 1):
            facts = [(self.single.get(each.tag_of(number), ""), _in_form(child, each.column.id))
                     for each in self.form.fields if each.of_child and each.column]  # fmt: skip
            known = [(cleaned(here).casefold(), cleaned(there).casefold()) for here, there in facts if here and there]
            if known and all(here != there for here, there in known):
                return number
        return None


def details_in(form: Form, answers: ReturnedAnswers) -> CaseDetails:
    """Return the case details in a completed `form` with these answers."""
    by_tag = answers.by_tag
    rows = {
        group.tag: [
            {answer.tag: answer.text for answer in row}
            for row in answers.rows_of(group.tag, {each.tag for each in group.fields})
        ]
        for group in form.groups
    }
    return CaseDetails(form, {tag: answer.text for tag, answer in by_tag.items()}, rows)


def _in_form(child: Record, column: str) -> str:
    """Return the text that a form shows for a fact of a child; "" when it is not known."""
    value = child.as_typed(column)
    return long_date(value) if isinstance(value, dt.date) else str(value or "")
