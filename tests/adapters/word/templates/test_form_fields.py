"""The fields of a form, read from its content controls: from templates built here, and from those of the process."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from docx import Document as WordDocument
from lxml import etree

from scripts.adapters.word import controls
from scripts.adapters.word.package import main_part, parse, unpacked
from scripts.adapters.word.templates.form_fields import form_of
from scripts.adapters.word.templates.template_errors import TemplateError
from scripts.adapters.word.templates.template_files import FOLDER, template_path
from tests.word.forms import SPACES, control, paragraph, repeated, run
from tracker_schema.documents.documents import boxes, documents
from tracker_schema.documents.forms import Field, Form, Group

BOX = '<w14:checkbox><w14:checked w14:val="0"/></w14:checkbox>'
LIST = '<w:dropDownList><w:listItem w:displayText="Yes" w:value="1"/><w:listItem w:value="No"/></w:dropDownList>'
DECISION = '<w:dropDownList><w:listItem w:displayText="Notify Panel" w:value="Notify Panel"/></w:dropDownList>'
NAME = "critical-incident-form"


def form_with(folder: Path, body: str, name: str = NAME) -> Form:
    """What a template with `body` asks, as if it were that of the document called `name`."""
    document = WordDocument()
    for element in etree.fromstring(f"<w:body {SPACES}>{body}</w:body>"):
        document.element.body.insert(0, element)
    document.save(str(template_path(name, folder)))
    return form_of(documents()[name], folder)


def field(folder: Path, *content: str) -> Field:
    """The only field of a template with one paragraph."""
    (found,) = form_with(folder, paragraph("".join(content))).fields
    return found


def test_a_control_says_all_of_a_field(tmp_path: Path) -> None:
    asked = control("why", run("Your rea") + run("sons"), '<w:text w:multiLine="1"/>', label="Why *", prompt=True)
    assert field(tmp_path, asked) == Field("why", "Why", "multiline", "Your reasons", required=True)
    chosen = control("sure", run("Choose one"), LIST, label="Are you sure?")
    assert field(tmp_path, chosen) == Field("sure", "Are you sure?", "choice", "Choose one", ("Yes", "No"))


def test_the_text_beside_a_box_is_its_label(tmp_path: Path) -> None:
    box = control("told", run("☐"), BOX, label="Told the par…")
    assert field(tmp_path, box, "<w:r><w:tab/></w:r>", run("Told the parents"), run(" or carers")) == Field(
        "told", "Told the parents or carers", "checkbox"
    )
    assert field(tmp_path, control("told", run("☐"), BOX, label="Told")).label == "Told"


def test_a_field_with_the_tag_of_a_column_holds_it(tmp_path: Path) -> None:
    found = field(tmp_path, control("decision", run("Choose one"), DECISION, label="Decision"))
    assert found.column is not None
    assert (found.column.id, found.kind) == ("decision", "choice")
    assert field(tmp_path, control("status", run("x"))).column is None  # which only the program writes


def test_a_date_of_the_tracker_is_a_date_whatever_people_made_of_its_control(tmp_path: Path) -> None:
    assert field(tmp_path, control("aware_date", run("When"))).kind == "date"


def test_a_form_for_an_agency_holds_columns_of_the_scoping_sheet(tmp_path: Path) -> None:
    body = paragraph(control("contact", run("x")) + control("learning", run("x")))
    contact, learning = form_with(tmp_path, body, "initial-scoping").fields
    assert contact.column is not None
    assert learning.column is None


def test_rich_text_is_an_answer_unless_it_is_around_others(tmp_path: Path) -> None:
    inner = control("risk", paragraph(run("The risk")), "", label="Risk")
    (found,) = form_with(tmp_path, control("part", inner, "")).fields
    assert (found.tag, found.kind, found.help) == ("risk", "multiline", "The risk")


def test_a_field_of_each_child_is_known_by_its_tag(tmp_path: Path) -> None:
    found = field(tmp_path, control("child_{{ child.number }}_initials", run("x"), label="Initials"))
    assert (found.tag, found.of_child, found.tag_of(2)) == ("initials", True, "child_2_initials")


def test_rows_that_people_repeat_are_one_group(tmp_path: Path) -> None:
    row = paragraph(control("what", run("The action"), label="Action") + control("by", run("Name"), label="By whom"))
    form = form_with(tmp_path, repeated("actions", row, row))
    fields = (Field("what", "Action", "text", "The action"), Field("by", "By whom", "text", "Name"))
    assert (form.fields, form.groups) == ((), (Group("actions", "actions", fields),))


def test_what_says_whose_form_it_is_and_what_takes_no_answer_are_no_fields(tmp_path: Path) -> None:
    about = [control(tag, run("x")) for tag in (f"form:{NAME}", "reference", "agency", "")]
    picture = control("logo", run("x"), "<w:picture/>")
    around = control("part", paragraph(control("inner", run("x"))), "<w:group/>")
    form = form_with(tmp_path, paragraph("".join([*about, picture])) + around)
    assert [each.tag for each in form.fields] == ["inner"]


@pytest.mark.parametrize(
    "body",
    [
        control("duty_in_area", run("Yes")),
        control("risk", run("☐"), BOX),
        control("why", run("x")) + control("why", run("☐"), BOX),
    ],
)
def test_a_field_of_another_kind_than_it_must_be_is_an_error(body: str, tmp_path: Path) -> None:
    with pytest.raises(TemplateError, match=r"the field “\w+” is of another kind than it must be"):
        form_with(tmp_path, paragraph(body))


# The templates of the process


every = pytest.mark.parametrize("name", documents())


def test_every_document_has_its_template_and_every_template_its_document() -> None:
    assert {path.stem for path in FOLDER.glob("*.docx")} == set(documents())


@every
def test_a_template_asks_for_what_its_document_needs(name: str) -> None:
    document = documents()[name]
    form = form_of(document)
    columns = {each.tag for each in form.fields if each.column}
    assert columns == {*document.columns, *document.later}
    assert set(document.read_at_once) <= {each.tag for each in form.fields if each.kind == "choice"}
    parts = unpacked(template_path(name).read_bytes())
    tags = [controls.tag_of(each) for each in controls.controls(parse(parts[main_part(parts)]))]
    assert {re.sub(r"^child_\{\{.*?\}\}_", "", tag) for tag in tags if tag} >= set(document.needed_tags)


@every
def test_every_answer_has_its_own_tag_and_says_what_it_asks(name: str) -> None:
    form = form_of(documents()[name])
    fields = [*form.fields, *(each for group in form.groups for each in group.fields)]
    tags = [*(each.tag for each in fields), *(group.tag for group in form.groups)]
    assert len(set(tags)) == len(tags)
    for each in fields:
        assert each.label
        assert bool(each.help) == (each.kind != "checkbox")
        assert bool(each.choices) == (each.kind == "choice")
    if documents()[name].returned:
        assert len(tags) > 10


@every
def test_a_title_is_no_longer_than_word_keeps(name: str) -> None:
    parts = unpacked(template_path(name).read_bytes())
    for each in controls.controls(parse(parts[main_part(parts)])):
        assert len(controls.title_of(each)) <= 64, controls.tag_of(each)


@every
def test_a_field_that_holds_a_column_offers_its_choices(name: str) -> None:
    for each in form_of(documents()[name]).fields:
        if each.column and each.column.choices:
            assert each.choices == each.column.choices, each.tag
        if each.column and each.column.type in ("date", "choice"):
            assert each.kind == each.column.type, each.tag


def test_every_box_that_facts_tick_is_in_a_template() -> None:
    ticked = {each.tag for document in documents().values() for each in form_of(document).fields}
    assert set(boxes()) <= ticked
