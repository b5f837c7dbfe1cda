"""A form whose fields have lost their tags, read by their labels and their order; or lost the mark of their prompts.

LibreOffice keeps the fields of a form and the labels of most, drops every tag, and forgets which prompts still show.
A field without a label is read only where the fields between its neighbours are those of the template, in number and
kind: nothing is guessed.
"""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from scripts.adapters.word.templates.form_fields import EACH_CHILD, Place, bare_tag, form_of, places_of
from tracker_schema.documents.documents import Document, document_of_tag, documents
from tracker_schema.returns.returned_answers import ReturnedAnswer, ReturnedAnswers

_OF_A_CHILD = re.compile(r"^child_\d+_")


def restored(answers: ReturnedAnswers) -> ReturnedAnswers:
    """Return the answers as the form had them: with the tags that a program dropped, and without prompts."""
    return by_labels(answers) or without_prompts(answers)


def by_labels(answers: ReturnedAnswers) -> ReturnedAnswers | None:
    """Return the answers with the tags of the form that they are from; None when they are from no form of ours."""
    if answers.tags - {""}:
        return None
    document = _document(answers)
    if document is None:
        return None
    found = _tags(answers.untagged, places_of(document))
    return without_prompts(ReturnedAnswers(tuple(found), title=answers.title))


def without_prompts(answers: ReturnedAnswers) -> ReturnedAnswers:
    """Return the answers without the prompts that still show: some programs save them as if they had been typed."""
    document = next((found for tag in answers.tags if (found := document_of_tag(tag))), None)
    if document is None:
        return answers
    form = form_of(document)
    fields = (*form.fields, *(field for group in form.groups for field in group.fields))
    prompts = {field.tag: field.help for field in fields if field.help}

    def without(answer: ReturnedAnswer) -> ReturnedAnswer:
        prompt = prompts.get(_OF_A_CHILD.sub("", answer.tag))
        return replace(answer, text="") if prompt and answer.text.endswith(prompt) else answer

    rows = (replace(each, rows=tuple(tuple(map(without, row)) for row in each.rows)) for each in answers.repeated)
    return replace(answers, single=tuple(map(without, answers.single)), repeated=tuple(rows))


def _document(answers: ReturnedAnswers) -> Document | None:
    """Return the document whose title stands in the field for it."""
    texts = {answer.text for answer in answers.untagged[:5]}
    return next((each for each in documents().values() if each.title in texts and each.protected), None)


def _tags(untagged: Sequence[ReturnedAnswer], places: Sequence[Place]) -> list[ReturnedAnswer]:
    """Return those of the fields whose place in the template is certain, with their tags."""
    known = _anchors(untagged, places)
    numbers = sorted(known)
    # Before the first known field and after the last there are the fields at the ends of the template.
    bounds = [(-1, -1), *((number, known[number]) for number in numbers), (len(untagged), len(places))]
    for (before, first), (after, last) in itertools.pairwise(bounds):
        between = range(before + 1, after)
        meant = _between(first, last, places)
        if [_coarse(untagged[number].kind) for number in between] == [_coarse(places[each].kind) for each in meant]:
            known |= dict(zip(between, meant, strict=True))
    return _numbered([(untagged[number], places[known[number]]) for number in sorted(known)])


def _anchors(untagged: Sequence[ReturnedAnswer], places: Sequence[Place]) -> dict[int, int]:
    """Return the places of the fields with a label that only one place has, by the numbers of the fields."""
    labels = Counter(label for place in places for label in {place.label, place.rows} if label)
    by_label = {
        label: number
        for number, place in enumerate(places)
        for label in (place.label, place.rows)
        if label and labels[label] == 1
    }
    found = ((number, by_label.get(_title(answer))) for number, answer in enumerate(untagged))
    return {
        number: place
        for number, place in found
        if place is not None and _coarse(places[place].kind) == _coarse(untagged[number].kind)
    }


def _title(answer: ReturnedAnswer) -> str:
    return answer.label.removesuffix("*").rstrip()


def _between(first: int, last: int, places: Sequence[Place]) -> list[int]:
    """Return the numbers of the places after `first` and before `last`; of repeated rows it may be the next row."""
    if first < last:
        return list(range(first + 1, last))
    if not places[first].part or places[first].part != places[last].part:
        return [-1]  # such fields are out of order: no place is certain
    part = [number for number, place in enumerate(places) if place.part == places[first].part]
    return [*(number for number in part if number > first), *(number for number in part if number < last)]


def _coarse(kind: str) -> str:
    return "text" if kind == "multiline" else kind


def _numbered(found: Sequence[tuple[ReturnedAnswer, Place]]) -> list[ReturnedAnswer]:
    """Return the answers with their tags, those about a child with its number."""
    answers, seen = [], Counter[str]()
    for answer, place in found:
        tag = place.tag
        if place.part == EACH_CHILD:
            seen[tag] += 1
            tag = f"child_{seen[tag]}_{bare_tag(tag)}"
        answers.append(replace(answer, tag=tag, label=place.label))
    return answers
