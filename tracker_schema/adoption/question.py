"""What a question about a log is: the same on the page, on a terminal and in the report."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from tracker_schema.adoption.choices import Meaning
from tracker_schema.adoption.proposal import Proposal

YES, NO, NONE = "Yes", "No", "none of these"
EMPTY, LEAVE = "nothing yet (counts as empty)", "leave it"
ADD, NOT_DONE = "we will add the column", "we do not do this"


class Table(NamedTuple):
    """One kind of question: a sheet of the page.

    name: its name
    about: what to do with it
    columns: the titles and widths in characters of its columns, that of the answer last
    key: how many of the first columns tell one question from another
    """

    name: str
    about: str
    columns: Mapping[str, int]
    key: int = 1


_CORRECT = "Correct the last column where it is wrong"
HEADINGS = Table(
    "Headings",
    f"{_CORRECT}: a heading may be any of our columns, or none of these.",
    {"Your sheet": 24, "Column": 8, "Your heading": 30, "Cells below it": 40, "Why we ask": 40, "It may be": 44}
    | {"This is": 34},
    3,
)
WORDS = Table(
    "Words",
    f"Your words for our choices. {_CORRECT}.",
    {"Our column": 34, "Your word": 34, "Rows": 8, "It means": 34},
    2,
)
OTHERS = Table("Other questions", "Please answer.", {"Question": 60, "More about it": 70, "Answer": 34})
DEADLINES = Table(
    "Deadlines",
    "For each deadline that cannot be worked out, say whether you will add a column for it.",
    {"Deadline": 60, "Can it be worked out?": 70, "If not": 34},
)
TABLES = (HEADINGS, WORDS, OTHERS, DEADLINES)


@dataclass(frozen=True, eq=False)
class Answers:
    """All that the settings are made of.

    proposal: the worksheets and their headings
    meanings: the words for choices
    closed_by, closed_words: the heading that says that a case is closed, and the words below it that mean so
    start_from: the day to start from; None: old deadlines count too
    not_kept: the ids of the clocks that the council does not use
    with_colours: the words of a status get colours
    """

    proposal: Proposal
    meanings: Sequence[Meaning]
    closed_by: str = ""
    closed_words: Sequence[str] = ()
    start_from: dt.date | None = None
    not_kept: frozenset[str] = frozenset()
    with_colours: bool = False


Answer = str | dt.date
Said = Mapping[tuple[str, ...], Answer]
"""The answers of a person, by the key of the question."""


@dataclass(frozen=True)
class Question:
    """One question.

    table: its kind
    cells: what it is about: the cells of its row on the page, but for the answer
    answer: the answer that is proposed, or was given
    choices: the answers to choose from; none: any text
    take: returns the answers with a person's answer to it, one of the choices
    likely: those of the choices that are likely
    sure: nobody need look at it
    """

    table: Table
    cells: Sequence[str]
    answer: Answer
    choices: Sequence[str]
    take: Callable[[Answers, Answer], Answers]
    likely: Sequence[str] = ()
    sure: bool = True

    @property
    def key(self) -> tuple[str, ...]:
        """What tells it from any other question."""
        return self.table.name, *(" ".join(cell.split()) for cell in self.cells[: self.table.key])

    @property
    def is_open(self) -> bool:
        """Whether it can be answered; a deadline that can be worked out needs no answer."""
        return bool(self.choices) or self.table is OTHERS
