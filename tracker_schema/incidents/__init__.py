"""The incidents of a tracker: one object for each, with its facts, children, clocks, problems, status and stage.

record      what one row (or several rows) of the workbook says, by column id
incident    Incident, Child, ScopingReturn, Action, and the Tracker that holds them
assess      from the rows of a workbook to a Tracker
status      what our own columns say
plan        which cells of the workbook change
stages      where a case stands in the process; stages.toml holds the process
"""
