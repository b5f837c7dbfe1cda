"""The changes to one worksheet.

sheet_edits    the values to write, and the cells that must stay free or as they are
new_columns    where new columns go, and whether a table grows
new_rows       where new rows go, and the row they are formatted like
cells          a value as the bytes of a cell
row_editor     the new bytes of one row
sheet_editor   the new bytes of the sheet
extend_ranges  filters, drop-downs and conditional formats extended to new rows
calculation    Excel recalculates; its list of formulas
"""
