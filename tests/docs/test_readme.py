"""What the README shows is what happens: its sessions are run, in order, in an empty folder."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[2]
README = (PROJECT / "README.md").read_text("utf-8")
SESSIONS = re.findall(r"```console\n(.*?)```", README, re.DOTALL)


def commands(session: str) -> list[tuple[str, list[str]]]:
    """Each command of a session with the lines shown below it."""
    found: list[tuple[str, list[str]]] = []
    for line in session.splitlines():
        if line.startswith("$ "):
            found.append((line[2:], []))
        else:
            found[-1][1].append(line)
    return found


def test_there_are_sessions() -> None:
    assert sum(len(commands(session)) for session in SESSIONS) >= 4


def test_the_sessions_run_as_shown(tmp_path: Path) -> None:
    for session in SESSIONS:
        for command, shown in commands(session):
            words = shlex.split(command)
            assert words[0] == "python"
            done = subprocess.run(
                [sys.executable, *words[1:]],
                cwd=tmp_path,
                env=os.environ | {"PYTHONPATH": str(PROJECT)},
                capture_output=True,
                encoding="utf-8",
                check=False,
            )
            assert (done.returncode, done.stderr) == (0, ""), command
            # A line “…” stands for any lines.
            pattern = "\n".join(re.escape(line) for line in shown)
            pattern = pattern.replace("…\n", "(?:.*\n)*?").replace("\n…", "(?:\n.*)*")
            assert re.fullmatch(pattern, done.stdout.strip("\n")), f"{command} printed\n{done.stdout}"


@pytest.mark.parametrize("command", sorted(set(re.findall(r"python -m ((?:scripts|tracker_schema)[\w.]*)", README))))
def test_every_command_named_exists(command: str, tmp_path: Path) -> None:
    path = PROJECT / command.replace(".", "/")
    assert path.with_suffix(".py").exists() or (path / "__main__.py").exists()


def test_every_job_is_in_the_readme_and_every_file_it_names_exists() -> None:
    for job in (PROJECT / "scripts").glob("[a-z]*.py"):
        assert f"scripts.{job.stem}" in README
    for name in re.findall(r"`([\w./]+\.(?:toml|txt|in|json|md))`", README):
        assert (PROJECT / name).exists() or name == "config.toml", name


def test_every_exit_code_of_the_family_is_in_the_table() -> None:
    from tracker_schema import errors

    family = [each for each in vars(errors).values() if isinstance(each, type)]
    for code in {each.exit_code for each in family if issubclass(each, errors.TrackerError)} | {0}:
        assert f"\n| {code} | " in README


def test_the_columns_that_are_written_are_those_of_the_schema() -> None:
    from tracker_schema.columns.schema import tracker_schema

    for sheet in tracker_schema().sheet:
        headings = ", ".join(column.heading for column in sheet.written_by_script())
        assert f"| {sheet.heading} | {headings} |" in README
    for status in tracker_schema().sheets["incidents"].columns["status"].choices:
        assert f"\n| {status} | " in README
