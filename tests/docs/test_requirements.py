"""Each lock holds what is asked for, for Windows as well as for here; what runs is locked without what tests it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[2]
NAMES = ("requirements", "requirements-dev")
_LOCKED_LINE = re.compile(
    r"""^(?P<name>[A-Za-z0-9._-]+)==(?P<version>\S+)
        (?:\ ;\ (?P<marker>[^\\\n]+?))?\ \\\n
        (?:\ \ \ \ --hash=sha256:[0-9a-f]{64}.*\n)+""",
    re.MULTILINE | re.VERBOSE,
)


def _command(name: str) -> str:
    return f"uv pip compile --universal --python-version 3.11 --generate-hashes {name}.in -o {name}.txt"


def _wanted(name: str) -> list[Requirement]:
    lines = (line.partition("#")[0].strip() for line in (ROOT / f"{name}.in").read_text("utf-8").splitlines())
    return [Requirement(line) for line in lines if line and not line.startswith("-")]


def _lock(name: str) -> str:
    return (ROOT / f"{name}.txt").read_text("utf-8")


def _locked(name: str) -> list[tuple[str, str, str]]:
    return _LOCKED_LINE.findall(_lock(name))


@pytest.mark.parametrize(
    ("name", "wanted"), [(name, wanted) for name in NAMES for wanted in _wanted(name)], ids=lambda value: str(value)
)
def test_what_is_asked_for_is_locked(name: str, wanted: Requirement) -> None:
    versions = [version for locked, version, _ in _locked(name) if locked == canonicalize_name(wanted.name)]
    assert versions, f"run {_command(name)}"
    assert all(wanted.specifier.contains(version) for version in versions), f"run {_command(name)}"


@pytest.mark.parametrize("name", NAMES)
def test_every_line_carries_hashes(name: str) -> None:
    assert len(_locked(name)) == len(re.findall(r"^[A-Za-z0-9]", _lock(name), re.M)) > len(_wanted(name))


@pytest.mark.parametrize("name", NAMES)
def test_what_only_windows_needs_is_there(name: str) -> None:
    markers = {locked: marker for locked, _, marker in _locked(name)}
    assert markers["pywin32-ctypes"] == "sys_platform == 'win32'"
    assert name == "requirements" or markers["colorama"] == "sys_platform == 'win32'"


@pytest.mark.parametrize("name", NAMES)
def test_the_lock_says_how_it_was_made_and_names_no_machine(name: str) -> None:
    assert _command(name) in _lock(name).partition("==")[0]
    assert _command(name) in (ROOT / f"{name}.in").read_text("utf-8")
    assert not re.search(r"https?://|file:|--index|--extra-index|--find-links|/(?:home|root|opt|Users)/", _lock(name))


def test_what_runs_is_tested_in_the_same_versions() -> None:
    assert "-r requirements.in" in (ROOT / "requirements-dev.in").read_text("utf-8")
    runs = {(name, version) for name, version, _ in _locked("requirements")}
    assert runs < {(name, version) for name, version, _ in _locked("requirements-dev")}


def test_what_only_tests_and_checks_is_not_installed_to_run() -> None:
    only_dev = {canonicalize_name(wanted.name) for wanted in _wanted("requirements-dev")}
    assert not only_dev & {name for name, _, _ in _locked("requirements")}
