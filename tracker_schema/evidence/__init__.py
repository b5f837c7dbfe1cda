"""The timeliness of notifications, and a pseudonymised extract of the tracker.

columns        the columns that both read (evidence.toml)
quarters       quarters of the calendar year
timeliness     how many notifications of each type were made in each quarter, how many in time, and why not
disclosure     small counts suppressed and all others rounded, for numbers that are passed on
extract        a row for each child without names, days or free text
"""
