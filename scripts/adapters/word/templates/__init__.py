"""The Word templates: what they ask, what they show, and documents made of them.

template_files   where they are
template_errors  what is wrong in one of them
form_fields      the fields of a form, read from its content controls
environment      the restricted Jinja of their text
template         a template, compiled once, and documents made of it
picture_places   pictures in a document
template_checks  every template checked with made-up cases, for doctor
"""
