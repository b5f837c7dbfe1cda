"""The timeliness report as a Word document."""

from __future__ import annotations

import io
from pathlib import Path

from docxtpl import DocxTemplate

from scripts.adapters.reports import content
from scripts.adapters.reports.content import Report
from scripts.adapters.word.foreign_parts import without_foreign_parts
from scripts.adapters.word.package import packed, unpacked
from scripts.adapters.word.templates.template_files import template_bytes
from tracker_schema.wording import long_date

_TEMPLATE = Path(__file__).resolve().parents[3] / "templates" / "reports" / "timeliness.docx"


def build(report: Report) -> bytes:
    """Return the bytes of the document, which templates/reports/timeliness.docx lays out."""
    parts, _ = without_foreign_parts(unpacked(template_bytes(_TEMPLATE)))
    template = DocxTemplate(io.BytesIO(packed(parts)))
    template.render(_fields(report), autoescape=True)
    properties = template.docx.core_properties
    properties.title, properties.author = f"{content.TITLE}, {report.period}", report.council
    stream = io.BytesIO()
    template.save(stream)
    return stream.getvalue()


def _fields(report: Report) -> dict[str, object]:
    return {
        "marking": report.marking,
        "title": content.TITLE,
        "council": report.council,
        "period": report.period,
        "made_on": long_date(report.as_of),
        "numbers": report.numbers,
        "types": [
            {
                "name": found.kind.name,
                "headline": content.headline(found, published=report.published),
                "limit": found.limit,
                "rows": [list(map(content.in_words, row)) for row in content.rows(found)],
                "reasons": [
                    {"title": title, "rows": [list(map(content.in_words, row)) for row in rows]}
                    for title, rows in content.reason_tables(found)
                ],
            }
            for found in report.types
        ],
        "notes": content.notes(report),
    }
