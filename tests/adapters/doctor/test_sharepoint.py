"""doctor on a tracker in the made-up SharePoint: each check fine, and each going wrong with its remedy."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.adapters.doctor.doctor_runs import SharePointDoctor, tracker_at
from tests.adapters.graph.sharepoint import NAME, PATH, SITE, config_file

if TYPE_CHECKING:
    from tests.servers.graph.server import GraphServer


def test_all_fine(sharepoint: SharePointDoctor) -> None:
    told = sharepoint.examine()
    # The made-up tracker lacks headings on purpose.
    assert told.not_fine() == {"Clocks": "warning"}
    assert (told.code, told.verdict) == (0, "warning")
    assert [each["name"] for each in told.checks] == [
        *("Python", "Packages", "Time zone", "Bank holidays", "Settings", "Word templates", "E-mail templates"),
        *("Mail", "Ledger", "Microsoft 365", "Clock"),
        *("Secrets", "Sign-in", "Permissions", "Site", "Library", "File", "Reading the tracker", "Headings", "Clocks"),
        *("Our columns", "Status columns", "Changing the workbook", "Write permission", "Way to write"),
    ]
    assert told.of("Secrets")["found"] == "The client secret is in the environment, as TRACKER_CLIENT_SECRET."
    assert told.of("Way to write")["found"].endswith("also while people have it open; auto uses that.")
    assert sharepoint.graph.entra.secret not in str(told.checks)
    assert "ZZ" not in str(told.checks)


def test_by_link(sharepoint: SharePointDoctor, graph: GraphServer) -> None:
    text = sharepoint.config.read_text("utf-8").replace(f"site = '{SITE}'\npath = '{PATH}'", "")
    link = f"[sharepoint]\nlink = '{sharepoint.item.share_link}'"
    sharepoint.config.write_text(text.replace("[sharepoint]", link), "utf-8")
    told = sharepoint.examine()
    assert told.code == 0
    assert "Site" not in [each["name"] for each in told.checks]
    assert told.verdict_of("File") == "fine"


# The place


@pytest.mark.parametrize(
    ("old", "new", "name", "code", "says"),
    [
        (SITE, f"{SITE}x", "Site", 2, "There is no site"),
        (PATH, "Trackers/Critical incident.xlsx", "File", 3, "There is no file"),
        (PATH, "Tracker/Critical incidents.xlsx", "File", 3, "There is no folder"),
        ("[sign_in]", "library = 'Papers'\n[sign_in]", "Library", 2, "has no library “Papers”"),
    ],
)
def test_a_place_that_is_not_there(
    sharepoint: SharePointDoctor, old: str, new: str, name: str, code: int, says: str
) -> None:
    sharepoint.config.write_text(sharepoint.config.read_text("utf-8").replace(old, new), "utf-8")
    told = sharepoint.examine()
    assert told.code == code
    assert told.verdict_of(name) == "wrong"
    assert says in told.of(name)["found"]
    assert told.of("Headings")["found"] == f"“{name}” must be right first."


def test_a_site_that_was_not_granted(sharepoint: SharePointDoctor) -> None:
    sharepoint.graph.site.grant = None
    told = sharepoint.examine()
    assert told.code == 2
    assert told.of("Site")["found"] == f"This program may not see the site {SITE}."
    assert "Sites.Selected" in told.of("Site")["remedy"]


def test_a_file_that_is_damaged(sharepoint: SharePointDoctor) -> None:
    sharepoint.item.content = b"no workbook"
    told = sharepoint.run("--config", sharepoint.config)
    assert told.code == 3
    assert told.verdict_of("Headings") == "wrong"
    sharepoint.item.content = b""
    told = sharepoint.run("--config", sharepoint.config)
    assert told.code == 3
    assert told.verdict_of("Reading the tracker") == "wrong"


# Writing


def test_a_site_that_may_only_be_read(sharepoint: SharePointDoctor) -> None:
    sharepoint.graph.site.grant = "read"
    told = sharepoint.examine()
    assert told.code == 3
    assert told.of("Write permission")["found"] == "This program may read the tracker's folder but not write there."
    assert "“write”" in told.of("Write permission")["remedy"]
    assert told.verdict_of("Way to write") == "not checked"


@pytest.mark.parametrize("code", ["EditModeAccessDenied", "AccessDenied", "badRequest", "notImplemented"])
@pytest.mark.parametrize(
    ("mode", "verdict", "exit_code"), [("auto", "warning", 0), ("cells", "wrong", 3), ("upload", "fine", 0)]
)
def test_excels_service_refuses(
    sharepoint: SharePointDoctor, code: str, mode: str, verdict: str, exit_code: int
) -> None:
    sharepoint.config = config_file(sharepoint.graph, sharepoint.folder, mode=mode)
    sharepoint.graph.excel.refuse(code)
    told = sharepoint.examine()
    assert told.verdict_of("Way to write") == verdict
    assert told.code == exit_code
    assert code in told.of("Way to write")["found"]


def test_upload_where_cells_are_possible(sharepoint: SharePointDoctor) -> None:
    sharepoint.config = config_file(sharepoint.graph, sharepoint.folder, mode="upload")
    told = sharepoint.examine()
    assert told.verdict_of("Way to write") == "warning"
    assert 'mode = "auto"' in told.of("Way to write")["remedy"]


def test_the_tracker_itself_is_never_changed_to_try_anything(sharepoint: SharePointDoctor) -> None:
    before = sharepoint.item.etag
    sharepoint.item.locked_by = "Ann Sample"
    assert sharepoint.examine().code == 0
    assert sharepoint.item.etag == before
    to_the_tracker = sharepoint.graph.requests_to(sharepoint.item.id)
    changing = [request.path for request in to_the_tracker if request.method != "GET"]
    assert all(path.endswith("Session") for path in changing), changing


def test_somebody_has_the_workbook_to_himself(sharepoint: SharePointDoctor) -> None:
    sharepoint.graph.excel.refuse("accessConflict", 409)
    told = sharepoint.examine()
    assert told.code == 4
    assert told.verdict_of("Way to write") == "wrong"


def test_a_dry_run_makes_no_copy(sharepoint: SharePointDoctor) -> None:
    told = sharepoint.examine("--dry-run")
    assert told.code == 0
    assert told.verdict_of("Write permission") == "not checked"
    assert told.verdict_of("Way to write") == "fine"
    changing = [request.path for request in sharepoint.graph.requests_to("graph") if request.method != "GET"]
    assert all(request.endswith("Session") for request in changing), changing


def test_the_copy_is_named_for_what_it_is(sharepoint: SharePointDoctor) -> None:
    sharepoint.examine()
    (made,) = sharepoint.graph.requests_to("doctor check", "PUT")
    assert "/~doctor check, delete me " in made.path
    assert ".xlsx:" in made.path


@pytest.mark.parametrize(
    "fault",
    [
        {"path_contains": "createSession", "status": 500, "times": 9},
        {"path_contains": "createSession", "drop": "before", "times": 9},
        {"path_contains": "closeSession", "status": 500, "times": 9},
        {"method": "PUT", "drop": "after"},
        {"method": "PUT", "status": 503, "after_work": True},
        {"method": "DELETE", "drop": "before"},
        {"method": "DELETE", "drop": "after"},
    ],
)
def test_the_copy_is_removed_whatever_goes_wrong(sharepoint: SharePointDoctor, fault: dict[str, object]) -> None:
    sharepoint.graph.fault(**fault)  # type: ignore[arg-type]
    told = sharepoint.run("--config", sharepoint.config)
    assert list(sharepoint.graph.drive.items.values()) == [sharepoint.item]
    assert sharepoint.item.content == sharepoint.data
    assert told.code in (0, 4)


def test_a_copy_that_cannot_be_removed_is_named(sharepoint: SharePointDoctor) -> None:
    sharepoint.graph.fault(method="DELETE", status=500, times=9)
    told = sharepoint.run("--config", sharepoint.config)
    assert told.code == 3
    assert "could not be removed" in told.of("Write permission")["found"]
    assert "delete it there" in told.of("Write permission")["remedy"].lower()


def test_permission_to_write_but_not_to_delete(sharepoint: SharePointDoctor) -> None:
    sharepoint.graph.fault(method="DELETE", status=403, times=9)
    told = sharepoint.run("--config", sharepoint.config)
    assert told.code == 3
    assert "could not be removed" in told.of("Write permission")["found"]


def test_a_copy_that_a_killed_run_left(sharepoint: SharePointDoctor, monkeypatch: pytest.MonkeyPatch) -> None:
    from scripts.adapters.doctor.smoke import trial_copy
    from tests.servers.graph.redirect import Killed

    sharepoint.examine()
    made = next(at for at, request in enumerate(sharepoint.graph.run, 1) if request.method == "PUT")
    sharepoint.graph.new_run()
    sharepoint.graph.kill_at(made, after_work=True)
    with pytest.raises(Killed):
        sharepoint.run("--config", sharepoint.config)
    sharepoint.graph.new_run()
    monkeypatch.setattr(trial_copy, "this_computers_time", lambda: dt.datetime(2026, 11, 23, 10, 15))
    told = sharepoint.run("--config", sharepoint.config)
    assert (told.code, told.verdict_of("Copies left behind")) == (0, "warning")
    assert "“~doctor check, delete me " in told.of("Copies left behind")["found"]


def test_a_file_of_the_same_name_is_left_alone(sharepoint: SharePointDoctor, monkeypatch: pytest.MonkeyPatch) -> None:
    from scripts.adapters.doctor.smoke import trial_copy

    monkeypatch.setattr(trial_copy, "this_computers_time", lambda: dt.datetime(2026, 11, 23, 10, 15))
    other = sharepoint.graph.add_file("/Trackers/~doctor check, delete me 101500.xlsx", b"somebody's")
    told = sharepoint.run("--config", sharepoint.config)
    assert other in sharepoint.graph.drive.items.values()
    assert other.content == b"somebody's"
    assert told.verdict_of("Write permission") == "wrong"


def test_a_check_that_fails_itself(sharepoint: SharePointDoctor, monkeypatch: pytest.MonkeyPatch) -> None:
    from scripts.adapters.doctor import sharepoint as checks

    def fails(*_: object, **__: object) -> None:
        raise ValueError("Made Up, born 1.2.2015")

    monkeypatch.setattr(checks, "try_cells", fails)
    told = sharepoint.examine()
    assert told.code == 3
    assert "ValueError at test_sharepoint.py:" in told.of("Write permission")["found"]
    assert "Made Up" not in str(told.checks)
    assert "--verbose" in told.of("Write permission")["remedy"]


def test_a_local_tracker_leaves_sharepoint_out(sharepoint: SharePointDoctor, tmp_path: Path) -> None:
    (tmp_path / "here").mkdir()
    told = sharepoint.examine("--tracker", tracker_at(tmp_path / "here" / NAME))
    assert told.code == 0
    assert not sharepoint.graph.log
    assert not {"Sign-in", "Site", "Clock"} & {each["name"] for each in told.checks}
