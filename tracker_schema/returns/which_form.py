"""Which form a completed one is, about whom, and what in it must be read at once."""

from __future__ import annotations

import itertools
from collections.abc import Callable

from tracker_schema.columns.parsing import cleaned
from tracker_schema.documents.documents import Document, document_of_tag, documents
from tracker_schema.documents.forms import Form
from tracker_schema.incidents.incident import NEW_INCIDENT
from tracker_schema.returns.returned_answers import ReturnedAnswers, ReturnRefused

LOST = (
    "It has lost its fields: it was saved by a program that does not keep them, or it is no form of ours.",
    "Ask for the Word file itself, saved by Word.",
)


def urgent_answers(answers: ReturnedAnswers, text: str, form_of: Callable[[Document], Form]) -> tuple[str, ...]:
    """Return a sentence for each answer that must be read at once, whatever else is wrong with the form.

    In a copy that has lost its fields, it is the line below the question in the `text` of the document.
    """
    lines = [line for line in map(cleaned, text.splitlines()) if line]
    sentences = []
    for document in documents().values():
        for tag, choices in document.read_at_once.items():
            label = next((field.label for field in form_of(document).fields if field.tag == tag), "")
            said = {cleaned(answer.text) for answer in answers if answer.tag == tag} or {
                below for line, below in itertools.pairwise(lines) if line.removesuffix("*").rstrip() == label
            }
            sentences += [
                f"Read it now: to “{label}” it answers “{choice}”."
                for choice in choices
                if any(each.casefold().startswith(choice.casefold()) for each in said)
            ]
    return tuple(sentences)


def document_of(answers: ReturnedAnswers) -> Document:
    """Return which form it is, by a field that nobody can change in Word."""
    found = {document.name: document for tag in answers.tags if (document := document_of_tag(tag))}
    if len(found) > 1:
        raise ReturnRefused("It is two forms in one.", "Ask for each of them by itself.")
    document = next(iter(found.values()), None) or _unprotected(answers.title)
    if document is None:
        raise ReturnRefused(*LOST)
    if not document.returned:
        raise ReturnRefused(f"It is “{document.title}”, which is not read back.", "File it with the case.", "")
    return document


def _unprotected(title: str) -> Document | None:
    """Return the document of ours that has no field with its name in it, by its title among its properties."""
    ours = (document for document in documents().values() if not document.returned)
    return next((each for each in ours if title == each.title or title.startswith(f"{each.title}, ")), None)


def only_text(answers: ReturnedAnswers, tag: str, what: str) -> str:
    """Return the one text in the fields with this tag, which may be in several places; "" when they are empty."""
    texts = (cleaned(answer.text) for answer in answers.single if answer.tag == tag)
    different = {text.casefold(): text for text in texts if text not in ("", NEW_INCIDENT)}
    if len(different) > 1:
        raise ReturnRefused(f"It names more than one {what}.", "Ask for the form as it was sent.")
    return next(iter(different.values()), "")
