"""Templates as people leave them in Word, and the documents made of them."""

from __future__ import annotations

import re
import struct
import zipfile
from io import BytesIO
from pathlib import Path

import pytest
from docx import Document
from docx.oxml.ns import qn
from docx.shared import Cm
from lxml import etree

from scripts.adapters.word import controls
from scripts.adapters.word.package import Properties, protected
from scripts.adapters.word.templates.picture_places import Picture
from scripts.adapters.word.templates.template import read_template
from scripts.adapters.word.templates.template_errors import TemplateError
from scripts.adapters.word.templates.template_files import FOLDER
from tests.adapters.word.templates.templates import NOTHING, rendered, sample_fields, template
from tests.builders import MONDAY
from tests.word.documents import controls_of, is_prompt, opened, text_in, text_of
from tests.word.forms import SPACES, control, run
from tracker_schema.documents.answers import Answers


def test_a_field_that_word_cut_into_pieces_is_one(tmp_path: Path) -> None:
    document = Document()
    paragraph = document.add_paragraph("See {")
    for piece in ("{ incid", "ent.", "risk", " }", "} & more"):
        paragraph.add_run(piece).bold = True
    document.save(str(tmp_path / "cut.docx"))
    said = text_of(rendered(read_template(tmp_path / "cut.docx"), sample_fields()))
    assert "See Made up: Specific risk & more" in said


def test_paragraphs_and_rows_are_repeated_and_left_out(tmp_path: Path) -> None:
    document = Document()
    for text in ("{%p for child in children %}", "Child {{ child.number }}", "{%p endfor %}", "{%p if not actions %}",
                 "No action", "{%p endif %}"):  # fmt: skip
        document.add_paragraph(text)
    table = document.add_table(3, 1)
    rows = ("{%tr for each in actions %}", "{{ each.owner }}", "{%tr endfor %}")
    for row, text in zip(table.rows, rows, strict=True):
        row.cells[0].text = text
    document.save(str(tmp_path / "rows.docx"))
    made = opened(rendered(read_template(tmp_path / "rows.docx"), sample_fields()))
    assert [paragraph.text for paragraph in made.paragraphs] == ["Child 1", "Child 2"]
    assert [row.cells[0].text for row in made.tables[0].rows] == ["Made up: Owner"]


def test_a_loop_that_crosses_a_table_is_an_error(tmp_path: Path) -> None:
    document = Document()
    document.add_paragraph("{% for child in children %}")
    document.add_table(1, 1).rows[0].cells[0].text = "{% endfor %}"
    document.save(str(tmp_path / "crossed.docx"))
    with pytest.raises(TemplateError, match="a condition or a loop ends in another table or list than it begins in"):
        rendered(read_template(tmp_path / "crossed.docx"), sample_fields())


def test_header_and_footer_are_filled_in_and_their_mistakes_named(tmp_path: Path) -> None:
    document = Document()
    document.sections[0].header.paragraphs[0].text = "{{ marking }}"
    document.sections[0].footer.paragraphs[0].text = "{{ council }}"
    path = tmp_path / "head.docx"
    document.save(str(path))
    assert text_of(rendered(read_template(path), sample_fields())).splitlines() == [
        "OFFICIAL-SENSITIVE",
        "Example Council",
    ]
    document.sections[0].header.paragraphs[0].text = "{{ markings }}"
    document.save(str(path))
    with pytest.raises(TemplateError, match=r"in the header, near “{{ markings }}”: there is no field markings\. Did"):
        rendered(read_template(path), sample_fields())


@pytest.mark.parametrize("damage", ["nothing", "text", "cut", "no main part", "no rels", "bad XML", "folder"])
def test_a_file_that_is_no_template_is_an_error(damage: str, tmp_path: Path) -> None:
    path = tmp_path / "trial.docx"
    template(tmp_path, "text")
    data = path.read_bytes()
    if damage == "nothing":
        path.unlink()
    elif damage == "text":
        path.write_bytes(b"This is not a Word document")
    elif damage == "cut":
        path.write_bytes(data[: len(data) // 2])
    elif damage == "folder":
        path.unlink()
        path.mkdir()
    else:
        with zipfile.ZipFile(BytesIO(data)) as old, zipfile.ZipFile(path, "w") as new:
            for part in old.namelist():
                if (damage, part) not in (("no main part", "word/document.xml"), ("no rels", "_rels/.rels")):
                    new.writestr(part, b"<w:x" if (damage, part) == ("bad XML", "_rels/.rels") else old.read(part))
    with pytest.raises(TemplateError, match=r"trial\.docx .*Put back the template that came with this program"):
        read_template(path)


def test_a_template_is_read_once_until_it_changes(tmp_path: Path) -> None:
    first = template(tmp_path, "one")
    assert read_template(tmp_path / "trial.docx") is first
    assert template(tmp_path, "two") is not first


# Answers


RISK = control("risk", run("What may happen"), '<w:text w:multiLine="1"/>', label="Risk", prompt=True)
WHEN = control("when", run("Choose the date"), "<w:date/>", label="When", prompt=True)
BOX = control("box", run("☐"), '<w14:checkbox><w14:checked w14:val="0"/></w14:checkbox>', label="Box")


def form(path: Path, *fields: str) -> Path:
    """A Word file whose paragraphs hold those controls, which are also left out of it again."""
    document = Document()
    for field in fields:
        document.add_paragraph()._p.append(etree.fromstring(field.replace("<w:sdt>", f"<w:sdt {SPACES}>", 1)))
    document.save(str(path))
    return path


def test_answers_are_filled_in_by_tag_and_the_others_stay_prompts(tmp_path: Path) -> None:
    made = rendered(
        read_template(form(tmp_path / "form.docx", RISK, WHEN, BOX)),
        {},
        Answers({"risk": "one & <two>\n{{ three }}", "box": True, "other": "x"}, {"when": "Not recorded. Choose"}),
    )
    found = controls_of(made)
    assert (text_in(found["risk"]), is_prompt(found["risk"])) == ("one & <two>\n{{ three }}", False)
    assert (text_in(found["when"]), is_prompt(found["when"])) == ("Not recorded. Choose", True)
    assert text_in(found["box"]) == "☒"


def test_a_prompt_that_was_formatted_in_word_is_replaced_whole(tmp_path: Path) -> None:
    for content in (run("What") + run(" bold") + run(" and more"), ""):
        field = control("risk", content, prompt=True)
        made = rendered(read_template(form(tmp_path / "form.docx", field)), {}, Answers({"risk": "x"}, {}))
        assert text_in(controls_of(made)["risk"]) == "x"


# The file


def test_the_same_case_makes_the_same_bytes(tmp_path: Path) -> None:
    made = template(tmp_path, "{{ reference }}")
    assert rendered(made, sample_fields()) == rendered(made, sample_fields())


def test_protection_stands_in_its_place_and_once() -> None:
    names = f'xmlns:w="{qn("w:x")[1:].partition("}")[0]}"'
    settings = (
        f'<w:settings {names}><w:zoom w:percent="100"/><w:trackRevisions/>'
        '<w:documentProtection w:edit="readOnly"/><w:defaultTabStop w:val="720"/></w:settings>'
    )
    root = etree.fromstring(protected(protected(settings.encode())))
    assert [etree.QName(each).localname for each in root] == [
        *("zoom", "trackRevisions", "documentProtection", "defaultTabStop")
    ]
    assert root[2].get(qn("w:edit")) == "forms"
    bare = etree.fromstring(protected(f"<w:settings {names}/>".encode()))
    assert [etree.QName(each).localname for each in bare] == ["documentProtection"]


# Pictures


def test_pictures_take_their_places(tmp_path: Path) -> None:
    document, kept = Document(), _png(17, 8)
    for name in ("flowchart", "timeline", "none", "kept"):
        shape = document.add_paragraph().add_run().add_picture(BytesIO(kept), width=Cm(17))
        shape._inline.docPr.set("name", name)
    path = tmp_path / "pictures.docx"
    document.save(str(path))
    wide, tall = _png(200, 100), _png(100, 400)
    made = read_template(path).render(
        {}, NOTHING, Properties("", "", "", MONDAY),
        {"flowchart": [Picture(wide, "A flowchart")], "timeline": [Picture(tall, "Page 1"), Picture(wide, "Page 2")],
         "none": []},
        protect=False,
    )  # fmt: skip
    shapes = opened(made).inline_shapes
    about = [shape._inline.docPr for shape in shapes]
    assert [each.get("descr") for each in about[:3]] == ["A flowchart", "Page 1", "Page 2"]
    assert [each.get("name") for each in about] == ["flowchart", "timeline", "timeline", "kept"]
    assert [each.get("id") for each in about] == ["1", "2", "3", "4"]
    assert [round(shape.width / shape.height, 2) for shape in list(shapes)[:3]] == [2, 0.25, 2]
    assert max(shape.height for shape in shapes) <= Cm(21)
    blobs = [
        opened(made).part.related_parts[shape._inline.graphic.graphicData.pic.blipFill.blip.embed].blob
        for shape in shapes
    ]
    assert blobs == [wide, tall, wide, kept]


def _png(across: int, down: int) -> bytes:
    """The head and the end of a picture, which is all that is read."""
    return b"\x89PNG\r\n\x1a\n" + struct.pack(">I4sII9xI4s4x", 13, b"IHDR", across, down, 0, b"IEND")


# In the order of Word's schema

_ORDER = ["rPr", "alias", "tag", "id", "lock", "placeholder", "temporary", "showingPlcHdr", "dataBinding", "kind"]


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.docx")), ids=lambda path: path.stem)
def test_the_parts_of_a_control_stand_in_the_order_of_the_schema(path: Path) -> None:
    with zipfile.ZipFile(path) as archive:
        body = etree.fromstring(archive.read("word/document.xml"))
    controls.number([body])
    numbers = []
    for found in controls.controls(body):
        names = [etree.QName(each).localname for each in controls.properties(found)]
        places = [_ORDER.index(name if name in _ORDER else "kind") for name in names]
        assert places == sorted(places), names
        numbers += [each.get(qn("w:val")) for each in controls.properties(found) if each.tag == qn("w:id")]
    assert len(set(numbers)) == len(numbers) == len(list(controls.controls(body)))
    ignorable = body.get("{http://schemas.openxmlformats.org/markup-compatibility/2006}Ignorable", "")
    assert set(ignorable.split()) <= set(body.nsmap)


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.docx")), ids=lambda path: path.stem)
def test_a_template_is_made_as_it_should_look(path: Path) -> None:
    document = opened(path)
    (section,) = document.sections
    assert sorted((round(section.page_width.cm, 1), round(section.page_height.cm, 1))) == [21.0, 29.7]
    assert document.styles["Normal"].font.name == "Arial"
    assert 'w:lang w:val="en-GB"' in document.styles.element.xml
    level = 0
    for paragraph in document.paragraphs:
        if paragraph.style.name.startswith("Heading"):
            before, level = level, int(paragraph.style.name.removeprefix("Heading"))
            assert level <= before + 1, f"“{paragraph.text}” jumps over a level"
    for table in document.tables:
        assert table._tbl.tblPr.find(qn("w:tblDescription")) is not None
        grid = [int(column.get(qn("w:w"))) for column in table._tbl.tblGrid]
        for row in table._tbl.iter(qn("w:tr")):
            cells = list(row.iter(qn("w:tcW")))
            assert abs(sum(int(cell.get(qn("w:w"))) for cell in cells) - sum(grid)) <= len(grid)
    for about in document.element.body.iter(
        "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}docPr"
    ):
        assert about.get("descr")
    assert not re.search(r"(?<![{%])%}\s*</w:t></w:r></w:p>\s*<w:sectPr", document.element.xml)
