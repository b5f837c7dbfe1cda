"""Adopting a council's own workbook.

pages          the worksheets of the workbook
questions      questions to a person at a terminal
trial          the settings, tried by reading the workbook with them
settings_file  the settings in a new file
report         what was found, on a terminal, as a page and as JSON
"""
