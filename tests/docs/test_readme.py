"""README.md, docs/jobs.md and docs/for-developers.md are true: their sessions are run, in order, in an empty folder."""

from __future__ import annotations

import contextlib
import importlib
import io
import re
import shlex
import sys
from pathlib import Path
from unittest import mock

import pytest

from scripts.adapters.cli import command_line
from tracker_schema import errors
from tracker_schema.columns.schema import tracker_schema

PROJECT = Path(__file__).resolve().parents[2]
PAGES = {name: (PROJECT / name).read_text("utf-8") for name in ("README.md", "docs/jobs.md", "docs/for-developers.md")}
README, JOBS = PAGES["README.md"], PAGES["docs/jobs.md"]
SESSIONS = [session for page in PAGES.values() for session in re.findall(r"```console\n(.*?)```", page, re.DOTALL)]
EVERYTHING = "\n".join(PAGES.values())


def commands(session: str) -> list[tuple[str, list[str]]]:
    """Return each command of a session with the lines shown below it."""
    found: list[tuple[str, list[str]]] = []
    for line in session.splitlines():
        if line.startswith("$ "):
            found.append((line[2:], []))
        else:
            found[-1][1].append(line)
    return found


def run(words: list[str]) -> tuple[int, str, str]:
    """Return the exit code of `python -m scripts.JOB …`, run in this process, and what it printed."""
    assert words[:2] == ["python", "-m"]
    job = importlib.import_module(words[2])
    out, err = io.StringIO(), io.StringIO()
    with (
        mock.patch.object(sys, "argv", words[2:]),
        contextlib.redirect_stdout(out),
        contextlib.redirect_stderr(err),
        pytest.raises(SystemExit) as left,
    ):
        command_line.run(job.main)
    assert isinstance(left.value.code, int)
    return left.value.code, out.getvalue(), err.getvalue()


def without_padding(text: str) -> str:
    """Return `text` with each run of spaces as one: the width of a column depends on what is in its other rows."""
    return "\n".join(" ".join(line.split()) for line in text.strip("\n").splitlines())


def test_there_are_sessions() -> None:
    assert sum(len(commands(session)) for session in SESSIONS) >= 4


def test_the_sessions_run_as_shown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for command, shown in (each for session in SESSIONS for each in commands(session)):
        code, printed, complaint = run(shlex.split(command))
        assert (code, complaint) == (0, ""), command
        # A line “…” is for any lines.
        pattern = re.escape(without_padding("\n".join(shown)))
        pattern = pattern.replace("…\\\n", "(?:.*\n)*?").replace("\\\n…", "(?:\n.*)*")
        assert re.fullmatch(pattern, without_padding(printed.replace("\\", "/"))), f"{command} printed\n{printed}"


def test_the_two_commands_are_those_that_ci_runs() -> None:
    ci = (PROJECT / ".ci" / "run").read_text("utf-8")
    installed = re.findall(r"(?m)^python -m pip install -r (\S+)\n(.*)$", README)
    assert [file for file, _ in installed] == ["requirements.txt", "requirements-dev.txt"]
    assert all(command in ci for _, command in installed)


COMMANDS = sorted(set(re.findall(r"python -m ((?:scripts|tests|tracker_schema)[\w.]*)", EVERYTHING)))
OPTIONS = sorted(set(re.findall(r"`(?:[\w-]+ )?(--[a-z-]+)", EVERYTHING)) - {"--help"})


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_named_exists(command: str) -> None:
    path = PROJECT / command.replace(".", "/")
    assert path.with_suffix(".py").exists() or (path / "__main__.py").exists()


def test_every_job_is_described() -> None:
    for job in (PROJECT / "scripts").glob("[a-z]*.py"):
        assert f"\n| `python -m scripts.{job.stem}" in JOBS


@pytest.mark.parametrize("page", [*PAGES, "docs/process.md", "docs/for-heads-of-service.md", "CHANGELOG.md"])
def test_every_file_and_page_named_exists(page: str) -> None:
    text = (PROJECT / page).read_text("utf-8")
    for name in re.findall(r"`([\w./-]+\.(?:toml|txt|in|json|md|py))`", text):
        assert (PROJECT / name).exists() or name in ("config.toml", "__init__.py"), name
    for link in re.findall(r"\]\(([^)#]+)\)", text):
        assert (PROJECT / page).parent.joinpath(link).exists(), link


@pytest.mark.parametrize("house", ["tracker_schema", "scripts/adapters"])
def test_every_folder_is_described(house: str) -> None:
    table = PAGES["docs/for-developers.md"].partition(f"| In `{house}/` |")[2].partition("\n\n")[0]
    folders = {path.parent.name for path in (PROJECT / house).glob("*/__init__.py")}
    assert set(re.findall(r"`(\w+)/`", table)) == folders


@pytest.mark.parametrize("option", OPTIONS)
def test_every_option_exists(option: str) -> None:
    assert any(f'"{option}"' in path.read_text("utf-8") for path in (PROJECT / "scripts").rglob("*.py"))


def test_every_exit_code_of_the_family_is_in_the_table() -> None:
    family = [each for each in vars(errors).values() if isinstance(each, type)]
    for code in {each.exit_code for each in family if issubclass(each, errors.TrackerError)} | {0}:
        assert f"\n| {code} | " in JOBS


def test_the_columns_that_are_written_are_those_of_the_schema() -> None:
    for sheet in tracker_schema().sheet:
        headings = ", ".join(column.heading for column in sheet.written_by_script())
        assert f"| {sheet.heading} | {headings} |" in JOBS
