"""What the tracker shows of several incidents: timeliness, recurrent themes, and a pseudonymised extract.

columns        the columns that they read, and the features that incidents may share (evidence.toml)
ages           age bands
quarters       quarters of the calendar year
timeliness     how many notifications of each type were made in each quarter, how many in time, and why not
disclosure     small counts suppressed and all others rounded, for numbers that are passed on
themes         the themes of an incident, and earlier incidents with features in common
learning       what was learned: themes by quarter, their actions, and what followed
extract        a row for each child without names, days or free text
"""
