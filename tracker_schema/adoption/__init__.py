"""Reading a council's own log: which heading is which column, and what its words for the choices mean.

words           the words of a heading or a cell in one spelling (words.toml)
choices         what a council's words for the choices of a column mean
find_log        the row of headings of a worksheet, and the cells below it
heading_names   how similar a heading is to the names of a column
column_profile  the cells below a heading, in kinds and counts (cells.toml)
matches         which heading is which column, or the question about it
parts           a worksheet as a part of the tracker
log_layout      the layout of the log, and the worksheets that belong to it
proposal        the whole workbook: its sheets, its layout and its headings
question        what a question is, and the answers together
questions       the questions, and what a person's answers change
settings        the answers as config.toml
"""
