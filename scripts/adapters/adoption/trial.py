"""The settings of a proposal, tried: the workbook is read with them, and must be read as proposed."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase

from scripts.adapters.workbook.open_workbook import OpenWorkbook, open_workbook
from scripts.adapters.workbook.read import Names, read_tracker
from scripts.adapters.workbook.worksheet import read_page
from tracker_schema.adoption.answers import Answers
from tracker_schema.adoption.choices import Meaning
from tracker_schema.adoption.parts import Part
from tracker_schema.adoption.proposal import Proposal, full_heading
from tracker_schema.adoption.settings import Line, Settings
from tracker_schema.columns.headings import HeadingSearch
from tracker_schema.columns.schema import INCIDENTS, Column, plain, tracker_schema
from tracker_schema.layouts.layouts import Layout, with_layout
from tracker_schema.layouts.rows import WorkbookRows, column_letters
from tracker_schema.wording import counted

_YEAR = re.compile(r"20\d\d(?:\s*[-–]\s*\d\d(?:\d\d)?)?")

Headings = Mapping[str, Mapping[str, str]]
"""By sheet id and column id, the heading of a column; "" for a column that the log does not have."""


@dataclass(frozen=True, eq=False)
class Adopted:
    """A workbook that can be read.

    answers: its sheets, headings and words, with the answers to the questions
    settings: the settings for it
    tracker: the workbook as it is read with these settings
    conflicts: sentences about headings for which one setting cannot serve two worksheets
    """

    answers: Answers
    settings: Settings
    tracker: WorkbookRows
    conflicts: Sequence[str]


def try_settings(data: bytes, file_name: str, answers: Answers) -> Adopted:
    """Return the settings of `answers`, and the workbook in `data` as it is read with them.

    Headings that are not sure become comments. Raises TrackerUnusable when no heading is surely a required column.
    """
    proposal, meanings = answers.proposal, answers.meanings
    workbook = open_workbook(data, file_name)

    def found_with(headings: Headings) -> list[dict[str, int]]:
        return [_found(workbook, part, headings) for part in proposal.parts]

    headings = _headings(proposal)
    found = found_with(headings)
    for part, numbers in zip(proposal.parts, found, strict=True):
        for column in sorted(numbers.keys() - headings[part.sheet.id].keys()):
            headings[part.sheet.id][column] = ""
    found = found_with(headings)
    needed = {sheet: dict(_needed(proposal, sheet, columns)) for sheet, columns in headings.items()}
    if found_with(needed) != found:
        needed = headings
    columns = {sheet: list(_lines(proposal, sheet, headings[sheet], needed[sheet])) for sheet in headings}
    sheets = [Line(key, names[0] if len(names) == 1 else names) for key, names in _sheets(proposal).items()]
    choices = {column: list(_words(meanings, column)) for column in dict.fromkeys(m.column for m in meanings)}
    words: dict[str, dict[str, str]] = {}
    for sure in _sure(meanings):
        words.setdefault(sure.column, {})[sure.word] = sure.choice or ""
    closed = answers.closed
    closed_lines = [Line("column", closed.heading), Line("words", closed.words)] if closed else []
    settings = Settings(proposal.kind, sheets, columns, choices, closed_lines)
    layout = Layout(proposal.kind)
    if closed:
        layout = replace(layout, closed_column=closed.heading, closed_words=tuple(closed.words))
    tracker = read_tracker(data, file_name, Names(_sheets(proposal), needed, words, layout))
    return Adopted(answers, settings, tracker, list(_conflicts(proposal, headings, found)))


def _found(workbook: OpenWorkbook, part: Part, headings: Headings) -> dict[str, int]:
    """Return the column number of each column that people fill in and the reader finds, by its id."""
    configured = headings.get(part.sheet.id, {})
    sheet = part.sheet
    if sheet.id == INCIDENTS:
        sheet = with_layout(tracker_schema().sheets[INCIDENTS], Layout(part.kind), configured)
    read = read_page(sheet, workbook, part.name, configured, HeadingSearch(partial=True))
    return {column: number for column, number in read.numbers.items() if not sheet.columns[column].by_script}


def _conflicts(proposal: Proposal, headings: Headings, found: Sequence[Mapping[str, int]]) -> Iterator[str]:
    """Yield two sentences for each heading that is not read, because another worksheet has a different one."""
    for part, numbers in zip(proposal.parts, found, strict=True):
        for match in part.matches:
            if match.column and match.column in headings[part.sheet.id] and numbers.get(match.column) != match.number:
                yield (
                    f"{part.name}!{column_letters(match.number)}{part.log.row}: “{match.heading}” is not read as "
                    f"“{part.sheet.columns[match.column].heading}”, because the heading on another sheet is “"
                    f"{headings[part.sheet.id][match.column]}”. Use the same heading on both sheets."
                )


def _sure(meanings: Sequence[Meaning]) -> Iterator[Meaning]:
    return (found for found in meanings if found.sure and found.choice is not None)


def _sheets(proposal: Proposal) -> dict[str, list[str]]:
    """Return the worksheets by the name of their setting, those of several years as a pattern."""
    sheets: dict[str, list[str]] = {}
    for part in proposal.parts:
        sheets.setdefault(part.key, []).append(part.name)
    names = [*proposal.others, *(part.name for part in proposal.parts)]
    return {key: _of_any_year(of_key, names) for key, of_key in sheets.items()}


def _of_any_year(names: Sequence[str], all_names: Sequence[str]) -> list[str]:
    """Return `names`, or a pattern for them if they differ only in the year and no other sheet fits it."""
    patterns = {_YEAR.sub("20*", name) for name in names}
    pattern = next(iter(patterns))
    others = (name for name in all_names if name not in names)
    if len(names) > 1 and len(patterns) == 1 and not any(_fits(name, pattern) for name in others):
        return [pattern]
    return list(names)


def _fits(name: str, pattern: str) -> bool:
    return fnmatchcase(name.casefold().strip(), pattern.casefold())


def _headings(proposal: Proposal) -> dict[str, dict[str, str]]:
    """Return the heading of every sure column; a script column gets another name if people use its own."""
    headings: dict[str, dict[str, str]] = {}
    for part in proposal.parts:
        of_sheet = headings.setdefault(part.sheet.id, {})
        for match in part.matches:
            if match.column and match.sure:
                of_sheet.setdefault(match.column, full_heading(part, match))
        for column, theirs in part.theirs.items():
            of_sheet[column] = _another_name(part.sheet.columns[column], theirs)
    return headings


def _another_name(column: Column, theirs: str) -> str:
    names = (column.heading, *column.aliases, f"{column.heading} (worked out)")
    return next(name for name in names if plain(name) != plain(theirs))


def _needed(proposal: Proposal, sheet_id: str, columns: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Yield the headings that the reader does not find without a setting."""
    schema = proposal.of(sheet_id)[0].sheet
    for column_id, heading in columns.items():
        column = schema.columns[column_id]
        if (
            not heading
            or column.by_script
            or plain(heading) not in {plain(n) for n in (column.heading, *column.aliases)}
        ):
            yield column_id, heading


def _lines(proposal: Proposal, sheet_id: str, headings: Mapping[str, str], needed: Mapping[str, str]) -> Iterator[Line]:
    """Yield the lines of [columns.…], in the order of the columns of the schema."""
    parts = proposal.of(sheet_id)
    matches = {match.column: (part, match) for part in reversed(parts) for match in part.matches if match.column}
    for column in parts[0].sheet.column:
        if column.id in headings:
            heading = headings[column.id]
            match = matches.get(column.id)
            if not heading and match:
                yield Line(column.id, False, "set", f"check this: perhaps “{full_heading(*match)}”")
            elif not heading:
                yield Line(column.id, False, "set", "a similar heading exists, but is a different column")
            elif column.by_script:
                yield Line(column.id, heading, "set", "your own column of that name stays as it is")
            else:
                yield Line(column.id, heading, "set" if column.id in needed else "known")
        elif column.id in matches:
            part, doubtful = matches[column.id]
            kinds = "; ".join(doubtful.kinds)
            yield Line(column.id, full_heading(part, doubtful), "open", f"check this: {doubtful.why or kinds}")
        elif column.required:
            yield Line(column.id, "…", "open", "required: type your heading here, and delete the # on the left")


def _words(meanings: Sequence[Meaning], column: str) -> Iterator[Line]:
    """Yield the lines of one [choices.…]."""
    for found in meanings:
        if found.column == column:
            rows = counted(found.rows, "row")
            if found.sure and found.choice is not None:
                yield Line(found.word, found.choice)
            else:
                yield Line(found.word, found.choice or "…", "open", f"{rows}; which choice is meant?")
