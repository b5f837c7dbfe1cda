"""The questions at a terminal, one by one: Enter accepts the proposal, “b” goes back to the last question."""

from __future__ import annotations

import sys
from collections.abc import Iterable

from tracker_schema.adoption.question import DEADLINES, HEADINGS, NONE, OTHERS, WORDS, Answer, Answers, Question, Table
from tracker_schema.adoption.questions import answered, questions, still_open
from tracker_schema.errors import UsageError
from tracker_schema.wording import printable, short_date

_NONE, _LIST, _BACK, _IN_EXCEL = "0", "?", "b", "e"


class _Back(Exception):
    """The person wants the last question again."""


def wants_page(what: str) -> bool:
    """Return True when the person would rather answer in Excel; `what` says how much there is to answer."""
    _print(f"{what}. Press Enter to answer here, or type {_IN_EXCEL} to correct a page in Excel.")
    return _line("Here? ", back=False).casefold() == _IN_EXCEL


def ask(answers: Answers) -> Answers:
    """Return `answers` with those of a person. Raises UsageError when the person stops."""
    _print(f"Press Enter to accept what is in [ ]. {_LIST}: every choice; {_BACK}: back.")
    person = _Person(answers)
    person.answer(question for question in person.questions(HEADINGS) if not question.sure)
    person.review(HEADINGS, "Is anything wrong?")
    person.answer(question for question in person.questions(WORDS) if not question.sure)
    person.answer(person.questions(OTHERS))
    person.review(DEADLINES, "Nobody is reminded of these, as your log has no column for them. Which do you not do?")
    return person.answers


class _Person:
    """What a person has answered so far."""

    def __init__(self, found: Answers) -> None:
        self._found = self.answers = found
        self._said: dict[tuple[str, ...], Answer] = {}

    def questions(self, table: Table) -> list[Question]:
        """Return the questions of a table that can be answered, as they are now."""
        return [each for each in questions(self.answers) if each.table is table and each.is_open]

    def answer(self, each_of: Iterable[Question]) -> None:
        """Ask each of the questions; on the way, a person can go back."""
        asked, place = list(each_of), 0
        while place < len(asked):
            _print(f"\n{place + 1} of {len(asked)}")
            try:
                self._ask(asked[place])
                place += 1
            except _Back:
                place = max(place - 1, 0)

    def review(self, table: Table, question: str) -> None:
        """Show every answer of a table, and ask for each that a person wants to change, until there is none."""
        while lines := self.questions(table):
            _print("")
            for number, each in enumerate(lines, 1):
                _print(f"  {number:2}  {each.cells[each.table.key - 1]}  =  {_shown(each.answer) or '-'}")
            for sentence in still_open(self.answers.proposal) if table is HEADINGS else ():
                _print(sentence)
            said = _line(f"{question} Type the number of its line, or press Enter: ", back=False)
            if not said:
                return
            if not said.isdecimal() or not 1 <= int(said) <= len(lines):
                _print(f"“{said}” is not one of the numbers.")
                continue
            try:
                self._ask(lines[int(said) - 1])
            except _Back:
                continue

    def _ask(self, question: Question) -> None:
        """Ask one question until its answer is one that can be taken."""
        likely = question.likely or question.choices
        _print(" | ".join(cell for cell in question.cells if cell and cell != "; ".join(likely)))
        for number, choice in enumerate(likely, 1):
            _print(f"  {number}  {choice}")
        if NONE in question.choices:
            _print(f"  {_NONE}  {NONE}")
        while True:
            said = _line(f"Your answer [{_shown(question.answer)}] ")
            if said == _LIST:
                _print("\n".join(f"  {choice}" for choice in question.choices))
                continue
            answer: Answer = said or question.answer
            if NONE in question.choices and said == _NONE:
                answer = NONE
            elif likely and said.isdecimal() and 1 <= int(said) <= len(likely):
                answer = likely[int(said) - 1]
            try:
                self.answers = answered(self._found, self._said | {question.key: answer})
            except UsageError as error:
                _print(f"{error.problem} {error.remedy}")
                continue
            self._said[question.key] = answer
            return


def _shown(answer: Answer) -> str:
    return answer if isinstance(answer, str) else short_date(answer)


def _print(line: str) -> None:
    # On standard error, because standard output may go to a file.
    print("\n".join(map(printable, line.split("\n"))), file=sys.stderr)


def _line(question: str, *, back: bool = True) -> str:
    print(question, end="", file=sys.stderr, flush=True)
    line = sys.stdin.readline()
    if not line:
        raise UsageError(
            "You stopped before the last question, and nothing was written.",
            "Run it again, or run it with --yes to accept what is sure.",
        )
    if back and line.strip().casefold() == _BACK:
        raise _Back
    return line.strip()
