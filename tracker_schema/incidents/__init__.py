"""The incidents of a tracker: one object for each, with its facts, children, clocks, problems, status and stage.

incident    Incident, ScopingReturn, Action, and the Tracker that holds them
assess      from the rows of a workbook to a Tracker
status      what our own columns are to say
own_columns  which columns under our headings are somebody else's
plan        the cells of our columns whose value is to change
stages      where a case is in the process; stages.toml holds the process
criteria    what the facts come to for the Panel
reviews     the rapid reviews, and the local and national reviews
memory      what one run remembers of the log, and a change since then
guard       what was there at the last run and is gone or changed
"""
