"""doctor on edited templates: a mistake is named with template, place and field, a lost field with its tag."""

from __future__ import annotations

import io
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from docx.oxml.ns import qn

from scripts import doctor
from scripts.adapters.word.templates import template_checks
from scripts.adapters.word.templates.template_files import FOLDER, template_path
from tests.scripts.trackers import AS_OF, told
from tests.word.documents import opened
from tests.word.foreign import EVERY, MACROS, with_foreign_parts
from tracker_schema.documents.documents import documents


@pytest.fixture
def templates(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the templates, which doctor looks at."""
    for each in FOLDER.iterdir():
        shutil.copy(each, tmp_path / each.name)
    real = template_checks.check_templates
    monkeypatch.setattr(
        template_checks, "check_templates", lambda rules, council, as_of: real(rules, council, as_of, tmp_path)
    )
    return tmp_path


def edit(path: Path, change: Callable[[Any], object]) -> None:
    """Changes a template, as a person does in Word."""
    document = opened(path)
    change(document)
    saved = io.BytesIO()
    document.save(saved)
    path.write_bytes(saved.getvalue())


def examined(capsys: pytest.CaptureFixture[str]) -> list[dict[str, str]]:
    doctor.main(["--as-of", AS_OF.isoformat(), "--json"])
    checks: list[dict[str, str]] = told(capsys.readouterr().out)["checks"]
    return [each for each in checks if each["name"] == "Word templates"]


def test_an_edited_template_is_fine(templates: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = template_path("cspr-referral", templates)
    edit(path, lambda document: document.add_paragraph("Made up: see {{ incident.team }} & the others"))
    (found,) = examined(capsys)
    assert (found["verdict"], found["found"]) == (
        "fine",
        f"All {len(documents())} Word templates can be filled in.",
    )


def test_a_slip_is_named_with_template_place_and_field(templates: Path, capsys: pytest.CaptureFixture[str]) -> None:
    edit(
        template_path("cspr-referral", templates),
        lambda document: document.add_paragraph("The team is {{ incident.taem }}."),
    )

    def in_the_footer(document: Any) -> None:
        document.sections[0].footer.paragraphs[0].add_run(" {{ refrence }}")

    edit(template_path("initial-scoping", templates), in_the_footer)
    template_path("case-timeline", templates).unlink()
    template_path("review-report", templates).write_bytes(b"no Word document")
    found = {each["found"]: each["remedy"] for each in examined(capsys)}
    assert set(found) == {
        "The template cspr-referral.docx has a mistake in the text, near “The team is {{ incident.taem }}.”: there is "
        "no field incident.taem.",
        "The template initial-scoping.docx has a mistake in the footer, near “{{ reference }}: {{ title }} Page 1 of 1 "
        "{{ refrence }}”: there is no field refrence.",
        f"The template {(templates / 'case-timeline.docx').as_posix()} is not there.",
        f"The template {(templates / 'review-report.docx').as_posix()} is no Word document (.docx).",
    }
    remedies = " ".join(found.values())
    assert "Did you mean incident.team? Open " in remedies
    assert "Did you mean reference? Open " in remedies


def test_a_field_that_was_deleted_is_missed_by_its_tag(templates: Path, capsys: pytest.CaptureFixture[str]) -> None:
    def without_risk(document: Any) -> None:
        for control in list(document.element.body.iter(qn("w:sdt"))):
            tag = control.find(f"{qn('w:sdtPr')}/{qn('w:tag')}")
            if tag is not None and tag.get(qn("w:val")) in ("risk", "child_{{ child.number }}_initials"):
                control.getparent().remove(control)

    edit(template_path("critical-incident-form", templates), without_risk)
    (found,) = examined(capsys)
    assert found["verdict"] == "warning"
    assert found["found"] == (
        "The template critical-incident-form.docx has lost 2 fields: initials, risk. The program can no longer fill "
        "it in or read it."
    )


def test_what_documents_are_made_without_is_named(templates: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = template_path("cspr-referral", templates)
    path.write_bytes(with_foreign_parts(path.read_bytes(), macros=True))
    (found,) = examined(capsys)
    assert found["verdict"] == "warning"
    assert found["found"].startswith("The template cspr-referral.docx holds ")
    assert found["found"].endswith(". The documents are made without.")
    assert all(each in found["found"] for each in (*EVERY, MACROS))
