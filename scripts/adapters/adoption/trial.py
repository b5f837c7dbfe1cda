"""The answers, tried: the workbook is read with their settings, and must be read as proposed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from scripts.adapters.workbook.open_workbook import OpenWorkbook, open_workbook
from scripts.adapters.workbook.read import Names, read_tracker
from scripts.adapters.workbook.worksheet import read_page
from tracker_schema.adoption.find_log import Page
from tracker_schema.adoption.parts import Part
from tracker_schema.adoption.question import Answers
from tracker_schema.adoption.settings import Headings, headings_of, sheet_names
from tracker_schema.columns.headings import HeadingSearch
from tracker_schema.columns.schema import INCIDENTS, Column, plain, tracker_schema
from tracker_schema.incidents.own_columns import columns_left_alone
from tracker_schema.layouts.layouts import Layout, with_layout
from tracker_schema.layouts.rows import WorkbookRows, column_letters


@dataclass(frozen=True, eq=False)
class Adopted:
    """A workbook that can be read.

    answers: its sheets, headings and words, with the answers to the questions
    headings: the headings for the settings
    tracker: the workbook as it is read with them
    remarks: what a person should know, in sentences
    """

    answers: Answers
    headings: Headings
    tracker: WorkbookRows
    remarks: Sequence[str]


def read_pages(data: bytes, file_name: str) -> list[Page]:
    """Return every worksheet of the workbook in `data`, hidden ones too.

    Raises TrackerUnusable when it is not a readable workbook.
    """
    workbook = open_workbook(data, file_name)
    names, date_1904 = workbook.package.sheet_names, workbook.package.date_1904
    return [Page(name, workbook.rows(name), name not in workbook.visible, date_1904) for name in names]


def try_settings(data: bytes, file_name: str, answers: Answers) -> Adopted:
    """Return the headings for the settings of `answers`, and the workbook in `data` as it is read with them.

    Raises TrackerUnusable when no heading is surely a required column.
    """
    proposal, workbook = answers.proposal, open_workbook(data, file_name)
    headings = headings_of(proposal)
    for part in proposal.parts:
        of_sheet = headings[part.sheet.id]
        of_sheet |= dict.fromkeys(_found(workbook, part, of_sheet).keys() - of_sheet.keys(), "")
    words: dict[str, dict[str, str]] = {}
    for meant in answers.meanings:
        if meant.sure and meant.choice is not None:
            words.setdefault(meant.column, {})[meant.word] = meant.choice
    closed_words = tuple(answers.closed_words)
    layout = Layout(proposal.kind, closed_column=answers.closed_by if closed_words else "", closed_words=closed_words)
    names = Names(sheet_names(proposal), headings, words, layout)
    tracker = read_tracker(data, file_name, names)
    remarks = [remark.message for remark in proposal.remarks()]
    while theirs := list(_theirs(tracker, headings)):
        for sheet, column, heading in theirs:
            headings[sheet][column.id] = _another_name(column, heading)
            remarks.append(f"“{heading}” is your own column and stays; ours is called “{headings[sheet][column.id]}”.")
        tracker = read_tracker(data, file_name, names)
    remarks += [conflict for part in proposal.parts for conflict in _conflicts(workbook, part, headings)]
    return Adopted(answers, headings, tracker, list(dict.fromkeys(remarks)))


def _found(workbook: OpenWorkbook, part: Part, configured: Mapping[str, str]) -> dict[str, int]:
    """Return the column number of each column that people fill in and the reader finds, by its id."""
    sheet = part.sheet
    if sheet.id == INCIDENTS:
        sheet = with_layout(tracker_schema().sheets[INCIDENTS], Layout(part.kind), configured)
    read = read_page(sheet, workbook, part.name, configured, HeadingSearch(partial=True))
    return {column: number for column, number in read.numbers.items() if not sheet.columns[column].by_script}


def _theirs(tracker: WorkbookRows, headings: Headings) -> Iterator[tuple[str, Column, str]]:
    """Yield each column of somebody else's under a heading of ours: the sheet's id, our column and the heading."""
    for sheet_id in headings:
        for page, problem in columns_left_alone(tracker, sheet_id):
            yield sheet_id, page.sheet.columns[str(problem.column)], problem.heading


def _another_name(column: Column, theirs: str) -> str:
    names = (column.heading, *column.aliases, f"{column.heading} (worked out)")
    return next(name for name in names if plain(name) != plain(theirs))


def _conflicts(workbook: OpenWorkbook, part: Part, headings: Headings) -> Iterator[str]:
    """Yield two sentences for each heading that is not read, because another worksheet has a different one."""
    of_sheet = headings[part.sheet.id]
    found = _found(workbook, part, of_sheet)
    for match in part.matches:
        if match.column and match.column in of_sheet and found.get(match.column) != match.number:
            yield (
                f"{part.name}!{column_letters(match.number)}{part.log.row}: “{match.heading}” is not read as "
                f"“{part.sheet.columns[match.column].heading}”, because the heading on another sheet is "
                f"“{of_sheet[match.column]}”. Use the same heading on both sheets."
            )
