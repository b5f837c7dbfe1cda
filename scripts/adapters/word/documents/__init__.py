"""Documents made for an incident, from the templates.

making            one document: what goes into it, and its content
orders            which documents are asked for, and their files
case_details      the case details, from the form in the folder of the documents or of the case
file_names        what the files are called
pdf               the same as PDF
document_lists    what was made, and what each document still lacks, for a person and as JSON
scoping_requests  a form and a draft e-mail for each agency
"""
