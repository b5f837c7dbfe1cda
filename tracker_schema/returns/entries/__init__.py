"""What is entered into the tracker for people: in empty cells of theirs, and in new rows.

entries.py        an entry, where new rows go, and what the plan does with each entry
cell_values.py    a value as it goes into a cell
added_rows.py     the rows that are added
placing.py        the plan: which cells are filled for which entry
"""
