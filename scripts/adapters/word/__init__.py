"""Word documents: made from templates that people edit in Word, with answers in fields that can be read back.

names           the names of Word's elements
controls        content controls: made, filled in, numbered
returned_file   a file that came back, opened safely
reading_controls  what its controls say
"""
