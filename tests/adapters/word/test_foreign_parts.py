"""Attached templates, macros, objects and parts of other files: named, left out of documents, never opened in forms."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest

from scripts.adapters.word.foreign_parts import without_foreign_parts
from scripts.adapters.word.package import packed, unpacked
from scripts.adapters.word.returns.returned_file import open_returned
from scripts.adapters.word.templates.template import WordTemplate
from scripts.adapters.word.templates.template_files import FOLDER
from scripts.adapters.workbook.xlsx import archive
from tests.word.documents import text_of
from tests.word.foreign import EVERY, MACROS, with_foreign_parts
from tests.word.returned import scoped
from tracker_schema.errors import TrackerUnusable
from tracker_schema.returns.returned_answers import ReturnRefused

TEMPLATES = sorted(FOLDER.glob("*.docx"))


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.stem)
def test_a_document_gets_none_of_it(path: Path) -> None:
    sound = path.read_bytes()
    hostile = with_foreign_parts(sound, macros=True)
    parts, left_out = without_foreign_parts(unpacked(hostile))
    assert set(left_out) == {*EVERY, MACROS}
    everything = b"".join(parts.values())
    for trace in (
        b"evil.example",
        b"other.docx",
        b"afchunk",
        b"oleObject1",
        b"vbaProject.bin",
        b"macroEnabled",
        b'"x3"',
    ):
        assert trace not in everything, trace
    assert not {"word/vbaProject.bin", "word/afchunk.html", "word/embeddings/oleObject1.bin"} & set(parts)
    assert b"https://www.example.gov.uk/" in everything  # a link that somebody clicks on stays
    assert text_of(packed(parts)).split() == text_of(sound).split()
    assert without_foreign_parts(unpacked(sound)) == (unpacked(sound), ())
    assert set(WordTemplate(path, hostile).left_out) == {*EVERY, MACROS}


def test_a_returned_form_names_it_and_opens_none_of_it(tmp_path: Path) -> None:
    path = tmp_path / "form.docx"
    path.write_bytes(with_foreign_parts(scoped()))
    assert set(open_returned(path).foreign) == set(EVERY)
    path.write_bytes(scoped())
    assert open_returned(path).foreign == ()
    path.write_bytes(with_foreign_parts(scoped(), macros=True))
    with pytest.raises(ReturnRefused, match="It holds macros, so it was not opened"):
        open_returned(path)


def test_a_template_that_unpacks_to_far_more_is_not_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    stream = io.BytesIO(TEMPLATES[0].read_bytes())
    with zipfile.ZipFile(stream, "a", zipfile.ZIP_DEFLATED) as bomb:
        bomb.writestr("word/media/bomb.png", bytes(1_000_000))
    monkeypatch.setattr(archive, "RATIO_CHECKED_FROM", 500_000)
    with pytest.raises(
        TrackerUnusable, match=r"The part word/media/bomb\.png unpacks to far more than a real one would"
    ):
        unpacked(stream.getvalue())
