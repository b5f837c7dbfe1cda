"""The tracker of one installation: loaded, checked, and filled in for people.

load              from the settings to the tracker as on one day
checking          the check, which writes our own columns
read_plan_write   reads, plans and writes, again when somebody saves the file in between
entering          people's entries put into cells that are empty, and new rows
open_incidents    the references of the open incidents
demo              a tracker of made-up cases, with its settings
"""
