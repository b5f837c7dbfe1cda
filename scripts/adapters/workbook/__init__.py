"""Workbooks: bytes into rows, and bytes back with cells changed.

open_workbook.py     a workbook opened for reading, and the cells of its worksheets
read.py              a whole workbook into rows; a workbook with the changes of a plan
find_sheets.py       which worksheets are the log, the scoping returns and the actions
worksheet.py         one worksheet into rows
column_format.py     the width of a column, and the colours of the statuses
log_rows.py          which rows below the headings belong to the log
append_position.py   where new rows of a log go
new/                 new, empty workbooks
xlsx/                the lossless writer
"""
