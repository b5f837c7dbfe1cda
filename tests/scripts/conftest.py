"""What the tests of jobs share."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.scripts.run_here import RunHere


@pytest.fixture
def run_here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> RunHere:
    """Runs jobs in `tmp_path`, in this process."""
    return RunHere(tmp_path, monkeypatch, capsys)
