"""The templates as files: the same each time, with a text that shows what they hold, and never over somebody's work."""

from __future__ import annotations

import hashlib
import json
import shutil
from pathlib import Path

import pytest

from scripts import build_templates
from scripts.adapters.word.templates import building
from scripts.adapters.word.templates.dump import dumped
from scripts.adapters.word.templates.template_errors import TemplateSlip
from tracker_schema.documents.documents import documents


@pytest.mark.parametrize("name", documents())
def test_the_template_is_what_its_contents_say_and_its_text_what_it_says(name: str) -> None:
    path = building.template_path(name)
    data = path.read_bytes()
    recorded = json.loads((building.FOLDER / building.HASHES).read_text("utf-8"))[name]
    if hashlib.sha256(data).hexdigest() == recorded:
        assert building.build(documents()[name]) == data, "run python -m scripts.build_templates"
    assert path.with_suffix(".txt").read_text("utf-8") == dumped(data), "run python -m scripts.build_templates"


def test_an_edited_template_is_left_alone_and_its_text_brought_up_to_date(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for each in building.FOLDER.iterdir():
        shutil.copy(each, tmp_path / each.name)
    edited = building.template_path("cspr-referral", tmp_path)
    edited.write_bytes(building.template_path("initial-scoping").read_bytes())  # whatever it holds now
    missing = building.template_path("case-timeline", tmp_path)
    missing.unlink()
    assert build_templates.main(["--out", str(tmp_path), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert set(told) == set(documents())
    assert {name: outcome for name, outcome in told.items() if outcome != "unchanged"} == {
        "cspr-referral": "edited",
        "case-timeline": "made",
    }
    assert edited.read_bytes() == building.template_path("initial-scoping").read_bytes()
    assert "form:initial-scoping" in edited.with_suffix(".txt").read_text("utf-8")
    assert missing.read_bytes() == building.template_path("case-timeline").read_bytes()


def test_a_file_that_is_no_template_is_told_and_left(tmp_path: Path) -> None:
    for each in building.FOLDER.iterdir():
        shutil.copy(each, tmp_path / each.name)
    spoilt = building.template_path("case-timeline", tmp_path)
    spoilt.write_bytes(b"nothing of Word's")
    with pytest.raises(TemplateSlip, match=r"case-timeline\.docx is no Word document.*delete it and run"):
        build_templates.main(["--out", str(tmp_path)])
    assert spoilt.read_bytes() == b"nothing of Word's"
