"""What a completed form says: which form it is, about whom, what goes into the tracker, and what it lacks.

No sentence quotes an answer, because most answers are about a child. Sentences name the field.
"""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from tracker_schema.columns.dates import parse_date
from tracker_schema.columns.parsing import Unreadable, cleaned
from tracker_schema.columns.schema import INCIDENTS, tracker_schema
from tracker_schema.documents.documents import (
    AGENCY,
    COMPLETED_ON,
    REFERENCE,
    Document,
)
from tracker_schema.documents.forms import Field, Form, Group
from tracker_schema.returns.entries.entries import Value
from tracker_schema.returns.returned_answers import ReturnedAnswer, ReturnedAnswers, ReturnRefused
from tracker_schema.returns.which_form import LOST, document_of, only_text
from tracker_schema.wording import counted

# A copy in which a larger share of the fields is missing is not read.
MOST_MISSING = 0.5

_CHILD = re.compile(r"child_([1-9]\d?)_(.+)")


@dataclass(frozen=True, eq=False)
class ReturnedForm:
    """One completed form.

    document: which form it is
    reference, agency: the incident and the agency that it was made for; "" for none
    values: what goes into the tracker, by column id of the incidents
    children: of `values`, what it says of each child
    completed_on: the form's own date; None when it is not filled in
    required: how many required fields it has
    answered: how many of these are filled in
    gaps: the labels of the others
    remarks: what a person should look at, in sentences
    unreadable: the labels of the dates that go into the tracker and are none
    """

    document: Document
    reference: str
    agency: str
    values: Mapping[str, Value] = field(repr=False)
    children: tuple[Mapping[str, Value], ...] = field(repr=False)
    completed_on: dt.date | None
    required: int
    answered: int
    gaps: tuple[str, ...]
    remarks: tuple[str, ...]
    unreadable: tuple[str, ...] = ()

    @property
    def by_child(self) -> list[Mapping[str, Value]]:
        """What goes into the tracker, once for each child of whom the form says anything, with that child's facts."""
        of_each = {column for child in self.children for column in child}
        shared = {column: value for column, value in self.values.items() if column not in of_each}
        return [{**shared, **child} for child in self.children if child] or [self.values]

    @property
    def completeness(self) -> str:
        """Return how many of the required fields are filled in, such as “9 of 12”."""
        return f"{self.answered} of {self.required}"


def read_form(answers: ReturnedAnswers, form_of: Callable[[Document], Form], as_of: dt.date) -> ReturnedForm:
    """Return what the form with these answers says, as on `as_of`; `form_of` returns what a document asks.

    Raises ReturnRefused when the form has lost its fields, is not one that is read back, or names two references or
    agencies.
    """
    document = document_of(answers)
    answers, copied = _with_copied_children(answers)
    reading = _Reading(form_of(document), answers, as_of)
    reading.read()
    return ReturnedForm(
        document,
        only_text(answers, REFERENCE, "reference"),
        only_text(answers, AGENCY, "agency"),
        reading.values,
        tuple(reading.children.values()),
        reading.dates.get(COMPLETED_ON),
        reading.required,
        reading.required - len(reading.gaps),
        tuple(reading.gaps),
        (*copied, *reading.remarks),
        tuple(reading.unreadable),
    )


@dataclass(frozen=True, slots=True)
class _Question:
    """One field of this form; `child` is the number of the child that it is about, None when it is about none."""

    field: Field
    tag: str
    label: str
    child: int | None


class _Reading:
    """One form being read, field by field."""

    def __init__(self, form: Form, answers: ReturnedAnswers, as_of: dt.date) -> None:
        self.values: dict[str, Value] = {}
        self.children: dict[int, dict[str, Value]] = {number: {} for number in _children(answers.tags)}
        self.dates: dict[str, dt.date] = {}
        self.required = 0
        self.gaps: list[str] = []
        self.remarks: list[str] = []
        self._form = form
        self._answers = answers
        self._as_of = as_of
        self._by_tag = answers.by_tag
        self.unreadable: list[str] = []

    def read(self) -> None:
        """Read every field. Raises ReturnRefused as `read_form` does."""
        questions = list(_questions(self._form, self._answers.tags))
        self._check_for_lost_fields(questions)
        for each in questions:
            self._take(each)
        for group in self._form.groups:
            self._take_rows(group)
        self._compare_dates()

    def _check_for_lost_fields(self, questions: Sequence[_Question]) -> None:
        lost = [each for each in questions if each.tag not in self._by_tag]
        if len(lost) > MOST_MISSING * len(questions):
            raise ReturnRefused(*LOST)
        labels = [f"“{each.label}”" for each in lost if each.field.required or each.field.column]
        if labels:
            self.remarks.append(f"This copy of the form has lost {', '.join(labels)}. Ask for the answers.")

    def _take(self, question: _Question) -> None:
        answer = self._by_tag.get(question.tag)
        filled = answer is not None and answer.filled
        if question.field.required:
            self.required += 1
            if not filled:
                self.gaps.append(question.label)
        if answer is None or not filled:
            return
        if answer.beside_text:
            self.remarks.append(f"“{question.label}” also holds a picture or a note. Look at the form itself.")
        value = self._date(question, answer) if question.field.kind == "date" else _text(question.field, answer)
        if isinstance(value, dt.date):
            self.dates.setdefault(question.tag, value)
        if question.field.column and self._form.document.sheet == INCIDENTS and value:
            if question.child is not None:
                self.children[question.child][question.field.column.id] = value
            if question.child in (None, 1):
                self.values[question.field.column.id] = value

    def _date(self, question: _Question, answer: ReturnedAnswer) -> dt.date | None:
        """Return the date that people see: the one that Word stores behind it may be an earlier choice."""
        try:
            date, doubtful = parse_date(answer.text)
        except Unreadable:
            date, doubtful = None, None
        if date is None or doubtful:  # a bare number is a date to Excel, and to nobody who fills in a form
            if question.field.column and self._form.document.sheet == INCIDENTS:
                self.unreadable.append(question.label)
            else:
                self.remarks.append(f"“{question.label}” is not a date. Look at the form itself.")
            return None
        if answer.picked is not None and date != answer.picked:
            self.remarks.append(
                f"“{question.label}” shows one date, and Word stores another behind it. The one that shows was used."
            )
        return date

    def _take_rows(self, group: Group) -> None:
        if not group.required:
            return
        self.required += 1
        if not self._answers.rows_of(group.tag, {field.tag for field in group.fields}):
            self.gaps.append(group.label)

    def _compare_dates(self) -> None:
        """Remark on dates in the future, and on dates in the wrong order."""
        sheet = tracker_schema().sheets[INCIDENTS]
        for each in _questions(self._form, self._answers.tags):
            date = self.dates.get(each.tag)
            if date and date > self._as_of and not (each.field.column and each.field.column.may_be_future):
                self.remarks.append(f"“{each.label}” is in the future.")
        labels = {field.column.id: field.label for field in self._form.fields if field.column}
        dates = {column: value for column, value in self.values.items() if isinstance(value, dt.date)}
        for column, date in dates.items():
            for other in sheet.columns[column].not_before:
                if other in dates and date < dates[other]:
                    self.remarks.append(f"“{labels[column]}” is before “{labels[other]}”.")
        completed, incident = self.dates.get(COMPLETED_ON), dates.get(sheet.identity("day")[0])
        if completed and incident and completed < incident:
            self.remarks.append("The form says that it was completed before the incident.")


def _questions(form: Form, tags: Iterable[str]) -> Iterator[_Question]:
    """Yield every single field of the form; a field about a child once for each child that this form has a part for."""
    numbers = _children(tags)
    for question in form.fields:
        for child in numbers if question.of_child else (None,):
            label = question.label if child is None or len(numbers) == 1 else f"{question.label} (child {child})"
            yield _Question(question, question.tag_of(child), label, child)


def _with_copied_children(answers: ReturnedAnswers) -> tuple[ReturnedAnswers, list[str]]:
    """Return the answers with a number for each child whose part was copied in Word, and a remark for each of these.

    A copy keeps the tags of the part that it was made from.
    """
    last, numbers, seen, single = max(_children(answers.tags)), dict[tuple[str, int], int](), Counter[str](), []
    for answer in answers.single:
        seen[answer.tag] += 1
        if (match := _CHILD.fullmatch(answer.tag)) and seen[answer.tag] > 1:
            number = numbers.setdefault((match[1], seen[answer.tag]), last + len(numbers) + 1)
            answer = replace(answer, tag=f"child_{number}_{match[2]}")
        single.append(answer)
    return replace(answers, single=tuple(single)), [
        f"The part of child {of} was copied in Word, and the copy read as child {number}. Compare it with the form."
        for (of, _), number in numbers.items()
    ]


def _children(tags: Iterable[str]) -> list[int]:
    """Return the numbers of the children that the form has a part for."""
    return sorted({int(match[1]) for tag in tags if (match := _CHILD.fullmatch(tag))}) or [1]


def _text(question: Field, answer: ReturnedAnswer) -> str:
    return answer.text if question.kind == "multiline" else cleaned(answer.text)


def gaps_in_words(form: ReturnedForm) -> str:
    """Return what the form lacks as a sentence; "" when it lacks nothing."""
    if not form.gaps:
        return ""
    return f"{counted(len(form.gaps), 'answer')} missing: {', '.join(f'“{label}”' for label in form.gaps)}."
