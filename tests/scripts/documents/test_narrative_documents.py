"""The reports, letters, briefings and the case timeline, made through the command line for three kinds of case."""

from __future__ import annotations

import datetime as dt
import io
import re
import shutil
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from docx.oxml.ns import qn
from lxml import etree
from matplotlib.image import imread

from scripts import make_document
from tests.scripts.trackers import incident, save_tracker
from tests.word.documents import controls_of, opened, text_in, text_of

DAY = "2026-11-23"
EMPTY, TYPICAL, EXTREME = "CI-2026-001", "CI-2026-002", "CI-2026-003 & <b>{{ 7 * 7 }} $x$"
ODD = "Tom & <Jerry>, {{ 7 * 7 }} {% if %} “quoted” 'so'\nSecond line.\tAfter a tab. שלום مرحبا 👩‍👧. "
_SENTENCES = ODD + "Made up: what happened, one sentence after the other. "
LONG = _SENTENCES * (4000 // len(_SENTENCES))
NOVEMBER = [dt.date(2026, 11, day) for day in range(1, 31)]
NARRATIVE = (
    *("rapid-review-report", "review-decision-letter", "director-briefing", "operational-head-notice"),
    *("review-report", "learning-briefing", "case-timeline"),
)
LONG_COLUMNS = ("summary", "risk", "immediate_action", "partner_views", "decision_reason", "learning")


# Columns that the log has, and in which nobody has written yet.
BLANK = dict.fromkeys(
    ("directors_told", "lead_member_briefed", "operational_head_told", "rapid_review_completed", "rapid_review_sent",
     "panel_response", "review_informed", "review_completed", "review_published", "dlt_discussed", "learning_shared")
)  # fmt: skip


def notified(reference: str, **cells: object) -> dict[str, object]:
    return incident(
        reference,
        **{
            "aware_date": NOVEMBER[1], "incident_date": NOVEMBER[0], "form_received": NOVEMBER[1],
            "decision": "Notify Panel", "decision_date": NOVEMBER[3], "panel_notified": NOVEMBER[5],
            "panel_reference": "SIN-MADE-UP-1", "partners_told": NOVEMBER[5], "cspr_referred": NOVEMBER[5],
            "operational_head": "Head of Service One", "practitioner": "A. Practitioner", "team": "Team Heron",
            "risk": "Made up: the adult may return.", "immediate_action": "Made up: a safety plan.",
            "summary": "Made up: nobody was harmed.", "review_decision": "Local review", "review_decided": NOVEMBER[18],
            "review_form": "Table-top review", "reviewer": "A. Reviewer", "learning": "Made up: curiosity.",
        } | BLANK | cells,
    )  # fmt: skip


def asked(reference: str, agencies: int) -> Iterator[dict[str, object]]:
    for number in range(1, agencies + 1):
        yield {"reference": reference, "agency": f"Agency {number} & <partners>", "sent": NOVEMBER[8], "returned": None}


@pytest.fixture(scope="module")
def tracker(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return save_tracker(
        tmp_path_factory.mktemp("tracker") / "Critical incidents.xlsx",
        [
            {"reference": EMPTY, "disability": "Not known"},  # a reference alone is no incident
            notified(TYPICAL),
            notified(EXTREME, **dict.fromkeys(LONG_COLUMNS, LONG), team="Team & <Heron>"),
        ],
        scoping=[*asked(TYPICAL, 2), *asked(EXTREME, 12)],
        actions=[{"reference": EXTREME, "action": _SENTENCES * 5, "owner": "O & P", "due": NOVEMBER[29]}] * 4,
    )


@pytest.fixture(scope="module")
def made(tracker: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[tuple[str, str], bytes]:
    """Each document by its name and the reference."""
    documents = {}
    for reference in (EMPTY, TYPICAL, EXTREME):
        for name in NARRATIVE:
            folder = tmp_path_factory.mktemp(name)
            words = [name, reference, "--tracker", str(tracker), "--as-of", DAY, "--out", str(folder)]
            assert make_document.main(words) == 0
            (file,) = folder.iterdir()
            documents[name, reference] = file.read_bytes()
    return documents


def blocks(document: bytes) -> list[Any]:
    return [each for each in opened(document).element.body if each.tag in (qn("w:p"), qn("w:tbl"), qn("w:sdt"))]


def heading_level(block: Any) -> int | None:
    style = block.find(f"{qn('w:pPr')}/{qn('w:pStyle')}")
    found = re.fullmatch(r"Heading(\d)", style.get(qn("w:val"))) if style is not None else None
    return int(found[1]) if found else None


def words_of(block: Any) -> str:
    return "".join(block.itertext()).strip()


CASES = [pytest.param(reference, id=kind) for reference, kind in
         ((EMPTY, "empty"), (TYPICAL, "typical"), (EXTREME, "extreme"))]  # fmt: skip


@pytest.mark.parametrize("reference", CASES)
@pytest.mark.parametrize("name", NARRATIVE)
class TestEveryOne:
    def test_it_has_no_empty_table_and_no_orphan_heading(
        self, name: str, reference: str, made: dict[tuple[str, str], bytes]
    ) -> None:
        found = blocks(made[name, reference])
        for table in (each for each in found if each.tag == qn("w:tbl")):
            rows = list(table.iter(qn("w:tr")))
            assert rows
            assert len(rows) > (rows[0].find(f"{qn('w:trPr')}/{qn('w:tblHeader')}") is not None)
            assert all(words_of(row) for row in rows)
        shown = [each for each in found if words_of(each) or next(each.iter(qn("w:drawing")), None) is not None]
        levels = [heading_level(each) for each in shown]
        for heading, level, below in zip(shown, levels, [*levels[1:], 1], strict=True):
            # Below a heading comes its text, or a heading of a part of it.
            assert level is None or below is None or below > level, words_of(heading)

    def test_nothing_of_the_machinery_shows(
        self, name: str, reference: str, made: dict[tuple[str, str], bytes]
    ) -> None:
        said = text_of(made[name, reference])
        assert said.startswith("OFFICIAL-SENSITIVE\n")
        assert reference in said.splitlines()[-1]
        for word in ("None", "NaT", "nan", "\x07"):
            assert not re.search(rf"\b{word}\b" if word.isalpha() else word, said)
        # What looks like Jinja is what somebody typed.
        typed = said.replace("{{ 7 * 7 }}", "").replace("{% if %}", "")
        assert "{{" not in typed
        assert "{%" not in typed
        assert "49" not in typed

    def test_every_part_of_the_file_is_well_formed(
        self, name: str, reference: str, made: dict[tuple[str, str], bytes]
    ) -> None:
        with zipfile.ZipFile(io.BytesIO(made[name, reference])) as archive:
            assert archive.testzip() is None
            for part in archive.namelist():
                if part.endswith((".xml", ".rels")):
                    etree.fromstring(archive.read(part))


@pytest.mark.parametrize(
    ("name", "columns"),
    [
        ("rapid-review-report", ("summary", "risk", "immediate_action", "learning")),
        ("director-briefing", ("summary", "risk", "immediate_action", "partner_views", "decision_reason")),
        ("learning-briefing", ("learning",)),
    ],
)
def test_a_long_text_is_there_to_the_last_word(
    name: str, columns: tuple[str, ...], made: dict[tuple[str, str], bytes]
) -> None:
    document = made[name, EXTREME]
    whole = LONG.strip()
    controls = controls_of(document)
    shown = text_of(document)
    in_controls = [column for column in columns if column in controls]
    for column in in_controls:
        assert " ".join(text_in(controls[column]).split()) == " ".join(whole.split())
    assert " ".join(shown.split()).count(" ".join(whole.split())) >= len(columns)


@pytest.mark.parametrize(
    ("decision", "says"),
    [
        ("Local review", "have determined that a local child safeguarding practice review will be carried out"),
        ("National review", "think that the case may raise issues which are complex or of national importance"),
        ("No review", "neither a local nor a national child safeguarding practice review is needed"),
        (None, "have decided as below"),
    ],
)
def test_the_letter_says_what_was_decided(decision: str | None, says: str, tmp_path: Path) -> None:
    path = save_tracker(tmp_path / "log.xlsx", [notified(TYPICAL, review_decision=decision)])
    words = ["review-decision-letter", TYPICAL, "--tracker", str(path), "--as-of", DAY, "--out", str(tmp_path / "out")]
    assert make_document.main(words) == 0
    said = text_of(next((tmp_path / "out").iterdir()))
    openings = ("have determined", "think that the case", "neither a local", "have decided as below")
    assert says in said
    assert sum(opening in said for opening in openings) == 1
    # The form and the reviewer belong to a local review, or to one that is still to be decided on.
    assert ("Table-top review" in said) == (decision not in ("National review", "No review"))
    assert ("The partners intend to publish it by" in said) == (decision == "Local review")
    # A letter that goes out as it is says nothing to whoever fills it in.
    assert "Fields marked" not in said


def test_the_operational_head_is_told_when_the_referral_was_made(made: dict[tuple[str, str], bytes]) -> None:
    said = text_of(made["operational-head-notice", TYPICAL])
    assert "On Friday 6 November 2026 this incident was referred to the safeguarding partnership" in said
    assert "Head of Service One" in said
    assert "A. Practitioner" in said
    assert "The date of the referral is not recorded yet." in text_of(made["operational-head-notice", EMPTY])


# The case timeline


def pictures(document: bytes) -> list[tuple[str, str, Any]]:
    """The name, the alternative text and the picture itself, in millimetres and dots, of each in the document."""
    word = opened(document)
    found = []
    for inline in word.element.body.iter(qn("wp:inline")):
        about = inline.find(qn("wp:docPr"))
        key = next(inline.iter(qn("a:blip"))).get(qn("r:embed"))
        extent = inline.find(qn("wp:extent"))
        size = (int(extent.get("cx")) / 36000, int(extent.get("cy")) / 36000)
        found.append((about.get("name"), about.get("descr"), (size, word.part.related_parts[key].blob)))
    return found


@pytest.mark.parametrize(
    ("reference", "names"),
    [
        (EMPTY, ["flowchart"]),
        (TYPICAL, ["flowchart", "timeline"]),
        (EXTREME, ["flowchart", "timeline", "timeline"]),
    ],
)
def test_the_pictures_are_there_with_their_alternative_texts(
    reference: str, names: list[str], made: dict[tuple[str, str], bytes]
) -> None:
    found = pictures(made["case-timeline", reference])
    assert [name for name, _, _ in found] == names
    assert len({png for _, _, (_, png) in found}) == len(found)
    for name, says, ((width, height), png) in found:
        opening = "Flowchart of the process for" if name == "flowchart" else "Timeline of"
        assert says.startswith(f"{opening} {reference} as on Monday 23 November 2026")
        assert width <= 170.1
        assert height <= 210.1
        dots = imread(io.BytesIO(png)).shape
        assert width / height == pytest.approx(dots[1] / dots[0], rel=0.01)
    drawn_as = opened(made["case-timeline", reference]).element.body.iter(qn("wp:docPr"))
    assert len({about.get("id") for about in drawn_as}) == len(names)


def test_the_table_says_of_every_clock_when_it_was_due_and_when_it_was_met(
    made: dict[tuple[str, str], bytes],
) -> None:
    said = text_of(made["case-timeline", TYPICAL])
    for line in (
        "Notify the national Panel\nMonday 2 November 2026\nMonday 9 November 2026\nmet Fri 6 Nov 2026",
        "Complete the rapid review\nFriday 6 November 2026\nFriday 27 November 2026\ndue soon, 4 working days left",
        "Agency 1 & <partners>\nMonday 9 November 2026\nMonday 16 November 2026\nNot recorded",
    ):
        assert line in said
    assert "No clock has started." in text_of(made["case-timeline", EMPTY])


@pytest.mark.skipif(not shutil.which("soffice"), reason="needs LibreOffice")
def test_libreoffice_prints_all_of_it(tracker: Path, tmp_path: Path) -> None:
    words = ["case-timeline", EXTREME, "--tracker", str(tracker), "--as-of", DAY, "--out", str(tmp_path), "--pdf"]
    assert make_document.main(words) == 0
    (pdf,) = tmp_path.glob("*.pdf")
    assert len(re.findall(rb"/Type\s*/Page\b", pdf.read_bytes())) >= 4
