"""The answers in a completed form, control by control, as they were read."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field

from tracker_schema.documents.forms import Kind
from tracker_schema.errors import TrackerError

READ_NOW = "Read it now; if it is an agency's return, enter the date on which it came."
ASK_BY_TELEPHONE = "Do not open it. Telephone the sender now, and ask what it says."


class ReturnRefused(TrackerError):
    """A file is not read as a completed form, and is left in place. It stops no job: the other files are read.

    `problem` and `remedy` never quote an answer. `at_once` is what to do with a file that may be a return, so that
    nothing urgent in it waits; "" for a file that is known, such as one that was entered before.
    """

    def __init__(self, problem: str, remedy: str = "", at_once: str = READ_NOW) -> None:
        super().__init__(problem, remedy)
        self.at_once = at_once


@dataclass(frozen=True, slots=True)
class ReturnedAnswer:
    """One field of a completed form.

    tag: the field's name
    label: what people see
    text: its text, without what a tracked change deleted; "" when it still shows its prompt
    ticked: the state of a check box; None for any other field
    picked: the day that Word stores with a date field
    beside_text: it also holds a picture or the like
    kind: what kind of field it is
    """

    tag: str
    label: str
    text: str = field(repr=False)
    ticked: bool | None = None
    picked: dt.date | None = field(default=None, repr=False)
    beside_text: bool = False
    kind: Kind = field(default="text", compare=False)

    @property
    def filled(self) -> bool:
        """Return True if somebody gave an answer: a ticked box is one."""
        return self.ticked if self.ticked is not None else bool(self.text) or self.beside_text


@dataclass(frozen=True, slots=True)
class RepeatedRows:
    """The rows of a part of a form that people repeat as often as they need; `tag` is the part's name."""

    tag: str
    rows: tuple[tuple[ReturnedAnswer, ...], ...]


@dataclass(frozen=True, eq=False)
class ReturnedAnswers:
    """All answers of a completed form, in the order of the document.

    single: the fields that are there once
    repeated: the parts with rows
    untagged: the fields without a tag, in which no other field is; their `tag` is ""
    title: the document's title among its properties
    """

    single: tuple[ReturnedAnswer, ...]
    repeated: tuple[RepeatedRows, ...] = ()
    untagged: tuple[ReturnedAnswer, ...] = ()
    title: str = field(default="", repr=False)

    def __iter__(self) -> Iterator[ReturnedAnswer]:
        """Yield each answer, also those in rows."""
        yield from self.single
        for section in self.repeated:
            for row in section.rows:
                yield from row

    @property
    def tags(self) -> set[str]:
        """Return the tag of every field and every repeated part, filled in or not."""
        return {answer.tag for answer in self} | {section.tag for section in self.repeated}

    @property
    def by_tag(self) -> Mapping[str, ReturnedAnswer]:
        """Return the single answers by tag; of several with the same tag, the first that is filled in."""
        by_tag: dict[str, ReturnedAnswer] = {}
        for answer in self.single:
            if answer.tag not in by_tag or (answer.filled and not by_tag[answer.tag].filled):
                by_tag[answer.tag] = answer
        return by_tag

    def rows_of(self, part: str, tags: Collection[str]) -> list[list[ReturnedAnswer]]:
        """Return the rows of a repeated part in which anything is filled in.

        `part` is the tag of the part, `tags` are those of the fields in a row. Some programs, such as Word 2010, keep
        the fields but not the rows: then a row starts where the fields start again.
        """
        rows = [[*row] for section in self.repeated if section.tag == part for row in section.rows]
        loose: list[list[ReturnedAnswer]] = []
        for answer in self.single:
            if answer.tag in tags:
                if not loose or any(answer.tag == before.tag for before in loose[-1]):
                    loose.append([])
                loose[-1].append(answer)
        return [row for row in rows + loose if any(answer.filled for answer in row)]
