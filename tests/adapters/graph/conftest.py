"""What the tests of Graph share."""

from __future__ import annotations

import pytest

from scripts.adapters import sharepoint_store
from scripts.adapters.graph import calls


@pytest.fixture
def waits(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """For how many seconds the program waited; it does not really."""
    seconds: list[float] = []
    monkeypatch.setattr(calls, "pause", seconds.append)
    monkeypatch.setattr(sharepoint_store, "pause", seconds.append)
    return seconds
