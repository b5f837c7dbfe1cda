"""The flowchart: nothing outside its box, nothing on top of anything else, and the same bytes each time."""

from __future__ import annotations

import datetime as dt
import io
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from matplotlib.image import imread

from scripts.adapters.pictures import flowchart
from scripts.adapters.pictures.flowchart import flowchart_png
from scripts.adapters.pictures.flowchart_layout import BAND, HEIGHT, Box, Layout, layout
from scripts.adapters.pictures.painter import Painter
from scripts.adapters.pictures.style import SMALL, TEXT, WIDTH, line_height, shown, width_of
from tests.builders import MONDAY, assess_rows, persons_columns
from tracker_schema.columns.schema import INCIDENTS, tracker_schema
from tracker_schema.incidents.incident import Incident
from tracker_schema.incidents.stages import stages_in_words, stages_of, standard_process

PROJECT = Path(__file__).resolve().parents[3]
IN_DOCS = PROJECT / "docs" / "pictures" / "process.png"
HOSTILE = "CI & <b>\"'{{ x }}\x07 \ud800 $x$ \U0001f600 مرحبا"
FACTS = {"aware_date": MONDAY, "form_received": MONDAY, "summary": "Made up: nobody", "initials": "ZZ"}
DECISIONS = [
    {}, {"decision": "Notify Panel", "panel_notified": MONDAY}, {"decision": "Threshold not met"},
    {"decision": "Refer to DSPP only", "decision_date": MONDAY, "cspr_referred": MONDAY, "outcome": "Death"},
]  # fmt: skip


def case(reference: str = "CI-2026-001", **facts: object) -> Incident:
    return assess_rows({"reference": reference} | FACTS | facts).incidents[0]


def drawing_of(of: Incident) -> bytes:
    return flowchart_png(of.reference, MONDAY, stages_of(of))


def new_case() -> Incident:
    """Return the case that docs/process.md shows: the council is aware, and nothing else is recorded."""
    return assess_rows({"reference": "CI-2026-001", "aware_date": MONDAY}).incidents[0]


@pytest.fixture(scope="module", params=DECISIONS, ids=["open", "notified", "not met", "referred"])
def shapes(request: pytest.FixtureRequest) -> Layout:
    return layout(standard_process(), stages_of(case(**request.param)))


def test_every_stage_has_a_box_and_every_arrow_a_line(shapes: Layout) -> None:
    assert [box.stage for box in shapes.boxes] == list(standard_process().stages)
    assert len(shapes.lines) == len(standard_process().arrow)


def test_no_box_touches_another_and_all_are_in_the_picture(shapes: Layout) -> None:
    for one, other in combinations(shapes.boxes, 2):
        beside = one.x + one.width < other.x or other.x + other.width < one.x
        assert beside or one.y + one.height < other.y or other.y + other.height < one.y
    for box in shapes.boxes:
        assert box.x >= 0
        assert box.x + box.width <= WIDTH
        assert box.y >= 0
        assert box.y + box.height <= HEIGHT


def test_what_a_box_says_fits_in_it(shapes: Layout) -> None:
    for box in shapes.boxes:
        note = 2 * line_height(SMALL)  # whether there is one or not
        assert BAND + len(box.lines) * line_height(TEXT) + note <= box.height
        assert max(width_of(line, TEXT) for line in box.lines) <= box.width
        assert len(box.note) <= 2
        assert all(width_of(line, SMALL, bold=box.strong) <= box.width for line in box.note)
        assert width_of(box.number, SMALL, bold=True) + width_of(box.band, SMALL, bold=True) < box.width - 3


def test_no_line_runs_through_a_box(shapes: Layout) -> None:
    for line in shapes.lines:
        for (x1, y1), (x2, y2) in zip(line.points, line.points[1:], strict=False):
            assert x1 == x2 or y1 == y2
            for box in shapes.boxes:
                within_x = max(x1, x2) > box.x + 0.01 and min(x1, x2) < box.x + box.width - 0.01
                within_y = max(y1, y2) > box.y + 0.01 and min(y1, y2) < box.y + box.height - 0.01
                assert not (within_x and within_y), box.stage


def test_labels_of_arrows_lie_over_no_box_and_no_other_label(shapes: Layout) -> None:
    places = []
    for line in (line for line in shapes.lines if line.label):
        half = max(width_of(each, SMALL) for each in line.label) / 2
        tall = len(line.label) * line_height(SMALL) / 2
        x, y = line.label_at
        for box in shapes.boxes:
            assert y + tall < box.y or y - tall > box.y + box.height or x + half < box.x or x - half > box.x + box.width
        places.append((x - half, x + half, y))
    for one, other in combinations(places, 2):
        assert one[2] != other[2] or one[1] < other[0] or other[1] < one[0]


def test_the_case_is_in_one_box_with_a_thick_edge_and_in_words() -> None:
    boxes = layout(standard_process(), stages_of(case())).boxes
    (here,) = [box for box in boxes if box.strong]
    assert "WE ARE HERE" in here.band


def box_of(stage: str, of: Incident) -> Box:
    return next(box for box in layout(standard_process(), stages_of(of)).boxes if box.stage == stage)


def test_a_step_is_not_called_unneeded_while_the_fact_that_decides_it_is_not_known() -> None:
    box = box_of("ofsted", case(outcome="Death", looked_after="Not known"))
    assert box.band.endswith("cannot tell")
    assert " ".join(box.note) == "Looked after is not known"
    assert not box.faint
    words = stages_in_words(case(outcome="Death", looked_after="Not known"), MONDAY)
    assert "Cannot be told: Secretary of State and Ofsted told, by day 5 (Looked after is not known)." in words
    assert box_of("ofsted", case(outcome="Death", looked_after="No")).band.endswith("not needed")
    assert box_of("ofsted", case(outcome="Death", looked_after="Yes")).band.endswith("to come")


def without(column: str, **facts: object) -> Incident:
    """Return a case in a log that has no such column."""
    columns = [each for each in persons_columns(tracker_schema().sheets[INCIDENTS]) if each != column]
    return assess_rows({"reference": "CI-2026-001"} | facts, columns=columns).incidents[0]


def test_a_fact_that_the_log_has_no_column_for_is_not_known() -> None:
    facts = FACTS | {"outcome": "Death", "decision": "Threshold not met", "decision_date": MONDAY}
    box = box_of("ofsted", without("looked_after", **facts))
    assert box.band.endswith("cannot tell")
    assert " ".join(box.note) == "Looked after is not known"


@pytest.mark.parametrize(
    ("aware", "says"),
    [
        (dt.date(2026, 11, 18), "not needed"),
        (dt.date(2026, 11, 17), "WE ARE HERE"),
        (dt.date(2026, 11, 16), "WE ARE HERE"),
    ],
    ids=["Wednesday: day 3", "Tuesday: day 4", "Monday: day 5"],
)
def test_the_meeting_of_day_4_is_not_called_unneeded_on_that_day_though_the_log_has_no_column(
    aware: dt.date, says: str
) -> None:
    facts = {"aware_date": aware, "form_received": aware}
    assert box_of("heads_meet", without("heads_met", **facts)).band.endswith(says)
    decided = facts | {"decision": "Threshold not met", "decision_date": MONDAY, "decision_reason": "Made up"}
    assert box_of("heads_meet", without("heads_met", **decided)).band.endswith("not needed")


def texts(monkeypatch: pytest.MonkeyPatch, of: Incident) -> list[str]:
    """Return every text that the picture of the case has."""
    drawn: list[str] = []

    class Listening(Painter):
        def text(self, x: float, y: float, text: str, size: float, **options: Any) -> None:
            drawn.append(shown(text))
            super().text(x, y, text, size, **options)

    monkeypatch.setattr(flowchart, "Painter", Listening)
    drawing_of(of)
    return drawn


def test_the_picture_has_the_texts_of_the_layout_and_any_reference(monkeypatch: pytest.MonkeyPatch) -> None:
    hostile = case(HOSTILE)
    drawn = texts(monkeypatch, hostile)
    assert drawn[0].startswith("Stages of CI & <b>\"'{{ x }}")
    for box in layout(standard_process(), stages_of(hostile)).boxes:
        assert {box.number, box.band, *box.lines, *box.note} <= set(drawn)


def test_the_page_about_the_process_shows_it_as_it_is_now() -> None:
    """To renew it: python -m tests.adapters.pictures.test_flowchart."""
    saved, now = imread(IN_DOCS), imread(io.BytesIO(drawing_of(new_case())))
    assert np.array_equal(saved, now)
    assert "(pictures/process.png)" in (PROJECT / "docs" / "process.md").read_text("utf-8")


def test_the_png_is_as_large_as_the_layout_and_the_same_each_time() -> None:
    png = drawing_of(case(HOSTILE))
    assert png == drawing_of(case(HOSTILE))
    height, width = imread(io.BytesIO(png)).shape[:2]
    assert (width, height) == (int(WIDTH / 25.4 * 200), int(HEIGHT / 25.4 * 200))


def test_nothing_personal_is_in_a_picture(monkeypatch: pytest.MonkeyPatch) -> None:
    assert not [text for text in texts(monkeypatch, case()) if "ZZ" in text or "Made up" in text]


def test_a_case_that_says_nothing_can_be_drawn() -> None:
    nothing = assess_rows({"reference": "CI-2026-001"}).find("CI-2026-001")
    assert "We are here: Council aware of a death or serious harm." in stages_in_words(nothing, MONDAY)
    assert drawing_of(nothing)


if __name__ == "__main__":
    IN_DOCS.write_bytes(drawing_of(new_case()))
