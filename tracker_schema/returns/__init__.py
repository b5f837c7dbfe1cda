"""Forms that go out and come back.

scoping_requests.py    which agencies to ask for a scoping return
returned_answers.py    the answers in a completed form, as they were read
returned_forms.py      what a completed form says, and what it lacks
same_incident.py       whether a form and a row are about the same incident
match_returns.py       the row of a completed form, and what is to be entered there
entries/               what is entered into the tracker for people: in empty cells, and in new rows
"""
