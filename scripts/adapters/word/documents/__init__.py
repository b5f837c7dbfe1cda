"""Documents made for an incident, from the templates.

making            one document: what goes into it, and its content
orders            which documents are asked for, and their files
file_names        what the files are called
pdf               the same as PDF
document_lists    what was made, and what each document still lacks, for a person and as JSON
scoping_requests  a form and a draft e-mail for each agency
"""
