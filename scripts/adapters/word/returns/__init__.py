"""Completed forms, from a folder into the tracker.

returned_file.py      a Word file that may be anything, opened safely
reading_controls.py   the answers in its content controls
lost_tags.py          a form whose fields have lost their tags, or the marks of their prompts
folder.py             the folder with the forms, and the one for those that are done
reading_in.py         the whole job: open, match, enter, move
in_case_folders.py    the forms that come back into the folder of the cases
results.py            what becomes of each file
recording.py          what agencies still owe, recorded for the reminders
processed_forms.py    the returns about one incident among the forms that are done
report.py             what was done, as tables and as JSON
demonstration.py      completed forms for the demonstration
"""
