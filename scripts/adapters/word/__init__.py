"""Word documents: made from templates that people edit in Word, with answers in fields that can be read back.

names      the names of Word's XML elements
text       text as Word can hold it
package    the parts of a Word file
controls   content controls: what they are, filled in, numbered
templates  the templates, and documents made of them
documents  documents made for an incident, as files
returns    completed forms, read
"""
