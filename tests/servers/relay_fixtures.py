"""The fixture of a mail relay; tests/conftest.py makes it known everywhere.

The imports stand inside, so that tests that send no mail do not wait for them.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.servers.smtp_server import Relay

PASSWORD = "made-up-password"  # noqa: S105


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Relay, Path]]:
    """One relay for all tests of a file, and the folder with its authority's certificate."""
    from tests.servers.smtp_server import running_relay

    folder = tmp_path_factory.mktemp("relay")
    with running_relay(folder, password=PASSWORD) as started:
        yield started, folder


@pytest.fixture
def relay(running: tuple[Relay, Path], monkeypatch: pytest.MonkeyPatch) -> Relay:
    """A relay with STARTTLS and sign-in, whose authority this computer trusts and whose password it has."""
    started, folder = running
    monkeypatch.setenv("SSL_CERT_FILE", str(folder / "authority.pem"))
    monkeypatch.setenv("TRACKER_SMTP_PASSWORD", PASSWORD)
    for each in (started.taken, started.signed_in, started.refuses, started.replies, started.breaks):
        each.clear()
    return started
