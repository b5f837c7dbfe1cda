"""The lossless writer of .xlsx and .xlsm workbooks: it replaces the bytes of the cells it is given, and nothing else.

    Package.open(bytes)     a workbook to look into: tables, filters, errors, formulas without a result
    patch(bytes, cells)     the workbook's bytes with other values in those cells
    with_sheets(bytes, s)   the workbook's bytes with new worksheets at its end

From the bottom up:

    archive, markup     the zip file; the XML of its small parts
    addresses           cells and ranges
    sheet_reader, rows  a sheet's XML in blocks of rows; its rows and cells
    scan, formulas      what a reader of values does not see in a sheet
    tables              the parts that define tables
    number_formats      which number formats show a date
    styles              the part that defines cell formats
    package             the parts of a workbook together
    range_ends          formulas, names and charts that end with the last row of a log
    edit/               the changes to one sheet
    patching            the changes to a whole workbook
"""

from scripts.adapters.workbook.xlsx.addresses import Range
from scripts.adapters.workbook.xlsx.edit.cells import CellValue
from scripts.adapters.workbook.xlsx.edit.new_columns import ColumnFormat, NewColumn
from scripts.adapters.workbook.xlsx.edit.new_sheets import NewSheet
from scripts.adapters.workbook.xlsx.edit.sheet_edits import NewRow
from scripts.adapters.workbook.xlsx.edit.status_colours import ColouredColumn, Colours
from scripts.adapters.workbook.xlsx.package import Package
from scripts.adapters.workbook.xlsx.patching import patch, with_sheets
from scripts.adapters.workbook.xlsx.tables import Table

__all__ = [
    "CellValue",
    "ColouredColumn",
    "Colours",
    "ColumnFormat",
    "NewColumn",
    "NewRow",
    "NewSheet",
    "Package",
    "Range",
    "Table",
    "patch",
    "with_sheets",
]
