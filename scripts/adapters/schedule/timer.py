"""The timer of this computer that calls run_schedule every 15 minutes while the person is signed in.

On Windows it is a task of Task Scheduler, on Linux a timer of systemd, each the signed-in person's own: neither needs
an administrator.
"""

from __future__ import annotations

import datetime as dt
import getpass
import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from xml.sax.saxutils import escape

from scripts.adapters.storage.atomic_write import write_over
from tracker_schema.errors import TrackerError

NAME = "Critical incident tracker"
_UNIT = "critical-incident-tracker"
_MINUTES = 15
_SECONDS = 60.0
_BY_HAND = "Until it works, start the shortcut Check now every morning, or ask IT (docs/for-it.md, Task Scheduler)."

# Only while the person is signed in, also on battery, never two at once, and again after a missed call.
_TASK = """<?xml version="1.0" encoding="UTF-16"?>
<Task version="1.2" xmlns="http://schemas.microsoft.com/windows/2004/02/mit/task">
  <RegistrationInfo>
    <Description>Runs the jobs of the critical incident tracker that are due.</Description>
  </RegistrationInfo>
  <Triggers>
    <TimeTrigger>
      <Repetition>
        <Interval>PT{minutes}M</Interval>
        <StopAtDurationEnd>false</StopAtDurationEnd>
      </Repetition>
      <StartBoundary>{start}</StartBoundary>
      <Enabled>true</Enabled>
    </TimeTrigger>
  </Triggers>
  <Principals>
    <Principal id="Author">
      <UserId>{user}</UserId>
      <LogonType>InteractiveToken</LogonType>
      <RunLevel>LeastPrivilege</RunLevel>
    </Principal>
  </Principals>
  <Settings>
    <MultipleInstancesPolicy>IgnoreNew</MultipleInstancesPolicy>
    <DisallowStartIfOnBatteries>false</DisallowStartIfOnBatteries>
    <StopIfGoingOnBatteries>false</StopIfGoingOnBatteries>
    <StartWhenAvailable>true</StartWhenAvailable>
    <Enabled>true</Enabled>
    <ExecutionTimeLimit>PT4H</ExecutionTimeLimit>
  </Settings>
  <Actions Context="Author">
    <Exec>
      <Command>{command}</Command>
      <Arguments>{arguments}</Arguments>
      <WorkingDirectory>{folder}</WorkingDirectory>
    </Exec>
  </Actions>
</Task>
"""

_SERVICE = """[Unit]
Description=Run the jobs of the critical incident tracker that are due

[Service]
Type=oneshot
WorkingDirectory={folder}
ExecStart={command}
"""

_TIMER = f"""[Unit]
Description=Call the jobs of the critical incident tracker every {_MINUTES} minutes

[Timer]
OnStartupSec=2min
OnUnitActiveSec={_MINUTES}min

[Install]
WantedBy=timers.target
"""


class TimerRefused(TrackerError):
    """The computer does not let a timer be made; the message says what can be done instead."""

    exit_code = 2


def program(*, with_window: bool = False) -> Path:
    """Return the Python that the timer starts: on Windows the one without a window, unless it is `with_window`."""
    windowless = Path(sys.executable).with_name("pythonw.exe")
    return windowless if windowless.exists() and not with_window else Path(sys.executable)


def register(project: Path, config: Path, start: dt.datetime) -> None:
    """Let the computer call run_schedule in the folder `project` with those settings, from `start` on (local time).

    A timer that is there is replaced. Raises TimerRefused when the computer does not take it.
    """
    arguments = ["-m", "scripts.run_schedule", "--once", "--config", str(config)]
    if os.name == "nt":
        _register_task(project, arguments, start)
        return
    folder = _units()
    command = " ".join(f'"{_for_systemd(part)}"' for part in (str(program()), *arguments))
    service = _SERVICE.format(folder=str(project).replace("%", "%%"), command=command)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        write_over(folder / f"{_UNIT}.service", service.encode())
        write_over(folder / f"{_UNIT}.timer", _TIMER.encode())
    except OSError as error:
        raise TimerRefused(f"The timer cannot be written to {folder} ({error.strerror}).", _BY_HAND) from None
    _call(["systemctl", "--user", "daemon-reload"])
    _call(["systemctl", "--user", "enable", "--now", f"{_UNIT}.timer"])


def remove() -> None:
    """Take the timer away, if there is one. Raises TimerRefused when the computer does not let it go."""
    if os.name == "nt":
        if _call(["schtasks", "/Query", "/TN", NAME], may_fail=True):
            _call(["schtasks", "/Delete", "/TN", NAME, "/F"])
        return
    timer = _units() / f"{_UNIT}.timer"
    if not timer.exists():
        return
    _call(["systemctl", "--user", "disable", "--now", timer.name])
    timer.unlink()
    timer.with_suffix(".service").unlink(missing_ok=True)
    _call(["systemctl", "--user", "daemon-reload"])


def is_registered() -> bool:
    """Return whether this computer has the timer."""
    if os.name == "nt":
        return _call(["schtasks", "/Query", "/TN", NAME], may_fail=True)
    return (_units() / f"{_UNIT}.timer").exists()


def task_xml(project: Path, arguments: Sequence[str], start: dt.datetime, user: str) -> str:
    """Return the task for Task Scheduler, of that user, which runs Python with those arguments in `project`."""
    return _TASK.format(
        minutes=_MINUTES,
        start=start.replace(microsecond=0).isoformat(),
        user=escape(user),
        command=escape(str(program())),
        arguments=escape(subprocess.list2cmdline(arguments)),
        folder=escape(str(project)),
    )


def _register_task(project: Path, arguments: Sequence[str], start: dt.datetime) -> None:
    domain = os.environ.get("USERDOMAIN")
    user = f"{domain}\\{getpass.getuser()}" if domain else getpass.getuser()
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "task.xml"
        write_over(file, task_xml(project, arguments, start, user).encode("utf-16"))
        _call(["schtasks", "/Create", "/TN", NAME, "/XML", str(file), "/F"])


def _units() -> Path:
    config = Path(os.environ.get("XDG_CONFIG_HOME", ""))
    return (config if config.is_absolute() else Path.home() / ".config") / "systemd" / "user"


def _for_systemd(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"').replace("%", "%%").replace("$", "$$")


def _call(command: Sequence[str], *, may_fail: bool = False) -> bool:
    """Call a program of the system, and return whether it did what was asked."""
    try:
        done = subprocess.run(  # noqa: S603 - a program of the system, with arguments of our own
            command,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            errors="replace",
            timeout=_SECONDS,
            check=False,
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        if may_fail:
            return False
        raise TimerRefused(f"{command[0]} cannot be run here ({type(error).__name__}).", _BY_HAND) from None
    if done.returncode and not may_fail:
        said = " ".join((done.stderr or done.stdout).split())[:300]
        raise TimerRefused(f"The timer was not set up: {command[0]} said “{said}”.", _BY_HAND)
    return not done.returncode
