"""doctor through its command line, on trackers on this computer."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from scripts import doctor
from scripts.adapters.tracker import demo
from tests.adapters.doctor.doctor_runs import Doctor, tracker_at
from tests.scripts.trackers import AS_OF, PROJECT, incident, run_job, save_tracker, told
from tracker_schema.columns.schema import tracker_schema

ON_WINDOWS = os.name == "nt"


INSTALL = "In the project's folder, run python -m pip install -r requirements.txt."


@pytest.fixture
def here(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Doctor:
    (tmp_path / "log").mkdir()
    monkeypatch.chdir(tmp_path)
    return Doctor(tmp_path, capsys)


@pytest.fixture
def tracker(here: Doctor) -> Path:
    return tracker_at(here.folder / "log" / "Tracker.xlsx")


def files_in(folder: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_the_demo_tracker(here: Doctor, own_home: Path) -> None:
    demo.make(AS_OF)
    before = files_in(here.folder)
    found = here.run("--tracker", demo.TRACKER)
    assert found.not_fine() == {}
    assert (found.code, found.verdict) == (0, "fine")
    assert [each["name"] for each in found.checks] == [
        *("Python", "Packages", "Time zone", "Bank holidays", "Settings", "Word templates", "E-mail templates"),
        *("Copies folder",),
        *("Reading the tracker", "Open elsewhere", "Write permission", "Headings", "Clocks", "Our columns"),
        *("Status columns", "Changing the workbook"),
    ]
    assert files_in(here.folder) == before
    assert list(own_home.iterdir()) == []


def test_as_lines(here: Doctor, tracker: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert doctor.main(["--tracker", str(tracker), "--as-of", AS_OF.isoformat()]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[1] == "The checks"
    assert lines[2].split() == ["Verdict", "Check", "Result,", "and", "what", "to", "do"]
    assert lines[3].startswith("  fine     Python ")
    assert lines[-1].endswith("checks: 1 to act on.")


def test_in_a_process_of_its_own(here: Doctor, tracker: Path) -> None:
    done = run_job("doctor", "--tracker", tracker, "--as-of", AS_OF, "--json", cwd=here.folder)
    assert (done.returncode, done.stderr) == (0, "")
    assert told(done.stdout)["verdict"] == "warning"


@pytest.mark.parametrize(
    "arguments",
    [["--interactive"], ["--other-site", "https://x"], ["--smoke", "--dry-run"], ["--smoke", "--other-site", "x"]],
)
def test_wrong_usage(arguments: list[str]) -> None:
    with pytest.raises(SystemExit) as left:
        doctor.main(arguments)
    assert left.value.code == 2


# Settings


def test_no_tracker_is_named(here: Doctor) -> None:
    found = here.run()
    assert found.code == 2
    assert found.of("Settings")["found"] == "There is no config.toml, so every setting has its default."
    assert found.verdict_of("Reading the tracker") == "wrong"
    assert "--tracker FILE" in found.of("Reading the tracker")["remedy"]
    assert found.of("Clocks")["found"] == "“Reading the tracker” must be right first."


def test_each_slip_of_the_settings(here: Doctor, tracker: Path) -> None:
    Path("config.toml").write_text("[tracker]\nfil = 'log/Tracker.xlsx'\ncopies = -1\n[clock]\n", "utf-8")
    found = here.run()
    assert found.code == 2
    slips = [each for each in found.checks if each["name"] == "Settings"]
    assert [each["verdict"] for each in slips] == ["wrong"] * 3
    assert slips[0]["found"] == "config.toml:2: tracker.fil is not a setting."
    assert slips[0]["remedy"] == 'Did you mean "file"?'
    assert found.of("Headings")["found"] == "“Settings” must be right first."


def test_a_tracker_that_the_settings_name(here: Doctor, tracker: Path) -> None:
    Path("config.toml").write_text("tracker.file = 'log/Tracker.xlsx'\n", "utf-8")
    found = here.run()
    assert found.code == 0
    assert found.of("Settings")["found"] == "config.toml is in order."
    assert found.of("Reading the tracker")["found"].startswith("Tracker.xlsx can be read (")


def test_settings_that_are_not_there(here: Doctor) -> None:
    found = here.run("--config", "other.toml")
    assert found.code == 2
    assert "copy config.example.toml" in found.of("Settings")["remedy"].lower()


# Copies


def test_no_copies(here: Doctor, tracker: Path) -> None:
    Path("config.toml").write_text("tracker.copies = 0\n", "utf-8")
    found = here.run("--tracker", tracker)
    assert (found.code, found.verdict_of("Copies folder")) == (0, "warning")
    assert "tracker.copies" in found.of("Copies folder")["remedy"]


def test_copies_beside_the_tracker(here: Doctor, tracker: Path) -> None:
    Path("config.toml").write_text("tracker.copies_folder = 'log/old'\n", "utf-8")
    found = here.run("--tracker", tracker)
    assert found.verdict_of("Copies folder") == "warning"
    assert "in the tracker's own folder" in found.of("Copies folder")["found"]
    assert not Path("log/old").exists()


def test_copies_where_none_can_be(here: Doctor, tracker: Path) -> None:
    Path("file").write_text("")
    Path("config.toml").write_text("tracker.copies_folder = 'file/copies'\n", "utf-8")
    found = here.run("--tracker", tracker)
    assert (found.code, found.verdict_of("Copies folder")) == (2, "wrong")
    assert "copies_folder" in found.of("Copies folder")["remedy"]


@pytest.mark.skipif(ON_WINDOWS, reason="Windows does not tell by a mode")
def test_copies_that_others_can_read(here: Doctor, tracker: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    copies = here.folder / "copies"
    copies.mkdir()
    Path("config.toml").write_text("tracker.copies_folder = 'copies'\n", "utf-8")
    real = Path.stat

    def open_above(self: Path, *, follow_symlinks: bool = True) -> os.stat_result:
        # The folders above, which belong to the test run, may be closed to others or not.
        status = real(self, follow_symlinks=follow_symlinks)
        return os.stat_result((status.st_mode | 0o011, *status[1:])) if self in copies.parents else status

    monkeypatch.setattr(Path, "stat", open_above)
    for mode, verdict in ((0o755, "warning"), (0o750, "warning"), (0o705, "warning"), (0o711, "fine"), (0o700, "fine")):
        copies.chmod(mode)
        found = here.run("--tracker", tracker)
        assert found.verdict_of("Copies folder") == verdict, oct(mode)
        assert found.code == 0
    assert list(copies.iterdir()) == []
    assert stat.S_IMODE(copies.stat().st_mode) == 0o700


# The file


def test_a_tracker_that_is_not_there(here: Doctor, tracker: Path) -> None:
    found = here.run("--tracker", "log/Trackr.xlsx")
    assert found.code == 3
    assert found.of("Reading the tracker")["remedy"] == "Did you mean “Tracker.xlsx”?"
    assert {found.verdict_of(name) for name in ("Open elsewhere", "Write permission", "Headings")} == {"not checked"}


def test_a_damaged_tracker(here: Doctor) -> None:
    Path("log/Tracker.xlsx").write_bytes(b"PK made up")
    found = here.run("--tracker", "log/Tracker.xlsx")
    assert found.code == 3
    assert found.verdict_of("Headings") == "wrong"
    assert found.verdict_of("Write permission") == "fine"


def test_open_in_libreoffice(here: Doctor, tracker: Path) -> None:
    lock = tracker.parent / f".~lock.{tracker.name}#"
    lock.write_text("Ann Sample,ann,pc,23.11.2026 10:00,file;", "utf-8")
    found = here.run("--tracker", tracker)
    assert found.code == 4
    assert found.of("Open elsewhere")["found"] == (
        "Tracker.xlsx is open in LibreOffice by Ann Sample; while it is, nothing is written."
    )
    assert lock.name in found.of("Open elsewhere")["remedy"]


def test_a_folder_that_cannot_be_written(here: Doctor, tracker: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    touch = Path.touch

    def refused(self: Path, mode: int = 0o666, exist_ok: bool = True) -> None:
        if self.parent == tracker.parent:
            raise PermissionError(13, "Permission denied")
        touch(self, mode, exist_ok)

    monkeypatch.setattr(Path, "touch", refused)
    found = here.run("--tracker", tracker)
    assert found.code == 3
    assert "Permission denied" in found.of("Write permission")["found"]
    assert found.verdict_of("Copies folder") == "fine"


def test_a_read_only_tracker(here: Doctor, tracker: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "access", lambda path, mode: mode != os.W_OK)
    found = here.run("--tracker", tracker)
    assert (found.code, found.of("Write permission")["found"]) == (3, "Tracker.xlsx is read-only.")


def test_a_dry_run_makes_no_file(here: Doctor, tracker: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Path, "touch", lambda *_, **__: pytest.fail("a file was made"))
    found = here.run("--tracker", tracker, "--dry-run")
    assert found.code == 0
    assert found.verdict_of("Write permission") == "not checked"
    assert found.verdict_of("Copies folder") == "not checked"


# What is in it


def test_which_headings_are_found(here: Doctor, tracker: Path) -> None:
    found = here.run("--tracker", tracker)
    headings = found.of("Headings")["found"]
    usual = [column for column in tracker_schema().sheets["incidents"].column if not column.by_script]
    number = sum(not column.optional for column in usual)
    assert headings.startswith(f"“Incidents” has 17 of {number} headings in row 4, without Child ID, ")
    assert headings.endswith("; there is no sheet Actions; there is no sheet Documents; there is no sheet SLT.")
    assert found.verdict_of("Clocks") == "warning"
    assert "without “Rapid review completed”: " in found.of("Clocks")["found"]
    assert found.of("Status columns")["found"] == (
        "The first run adds columns: on “Incidents” Status, Next step, Next due, Working days left, Overdue steps, "
        "Data problems, Checked on."
    )


def test_a_required_heading_is_missing(here: Doctor) -> None:
    row = {key: value for key, value in incident("CI-1").items() if key != "aware_date"}
    path = save_tracker(Path("log/Tracker.xlsx"), [row])
    found = here.run("--tracker", path)
    assert found.code == 3
    assert "has no heading “Date aware”" in found.of("Headings")["found"]
    assert "config.toml" in found.of("Headings")["remedy"]


def test_a_heading_like_one_of_ours(here: Doctor) -> None:
    path = save_tracker(Path("log/Tracker.xlsx"), [incident("CI-1")], headings={"decision_date": "Decision datte"})
    found = here.run("--tracker", path)
    assert (found.code, found.verdict_of("Like headings")) == (0, "warning")
    assert "columns.incidents.decision_date" in found.of("Like headings")["remedy"]


def test_somebodys_own_status(here: Doctor) -> None:
    path = save_tracker(Path("log/Tracker.xlsx"), [incident("CI-1", status="Zoe to ring school")])
    found = here.run("--tracker", path)
    assert found.code == 3
    assert "holds something that this program did not write" in found.of("Our columns")["found"]
    assert found.of("Our columns")["remedy"].startswith("Rename that column, or give ours another heading")
    assert found.verdict_of("Changing the workbook") == "not checked"
    assert "Zoe" not in str(found.checks)


def test_a_check_that_fails_itself(
    here: Doctor, tracker: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from scripts.adapters.doctor import tracker as checks

    def fails(*_: object) -> None:
        raise KeyError("ZZ, born 4.3.2015")

    monkeypatch.setattr(checks, "read_tracker", fails)
    found = here.run("--tracker", tracker)
    assert found.code == 3
    assert found.of("Headings")["found"].startswith("The check itself failed (KeyError at test_doctor.py:")
    assert "ZZ" not in str(found.checks)
    assert capsys.readouterr().err == ""
    doctor.main(["--tracker", str(tracker), "--verbose"])
    assert "Traceback" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("missing", "check", "verdict", "found", "remedy"),
    [
        ("pydantic", "Settings", "not checked", "“Packages” must be right first.",
         "Put “Packages” right and run doctor again."),
        ("docxtpl", "Word templates", "wrong", "The package docxtpl is not installed.", INSTALL),
        ("jinja2", "E-mail templates", "wrong", "The package jinja2 is not installed.", INSTALL),
    ],
)  # fmt: skip
def test_it_runs_where_a_package_is_missing(
    here: Doctor, tracker: Path, missing: str, check: str, verdict: str, found: str, remedy: str
) -> None:
    program = (
        f"import sys; sys.modules[{missing!r}] = None\n"
        "from scripts.doctor import main\n"
        f"sys.exit(main(['--tracker', {str(tracker)!r}, '--as-of', '2026-11-23', '--json']))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=PROJECT,
        env=os.environ | {"PYTHONIOENCODING": "utf-8"},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert done.stderr == ""
    checks = told(done.stdout)["checks"]
    assert {"name": check, "verdict": verdict, "found": found, "remedy": remedy} in checks
    assert checks[-1]["name"] == ("Settings" if missing == "pydantic" else "Changing the workbook")
