"""The timeliness report, in Excel and Word, and the pseudonymised extract.

period         the quarters of a report
content        its sentences and the rows of its tables
excel_report   the workbook, with charts
word_report    the Word document, from templates/reports/timeliness.docx
extract_file   the extract as a CSV file, and the key of its pseudonyms
output         all files of one report, and the report as JSON
"""
