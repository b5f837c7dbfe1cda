"""The changes to one worksheet.

sheet_edits     the values to write, and the cells that must stay free or as they are
new_columns     where new columns go, and whether a table grows
column_formats  how new columns are formatted
column_widths   the widths of new columns
new_sheets      new worksheets
new_rows        where new rows go, and the row they are formatted like
style_editor    new cell formats
cells           a value as the bytes of a cell
row_editor      the new bytes of one row
sheet_editor    the new bytes of the sheet
status_colours  colours for the words in a column
extend_ranges   filters, drop-downs and conditional formats extended to new rows
calculation     Excel recalculates; its list of formulas
"""
