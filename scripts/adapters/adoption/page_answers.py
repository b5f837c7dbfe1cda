"""The answers of a person in the workbook “Headings of ….xlsx”."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from scripts.adapters.adoption.page_file import (
    CHECKED,
    CHECKED_ROW,
    CLOCKS_ROW,
    CLOSED_ROW,
    CLOSED_WORDS_ROW,
    DEADLINES,
    EMPTY,
    HEADINGS,
    LEAVE,
    NONE,
    NOT_DONE,
    START_ROW,
    TABLE_ROW,
    WORDS,
    columns_for,
    page_rows,
)
from scripts.adapters.workbook.open_workbook import open_workbook
from tracker_schema.adoption.answers import Answers, Closed, lacking
from tracker_schema.columns.dates import parse_date
from tracker_schema.columns.parsing import Unreadable
from tracker_schema.columns.schema import plain
from tracker_schema.errors import UsageError

Rows = Sequence[Sequence[Any]]


@dataclass(frozen=True, eq=False)
class Page:
    """What a person has answered.

    answers: the answers
    is_complete: False if the headings they chose have words that the page did not ask about
    """

    answers: Answers
    is_complete: bool


def take_in(path: Path, answers: Answers) -> Page | None:
    """Return `answers` as the page at `path` corrects them; None when nobody has confirmed the page yet.

    Raises UsageError when the page is about other headings, or an answer in it is not one of the choices.
    """
    workbook = open_workbook(path.read_bytes(), path.name)
    headings, words, deadlines = (_rows(workbook.rows(name)) for name in (HEADINGS, WORDS, DEADLINES))
    if plain(_text(headings, CHECKED_ROW, 7)) != plain(CHECKED):
        return None
    answers = _with_headings(path, answers, headings)
    answers = replace(answers, meanings=answers.proposal.meanings())
    asked, answers = _with_words(answers, words)
    not_kept = _clocks_not_kept(answers, deadlines)
    heading = _text(deadlines, CLOSED_ROW, 4)
    mean_closed = [word.strip() for word in _text(deadlines, CLOSED_WORDS_ROW, 4).split(",") if word.strip()]
    closed = Closed(heading, mean_closed) if heading and mean_closed else None
    answers = replace(answers, start_from=_start_day(path, deadlines), not_kept=not_kept, closed=closed)
    return Page(answers, asked)


def _rows(rows: Rows) -> Rows:
    return [list(row) for row in rows]


def _cell(rows: Rows, row: int, number: int) -> Any:
    return rows[row - 1][number - 1] if row <= len(rows) and number <= len(rows[row - 1]) else ""


def _text(rows: Rows, row: int, number: int) -> str:
    value = _cell(rows, row, number)
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return " ".join(str(value).split())


def _with_headings(path: Path, answers: Answers, rows: Rows) -> Answers:
    said = {tuple(_text(rows, n, c) for c in (1, 2, 3)): _text(rows, n, 7) for n in range(TABLE_ROW + 1, len(rows) + 1)}
    taken: dict[tuple[str, str], str] = {}
    proposal = answers.proposal
    for key, row in page_rows(answers):
        key = (key[0], key[1], " ".join(key[2].split()))
        if key not in said:
            raise UsageError(
                f"{path.name} does not have the heading “{row.heading}” of “{row.sheets}”: it is about other headings.",
                "Delete or rename that file, and run this again to get a new one.",
            )
        answer = said[key]
        columns = {plain(column.heading): column.id for column in columns_for(row)}
        if answer and plain(answer) != plain(NONE) and plain(answer) not in columns:
            raise UsageError(
                f"“{answer}”, beside “{row.heading}” in {path.name}, is not a column.", "Choose one from the list."
            )
        column = columns.get(plain(answer))
        for name, _ in row.places if column else ():
            if column and (other := taken.setdefault((name, column), row.heading)) != row.heading:
                raise UsageError(
                    f"In {path.name} both “{other}” and “{row.heading}” are “{answer}”.",
                    "Choose another for one of them.",
                )
        proposal = proposal.answered(row, column)
    return replace(answers, proposal=proposal)


def _with_words(answers: Answers, rows: Rows) -> tuple[bool, Answers]:
    """Return whether the page asked about every word that is not sure, and the answers with the words of the page."""
    asked = True
    columns = {column.id: column for part in answers.proposal.parts for column in part.sheet.column}
    said = {
        (plain(_text(rows, n, 1)), _text(rows, n, 2)): _text(rows, n, 4) for n in range(TABLE_ROW + 1, len(rows) + 1)
    }
    meanings = []
    for found in answers.meanings:
        column = columns[found.column]
        answer = said.get((plain(column.heading), " ".join(found.word.split())))
        if answer is None:
            asked = asked and found.sure
            meanings.append(found)
        elif not answer or answer == LEAVE:
            meanings.append(replace(found, choice=None, sure=False))
        else:
            choice = "" if answer == EMPTY else next((c for c in column.choices if plain(c) == plain(answer)), None)
            meanings.append(replace(found, choice=choice, sure=choice is not None))
    return asked, replace(answers, meanings=meanings)


def _clocks_not_kept(answers: Answers, rows: Rows) -> list[str]:
    said = {_text(rows, n, 1) for n in range(CLOCKS_ROW + 1, len(rows) + 1) if _text(rows, n, 4) == NOT_DONE}
    return [clock.id for clock, _ in lacking(answers.proposal) if clock.label in said]


def _start_day(path: Path, rows: Rows) -> dt.date | None:
    cell = _cell(rows, START_ROW, 4)
    day = None if cell == "" else day_of(cell)
    if cell != "" and day is None:
        raise UsageError(
            f"The day to start from in {path.name} is not a date.", "Type it day first, such as 05/11/2026."
        )
    return day


def day_of(cell: Any) -> dt.date | None:
    """Return the date in a cell or an answer, None when it is no date."""
    try:
        day, fault = parse_date(cell)
    except Unreadable:
        return None
    return None if fault else day


def still_open(answers: Answers) -> Iterator[tuple[str, list[str]]]:
    """Yield our heading of each required column that no heading surely is, with the headings that it may be."""
    for part in answers.proposal.parts:
        for column in part.sheet.column:
            of_sheet = [match for other in answers.proposal.of(part.sheet.id) for match in other.matches]
            if column.required and not any(match.column == column.id and match.sure for match in of_sheet):
                perhaps = [match.heading for match in of_sheet if column.id in match.suggestions]
                yield column.heading, list(dict.fromkeys(perhaps))
