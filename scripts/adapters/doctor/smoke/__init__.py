"""The checklist for a new tenant, tried on a copy of the tracker in SharePoint.

smoke         the checklist: token, another site, paths and links, versions
cells         Excel's service: sessions, cells, durations
rows          a row that it adds to a table
mail          one trial message
trial_copy    the copy, which is removed again
"""
