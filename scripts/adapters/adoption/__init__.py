"""Adopting a council's own workbook.

pages          the worksheets of the workbook
page_file      the workbook in which a person corrects what was found
page_answers   the answers in that workbook
questions      the same questions at a terminal
trial          the settings, tried by reading the workbook with them
settings_file  the settings in a new file
report         what was found, on a terminal and as JSON
"""
