"""The set-up as somebody goes through it: the questions, the first run, the results page, and taking it away again."""

from __future__ import annotations

import os
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from tests.scripts.trackers import PROJECT, incident, save_tracker

pytestmark = pytest.mark.skipif(os.name == "nt", reason="the timer of Windows is tried in test_timer")


def set_up(*options: object, typed: tuple[str, ...] = ()) -> subprocess.CompletedProcess[str]:
    """Run the set-up for somebody who types those lines."""
    return subprocess.run(
        [sys.executable, "-m", "scripts.set_up", *map(str, options)],
        cwd=PROJECT,
        input="".join(f"{line}\n" for line in typed),
        capture_output=True,
        encoding="utf-8",
        check=False,
    )


@pytest.fixture
def systemctl(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A systemctl that does what it is asked."""
    folder = tmp_path / "bin"
    folder.mkdir()
    (folder / "systemctl").write_text("#!/bin/sh\n")
    (folder / "systemctl").chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}{os.pathsep}{os.environ['PATH']}")


@pytest.fixture
def on_a_monday(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every process begins on Monday 23 November 2026: on a day off nobody is reminded."""
    folder = tmp_path / "clock"
    folder.mkdir()
    (folder / "sitecustomize.py").write_text(
        "import time_machine\ntime_machine.travel('2026-11-23T08:00:00Z', tick=True).start()\n"
    )
    monkeypatch.setenv("PYTHONPATH", f"{folder}{os.pathsep}{os.environ.get('PYTHONPATH', '')}")


@pytest.mark.usefixtures("systemctl", "on_a_monday")
def test_the_whole_way_and_back(tmp_path: Path, own_home: Path) -> None:
    tracker = save_tracker(tmp_path / "Our log.xlsx", [incident("CI-1")])
    config = tmp_path / "config.toml"
    answers = (
        *(f'"{tracker}"', "Example Council", "01/11/2026", "head@council.example", "slt@council.example", "", "", ""),
        *("drafts", str(tmp_path / "Drafts"), "Tuesday", "", "no", ""),
    )
    left = set_up("--config", config, typed=answers[:3])
    assert left.returncode == 2
    assert "Run it again; it goes on with the answers so far." in left.stderr
    assert not config.exists()

    done = set_up(
        "--config", config, typed=(*["" if answer in answers[:3] else answer for answer in answers], *["yes"] * 4)
    )
    assert done.returncode == 0, done.stderr
    assert "1 incident: 1 " in done.stdout
    found = tomllib.loads(config.read_text("utf-8"))
    assert found["tracker"]["file"] == str(tracker)
    assert found["mail"]["allowed_domains"] == ["council.example"]
    assert list((tmp_path / "Drafts").glob("*.eml"))
    page = (own_home / "xdg_state_home" / "critical-incident-tracker" / "What the tracker says.html").read_text("utf-8")
    assert "What needs you today" in page
    assert "Status columns" in page
    assert {path.name for path in (own_home / "Desktop").iterdir()} == {
        *("Check now.desktop", "What the tracker says.desktop"),
    }
    units = own_home / "xdg_config_home" / "systemd" / "user"
    assert str(config) in (units / "critical-incident-tracker.service").read_text("utf-8")

    again = set_up("--config", config, typed=("", "no", "Sample Council", *[""] * 12, *["yes", "no", "no", "no"]))
    assert again.returncode == 0, again.stderr
    changed = tomllib.loads(config.read_text("utf-8"))
    assert changed == found | {"council": {"name": "Sample Council"}}
    assert tomllib.loads(config.with_name("config.before-set-up.toml").read_text("utf-8")) == found

    assert set_up("--remove").returncode == 0
    assert not list(units.iterdir())
    assert not list((own_home / "Desktop").iterdir())
    assert config.exists()
