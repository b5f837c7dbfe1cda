"""What may be wrong with a tracker: one module for each kind of problem.

    check          every check of a sheet, in order
    findings       the problems found so far
    headings       headings that are missing, misspelt or repeated
    cells          cells that cannot be read, are empty, or repeat a reference
    dates          dates in the future, in the wrong order, or outside the calendar
    references     references that the Incidents sheet does not have
    decision       the decision does not agree with the facts, or a deciding fact is missing
    questions      both of these in words, for people to whom the tracker is not open
    steps          steps that are outstanding on a closed incident, or recorded in the wrong column

A rule is a code, the column it is about, and a problem with its remedy. A message never quotes a personal cell. An
error keeps a clock from being worked out on that row, a warning does not, a note is about the sheet and asks nothing.
"""
