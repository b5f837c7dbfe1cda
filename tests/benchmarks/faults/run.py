"""Every job that writes: run once for each call on a file and each fault in it, and once more without a fault.

Jobs "by smtp" or "by graph" send mail to a server on this computer; there it is the calls on sockets.

    python -m tests.benchmarks.faults.run FOLDER [JOB...] [--sample N]

The library of preload.c makes the calls fail, one in a run. A run is a fork, so that the modules are loaded once. After
the second run, which has no fault: the workbook is whole and as after an undisturbed run, no message is lost or
doubled, every document, report and draft is whole, nothing is left over, and nobody has seen a traceback. Prints JSON.
"""

from __future__ import annotations

import argparse
import contextlib
import ctypes
import datetime as dt
import email
import email.policy
import errno
import importlib
import io
import json
import os
import re
import shutil
import sqlite3
import subprocess
import sys
import time
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from scripts.adapters.cli import command_line
from scripts.adapters.workbook.new.new_workbook import build
from scripts.adapters.workbook.xlsx import patch
from tests.scripts.trackers import PROJECT, incident, save_tracker
from tests.servers.graph.redirect import redirect_requests
from tests.servers.graph.server import GraphServer
from tests.servers.smtp_server import running_relay
from tests.word.forms import Value
from tests.word.returned import details, reported, scoped

PRELOAD = Path(__file__).with_name("preload.c")
DIE_BEFORE, DIE_AFTER, DIE_HALF_WAY, HUNG_UP = -1, -2, -3, -4
ACTIONS = {
    "killed before": DIE_BEFORE,
    "killed after": DIE_AFTER,
    "killed half way": DIE_HALF_WAY,
    "disk full": errno.ENOSPC,
    "disk faulty": errno.EIO,
    "no rights": errno.EACCES,
    "interrupted": errno.EINTR,
    "in use": errno.EBUSY,
}
ON_SOCKETS = {
    "killed before": DIE_BEFORE,
    "killed after": DIE_AFTER,
    "killed half way": DIE_HALF_WAY,
    "hung up": HUNG_UP,
    "reset": errno.ECONNRESET,
    "broken pipe": errno.EPIPE,
    "timed out": errno.ETIMEDOUT,
    "interrupted": errno.EINTR,
}
DAY = dt.date(2026, 11, 23)
TRACKER, LEDGER = Path("shared") / "Critical incidents.xlsx", Path("state") / "ledger.sqlite3"
CONFIG = """
[council]
name = "Example Council"
[tracker]
file = "shared/Critical incidents.xlsx"
copies_folder = "state/copies"
[mail]
allowed_domains = ["council.example", "police.example", "health.example"]
drafts_folder = "drafts"
[recipients]
slt = ["slt@council.example"]
hos_safeguarding = ["hos@council.example"]
day_four_meeting = ["d4@council.example"]
business_unit = "unit@council.example"
[agencies]
"Example Police" = "safeguarding@police.example"
"Example Hospital Trust" = "named.nurse@health.example"
[ledger]
file = "state/ledger.sqlite3"
"""
DRAFTS = 'drafts_folder = "drafts"'
SIGN_IN = """
[sign_in]
method = "secret"
tenant = "{entra.tenant}"
client_id = "{entra.client_id}"
"""
ANSWERS = """
workbook = "shared/Critical incidents.xlsx"
council = "Example Council"
start_from = 2026-11-01
daily_list_to = ["hos@council.example"]
summary_to = ["slt@council.example"]
drafts_folder = "drafts"
certain_headings_only = true
run = true
"""
WHOM: dict[str, Value] = {"child_1_full_name": "Zed Example", "child_1_address": "1 Made-up Street"}
JOBS = {
    "check_tracker": [],
    "read_returns": ["Returns", "--apply"],
    "send_reminders": [],
    "weekly_summary": [],
    "make_document": ["panel-notification", "CI-2026-031", "--out", "out"],
    "request_scoping": ["CI-2026-032", "--out", "out", "--mark-sent"],
    "timeliness_report": ["--out", "out"],
    "themes_report": ["--out", "out"],
    "new_tracker": ["out/New.xlsx"],
    "make_document --asked": ["--asked"],
    "make_document --pdf": ["panel-notification", "CI-2026-031", "--out", "out", "--pdf"],
    "send_reminders by smtp": [],
    "weekly_summary by smtp": [],
    "send_reminders by graph": [],
    "weekly_summary by graph": [],
    "run_schedule": ["--once"],
    "set_up": ["--config", "out/config.toml", "--answers", "answers.toml"],
    "adopt_tracker": ["shared/Critical incidents.xlsx", "--yes", "--config", "out/config.toml"],
}
# A file that is there already is never written over, so a second run says that it is there.
AGAIN_REFUSED = {"new_tracker": {2}}
WITHOUT_DAY = {"new_tracker", "run_schedule", "set_up"}


def make_world(folder: Path, job: str) -> None:
    """A council with two incidents, four agencies and two returned forms."""
    (folder / "shared").mkdir(parents=True)
    (folder / "config.toml").write_text(CONFIG, "utf-8")
    (folder / "answers.toml").write_text(ANSWERS, "utf-8")
    (folder / "Returns").mkdir()
    (folder / "out").mkdir()
    (folder / "Returns" / "a.docx").write_bytes(scoped())
    (folder / "Returns" / "b.docx").write_bytes(reported())
    (folder / "out" / "CI-2026-032 case-details 2026-11-20.docx").write_bytes(details("CI-2026-032", WHOM))
    aware = DAY - dt.timedelta(days=6)
    if job == "make_document --asked":
        rows = {5: {1: "CI-2026-031", 2: "Critical Incident Form"}, 6: {1: "CI-2026-031", 2: "panel-notification"}}
        new = build({"incidents": [incident("CI-2026-031", aware_date=aware, summary="Made up.")], "scoping": []})
        (folder / TRACKER).write_bytes(patch(new, {"Documents": rows}))
        return
    save_tracker(
        folder / TRACKER,
        [incident("CI-2026-031", aware_date=aware, summary="Made up."), incident("CI-2026-032", aware_date=aware)],
        scoping=[
            {
                "reference": "CI-2026-032",
                "agency": "Example Police",
                "sent": DAY - dt.timedelta(days=12),
                "returned": None,
            },
            {"reference": "CI-2026-032", "agency": "Example Hospital Trust", "sent": None, "returned": None},
        ],
        table=True,
    )


@contextlib.contextmanager
def post_office(job: str, world: Path) -> Iterator[Callable[[], Counter[tuple[str, str]]]]:
    """A server for the mail of this job, if it sends any: what arrived there, by subject and recipient."""
    config, how = world / "config.toml", job.partition(" by ")[2]
    text = config.read_text("utf-8")
    if how == "smtp":
        with running_relay(world.parent, security="none") as relay:
            sends = 'transport = "smtp"\nsender = "tracker@council.example"\nsmtp = { host = "127.0.0.1", '
            sends += f'port = {relay.port}, security = "none" }}\n'
            config.write_text(text.replace(DRAFTS, sends + DRAFTS), "utf-8")
            yield lambda: Counter((str(mail["Subject"]), each) for to, mail in relay.taken for each in to)
    elif how == "graph":
        with GraphServer() as server, pytest.MonkeyPatch.context() as patching:
            redirect_requests(server, patching)
            patching.setenv("TRACKER_CLIENT_SECRET", server.entra.secret)
            sends = 'transport = "graph"\nsender = "tracker@contoso.com"\n'
            text = text.replace(DRAFTS, sends + DRAFTS) + SIGN_IN.format(entra=server.entra)
            config.write_text(text, "utf-8")
            yield lambda: Counter((mail.subject, each) for mail in server.mail.sent for each in mail.recipients)
    else:
        yield Counter


def run(job: str, world: Path, number: int, action: int) -> tuple[int, str, int]:
    """The exit code of a job, what it said, and its number of calls; the `number`-th call has the fault."""
    said, counted = world.with_name("said.txt"), world.with_name("count.txt")
    process = os.fork()
    if process:
        code = os.waitstatus_to_exitcode(os.waitpid(process, 0)[1])
        count = int(counted.read_text()) if counted.exists() else 0
        text = said.read_text("utf-8", "replace")
        said.unlink()
        counted.unlink(missing_ok=True)
        return code, text, count
    os.environ["PYTHONPATH"] = str(PROJECT)  # for the jobs that a job starts
    os.environ |= {"FAULT_FOLDER": f"{world}/", "XDG_STATE_HOME": str(world / "home"), "HOME": str(world / "home")}
    os.chdir(world)
    output = open(said, "w", encoding="utf-8")  # noqa: PTH123, SIM115 - until the end
    os.dup2(output.fileno(), 1)
    os.dup2(output.fileno(), 2)
    sys.stdout = sys.stderr = output
    sys.argv = [job, *JOBS[job], *([] if job in WITHOUT_DAY else ["--as-of", DAY.isoformat()])]
    time.sleep = lambda _seconds: None  # no waiting before the same is asked again
    library = ctypes.CDLL(None)
    main = importlib.import_module(f"scripts.{job.split()[0]}").main
    os.environ["FAULT_FOLDER"] = f"{world}/"
    code = 1
    library.fault_arm(ctypes.c_long(number), action, int(" by " in job))
    try:
        command_line.run(main)
    except SystemExit as end:
        code = int(end.code or 0)
    count = library.fault_count()
    library.fault_arm(0, 0, 0)
    output.flush()
    counted.write_text(str(count))
    os._exit(code)


def problems(
    job: str, world: Path, sound: Path, first: tuple[int, str, int], again: tuple[int, str, int]
) -> Iterator[str]:
    """What is wrong after the second run; `sound` is the world after an undisturbed one."""
    for code, text, _ in (first, again):
        if "Traceback" in text or "Something unexpected" in text:
            yield f"unexpected ({code}): {text[-300:]}"
    unknown = _unknown(world)
    if again[0] not in {0, *AGAIN_REFUSED.get(job, ()), *([5] if unknown else [])}:
        yield f"the second run ended with {again[0]}: {again[1][-300:]}"
    left = [str(path.relative_to(world)) for path in world.rglob("*") if path.name.startswith(".critical-incident")]
    left += [str(path.relative_to(world)) for path in world.rglob("*-journal")]
    if left:
        yield f"left over: {left}"
    if _cells(world / TRACKER) != _cells(sound / TRACKER):
        yield "the workbook is not as after an undisturbed run"
    for path in world.rglob("*"):
        if path.suffix in (".docx", ".xlsx") and not path.name.startswith("."):
            with contextlib.suppress(zipfile.BadZipFile), zipfile.ZipFile(path) as archive:
                if archive.testzip() is None:
                    continue
            yield f"torn: {path.relative_to(world)}"
        if path.suffix == ".pdf" and b"%%EOF" not in path.read_bytes()[-20:]:
            yield f"torn: {path.relative_to(world)}"
        if path.suffix == ".eml":
            mail = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
            whole = mail["Subject"] and not mail.defects
            for part in mail.iter_attachments():
                if str(part.get_filename()).endswith(".docx"):
                    whole = whole and zipfile.is_zipfile(io.BytesIO(part.get_payload(decode=True)))  # type: ignore[arg-type]
            if not whole:
                yield f"torn: {path.relative_to(world)}"
    drafts, wanted = (Counter(path.name for path in each.glob("drafts/*.eml")) for each in (world, sound))
    if drafts - wanted:
        yield f"doubled: {sorted(drafts - wanted)}"
    if len(list((wanted - drafts).elements())) > unknown:
        yield f"lost: {sorted(wanted - drafts)}"
    names, expected = (_made(each) for each in (world, sound))
    if job == "make_document --asked" and names - expected:
        yield f"made twice: {sorted(map(str, names - expected))}"
    # Beside a document of a run that was stopped, the next run makes another with a number.
    missing = expected - {path.with_name(re.sub(r" \(\d+\)$", "", path.stem) + path.suffix) for path in names}
    if missing:
        yield f"not made: {sorted(map(str, missing))}"
    returns, came = ({path.relative_to(each) for path in each.glob("Returns/**/*")} for each in (world, sound))
    if returns != came:
        yield f"the returned forms are in other places: {sorted(map(str, returns ^ came))}"


def _made(world: Path) -> set[Path]:
    return {path.relative_to(world) for pattern in ("out/*", "shared/Cases/**/*") for path in world.glob(pattern)}


def not_as_sent(arrived: Counter[tuple[str, str]], wanted: Counter[tuple[str, str]], world: Path) -> Iterator[str]:
    """What came twice, and what did not come although nobody is asked about it."""
    if arrived - wanted:
        yield f"doubled: {arrived - wanted}"
    if (wanted - arrived).total() > _unknown(world):
        yield f"lost: {wanted - arrived}"


def _unknown(world: Path) -> int:
    if not (world / LEDGER).exists():
        return 0
    with contextlib.closing(sqlite3.connect(world / LEDGER)) as ledger:
        return int(ledger.execute("SELECT COUNT(*) FROM message WHERE state = 'unknown'").fetchone()[0])


def _cells(path: Path) -> object:
    from python_calamine import CalamineWorkbook

    workbook = CalamineWorkbook.from_path(str(path))
    return {name: workbook.get_sheet_by_name(name).to_python() for name in workbook.sheet_names}


def main() -> None:
    """Preloads the library, and tries every job."""
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("jobs", nargs="*", default=[])
    parser.add_argument("--sample", type=int, default=1, help="only every so manyth fault")
    options = parser.parse_args()
    if not hasattr(ctypes.CDLL(None), "fault_arm"):
        library = options.folder / "fault.so"
        subprocess.run(["cc", "-shared", "-fPIC", "-o", library, PRELOAD, "-ldl"], check=True)
        os.environ["LD_PRELOAD"] = str(library)
        os.execv(sys.executable, [sys.executable, "-m", "tests.benchmarks.faults.run", *sys.argv[1:]])  # noqa: S606
    for job in JOBS:
        importlib.import_module(f"scripts.{job.split()[0]}")
    for job in options.jobs or JOBS:
        print(json.dumps(try_job(job, options.folder, options.sample), indent=1), flush=True)


def try_job(job: str, folder: Path, sample: int) -> dict[str, object]:
    """How many calls and faults one job had, and what was wrong."""
    template, sound, world = folder / f"{job} before", folder / f"{job} sound", folder / "world"
    make_world(template, job)
    shutil.copytree(template, sound)
    with post_office(job, sound) as arrived:
        code, said, calls = run(job, sound, 0, 0)
        wanted = arrived()
    assert code == 0, said
    assert calls
    wrong, tried, actions = [], 0, ON_SOCKETS if " by " in job else ACTIONS
    for number in range(1, calls + 1):
        for index, (name, action) in enumerate(actions.items()):
            if (number * len(actions) + index) % sample:
                continue
            shutil.copytree(template, world)
            with post_office(job, world) as arrived:
                first, again = run(job, world, number, action), run(job, world, 0, 0)
                found = [*problems(job, world, sound, first, again), *not_as_sent(arrived(), wanted, world)]
            tried += 1
            wrong += [f"{job}, call {number}, {name} ({first[0]}): {each}" for each in found]
            shutil.rmtree(world)
    return {"job": job, "calls": calls, "faults": tried, "messages": wanted.total(), "wrong": wrong}


if __name__ == "__main__":
    main()
