"""An installation whose tracker is in the made-up SharePoint, for the tests of this folder."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.adapters.doctor.doctor_runs import SharePointDoctor

if TYPE_CHECKING:
    from tests.servers.graph.server import GraphServer


@pytest.fixture
def sharepoint(
    graph: GraphServer, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> SharePointDoctor:
    monkeypatch.setenv("TRACKER_CLIENT_SECRET", graph.entra.secret)
    monkeypatch.setattr("scripts.adapters.cli.clock.pause", lambda _seconds: None)
    return SharePointDoctor(graph, tmp_path, capsys)
