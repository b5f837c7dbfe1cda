"""Small templates for the tests: a Word document with a few paragraphs, saved and read as a template."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from docx import Document

from scripts.adapters.word.package import Properties
from scripts.adapters.word.templates.form_fields import form_of
from scripts.adapters.word.templates.template import WordTemplate, read_template
from tests.builders import MONDAY, rules
from tests.word.documents import text_of
from tracker_schema.documents.answers import Answers
from tracker_schema.documents.documents import documents
from tracker_schema.documents.sample_incidents import full_incident
from tracker_schema.documents.shown import Council, Fields, fields_of

NOTHING = Answers({}, {})
COUNCIL = Council("Example Council", "the Example Partnership")


def sample_fields(**more: Any) -> Fields:
    """The fields of a made-up case, some of them replaced."""
    fields = fields_of(form_of(documents()["day-4-meeting"]), full_incident(MONDAY), MONDAY, rules(), COUNCIL)
    return Fields("", fields | more)


def template(folder: Path, *paragraphs: str) -> WordTemplate:
    """A template with those paragraphs."""
    document = Document()
    for text in paragraphs:
        document.add_paragraph(text)
    path = folder / "trial.docx"
    document.save(str(path))
    return read_template(path)


def rendered(made: WordTemplate, fields: Mapping[str, Any], answers: Answers = NOTHING) -> bytes:
    """The document that the template makes of the fields."""
    return made.render(fields, answers, Properties("Trial", "", "", dt.date(2026, 11, 23)), {}, protect=False)


def shown(folder: Path, text: str, **fields: Any) -> str:
    """What a paragraph with `text` comes to, with some fields besides those of the sample."""
    return text_of(rendered(template(folder, text), sample_fields(**fields))).strip("\n")
