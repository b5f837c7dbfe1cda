"""Completed forms in a folder, read into the tracker and put aside.

folder          the files there, what they may be called in public, and the folder for those that are done
reading_in      each form settled and entered
report          what came of it, for a person and as JSON
demonstration   completed forms of made-up cases
"""
