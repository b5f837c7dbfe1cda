"""Word documents: made from templates that people edit in Word, with answers in fields that can be read back.

names             the names of Word's elements
text              text as Word can hold it
package           the parts of a Word file
controls          content controls: made, filled in, numbered
environment       the closed Jinja of the templates
slips             what is wrong in a template, in a sentence
template          a template, read once, and documents made of it
picture_places    pictures in a document
page, tables, layout, building    a new template: its look, its tables, its sections, its file
dump              a template as lines of text
field_list        the fields of the templates, for templates/README.md
making, orders    documents made for a case, and which are asked for
file_names, pdf   what their files are called; the same as PDF
document_lists    what was made, what there is and what it lacks, told
trying            every template tried with made-up cases
returned_file     a file that came back, opened safely
reading_controls  what its controls say
"""
