"""No mail says anything of a child: words planted in the cells come out in no message, picture, file name or ledger.

And nothing that a cell says becomes a header, a recipient or a piece of the page.
"""

from __future__ import annotations

import datetime as dt
import email
import email.policy
import re
import sqlite3
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest

from scripts import send_reminders, weekly_summary
from scripts.adapters.pictures import deadlines
from scripts.adapters.pictures.painter import Painter
from tests.scripts.run_here import RunHere
from tests.scripts.test_privacy import BAD_DATES, BORN, PLANTED, TRACES, free_text, personal
from tests.scripts.trackers import AS_OF, incident, save_tracker
from tracker_schema.calendar.working_days import england_and_wales
from tracker_schema.columns.schema import ACTIONS, INCIDENTS, SCOPING, tracker_schema

SHEETS = tracker_schema().sheets
OWNER = "Quokka's team"  # who acts is for whoever keeps the tracker
HEAD = f"Head of Service {PLANTED}"  # whose name is for finding their address, and for nothing else
CONFIG = f"""
[tracker]
file = "shared/log.xlsx"
copies = 0

[mail]
allowed_domains = ["council.example", "agency.example"]
drafts_folder = "drafts"

[agencies]
"Example Police" = "police@agency.example"

[recipients]
slt = ["slt@council.example"]
hos_safeguarding = ["hos@council.example"]
day_four_meeting = ["heads@council.example"]
business_unit = ["unit@council.example"]
director = ["director@council.example"]
heads_of_service = {{ "{HEAD}" = "one@council.example" }}

[ledger]
file = "ledger.sqlite3"
"""


def ago(working_days: int) -> dt.date:
    return england_and_wales().add(AS_OF, -working_days)


def planted(sheet_id: str) -> dict[str, object]:
    """Something planted in every column of a sheet that is a person's and holds words of their own."""
    sheet = SHEETS[sheet_id]
    words = {
        column.id: f"{PLANTED} zq77"
        for column in sheet.column
        if column.type == "text"
        and not column.by_script
        and column.id not in ("reference", "agency", "operational_head")
    }
    return words | personal(sheet, PLANTED)


def in_order() -> dict[str, list[dict[str, object]]]:
    """A tracker that gives every kind of message something to say, with words planted in every cell that may."""
    words = planted(INCIDENTS) | {"operational_head": HEAD}
    notified = {"decision": "Notify Panel", "decision_date": ago(30), "panel_notified": ago(29), "aware_date": ago(31)}
    local = {"review_decision": "Local review", "review_decided": ago(20), "review_completed": ago(19)}
    rows = [
        incident("CI-1", **words, aware_date=ago(3)),
        incident("CI-2", **words, aware_date=ago(4)),
        incident("CI-3", **words, aware_date=ago(5)),
        incident("CI-4", **words, **notified, cspr_referred=ago(1)),
        incident("CI-5", **words, **notified, **local, rapid_review_completed=ago(22), rapid_review_sent=ago(21)),
        incident("CI-6", **words, closed=ago(2)),
    ]
    asked = {"reference": "CI-4", "agency": "Example Police", "returned": None}
    returns = [asked | {"sent": ago(days)} | personal(SHEETS[SCOPING], PLANTED)
               for days in (4, 5, 6, 8)]  # fmt: skip
    actions = [
        {"reference": "CI-4", "due": ago(3), "done": done} | planted(ACTIONS) | {"owner": OWNER}
        for done in (None, ago(2))
    ]
    return {"incidents": rows, "scoping": returns, "actions": actions}


def in_disorder() -> dict[str, list[dict[str, object]]]:
    """The same words in every column, whatever it is meant for, and dates that are none."""
    dates = [column.id for column in SHEETS[INCIDENTS].column if column.type == "date" and not column.by_script]
    rows = [
        incident(f"CI-{number}", **(free_text(SHEETS[INCIDENTS]) | dict.fromkeys(dates, bad)))
        for number, bad in enumerate(BAD_DATES, 1)
    ]
    rows.append(incident("CI-9", **free_text(SHEETS[INCIDENTS]), date_of_birth=BORN, aware_date=ago(4)))
    asked = {"reference": "CI-9", "agency": "Example Police", "returned": None} | free_text(SHEETS[SCOPING])
    returns = [asked | {"sent": sent} for sent in (BAD_DATES[0], ago(6))]
    actions = [{"reference": "CI-9"} | free_text(SHEETS[ACTIONS]) | {"due": due} for due in (BAD_DATES[0], ago(3))]
    return {"incidents": rows, "scoping": returns, "actions": actions}


class Mailed:
    """Everything that came out of a week's mail: what was said, drawn, put in files and entered."""

    def __init__(self, folder: Path, run: RunHere, drawn: list[str]) -> None:
        self.folder = folder
        self.drawn = drawn
        self.said = ""
        runs: list[tuple[Any, tuple[object, ...]]] = [
            (weekly_summary.main, ("--preview", "page.html")),
            (weekly_summary.main, ("--dry-run", "--json", "--verbose")),
            (weekly_summary.main, ("--verbose",)),
            (send_reminders.main, ("--dry-run", "--verbose")),
            (send_reminders.main, ("--json", "--verbose")),
            (send_reminders.main, ("--verbose",)),
        ]
        for job, options in runs:
            done = run(job, "--as-of", AS_OF, *options)
            assert done.returncode in (0, 5), done.stderr
            self.said += f"{done.stdout}\n{done.stderr}\n"

    @property
    def mails(self) -> list[EmailMessage]:
        files = sorted((self.folder / "drafts").glob("*.eml"))
        return [email.message_from_bytes(file.read_bytes(), policy=email.policy.default) for file in files]

    def entered(self) -> str:
        """Every cell of every table of the ledger's file."""
        with sqlite3.connect(self.folder / "ledger.sqlite3") as rows:
            tables = [name for (name,) in rows.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
            assert {"message", "told"} <= set(tables)
            return repr([rows.execute(f"SELECT * FROM {table}").fetchall() for table in tables])  # noqa: S608

    def everything(self) -> dict[str, str]:
        found = {"output": self.said, "pictures": "\n".join(self.drawn), "ledger": self.entered()}
        found["page"] = re.sub(r"base64,[^\"]+", "", (self.folder / "page.html").read_text("utf-8"))
        found["names of files"] = "\n".join(path.name for path in self.folder.rglob("*"))
        for number, mail in enumerate(self.mails):
            found[f"headers {number}"] = "\n".join(f"{name}: {value}" for name, value in mail.items())
            for part in mail.walk():
                if part.get_content_maintype() == "text":
                    said = part.get_content()
                    found[f"{part.get_content_type()} {number}"] = said if isinstance(said, str) else said.decode()
                elif not part.is_multipart():
                    found[f"file {number}"] = str(part.get_filename()) + repr(part.items())
        return found


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Every text that is drawn."""
    texts: list[str] = []

    class Listening(Painter):
        def text(self, x: float, y: float, text: str, size: float, **options: Any) -> None:
            texts.append(text)
            super().text(x, y, text, size, **options)

    monkeypatch.setattr(deadlines, "Painter", Listening)
    return texts


def mailed(folder: Path, run: RunHere, drawn: list[str], rows: dict[str, list[dict[str, object]]]) -> Mailed:
    (folder / "shared").mkdir()
    (folder / "config.toml").write_text(CONFIG, "utf-8")
    save_tracker(folder / "shared" / "log.xlsx", rows["incidents"], scoping=rows["scoping"], actions=rows["actions"])
    return Mailed(folder, run, drawn)


def test_nothing_personal_is_in_any_kind_of_message(tmp_path: Path, run_here: RunHere, drawn: list[str]) -> None:
    found = mailed(tmp_path, run_here, drawn, in_order())
    kinds = {name.split()[1].replace("-", "_") for name in (path.name for path in (tmp_path / "drafts").iterdir())}
    assert kinds == {"weekly_summary", "day_four_call", "director_escalation", "referral", "chaser", "daily_list"}
    stages = {mail["Subject"].split(": ")[1] for mail in found.mails}
    assert len(stages) >= 9, stages
    everything = found.everything()
    assert any("CI-3" in text for text in found.drawn)
    for place, text in everything.items():
        for trace in TRACES:
            assert trace not in text.casefold(), (place, trace)
    (daily,) = [number for number, mail in enumerate(found.mails) if "incidents today" in mail["Subject"]]
    named = {place for place, text in everything.items() if "quokka" in text.casefold()}
    assert named == {f"text/plain {daily}", f"text/html {daily}"}


def test_nothing_personal_comes_out_of_a_tracker_in_disorder(
    tmp_path: Path, run_here: RunHere, drawn: list[str]
) -> None:
    for place, text in mailed(tmp_path, run_here, drawn, in_disorder()).everything().items():
        for trace in TRACES:
            assert trace not in text.casefold(), (place, trace)


def test_nothing_in_a_cell_becomes_a_header_a_recipient_or_a_file(
    tmp_path: Path, run_here: RunHere, drawn: list[str]
) -> None:
    hostile = "CI-1\r\nBcc: thief@elsewhere.example\r\n\r\n<script>alert(1)</script> ../../$x^{2}$ =cmd()"
    rows = in_order()
    rows["incidents"].append(
        incident(hostile, aware_date=ago(4), operational_head=f"{HEAD}\nCc: thief@elsewhere.example")
    )
    rows["scoping"].append(
        {"reference": hostile, "agency": f"Example\nBcc: thief@elsewhere.example {hostile}", "sent": ago(6)}
    )
    found = mailed(tmp_path, run_here, drawn, rows)
    known = {"Subject", "To", "X-Unsent", "MIME-Version", "Content-Type", "Content-Transfer-Encoding"}
    for mail in found.mails:
        assert set(mail.keys()) <= known
        assert "elsewhere.example" not in str(mail["To"])
        assert "\n" not in str(mail["Subject"])
        html = mail.get_body(("html",))
        assert html is None or "<script" not in html.get_content()
    assert any("<script>alert(1)" in mail["Subject"] for mail in found.mails), "it was never there to be refused"
    made = {path.parent.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*.eml")}
    assert made == {"drafts"}
    assert all(len(path.name) < 130 for path in tmp_path.rglob("*"))


def test_the_settings_cannot_add_a_header_either(tmp_path: Path, run_here: RunHere) -> None:
    save_tracker(tmp_path / "log.xlsx", [incident("CI-1")])
    for setting in ('council.name = "Example\\r\\nBcc: thief@elsewhere.example"', 'council.marking = "A\\nBcc: x"'):
        (tmp_path / "config.toml").write_text(f'tracker.file = "log.xlsx"\n{setting}\n', "utf-8")
        done = run_here(weekly_summary.main, "--as-of", AS_OF)
        assert done.returncode == 2
        assert "config.toml:2" in done.stderr
