"""The sheets and columns of the tracker, and how a cell of each is read.

columns.toml    every sheet and column, with its headings, choices and rules
schema          that file as objects
headings        matches the headings of a sheet with the columns
parsing         reads the text of a cell as a date, a choice or a number
excel_limits    the limits and the epoch of Excel
privacy         the columns that are never shown outside the tracker
references      the references of incidents
"""
