"""The timeliness report, in Excel and Word, the pseudonymised extract, and the report on themes.

period         the quarters of a report
content        its sentences and the rows of its tables
pages          the pages of a workbook
excel_report   the workbook, with charts
word_report    the Word document, from templates/reports/timeliness.docx
extract_file   the extract as a CSV file, and the key of its pseudonyms
themes_report  the themes of the learning as a workbook
chronology     the merged chronology of an incident as a workbook
output         all files of one report, and the report as JSON
"""
