"""requirements.txt is the locked form of requirements.in, for Windows as well as for here."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[1]
COMMAND = "uv pip compile --universal --python-version 3.11 --generate-hashes requirements.in -o requirements.txt"


def _named(text: str) -> list[Requirement]:
    lines = (line.partition("#")[0].strip() for line in text.splitlines())
    return [Requirement(line) for line in lines if line]


WANTED = _named((ROOT / "requirements.in").read_text("utf-8"))
LOCK = (ROOT / "requirements.txt").read_text("utf-8")
_LOCKED_LINE = re.compile(
    r"""^(?P<name>[A-Za-z0-9._-]+)==(?P<version>\S+)
        (?:\ ;\ (?P<marker>[^\\\n]+?))?\ \\\n
        (?:\ \ \ \ --hash=sha256:[0-9a-f]{64}.*\n)+""",
    re.MULTILINE | re.VERBOSE,
)
LOCKED: list[tuple[str, str, str]] = _LOCKED_LINE.findall(LOCK)


@pytest.mark.parametrize("wanted", WANTED, ids=lambda wanted: wanted.name)
def test_what_is_asked_for_is_locked(wanted: Requirement) -> None:
    versions = [version for name, version, _ in LOCKED if name == canonicalize_name(wanted.name)]
    assert versions, f"run {COMMAND}"
    assert all(wanted.specifier.contains(version) for version in versions), f"run {COMMAND}"


def test_every_line_carries_hashes() -> None:
    assert len(LOCKED) == len(re.findall(r"^[A-Za-z0-9]", LOCK, re.M)) > len(WANTED)


def test_what_only_windows_needs_is_there() -> None:
    markers = {name: marker for name, _, marker in LOCKED}
    assert markers["colorama"] == "sys_platform == 'win32'"


def test_the_lock_says_how_it_was_made_and_names_no_machine() -> None:
    assert COMMAND in LOCK.partition("==")[0]
    assert COMMAND in (ROOT / "requirements.in").read_text("utf-8")
    assert not re.search(r"https?://|file:|--index|--extra-index|--find-links|/(?:home|root|opt|Users)/", LOCK)
