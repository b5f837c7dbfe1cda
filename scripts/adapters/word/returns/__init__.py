"""Completed forms, read into the tracker.

folder            the folder of completed forms
returned_file     a file that came back, opened safely
reading_controls  the answers in its controls
reading_in        the forms entered in the tracker, and put aside
report            what was read, for a person and as JSON
demonstration     completed forms of made-up cases
"""
