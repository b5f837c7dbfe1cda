"""The summary and the reminders all the way to a real relay on loopback, from the command line."""

from __future__ import annotations

import datetime as dt
import re
from email.message import EmailMessage
from pathlib import Path

import pytest

from scripts import check_tracker, ledger, send_reminders, weekly_summary
from tests.scripts.run_here import RunHere
from tests.scripts.trackers import cells_of, column_of, incident, save_tracker, told
from tests.servers.smtp_server import Relay

MONDAY, FRIDAY = dt.date(2026, 11, 23), dt.date(2026, 11, 27)
ANN, BOB = "ann.sample@council.example", "bob.sample@council.example"


@pytest.fixture
def tracker(tmp_path: Path, relay: Relay) -> Path:
    """A tracker with a case without a decision and an agency that is asked, and settings that send by the relay."""
    (tmp_path / "config.toml").write_text(
        f"""
tracker = {{ file = "shared/log.xlsx", copies = 0 }}
council = {{ name = "Example Council" }}
agencies = {{ "Example Police" = "police@agency.example" }}
ledger = {{ file = "ledger.sqlite3" }}

[mail]
transport = "smtp"
sender = "tracker@council.example"
allowed_domains = ["council.example", "agency.example"]
drafts_folder = "drafts"
to_agencies = "drafts"
smtp = {{ host = "localhost", port = {relay.port}, user = "svc-tracker" }}

[recipients]
slt = ["{ANN}", "{BOB}"]
hos_safeguarding = "hos@council.example"
day_four_meeting = "heads@council.example"
""",
        "utf-8",
    )
    (tmp_path / "shared").mkdir()
    asked = {"reference": "CI-2026-001", "agency": "Example Police", "sent": MONDAY, "returned": None}
    case = incident("CI-2026-001", aware_date=MONDAY, form_received=MONDAY, incident_date=MONDAY)
    return save_tracker(tmp_path / "shared" / "log.xlsx", [case], scoping=[asked])


def to(relay: Relay) -> list[list[str]]:
    return [addresses for addresses, _ in relay.taken]


def html_of(mail: EmailMessage) -> str:
    body = mail.get_body(("html",))
    assert body is not None
    return str(body.get_content())


def test_the_summary_arrives_with_its_pictures_and_calendar(tracker: Path, relay: Relay, run_here: RunHere) -> None:
    done = run_here(weekly_summary.main, "--as-of", FRIDAY)
    assert (done.returncode, done.stderr) == (0, "")
    ((addresses, mail),) = relay.taken
    assert addresses == [ANN, BOB]
    assert mail["Subject"].startswith("OFFICIAL-SENSITIVE: Example Council: Critical incidents, week of")
    shown = set(re.findall(r'src="cid:([^"]+)"', html_of(mail)))
    inline = {part["Content-ID"].strip("<>"): part.get_content() for part in mail.walk() if part["Content-ID"]}
    assert shown == set(inline)
    assert len(shown) == 1
    assert all(png.startswith(b"\x89PNG") for png in inline.values())
    calendars = [part for part in mail.walk() if part.get_content_type() == "text/calendar"]
    assert {part.get_param("method") for part in calendars} == {"PUBLISH"}
    assert run_here(weekly_summary.main, "--as-of", FRIDAY).returncode == 0
    assert len(relay.taken) == 1


def test_a_refused_recipient_is_an_error_and_gets_it_later_alone(
    tracker: Path, relay: Relay, run_here: RunHere
) -> None:
    relay.refuses[BOB] = "550 no such mailbox"
    done = run_here(weekly_summary.main, "--as-of", FRIDAY)
    assert done.returncode == 5
    assert "refuses this recipient (550)" in done.stderr
    assert to(relay) == [[ANN]]
    relay.refuses.clear()
    assert run_here(weekly_summary.main, "--as-of", FRIDAY).returncode == 0
    assert to(relay) == [[ANN], [BOB]]


def test_a_lost_reply_goes_to_a_person_and_never_blindly_again(tracker: Path, relay: Relay, run_here: RunHere) -> None:
    relay.breaks.append("reply lost")
    for _ in range(2):
        done = run_here(weekly_summary.main, "--as-of", FRIDAY)
        assert done.returncode == 5
        assert "python -m scripts.ledger --resolve" in done.stderr
    assert to(relay) == [[ANN, BOB]]


def test_reminders_are_sent_and_those_to_agencies_are_drafts(tracker: Path, relay: Relay, run_here: RunHere) -> None:
    done = run_here(send_reminders.main, "--as-of", FRIDAY, "--json")
    assert (done.returncode, done.stderr) == (0, "")
    found = {(each["kind"], each["to"], each["result"]) for each in told(done.stdout)["mail"]}
    assert found == {
        ("day_four_call", "day 4 meeting", "sent"),
        ("day_four_call", "Head of Service for Safeguarding", "sent"),
        ("chaser", "agency Example Police", "drafted"),
        ("daily_list", "Head of Service for Safeguarding", "sent"),
    }
    assert to(relay) == [["heads@council.example", "hos@council.example"], ["hos@council.example"]]
    assert len(list(Path("drafts").glob("*.eml"))) == 1
    assert "Last chased" not in [cell for row in cells_of(tracker, "Scoping") for cell in row]


def test_a_ledger_that_is_lost_with_its_folder_stops_the_mail_until_a_person_has_said_so(
    tracker: Path, relay: Relay, run_here: RunHere, tmp_path: Path
) -> None:
    assert run_here(check_tracker.main, "--as-of", MONDAY).returncode == 0
    assert run_here(send_reminders.main, "--as-of", MONDAY).returncode == 0
    sent = len(to(relay))
    assert sent
    for kept in tmp_path.glob("ledger.sqlite3*"):
        kept.unlink()
    tuesday = MONDAY + dt.timedelta(days=1)
    assert run_here(check_tracker.main, "--as-of", tuesday).returncode == 0
    for _ in range(2):
        done = run_here(send_reminders.main, "--as-of", tuesday)
        assert done.returncode == 5
        assert "is gone, empty or new, although this program has run before, so nothing was sent" in done.stderr
    assert len(to(relay)) == sent
    assert run_here(ledger.main, "--start-anew").returncode == 0
    assert run_here(send_reminders.main, "--as-of", tuesday).returncode == 0
    assert len(to(relay)) > sent


def test_agencies_get_mail_when_the_settings_say_send_and_a_refused_one_is_not_chased(
    tracker: Path, relay: Relay, run_here: RunHere
) -> None:
    config = Path("config.toml")
    config.write_text(config.read_text("utf-8").replace('to_agencies = "drafts"', 'to_agencies = "send"'), "utf-8")
    relay.refuses["police@agency.example"] = "550 no such mailbox"
    done = run_here(send_reminders.main, "--as-of", FRIDAY)
    assert done.returncode == 5
    assert "agency Example Police" in done.stderr
    assert "Last chased" not in [cell for row in cells_of(tracker, "Scoping") for cell in row]
    relay.refuses.clear()
    assert run_here(send_reminders.main, "--as-of", FRIDAY).returncode == 0
    assert ["police@agency.example"] in to(relay)
    assert column_of(tracker, "Last chased", "Scoping") == [FRIDAY]
