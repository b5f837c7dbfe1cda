"""What a form asks, as the content controls of its Word file define it, and what of it the tracker lacks."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from tracker_schema.columns.schema import Column
from tracker_schema.documents.documents import Document
from tracker_schema.incidents.incident import Incident, ScopingReturn

Kind = Literal["text", "multiline", "date", "choice", "checkbox"]

# What a document that is made for each agency lacks when there is no agency to ask.
AN_AGENCY = "An agency on the Scoping sheet"


@dataclass(frozen=True, slots=True)
class Field:
    """One answer that a form asks for.

    tag       the name by which the answer is found; it never changes once forms are out
    label     what is asked
    kind      what an answer can be
    help      what the field shows until it is filled in; empty for a check box
    choices   what can be chosen, where the kind is "choice"
    required  a form without this answer is not complete
    of_child  the form asks it of each child
    column    the column of the tracker that holds the answer; None when no column does
    """

    tag: str
    label: str
    kind: Kind
    help: str = ""
    choices: tuple[str, ...] = ()
    required: bool = False
    of_child: bool = False
    column: Column | None = None

    def tag_of(self, child: int | None) -> str:
        """Return the tag of the control: `tag`, with the number of the `child` before it if there is one."""
        return self.tag if child is None else f"child_{child}_{self.tag}"


@dataclass(frozen=True, slots=True)
class Group:
    """Rows of answers, which people repeat as often as they need.

    tag       the name by which the rows are found
    label     what the rows are about
    fields    the answers of each row
    required  a form without such a row is not complete
    """

    tag: str
    label: str
    fields: tuple[Field, ...]
    required: bool = False


@dataclass(frozen=True)
class Form:
    """What one document asks, in the order of its Word file.

    document  the document
    fields    the single answers; one that is asked of each child is there once
    groups    the repeated rows of answers
    """

    document: Document
    fields: tuple[Field, ...] = ()
    groups: tuple[Group, ...] = ()


def missing_fields(form: Form, incident: Incident, scoping_return: ScopingReturn | None = None) -> list[str]:
    """Return the labels of the fields that the tracker could fill in and does not, in order.

    Where there are several children or agencies, a label names those concerned. Of a document that is made for each
    agency, only `scoping_return` counts, if it is given.
    """
    if incident.is_new:
        return []
    document = form.document
    asked = [scoping_return] if scoping_return else incident.scoping
    if document.per_agency and not asked:
        return [AN_AGENCY]
    labels = list(_undecided_children(document, incident))
    for field in form.fields:
        column = field.column
        if column is None or column.id in document.later or _has_no_place(column, incident):
            continue
        if field.of_child:
            children = document.children_of(incident)
            without = [str(number) for number, child in children if child[column.id] is None]
            label = field.label if len(incident.children) == 1 else f"{field.label} (child {', '.join(without)})"
        elif document.per_agency:
            without = [each.agency for each in asked if each[column.id] is None]
            label = field.label if scoping_return else f"{field.label} ({', '.join(without)})"
        else:
            without = [column.id] if incident[column.id] is None else []
            label = field.label
        labels += [label] if without else []
    return labels


def _undecided_children(document: Document, incident: Incident) -> Iterator[str]:
    """Yield the heading of each fact that decides whether a child has a part, and is not known of every child."""
    for condition in document.children_when:
        without = [str(n) for n, child in enumerate(incident.children, 1) if child[condition.column] is None]
        if without:
            heading = incident.heading(condition.column)
            yield heading if len(incident.children) == 1 else f"{heading} (child {', '.join(without)})"


def _has_no_place(column: Column, incident: Incident) -> bool:
    """Return True if the column is needed in some cases only, and the facts say that this is none of them."""
    conditions = column.required_when
    is_known = any(incident[condition.column] is not None for condition in conditions)
    return is_known and not any(condition.holds(incident) for condition in conditions)
