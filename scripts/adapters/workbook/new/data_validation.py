"""What Excel says when somebody chooses a cell of a new tracker or fills it in: drop-downs, hints, refusals."""

from __future__ import annotations

from collections.abc import Mapping

from openpyxl.utils import get_column_letter
from openpyxl.workbook import Workbook
from openpyxl.worksheet.datavalidation import DataValidation

from tracker_schema.columns.schema import INCIDENTS, Column, Sheet, TrackerSchema

# The sheet and the cells of each drop-down's choices. They stand on a sheet of their own, because a list within the
# rule itself breaks at commas, and “Full CSPR, independent author” has one.
Lists = Mapping[tuple[str, ...], str]


def lists(schema: TrackerSchema) -> Lists:
    """Where the choices of each drop-down stand, by the choices; columns with the same choices share a list."""
    places: dict[tuple[str, ...], str] = {}
    for sheet in schema.sheet:
        for column in sheet.column:
            if column.choices and not column.by_script and column.choices not in places:
                letter = get_column_letter(len(places) + 1)
                places[column.choices] = f"Lists!${letter}$1:${letter}${len(column.choices)}"
    return places


def add_lists(workbook: Workbook, places: Lists) -> None:
    """Nothing; adds the hidden sheet of the choices to `workbook`, a write-only one."""
    page = workbook.create_sheet("Lists")
    page.sheet_state = "hidden"
    for number in range(max(len(choices) for choices in places)):
        page.append([choices[number] if number < len(choices) else None for choices in places])


def rule(column: Column, sheet: Sheet, rows: tuple[int, int], places: Lists) -> DataValidation | None:
    """The rule for `column` of `sheet` on the first to the last of `rows`; None where there is nothing to say."""
    letter = get_column_letter(1 + [other.id for other in sheet.column].index(column.id))
    first, last = rows
    found = _rule(column, sheet, f"${letter}${first}:${letter}${last}", f"{letter}{first}", places)
    if found:
        found.showInputMessage = found.showErrorMessage = found.allow_blank = True
        found.add(f"{letter}{first}:{letter}{last}")
    return found


def _rule(column: Column, sheet: Sheet, cells: str, first_cell: str, places: Lists) -> DataValidation | None:
    if column.by_script:
        return DataValidation(
            promptTitle="Filled in automatically", prompt=f"{column.about} What is typed here is replaced."
        )
    if column.choices:
        return _list(
            column,
            places[column.choices],
            "Please choose from the list",
            f"The list has: {'; '.join(column.choices)}. If none fits, leave the cell empty.",
        )
    if column.type == "date":
        return _date(column)
    if column.id != "reference":
        return None
    if sheet.id == INCIDENTS:
        return DataValidation(
            type="custom",
            formula1=f"COUNTIF({cells},{first_cell})=1",
            prompt=column.about,
            errorTitle="Already used",
            error="Another row has this reference. Each incident needs a reference of its own.",
        )
    # The references stand in the first column of the Incidents sheet, on the same rows as these.
    return _list(
        column,
        f"Incidents!{cells}",
        "No such incident",
        "Please choose a reference that stands on the Incidents sheet.",
    )


def _list(column: Column, source: str, title: str, error: str) -> DataValidation:
    return DataValidation(type="list", formula1=source, prompt=column.about, errorTitle=title, error=error)


def _date(column: Column) -> DataValidation:
    return DataValidation(
        type="date",
        operator="between",
        formula1="DATE(1990,1,1)",
        formula2="DATE(2099,12,31)",
        prompt=f"{column.about} Type the date day first: 05/11/2026.",
        errorTitle="This is not a date",
        error="Please type the date as day, month and year, for example 05/11/2026. "
        "If it is not known, leave the cell empty.",
    )
