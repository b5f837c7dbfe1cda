"""The drop-downs, hints and error messages of Excel in the cells of a new tracker."""

from __future__ import annotations

from collections.abc import Mapping

from openpyxl.utils import get_column_letter
from openpyxl.workbook import Workbook
from openpyxl.worksheet.datavalidation import DataValidation

from tracker_schema.columns.schema import INCIDENTS, Column, Sheet, TrackerSchema

# The cells of each drop-down's choices. They are on a sheet of their own, because a list within the rule itself is
# split at commas, and “Full CSPR, independent author” has one.
Lists = Mapping[tuple[str, ...], str]


def lists(schema: TrackerSchema) -> Lists:
    """Return the cells of each drop-down's choices, by the choices. Columns with the same choices share a list."""
    places: dict[tuple[str, ...], str] = {}
    for sheet in schema.sheet:
        for column in sheet.column:
            if column.choices and not column.by_script and column.choices not in places:
                letter = get_column_letter(len(places) + 1)
                places[column.choices] = f"Lists!${letter}$1:${letter}${len(column.choices)}"
    return places


def add_lists(workbook: Workbook, places: Lists) -> None:
    """Add the hidden sheet of the choices to a write-only workbook."""
    page = workbook.create_sheet("Lists")
    page.sheet_state = "hidden"
    for number in range(max(len(choices) for choices in places)):
        page.append([choices[number] if number < len(choices) else None for choices in places])


def rule(
    column: Column, sheet: Sheet, rows: tuple[int, int], places: Lists, schema: TrackerSchema
) -> DataValidation | None:
    """Return the rule for a column of a sheet, on the first to the last of `rows`; None when it needs none."""
    letter = get_column_letter(1 + sheet.column.index(column))
    first, last = rows
    found = _rule(column, f"${letter}${first}:${letter}${last}", f"{letter}{first}", places)
    found = found or _reference_rule(column, rows, schema.sheets[INCIDENTS])
    if found:
        found.showInputMessage = found.showErrorMessage = found.allow_blank = True
        found.add(f"{letter}{first}:{letter}{last}")
    return found


def _rule(column: Column, cells: str, first_cell: str, places: Lists) -> DataValidation | None:
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
    if column.unique:
        return DataValidation(
            type="custom",
            formula1=f"COUNTIF({cells},{first_cell})=1",
            prompt=column.about,
            errorTitle="Already used",
            error="Another row has this reference. Each incident needs a reference of its own.",
        )
    return None


def _reference_rule(column: Column, rows: tuple[int, int], incidents: Sheet) -> DataValidation | None:
    """Return the drop-down of the incidents' references, for the column of another sheet that has the same id."""
    (reference,) = (other for other in incidents.column if other.unique)
    if column.id != reference.id:
        return None
    letter = get_column_letter(1 + incidents.column.index(reference))
    return _list(
        column,
        f"{incidents.heading}!${letter}${rows[0]}:${letter}${rows[1]}",
        "No such incident",
        f"Please choose a reference that is on the {incidents.heading} sheet.",
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
