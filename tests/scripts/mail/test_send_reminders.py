"""The reminders as people run them, day after day, on real files."""

from __future__ import annotations

import datetime as dt
import email
import email.policy
import os
import shutil
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest

from scripts import ledger, send_reminders
from scripts.adapters.cli import clock
from scripts.adapters.ledger.returns_so_far import ReturnsSoFar
from scripts.adapters.mail.messages import reminders
from scripts.adapters.mail.messages.templates import FOLDER, environment
from tests.scripts.run_here import Done, RunHere
from tests.scripts.trackers import cells_of, column_of, incident, save_tracker, told
from tracker_schema.calendar.working_days import england_and_wales

DAYS = england_and_wales()
MONDAY = dt.date(2026, 11, 23)

CONFIG = """
[tracker]
file = "shared/log.xlsx"
copies = 0

[council]
name = "Example Council"

[mail]
allowed_domains = ["council.example", "agency.example"]
drafts_folder = "drafts"

[agencies]
"Example Police" = "police@agency.example"
"Example School" = "schools@agency.example"
"Example Nursery" = "schools@agency.example"

[recipients]
hos_safeguarding = ["hos@council.example"]
day_four_meeting = ["heads@council.example"]
business_unit = ["unit@council.example"]

[recipients.heads_of_service]
"Head of Service One" = "one@council.example"

[ledger]
file = "ledger.sqlite3"
"""


def day(after: int) -> dt.date:
    """So many working days after Monday 23 November 2026."""
    return DAYS.add(MONDAY, after) if after else MONDAY


def case(reference: str = "CI-2026-001", **cells: Any) -> dict[str, object]:
    """An incident of that Monday, with its form, that SLT has discussed."""
    return incident(
        reference,
        **{
            "incident_date": MONDAY,
            "aware_date": MONDAY,
            "form_received": MONDAY,
            "slt_discussed": MONDAY,
            "operational_head": "Head of Service One",
            "cspr_referred": None,
            "operational_head_told": None,
            "risk": "Made up: private",
            "immediate_action": None,
            "partner_views": None,
        }
        | cells,
    )


def asked(agency: str = "Example Police", **cells: Any) -> dict[str, object]:
    return {"reference": "CI-2026-001", "agency": agency, "sent": MONDAY, "returned": None} | cells


class Council:
    """A folder with a tracker and settings, and the job run in it."""

    def __init__(self, folder: Path, run: RunHere, monkeypatch: pytest.MonkeyPatch) -> None:
        self.folder = folder
        self._run = run
        self._monkeypatch = monkeypatch
        self._seen: set[Path] = set()
        (folder / "shared").mkdir()
        self.tracker = folder / "shared" / "log.xlsx"
        (folder / "config.toml").write_text(CONFIG, "utf-8")

    def save(self, *incidents: dict[str, object], scoping: tuple[dict[str, object], ...] = ()) -> None:
        save_tracker(self.tracker, incidents, scoping=scoping)

    def run(self, on: dt.date, *options: object) -> Done:
        morning = dt.datetime.combine(on, dt.time(8), dt.UTC)
        self._monkeypatch.setattr(clock, "moment", lambda: morning)
        return self._run(send_reminders.main, "--as-of", on, *options)

    def ledger(self, *options: object) -> Done:
        return self._run(ledger.main, *options)

    def new_mail(self, on: dt.date, *options: object) -> list[EmailMessage]:
        """The drafts that a run on that day made."""
        done = self.run(on, *options)
        assert (done.returncode, done.stderr) == (0, "")
        files = set((self.folder / "drafts").glob("*.eml")) - self._seen
        self._seen |= files
        return [email.message_from_bytes(path.read_bytes(), policy=email.policy.default) for path in sorted(files)]


@pytest.fixture
def council(tmp_path: Path, run_here: RunHere, monkeypatch: pytest.MonkeyPatch) -> Council:
    return Council(tmp_path, run_here, monkeypatch)


def subjects(mails: list[EmailMessage]) -> list[str]:
    return sorted(str(mail["Subject"]).removeprefix("OFFICIAL-SENSITIVE: ").partition(": ")[0] for mail in mails)


def text_of(mail: EmailMessage) -> str:
    body = mail.get_body(("plain",))
    assert body is not None
    return " ".join(str(body.get_content()).split())


def test_a_case_without_a_decision_day_by_day(council: Council) -> None:
    council.save(case(slt_discussed=day(1)))
    told_by_day = {after: subjects(council.new_mail(day(after))) for after in (0, 1, 2, 3, 4, 4, 5, 6)}
    everyday = "Critical incidents today"
    assert told_by_day == {
        0: [everyday],  # a Monday, so that the list comes although nothing needs anybody
        1: [],
        2: [everyday],
        3: [everyday, "Decision needed by 27 Nov"],
        4: [],  # the second run of that day
        5: [everyday, "Still no decision"],
        6: [everyday, "Statutory date passed", "Statutory date passed"],  # the Panel and the partners
    }


def test_the_list_goes_on_days_with_news_and_says_what_is_new(council: Council) -> None:
    council.save(case(slt_discussed=day(5)))
    late = [[subject for subject in subjects(council.new_mail(day(after))) if "today" in subject] for after in (8, 9)]
    assert late == [["Critical incidents today"], []]  # a day later nothing is new
    (council.folder / "config.toml").write_text(f'{CONFIG}\n[reminders]\ndaily_list = "always"\n', "utf-8")
    (mail,) = [mail for mail in council.new_mail(day(10)) if "today" in mail["Subject"]]
    assert mail["Subject"].startswith("OFFICIAL-SENSITIVE: Critical incidents today: ")
    assert "STILL OPEN" in text_of(mail)


def test_the_list_names_the_drafts_that_wait_and_the_forms_that_came(council: Council) -> None:
    council.save(case(slt_discussed=day(5)), scoping=(asked(),))
    (daily,) = [text_of(mail) for mail in council.new_mail(day(3)) if "incidents today" in mail["Subject"]]
    assert f"Drafts that wait for somebody to send them, in {council.folder / 'drafts'}:" in daily
    reminder = "Reminder of a scoping return about CI-2026-001, for agency Example Police (made 26 November)"
    assert f"- New: {reminder}." in daily
    with ReturnsSoFar(council.folder / "ledger.sqlite3") as record:
        record.enter("CI-2026-001", "Example Police", ["What the records say"], day(4))
    (daily,) = [text_of(mail) for mail in council.new_mail(day(4)) if "incidents today" in mail["Subject"]]
    assert "- The return of Example Police that came on 27 November lacks: What the records say." in daily
    council.save(case(slt_discussed=day(5)), scoping=(asked(returned=day(4)),))
    (daily,) = [text_of(mail) for mail in council.new_mail(day(5)) if "incidents today" in mail["Subject"]]
    assert "Entered as received since the last list: the return of Example Police (CI-2026-001, 27 November)." in daily


def test_the_day_4_call_goes_to_the_heads_of_the_case_and_says_what_is_missing(council: Council) -> None:
    council.save(case())
    (call,) = [mail for mail in council.new_mail(day(4)) if "to meet today" in mail["Subject"]]
    assert call["To"] == "one@council.example, heads@council.example, hos@council.example"
    assert call["Subject"] == "OFFICIAL-SENSITIVE: Heads of Service to meet today: CI-2026-001"
    said = text_of(call)
    assert "Specific risk: is in the tracker" in said
    assert "Immediate action: NOT in the tracker yet" in said
    assert "due by Monday 30 November 2026" in said
    assert "private" not in said


def test_a_mistake_in_one_template_stops_no_other_message(
    council: Council, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(FOLDER, tmp_path / "emails")
    (tmp_path / "emails" / "chaser.txt.j2").write_text("Subject: For {{ nobody }}\n")
    monkeypatch.setattr(reminders, "environment", lambda names: environment(names, tmp_path / "emails"))
    council.save(case(), scoping=(asked(),))
    done = council.run(day(4))
    fault = "templates/emails/chaser.txt.j2, line 1: 'nobody' is undefined. Correct the template.\n"
    assert (done.returncode, done.stderr) == (2, fault)
    drafts = {path.name.split(" ")[1] for path in (council.folder / "drafts").iterdir()}
    assert drafts == {"day-four-call", "daily-list"}
    (daily,) = (council.folder / "drafts").glob("*daily-list*")
    assert "Messages were not written. templates/emails/chaser" in daily.read_text("utf-8")


def test_a_tracker_that_stands_still_is_said_in_the_daily_list(
    council: Council, monkeypatch: pytest.MonkeyPatch
) -> None:
    council.save(case())
    (council.folder / "shared" / "Minutes.docx").write_bytes(b"")
    os.utime(council.tracker, (1_700_000_000, 1_700_000_000))
    monkeypatch.setenv("OneDriveCommercial", str(council.folder / "shared"))
    said = " ".join(" ".join(map(text_of, council.new_mail(day(1)))).split())
    assert "The tracker has not changed for more than a day, while other files of its folder have." in said


def test_no_message_names_a_column_that_the_log_has_not(council: Council) -> None:
    lacking = {"risk", "heads_met", "operational_head_told"}
    called = {column: cell for column, cell in case(decision=None).items() if column not in lacking}
    referred = called | {"reference": "CI-2026-002", "decision": "Refer to DSPP only", "cspr_referred": day(4)}
    council.save(called, referred)
    mails = {mail["Subject"].split(": ")[1]: " ".join(text_of(mail).split()) for mail in council.new_mail(day(4))}
    call, referral = mails["Heads of Service to meet today"], mails["CSPR referral made"]
    assert "- Specific risk: please bring it - Immediate action: NOT in the tracker yet" in call
    assert "Afterwards please have these entered in the tracker: “Decision” and “Decision date”. You" in call
    assert "Please tell the Head of Service for Safeguarding that you have been informed." in referral
    assert "Operational Head told" not in referral


def test_where_the_heads_have_met_without_a_decision_the_call_says_so(council: Council) -> None:
    council.save(case(heads_met=day(2)))
    (call,) = [mail for mail in council.new_mail(day(4)) if "CI-2026-001" in mail["Subject"]]
    assert call["Subject"] == "OFFICIAL-SENSITIVE: Decision needed today: CI-2026-001"
    said = " ".join(text_of(call).split())
    assert "The Heads of Service have met about CI-2026-001, and no decision is recorded. One is needed by" in said
    assert "entered in the tracker: “Decision” and “Decision date”." in said
    council.save(case(heads_met=day(2), decision="Threshold not met", decision_date=day(4)))
    assert not [mail for mail in council.new_mail(day(5)) if "CI-2026-001" in mail["Subject"]]


def test_after_an_outage_only_the_newest_call_goes_and_no_old_ones(council: Council) -> None:
    old = case("CI-2026-000", aware_date=day(-40), form_received=day(-40))
    council.save(old, case())
    told = subjects(council.new_mail(day(8)))
    assert [each for each in told if "decision" in each] == ["Still no decision", "Still no decision"]


def test_a_case_that_is_logged_late_is_called_on_the_day_it_is_first_seen(council: Council) -> None:
    council.save(case("CI-2026-002", decision="Threshold not met", decision_date=day(1), decision_reason="Made up"))
    council.new_mail(day(20))
    council.save(case())  # of 21 working days ago
    (call,) = [mail for mail in council.new_mail(day(21)) if "decision" in mail["Subject"]]
    assert call["Subject"] == "OFFICIAL-SENSITIVE: Still no decision: CI-2026-001"
    assert "The facts recorded meet the Panel’s criteria (Children Act 2004, section 16C)" in text_of(call)
    assert not [mail for mail in council.new_mail(day(22)) if "decision" in mail["Subject"]]


def test_the_director_is_told_once_of_each_statutory_date_that_passes(council: Council) -> None:
    config = CONFIG.replace("[recipients]\n", '[recipients]\ndirector = "director@council.example"\n')
    (council.folder / "config.toml").write_text(config, "utf-8")
    council.save(case(slt_discussed=day(5)))
    days = (5, 6, 6, 7, 9)
    found = [
        [str(mail["To"]) for mail in council.new_mail(day(after)) if "Statutory" in mail["Subject"]] for after in days
    ]
    assert found == [[], ["director@council.example"] * 2, [], [], []]


def test_the_message_to_the_director_has_role_and_reference_only_and_can_be_switched_off(council: Council) -> None:
    council.save(case(slt_discussed=day(5)))
    mails = [mail for mail in council.new_mail(day(6)) if "Statutory" in mail["Subject"]]
    assert len(mails) == 2
    assert {mail["Subject"] for mail in mails} == {"OFFICIAL-SENSITIVE: Statutory date passed: CI-2026-001"}
    said = " ".join(map(text_of, mails))
    assert "“Notify the national Panel” for CI-2026-001 was due on Monday 30 November 2026 by law or statutory" in said
    assert "Who acts: Head of Service for Safeguarding." in said
    assert "Head of Service One" not in said
    assert mails[0]["To"] is None  # nobody is named in the settings, and a person addresses the draft
    config = CONFIG + '\n[reminders]\nescalate_to_director = "off"\n'
    (council.folder / "config.toml").write_text(config, "utf-8")
    council.save(case("CI-2026-009", slt_discussed=day(5)))
    assert not [mail for mail in council.new_mail(day(6)) if "Statutory" in mail["Subject"]]


def test_an_operational_head_of_whom_the_tracker_says_nothing_is_not_forgotten(council: Council) -> None:
    council.save(case(operational_head=None, cspr_referred=MONDAY))
    mails = council.new_mail(day(4))
    (call,) = [mail for mail in mails if "to meet today" in mail["Subject"]]
    assert "The tracker names no Operational Head of Service" in text_of(call)
    (referral,) = [mail for mail in mails if "CSPR referral" in mail["Subject"]]
    assert referral["To"] == "hos@council.example"


def test_the_operational_head_is_told_of_a_referral_once(council: Council) -> None:
    council.save(case(cspr_referred=day(1), decision="Refer to DSPP only", decision_date=day(1)))
    (referral,) = [mail for mail in council.new_mail(day(1)) if "CSPR" in mail["Subject"]]
    assert referral["To"] == "one@council.example"
    assert "so that the allocated practitioner can be supported" in text_of(referral)
    assert not [mail for mail in council.new_mail(day(2)) if "CSPR" in mail["Subject"]]


def test_agencies_are_chased_stage_by_stage_until_they_return(council: Council) -> None:
    decided = case(decision="Threshold not met", decision_date=day(1), decision_reason="Made up", slt_discussed=day(1))
    rows = (asked(), asked("Example School"), asked("Example Nursery"))
    council.save(decided, scoping=rows)
    stages: dict[int, list[str]] = {}
    for after in (3, 4, 5, 6, 8, 9):
        found = [mail for mail in council.new_mail(day(after)) if "Initial Scoping" in mail["Subject"]]
        stages[after] = sorted(f"{mail['Subject'].split(': ')[1]} > {mail['To']}" for mail in found)
        if after == 5:
            council.save(decided, scoping=(asked(), asked("Example School", returned=day(5)), asked("Example Nursery")))
    due, police, schools = "Initial Scoping return", "police@agency.example", "schools@agency.example"
    assert stages == {
        # Two agencies with one address are each reminded of their own return.
        3: [f"{due} due on 30 Nov > {police}", *[f"{due} due on 30 Nov > {schools}"] * 2],
        4: [],
        5: [f"{due} due today > {police}", *[f"{due} due today > {schools}"] * 2],
        6: [f"{due} overdue > {police}", f"{due} overdue > {schools}"],
        8: [f"{due} not received > unit@council.example"] * 2,
        9: [],
    }


def test_a_draft_is_no_reminder_until_a_person_says_it_was_sent(council: Council) -> None:
    rows = [asked(chaser_sent=None), asked("Example School", chaser_sent=None)]
    council.save(case(), scoping=tuple(rows))
    before = cells_of(council.tracker, "Scoping")
    council.new_mail(day(3))
    names = sorted(path.name for path in (council.folder / "drafts").glob("* chaser *"))
    assert [name[:-13] for name in names] == [
        "2026-11-26 chaser Example Police before-due CI-2026-001",
        "2026-11-26 chaser Example School before-due CI-2026-001",
    ]
    assert cells_of(council.tracker, "Scoping") == before
    (daily,) = (council.folder / "drafts").glob("* daily-list *")
    listed = text_of(email.message_from_bytes(daily.read_bytes(), policy=email.policy.default))
    assert "- New: Reminder of a scoping return about CI-2026-001, for agency Example School (made 26 Nov" in listed
    waiting = told(council.ledger("--waiting", "--json").stdout)["messages"]
    police = next(each["id"] for each in waiting if each["role"] == "agency Example Police")
    assert council.ledger("--sent", police, "--as-of", day(3)).returncode == 0
    council.new_mail(day(4))
    assert column_of(council.tracker, "Last chased", "Scoping") == [day(3), ""]
    again = council.ledger("--sent", police)
    assert (again.returncode, "is no draft that waits" in again.stderr) == (2, True)


def test_a_yes_counts_once_for_the_drafts_before_it(council: Council) -> None:
    def chased() -> list[object]:
        return column_of(council.tracker, "Last chased", "Scoping")

    council.save(case(), scoping=(asked(chaser_sent=None),))
    council.new_mail(day(3))
    council.save(case(), scoping=(asked(chaser_sent="Yes"),))
    council.new_mail(day(4))
    assert chased() == [day(4)]
    council.new_mail(day(5))  # another draft, and the Yes is an old one
    council.new_mail(day(6))
    assert chased() == [day(4)]
    council.save(case(), scoping=(asked(chaser_sent=None),))
    council.new_mail(day(7))
    council.save(case(), scoping=(asked(chaser_sent="Yes"),))
    council.new_mail(day(8))
    assert chased() == [day(8)]


def test_a_return_in_part_is_asked_for_what_is_missing(council: Council) -> None:
    council.save(case(), scoping=(asked(returned=day(2)),))
    with ReturnsSoFar(council.folder / "ledger.sqlite3") as so_far:
        so_far.enter("CI-2026-001", "Example Police", ["What did you do?", "Who else knows?"], day(2))
    (mail,) = [each for each in council.new_mail(day(3)) if "Initial Scoping" in each["Subject"]]
    assert "Initial Scoping return, answers missing: CI-2026-001" in mail["Subject"]
    assert "Wednesday 25 November 2026. It does not answer these questions: - What did you do? - Who else" in text_of(
        mail
    )
    council.save(case(), scoping=(asked(returned=day(2)),))
    assert not [each for each in council.new_mail(day(4)) if "Initial Scoping" in each["Subject"]]


def test_a_tracker_that_is_open_elsewhere_is_told_and_made_up_for(council: Council) -> None:
    council.save(case(), scoping=(asked(),))
    council.new_mail(day(3))
    (waiting,) = [
        each for each in told(council.ledger("--waiting", "--json").stdout)["messages"] if each["kind"] == "chaser"
    ]
    council.ledger("--sent", waiting["id"], "--as-of", day(3))
    lock = council.tracker.with_name("~$log.xlsx")
    lock.write_bytes(b"\x04Made" + b" " * 160)
    assert council.run(day(4)).returncode == 4
    lock.unlink()
    assert council.run(day(4)).returncode == 0
    assert column_of(council.tracker, "Last chased", "Scoping") == [day(3)]


def test_a_case_that_is_logged_late_is_called_on_the_day_it_is_seen(council: Council) -> None:
    council.save(case(aware_date=dt.date(2026, 10, 26), incident_date=dt.date(2026, 10, 26)))
    (call,) = [each for each in council.new_mail(day(0)) if "Still no decision" in each["Subject"]]
    assert call["To"] == "one@council.example, heads@council.example, hos@council.example"
    assert not [each for each in council.new_mail(day(1)) if "Still no decision" in each["Subject"]]


def test_nobody_is_reminded_on_a_day_off(council: Council) -> None:
    council.save(case())
    done = council.run(dt.date(2026, 11, 28), "--json")
    assert told(done.stdout)["day_off"] == "weekend"
    assert council.new_mail(dt.date(2026, 11, 28)) == []
    assert not (council.folder / "drafts").exists()


def test_a_dry_run_reminds_nobody_and_leaves_the_tracker_alone(council: Council) -> None:
    council.save(case(), scoping=(asked(),))
    before = council.tracker.read_bytes()
    done = council.run(day(4), "--dry-run", "--json")
    found = told(done.stdout)
    assert {each["result"] for each in found["mail"]} == {"would be drafted"}
    assert {each["kind"] for each in found["mail"]} == {"day_four_call", "chaser", "daily_list"}
    assert council.tracker.read_bytes() == before
    assert {path.name for path in council.folder.iterdir()} == {"shared", "config.toml"}


def test_who_is_not_in_the_settings_gets_nothing_and_is_named(council: Council) -> None:
    sends = CONFIG.replace(
        'drafts_folder = "drafts"',
        'drafts_folder = "drafts"\ntransport = "smtp"\nto_agencies = "send"\nsender = "tracker@council.example"\n'
        'smtp = { host = "localhost", port = 1, security = "none" }',
    )
    (council.folder / "config.toml").write_text(sends, "utf-8")
    council.save(case(operational_head="Ann Sample"), scoping=(asked("Unknown Agency"),))
    done = council.run(day(4))
    assert done.returncode == 5
    assert "agency Unknown Agency. config.toml has no address under [agencies]." in done.stderr
    assert (
        "Operational Head of Service. config.toml has no address under [recipients.heads_of_service] for the name "
        "that the tracker has for CI-2026-001" in done.stderr
    )
    assert "Ann Sample" not in done.stdout + done.stderr


def test_a_trial_on_another_workbook_writes_drafts_only(council: Council, own_home: Path) -> None:
    council.save(case(), scoping=(asked(),))
    before = council.tracker.read_bytes()
    done = council.run(day(4), "--tracker", council.tracker)
    assert done.returncode == 0
    assert council.tracker.read_bytes() == before
    assert len(list((council.folder / "drafts").glob("*.eml"))) == 3


def test_the_demonstration(tmp_path: Path, run_here: RunHere) -> None:
    done = run_here(send_reminders.main, "--demo", "--as-of", MONDAY)
    assert (done.returncode, done.stderr) == (0, "")
    kinds = {path.name.split()[1].replace("-", "_") for path in (tmp_path / "demo" / "mail").glob("*.eml")}
    assert kinds == {"day_four_call", "director_escalation", "referral", "chaser", "daily_list"}
