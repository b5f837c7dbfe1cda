"""doctor on what this computer has: each check fine, and each going wrong with its remedy."""

from __future__ import annotations

import datetime as dt
import importlib.metadata
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import pytest

from scripts.adapters.doctor import this_computer
from tests.adapters.doctor.doctor_runs import Doctor, Told, tracker_at

INSTALL = "In the project's folder, run python -m pip install -r requirements.txt."


@pytest.fixture
def here(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Doctor:
    monkeypatch.chdir(tmp_path)
    return Doctor(tmp_path, capsys)


def examine(here: Doctor, as_of: dt.date = dt.date(2026, 11, 23)) -> Told:
    (here.folder / "log").mkdir(exist_ok=True)
    return here.run("--tracker", tracker_at(here.folder / "log" / "Tracker.xlsx"), as_of=as_of)


@pytest.mark.parametrize("version", [(3, 11), (3, 12), (3, 13)])
def test_a_python_that_was_tried(here: Doctor, monkeypatch: pytest.MonkeyPatch, version: tuple[int, int]) -> None:
    monkeypatch.setattr(this_computer, "running_python", lambda: version)
    assert examine(here).verdict_of("Python") == "fine"


@pytest.mark.parametrize("version", [(3, 10), (3, 14)])
def test_another_python(here: Doctor, monkeypatch: pytest.MonkeyPatch, version: tuple[int, int]) -> None:
    monkeypatch.setattr(this_computer, "running_python", lambda: version)
    told = examine(here)
    assert told.code == 2
    assert told.of("Python")["remedy"] == "Install Python 3.11 to 3.13 and start the jobs with it."


def test_packages_as_locked(here: Doctor) -> None:
    told = examine(here)
    assert told.verdict_of("Packages") in ("fine", "warning")  # the tests may run with newer ones
    required = dict(this_computer.required_packages())
    assert {"pandas", "msal", "tzdata", "numpy"} <= set(required)
    assert "colorama" not in required or this_computer.applies_here("sys_platform == 'win32'")


def test_packages_missing_or_other(here: Doctor, monkeypatch: pytest.MonkeyPatch) -> None:
    wanted = here.folder / "requirements.txt"
    wanted.write_text(
        "# made up\nopenpyxl==0.1 \\\n    --hash=sha256:00\n    # via -r requirements.in\n"
        "colour-x==1.2 ; sys_platform == 'os/2' \\\n    --hash=sha256:00\n",
        "utf-8",
    )
    monkeypatch.setattr(this_computer, "REQUIREMENTS", wanted)
    told = examine(here)
    installed = importlib.metadata.version("openpyxl")
    assert (told.code, told.verdict_of("Packages")) == (0, "warning")
    assert told.of("Packages")["found"] == (
        f"Installed in another version than was tested: openpyxl {installed} instead of 0.1."
    )
    assert told.of("Packages")["remedy"] == INSTALL
    wanted.write_text("openpyxl==0.1\nno-such-package==1.0\n", "utf-8")
    told = examine(here)
    assert (told.code, told.verdict_of("Packages")) == (2, "wrong")
    assert told.of("Packages")["found"].startswith("Not installed: no-such-package; there is also openpyxl ")


def test_no_time_zones(here: Doctor, monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(key: str) -> ZoneInfo:
        raise ZoneInfoNotFoundError(key)

    monkeypatch.setattr(this_computer, "ZoneInfo", missing)
    told = examine(here)
    assert told.code == 2
    assert told.of("Time zone") == {
        "name": "Time zone",
        "verdict": "wrong",
        "found": "The time zone data of Europe/London is missing.",
        "remedy": INSTALL,
    }


def test_time_zones_without_summer(here: Doctor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(this_computer, "ZoneInfo", lambda _: ZoneInfo("Africa/Abidjan"))
    assert examine(here).verdict_of("Time zone") == "wrong"


@pytest.mark.parametrize(
    ("as_of", "verdict", "code"),
    [
        (dt.date(2026, 11, 23), "fine", 0),
        (dt.date(2028, 1, 1), "fine", 0),
        (dt.date(2028, 1, 2), "warning", 0),
        (dt.date(2029, 1, 1), "wrong", 2),
    ],
)
def test_bank_holidays(here: Doctor, as_of: dt.date, verdict: str, code: int) -> None:
    from tracker_schema.calendar.working_days import england_and_wales

    # Written for a list that ends with 2028; the one the project carries may reach further by now.
    later = as_of.replace(year=as_of.year + england_and_wales().last.year - 2028)
    told = examine(here, later)
    assert told.verdict_of("Bank holidays") == verdict
    assert told.code == code
    if verdict != "fine":
        assert "gov.uk/bank-holidays.json" in told.of("Bank holidays")["remedy"]
