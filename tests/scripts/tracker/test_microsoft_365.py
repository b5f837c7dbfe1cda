"""Answers of Microsoft 365 as they are: the job in a process of its own, behind a proxy that inspects its traffic.

Nothing of the job is changed. It goes through HTTPS_PROXY to a server with a certificate that only the store of this
computer knows, signs in, and meets one thing that goes wrong. Each time: nothing lost, nothing twice, and the true
cause in the message.
"""

from __future__ import annotations

import datetime as dt
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest

from tests.adapters.graph.sharepoint import COLUMN, PATH, SITE, put, saved, workbook
from tests.scripts.forked import run_forked
from tests.scripts.run_here import Done
from tests.scripts.trackers import PROJECT, cells_of, incident
from tests.servers.graph.exchange import error_body
from tests.windows import of_linux

if TYPE_CHECKING:
    from tests.servers.graph.files.files import Item
    from tests.servers.graph.server import GraphServer

# On Windows it would have to be put into the store of the account that runs the tests.
pytestmark = of_linux("a certificate that the store of this computer has by SSL_CERT_FILE")

REASON, EDIT = COLUMN["decision_reason"], "Made up, by a person"
PAGE = {"body": b"<!DOCTYPE html><title>Blocked</title>", "headers": {"Content-Type": "text/html; charset=utf-8"}}
CHALLENGE = {"WWW-Authenticate": 'Bearer realm="", error="insufficient_claims", claims="eyJhY2Nlc3NfdG9rZW4iOnt9fQ=="'}
AS_OF = "2026-11-23"
EXCEL = "/workbook/"
SESSION = "/workbook/createSession"


@pytest.fixture(scope="module")
def proxy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[GraphServer, Path]]:
    from tests.servers.graph.entra.certificates import make_certificate
    from tests.servers.graph.server import HOSTS, GraphServer

    folder = tmp_path_factory.mktemp("proxy")
    made = make_certificate(hosts=sorted(HOSTS))
    (folder / "store.pem").write_text(made.public_pem)
    (folder / "key.pem").write_text(made.private_pem)
    with GraphServer() as server:
        server.inspects_traffic(folder / "store.pem", folder / "key.pem")
        yield server, folder
        assert not server.accidents


@pytest.fixture(scope="module")
def books(tmp_path_factory: pytest.TempPathFactory) -> dict[bool, bytes]:
    """A tracker of three incidents, whose log is a table or not."""
    folder = tmp_path_factory.mktemp("books")
    rows = [incident("CI-1"), incident("CI-2"), incident("CI-3", aware_date=dt.date(2026, 11, 12))]
    return {table: workbook(folder, rows, table=table) for table in (False, True)}


class Job:
    """The job in SharePoint, as a process."""

    def __init__(self, graph: GraphServer, folder: Path, store: Path, item: Item) -> None:
        self.graph = graph
        self.folder = folder
        self.store = store
        self.item = item
        self.more = ""
        self.settings = {"site": SITE, "path": PATH, "mode": "auto"}

    def run(self, job: str = "check_tracker", *more: str, as_people_do: bool = False) -> Done:
        """Run the job as a fork, or with `as_people_do` as a Python of its own, which loads everything."""
        lines = ["[sharepoint]", *(f"{name} = '{value}'" for name, value in self.settings.items())]
        lines += ["[sign_in]", "method = 'secret'", f"tenant = '{self.graph.entra.tenant}'"]
        lines += [f"client_id = '{self.graph.entra.client_id}'"]
        config = self.folder / "config.toml"
        config.write_text("\n".join(lines) + self.more, "utf-8")
        environment = os.environ | {
            "HTTPS_PROXY": f"http://127.0.0.1:{self.graph.port}",
            "SSL_CERT_FILE": str(self.store / "store.pem"),
            "TRACKER_CLIENT_SECRET": self.graph.entra.secret,
            "XDG_STATE_HOME": str(self.folder / "state"),
        }
        options = ("--config", config, "--as-of", "2026-11-23", "--json", *more)
        if as_people_do:
            command = [sys.executable, "-m", f"scripts.{job}", *map(str, options)]
            done = subprocess.run(
                command, cwd=PROJECT, env=environment, capture_output=True, encoding="utf-8", check=False, timeout=120
            )
            return Done(done.returncode, done.stdout, done.stderr)
        return run_forked(job, *options, folder=self.folder, environment=environment)

    def uploads(self) -> int:
        return len([each for each in self.graph.run if each.method == "PUT" and each.status == 200])

    def cells(self) -> list[Any]:
        return cells_of(saved(self.item, self.folder / "now.xlsx"))


@pytest.fixture
def job(proxy: tuple[GraphServer, Path], books: dict[bool, bytes], tmp_path: Path) -> Iterator[Job]:
    from tests.servers.graph.excel.excel import Excel
    from tests.servers.graph.files.drives import Drives

    graph, store = proxy
    item = put(graph, books[False])
    yield Job(graph, tmp_path, store, item)
    graph.clear_faults()
    graph.drives.__dict__ |= {
        name: value for name, value in Drives(graph.excel).__dict__.items() if isinstance(value, bool | int)
    }
    graph.excel.__dict__ |= {name: value for name, value in Excel().__dict__.items() if isinstance(value, bool | int)}
    graph.entra.refuse(None)


def _in_a_table(job: Job, books: dict[bool, bytes]) -> None:
    job.item.content = books[True]


Arrange = Callable[[Job], object]


def fault(**given: Any) -> Arrange:
    return lambda job: job.graph.fault(**given)


def stale_edit(times: int) -> Arrange:
    """A person's edit is in the version, and so many downloads still lack it."""

    def arrange(job: Job) -> None:
        job.settings["mode"] = "upload"
        job.graph.person_edits(job.item, {"Incidents": {(6, REASON): EDIT}})
        job.graph.drives.stale_downloads = times

    return arrange


def uploading(**given: Any) -> Arrange:
    """The mode "upload", and a fault with the upload."""

    def arrange(job: Job) -> None:
        job.settings["mode"] = "upload"
        if given:
            job.graph.fault(method="PUT", **given)

    return arrange


def stale_after_upload(times: int) -> Arrange:
    def arrange(job: Job) -> None:
        job.settings["mode"] = "upload"
        job.graph.drives.stale_after_uploads = times

    return arrange


def said(status: int, code: str, message: str, inner: str = "") -> dict[str, Any]:
    return {"status": status, "body": error_body(code, message, inner)}


def excel(code: str, status: int, **given: Any) -> Arrange:
    return fault(status=status, code="badRequest", inner=code, times=99, **given)


def protected(job: Job) -> None:
    from tests.servers.graph.excel.editing import edited

    def protect(book: openpyxl.Workbook) -> None:
        book["Incidents"].protection.sheet = True

    job.item.content = edited(job.item.content, protect)
    job.graph.fault(method="PATCH", status=403, code="AccessDenied", times=99)


def shown_elsewhere(job: Job) -> None:
    """The library is on the third page of a list."""
    job.graph.drives.page_size = 1
    job.settings["library"] = "Documents"
    first = job.graph.site.drives[0]
    job.graph.site.drives[:] = [job.graph.site.add_drive("A", "A"), job.graph.site.add_drive("B", "B"), first]


def by_ids(job: Job) -> None:
    mode = job.settings.pop("mode")
    job.settings = {"drive": job.graph.drive.id, "item": job.item.id, "mode": mode}


def at_a_spaced_address(job: Job) -> None:
    drive = job.graph.add_site("/sites/slt team").add_drive("Documents", "Shared Documents")
    job.item = job.graph.add_file(f"/{PATH}", job.item.content, drive)
    job.settings["site"] = "https://contoso.sharepoint.com/sites/slt%20team"


def moves_by_itself(job: Job) -> None:
    """The eTag moves with each upload that is tried, though nobody saves anything."""
    job.settings["mode"] = "upload"
    job.graph.fault(method="PUT", status=412, times=99)


def set_item(**values: Any) -> Arrange:
    def arrange(job: Job) -> None:
        job.settings["mode"] = "upload"
        job.item.__dict__ |= values

    return arrange


# Of each: what is arranged, how many uploads are done, and whether the log is a table.
WRITTEN: dict[str, tuple[Arrange, int]] = {
    "an inspecting proxy alone": (lambda _: None, 0),
    "a download that is behind": (stale_edit(2), 1),
    "a read-back that is behind": (stale_after_upload(2), 1),
    "cut off": (fault(path_contains="download.aspx", status=200, body=b"PK\x03\x04 cut"), 0),
    "a page instead of the file": (fault(path_contains="download.aspx", status=200, **PAGE), 0),
    "409 on the download": (fault(path_contains="download.aspx", status=409), 0),
    "504 on each session": (fault(path_contains=SESSION, status=504, times=99), 1),
    "the file cannot be opened": (
        fault(path_contains=SESSION, status=500, code="internalServerError", inner="GenericFileOpenError", times=99), 1
    ),
    "202 without a body": (fault(path_contains=SESSION, status=202, body=b"", times=99), 1),
    "unsupported": (excel("invalidSessionUnsupportedWorkbook", 404, path_contains="usedRange"), 1),
    "unsupported at once": (excel("unsupportedWorkbook", 400, path_contains=SESSION), 1),
    "restricted": (excel("invalidSessionRestricted", 403, path_contains=EXCEL), 1),
    "too large": (excel("payloadTooLarge", 413, path_contains="usedRange"), 1),
    "filtered": (excel("filteredRangeConflict", 409, method="PATCH"), 1),
    "refused in the middle": (
        lambda job: job.graph.after_request(11, lambda: job.graph.fault(
            method="PATCH", status=400, code="badRequest", inner="unsupportedWorkbook", times=99)), 1
    ),
    "a sheet that is protected": (protected, 1),
    "a lost answer to the upload": (uploading(drop="after"), 0),  # as the job sees it
    "a page instead of the upload's answer": (uploading(status=200, **PAGE), 2),  # of which one was nobody's
    "more pages of libraries": (shown_elsewhere, 0),
    "named by ids": (by_ids, 0),
    "an address with a space": (at_a_spaced_address, 0),
}  # fmt: skip

# After these, a second run is to find that all is written.
AND_AGAIN = [WRITTEN[name][0] for name in ("an inspecting proxy alone", "filtered", "refused in the middle")]

REFUSED: dict[str, tuple[Arrange, int, str]] = {
    "always behind": (stale_edit(99), 4, "SharePoint did not give Critical incidents.xlsx as it is stored"),
    "always damaged": (
        fault(path_contains="download.aspx", status=200, body=b"PK made up", times=99), 4, "bytes came of a file of"
    ),
    "a read-back that never comes": (stale_after_upload(99), 4, "SharePoint did not give"),
    "locked by a person": (set_item(locked_by="Ann Sample"), 4, "is locked by Ann Sample, so nothing was written"),
    "locked, nobody says by whom": (set_item(locked_by=""), 4, "give IT what SharePoint said: 423 resourceLocked"),
    "checked out": (set_item(checked_out_by="Ann Sample"), 4, "is checked out by Ann Sample, so nothing was written"),
    "a record": (set_item(is_record=True), 3, "kept unchanged by a record, retention or hold setting"),
    "has to be checked out": (
        uploading(**said(423, "notAllowed", "You must first check out this document before making changes.")),
        3, "lets a file be changed only by whoever has checked it out",
    ),
    "on hold": (
        uploading(**said(403, "accessDenied", "The item is under a retention hold.")), 3, "by a record, retention or"
    ),
    "a site that is read-only": (
        uploading(**said(403, "notAllowed", "The site is read-only.", "resourceLocked")), 3, "is read-only for every"
    ),
    "may not be changed": (uploading(**said(403, "accessDenied", "Access denied")), 3, "but not change it (403 access"),
    "a web filter": (
        fault(path_contains="graph.microsoft.com", status=403, times=99, **PAGE), 4,
        "a web page came from graph.microsoft.com (status 403)",
    ),
    "the sign-in page of a network": (
        fault(path_contains="login.microsoftonline.com", status=200, times=99, **PAGE), 4,
        "a web page came from login.microsoftonline.com (status 200)",
    ),
    "a claims challenge": (
        fault(path_contains="graph.microsoft.com", status=401, headers=CHALLENGE, times=99), 3, "with a claims"
    ),
    "a policy": (lambda job: job.graph.entra.refuse("AADSTS530035"), 3, "Conditional Access does not let this sign-in "
                 "through (AADSTS530035)"),
    "a version that moves by itself": (moves_by_itself, 4, "The tracker had changed each time it was to be written"),
}  # fmt: skip


@pytest.mark.parametrize(("arrange", "uploads"), WRITTEN.values(), ids=WRITTEN)
def test_what_comes_right(arrange: Arrange, uploads: int, job: Job) -> None:
    arrange(job)
    done = job.run()
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["written"]["cells"] > 0, "\n".join(map(str, job.graph.run))
    assert job.uploads() == uploads, "\n".join(map(str, job.graph.run))
    cells = job.cells()
    assert [cells[3].count(heading) for heading in ("Status", "Checked on")] == [1, 1]
    assert cells[5][cells[3].index("Status")] != ""
    assert (cells[5][REASON - 1] == EDIT) == (arrange is WRITTEN["a download that is behind"][0])
    if job.settings["mode"] == "upload":
        assert len(job.item.history) == 1 + (arrange is WRITTEN["a download that is behind"][0])
    assert ("The sheet “Incidents” is protected." in done.stderr) == (arrange is protected)
    if arrange in AND_AGAIN:
        versions = len(job.item.history)
        job.graph.new_run()
        job.graph.clear_faults()
        again = job.run(as_people_do=True)
        assert (again.returncode, json.loads(again.stdout)["written"]["cells"]) == (0, 0), again.stderr
        assert len(job.item.history) == versions


@pytest.mark.parametrize(("arrange", "code", "cause"), REFUSED.values(), ids=REFUSED)
def test_what_is_told_with_its_cause(arrange: Arrange, code: int, cause: str, job: Job) -> None:
    arrange(job)
    before, versions = job.item.content, len(job.item.history)
    done = job.run()
    assert cause in " ".join(done.stderr.split()), done.stderr
    assert done.returncode == code
    assert "Traceback" not in done.stderr
    assert "restore" not in done.stderr.lower()
    if arrange is REFUSED["a read-back that never comes"][0]:
        assert (job.uploads(), len(job.item.history)) == (1, versions + 1)
    else:
        assert (job.item.content, len(job.item.history)) == (before, versions)


@pytest.mark.parametrize("renames", [True, False])
def test_columns_that_come_under_another_name(renames: bool, job: Job, books: dict[bool, bytes]) -> None:
    _in_a_table(job, books)
    job.graph.excel.names_columns, job.graph.excel.renames_columns = False, renames
    done = job.run()
    assert done.returncode == 0, done.stderr
    assert job.uploads() == (0 if renames else 1)
    headings = job.cells()[3]
    assert [headings.count(heading) for heading in ("Status", "Checked on")] == [1, 1]
    assert not [heading for heading in headings if str(heading).startswith("Column")]


MAIL = """
[mail]
transport = "graph"
sender = "tracker@contoso.com"
allowed_domains = ["example.gov.uk"]
[recipients]
hos_safeguarding = ["hos@example.gov.uk"]
"""


def test_a_mail_whose_answer_the_proxy_lost_is_not_sent_again(job: Job) -> None:
    job.more = MAIL
    job.graph.mail.sent.clear()
    job.graph.fault(path_contains="sendMail", drop="after")
    done = job.run("send_reminders")
    assert done.returncode == 5, done.stderr
    assert "Nobody knows whether mail reached" in " ".join(done.stderr.split())
    again = job.run("send_reminders")
    assert again.returncode == 5
    subjects = [each.subject for each in job.graph.mail.sent]
    assert subjects
    assert len(subjects) == len(set(subjects)), subjects


@pytest.mark.parametrize("name", ["504 on each session", "too large"])
def test_doctor_says_what_the_job_does(name: str, job: Job) -> None:
    WRITTEN[name][0](job)
    told = {each["name"]: each for each in json.loads(job.run("doctor", "--dry-run").stdout)["checks"]}
    assert told["Way to write"]["verdict"] == "warning"
    assert "auto uploads the whole file instead" in told["Way to write"]["found"]
