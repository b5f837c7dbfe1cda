"""Every document, of a case of which nothing is known, of an ordinary one, and of one that strains it to the utmost."""

from __future__ import annotations

import datetime as dt
import re
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from docx.oxml.ns import qn

from scripts.adapters.word.documents import making
from scripts.adapters.word.documents.making import Maker, Order
from scripts.adapters.word.documents.pdf import as_pdf
from scripts.adapters.word.names import NAMESPACES
from scripts.adapters.word.package import parse, unpacked
from scripts.adapters.word.templates.form_fields import form_of
from scripts.adapters.word.templates.template import read_template
from scripts.adapters.word.templates.template_files import template_path
from scripts.adapters.word.text import for_word
from tests.builders import MONDAY, assess_rows, rules
from tests.word import field_list
from tests.word.documents import controls_of, is_prompt, opened, text_in, text_of
from tests.word.schema import errors_of_order
from tests.word.template_text import text_of_template, text_path
from tracker_schema.columns.schema import INCIDENTS, tracker_schema
from tracker_schema.documents.case_details import SHOWN, details_document
from tracker_schema.documents.documents import Document, agency_form, documents
from tracker_schema.documents.sample_incidents import empty_incident, full_incident, sample_cases, sample_details
from tracker_schema.documents.shown import NAMES, Council, fields_of
from tracker_schema.documents.shown_details import add_details
from tracker_schema.documents.shown_returns import fields_of_returns
from tracker_schema.documents.slt_paper import PAPER_NAMES, Case, Cases, fields_of_paper
from tracker_schema.incidents.incident import Incident
from tracker_schema.mail.events import Event
from tracker_schema.returns.gathered_returns import GatheredReturns

REFERENCE = "CI-2026-001"
COUNCIL = Council("Example & Sons Council", "the Example <Partnership>")
HARD = "Made up & <b>bold</b> {{ council }} {% raise %} “quoted” ‘it’\x00\x0b\n\nnew line\ttab \ud83d שלום العربية 👩‍👧"
LONG = (HARD + " " + "and on it goes, sentence after sentence. " * 100)[:4000]


def strained() -> Incident:
    """A case with 4,000 characters of the worst in every text, 12 agencies, and more children than the form takes."""
    columns = tracker_schema().sheets[INCIDENTS].column
    row: dict[str, Any] = {column.id: LONG for column in columns if column.type == "text" and not column.by_script}
    row |= {"reference": REFERENCE, "aware_date": MONDAY, "incident_date": "soon"}
    row |= {"outcome": "Death", "looked_after": "Y"}
    asked = [{"reference": REFERENCE, "agency": f"Agency {n} & <sons> {{{{ n }}}}", "contact": HARD} for n in range(12)]
    actions = [{"reference": REFERENCE, "action": LONG, "owner": HARD, "due": MONDAY} for _ in range(3)]
    incident = assess_rows(row, scoping=asked, actions=actions).find(REFERENCE)
    incident.children = incident.children * 5
    return incident


def ordinary() -> Incident:
    row = {
        "reference": REFERENCE, "child_id": "M-1001", "initials": "X.Y.", "date_of_birth": dt.date(2020, 2, 29),
        "aware_date": dt.date(2026, 11, 18), "incident_date": dt.date(2026, 11, 17), "outcome": "Serious harm",
        "abuse_or_neglect": "Suspected", "place": "In area", "risk": "Made up: first.\nSecond.",
        "protection_plan": "Recently ended", "panel_notified": dt.date(2026, 11, 20), "team": "Team A",
    }  # fmt: skip
    sent = dt.date(2026, 11, 20)
    asked = [{"reference": REFERENCE, "agency": agency, "sent": sent} for agency in ("Police", "Health")]
    return assess_rows(row, scoping=asked).find(REFERENCE)


CASES: Mapping[str, Incident] = {"nothing": empty_incident(), "ordinary": ordinary(), "strained": strained()}
NEWS = Event(REFERENCE, 2, "Critical incident", MONDAY, (REFERENCE, "critical_incident"), closed=False)
MAKER = Maker(rules(), COUNCIL)


def order(document: Document, incident: Incident) -> Order:
    if document.all_cases:
        return Order(document, None, MONDAY, cases=Cases([Case(incident, [NEWS])], MONDAY, remembered=True))
    return Order(document, incident, MONDAY, incident.scoping[-1] if document.per_agency else None)


@pytest.fixture(scope="module")
def made() -> Iterator[dict[tuple[str, str], bytes]]:
    """Every document of every case; its pictures are drawn elsewhere."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(making, "pictures_of", lambda _names, _incident, _as_of: {})
        yield {
            (name, kind): MAKER.make(order(document, incident))
            for name, document in documents().items()
            for kind, incident in CASES.items()
        }


every = pytest.mark.parametrize("name", documents())


@every
@pytest.mark.parametrize("kind", CASES)
def test_nothing_is_blank_or_none_or_left_over(name: str, kind: str, made: dict[tuple[str, str], bytes]) -> None:
    said = text_of(made[name, kind])
    assert "None" not in said
    assert "NaT" not in said
    if kind != "strained":  # which says such things itself
        assert not re.search(r"\{\{|\}\}|\{%|%\}", said)
    document = opened(made[name, kind])
    for cell in document.element.body.iter(qn("w:tc")):
        assert "".join(cell.itertext()).strip(), "an empty cell"
    for table in document.element.body.iter(qn("w:tbl")):
        following = table.getnext()
        assert following is not None, "a table right at the end"
        assert following.tag != qn("w:tbl"), "two tables that Word would make one of"
    for heading in (paragraph for paragraph in document.paragraphs if paragraph.style.name.startswith("Heading")):
        following = heading._p.getnext()
        assert following.tag != qn("w:sectPr"), f"nothing below “{heading.text}”"
        if following.tag == qn("w:p"):
            style = following.find(f"{qn('w:pPr')}/{qn('w:pStyle')}")
            level = "" if style is None else style.get(qn("w:val"))
            assert not level.startswith("Heading") or level > heading.style.style_id, f"nothing below “{heading.text}”"


@every
@pytest.mark.parametrize("kind", CASES)
def test_word_finds_everything_in_the_order_of_its_schema(
    name: str, kind: str, made: dict[tuple[str, str], bytes]
) -> None:
    for path, part in unpacked(made[name, kind]).items():
        if path.startswith("word/") and path.endswith(".xml"):
            assert list(errors_of_order(parse(part))) == [], path


@pytest.mark.parametrize(
    ("xml", "error"),
    [
        ('<w:sdt><w:sdtPr><w:id w:val="1"/><w:tag w:val="a"/></w:sdtPr></w:sdt>', "id comes before tag in sdtPr"),
        ("<w:sdt><w:sdtPr><w:text/><w:showingPlcHdr/></w:sdtPr></w:sdt>", "text comes before showingPlcHdr in sdtPr"),
        ("<w:sdt><w:sdtPr><w:text/><w:date/></w:sdtPr></w:sdt>", "a control is of two kinds"),
        ("<w:tc><w:p/><w:tbl/></w:tc>", "a cell does not end in a paragraph"),
        ("<w:pPr><w:keepNext/><w:pStyle/></w:pPr>", "keepNext comes before pStyle in pPr"),
        ("<w:tcPr><w:p/></w:tcPr>", "p has no place in tcPr"),
        (
            "<w:settings><w:defaultTabStop/><w:documentProtection/></w:settings>",
            "defaultTabStop comes before documentProtection in settings",
        ),
    ],
)
def test_what_word_would_not_open_is_found(xml: str, error: str) -> None:
    root = parse(f'<w:x xmlns:w="{NAMESPACES["w"]}">{xml}</w:x>')
    assert list(errors_of_order(root)) == [error]


@every
def test_every_text_is_there_whole(name: str, made: dict[tuple[str, str], bytes]) -> None:
    incident, document = CASES["strained"], documents()[name]
    said = text_of(made[name, "strained"])
    used = field_list.fields_used(read_template(template_path(name)))
    shown = {path.rpartition(".")[2] for path in used if path.startswith(("incident.", "children: "))}
    if not document.per_agency:
        shown |= {field.column.id for field in form_of(document).fields if field.column}
    for value in map(incident.as_typed, shown):
        if isinstance(value, str) and len(value) > 100:
            whole = for_word(value)
            assert whole in said or " ".join(whole.split()) in said


@every
def test_each_answer_has_its_control_once(name: str, made: dict[tuple[str, str], bytes]) -> None:
    document = documents()[name]
    found = controls_of(made[name, "strained"])
    conditional = {"review-decision-letter": ("review_form", "reviewer", "review_scope", "without_review")}
    for field in form_of(document).fields:
        if field.tag in conditional.get(name, ()):
            continue
        children = range(1, (document.most_children or 5) + 1) if field.of_child else [None]
        for child in children:
            assert field.tag_of(child) in found
        assert field.tag_of(6) not in found
    numbers = [each.get(qn("w:val")) for each in opened(made[name, "strained"]).element.body.iter(qn("w:id"))]
    assert len(set(numbers)) == len(numbers)
    if "child_1_initials" in found:
        assert text_in(found["child_1_initials"]) == " ".join(for_word(LONG).split())


@every
def test_an_answer_that_is_cleared_shows_its_prompt_again(name: str, made: dict[tuple[str, str], bytes]) -> None:
    """Word takes it from the glossary of the document. When this fails for a new control, open the template in Word,
    choose Developer, Design Mode, and type the prompt: Word writes it into the glossary.
    """
    prompts = prompts_in_the_glossary(made[name, "nothing"])
    for control in controls_of(template_path(name)).values():
        if is_prompt(control):
            entry = control.find(f"{qn('w:sdtPr')}/{qn('w:placeholder')}/{qn('w:docPart')}")
            assert entry is not None, f"“{text_in(control)}” is not in the glossary"
            assert prompts[entry.get(qn("w:val"))] == text_in(control)


def prompts_in_the_glossary(document: bytes) -> dict[str, str]:
    """The prompts of the controls of a document, by the names that the controls have for them."""
    part = unpacked(document).get("word/glossary/document.xml")
    entries = parse(part).iter(qn("w:docPart")) if part else ()
    return {str(next(entry.iter(qn("w:name"))).get(qn("w:val"))): text_in(entry) for entry in entries}


def test_four_children_are_on_the_panel_worksheet_and_the_fifth_is_named(made: dict[tuple[str, str], bytes]) -> None:
    data = made["panel-notification", "strained"]
    assert "child_4_name" in controls_of(data)
    assert "child_5_name" not in controls_of(data)
    said = text_of(data)
    assert "The others, child 5, go into “Other children” in part 6." in said
    assert "Date of birth (child 1, 2, 3, 4)" in said


def test_a_cell_that_cannot_be_read_is_named_by_its_address(made: dict[tuple[str, str], bytes]) -> None:
    unreadable = f"Not readable (see {CASES['strained'].address('incident_date')} in the tracker)"
    assert unreadable in text_of(made["day-4-meeting", "strained"])
    prompt = text_in(controls_of(made["critical-incident-form", "strained"])["incident_date"])
    assert prompt.startswith(f"{unreadable}. ")


@every
def test_the_marking_is_in_the_header_and_the_reference_in_the_footer(
    name: str, made: dict[tuple[str, str], bytes]
) -> None:
    lines = text_of(made[name, "ordinary"]).splitlines()
    assert lines[0] == COUNCIL.marking
    title = documents()[name].title
    assert lines[-1] == f"{title if documents()[name].all_cases else f'{REFERENCE}: {title}'}\tPage 1 of 1"


# The fields


@every
def test_a_template_uses_names_that_there_are_for_it(name: str) -> None:
    document = documents()[name]
    used = names_used(name)
    if document.all_cases:
        (full, empty) = sample_cases(MONDAY)
        assert used == set(PAPER_NAMES) == set(fields_of_paper(document, full, MONDAY, COUNCIL))
        assert set(fields_of_paper(document, empty, MONDAY, COUNCIL)) == set(PAPER_NAMES)
        return
    incident = full_incident(MONDAY)
    scoping_return = incident.scoping[0] if document.per_agency else None
    shows_details = document.case_details == SHOWN
    given = fields_of(form_of(document), incident, MONDAY, rules(), COUNCIL, scoping_return)
    if shows_details:
        add_details(given, sample_details(form_of(details_document()), 1), 1)
    if document.shows_returns:
        given |= fields_of_returns(GatheredReturns(form_of(agency_form())), incident, MONDAY, rules())
    assert used <= set(given)
    never = (set() if document.per_agency else {"agency"}) | (set() if shows_details else {"details"})
    never |= set() if document.shows_returns else {"chronology", "undated"}
    assert set(given) == set(NAMES) - never


def test_every_name_there_is_is_used_by_some_template() -> None:
    assert set().union(*map(names_used, documents())) == {*NAMES, *PAPER_NAMES}


def names_used(name: str) -> set[str]:
    """The first words of the fields that a template uses: those that have to be among NAMES."""
    return {re.split(r"[.:]", path)[0] for path in field_list.fields_used(read_template(template_path(name)))}


def test_the_readme_lists_the_fields_as_they_are() -> None:
    text = field_list.README.read_text("utf-8")
    assert text == field_list.refreshed(text), "run python -m tests.word.field_list"


@every
def test_the_text_beside_a_template_is_that_of_the_template(name: str) -> None:
    template = template_path(name)
    text = text_path(template).read_text("utf-8")
    assert text == text_of_template(template), "run python -m tests.word.field_list"
    for field in form_of(documents()[name]).fields:
        assert re.search(rf"[\[_]{field.tag}: .*{', needed' if field.required else ''}", text), field.tag


# As LibreOffice sets them


@pytest.mark.skipif(not (shutil.which("soffice") and shutil.which("pdftotext")), reason="needs LibreOffice and poppler")
def test_every_document_of_an_ordinary_case_becomes_a_pdf(made: dict[tuple[str, str], bytes], tmp_path: Path) -> None:
    files = as_pdf({name: made[name, "ordinary"] for name in documents()})
    for name, data in files.items():
        path = tmp_path / f"{name}.pdf"
        path.write_bytes(data)
        read = ["pdftotext", "-layout", str(path), "-"]
        said = subprocess.run(read, capture_output=True, encoding="utf-8", check=True).stdout
        pages = said.removesuffix("\f").split("\f")
        for number, page in enumerate(pages, 1):
            assert COUNCIL.marking in page
            assert f"Page {number} of {len(pages)}" in page
            assert page.count("\n") > 4, f"page {number} of {name} is all but empty"
