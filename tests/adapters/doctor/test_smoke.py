"""The checklist for a new tenant, on a copy of a tracker in the made-up SharePoint."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest

from scripts.adapters.cli import terminal
from tests.adapters.doctor.doctor_runs import SharePointDoctor, Told, tracker_at
from tests.scripts.trackers import incident, save_tracker
from tracker_schema.errors import UsageError

POINTS = [
    *("The copy", "1 Token", "1 Another site", "2 By path", "2 By link", "3 Current version", "3 Old version"),
    *("3 Empty change", "4 Open in Excel", "5 Session", "6 Cell written", "6 Seen by a person", "7 Values"),
    *("10 Durations", "11 Row added", "12 Column added", "9 Mail", "The copy removed"),
]


def points(told: Told) -> dict[str, str]:
    """The verdicts of the checklist alone."""
    return {name: told.verdict_of(name) for name in POINTS}


def test_every_point(sharepoint: SharePointDoctor) -> None:
    closed = sharepoint.graph.add_site("/sites/other", None)
    told = sharepoint.examine("--smoke", "--other-site", closed.web_url)
    assert told.code == 0
    assert [each["name"] for each in told.checks][-len(POINTS) :] == POINTS
    takes_more = dict.fromkeys(
        ("4 Open in Excel", "6 Seen by a person", "11 Row added", "12 Column added", "9 Mail"), "not checked"
    )
    assert points(told) == dict.fromkeys(POINTS, "fine") | takes_more
    assert told.of("3 Old version")["found"] == "A file made from an old version is refused (412)."
    assert "stored as they were sent; dates show as dd/mm/yyyy" in told.of("7 Values")["found"]
    assert "2 rows: upload" in told.of("10 Durations")["found"]
    assert "ZZ" not in str(told.checks)
    assert sharepoint.graph.entra.secret not in str(told.checks)


def test_a_cell_that_is_shown_late(sharepoint: SharePointDoctor) -> None:
    sharepoint.graph.excel.save_delay = 8
    assert sharepoint.examine("--smoke").verdict_of("6 Cell written") == "fine"


def test_a_cell_that_is_never_shown(sharepoint: SharePointDoctor) -> None:
    sharepoint.graph.excel.save_delay = 900
    told = sharepoint.run("--config", sharepoint.config, "--smoke")
    assert told.verdict_of("6 Cell written") == "wrong"
    assert told.code == 3


@pytest.fixture
def with_table(sharepoint: SharePointDoctor, tmp_path: Path) -> SharePointDoctor:
    """An installation whose log is a table."""
    path = save_tracker(tmp_path / "table.xlsx", [incident("CI-1"), incident("CI-2")], table=True)
    sharepoint.data = path.read_bytes()
    sharepoint.item.save(sharepoint.data)
    return sharepoint


def test_a_row_added_to_a_table(with_table: SharePointDoctor) -> None:
    told = with_table.examine("--smoke")
    assert told.of("11 Row added")["found"] == ("The table takes a row at its end; number formats and formulas follow.")


@pytest.mark.parametrize(
    ("fault", "verdict", "found"),
    [
        ({"status": 400, "code": "InvalidArgument"}, "warning", "The table takes no row (400 InvalidArgument)."),
        ({"status": 201, "body": {"index": 2}}, "wrong", "A row was added, but the table grew by 0, or does not end"),
    ],
)
def test_a_table_that_does_not_take_a_row(
    with_table: SharePointDoctor, fault: dict[str, Any], verdict: str, found: str
) -> None:
    with_table.graph.fault(method="POST", path_contains="/rows", **fault)
    told = with_table.examine("--smoke")
    assert told.verdict_of("11 Row added") == verdict
    assert told.of("11 Row added")["found"].startswith(found)


@pytest.mark.parametrize(
    ("names", "renames", "verdict", "found"),
    [
        (True, True, "fine", "under the heading that is asked for"),
        (False, True, "warning", "under a name of Excel's own, and could be renamed"),
        (False, False, "warning", "it names a new column “Column1”; it was removed again"),
    ],
)
def test_a_column_added_to_a_table(
    with_table: SharePointDoctor, names: bool, renames: bool, verdict: str, found: str
) -> None:
    with_table.graph.excel.names_columns, with_table.graph.excel.renames_columns = names, renames
    told = with_table.examine("--smoke")
    assert told.verdict_of("12 Column added") == verdict
    assert found in told.of("12 Column added")["found"]


def test_no_other_site_is_named(sharepoint: SharePointDoctor) -> None:
    assert "--other-site" in sharepoint.examine("--smoke").of("1 Another site")["remedy"]


def test_another_site_that_is_open(sharepoint: SharePointDoctor) -> None:
    site = sharepoint.graph.add_site("/sites/other", "read")
    told = sharepoint.examine("--smoke", "--other-site", site.web_url)
    assert told.of("1 Another site")["found"] == "Another site is open to this program."
    assert told.code == 2


def test_rights_beyond_what_is_needed(sharepoint: SharePointDoctor) -> None:
    sharepoint.graph.entra.roles.append("Mail.Send")
    assert sharepoint.examine("--smoke").verdict_of("1 Token") == "warning"


def test_a_tenant_that_takes_an_old_version(sharepoint: SharePointDoctor) -> None:
    sharepoint.graph.drives.ignores_if_match = True
    told = sharepoint.examine("--smoke")
    assert told.verdict_of("3 Old version") == "wrong"
    assert told.code == 3


def test_no_session(sharepoint: SharePointDoctor) -> None:
    sharepoint.graph.excel.refuse("EditModeAccessDenied")
    told = sharepoint.examine("--smoke")
    assert told.code == 0
    assert told.of("5 Session")["found"] == "Excel's service refuses a session (403 EditModeAccessDenied)."
    assert points(told)["7 Values"] == "not checked"
    assert points(told)["10 Durations"] == "fine"
    assert points(told)["The copy removed"] == "fine"


def test_values_that_are_taken_otherwise(sharepoint: SharePointDoctor, monkeypatch: pytest.MonkeyPatch) -> None:
    from scripts.adapters.doctor.smoke import cells as smoke_cells

    monkeypatch.setattr(smoke_cells, "to_send", lambda value, date_1904: str(value))
    told = sharepoint.examine("--smoke")
    assert told.verdict_of("7 Values") == "wrong"
    assert "the text 00123 is answered as 123" in told.of("7 Values")["found"]


def test_with_a_person(sharepoint: SharePointDoctor, monkeypatch: pytest.MonkeyPatch) -> None:
    questions: list[str] = []

    def answers(question: str) -> str:
        questions.append(question)
        copy = next(item for item in sharepoint.graph.drive.items.values() if item is not sharepoint.item)
        copy.locked_by = "Ann Sample" if question.startswith("Open") else None
        return "y"

    monkeypatch.setattr(terminal, "ask", answers)
    told = sharepoint.examine("--smoke", "--interactive")
    assert told.of("4 Open in Excel")["found"] == (
        "While a person has the file open, a whole file is refused (423; who has it open is named), and a session is "
        "granted."
    )
    assert told.verdict_of("6 Seen by a person") == "fine"
    assert [question.split()[0] for question in questions] == ["Open", "Is", "Close"]
    assert "Ann Sample" not in str(told.checks)


def test_a_question_is_put_on_standard_error(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("y \n"))
    assert terminal.ask("Ready?") == "y"
    assert capsys.readouterr() == ("", "Ready? ")


@pytest.mark.parametrize("at", ["shares", "usedRange", "range(address", "closeSession"])
def test_the_copy_is_removed_whatever_goes_wrong(sharepoint: SharePointDoctor, at: str) -> None:
    sharepoint.graph.fault(path_contains=at, status=500, times=50)
    told = sharepoint.run("--config", sharepoint.config, "--smoke")
    assert told.verdict_of("The copy removed") == "fine"
    assert list(sharepoint.graph.drive.items.values()) == [sharepoint.item]


def test_the_copy_is_removed_when_somebody_stops_the_run(
    sharepoint: SharePointDoctor, monkeypatch: pytest.MonkeyPatch
) -> None:
    from scripts.adapters.doctor.smoke import cells as smoke_cells

    def stops(_area: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(smoke_cells, "_free_row", stops)
    with pytest.raises(KeyboardInterrupt):
        sharepoint.run("--config", sharepoint.config, "--smoke")
    assert list(sharepoint.graph.drive.items.values()) == [sharepoint.item]
    assert not sharepoint.graph.excel.sessions


def test_it_is_for_sharepoint_alone(sharepoint: SharePointDoctor, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="for a tracker in SharePoint"):
        sharepoint.run("--config", sharepoint.config, "--smoke", "--tracker", tracker_at(tmp_path / "a.xlsx"))
    assert not sharepoint.graph.log
