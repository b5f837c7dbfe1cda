"""The timeline of a case: every clock in it, nothing on top of anything else, from no clock to many."""

from __future__ import annotations

import datetime as dt
import io
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.image import imread

from scripts.adapters.pictures import timeline
from scripts.adapters.pictures.day_scale import LONGEST, day_scale
from scripts.adapters.pictures.painter import Painter
from scripts.adapters.pictures.style import MM_PER_INCH, WIDTH, width_of
from scripts.adapters.pictures.timeline import STYLE_OF, Timeline, timeline_pngs
from tests.builders import MONDAY, assess_rows, rules
from tracker_schema.calendar.working_days import england_and_wales
from tracker_schema.clocks.clocks import changed, standard_clocks
from tracker_schema.clocks.results import OPEN, State
from tracker_schema.documents.case_timeline import TimelineRow, timeline_in_words, timeline_of
from tracker_schema.incidents.incident import Incident

DAYS = england_and_wales()
AWARE = dt.date(2026, 3, 2)
PAGE_TALL, PAGE_MARGINS = 297, 50
EVERYTHING: dict[str, Any] = {
    "reference": "CI-2026-001", "aware_date": AWARE, "form_received": AWARE, "heads_met": DAYS.add(AWARE, 4),
    "outcome": "Death", "looked_after": "Yes", "abuse_or_neglect": "Known", "place": "In area",
    "decision": "Notify Panel", "decision_date": DAYS.add(AWARE, 5), "panel_notified": DAYS.add(AWARE, 5),
    "cspr_referred": DAYS.add(AWARE, 5), "rapid_review_completed": DAYS.add(AWARE, 30),
    "rapid_review_sent": DAYS.add(AWARE, 31), "panel_response": DAYS.add(AWARE, 40),
    "review_decision": "Local review", "review_decided": DAYS.add(AWARE, 42), "review_completed": DAYS.add(AWARE, 150),
    "dlt_discussed": DAYS.add(AWARE, 160), "summary": "Made up: nobody", "initials": "ZZ",
}  # fmt: skip


def asked(count: int, **row: Any) -> list[dict[str, Any]]:
    return [
        {"reference": "CI-2026-001", "agency": f"Agency number {number}", "sent": DAYS.add(AWARE, 6)} | row
        for number in range(1, count + 1)
    ]


def case(facts: dict[str, Any] = EVERYTHING, **sheets: Any) -> Incident:
    return assess_rows(facts, **sheets).incidents[0]


def drawings_of(of: Incident, as_of: dt.date = MONDAY) -> list[bytes]:
    return timeline_pngs(Timeline(of.reference, as_of, timeline_of(of, as_of), of.is_closed))


def texts(monkeypatch: pytest.MonkeyPatch, of: Incident) -> list[tuple[float, float, float, str]]:
    """Return for every text its left and right end and its height, in millimetres, and the text."""
    drawn: list[tuple[float, float, float, str]] = []

    class Listening(Painter):
        def text(self, x: float, y: float, text: str, size: float, **options: Any) -> None:
            wide = width_of(text, size, bold=bool(options.get("bold")))
            left = {"left": x, "middle": x - wide / 2, "right": x - wide}[str(options.get("side", "middle"))]
            drawn.append((left, left + wide, y, text))
            super().text(x, y, text, size, **options)

    monkeypatch.setattr(timeline, "Painter", Listening)
    drawings_of(of)
    return drawn


def test_every_clock_that_has_started_is_in_it_the_earliest_deadline_first() -> None:
    rows = timeline_of(case(scoping=asked(2, returned=DAYS.add(AWARE, 12))), MONDAY)
    started = {each.clock.label for each in case().clocks.values() if each.state != State.NOT_STARTED}
    assert {row.label for row in rows} == started | {
        "Scoping return: Agency number 1",
        "Scoping return: Agency number 2",
    }
    assert len(started) >= 17  # all but that of the agencies
    due = [row.due for row in rows if row.due]
    assert due == sorted(due)


def test_a_clock_that_has_not_started_is_left_out() -> None:
    new = case({"reference": "CI-2026-001", "aware_date": MONDAY})
    assert "Complete the rapid review" not in {row.label for row in timeline_of(new, MONDAY)}


@pytest.mark.parametrize(
    ("facts", "label", "says"),
    [
        ({"form_received": MONDAY}, "Send the Critical Incident Form", "met Mon 23 Nov 2026"),
        ({"aware_date": dt.date(2026, 11, 19), "form_received": MONDAY}, "Send the Critical Incident Form",
         "met late Mon 23 Nov 2026"),
        ({"aware_date": dt.date(2026, 11, 20)}, "Send the Critical Incident Form", "due today"),
        ({"aware_date": dt.date(2026, 11, 19)}, "Send the Critical Incident Form", "1 working day overdue"),
        ({}, "Notify the national Panel", "5 working days left"),
        ({"rapid_review_sent": dt.date(2026, 11, 2)}, "Ask the Panel for its reply", "ask, 5 working days past"),
        ({"form_received": "last week"}, "Send the Critical Incident Form", "cannot tell"),
    ],
)  # fmt: skip
def test_what_is_said_of_a_clock(facts: dict[str, Any], label: str, says: str) -> None:
    rows = timeline_of(case({"reference": "CI-2026-001", "aware_date": MONDAY} | facts), MONDAY)
    assert [row.words for row in rows if row.label == label] == [says]


@pytest.mark.parametrize(
    ("row", "says"),
    [
        ({"returned": DAYS.add(AWARE, 10)}, "returned Mon 16 Mar 2026"),
        ({"returned": DAYS.add(AWARE, 12)}, "returned late Wed 18 Mar 2026"),
        ({}, "overdue"),
        ({"sent": DAYS.add(MONDAY, -5)}, "due today"),
        ({"sent": MONDAY}, "awaited"),
        ({"sent": "on Monday"}, "cannot tell"),
    ],
)
def test_what_is_said_of_an_agency(row: dict[str, Any], says: str) -> None:
    rows = timeline_of(case(scoping=asked(1, **row)), MONDAY)
    assert [each.words for each in rows if each.label.startswith("Scoping return")] == [says]


def test_an_agency_that_was_not_asked_yet_has_no_clock() -> None:
    assert not [row for row in timeline_of(case(scoping=asked(1, sent="")), MONDAY) if row.label.startswith("Scoping")]


def test_every_state_has_its_own_style() -> None:
    assert set(STYLE_OF) == set(State)
    assert set(OPEN) <= set(STYLE_OF)
    assert len({(each.symbol, each.hatch) for each in STYLE_OF.values()}) == len(STYLE_OF)


def test_the_words_say_every_clock_its_deadline_and_state_and_nothing_personal() -> None:
    words = timeline_in_words(case(), MONDAY)
    number = len(timeline_of(case(), MONDAY))
    assert words.startswith(f"Timeline of CI-2026-001 as on Monday 23 November 2026: {number} clocks.")
    assert "Complete the rapid review: due Mon 30 Mar 2026, met late Wed 15 Apr 2026." in words
    for row in timeline_of(case(), MONDAY):
        assert f"{row.label}: " in words
        assert row.words in words
    assert "ZZ" not in words
    assert "Made up" not in words


@pytest.mark.parametrize("agencies", [0, 12, 30])
def test_a_page_of_it_fits_on_a_page_and_nothing_lies_on_anything(
    agencies: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    many = case(scoping=asked(agencies))
    pages = drawings_of(many)
    assert len(pages) == {0: 1, 12: 2, 30: 3}[agencies]
    for page in pages:
        height, width = imread(io.BytesIO(page)).shape[:2]
        assert width == int(WIDTH / MM_PER_INCH * 200)
        assert height / 200 * MM_PER_INCH <= PAGE_TALL - PAGE_MARGINS
    drawn = texts(monkeypatch, case())
    assert not [text for *_, text in drawn if "…" in text]
    for left, right, y, text in drawn:
        assert left >= 0, text
        assert right <= WIDTH, text
        for left2, right2, y2, text2 in drawn:
            if (left2, y2) != (left, y):
                assert abs(y - y2) > 2.5 or right < left2 or right2 < left, (text, text2)


def test_one_clock_makes_a_picture_and_none_makes_none() -> None:
    (only,) = [clock for clock in standard_clocks() if clock.id == "notify_panel"]
    one = case({"reference": "CI-2026-001", "aware_date": MONDAY}, by=rules(clocks=(only,)))
    assert len(timeline_of(one, MONDAY)) == len(drawings_of(one)) == 1
    none = case({"reference": "CI-2026-001", "closed": MONDAY})
    assert (timeline_of(none, MONDAY), drawings_of(none)) == ((), [])
    assert "0 clocks" in timeline_in_words(none, MONDAY)


def only_row(label: str, **facts: Any) -> TimelineRow:
    rows = timeline_of(case({"reference": "CI-2026-001", "aware_date": AWARE, "form_received": AWARE} | facts), MONDAY)
    (row,) = [row for row in rows if row.label == label]
    return row


def test_a_paused_review_says_until_when_and_whether_there_is_a_reason() -> None:
    local = {"review_decision": "Local review", "review_decided": AWARE, "paused_until": dt.date(2027, 3, 1)}
    row = only_row("Publish the local review", **local)
    assert (row.state, row.words, row.reason) == (State.PAUSED, "paused until Mon 1 Mar 2027", "no reason is recorded")
    assert row.due == dt.date(2026, 9, 2)  # six months, whatever the pause
    assert only_row("Publish the local review", **local, pause_reason="Made up: a trial").reason == (
        "a reason is recorded"
    )


def test_a_clock_that_cannot_be_told_says_which_fact_is_missing() -> None:
    row = only_row("Notify the Secretary of State and Ofsted", outcome="Death", looked_after="Not known")
    assert (row.words, row.reason) == ("cannot tell", "Looked after is not known")


def test_what_a_case_waits_for_without_a_deadline_comes_last() -> None:
    national = {"decision": "Notify Panel", "decision_date": AWARE, "panel_notified": AWARE} | {
        "review_decision": "National review", "review_decided": AWARE, "operational_head_told": AWARE,
        "partners_told": AWARE, "directors_told": AWARE, "lead_member_briefed": AWARE,
        "rapid_review_completed": AWARE, "rapid_review_sent": AWARE, "panel_response": AWARE, "slt_discussed": MONDAY,
    }  # fmt: skip
    by = rules(clocks=tuple(clock for clock in standard_clocks() if clock.on and clock.unit != "SLT meetings"))
    waiting = case({"reference": "CI-2026-001", "aware_date": AWARE, "form_received": AWARE} | national, by=by)
    row = timeline_of(waiting, MONDAY)[-1]
    assert (row.label, row.words, row.due) == ("Wait for the review to be completed", "still to come", None)
    assert "Wait for the review to be completed: still to come (no deadline runs)." in timeline_in_words(
        waiting, MONDAY
    )
    assert drawings_of(waiting)


def test_long_labels_and_odd_references_can_be_drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    long = tuple(
        changed(clock, {"label": "A very long name & <that> nobody reads " * 4}) for clock in standard_clocks()
    )
    drawn = texts(
        monkeypatch, case(EVERYTHING | {"reference": "$x$ & <b>{{ x }} \U0001f600 " * 9}, by=rules(clocks=long))
    )
    assert all(right <= WIDTH for _, right, _, _ in drawn)
    assert any(text.endswith("…") for _, _, _, text in drawn)


def test_the_same_case_gives_the_same_bytes() -> None:
    assert drawings_of(case()) == drawings_of(case())


def test_today_is_shown_until_the_case_is_closed(monkeypatch: pytest.MonkeyPatch) -> None:
    assert [text for *_, text in texts(monkeypatch, case()) if text == "today, Mon 23 Nov 2026"]
    closed = case(EVERYTHING | {"closed": MONDAY})
    assert not [text for *_, text in texts(monkeypatch, closed) if "today" in text]


def test_a_case_whose_dates_are_far_apart_can_be_drawn() -> None:
    assert drawings_of(case(), dt.date(2028, 12, 29))


# The scale


days = st.dates(dt.date(2018, 1, 1), dt.date(2030, 1, 1))


@given(st.sets(days, min_size=1, max_size=40), days)
def test_days_stand_in_their_order_between_the_ends(dates: set[dt.date], other: dt.date) -> None:
    scale = day_scale(dates, 10, 60)
    places = [scale.place(day) for day in sorted(dates)]
    assert places == sorted(set(places))
    assert all(10 <= place <= 60.001 for place in [*places, scale.place(other)])


@given(st.sets(days, min_size=1, max_size=40))
def test_ticks_are_apart_and_the_first_that_is_wanted_is_there(dates: set[dt.date]) -> None:
    scale = day_scale(dates, 0, 50)
    wanted = sorted(dates, reverse=True)
    ticks = scale.ticks(wanted, 10)
    assert wanted[0] in ticks
    assert all(scale.place(after) - scale.place(before) >= 9.99 for before, after in pairwise(ticks))


def test_a_long_time_without_a_date_is_drawn_shorter() -> None:
    first, second = dt.date(2026, 1, 1), dt.date(2026, 1, 8)
    third = dt.date(2026, 12, 1)
    scale = day_scale([first, second, third], 0, 7 + LONGEST)
    assert [scale.place(day) for day in (first, second, third)] == [0, 7, 7 + LONGEST]
    assert list(scale.shortened) == [(7, 7 + LONGEST)]
    assert not day_scale([first, second], 0, 7).shortened
    assert day_scale([first], 0, 7).place(first) == 0
