"""Headings that are missing, misspelt or repeated, and a filter that does not reach our columns."""

from __future__ import annotations

import difflib
from collections.abc import Mapping

from tracker_schema.checks.findings import Findings
from tracker_schema.clocks.clocks import Rules
from tracker_schema.columns.problems import Problem
from tracker_schema.columns.schema import ACTIONS, INCIDENTS, Column, plain
from tracker_schema.layouts.rows import SheetRows, column_letters

MISSING_HEADING = "missing-heading"


def check_headings(findings: Findings, rules: Rules) -> None:
    """Note what is wrong with the headings of a sheet, on every worksheet that it consists of."""
    sheet = findings.sheet
    missing = [
        column
        for column in sheet.sheet.column
        if not (column.by_script or column.id in sheet.numbers or column.id in findings.gone)
        and (not column.optional or is_needed(column, sheet, rules))
    ]
    names = {plain(name): column for column in missing for name in (column.heading, *column.aliases)}
    for page in sheet.pages:
        _check_page(findings, page, names)
    if sheet.sheet.id == INCIDENTS and "closed" not in sheet.numbers:
        _check_closed_is_said(findings)
    for column in missing:
        findings.note(
            Problem(
                MISSING_HEADING,
                "note",
                sheet.address_of_headings(),
                f"There is no heading “{column.heading}”. {_consequence(column, sheet, rules)}",
                column=column.id,
                heading=column.heading,
                needed=is_needed(column, sheet, rules),
            )
        )


def _check_closed_is_said(findings: Findings) -> None:
    """Note the headings that may say that a case is closed, when no column is known to."""
    pages = findings.sheet.pages
    if any(page.says_closed or page.is_closed for page in pages):
        return
    for page in pages:
        for number, heading in page.unknown.items():
            if any(word in plain(heading) for word in ("closed", "closure", "status")):
                text = " ".join(heading.split())
                findings.note(
                    Problem(
                        "closed-not-said",
                        "warning",
                        _cell_of_heading(page, number),
                        f"No column says that a case is closed, so each case counts as open. “{text}” may say it.",
                        f'If it does, write in config.toml under [closed]: column = "{text}", and words = ["Closed"] '
                        "with the words that mean it.",
                        heading=text,
                    )
                )


def _check_page(findings: Findings, page: SheetRows, names: Mapping[str, Column]) -> None:
    """Note what is wrong with the headings of one worksheet; `names` are those of the columns that are missing."""
    for number, heading in page.unknown.items():
        near = difflib.get_close_matches(plain(heading), names, 1, cutoff=0.8)
        if near:
            column = names[near[0]]
            findings.note(
                Problem(
                    "similar-heading",
                    "warning",
                    _cell_of_heading(page, number),
                    f"“{' '.join(heading.split())}” is not a heading that this program knows.",
                    f"If it means “{column.heading}”, correct it, or name it in config.toml as "
                    f"columns.{page.sheet.id}.{column.id}.",
                    column=column.id,
                    heading=" ".join(heading.split()),
                )
            )
    for number, column_id in page.repeated.items():
        findings.note(
            Problem(
                "repeated-heading",
                "warning",
                _cell_of_heading(page, number),
                f"There are two headings “{page.heading(column_id)}”, and only the first is read.",
                "Rename this one.",
                column=column_id,
                heading=page.heading(column_id),
            )
        )
    ours = [column.id for column in page.sheet.written_by_script()]
    last = max((page.numbers.get(column, page.next_column) for column in ours), default=0)
    if 0 < page.filtered_to < last:
        findings.note(
            Problem(
                "filter-stops-short",
                "warning",
                _cell_of_heading(page, page.filtered_to),
                "The filter ends here, before the status columns, so sorting leaves them behind.",
                "In Excel, switch it off and on again (Data, Filter) with a heading of the status columns selected.",
            )
        )


def _cell_of_heading(page: SheetRows, number: int) -> str:
    return f"{page.name}!{column_letters(number)}{page.heading_row}"


def is_needed(column: Column, sheet: SheetRows, rules: Rules) -> bool:
    """Return whether a clock, or the follow-up of actions, is worked out from a column that the sheet does not have."""
    if sheet.sheet.id == ACTIONS and column.id in ("due", "done"):
        return True
    return any(column.id in clock.columns for clock in rules.clocks_of(sheet.sheet.id))


def _consequence(column: Column, sheet: SheetRows, rules: Rules) -> str:
    """Return, as a sentence, what it means for the clocks that the sheet does not have `column`."""
    if sheet.sheet.id == ACTIONS and column.id in ("due", "done"):
        return "Without it the actions are not followed up."
    clocks = [clock for clock in rules.clocks_of(sheet.sheet.id) if column.id in clock.columns]
    if stopped := [clock.label for clock in clocks if column.id in clock.missing_columns(sheet.numbers)]:
        return f"Without it this is not worked out: {'; '.join(stopped)}."
    if clocks:
        return f"It counts as empty for: {'; '.join(clock.label for clock in clocks)}."
    return "No clock needs it."
