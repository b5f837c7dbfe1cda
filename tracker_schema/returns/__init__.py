"""Forms that go out and come back.

scoping_requests.py    which agencies to ask for a scoping return
returned_answers.py    the answers in a completed form, as they were read
returned_forms.py      what a completed form says, and what it lacks
which_form.py          which form it is, about whom, and what in it must be read at once
same_incident.py       whether a form and a row are about the same incident
match_returns.py       the row of each completed form of a run, and what is to be entered there
match_scoping.py       the same for a scoping return
matched_return.py      a form with its row
returns_so_far.py      what has come back and is not a whole return
gathered_returns.py    what the agencies returned about one incident, side by side and as one chronology
rough_dates.py         the day from which an event of a chronology is sorted
entries/               what is entered into the tracker for people: in empty cells, and in new rows
"""
