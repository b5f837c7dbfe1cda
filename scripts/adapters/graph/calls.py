"""One request to Microsoft Graph at a time, each attempt built anew.

The client's own retry turns a PUT into a POST and loses If-Match, so it is not used. A request that may be repeated
without harm is repeated here, after the time that Microsoft asks for. A write is sent once, and the caller finds out
whether it was carried out.
"""

from __future__ import annotations

import logging
import random
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Protocol

from scripts.adapters.cli import clock
from scripts.adapters.graph.errors import (
    NoAnswer,
    Refused,
    connection_error,
    content_of,
    error_in,
    sign_in_not_accepted,
)
from scripts.adapters.graph.session import TIMEOUT

if TYPE_CHECKING:
    from requests import Response, Session

ATTEMPTS = 5
LONGEST_WAIT = 90.0
"""Seconds. A longer Retry-After is left to the next run."""

Body = bytes | dict[str, Any] | None


class Tokens(Protocol):
    """Where the access token comes from."""

    def token(self) -> dict[str, Any]:
        """Return a token that is valid now, as the client takes it. Raises SignInRefused, or NoAnswer."""
        ...

    def renew(self) -> None:
        """Make the next call of `token` get a new one."""
        ...


class Calls:
    """Requests to Graph on one session, with the access of `tokens`."""

    def __init__(self, tokens: Tokens, session: Session) -> None:
        from office365.graph_client import GraphClient

        for library in ("office365", "msal", "urllib3"):  # their logs may hold addresses and names
            logging.getLogger(library).setLevel(logging.CRITICAL)
        self._tokens = tokens
        self._client = GraphClient(tokens.token).with_transport(session=session, timeout=TIMEOUT)

    def sign_in(self) -> None:
        """Sign in now, rather than with the first request. Raises SignInRefused, or NoAnswer."""
        self._tokens.token()

    def get(self, path: str, headers: Mapping[str, str] | None = None) -> Response:
        """Return the answer to a GET, repeated like `repeated`."""
        return self.repeated("get", path, None, headers)

    def read(self, path: str, headers: Mapping[str, str] | None = None) -> dict[str, Any]:
        """Return the JSON object in the answer to a GET, which is repeated like `repeated`."""
        return content_of(self.get(path, headers))

    def read_all(self, path: str, headers: Mapping[str, str] | None = None) -> list[dict[str, Any]]:
        """Return the entries of a list, of all its pages.

        Raises NoAnswer when a page leads elsewhere than to Graph.
        """
        entries: list[dict[str, Any]] = []
        following: str | None = path
        while following is not None:
            page = self.read(following, headers)
            entries += page["value"]
            following = self._within_graph(page.get("@odata.nextLink"))
        return entries

    def _within_graph(self, link: str | None) -> str | None:
        """Return a link of Graph's as a path; the token goes to no other server."""
        root = str(self._client.service_root_url)
        if link is None or link.startswith(f"{root}/"):
            return link and link.removeprefix(root)
        raise NoAnswer("A list of Microsoft 365 goes on at another server.", "Give this to IT.", not_done=True)

    def repeated(self, method: str, path: str, body: Body, headers: Mapping[str, str] | None = None) -> Response:
        """Return the answer to a request that may be made twice without harm.

        Raises Refused, and NoAnswer when there is no answer after several attempts.
        """
        attempt = 0
        while True:
            attempt += 1
            try:
                return self.once(method, path, body, headers)
            except NoAnswer as error:
                self.wait(error, attempt)

    def wait(self, error: NoAnswer, attempt: int) -> None:
        """Wait as long as `error` asks for before the attempt after number `attempt`, which begins at 1.

        Raises `error` itself when that would take too long, or when this was the last attempt.
        """
        seconds = error.wait if error.wait is not None else random.uniform(0.5, 1) * 2 ** (attempt - 1)  # noqa: S311
        if error.given_up or attempt >= ATTEMPTS or seconds > LONGEST_WAIT:
            error.given_up = True
            raise error
        clock.pause(seconds)

    def once(self, method: str, path: str, body: Body, headers: Mapping[str, str] | None = None) -> Response:
        """Return the answer to a request that is made only once. After 401, with a new token, it is made again.

        Raises Refused, NoAnswer, or SignInRefused when the new token is not accepted either.
        """
        try:
            return self._send(method, path, body, headers)
        except Refused as refused:
            if refused.status != 401:
                raise
        self._tokens.renew()  # with 401 nothing was carried out
        try:
            return self._send(method, path, body, headers)
        except Refused as refused:
            if refused.status != 401:
                raise
            raise sign_in_not_accepted(refused) from None

    def _send(self, method: str, path: str, body: Body, headers: Mapping[str, str] | None) -> Response:
        from office365.runtime.client_request_exception import ClientRequestException
        from office365.runtime.http.http_method import HttpMethod
        from office365.runtime.http.request_options import RequestOptions

        options = RequestOptions(
            self._client.service_root_url + path, method=HttpMethod[method.capitalize()], data=body
        )
        for name, value in (headers or {}).items():
            options.set_header(name, value)
        request = self._client.pending_request()
        try:
            response: Response = request.execute_request_direct(options)
        except ClientRequestException as error:
            if error.response is not None and error.response.status_code >= 502:  # Microsoft asks for a new connection
                request.transport.reset_connections()
            raise error_in(error) from None
        except OSError as error:  # those of `requests` are one, and so is a missing file of certificates
            request.transport.reset_connections()
            raise connection_error(error) from None
        return response
