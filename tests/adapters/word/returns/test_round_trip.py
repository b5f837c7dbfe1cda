"""Every field of every form: filled in as Word writes it, and read back equal."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from scripts.adapters.word.returns.reading_controls import read_controls
from scripts.adapters.word.returns.returned_file import open_returned
from scripts.adapters.word.templates.form_fields import form_of
from tests.word.forms import Value, changed, filled, unfilled, w
from tracker_schema.documents.documents import AGENCY, FORM, REFERENCE, Document, documents
from tracker_schema.documents.forms import Field
from tracker_schema.returns.returned_answers import ReturnedAnswer, ReturnedAnswers
from tracker_schema.wording import long_date

FORMS = [document for document in documents().values() if document.protected]
MORE_ROWS = 12  # than any form has to start with
AWKWARD = "Made up: O’Neil & Söhne <a> “q”\nsecond line\n\n{{ x }} {% y %} =1+1\tאב 😀 " + "long " * 800


def value_for(field: Field) -> Value:
    """An answer that is not what stands in the field already."""
    match field.kind:
        case "checkbox":
            return True
        case "date":
            return dt.date(2026, 2, 28)
        case "choice":
            return field.choices[-1]
        case "multiline":
            return AWKWARD.strip()
    return f"Made up: {field.tag} & <more>"


def equal(answer: ReturnedAnswer, value: Value) -> bool:
    if isinstance(value, bool):
        return answer.ticked is value
    if isinstance(value, dt.date):
        return (answer.text, answer.picked) == (long_date(value), value)
    return answer.text == value


def read(data: bytes, folder: Path) -> ReturnedAnswers:
    (folder / "form.docx").write_bytes(data)
    return read_controls(open_returned(folder / "form.docx"))


@pytest.mark.parametrize("document", FORMS, ids=lambda document: document.name)
def test_what_is_filled_in_is_read_back(document: Document, tmp_path: Path) -> None:
    form = form_of(document)
    blank = unfilled(document.name, "CI-2026-001", "Example Police", children=2)
    values = {
        field.tag_of(child): value_for(field)
        for field in form.fields
        for child in ((1, 2) if field.of_child else (None,))
    }
    rows = {
        group.tag: [{field.tag: value_for(field) for field in group.fields} for _ in range(MORE_ROWS)]
        for group in form.groups
    }
    before = read(blank, tmp_path)
    assert not {answer.tag for answer in before if answer.filled} - _ABOUT
    after = read(filled(blank, values, rows), tmp_path)
    single = {answer.tag: answer for answer in after.single}
    assert single[f"{FORM}{document.name}"].text == document.title
    assert single[REFERENCE].text == "CI-2026-001"
    assert not document.per_agency or single[AGENCY].text == "Example Police"
    assert {tag for tag, value in values.items() if not equal(single[tag], value)} == set()
    assert {section.tag: len(section.rows) for section in after.repeated} == {tag: len(rows[tag]) for tag in rows}
    for section in after.repeated:
        for found, meant in zip(section.rows, rows[section.tag], strict=True):
            assert all(equal(answer, meant[answer.tag]) for answer in found)


_ABOUT = {REFERENCE, AGENCY, *(f"{FORM}{name}" for name in documents())}
BLANK = unfilled("initial-scoping", "CI-2026-001", "Example Police")

# Letters that XML can hold; Word keeps no others. (A carriage return alone is a line's end to any reader of XML.)
text = st.text(st.characters(exclude_categories=("Cs", "Cc"), include_characters="\n\t"), max_size=60)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("round trip")


@given(said=text)
@settings(max_examples=60)
def test_any_text_is_read_back(said: str, folder: Path) -> None:
    data = filled(BLANK, {"learning": said})
    found = next(answer for answer in read(data, folder).single if answer.tag == "learning")
    assert found.text == said.strip()


@given(counts=st.lists(st.integers(0, 12), min_size=1, max_size=3))
@settings(max_examples=20)
def test_rows_added_and_removed_are_read_back(counts: list[int], folder: Path) -> None:
    """A recipient adds rows, sends the form back, and removes some again when asked for more."""
    data = BLANK
    for count in counts:
        if not count:  # Word keeps one row at least
            continue
        rows = [{"chronology_event": f"Made up: {number} of {count}"} for number in range(count)]
        data = filled(data, {}, {"chronology": rows})
    (section,) = [section for section in read(data, folder).repeated if section.tag == "chronology"]
    said = [answer.text for row in section.rows for answer in row if answer.tag == "chronology_event" and answer.filled]
    last = next((count for count in reversed(counts) if count), 0)
    assert said == [f"Made up: {number} of {last}" for number in range(last)]


@pytest.mark.parametrize("mark", ["ins", "moveTo"])
def test_a_whole_form_filled_in_with_changes_tracked(mark: str, folder: Path) -> None:
    """What the recipient types is put in, and the prompt that stood there is deleted text."""

    def track(root: etree._Element) -> None:
        for content in list(root.iter(w("sdtContent"))):
            for word in [child for child in content if child.tag == w("r")]:
                put_in = word.makeelement(w(mark), {w("id"): "1", w("author"): "Made up"})
                gone = word.makeelement(w("del"), {w("id"): "2", w("author"): "Made up"})
                prompt = word.makeelement(w("r"))
                old = prompt.makeelement(w("delText"))
                old.text = "Click and type"
                prompt.append(old)
                gone.append(prompt)
                word.addprevious(gone)
                word.addprevious(put_in)
                put_in.append(word)

    values: dict[str, Value] = {
        "learning": "Made up: one\ntwo",
        "completed_on": dt.date(2026, 11, 20),
        "involved": "No",
    }
    found = {answer.tag: answer for answer in read(changed(filled(BLANK, values), track), folder).single}
    assert all(equal(found[tag], value) for tag, value in values.items())
    assert not found["perspective"].filled
