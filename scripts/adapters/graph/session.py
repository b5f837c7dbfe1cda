"""The HTTP session of all requests to Microsoft 365, those of MSAL too.

Each request has a time limit. Certificates are checked against the store of the operating system, where a council's
network that inspects traffic has its authority, and against the public ones or those in REQUESTS_CA_BUNDLE. A page for
people, as a web filter or the sign-in page of a network gives, is an error and never an answer.
"""

from __future__ import annotations

import ssl
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from scripts.adapters.graph.errors import WebPage

if TYPE_CHECKING:
    from requests import Response, Session

TIMEOUT = (10.0, 120.0)
"""Seconds to connect, and to wait for an answer."""

_PAGES = ("text/html", "application/xhtml")
_TROUBLE = frozenset({408, 429})


def new_session() -> Session:
    """Return a new session."""
    import requests
    import truststore
    from requests.adapters import HTTPAdapter

    class SystemStore(HTTPAdapter):
        def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
            super().init_poolmanager(*args, **kwargs, ssl_context=truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT))

        def proxy_manager_for(self, proxy: str, **kwargs: Any) -> Any:
            kwargs.setdefault("ssl_context", truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT))
            return super().proxy_manager_for(proxy, **kwargs)

    class CheckedSession(requests.Session):
        def request(self, *args: Any, **kwargs: Any) -> Response:
            kwargs["timeout"] = kwargs.get("timeout") or TIMEOUT
            response = super().request(*args, **kwargs)
            if _is_page(response):
                raise WebPage(urlsplit(response.url).hostname or "", response.status_code)
            return response

    session = CheckedSession()
    session.mount("https://", SystemStore())
    return session


def _is_page(response: Response) -> bool:
    """Return True for a page for people; Microsoft's own gateways give some with an error that goes away by itself."""
    if response.status_code >= 500 or response.status_code in _TROUBLE:
        return False
    kind = response.headers.get("Content-Type", "").lower()
    return kind.startswith(_PAGES) or response.content[:200].lstrip().lower().startswith((b"<!doctype html", b"<html"))
