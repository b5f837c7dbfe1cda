"""The lossless writer of .xlsx and .xlsm workbooks: it replaces the bytes of the cells it is given, and nothing else.

    Package.open(bytes)     a look at what a reader of values does not tell: tables, filters, unresolved formulas
    struck_rows(package)    the rows that are struck through
    patch(bytes, cells)     the workbook's bytes with other values in those cells

From the outside in: `patching` puts a workbook together from the changed parts; `columns`, `new_rows` and `tables`
place new columns and rows, and `following` lets filters, drop-downs and conditional formats reach the rows; `editing`
streams a sheet through `rowedit`; `sheet` and `rows` find rows and cells in its bytes; `cells` and `styles` say how a
value is written; `package` knows the parts, `markup` the XML of the small ones, `archive` the zip file.
"""

from scripts.adapters.workbook.xlsx.addresses import Range
from scripts.adapters.workbook.xlsx.cells import CellValue
from scripts.adapters.workbook.xlsx.columns import NewColumn
from scripts.adapters.workbook.xlsx.new_rows import NewRow
from scripts.adapters.workbook.xlsx.package import Package
from scripts.adapters.workbook.xlsx.patching import patch
from scripts.adapters.workbook.xlsx.struck import struck_rows
from scripts.adapters.workbook.xlsx.tables import Table

__all__ = ["CellValue", "NewColumn", "NewRow", "Package", "Range", "Table", "patch", "struck_rows"]
