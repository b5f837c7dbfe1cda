"""A Head of Service who adds a field in Word has added a field: asked, filled in, missed, read back, and tried.

The Word file is the only definition. A copy of a control, with a tag and a title of its own, is all that it takes.
"""

from __future__ import annotations

import copy
import json
import shutil
from pathlib import Path

import pytest
from docx.oxml.ns import qn
from lxml import etree

from scripts import make_document, read_returns
from scripts.adapters.word.documents.making import Maker
from scripts.adapters.word.templates import form_fields
from scripts.adapters.word.templates.template_checks import check_templates
from scripts.adapters.word.templates.template_files import FOLDER
from tests.builders import MONDAY, rules
from tests.scripts.trackers import cells_of, incident, save_tracker
from tests.word.documents import controls_of, is_prompt, text_in
from tests.word.forms import changed, filled
from tracker_schema.documents.shown import Council

NEW = "critical-incident-form"


def add_field(folder: Path, like: str, tag: str, title: str) -> None:
    """Add a row to the template in `folder` below that of the field `like`, with a copy of its control."""
    template = folder / f"{NEW}.docx"

    def add(root: etree._Element) -> None:
        for control in [each for each in root.iter(qn("w:sdt")) if _value(each, "w:tag") == like]:
            row = next(control.iterancestors(qn("w:tr")))
            new = copy.deepcopy(row)
            for name, value in (("w:tag", tag), ("w:alias", title)):
                about = new.find(f".//{qn('w:sdtPr')}/{qn(name)}")
                assert about is not None
                about.set(qn("w:val"), value)
            row.addnext(new)

    template.write_bytes(changed(template.read_bytes(), add))


def _value(control: etree._Element, name: str) -> str | None:
    found = control.find(f"{qn('w:sdtPr')}/{qn(name)}")
    return None if found is None else found.get(qn("w:val"))


@pytest.fixture
def own_templates(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The council's own copy of the templates, as if it had changed those of the program."""
    folder = tmp_path / "templates"
    shutil.copytree(FOLDER, folder)
    for function in (form_fields.form_of, form_fields.places_of):
        monkeypatch.setattr(function, "__defaults__", (folder,))
    monkeypatch.setattr(Maker.__init__, "__defaults__", (folder,))
    monkeypatch.chdir(tmp_path)
    return folder


def test_a_field_added_in_word_is_asked_filled_in_missed_and_read_back(
    own_templates: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    add_field(own_templates, "team", "school_lead", "Safeguarding lead of the school *")  # none of our columns
    add_field(own_templates, "team", "outcome_of_action", "What came of it")  # a column of the tracker
    log = save_tracker(
        tmp_path / "log.xlsx", [incident("CI-2026-001", outcome_of_action="Made up: it helped", team=None)]
    )
    options = ["--tracker", str(log), "--as-of", "2026-11-23"]

    assert make_document.main([NEW, "CI-2026-001", *options]) == 0
    (form,) = (tmp_path / "documents").iterdir()
    found = controls_of(form)
    assert is_prompt(found["school_lead"])
    assert text_in(found["outcome_of_action"]) == "Made up: it helped"

    log = save_tracker(tmp_path / "log.xlsx", [incident("CI-2026-001", outcome_of_action=None, team=None)])
    returns = tmp_path / "Returns"
    returns.mkdir()
    (returns / "form.docx").write_bytes(filled(form.read_bytes(), {"team": "Team A"}))
    capsys.readouterr()
    assert read_returns.main([str(returns), *options, "--apply", "--json"]) == 0
    (read,) = json.loads(capsys.readouterr().out)["forms"]
    assert "Safeguarding lead of the school" in read["missing"]
    row = next(row for row in cells_of(log) if "CI-2026-001" in row)
    assert {"Team A", "Made up: it helped"} <= set(row)


def test_doctor_tries_the_template_with_the_new_field(own_templates: Path) -> None:
    add_field(own_templates, "team", "school_lead", "Safeguarding lead of the school *")
    (tried,) = [each for each in check_templates(rules(), Council(), MONDAY, own_templates) if each.name == NEW]
    assert (tried.error, tried.missing) == (None, ())
