"""The documents of the process: which there are, what each asks and shows, and what an incident fills in.

documents         the documents, as documents.toml lists them
forms             what a document asks, and what of it the tracker lacks
answers           what the fields of a form hold before anybody fills it in
case_details      whom agencies are to search for, filled in once for a case
shown             what a document can show of an incident, in words
shown_details     the case details in a document
shown_returns     the agencies' returns in a document
clock_words       the state of a clock in words
case_timeline     the clocks of an incident, as a timeline shows them
sample_incidents  two made-up incidents, to try the templates on
"""
