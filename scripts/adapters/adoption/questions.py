"""Questions to a person at a terminal about headings and words that are not sure. Enter accepts the proposal."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace

from scripts.adapters.adoption.trial import percent
from tracker_schema.adoption.choices import Meaning
from tracker_schema.adoption.matching.matches import Match
from tracker_schema.adoption.parts import Part
from tracker_schema.adoption.proposal import Proposal
from tracker_schema.columns.schema import Column, plain
from tracker_schema.errors import UsageError
from tracker_schema.layouts.rows import column_letters
from tracker_schema.wording import counted, nearest, printable

NONE, LIST = "0", "?"
_SIMILAR_ENOUGH = 0.75


def ask_about_headings(proposal: Proposal) -> Proposal:
    """Return the proposal with a person's answers.

    There is a question about each heading that is not sure, and each required column that was not found. Raises
    UsageError when the person stops.
    """
    questions = len(list(proposal.doubtful()))
    if questions:
        _print(
            f"{counted(questions, 'heading')} to check. Press Enter to accept the proposal. {NONE} means none of them, "
            f"{LIST} lists every column."
        )
    for number in range(questions):
        part, match = next(iter(proposal.doubtful()))
        _print(f"\n{number + 1} of {questions}")
        proposal = proposal.answered(part, match, _heading_answer(part, match))
        if not any(True for _ in proposal.doubtful()):
            break
    return _ask_for_required(proposal)


def _heading_answer(part: Part, match: Match) -> str | None:
    """Return the id of the column that the person chooses for the heading; None: none of ours."""
    options = [column for column in (match.column, match.runner_up) if column]
    _print(f"“{match.heading}” in column {column_letters(match.number)} of “{part.name}”: {'; '.join(match.kinds)}")
    for number, option in enumerate(options, 1):
        sure = f" ({percent(match.confidence)} sure)" if option == match.column else ""
        _print(f"  {number}  {part.sheet.columns[option].heading}{sure}: {part.sheet.columns[option].about}")
    _print(f"  {NONE}  none of the tracker's columns")
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
        elif (column := _named(answer, list(_columns_of_people(part)))) is not None:
            return column
        else:
            _print(
                f"“{answer}” is not a column. Type one of the numbers, or a heading of the tracker ({LIST} lists them)."
            )


def _ask_for_required(proposal: Proposal) -> Proposal:
    for part in proposal.parts:
        for column in part.sheet.column:
            if column.required and not any(column.id in other.numbers for other in proposal.of(part.sheet.id)):
                match = _column_for(part, column)
                if match is not None:
                    return _ask_for_required(proposal.answered(part, match, column.id))
    return proposal


def _column_for(part: Part, column: Column) -> Match | None:
    """Return the heading that the person chooses for `column`, which is required; None: there is none."""
    _print(f"\nWhich column of “{part.name}” is “{column.heading}”? {column.about}")
    letters = {column_letters(match.number): match for match in part.matches}
    for letter, match in letters.items():
        if match.column is None:
            _print(f"  {letter:2} {match.heading}: {'; '.join(match.kinds)}")
    while answer := _answer("The letter of the column (press Enter if there is none): "):
        if answer.upper() in letters:
            return letters[answer.upper()]
        _print(f"There is no column {answer}. Type a letter from the list.")
    return None


def ask_about_words(proposal: Proposal, meanings: Sequence[Meaning]) -> list[Meaning]:
    """Return the meanings with a person's answers. Raises UsageError when the person stops."""
    answered = []
    for found in meanings:
        answered.append(found if found.sure else _word_answer(proposal, found))
    return answered


def _word_answer(proposal: Proposal, found: Meaning) -> Meaning:
    part = next(part for part in proposal.parts if found.column in part.numbers)
    column = part.sheet.columns[found.column]
    heading = next(match.heading for match in part.matches if match.column == found.column)
    _print(f"\nWhat does “{found.word}” mean under “{heading}” ({counted(found.rows, 'row')})?")
    for number, choice in enumerate(column.choices, 1):
        _print(f"  {number}  {choice}")
    empty = len(column.choices) + 1
    _print(f"  {empty}  nothing yet: the cell counts as empty")
    _print(f"  {NONE}  leave it; check_tracker then lists each cell")
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
        _print(f"“{answer}” is not one of the numbers.")


def _columns_of_people(part: Part) -> Iterator[Column]:
    return (column for column in part.sheet.column if not column.by_script)


def _named(answer: str, columns: Sequence[Column]) -> str | None:
    """Return the id of the column with that name or a similar one; None when there is none."""
    names = {name: column.id for column in columns for name in (column.id, column.heading)}
    exact = {plain(name): column for name, column in names.items()}
    if plain(answer) in exact:
        return exact[plain(answer)]
    near = nearest(answer, names, likeness=_SIMILAR_ENOUGH)
    return names[near] if near else None


def _list(part: Part) -> None:
    for column in _columns_of_people(part):
        taken = next((match.heading for match in part.matches if match.column == column.id), None)
        _print(f"  {column.heading}" + (f"  (now: “{taken}”)" if taken else ""))


def _print(line: str) -> None:
    # On standard error, because standard output may go to a file.
    print(printable(line) if "\n" not in line else "\n".join(map(printable, line.split("\n"))), file=sys.stderr)


def _answer(question: str) -> str:
    print(question, end="", file=sys.stderr, flush=True)
    line = sys.stdin.readline()
    if not line:
        raise UsageError(
            "You stopped before the last question, and nothing was written.",
            "Run it again, or run it with --yes to accept every proposal.",
        )
    return line.strip()
