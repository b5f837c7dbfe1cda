"""Make a new tracker workbook with openpyxl, from the schema.

new_workbook     the sheets, their headings and rows
styles           cell styles, widths, colours and the printed page
data_validation  drop-downs, hints and error messages
notes_sheet      the sheet that explains every status and column
"""
