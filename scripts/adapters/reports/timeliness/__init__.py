"""The evidence of timeliness as people get it: `tables` says it in words and rows, `workbook` and `word` put those into
an Excel workbook with charts and a Word document, `extract_file` writes the pseudonymised rows.
"""
