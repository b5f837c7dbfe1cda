"""Questions to a person at a terminal, one by one: Enter accepts the proposal, “b” goes back to the last question."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TypeVar

from scripts.adapters.adoption.page_answers import day_of, still_open
from scripts.adapters.adoption.page_file import columns_for
from tracker_schema.adoption.answers import Answers, lacking
from tracker_schema.adoption.choices import Meaning
from tracker_schema.adoption.proposal import HeadingRow, Proposal
from tracker_schema.columns.schema import Column, plain
from tracker_schema.errors import UsageError
from tracker_schema.layouts.rows import column_letters
from tracker_schema.wording import counted, nearest, printable

NONE, LIST, BACK, IN_EXCEL = "0", "?", "b", "e"
_SIMILAR_ENOUGH = 0.75


Item = TypeVar("Item")
Said = TypeVar("Said")


class _Back(Exception):
    """The person wants the last question again."""


def wants_page(what: str) -> bool:
    """Return True when the person would rather answer in Excel; `what` says how much there is to answer."""
    _print(f"{what} to check. Press Enter to answer here, or type {IN_EXCEL} to correct a page in Excel.")
    return _answer("Here? ", back=False).casefold() == IN_EXCEL


def ask(answers: Answers) -> Answers:
    """Return `answers` with those of a person. Raises UsageError when the person stops."""
    _print(f"Press Enter to accept what is in [ ]. {NONE}: none of them; {LIST}: every column; {BACK}: back.")
    proposal = answers.proposal
    rows = [row for row in proposal.rows() if not row.match.sure]
    titles = [f"\n{number} of {len(rows)}" for number in range(1, len(rows) + 1)]
    for row, column in zip(rows, _each(rows, _heading_answer, titles), strict=True):
        proposal = proposal.answered(row, column)
    proposal = _anything_wrong(_ask_for_required(proposal))
    answers = replace(answers, proposal=proposal, meanings=proposal.meanings())
    unsure = [found for found in answers.meanings if not found.sure]
    said = dict(zip(unsure, _each(unsure, lambda found: _word_answer(proposal, found)), strict=True))
    answers = replace(answers, meanings=[said.get(found, found) for found in answers.meanings])
    return _other_questions(answers)


def _each(items: Sequence[Item], ask: Callable[[Item], Said], titles: Sequence[str] = ()) -> list[Said]:
    """Return what `ask` returns for each of the items; on the way, a person can go back."""
    said: list[Said] = []
    while len(said) < len(items):
        try:
            if titles:
                _print(titles[len(said)])
            said.append(ask(items[len(said)]))
        except _Back:
            del said[-1:]
    return said


def _heading_answer(row: HeadingRow) -> str | None:
    """Return the id of the column that the person chooses for the heading; None: none of ours."""
    match, columns = row.match, row.part.sheet.columns
    options = [column for column in match.suggestions if column in columns]
    _print(f"“{row.heading}” in column {column_letters(match.number)} of “{row.sheets}”: {'; '.join(match.kinds)}")
    if match.why:
        _print(f"  Asked because: {match.why}")
    for number, option in enumerate(options, 1):
        _print(f"  {number}  {columns[option].heading}: {columns[option].about}")
    _print(f"  {NONE}  none of them")
    proposed = str(options.index(match.column) + 1) if match.column in options else NONE
    while True:
        answer = _answer(f"Which is it? [{proposed}] ") or proposed
        if answer == NONE:
            return None
        if answer == LIST:
            for column in columns_for(row):
                _print(f"  {column.heading}")
        elif answer.isdecimal() and 1 <= int(answer) <= len(options):
            return options[int(answer) - 1]
        elif (chosen := _named(answer, columns_for(row))) is not None:
            return chosen
        else:
            _print(f"“{answer}” is not a column. Type one of the numbers, or a heading of the tracker ({LIST}).")


def _ask_for_required(proposal: Proposal) -> Proposal:
    """Ask for each required column that no heading is yet."""
    for heading, perhaps in still_open(Answers(proposal, ())):
        rows = [row for row in proposal.rows() if row.heading in perhaps or not row.match.column]
        rows = [row for row in rows if any(column.heading == heading for column in columns_for(row))]
        rows.sort(key=lambda row: row.heading not in perhaps)
        _print(f"\nWhich of your headings is “{heading}”?")
        for number, row in enumerate(rows, 1):
            _print(f"  {number}  {row.heading}: {'; '.join(row.match.kinds)}")
        number = _number(f"Type a number ({NONE} if there is none): ", len(rows))
        if number:
            row = rows[number - 1]
            column = next(column.id for column in columns_for(row) if column.heading == heading)
            proposal = proposal.answered(row, column)
    return proposal


def _anything_wrong(proposal: Proposal) -> Proposal:
    """Show every heading with its column, and ask for each that is wrong, until none is."""
    while True:
        rows = sorted(proposal.rows(), key=lambda row: row.places)
        _print("")
        for number, row in enumerate(rows, 1):
            column = row.match.column if row.match.sure else None
            _print(f"  {number:2}  {row.heading}  =  {row.part.sheet.columns[column].heading if column else '-'}")
        number = _number("Is anything wrong? Type the number of its line, or press Enter if all is right: ", len(rows))
        if not number:
            return proposal
        try:
            proposal = proposal.answered(rows[number - 1], _heading_answer(rows[number - 1]))
        except _Back:
            continue


def _number(question: str, most: int) -> int:
    """Return a number from 1 to `most`, 0 for none."""
    while answer := _answer(question, back=False):
        if answer.isdecimal() and int(answer) <= most:
            return int(answer)
        _print(f"“{answer}” is not one of the numbers.")
    return 0


def _word_answer(proposal: Proposal, found: Meaning) -> Meaning:
    part = next(part for part in proposal.parts if found.column in part.numbers)
    column = part.sheet.columns[found.column]
    heading = next(match.heading for match in part.matches if match.column == found.column)
    _print(f"\nWhat does “{found.word}” mean under “{heading}” ({counted(found.rows, 'row')})?")
    empty = len(column.choices) + 1
    for number, choice in enumerate((*column.choices, "nothing yet: the cell counts as empty"), 1):
        _print(f"  {number}  {choice}")
    _print(f"  {NONE}  leave it; check_tracker then lists each cell")
    proposed = NONE
    if found.choice is not None:
        proposed = str(column.choices.index(found.choice) + 1 if found.choice else empty)
    while True:
        answer = _answer(f"Which? [{proposed}] ") or proposed
        if answer == NONE:
            return replace(found, choice=None, sure=False)
        if answer.isdecimal() and 1 <= int(answer) <= empty:
            return replace(found, choice=("", *column.choices)[int(answer) % empty], sure=True)
        _print(f"“{answer}” is not one of the numbers.")


def _other_questions(answers: Answers) -> Answers:
    """Ask which clocks are not kept, whether words say that a case is closed, and for the day to start from."""
    missing = [(clock, headings) for clock, headings in lacking(answers.proposal) if headings]
    if missing:
        _print("\nYour log has no column for these deadlines, so nobody is reminded of them:")
        for number, (clock, headings) in enumerate(missing, 1):
            _print(f"  {number:2}  {clock.label} (it needs {' and '.join(f'“{each}”' for each in headings)})")
        said = _answer("Which of them do you not do? Numbers with commas between, or Enter: ", back=False)
        numbers = {int(each) for each in said.replace(",", " ").split() if each.isdecimal()}
        kept_out = [clock.id for number, (clock, _) in enumerate(missing, 1) if number in numbers]
        answers = replace(answers, not_kept=kept_out)
    if answers.closed:
        words = " or ".join(f"“{word}”" for word in answers.closed.words)
        said = _answer(f"Is a case closed if “{answers.closed.heading}” says {words}? [yes] ", back=False)
        answers = answers if said.casefold() in ("", "y", "yes") else replace(answers, closed=None)
    while said := _answer("From which day on do you want to be reminded (Enter: of everything)? ", back=False):
        if day := day_of(said):
            return replace(answers, start_from=day)
        _print(f"“{said}” is not a date. Type it day first, such as 05/11/2026.")
    return answers


def _named(answer: str, columns: Sequence[Column]) -> str | None:
    """Return the id of the column with that name or a similar one; None when there is none."""
    names = {name: column.id for column in columns for name in (column.id, column.heading)}
    exact = {plain(name): column for name, column in names.items()}
    if plain(answer) in exact:
        return exact[plain(answer)]
    near = nearest(answer, names, likeness=_SIMILAR_ENOUGH)
    return names[near] if near else None


def _print(line: str) -> None:
    # On standard error, because standard output may go to a file.
    print("\n".join(map(printable, line.split("\n"))), file=sys.stderr)


def _answer(question: str, *, back: bool = True) -> str:
    print(question, end="", file=sys.stderr, flush=True)
    line = sys.stdin.readline()
    if not line:
        raise UsageError(
            "You stopped before the last question, and nothing was written.",
            "Run it again, or run it with --yes to accept what is sure.",
        )
    if back and line.strip().casefold() == BACK:
        raise _Back
    return line.strip()
