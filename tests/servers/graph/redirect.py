"""What `requests` would send to Microsoft goes to the server of the test instead; to any other host, nothing goes."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

import pytest
import requests
from requests.adapters import HTTPAdapter

from tests.servers.graph.server import HOSTS, GraphServer


class Killed(BaseException):
    """The client is dead from here on (`GraphServer.kill_at`). No Exception, so that no code catches it."""


def redirect_requests(server: GraphServer, monkeypatch: pytest.MonkeyPatch) -> None:
    """Redirect every session of `requests`, those inside the Office365 library and MSAL too.

    The caller sees the real addresses: a redirect from one host to another loses its token as it does out there.
    """
    send = HTTPAdapter.send

    def send_here(self: HTTPAdapter, request: requests.PreparedRequest, *args: Any, **options: Any) -> Any:
        address = urlsplit(request.url or "")
        if address.scheme != "https" or address.hostname not in HOSTS:
            pytest.fail(f"the test sent a request to {address.scheme}://{address.netloc}")
        here = request.copy()
        here.url = f"http://127.0.0.1:{server.port}{address.path}" + (f"?{address.query}" if address.query else "")
        here.headers["Host"] = address.hostname
        options["proxies"] = {}
        try:
            response = send(self, here, *args, **options)
        except requests.ConnectionError as error:
            if server.kills_client:
                raise Killed from None
            error.request = request
            raise
        response.request = request
        response.url = request.url or ""
        return response

    monkeypatch.setattr(HTTPAdapter, "send", send_here)
