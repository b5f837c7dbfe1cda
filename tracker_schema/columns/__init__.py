"""The sheets and columns of the tracker, and how a cell of each is read.

columns.toml    every sheet and column, with its headings, choices and rules
schema          that file as objects
table_schema    the same for other tools
headings        matches the headings of a sheet with the columns
parsing         the cells of a workbook, and their text
dates           the date in a cell
choices         the choice in a cell
column_values   a whole column of cells as values
excel_limits    the limits and the epoch of Excel
privacy         the cells that may be quoted outside the tracker
problems        a problem with the tracker, as data
references      the references of incidents
"""
