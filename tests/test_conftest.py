"""The guards of conftest.py do guard."""

from __future__ import annotations

import contextlib
import os
import socket
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st


@pytest.mark.parametrize("host", ["192.0.2.1", "example.invalid", b"example.invalid", "2001:db8::1"])
def test_looking_up_another_machine_fails_the_test(host: str | bytes) -> None:
    with pytest.raises(pytest.fail.Exception, match="looked up"):
        socket.getaddrinfo(host, 443)


@pytest.mark.parametrize("method", ["connect", "connect_ex"])
def test_connecting_to_another_machine_fails_the_test(method: str) -> None:
    with (
        socket.socket(socket.AF_INET, socket.SOCK_STREAM) as sock,
        pytest.raises(pytest.fail.Exception, match="connected to"),
    ):
        getattr(sock, method)(("192.0.2.1", 443))


def test_code_that_forgives_errors_cannot_hide_an_attempt() -> None:
    def forgiving() -> None:
        with contextlib.suppress(Exception):
            socket.create_connection(("example.invalid", 443), timeout=1)

    with pytest.raises(pytest.fail.Exception):
        forgiving()


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_a_server_on_loopback_is_welcome(host: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server, socket.create_connection((host, server.getsockname()[1])):
        pass


def test_home_is_empty_and_nobodys(own_home: Path) -> None:
    assert Path.home() == own_home
    assert list(own_home.iterdir()) == []
    assert Path(os.environ["LOCALAPPDATA"]).parent == own_home
    assert Path(os.environ["XDG_STATE_HOME"]).parent == own_home


@given(st.integers(1, 65535))
def test_hypothesis_accepts_the_guards(port: int) -> None:
    with pytest.raises(pytest.fail.Exception):
        socket.getaddrinfo("example.invalid", port)
