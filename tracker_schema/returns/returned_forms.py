"""A completed form understood: which form it is, about whom, what of it goes into the tracker, and what it still lacks.

What a field says is never quoted in a sentence: most of it is about a child. Sentences name the field.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from tracker_schema.case import NEW_INCIDENT
from tracker_schema.columns.parsing import EXAMPLE, Unreadable, cleaned, parse_date
from tracker_schema.columns.schema import INCIDENTS, tracker_schema
from tracker_schema.documents.documents import AGENCY, COMPLETED_ON, REFERENCE, Document, document_of_tag
from tracker_schema.documents.forms import Field, Form, Group
from tracker_schema.entries.entries import Value
from tracker_schema.returns.returned_answers import Answer, Answers, ReturnRefused
from tracker_schema.wording import counted

# A copy in which more of the fields than this are missing is no copy to be read.
MOST_MISSING = 0.5

_LOST = (
    "lost its fields, because it was saved by a program that does not keep them (or is no form of ours); ask for the "
    "Word file itself, saved by Word"
)
_CHILD = re.compile(r"child_([1-9]\d?)_(.+)")


@dataclass(frozen=True, eq=False)
class ReturnedForm:
    """One completed form.

    `reference` and `agency` are what the form was made for, empty where it was made for none. `values` goes into the
    tracker, by column id of the Incidents sheet; what is said of each child is also in `children`. `completed_on` is
    the form's own date, None when it is not filled in. Of `required` fields `answered` are; the labels of the others
    are `gaps`. `remarks` are sentences about what a person should look at.
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

    @property
    def completeness(self) -> str:
        """How much of what is required is there, such as “9 of 12”."""
        return f"{self.answered} of {self.required}"


def read_form(answers: Answers, form_of: Callable[[Document], Form], as_of: dt.date) -> ReturnedForm:
    """Return what the form with those answers says, as on `as_of`; `form_of` returns what a document asks.

    Raises ReturnRefused when it has lost its fields, is no form that is read back, names two references or agencies,
    or has a date that is not one where a date goes into the tracker or has to be there.
    """
    document = _document(answers)
    reading = _Reading(form_of(document), answers, as_of)
    reading.read()
    return ReturnedForm(
        document,
        _only(answers, REFERENCE, "reference"),
        _only(answers, AGENCY, "agency"),
        reading.values,
        tuple(reading.children.values()),
        reading.dates.get(COMPLETED_ON),
        reading.required,
        reading.required - len(reading.gaps),
        tuple(reading.gaps),
        tuple(reading.remarks),
    )


def _document(answers: Answers) -> Document:
    """Which form it is, by the field that says so and that nobody can change in Word."""
    found = {document.name: document for tag in answers.tags if (document := document_of_tag(tag))}
    if not found:
        raise ReturnRefused(_LOST)
    if len(found) > 1:
        raise ReturnRefused("is two forms in one; ask for each of them by itself")
    (document,) = found.values()
    if not document.returned:
        raise ReturnRefused(f"is “{document.title}”, which is not read back; file it with the case")
    return document


def _only(answers: Answers, tag: str, what: str) -> str:
    """What the form says it was made for. It may say so in more than one place, and must not say two things."""
    found = (cleaned(answer.text) for answer in answers.single if answer.tag == tag)
    said = {text.casefold(): text for text in found if text not in ("", NEW_INCIDENT)}
    if len(said) > 1:
        raise ReturnRefused(f"names more than one {what}; ask for the form as it was sent")
    return next(iter(said.values()), "")


@dataclass(frozen=True, slots=True)
class _Asked:
    """One field as it stands in this form: with the number of its child, where it is about one."""

    field: Field
    tag: str
    label: str
    child: int | None


class _Reading:
    """One form being read, field by field."""

    def __init__(self, form: Form, answers: Answers, as_of: dt.date) -> None:
        self.values: dict[str, Value] = {}
        self.children: dict[int, dict[str, Value]] = {number: {} for number in _children(answers.tags)}
        self.dates: dict[str, dt.date] = {}
        self.required = 0
        self.gaps: list[str] = []
        self.remarks: list[str] = []
        self._form = form
        self._answers = answers
        self._as_of = as_of
        self._by_tag = _first_filled(answers.single)
        self._unreadable: list[str] = []

    def read(self) -> None:
        """Take in every field. Raises ReturnRefused as `read_form` does."""
        asked = list(_asked(self._form, self._answers.tags))
        self._look_for_what_is_lost(asked)
        for each in asked:
            self._take(each)
        for group in self._form.groups:
            self._take_rows(group)
        if self._unreadable:
            fields = " and ".join(f"“{label}”" for label in self._unreadable)
            raise ReturnRefused(f"has a date that is not one in {fields}; {EXAMPLE}, and run again")
        self._compare_dates()

    def _look_for_what_is_lost(self, asked: Sequence[_Asked]) -> None:
        lost = [each for each in asked if each.tag not in self._by_tag]
        if len(lost) > MOST_MISSING * len(asked):
            raise ReturnRefused(_LOST)
        told = [f"“{each.label}”" for each in lost if each.field.required or each.field.column]
        if told:
            self.remarks.append(f"This copy of the form has lost {', '.join(told)}; ask for what belongs there.")

    def _take(self, asked: _Asked) -> None:
        answer = self._by_tag.get(asked.tag)
        filled = answer is not None and answer.filled
        if asked.field.required:
            self.required += 1
            if not filled:
                self.gaps.append(asked.label)
        if answer is None or not filled:
            return
        if answer.beside_text:
            self.remarks.append(f"“{asked.label}” holds a picture or a note besides its text; look at the form itself.")
        if cleaned(answer.text) in self._form.document.read_at_once.get(asked.field.tag, ()):
            self.remarks.insert(0, f"Read it now: to “{asked.label}” it answers “{cleaned(answer.text)}”.")
        value = self._date(asked, answer) if asked.field.kind == "date" else _text(asked.field, answer)
        if isinstance(value, dt.date):
            self.dates.setdefault(asked.tag, value)
        if asked.field.column and self._form.document.sheet == INCIDENTS and value:
            if asked.child is not None:
                self.children[asked.child][asked.field.column.id] = value
            if asked.child in (None, 1):
                self.values[asked.field.column.id] = value

    def _date(self, asked: _Asked, answer: Answer) -> dt.date | None:
        """The date that shows: what Word keeps behind it may be an earlier choice."""
        try:
            date, doubtful = parse_date(answer.text)
        except Unreadable:
            date, doubtful = None, None
        if date is None or doubtful:  # a bare number is a day to Excel, and to nobody who fills in a form
            if asked.field.required or asked.field.column:
                self._unreadable.append(asked.label)
            else:
                self.remarks.append(f"“{asked.label}” is not a date; look at the form itself.")
            return None
        if answer.picked is not None and date != answer.picked:
            self.remarks.append(
                f"“{asked.label}” shows one date, and Word keeps another behind it; the one that shows was taken."
            )
        return date

    def _take_rows(self, group: Group) -> None:
        if not group.required:
            return
        self.required += 1
        if not any(answer.filled for row in rows_of(self._answers, group) for answer in row):
            self.gaps.append(group.label)

    def _compare_dates(self) -> None:
        """Note what cannot be so, or is at least odd: a date ahead, and dates in the wrong order."""
        columns = tracker_schema().sheets[INCIDENTS].columns
        for each in _asked(self._form, self._answers.tags):
            date = self.dates.get(each.tag)
            if date and date > self._as_of and not (each.field.column and each.field.column.may_be_future):
                self.remarks.append(f"“{each.label}” lies in the future.")
        labels = {field.column.id: field.label for field in self._form.fields if field.column}
        dates = {column: value for column, value in self.values.items() if isinstance(value, dt.date)}
        for column, date in dates.items():
            for other in columns[column].not_before:
                if other in dates and date < dates[other]:
                    self.remarks.append(f"“{labels[column]}” is before “{labels[other]}”.")
        completed, incident = self.dates.get(COMPLETED_ON), dates.get("incident_date")
        if completed and incident and completed < incident:
            self.remarks.append("The form says that it was completed before the incident.")


def rows_of(answers: Answers, group: Group) -> list[list[Answer]]:
    """The rows of a repeated part in which anything is filled in.

    Where a program left only the fields and no longer knows them for rows (Word 2010 does), a row starts where the
    fields start over.
    """
    tags = {field.tag for field in group.fields}
    rows = [[*row] for section in answers.repeated if section.tag == group.tag for row in section.rows]
    loose: list[list[Answer]] = []
    for answer in answers.single:
        if answer.tag in tags:
            if not loose or any(answer.tag == before.tag for before in loose[-1]):
                loose.append([])
            loose[-1].append(answer)
    return [row for row in rows + loose if any(answer.filled for answer in row)]


def _first_filled(answers: Iterable[Answer]) -> dict[str, Answer]:
    """The answers by tag; of two with the same tag the one that is filled in."""
    found: dict[str, Answer] = {}
    for answer in answers:
        if answer.tag not in found or (answer.filled and not found[answer.tag].filled):
            found[answer.tag] = answer
    return found


def _asked(form: Form, tags: Iterable[str]) -> Iterator[_Asked]:
    """Every single field of the form; those about a child once for each child that this form has a part for."""
    numbers = _children(tags)
    for asked in form.fields:
        for child in numbers if asked.of_child else (None,):
            label = asked.label if child is None or len(numbers) == 1 else f"{asked.label} (child {child})"
            yield _Asked(asked, asked.tag_of(child), label, child)


def _children(tags: Iterable[str]) -> list[int]:
    """The numbers of the children that the form has a part for."""
    return sorted({int(match[1]) for tag in tags if (match := _CHILD.fullmatch(tag))}) or [1]


def _text(asked: Field, answer: Answer) -> str:
    return answer.text if asked.kind == "multiline" else cleaned(answer.text)


def gaps_in_words(form: ReturnedForm) -> str:
    """What the form lacks, as a sentence; empty when it lacks nothing."""
    if not form.gaps:
        return ""
    return f"{counted(len(form.gaps), 'answer')} missing: {', '.join(f'“{label}”' for label in form.gaps)}."
