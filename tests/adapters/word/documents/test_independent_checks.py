"""Every document, checked by programs that are not ours: openxml-audit and docx-integrity."""

from __future__ import annotations

from pathlib import Path

import docx_integrity
import pytest
from openxml_audit import FileFormat, OpenXmlValidator

from tests.adapters.word.documents.test_documents_made import CASES, every, made, order  # noqa: F401
from tracker_schema.documents.documents import documents

# openxml-audit 0.8 takes the w:type of an entry of the glossary for that of a section. Word writes “bbPlcHdr” there:
# an entry without it is no prompt (ISO/IEC 29500-1, 17.5.2.9).
_TAKEN_FOR_A_SECTION = "Value 'bbPlcHdr' is not in allowed values: ['continuous',"


@every
@pytest.mark.parametrize("kind", CASES)
def test_nothing_is_wrong_with_it(name: str, kind: str, made: dict[tuple[str, str], bytes], tmp_path: Path) -> None:  # noqa: F811
    assert name in documents()
    file = tmp_path / "made.docx"
    file.write_bytes(made[name, kind])
    found = OpenXmlValidator(FileFormat.MICROSOFT_365).validate(file)
    assert [str(error) for error in found.errors if _TAKEN_FOR_A_SECTION not in str(error)] == []
    wrong = (docx_integrity.ERROR, docx_integrity.WARN)
    assert [each for each in docx_integrity.check(file) if each.severity in wrong] == []


def test_a_damaged_document_is_found(made: dict[tuple[str, str], bytes], tmp_path: Path) -> None:  # noqa: F811
    file = tmp_path / "damaged.docx"
    file.write_bytes(made["slt-paper", "ordinary"][:2000])
    assert not OpenXmlValidator(FileFormat.MICROSOFT_365).validate(file).is_valid
