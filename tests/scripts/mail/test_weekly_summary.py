"""The weekly summary as people run it: on real files, once a week, and on show."""

from __future__ import annotations

import datetime as dt
import email
import email.policy
import re
from email.message import EmailMessage
from pathlib import Path

import pytest
from icalendar import Calendar

from scripts import weekly_summary
from scripts.adapters.mail.weekly_run import MOST_FILES
from tests.scripts.layouts import save_sheets
from tests.scripts.run_here import RunHere
from tests.scripts.tracker.test_layouts import INCIDENTS, LAYOUTS
from tests.scripts.trackers import AS_OF, incident, save_tracker, told

CONFIG = """
[tracker]
file = "shared/log.xlsx"
copies = 0

[council]
name = "Example Council"

[mail]
allowed_domains = ["council.example"]
drafts_folder = "drafts"

[recipients]
slt = ["ann.sample@council.example", "bob.sample@council.example"]

[ledger]
file = "ledger.sqlite3"
"""


@pytest.fixture
def council(tmp_path: Path) -> Path:
    """A folder with a tracker and settings."""
    (tmp_path / "shared").mkdir()
    save_tracker(
        tmp_path / "shared" / "log.xlsx", [incident("CI-2026-001"), incident("CI-2026-002", form_received=None)]
    )
    (tmp_path / "config.toml").write_text(CONFIG, "utf-8")
    return tmp_path


def opened(path: Path) -> EmailMessage:
    return email.message_from_bytes(path.read_bytes(), policy=email.policy.default)


def drafts(folder: Path) -> list[EmailMessage]:
    return [opened(path) for path in sorted((folder / "drafts").glob("*.eml"))]


def text_of(mail: EmailMessage, kind: str = "plain") -> str:
    body = mail.get_body((kind,))
    assert body is not None
    return str(body.get_content())


def events_of(mail: EmailMessage) -> list[tuple[str, object]]:
    """By attached file, its one event: the title and the day."""
    attached = [part for part in mail.walk() if part.get_content_type() == "text/calendar"]
    events = [Calendar.from_ical(part.get_content()).events for part in attached]
    return [(str(event["summary"]), event.start) for (event,) in events]


def test_it_goes_once_a_week_and_says_what_the_tracker_says(council: Path, run_here: RunHere) -> None:
    done = run_here(weekly_summary.main, "--as-of", AS_OF)
    assert (done.returncode, done.stderr) == (0, "")
    (mail,) = drafts(council)
    assert mail["To"] == "ann.sample@council.example, bob.sample@council.example"
    assert mail["Subject"].startswith(
        "OFFICIAL-SENSITIVE: Example Council: Critical incidents, week of Monday 23 November"
    )
    assert "CI-" not in mail["Subject"]
    said = " ".join(text_of(mail).split())
    assert "CI-2026-002: OVERDUE. Serious harm, looked after: not known." in said or said
    assert "2 incidents of 2 are open" in said
    assert f"The workbook: {council / 'shared' / 'log.xlsx'}" in said
    assert text_of(mail).strip().endswith("From log.xlsx, as on 23/11/2026.")
    assert [part.get_content_type() for part in mail.walk() if not part.is_multipart()] == [
        *("text/plain", "text/html", "image/png"),
        *["text/calendar"] * len(events_of(mail)),
    ]
    again = run_here(weekly_summary.main, "--as-of", dt.date(2026, 11, 25))
    assert again.returncode == 0
    assert "done before" in again.stdout
    assert len(drafts(council)) == 1


def test_it_links_to_what_is_there(council: Path, run_here: RunHere) -> None:
    cases = council / "shared" / "Cases"
    for name in ("CI-2026-002", "Somebody's own", "SLT"):
        (cases / name).mkdir(parents=True)
    for day in (16, 23):
        (cases / "SLT" / f"slt-paper 2026-11-{day}.docx").touch()
    run_here(weekly_summary.main, "--as-of", AS_OF, "--preview", "page.html")
    links = re.findall(r'<a href="([^"]+)"[^>]*>([^<]+)</a>', (council / "page.html").read_text("utf-8"))
    assert links == [
        ((council / "shared" / "log.xlsx").as_uri(), "Open the workbook"),
        ((cases / "SLT" / "slt-paper 2026-11-23.docx").as_uri(), "Open the SLT paper"),
        ((cases / "CI-2026-002").as_uri(), "CI-2026-002"),
    ]


def test_next_week_only_what_is_new_is_told_as_new(council: Path, run_here: RunHere) -> None:
    run_here(weekly_summary.main, "--as-of", AS_OF)
    late = incident("CI-2026-003", aware_date=dt.date(2026, 10, 1), form_received=dt.date(2026, 10, 2))
    save_tracker(
        council / "shared" / "log.xlsx", [incident("CI-2026-001"), incident("CI-2026-002", form_received=None), late]
    )
    done = run_here(weekly_summary.main, "--as-of", dt.date(2026, 12, 1), "--json")
    found = told(done.stdout)
    assert found["since"] == "2026-11-23"
    assert [each["reference"] for each in found["new"]["Critical incident"]] == ["CI-2026-003"]
    assert found["new"]["Logged, form not yet received"] == []
    assert [each["result"] for each in found["mail"]] == ["drafted", "drafted"]


def test_each_of_the_next_deadlines_is_a_file_of_its_own(council: Path, run_here: RunHere) -> None:
    run_here(weekly_summary.main, "--as-of", AS_OF)
    (mail,) = drafts(council)
    events = events_of(mail)
    assert ("CI-2026-001: Notify the national Panel, statutory", dt.date(2026, 11, 25)) in events
    assert len(events) <= MOST_FILES
    assert all(isinstance(day, dt.date) and day >= AS_OF for _, day in events)
    names = [part.get_filename() for part in mail.walk() if part.get_content_type() == "text/calendar"]
    assert "2026-11-25 CI-2026-001- Notify the national Panel- statutory.ics" in names


def test_a_dry_run_and_a_preview_send_and_remember_nothing(council: Path, run_here: RunHere) -> None:
    dry = run_here(weekly_summary.main, "--as-of", AS_OF, "--dry-run")
    assert dry.returncode == 0
    assert "would be drafted" in dry.stdout
    shown = run_here(weekly_summary.main, "--as-of", AS_OF, "--preview", "page.html")
    assert shown.returncode == 0
    assert "nothing was sent" in shown.stdout
    page = (council / "page.html").read_text("utf-8")
    assert page.startswith("<!DOCTYPE html>")
    assert "cid:" not in page
    made = {path.name for path in council.iterdir()}
    assert made == {"shared", "config.toml", "page.html"}


def test_a_workbook_of_ones_own_gives_a_draft_without_any_settings(
    tmp_path: Path, run_here: RunHere, own_home: Path
) -> None:
    tracker = save_tracker(tmp_path / "log.xlsx", [incident("CI-2026-001")])
    done = run_here(weekly_summary.main, "--tracker", tracker, "--as-of", AS_OF)
    assert (done.returncode, done.stderr) == (0, "")
    (path,) = own_home.rglob("*.eml")
    assert opened(path)["To"] is None


def test_the_demonstration_makes_a_draft_each_time(tmp_path: Path, run_here: RunHere) -> None:
    for _ in range(2):
        done = run_here(weekly_summary.main, "--demo", "--as-of", AS_OF)
        assert (done.returncode, done.stderr) == (0, "")
        assert "drafted" in done.stdout
    (mail,) = [opened(path) for path in (tmp_path / "demo" / "mail").glob("*.eml")]
    assert mail["To"] == "slt@council.example"


def test_what_cannot_be_done_is_told_in_a_sentence(council: Path, run_here: RunHere) -> None:
    done = run_here(weekly_summary.main, "--as-of", AS_OF, "--preview", "nowhere/page.html")
    assert done.returncode == 2
    assert "nowhere" in done.stderr
    assert "Traceback" not in done.stderr
    beyond = run_here(weekly_summary.main, "--as-of", dt.date(2028, 12, 28))
    assert beyond.returncode == 2
    assert "is outside the years whose bank holidays are known" in beyond.stderr
    (council / "shared" / "log.xlsx").unlink()
    assert run_here(weekly_summary.main, "--as-of", AS_OF).returncode == 3
    assert run_here(weekly_summary.main, "--demo", "--tracker", "x.xlsx").returncode == 2


def test_a_recipient_outside_the_allowed_domains_is_refused_by_name(council: Path, run_here: RunHere) -> None:
    config = council / "config.toml"
    config.write_text(CONFIG.replace("bob.sample@council.example", "bob.sample@elsewhere.example"), "utf-8")
    done = run_here(weekly_summary.main, "--as-of", AS_OF)
    assert done.returncode == 2
    assert "elsewhere.example" in done.stderr
    assert not (council / "drafts").exists()


def test_it_is_the_same_in_every_layout_of_the_log(tmp_path: Path, run_here: RunHere) -> None:
    def summed_up(tracker: Path, layout: str = "") -> object:
        (tmp_path / "config.toml").write_text(layout, "utf-8")
        done = run_here(weekly_summary.main, "--tracker", tracker, "--as-of", AS_OF, "--dry-run", "--json")
        assert (done.returncode, done.stderr) == (0, "")
        # The workbooks differ in their names and rows, and in what a heading may be found wrong with.
        return _without(told(done.stdout), {"tracker", "row", "key", "to_mend"})

    plain = summed_up(save_tracker(tmp_path / "plain.xlsx", INCIDENTS))
    for number, (sheets, layout) in enumerate(LAYOUTS.values()):
        assert summed_up(save_sheets(tmp_path / f"{number}.xlsx", sheets), layout) == plain, layout


def _without(found: object, names: set[str]) -> object:
    if isinstance(found, dict):
        return {name: _without(value, names) for name, value in found.items() if name not in names}
    if isinstance(found, list):
        return sorted((_without(value, names) for value in found), key=repr)
    return found
