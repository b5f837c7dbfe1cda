"""Asking a person at a terminal about the headings and words that are doubtful. Enter takes what is proposed."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace

from rapidfuzz import process

from scripts.adapters.adoption.settling import percent
from tracker_schema.adoption.choices import Meaning
from tracker_schema.adoption.matching import Match
from tracker_schema.adoption.parts import Part
from tracker_schema.adoption.proposal import Proposal
from tracker_schema.columns.schema import Column, plain
from tracker_schema.errors import UsageError
from tracker_schema.layouts.rows import column_letters
from tracker_schema.wording import counted, printable

NONE, LIST = "0", "?"
_LIKE_ENOUGH = 75


def ask_about_headings(proposal: Proposal) -> Proposal:
    """The proposal as somebody at the terminal has answered.

    They are asked about every heading that is doubtful, and every column that must be there and was not found. Raises
    UsageError when they stop.
    """
    questions = len(list(proposal.doubtful()))
    if questions:
        _say(
            f"{counted(questions, 'heading')} to look at. Enter takes what is proposed, {NONE} means none of them, "
            f"{LIST} lists every column."
        )
    for number in range(questions):
        part, match = next(iter(proposal.doubtful()))
        _say(f"\n{number + 1} of {questions}")
        proposal = proposal.answered(part, match, _heading_answer(part, match))
        if not any(True for _ in proposal.doubtful()):
            break
    return _ask_for_what_must_be_there(proposal)


def _heading_answer(part: Part, match: Match) -> str | None:
    """The column that they say the heading is; None: none of ours."""
    options = [column for column in (match.column, match.runner_up) if column]
    _say(f"“{match.heading}” in column {column_letters(match.number)} of “{part.name}”: {'; '.join(match.kinds)}")
    for number, option in enumerate(options, 1):
        sure = f" ({percent(match.confidence)} sure)" if option == match.column else ""
        _say(f"  {number}  {part.sheet.columns[option].heading}{sure}: {part.sheet.columns[option].about}")
    _say(f"  {NONE}  none of the tracker's columns")
    proposed = "1" if match.column else NONE
    column: str | None
    while True:
        answer = _answer(f"Which is it? [{proposed}] ") or proposed
        if answer == NONE:
            return None
        if answer == LIST:
            _list(part)
        elif answer.isdecimal() and 1 <= int(answer) <= len(options):
            return options[int(answer) - 1]
        elif (column := _named(answer, list(_persons(part)))) is not None:
            return column
        else:
            _say(f"“{answer}” is no column; type one of the numbers, or a heading of the tracker ({LIST} lists them).")


def _ask_for_what_must_be_there(proposal: Proposal) -> Proposal:
    for part in proposal.parts:
        for column in part.sheet.column:
            if column.required and not any(column.id in other.numbers for other in proposal.of(part.sheet.id)):
                match = _column_for(part, column)
                if match is not None:
                    return _ask_for_what_must_be_there(proposal.answered(part, match, column.id))
    return proposal


def _column_for(part: Part, column: Column) -> Match | None:
    """The heading of which they say that it is `column`, which must be there; None: there is none."""
    _say(f"\nWhich column of “{part.name}” is “{column.heading}”? {column.about}")
    letters = {column_letters(match.number): match for match in part.matches}
    for letter, match in letters.items():
        if match.column is None:
            _say(f"  {letter:2} {match.heading}: {'; '.join(match.kinds)}")
    while answer := _answer("The letter of the column (Enter: it is not there): "):
        if answer.upper() in letters:
            return letters[answer.upper()]
        _say(f"There is no column {answer}; type a letter of the list.")
    return None


def ask_about_words(proposal: Proposal, meanings: Sequence[Meaning]) -> list[Meaning]:
    """The meanings as somebody at the terminal has answered. Raises UsageError when they stop."""
    answered = []
    for found in meanings:
        answered.append(found if found.sure else _word_answer(proposal, found))
    return answered


def _word_answer(proposal: Proposal, found: Meaning) -> Meaning:
    part = next(part for part in proposal.parts if found.column in part.numbers)
    column = part.sheet.columns[found.column]
    heading = next(match.heading for match in part.matches if match.column == found.column)
    _say(f"\nWhat does “{found.word}” mean under “{heading}” ({counted(found.rows, 'row')})?")
    for number, choice in enumerate(column.choices, 1):
        _say(f"  {number}  {choice}")
    empty = len(column.choices) + 1
    _say(f"  {empty}  nothing yet: the cell counts as empty")
    _say(f"  {NONE}  leave it; check_tracker will name each cell")
    proposed = NONE
    if found.choice is not None:
        proposed = str(column.choices.index(found.choice) + 1 if found.choice else empty)
    while True:
        answer = _answer(f"Which? [{proposed}] ") or proposed
        if answer == NONE:
            return replace(found, choice=None, sure=False)
        if answer == str(empty):
            return replace(found, choice="", sure=True)
        if answer.isdecimal() and 1 <= int(answer) < empty:
            return replace(found, choice=column.choices[int(answer) - 1], sure=True)
        _say(f"“{answer}” is none of the numbers.")


def _persons(part: Part) -> Iterator[Column]:
    return (column for column in part.sheet.column if not column.by_script)


def _named(answer: str, columns: Sequence[Column]) -> str | None:
    """The column that is called so, or nearly so."""
    names = {name: column.id for column in columns for name in (column.id, column.heading)}
    exact = {plain(name): column for name, column in names.items()}
    if plain(answer) in exact:
        return exact[plain(answer)]
    near = process.extractOne(answer, list(names), score_cutoff=_LIKE_ENOUGH)
    return names[near[0]] if near else None


def _list(part: Part) -> None:
    for column in _persons(part):
        taken = next((match.heading for match in part.matches if match.column == column.id), None)
        _say(f"  {column.heading}" + (f"  (now: “{taken}”)" if taken else ""))


def _say(line: str) -> None:
    # On standard error, for standard output may go to a file.
    print(printable(line) if "\n" not in line else "\n".join(map(printable, line.split("\n"))), file=sys.stderr)


def _answer(question: str) -> str:
    print(question, end="", file=sys.stderr, flush=True)
    line = sys.stdin.readline()
    if not line:
        raise UsageError("Stopped before the last question; nothing was written.")
    return line.strip()
