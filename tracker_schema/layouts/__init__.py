"""The log in any layout, as rows with one for each incident and one for each child.

layouts.py            the layouts and the types of notification, from layouts.toml
choose_sheet.py       which of several worksheets is the log
row_kinds.py          which rows are its entries
rows.py               the rows of a sheet, and the address of each cell
child_references.py   references that end in the number or letter of a child
log_lines.py          the lines of a log: what each says of its incident, child and notification
line_groups.py        which lines are about which incident and child
merge_columns.py      one cell from those of several lines
closed_lines.py       when an incident with several lines is closed
log_remarks.py        what a person should know of it
combined_rows.py      the rows put together from lines
combine_sheets.py     how they are put together
record.py             the facts of one thing, by column id
"""
