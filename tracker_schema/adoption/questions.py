"""The questions about a log, and what a person's answers change."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from tracker_schema.adoption.choices import Meaning
from tracker_schema.adoption.log_layout import CLOSED
from tracker_schema.adoption.parts import Part
from tracker_schema.adoption.proposal import HeadingRow, Proposal
from tracker_schema.adoption.question import (
    ADD,
    DEADLINES,
    EMPTY,
    HEADINGS,
    LEAVE,
    NO,
    NONE,
    NOT_DONE,
    OTHERS,
    WORDS,
    YES,
    Answer,
    Answers,
    Question,
    Said,
)
from tracker_schema.clocks.clocks import Clock, default_clocks
from tracker_schema.columns.dates import parse_date
from tracker_schema.columns.parsing import Unreadable
from tracker_schema.columns.schema import INCIDENTS, plain, tracker_schema
from tracker_schema.errors import UsageError
from tracker_schema.layouts.layouts import DATE, notification_types
from tracker_schema.layouts.rows import column_letters
from tracker_schema.wording import counted, nearest

_TELL_IF_CLOSED = frozenset({"status", "closed", "open", "done", "state", "completed", "finished"})
_MEAN_NOT_OPEN = frozenset({"closed", "n", "no", "false", "complete", "completed", "done", "finished"})
_MEAN_CLOSED = frozenset({"closed", "y", "yes", "true", "complete", "completed", "done", "finished"})


def proposed(proposal: Proposal) -> Answers:
    """Return the proposal with all that is proposed besides its headings: words that mean closed, if no date does."""
    return Answers(proposal, proposal.meanings(), *next(_closed(proposal), ("", ())))


def questions(answers: Answers) -> list[Question]:
    """Return every question, those that are not sure first in each table; their answers are those of `answers`."""
    words = sorted(_words(answers), key=lambda question: question.sure)
    return [*_headings(answers), *words, *_sheets(answers), *_others(answers), *_deadlines(answers)]


def answered(answers: Answers, said: Said) -> Answers:
    """Return `answers` with what a person has `said`.

    Raises UsageError when an answer is not one of the choices, or two headings would be the same column.
    """
    for ask in (_sheets, _headings, _words, _others, _deadlines):
        given = [question for question in ask(answers) if question.key in said]
        for question in given:
            answers = question.take(answers, _checked(question, said[question.key]))
        if ask is _headings:
            _refuse_two_for_one(given, said)
            answers = replace(answers, meanings=answers.proposal.meanings())
    return answers


def to_check(answers: Answers) -> str:
    """Return how much there is to check, such as “3 headings and 1 word”; "" for nothing."""
    doubtful = [question.table for question in questions(answers) if not question.sure]
    kinds = [(HEADINGS, "heading"), (WORDS, "word"), (OTHERS, "sheet")]
    return " and ".join(counted(doubtful.count(table), noun) for table, noun in kinds if table in doubtful)


def still_open(proposal: Proposal) -> Iterator[str]:
    """Yield a sentence for each required column that no heading surely is, with the headings that it may be."""
    for sheet in {part.sheet.id: part.sheet for part in proposal.parts}.values():
        of_sheet = [match for part in proposal.of(sheet.id) for match in part.matches]
        for column in sheet.column:
            if column.required and not any(match.column == column.id and match.sure for match in of_sheet):
                perhaps = dict.fromkeys(f"“{match.heading}”" for match in of_sheet if column.id in match.suggestions)
                yield f"No heading is surely “{column.heading}”."
                yield f"It may be {' or '.join(perhaps)}." if perhaps else ""


def lacking(proposal: Proposal) -> Iterator[tuple[Clock, list[str]]]:
    """Yield every clock with our headings that it needs and that no heading of the workbook is."""
    for clock in default_clocks():
        parts = proposal.of(clock.sheet)
        headings = parts[0].sheet.columns if parts else {}
        missing = [headings[column].heading for column in clock.missing_columns(_columns_of(parts))] if parts else []
        yield clock, missing if parts else [f"sheet {tracker_schema().sheets[clock.sheet].heading}"]


def _checked(question: Question, answer: Answer) -> Answer:
    """Return the answer as it is spelt among the choices. Raises UsageError when it is none of them."""
    choices = {plain(choice): choice for choice in question.choices}
    if isinstance(answer, dt.date) or not (answer and choices):
        return answer
    if plain(answer) in choices:
        return choices[plain(answer)]
    near = nearest(answer, question.choices, likeness=0.75)
    raise UsageError(
        f"“{answer}”, beside “{question.cells[question.table.key - 1]}” on the sheet {question.table.name}, is not one "
        "of the choices.",
        f"Did you mean “{near}”?" if near else "Choose one from the list.",
    )


def _refuse_two_for_one(given: Sequence[Question], said: Said) -> None:
    taken: dict[tuple[str, str], str] = {}
    for question in given:
        sheet, heading, answer = question.cells[0], question.cells[2], str(said[question.key])
        if (
            answer
            and plain(answer) != plain(NONE)
            and (other := taken.setdefault((sheet, plain(answer)), heading)) != heading
        ):
            raise UsageError(f"Both “{other}” and “{heading}” are “{answer}”.", "Choose another for one of them.")


def _headings(answers: Answers) -> Iterator[Question]:
    for row in answers.proposal.rows():
        match, columns = row.match, row.part.sheet.columns
        may_be = [columns[column].heading for column in match.suggestions if column in columns]
        elsewhere = dict.fromkeys(f"“{name}”" for name, _ in row.places if name != row.part.name)
        kinds = "; ".join([*match.kinds, *([f"also on {', '.join(elsewhere)}"] if elsewhere else [])])
        cells = [row.part.name, column_letters(match.number), row.heading, kinds, match.why]
        answer = columns[match.column].heading if match.column else NONE
        choices = [NONE, *(column.heading for column in row.part.sheet.column if not column.by_script)]
        cells.append("" if match.sure else "; ".join(may_be))
        yield Question(HEADINGS, cells, answer, choices, partial(_take_heading, row), may_be, match.sure)


def _take_heading(row: HeadingRow, answers: Answers, answer: Answer) -> Answers:
    column = next((c.id for c in row.part.sheet.column if c.heading == answer and not c.by_script), None)
    return replace(answers, proposal=answers.proposal.answered(row, column))


def _words(answers: Answers) -> Iterator[Question]:
    columns = answers.proposal.incident_columns()
    for found in answers.meanings:
        column = columns[found.column]
        answer = LEAVE if found.choice is None else found.choice or EMPTY
        cells, choices = [column.heading, found.word, str(found.rows)], [*column.choices, EMPTY, LEAVE]
        yield Question(WORDS, cells, answer, choices, partial(_take_word, found), choices, found.sure)


def _take_word(found: Meaning, answers: Answers, answer: Answer) -> Answers:
    left = answer in (LEAVE, "")
    meant = replace(found, choice=None if left else "" if answer == EMPTY else str(answer), sure=not left)
    return replace(answers, meanings=[meant if each is found else each for each in answers.meanings])


def _sheets(answers: Answers) -> Iterator[Question]:
    for part in answers.proposal.asked:
        belongs, seen = part.name not in answers.proposal.others, part.candidate.is_visible
        cells = [f"Does the sheet “{part.name}” belong to the log?"]
        cells.append("It has the headings of the log too" + ("." if seen else ", but is hidden."))
        is_sure = not (seen and part.candidate.has_rows)
        yield Question(
            OTHERS, cells, YES if belongs else NO, [YES, NO], partial(_take_sheet, part), [YES, NO], sure=is_sure
        )


def _take_sheet(part: Part, answers: Answers, answer: Answer) -> Answers:
    return replace(answers, proposal=answers.proposal.with_sheet(part, belongs=answer == YES))


def _others(answers: Answers) -> Iterator[Question]:
    """Yield the questions that every log has."""
    logs = [part.log for part in answers.proposal.of(INCIDENTS)]
    headings = list(dict.fromkeys(log.full_heading(number) for log in logs for number in log.headings))

    def ask(
        question: str, more: str, answer: Answer, choices: Sequence[str], take: Callable[[Answer], Any]
    ) -> Question:
        return Question(OTHERS, [question, more], answer, choices, lambda other, said: replace(other, **take(said)))

    yield ask(
        "From which day on do you want to be reminded?",
        "What was due before it and is not recorded as done is history. Empty: everything counts.",
        answers.start_from or "",
        (),
        lambda said: {"start_from": _day(said)},
    )
    yield ask(
        "Which heading says that a case is closed, if it is not a date?",
        "Empty: none does.",
        answers.closed_by,
        headings,
        lambda said: {"closed_by": said},
    )
    yield ask(
        "Which words below it mean closed?",
        "With commas between.",
        ", ".join(answers.closed_words),
        (),
        lambda said: {"closed_words": [word.strip() for word in str(said).split(",") if word.strip()]},
    )
    yield ask(
        "May the words of a status get colours?",
        "Conditional formats in the program’s own columns, which you can change or delete in Excel. The words stay, so "
        "nobody needs to see the colours. Excel’s service (SharePoint, mode “cells”) cannot add them.",
        YES if answers.with_colours else NO,
        [YES, NO],
        lambda said: {"with_colours": said == YES},
    )


def _deadlines(answers: Answers) -> Iterator[Question]:
    for clock, missing in lacking(answers.proposal):
        parts = answers.proposal.of(clock.sheet)
        there = _columns_of(parts)
        blank = [parts[0].sheet.columns[each].heading for each in clock.columns if parts and each not in there]
        how = f"yes; counts as empty: {'; '.join(blank)}" if blank else "yes"
        if missing:
            named = " and ".join(f"“{each}”" for each in missing)
            how = f"no: your log has {f'no column for {named}' if parts else f'no {missing[0]}'}"
        answer = NOT_DONE if clock.id in answers.not_kept else ""
        choices = [ADD, NOT_DONE] if missing else []
        yield Question(DEADLINES, [clock.label, how], answer, choices, partial(_take_deadline, clock))


def _take_deadline(clock: Clock, answers: Answers, answer: Answer) -> Answers:
    not_kept = answers.not_kept - {clock.id} | ({clock.id} if answer == NOT_DONE else set())
    return replace(answers, not_kept=not_kept)


def _columns_of(parts: Sequence[Part]) -> set[str]:
    """Return the ids of the columns on the parts, with those as which the dates of notifications are read."""
    columns = {column for part in parts for column in part.numbers}
    if DATE in columns:
        of_parts = [type_ for type_ in notification_types() for part in parts if type_.id == part.key]
        columns |= {type_.date for type_ in of_parts or notification_types()}
    return columns


def _day(answer: Answer) -> dt.date | None:
    """Return the date that a person has answered, None for no answer. Raises UsageError when it is not a date."""
    try:
        day, fault = parse_date(answer)
    except Unreadable:
        day, fault = None, None
    if answer and (fault or not day):
        raise UsageError(f"“{answer}”, as the day to start from, is not a date.", "Type it as 05/11/2026.")
    return day


def _closed(proposal: Proposal) -> Iterator[tuple[str, list[str]]]:
    """Yield each heading below which words may mean that a case is closed, with these words; none if a date does."""
    if any(m.column == CLOSED and p.log.cells[m.number].share_of_days for p in proposal.parts for m in p.matches):
        return
    for part in proposal.of(INCIDENTS):
        taken = {match.number for match in part.matches if match.column and (match.column != CLOSED or match.sure)}
        for number in part.log.headings.keys() - taken - part.written_numbers():
            heading = part.log.full_heading(number)
            words = set(re.findall(r"[a-z]+", heading.casefold()))
            # “Open?” is answered the other way round.
            known = _MEAN_CLOSED if not words & {"open"} or words & {"closed"} else _MEAN_NOT_OPEN
            # “Yes 12/11” says Yes.
            first = (re.match(r"[A-Za-z]+", text) for text in part.log.cells[number].texts)
            mean_closed = dict.fromkeys(word[0] for word in first if word and plain(word[0]) in known)
            if mean_closed and words & _TELL_IF_CLOSED and number in part.log.in_row:
                yield heading, list(mean_closed)
