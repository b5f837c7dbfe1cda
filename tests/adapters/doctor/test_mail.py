"""doctor on mail: the way out, the recipients, the ledger, and the trial message that takes a person's word."""

from __future__ import annotations

import datetime as dt
import os
import socket
from pathlib import Path

import pytest

from scripts.adapters.cli import terminal
from scripts.adapters.cli.clock import moment
from scripts.adapters.ledger.job_runs import JobRecord
from scripts.adapters.ledger.ledger import Ledger
from scripts.adapters.schedule.runner import in_london
from tests.adapters.doctor.doctor_runs import Doctor, SharePointDoctor, tracker_at
from tests.adapters.mail.post_office import MOMENT, settings, summary
from tests.servers.smtp_server import running_relay
from tracker_schema.calendar.working_days import england_and_wales
from tracker_schema.mail.periods import Daily, newest

NAMED = """
[recipients]
slt = 'slt@council.example'
hos_safeguarding = 'hos@council.example'
day_four_meeting = 'heads@council.example'
business_unit = 'unit@council.example'
director = 'director@council.example'
heads_of_service = {One = 'one@council.example'}
[agencies]
Police = 'police@council.example'
"""


@pytest.fixture
def here(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Doctor:
    monkeypatch.chdir(tmp_path)
    tracker_at(tmp_path / "Tracker.xlsx")
    return Doctor(tmp_path, capsys)


def write(folder: Path, mail: str = "", more: str = "") -> Path:
    path = folder / "config.toml"
    path.write_text(
        f"[tracker]\nfile = 'Tracker.xlsx'\n[ledger]\nfile = 'own/ledger.sqlite3'\n[mail]\ndrafts_folder = 'drafts'\n"
        f"allowed_domains = ['council.example']\nsender = 'tracker@council.example'\n{mail}\n{more}",
        "utf-8",
    )
    return path


def by_smtp(port: int, more: str = "") -> str:
    return f"transport = 'smtp'\nsmtp.host = 'localhost'\nsmtp.port = {port}\n{more}"


def test_as_it_comes_mail_is_drafts(here: Doctor) -> None:
    found = here.run("--config", write(here.folder))
    assert found.of("Mail")["found"] == "Mail is put in a folder as drafts."
    assert found.of("Ledger")["found"] == "There is no ledger yet; the first message makes it."
    assert "Recipients" not in {each["name"] for each in found.checks}
    assert not (here.folder / "own").exists()


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="root may write everywhere")
def test_folders_that_may_not_be_written(here: Doctor) -> None:
    (here.folder / "drafts").mkdir(mode=0o500)
    (here.folder / "own").mkdir(mode=0o500)
    found = here.run("--config", write(here.folder))
    assert (found.verdict_of("Mail"), found.verdict_of("Ledger"), found.code) == ("wrong", "wrong", 2)


def test_a_file_where_a_folder_is_to_be(here: Doctor) -> None:
    (here.folder / "drafts").touch()
    found = here.run("--config", write(here.folder))
    assert found.of("Mail")["found"].startswith("This account may not write to ")
    assert found.code == 2


def test_a_relay_that_can_be_reached(here: Doctor, monkeypatch: pytest.MonkeyPatch) -> None:
    with running_relay(here.folder, password="made-up") as relay:  # noqa: S106
        monkeypatch.setenv("SSL_CERT_FILE", str(here.folder / "authority.pem"))
        monkeypatch.setenv("TRACKER_SMTP_PASSWORD", "made-up")
        config = write(here.folder, by_smtp(relay.port, "smtp.user = 'svc-tracker'"), NAMED)
        found = here.run("--config", config)
        assert (found.verdict_of("Mail"), found.verdict_of("Recipients")) == ("fine", "fine")
        monkeypatch.setenv("TRACKER_SMTP_PASSWORD", "wrong")
        found = here.run("--config", config)
    assert found.of("Mail")["found"] == f"The mail relay localhost:{relay.port} refuses the user or the password (535)."
    assert found.of("Mail")["remedy"] == "Correct mail.smtp.user and TRACKER_SMTP_PASSWORD."
    assert found.code == 2
    assert (relay.taken, relay.signed_in) == ([], ["svc-tracker"])


def test_a_relay_that_is_not_to_be_had_or_not_private(here: Doctor) -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    assert here.run("--config", write(here.folder, by_smtp(port))).verdict_of("Mail") == "wrong"
    with running_relay(here.folder, security="none") as relay:
        found = here.run("--config", write(here.folder, by_smtp(relay.port, "smtp.security = 'none'")))
    assert found.verdict_of("Mail") == "warning"
    assert found.of("Recipients")["found"] == (
        "Nobody is named for slt, hos_safeguarding, day_four_meeting, business_unit, director, heads_of_service, "
        "agencies, so mail to them is not sent."
    )


def test_a_ledger_of_which_a_person_has_something_to_say(here: Doctor) -> None:
    config = settings(here.folder)
    with Ledger(here.folder / "own" / "ledger.sqlite3") as ledger, ledger.alone(MOMENT, print):
        entries = ledger.enter(summary(config), summary(config).recipients, "smtp", MOMENT)
        ledger.confirm([(entries[0], "sent", ""), (entries[1], "unknown", "")], MOMENT)
    found = here.run("--config", write(here.folder))
    assert found.of("Ledger")["found"] == "It is not known whether 1 message arrived."
    with Ledger(here.folder / "own" / "ledger.sqlite3") as ledger:
        ledger.resolve(2, "sent", MOMENT)
    found = here.run("--config", write(here.folder))
    assert found.of("Ledger")["found"] == "The ledger holds 2 messages, and the result of each is known."
    (here.folder / "own" / "ledger.sqlite3").write_bytes(b"made up" * 1000)
    assert here.run("--config", write(here.folder)).verdict_of("Ledger") == "wrong"


def test_a_job_that_failed(here: Doctor) -> None:
    at_midnight = "[schedule]\ncheck_tracker = '00:00'"
    period = newest(Daily((dt.time(0, 0),)), in_london(moment()), england_and_wales())
    assert period is not None
    with JobRecord(here.folder / "own" / "ledger.sqlite3") as record:
        record.begin("check_tracker", period.name, moment())
        record.finish("check_tracker", period.name, 3, "The tracker is not there.", moment())
    found = here.run("--config", write(here.folder, more=at_midnight)).of("Timetable")
    assert (found["verdict"], found["remedy"]) == ("warning", "The tracker is not there.")
    assert found["found"] == f"check_tracker for {period.name} has failed."
    with JobRecord(here.folder / "own" / "ledger.sqlite3") as record:
        record.finish("check_tracker", period.name, 0, "", moment())
    assert here.run("--config", write(here.folder, more=at_midnight)).verdict_of("Timetable") == "fine"


# The trial message


@pytest.fixture
def by_graph(sharepoint: SharePointDoctor) -> SharePointDoctor:
    text = sharepoint.config.read_text("utf-8")
    mail = "[mail]\ntransport = 'graph'\nsender = 'tracker@contoso.com'\nallowed_domains = ['council.example']"
    sharepoint.config.write_text(f"{text.replace('[mail]', mail)}\n{NAMED}", "utf-8")
    return sharepoint


def says(monkeypatch: pytest.MonkeyPatch, answer: str) -> list[str]:
    """Lets a person give that answer to the question about mail; the questions that were asked."""
    asked: list[str] = []

    def answers(question: str) -> str:
        asked.append(question)
        return answer if question.startswith("Send") else "y"

    monkeypatch.setattr(terminal, "ask", answers)
    return asked


def test_no_mail_is_sent_unless_a_person_says_so(by_graph: SharePointDoctor, monkeypatch: pytest.MonkeyPatch) -> None:
    assert by_graph.examine("--smoke").verdict_of("9 Mail") == "not checked"
    asked = says(monkeypatch, "")
    found = by_graph.examine("--smoke", "--interactive")
    assert found.of("9 Mail")["found"] == "The person said no to the trial message."
    assert "Send a trial message to hos@council.example? Type y, or press Enter for no." in asked
    assert by_graph.graph.mail.sent == []


def test_the_trial_message(by_graph: SharePointDoctor, monkeypatch: pytest.MonkeyPatch) -> None:
    says(monkeypatch, "y")
    found = by_graph.examine("--smoke", "--interactive")
    assert found.verdict_of("9 Mail") == "fine"
    (sent,) = by_graph.graph.mail.sent
    assert (sent.recipients, sent.subject) == (["hos@council.example"], "trial message, nothing to do")


def test_a_mailbox_that_is_not_ours(by_graph: SharePointDoctor, monkeypatch: pytest.MonkeyPatch) -> None:
    says(monkeypatch, "y")
    by_graph.graph.mail.allowed.clear()
    found = by_graph.examine("--smoke", "--interactive")
    assert found.of("9 Mail")["found"] == "This program is not allowed to send from tracker@contoso.com."
    assert found.of("9 Mail")["remedy"] == "See section 5 of docs/for-it.md."


def test_a_mailbox_for_a_tracker_on_this_computer(by_graph: SharePointDoctor, here: Doctor) -> None:
    text = by_graph.config.read_text("utf-8").partition("[sign_in]")[2]
    path = here.folder / "mail.toml"
    path.write_text(f"[tracker]\nfile = 'Tracker.xlsx'\n[sign_in]{text}", "utf-8")
    found = here.run("--config", path)
    assert found.verdict_of("Sign-in") == "fine"
    assert "Permissions" not in {each["name"] for each in found.checks}
