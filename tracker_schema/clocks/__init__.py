"""The clocks of the process: one entry of clocks.toml for each, and how a row's facts are turned into a result.

clocks.toml    every clock: what starts and stops it, its length, basis, source and owner, when it applies
clocks         Clock and Rules: the clocks as this council runs them
conditions     when a clock applies, read off the facts
results        ClockResult: one clock on one incident or scoping return
undecided      the facts that leave open whether a clock applies
explanation    why a deadline falls on that day, day by day
"""
