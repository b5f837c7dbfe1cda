"""What holds for every test: no network beyond this machine, and a home folder of its own."""

from __future__ import annotations

import ipaddress
import itertools
import os
import socket
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

from tests.servers.graph.fixtures import app_certificate, graph, waits  # noqa: F401  known to every test
from tests.servers.relay_fixtures import relay, running  # noqa: F401  so is this
from tests.windows import WORTH_RUNNING

# Property tests look for new examples on a developer's machine, and repeat known ones where a change is to land; a
# machine that is busy is not a failure on either.
settings.register_profile("here", deadline=None)
settings.register_profile("landing", deadline=None, derandomize=True)
settings.load_profile("landing" if os.environ.get("CI") else "here")

_number = itertools.count(1)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the tests that are worth running on Windows."""
    here = Path(__file__).parent
    for item in items:
        if any(item.path.is_relative_to(here / place) for place in WORTH_RUNNING):
            item.add_marker(pytest.mark.windows)


def _stays_here(host: object) -> bool:
    if isinstance(host, bytes):
        host = host.decode("ascii", "replace")
    if host in (None, "", "localhost", socket.gethostname()):
        return True
    try:
        return ipaddress.ip_address(str(host).partition("%")[0]).is_loopback
    except ValueError:
        return False


@pytest.fixture(autouse=True)
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Fail the test that looks up or connects to another machine; a server on loopback is welcome.

    `pytest.fail` raises outside `Exception`, so that code which forgives a network error cannot hide the attempt.
    """
    look_up = socket.getaddrinfo

    def guarded_look_up(host: bytes | str | None, *args: Any, **kwargs: Any) -> Any:
        if not _stays_here(host):
            pytest.fail(f"the test looked up {host!r} on the network")
        return look_up(host, *args, **kwargs)

    def guarded(connect: Callable[[socket.socket, Any], Any]) -> Callable[[socket.socket, Any], Any]:
        def connect_here(sock: socket.socket, address: Any) -> Any:
            if sock.family in (socket.AF_INET, socket.AF_INET6) and not _stays_here(address[0]):
                pytest.fail(f"the test connected to {address!r} on the network")
            return connect(sock, address)

        return connect_here

    monkeypatch.setattr(socket, "getaddrinfo", guarded_look_up)
    monkeypatch.setattr(socket.socket, "connect", guarded(socket.socket.connect))
    monkeypatch.setattr(socket.socket, "connect_ex", guarded(socket.socket.connect_ex))


@pytest.fixture(scope="session")
def _homes(tmp_path_factory: pytest.TempPathFactory) -> Path:
    # Matplotlib looks through all fonts once for each folder of its own, which takes seconds.
    os.environ["MPLCONFIGDIR"] = str(tmp_path_factory.mktemp("matplotlib"))
    return tmp_path_factory.mktemp("homes")


@pytest.fixture(autouse=True)
def own_home(_homes: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The home folder made for this one test, empty, so that nothing is read from or written to the real one.

    It lies beside `tmp_path`, not in it: a test may say what `tmp_path` holds.
    """
    home = _homes / str(next(_number))
    home.mkdir()
    for name in ("HOME", "USERPROFILE"):
        monkeypatch.setenv(name, str(home))
    for name in ("LOCALAPPDATA", "APPDATA", "XDG_STATE_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_DATA_HOME"):
        monkeypatch.setenv(name, str(home / name.lower()))
    return home
