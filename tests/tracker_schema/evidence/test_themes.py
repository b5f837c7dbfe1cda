"""Earlier incidents are found by the features that they share, and by nothing else."""

from __future__ import annotations

import datetime as dt

import pytest

from tests.builders import MONDAY, assess_rows
from tracker_schema.columns.schema import INCIDENTS, tracker_schema
from tracker_schema.documents.documents import documents
from tracker_schema.documents.forms import Form
from tracker_schema.documents.shown import MOST_EARLIER, Council, fields_of
from tracker_schema.evidence.themes import SharedFeatures, similar_incidents, themes_of

NEW = "CI-2026-009"
CANARY = "CANARYBIRD"


def incident(reference: str, aware: object = dt.date(2026, 3, 2), **cells: object) -> dict[str, object]:
    return {"reference": reference, "aware_date": aware} | cells


def new(**cells: object) -> dict[str, object]:
    return incident(NEW, MONDAY, **cells)


def similar(*rows: dict[str, object], **sheets: object) -> list[SharedFeatures]:
    tracker = assess_rows(*rows, **sheets)  # type: ignore[arg-type]
    return similar_incidents(tracker.find(NEW), tracker)


def shared(*rows: dict[str, object]) -> list[tuple[str, tuple[str, ...]]]:
    return [(each.incident.reference, each.features) for each in similar(*rows)]


@pytest.mark.parametrize(
    ("typed", "themes"),
    [
        ("Professional curiosity; Sharing information", ("Professional curiosity", "Sharing information")),
        ("- voice of the child\n• Neglect.\r\n– Supervision", ("voice of the child", "Neglect", "Supervision")),
        ("Neglect,  neglect , NEGLECT", ("Neglect",)),
        (" ; , \n", ()),
        ("None yet", ()),
        ("N/A; TBC", ()),
        ("", ()),
    ],
)
def test_themes_are_the_parts_between_semicolons_commas_and_line_breaks(typed: str, themes: tuple[str, ...]) -> None:
    assert themes_of(assess_rows(new(learning=typed)).find(NEW)) == themes


BORN = {"date_of_birth": dt.date(2022, 1, 1), "incident_date": dt.date(2026, 3, 1)}
NEITHER = "neither looked after nor care leaver"


@pytest.mark.parametrize(
    ("theirs", "own", "features"),
    [
        ({"category": "Neglect"}, {"category": "neglect"}, ("category of harm: neglect",)),
        ({"category": "Neglect; fall"}, {"category": "Burn, neglect"}, ("category of harm: neglect",)),
        ({"learning": "a; Curiosity"}, {"learning": "CURIOSITY\nb"}, ("theme: CURIOSITY",)),
        ({"team": "Team A"}, {"team": "team a"}, ("team: team a",)),
        (BORN, BORN, ("age: 1 to 5",)),
        (BORN | {"date_of_birth": dt.date(2025, 9, 1)},) * 2 + (("age: under 1",),),
        ({"looked_after": "Yes"}, {"looked_after": "Y"}, ("looked after",)),
        ({"care_leaver": "Yes", "looked_after": "No"}, {"care_leaver": "Yes"}, ("care leaver",)),
        (
            {"protection_plan": "Yes"},
            {"protection_plan": "Recently ended"},
            ("child protection plan, now or recently",),
        ),
    ],
)
def test_each_feature_is_shared(theirs: dict[str, object], own: dict[str, object], features: tuple[str, ...]) -> None:
    assert shared(incident("CI-2026-001", **theirs), new(**own)) == [("CI-2026-001", features)]


@pytest.mark.parametrize(
    ("theirs", "own"),
    [
        ({}, {}),
        ({"category": "Neglect"}, {"category": "Neglectful care"}),
        ({"category": "Neglect"}, {"learning": "Neglect"}),  # another feature
        ({"team": "Team A"}, {"team": "Team B"}),
        ({"team": "Not known"}, {"team": "not known"}),
        ({"looked_after": "Not known"}, {"looked_after": "Not known"}),
        ({"looked_after": "Yes"}, {"care_leaver": "Yes"}),
        ({"protection_plan": "No"}, {"protection_plan": "No"}),
        (BORN, BORN | {"date_of_birth": dt.date(2012, 1, 1)}),
        # Most children are neither, so that alone is no feature in common.
        ({"looked_after": "No", "care_leaver": "No"}, {"looked_after": "No", "care_leaver": "No"}),
    ],
)
def test_what_is_not_the_same_or_not_known_is_not_shared(theirs: dict[str, object], own: dict[str, object]) -> None:
    assert shared(incident("CI-2026-001", **theirs), new(**own)) == []


def test_neither_is_named_beside_another_feature_and_only_when_both_are_known() -> None:
    cells = {"team": "Team A", "looked_after": "No", "care_leaver": "No"}
    found = shared(
        incident("CI-2026-001", **cells), incident("CI-2026-002", **cells | {"care_leaver": ""}), new(**cells)
    )
    assert found == [("CI-2026-001", ("team: Team A", NEITHER)), ("CI-2026-002", ("team: Team A",))]


def test_the_most_features_come_first_and_of_these_the_latest() -> None:
    cells = {"team": "Team A", "category": "Neglect"}
    found = shared(
        incident("CI-2026-001", dt.date(2026, 1, 5), team="Team A"),
        incident("CI-2026-002", dt.date(2025, 1, 6), **cells),
        incident("CI-2026-003", dt.date(2026, 2, 2), team="Team A"),
        new(**cells),
    )
    assert [reference for reference, _ in found] == ["CI-2026-002", "CI-2026-003", "CI-2026-001"]


def test_only_earlier_incidents_with_a_reference_and_a_date_are_compared() -> None:
    found = shared(
        incident("CI-2026-001", MONDAY, team="A"),
        incident("CI-2026-002", MONDAY + dt.timedelta(1), team="A"),
        incident("CI-2026-003", "soon", team="A"),
        incident("", team="A"),
        incident("CI-2026-005", MONDAY - dt.timedelta(1), team="A"),
        new(team="A"),
        incident(NEW.lower(), team="A"),
    )
    assert [reference for reference, _ in found] == ["CI-2026-005"]
    assert shared(incident("CI-2026-001", team="A"), incident(NEW, "soon", team="A")) == []


def test_each_of_several_children_has_features() -> None:
    tracker = assess_rows(
        incident("CI-2026-001", team="Team A", looked_after="No"),
        incident("CI-2026-002", team="Team B", looked_after="Yes"),
        new(team="Team B"),
    )
    first, second, third = tracker.incidents
    first.children = [first, second]
    found = {each.incident.reference: each.features for each in similar_incidents(third, tracker)}
    assert found == {"CI-2026-001": ("team: Team B",), "CI-2026-002": ("team: Team B",)}


def test_what_was_learned_and_which_actions_are_done() -> None:
    actions = [
        {"reference": "ci-2026-001", "action": "Made up: one", "done": dt.date(2026, 5, 1)},
        {"reference": "CI-2026-001", "action": "Made up: two", "due": dt.date(2026, 5, 1)},
        {"reference": "CI-2026-001", "action": "Made up: three", "done": "soon"},
    ]
    rows = incident("CI-2026-001", team="A", learning="Curiosity"), incident("CI-2026-002", team="A"), new(team="A")
    found = {each.incident.reference: each for each in similar(*rows, actions=actions)}
    assert (found["CI-2026-001"].actions_open, found["CI-2026-001"].actions_done) == (2, 1)
    assert (found["CI-2026-002"].actions_open, found["CI-2026-002"].actions_done) == (0, 0)
    assert [each.learning_recorded for _, each in sorted(found.items())] == [True, False]


def test_an_empty_log_has_nothing_earlier() -> None:
    assert similar(new(team="A", category="Neglect")) == []


def test_a_document_shows_the_first_with_no_cell_that_identifies_anybody() -> None:
    personal = {
        column.id: CANARY
        for column in tracker_schema().sheets[INCIDENTS].column
        if column.personal and column.type == "text"
    }
    rows = [incident(f"CI-2026-1{number:02}", team="A", learning="Curiosity", **personal) for number in range(12)]
    action = {"reference": "CI-2026-100", "action": CANARY, "owner": CANARY, "outcome": CANARY}
    tracker = assess_rows(*rows, new(team="A"), actions=[action])
    own = tracker.find(NEW)
    form = Form(documents()["day-4-meeting"], (), ())
    fields = fields_of(form, own, MONDAY, tracker.rules, Council(), earlier=similar_incidents(own, tracker))
    assert len(fields["earlier"]) == MOST_EARLIER
    assert (fields["more_earlier"], bool(fields["more_earlier"])) == ("6", True)
    assert fields["earlier"][0] == {
        "reference": "CI-2026-100",
        "aware": "Monday 2 March 2026",
        "shared": "team: A",
        "learned": "Curiosity",
        "actions": "1 open, 0 done",
    }
    assert fields["earlier"][1]["actions"] == "None recorded"
    assert CANARY not in str(fields["earlier"])
