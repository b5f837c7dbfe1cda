"""The answers of a form as Word writes them, wherever a control stands and whatever was changed around it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from scripts.adapters.word.returns.reading_controls import DEEPEST_CONTROL, MOST_CONTROLS, read_controls
from scripts.adapters.word.returns.returned_file import open_returned
from tests.word.forms import MC, STRICT, W, control, form, paragraph, repeated, run
from tracker_schema.returns.returned_answers import ReturnedAnswer, ReturnedAnswers, ReturnRefused

DATE = '<w:date{0}><w:dateFormat w:val="dd/MM/yyyy"/><w:lid w:val="en-GB"/></w:date>'
CHOICE = '<w:dropDownList w:lastValue="1"><w:listItem w:displayText="Early help" w:value="1"/></w:dropDownList>'
CELL = f"<w:tc>{paragraph(run('here'))}</w:tc>"
BOX = '<w14:checkbox><w14:checked w14:val="{0}"/></w14:checkbox>'


Read = Callable[..., ReturnedAnswers]
Single = Callable[..., ReturnedAnswer]


@pytest.fixture
def read(tmp_path: Path) -> Read:
    def read(body: str, **more: Any) -> ReturnedAnswers:
        path = tmp_path / "form.docx"
        path.write_bytes(form(body, **more))
        return read_controls(open_returned(path))

    return read


@pytest.fixture
def answer(read: Read) -> Single:
    def answer(body: str, **more: Any) -> ReturnedAnswer:
        (only,) = read(body, **more).single
        return only

    return answer


def inline(content: str, kind: str = "<w:text/>", *, prompt: bool = False) -> str:
    return paragraph(
        run("Before ") + control("answer", content, kind, label="The answer", prompt=prompt) + run("after")
    )


# What a control holds


def test_text(answer: Single) -> None:
    assert answer(inline(run("Dr O'Neil & co <a>"))) == ReturnedAnswer("answer", "The answer", "Dr O'Neil & co <a>")


def test_a_control_without_a_label_is_called_by_its_tag(read: Read) -> None:
    body = paragraph(f'<w:sdt><w:sdtPr><w:tag w:val="x"/></w:sdtPr><w:sdtContent>{run("y")}</w:sdtContent></w:sdt>')
    assert read(body).single == (ReturnedAnswer("x", "x", "y"),)


def test_a_control_without_a_tag_is_none_of_ours(read: Read) -> None:
    assert not list(read(paragraph(control("", run("a page number")))))


def test_text_cut_into_runs_is_one_text(answer: Single) -> None:
    marks = '<w:proofErr w:type="spellStart"/><w:bookmarkStart w:id="0" w:name="_GoBack"/>'
    assert answer(inline(run("Seen at ") + marks + run("sch") + run("ool"))).text == "Seen at school"


def test_lines_and_paragraphs(answer: Single) -> None:
    assert answer(inline(run("one\ntwo"))).text == "one\ntwo"
    block = control("answer", paragraph(run("one\ntwo")) + paragraph("") + paragraph(run("three")))
    assert answer(block).text == "one\ntwo\n\nthree"


@pytest.mark.parametrize(
    ("word", "said"),
    [
        ("<w:tab/>", "a\tb"),
        ("<w:cr/>", "a\nb"),
        ("<w:noBreakHyphen/>", "a-b"),
        ("<w:softHyphen/>", "ab"),
        ('<w:sym w:font="Wingdings" w:char="F0FC"/>', "a\N{REPLACEMENT CHARACTER}b"),
        ("<w:instrText>PAGE</w:instrText>", "ab"),
        ("<w:delText>x</w:delText>", "ab"),
    ],
)
def test_what_stands_between_words(word: str, said: str, answer: Single) -> None:
    assert answer(inline(f"<w:r><w:t>a</w:t>{word}<w:t>b</w:t></w:r>")).text == said


def test_a_prompt_is_no_answer(answer: Single) -> None:
    for kind in ("<w:text/>", CHOICE, DATE.format(' w:fullDate="2026-11-20T00:00:00Z"')):
        assert answer(inline(run("Click to enter text"), kind, prompt=True)) == ReturnedAnswer(
            "answer", "The answer", ""
        )


def test_a_prompt_that_is_switched_off_is_one(answer: Single) -> None:
    assert answer(inline(run("typed"), '<w:showingPlcHdr w:val="0"/><w:text/>')).text == "typed"


def test_nothing_but_spaces_is_no_answer(answer: Single) -> None:
    assert not answer(inline(run(" \n\t "))).filled


def test_a_choice(answer: Single) -> None:
    assert answer(inline(run("Early help"), CHOICE)).text == "Early help"


def test_a_date_comes_with_its_text_and_the_day_that_was_picked(answer: Single) -> None:
    found = answer(inline(run("06/11/2026"), DATE.format(' w:fullDate="2026-11-06T00:00:00Z"')))
    assert (found.text, found.picked) == ("06/11/2026", dt.date(2026, 11, 6))
    for kept in ("", ' w:fullDate="2026-02-31T00:00:00Z"', ' w:fullDate="soon"', ' w:fullDate=""'):
        found = answer(inline(run("a week ago"), DATE.format(kept)))
        assert (found.text, found.picked) == ("a week ago", None)


def test_a_box(answer: Single) -> None:
    for value, ticked in (("1", True), ("true", True), ("on", True), ("0", False), ("false", False)):
        found = answer(inline(run("\N{BALLOT BOX}"), BOX.format(value)))
        assert (found.ticked, found.filled, found.text) == (ticked, ticked, "")
    assert answer(inline(run("\N{BALLOT BOX}"), "<w14:checkbox/>")).ticked is False


@pytest.mark.parametrize("beside", ["<w:drawing/>", "<w:pict/>", "<w:object/>", '<w:footnoteReference w:id="2"/>'])
def test_a_picture_in_an_answer_is_told(beside: str, answer: Single) -> None:
    found = answer(inline(f"<w:r>{beside}</w:r>", "<w:richText/>"))
    assert (found.text, found.beside_text, found.filled) == ("", True, True)


# Where a control stands


@pytest.mark.parametrize(
    "body",
    [
        control("answer", paragraph(run("here"))),
        f"<w:tbl><w:tr><w:tc>{paragraph(control('answer', run('here')))}</w:tc></w:tr></w:tbl>",
        f"<w:tbl><w:tr>{control('answer', CELL)}</w:tr></w:tbl>",
        f"<w:tbl>{control('answer', f'<w:tr>{CELL}</w:tr>')}</w:tbl>",
        control("", paragraph(control("answer", run("here"))), "<w:group/>"),
        paragraph(f"<w:hyperlink>{control('answer', run('here'))}</w:hyperlink>"),
        paragraph(f'<w:ins w:id="1">{control("answer", run("here"))}</w:ins>'),
    ],
    ids=["paragraph", "in a cell", "around a cell", "around a row", "in a group", "in a link", "put in"],
)
def test_where_a_control_stands(body: str, answer: Single) -> None:
    assert answer(body).text == "here"


def test_in_a_header_and_in_a_strict_document(read: Read) -> None:
    header = paragraph(control("reference", run("CI-2026-001")))
    for space in (W, STRICT):
        found = read(inline(run("here")), header=header, space=space)
        assert [(answer.tag, answer.text) for answer in found.single] == [
            ("answer", "here"),
            ("reference", "CI-2026-001"),
        ]


def test_a_control_in_another_counts_for_both_and_its_prompt_for_neither(read: Read) -> None:
    inner = control("inner", run("Click here"), prompt=True) + control("second", run("well"))
    found = read(paragraph(control("outer", run("all ") + inner, "<w:richText/>")))
    assert {answer.tag: answer.text for answer in found.single} == {"outer": "all well", "inner": "", "second": "well"}


def test_a_text_box_is_read_once(read: Read) -> None:
    twice = paragraph(control("answer", run("here")))
    box = f'<mc:Choice Requires="wps">{twice}</mc:Choice><mc:Fallback>{twice}</mc:Fallback>'
    found = read(f'<w:p><w:r><mc:AlternateContent xmlns:mc="{MC}">{box}</mc:AlternateContent></w:r></w:p>')
    assert [answer.text for answer in found.single] == ["here"]


# Tracked changes


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (f'{run("kept ")}<w:ins w:id="1">{run("added")}</w:ins>', "kept added"),
        (f'{run("kept")}<w:del w:id="1"><w:r><w:delText>gone</w:delText></w:r></w:del>', "kept"),
        (f'<w:moveFrom w:id="1">{run("moved")}</w:moveFrom>{run("x ")}<w:moveTo w:id="2">{run("moved")}</w:moveTo>',
         "x moved"),
        (f'<w:ins w:id="1">{run("a")}<w:del w:id="2">{run("b")}</w:del></w:ins>', "a"),
        (f'<w:del w:id="1">{run("all of it")}</w:del>', ""),
    ],
)  # fmt: skip
def test_text_is_as_when_every_change_is_accepted(content: str, said: str, answer: Single) -> None:
    assert answer(inline(content)).text == said


def test_a_deleted_end_joins_two_paragraphs(answer: Single) -> None:
    joined = f'<w:p><w:pPr><w:rPr><w:del w:id="1"/></w:rPr></w:pPr>{run("one ")}</w:p>'
    assert answer(control("answer", joined + paragraph(run("line")))).text == "one line"


def test_a_deleted_row_or_cell_is_gone(read: Read) -> None:
    gone = f'<w:tr><w:trPr><w:del w:id="1"/></w:trPr><w:tc>{paragraph(control("a", run("x")))}</w:tc></w:tr>'
    cell = f'<w:tc><w:tcPr><w:cellDel w:id="2"/></w:tcPr>{paragraph(control("b", run("x")))}</w:tc>'
    kept = f'<w:tr><w:trPr><w:ins w:id="3"/></w:trPr>{cell}<w:tc>{paragraph(control("c", run("x")))}</w:tc></w:tr>'
    assert read(f"<w:tbl>{gone}{kept}</w:tbl>").tags == {"c"}


# Repeated rows


def row(day: str, event: str) -> str:
    cells = (control("when", run(day)), control("what", run(event)))
    return f"<w:tr>{''.join(f'<w:tc>{paragraph(cell)}</w:tc>' for cell in cells)}</w:tr>"


@pytest.mark.parametrize("days", [(), ("1",), ("1", "2", "3")])
def test_rows_come_in_their_order(days: tuple[str, ...], read: Read) -> None:
    body = f"<w:tbl>{row('not', 'a repeated one')}{repeated('chronology', *(row(day, 'Seen') for day in days))}</w:tbl>"
    found = read(body)
    assert [answer.text for answer in found.single] == ["not", "a repeated one"]
    (section,) = found.repeated
    assert section.tag == "chronology"
    assert [[(answer.tag, answer.text) for answer in row] for row in section.rows] == [
        [("when", day), ("what", "Seen")] for day in days
    ]


def test_rows_in_a_row_belong_to_it(read: Read) -> None:
    inner = repeated("inner", paragraph(control("b", run("1"))), paragraph(control("b", run("2"))))
    found = read(repeated("outer", paragraph(control("a", run("0"))) + inner) + paragraph(control("c", run("3"))))
    assert [(section.tag, [[answer.text for answer in row] for row in section.rows]) for section in found.repeated] == [
        ("outer", [["0", "1", "2"]])
    ]
    assert [answer.text for answer in found.single] == ["3"]


def test_a_row_deleted_with_its_changes_tracked_is_gone(read: Read) -> None:
    gone = row("2", "Seen").replace("<w:tr>", '<w:tr><w:trPr><w:del w:id="1"/></w:trPr>')
    (section,) = read(f"<w:tbl>{repeated('chronology', row('1', 'Seen'), gone)}</w:tbl>").repeated
    assert [row[0].text for row in section.rows] == ["1"]


# More than any form has


def test_there_is_an_end_to_controls(read: Read) -> None:
    with pytest.raises(ReturnRefused, match="more fields than any form"):
        read("<w:sdt/>" * (MOST_CONTROLS + 1))
    nested = "<w:sdt><w:sdtContent>" * (DEEPEST_CONTROL + 1) + "</w:sdtContent></w:sdt>" * (DEEPEST_CONTROL + 1)
    with pytest.raises(ReturnRefused, match="more fields than any form"):
        read(nested)
