"""Adopting a council's own workbook.

page           the workbook in which a person answers the questions
terminal       the same questions at a terminal
trial          the answers, tried by reading the workbook with their settings
settings_file  the settings in a new file
report         what was found, on a terminal and as JSON
"""
