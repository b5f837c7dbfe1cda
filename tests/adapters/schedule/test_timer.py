"""The timer of this computer: what the system is asked for, by programs that write down what they get."""

from __future__ import annotations

import datetime as dt
import os
import shutil
import subprocess
from pathlib import Path

import pytest
from defusedxml import ElementTree  # type: ignore[import-untyped]

from scripts.adapters.schedule import shortcuts, timer

START = dt.datetime(2026, 11, 27, 9, 30)
NAMESPACE = {"task": "http://schemas.microsoft.com/windows/2004/02/mit/task"}
on_linux = pytest.mark.skipif(os.name == "nt", reason="systemd is of Linux")


@pytest.fixture
def systemctl(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A systemctl that writes its arguments to the file returned, and fails if a file “refuse” is beside it."""
    folder = tmp_path / "bin"
    folder.mkdir()
    program = folder / "systemctl"
    program.write_text(
        '#!/bin/sh\necho "$@" >>"$(dirname "$0")/calls"\n'
        '[ ! -e "$(dirname "$0")/refuse" ] || { echo "Failed to connect to bus" >&2; exit 1; }\n'
    )
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}{os.pathsep}{os.environ['PATH']}")
    return folder / "calls"


def test_the_task_of_windows_is_the_signed_in_persons_and_runs_on_battery() -> None:
    arguments = ["-m", "scripts.run_schedule", "--once", "--config", r"C:\Ann's & co\config.toml"]
    text = timer.task_xml(Path(r"C:\Ann's & co"), arguments, START, r"COUNCIL\ann.sample")
    task = ElementTree.fromstring(text.encode("utf-16"))

    def value(path: str) -> object:
        return task.findtext("/".join(f"task:{name}" for name in path.split("/")), None, NAMESPACE)

    assert value("Principals/Principal/UserId") == r"COUNCIL\ann.sample"
    assert value("Principals/Principal/LogonType") == "InteractiveToken"
    assert value("Principals/Principal/RunLevel") == "LeastPrivilege"
    assert value("Triggers/TimeTrigger/Repetition/Interval") == "PT15M"
    assert value("Triggers/TimeTrigger/StartBoundary") == "2026-11-27T09:30:00"
    assert value("Settings/StopIfGoingOnBatteries") == "false"
    assert value("Actions/Exec/WorkingDirectory") == r"C:\Ann's & co"
    assert value("Actions/Exec/Arguments") == (
        r'-m scripts.run_schedule --once --config "C:\Ann' + r"'s & co\config.toml" + '"'
    )


@on_linux
def test_a_timer_of_the_person_is_made_again_and_taken_away(systemctl: Path, own_home: Path, tmp_path: Path) -> None:
    project = tmp_path / 'a "folder" with 100% spaces'
    project.mkdir()
    for _ in range(2):
        timer.register(project, project / "config.toml", START)
    units = sorted((own_home / "xdg_config_home" / "systemd" / "user").iterdir())
    assert [unit.name for unit in units] == ["critical-incident-tracker.service", "critical-incident-tracker.timer"]
    assert timer.is_registered()
    if verify := shutil.which("systemd-analyze"):
        done = subprocess.run(
            [verify, "verify", "--user", *map(str, units)], capture_output=True, text=True, check=False
        )
        assert str(units[0]) not in done.stderr
    timer.remove()
    assert not timer.is_registered()
    timer.remove()
    calls = systemctl.read_text().splitlines()
    assert calls == [
        *["--user daemon-reload", "--user enable --now critical-incident-tracker.timer"] * 2,
        "--user disable --now critical-incident-tracker.timer",
        "--user daemon-reload",
    ]


@on_linux
def test_what_the_system_refuses_is_said_in_its_words(systemctl: Path, tmp_path: Path) -> None:
    systemctl.with_name("refuse").touch()
    with pytest.raises(timer.TimerRefused, match=r"systemctl said “Failed to connect to bus”\. Until it works, start"):
        timer.register(tmp_path, tmp_path / "config.toml", START)


@on_linux
def test_the_shortcuts_of_linux(own_home: Path, tmp_path: Path) -> None:
    page = tmp_path / "What the tracker says.html"
    for _ in range(2):
        made = shortcuts.make(tmp_path, tmp_path / "config.toml", page)
    assert sorted(path.name for path in (own_home / "Desktop").iterdir()) == sorted(path.name for path in made)
    assert f"URL={page.as_uri()}" in (own_home / "Desktop" / "What the tracker says.desktop").read_text("utf-8")
    check = (own_home / "Desktop" / "Check now.desktop").read_text("utf-8")
    assert f'-m scripts.results_page --check --open --config "{tmp_path / "config.toml"}"' in check
    shortcuts.remove()
    assert not list((own_home / "Desktop").iterdir())
