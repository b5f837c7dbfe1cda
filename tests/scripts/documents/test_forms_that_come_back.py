"""Forms that come back into the folder of the cases: read in every pass, and moved to the folder of their case."""

from __future__ import annotations

import datetime as dt
import email
import email.policy
import json
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from scripts import make_document, read_returns, results_page, send_reminders
from scripts.adapters.cli import clock
from scripts.adapters.storage.case_folders.on_disk import FoldersOnDisk
from scripts.adapters.storage.local_store import LocalStore
from scripts.adapters.workbook.new.new_workbook import build
from tests.adapters.graph.sharepoint import PATH, config_file, put, saved
from tests.scripts.trackers import AS_OF, cells_of, incident
from tests.word.returned import POLICE, TRUST, scoped

if TYPE_CHECKING:
    from tests.servers.graph.server import GraphServer

DAY = ["--as-of", "2026-11-23"]
CASE = "CI-2026-032"
SENT = dt.date(2026, 11, 16)
RETURNED = "Returned"


@pytest.fixture(scope="module")
def book() -> bytes:
    """Return a tracker with an incident whose two agencies were asked, and the row that asks for their forms."""
    return build(
        {
            "incidents": [incident(CASE)],
            "scoping": [{"reference": CASE, "agency": agency, "sent": SENT} for agency in (POLICE, TRUST)],
            "documents": [{"reference": CASE, "document": "Initial Scoping", "agency": "All"}],
        }
    )


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with settings. A file that is saved now was saved long ago."""
    monkeypatch.chdir(tmp_path)
    later = clock.moment() + dt.timedelta(hours=1)
    monkeypatch.setattr(clock, "moment", lambda: later)
    (tmp_path / "config.toml").write_text("[tracker]\nfile = 'T.xlsx'\ncopies = 0\n[ledger]\nfile = 'own/l.sqlite3'\n")
    with (tmp_path / "config.toml").open("a") as file:
        file.write("[mail]\ndrafts_folder = 'own/drafts'\nallowed_domains = ['council.example']\n")
        file.write("[recipients]\nhos_safeguarding = ['hos@council.example']\n")
    return tmp_path


@pytest.fixture
def tracker(here: Path, book: bytes) -> Path:
    (here / "T.xlsx").write_bytes(book)
    assert make_document.main(["--asked", *DAY]) == 0
    return here / "T.xlsx"


def returned_on(tracker: Path) -> list[Any]:
    cells = cells_of(tracker, "Scoping")
    heading = next(row for row in cells if RETURNED in row)
    return [row[heading.index(RETURNED)] for row in cells[cells.index(heading) + 1 :] if row[0] == CASE]


def remark(tracker: Path) -> str:
    cells = cells_of(tracker, "Documents")
    heading = next(row for row in cells if "Remark" in row)
    return str(cells[cells.index(heading) + 1][heading.index("Remark")])


def forms(here: Path) -> list[str]:
    cases = here / "Cases"
    return sorted(path.relative_to(cases).as_posix() for path in cases.rglob("*.docx") if "initial" not in path.name)


def send_reminders_and_read(here: Path) -> str:
    """Return the text of the daily list."""
    send_reminders.main(DAY)
    (daily,) = (here / "own" / "drafts").glob("*daily*")
    message = email.message_from_bytes(daily.read_bytes(), policy=email.policy.default)
    body = message.get_body(("plain",))
    assert body is not None
    return " ".join(str(body.get_content()).split())


def save(here: Path, name: str, data: bytes, within: str = "") -> Path:
    folder = here / "Cases" / "Returned forms" / within
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_bytes(data)
    return folder / name


def test_a_form_is_entered_moved_to_its_case_and_said_on_the_sheet(tracker: Path, here: Path) -> None:
    assert (here / "Cases" / "Returned forms").is_dir()  # made with the first document
    save(here, "police.docx", scoped(POLICE, CASE))
    assert read_returns.main(["--returned", *DAY]) == 0
    assert returned_on(tracker) == [AS_OF, ""]
    assert forms(here) == [f"{CASE}/Processed/police.docx"]
    assert "Came back 23/11/2026: 1 cell entered." in remark(tracker)
    before = tracker.read_bytes()
    assert read_returns.main(["--returned", *DAY]) == 0
    assert tracker.read_bytes() == before


def test_what_cannot_be_used_stays_and_says_why(tracker: Path, here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    form = scoped(POLICE, CASE)
    save(here, "police.docx", form)
    assert read_returns.main(["--returned", *DAY]) == 0
    save(here, "police again.docx", form)  # the same form twice
    save(here, "letter.docx", b"no form")
    with save(here, "huge.docx", b"").open("r+b") as file:
        file.truncate(200 << 20)
    capsys.readouterr()
    assert read_returns.main(["--returned", *DAY, "--json"]) == 0
    refused = json.loads(capsys.readouterr().out)["folders"][0]["refused"]
    whys = " ".join(str(each) for each in refused)
    assert "larger than 25 MB" in whys
    assert len(refused) == 3
    assert returned_on(tracker) == [AS_OF, ""]
    daily = send_reminders_and_read(here)
    assert "larger than 25 MB" in daily
    assert "The folders of the cases: " in daily
    assert daily.count("In the folder “Returned forms”") == 3
    assert sorted(path.name for path in (here / "Cases/Returned forms").iterdir()) == [
        "huge.docx",
        "letter.docx",
        "police again.docx",
    ]


def test_what_must_be_read_at_once_is_the_first_thing_said(
    tracker: Path, here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    save(here, "of another log.docx", scoped(POLICE, "CI-1999-099", action_needed="Yes"))
    assert read_returns.main(["--returned", *DAY]) == 0
    urgent = "Read it now: to “Is anything needed at once to keep this or another child safe?” it answers “Yes”."
    daily = send_reminders_and_read(here)
    assert f"NOVEMBER 2026 {urgent}" in daily
    assert daily.count("In the folder “Returned forms”") == 1
    capsys.readouterr()
    assert results_page.main(["--json"]) == 0
    page = Path(json.loads(capsys.readouterr().out)["page"]).read_text("utf-8")
    assert f"{urgent} In the folder" in page


def test_with_ask_it_waits_for_a_person(tracker: Path, here: Path) -> None:
    with (here / "config.toml").open("a") as file:
        file.write("[returns]\nenter = 'ask'\n")
    form = save(here, "trust.docx", scoped(TRUST, CASE))
    assert read_returns.main(["--returned", *DAY]) == 0
    assert returned_on(tracker) == ["", ""]
    assert "1 cell would be entered. Move it to the folder Enter" in remark(tracker)
    form.rename(form.parent / "Enter" / form.name)
    assert read_returns.main(["--returned", *DAY]) == 0
    assert returned_on(tracker) == ["", AS_OF]
    assert forms(here) == [f"{CASE}/Processed/trust.docx"]


def test_a_file_that_is_still_being_written_is_left_for_the_next_pass(
    tracker: Path, here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    save(here, "police.docx", scoped(POLICE, CASE))
    with monkeypatch.context() as patched:
        patched.setattr(clock, "moment", lambda: dt.datetime.now(dt.UTC))
        assert read_returns.main(["--returned", *DAY]) == 0
        assert returned_on(tracker) == ["", ""]
    assert read_returns.main(["--returned", *DAY]) == 0
    assert returned_on(tracker) == [AS_OF, ""]


class Killed(BaseException):
    """The process ends here."""


@pytest.mark.parametrize(("target", "name"), [(LocalStore, "write"), (FoldersOnDisk, "file_away")])
@pytest.mark.parametrize("after", [False, True])
def test_a_run_that_is_killed_is_finished_by_the_next(
    target: type, name: str, after: bool, tracker: Path, here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    save(here, "police.docx", scoped(POLICE, CASE))
    real: Callable[..., Any] = getattr(target, name)

    def dies(*arguments: Any) -> None:
        if after:
            real(*arguments)
        raise Killed

    with monkeypatch.context() as patched:
        patched.setattr(target, name, dies)
        with pytest.raises(Killed):
            read_returns.main(["--returned", *DAY])
    assert read_returns.main(["--returned", *DAY]) == 0
    assert returned_on(tracker) == [AS_OF, ""]
    assert forms(here) == [f"{CASE}/Processed/police.docx"]


def test_in_sharepoint_it_is_the_same(
    here: Path, book: bytes, graph: GraphServer, waits: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TRACKER_CLIENT_SECRET", graph.entra.secret)
    item = put(graph, book)
    config = config_file(graph, here)
    config.write_text(config.read_text() + "\n[ledger]\nfile = 'own/l.sqlite3'\n")
    assert make_document.main(["--asked", *DAY]) == 0
    cases = f"/{PATH.rpartition('/')[0]}/Cases"
    assert f"{cases}/Returned forms" in graph.drive.made_folders
    theirs = graph.add_file(f"{cases}/{CASE}/Processed/police.docx", b"of somebody")
    form = graph.add_file(f"{cases}/Returned forms/police.docx", scoped(POLICE, CASE))
    large = graph.add_file(f"{cases}/Returned forms/huge.docx", b"x" * (27 << 20))
    assert read_returns.main(["--returned", *DAY]) == 0
    tracker = saved(item, here / "now.xlsx")
    assert returned_on(tracker) == [AS_OF, ""]
    assert form.path == f"{cases}/{CASE}/Processed/police (2).docx"
    assert theirs.content == b"of somebody"
    assert not graph.requests_to(f"items/{large.id}/content")  # not even fetched
    assert "Came back 23/11/2026" in remark(tracker)
