"""The fixtures that a test asks for; tests/conftest.py makes them known everywhere.

The imports are inside them, so that tests without SharePoint do not wait for those.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.servers.graph.entra.certificates import AppCertificate
    from tests.servers.graph.server import GraphServer


@pytest.fixture(scope="session")
def app_certificate() -> AppCertificate:
    """The certificate of the app, which `graph` knows; one for all tests, as making its key takes a while."""
    from tests.servers.graph.entra.certificates import make_certificate

    return make_certificate()


@pytest.fixture
def graph(monkeypatch: pytest.MonkeyPatch, app_certificate: AppCertificate, no_network: None) -> Iterator[GraphServer]:
    """Microsoft Graph, SharePoint and Entra on this machine, to which everything sent with `requests` goes."""
    from tests.servers.graph.redirect import redirect_requests
    from tests.servers.graph.server import GraphServer

    with GraphServer() as server:
        server.entra.certificates.append(app_certificate.certificate)
        redirect_requests(server, monkeypatch)
        yield server
    if server.accidents:
        raise server.accidents[0]


@pytest.fixture
def waits(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The seconds of each wait of the program, which are skipped."""
    seconds: list[float] = []
    monkeypatch.setattr("scripts.adapters.cli.clock.pause", seconds.append)
    return seconds
