"""The timetable of the jobs that repeat, and the passes that run them.

jobs      which jobs there are, with their times and options
runner    one pass: what is due is run once, and again when it failed
"""
