from __future__ import annotations

import datetime as dt
import io

import openpyxl

from scripts.adapters.workbook.new.new_workbook import build
from tests.servers.graph.excel.books import read_book
from tests.servers.graph.excel.entering import enter
from tracker_schema.calendar.working_days import england_and_wales
from tracker_schema.made_up import cases

FIRST_DAY = dt.datetime(1899, 12, 30)
TODAY = dt.date(2026, 11, 23)


def test_a_book_is_read_as_openpyxl_reads_it() -> None:
    data = build(cases(TODAY, england_and_wales()))
    values = openpyxl.load_workbook(io.BytesIO(data), data_only=True)
    formulas = openpyxl.load_workbook(io.BytesIO(data))
    for name, page in read_book(data).pages.items():
        for row, cells in enumerate(values[name].iter_rows(values_only=True), 1):
            for column, value in enumerate(cells, 1):
                found = page.at(row, column)
                expected = (value - FIRST_DAY) / dt.timedelta(days=1) if isinstance(value, dt.datetime) else value
                assert (found.value or None) == (expected or None), (name, row, column)
                formula = formulas[name].cell(row, column).value
                assert found.formula == (formula if isinstance(formula, str) and formula.startswith("=") else "")
        assert [table.name for table in page.tables] == list(values[name].tables)


def test_a_workbook_that_counts_days_from_1904() -> None:
    workbook = openpyxl.Workbook()
    workbook.epoch = dt.datetime(1904, 1, 1)
    workbook.worksheets[0]["A1"].number_format = "dd/mm/yyyy"
    saved = io.BytesIO()
    workbook.save(saved)
    entered = enter(saved.getvalue(), "Sheet", {(1, 1): 44887, (1, 2): "23/11/2026"}, TODAY, {})
    page = read_book(entered).pages["Sheet"]
    assert (page.at(1, 1).value, page.at(1, 2).value) == (44887, 44887)
    assert openpyxl.load_workbook(io.BytesIO(entered)).worksheets[0]["A1"].value == dt.datetime(2026, 11, 23)


def test_cells_that_excel_writes_in_other_ways() -> None:
    workbook = openpyxl.Workbook()
    sheet = workbook.worksheets[0]
    sheet.append(["#REF!", True, "=1/0", 0.25, 1e300])
    saved = io.BytesIO()
    workbook.save(saved)
    page = read_book(saved.getvalue()).pages["Sheet"]
    assert [page.at(1, column).value for column in range(1, 6)] == ["#REF!", True, "", 0.25, 1e300]
    assert page.at(1, 3).formula == "=1/0"
