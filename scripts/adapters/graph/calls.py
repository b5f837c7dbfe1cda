"""One request to Microsoft Graph at a time, each attempt built anew.

The client's own retry turns a PUT into a POST and loses If-Match, so it is not used. A request that may be repeated
without harm is repeated here, after the time that Microsoft asks for. A write is sent once, and the caller finds out
whether it was carried out.
"""

from __future__ import annotations

import email.utils
import logging
import random
import ssl
import time
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, Protocol

from tracker_schema.errors import TrackerError, TrackerUnreachable, TrackerUnusable

if TYPE_CHECKING:
    from requests import Response, Session

ATTEMPTS = 5
LONGEST_WAIT = 90.0
"""Seconds. A longer Retry-After is left to the next run."""
TIMEOUT = (10.0, 120.0)
"""Seconds to connect, and to wait for an answer."""

_TRANSIENT = frozenset({408, 429, 500, 502, 503, 504})
_NOT_DONE = frozenset({429})

Body = bytes | dict[str, Any] | None


class Refused(TrackerUnusable):
    """Graph answered with an error that another attempt will not change. Callers explain it where they can.

    status   the HTTP status
    codes    Graph's error codes, the outermost first
    holder   who has the file open; None when Graph does not name anybody
    """

    def __init__(self, status: int, codes: tuple[str, ...], holder: str | None, request_id: str) -> None:
        super().__init__(
            f"SharePoint refused the request ({' '.join([str(status), *codes[-1:]])}).",
            f"If it does so again tomorrow, give IT the request id {request_id or '(it has none)'}.",
        )
        self.status = status
        self.codes = codes
        self.holder = holder

    def has_code(self, word: str) -> bool:
        """Return True when `word` is in one of the codes, in any spelling of capitals."""
        return any(word.lower() in code.lower() for code in self.codes)


class NoAnswer(TrackerUnreachable):
    """There is no answer, or only that Microsoft has trouble.

    wait       how many seconds to wait before another attempt; None when Microsoft does not say
    not_done   the request was surely not carried out; otherwise it may have been
    given_up   it was repeated as often as is worth while, so nobody repeats it again
    """

    def __init__(self, problem: str, remedy: str, *, not_done: bool, wait: float | None = None) -> None:
        super().__init__(problem, remedy)
        self.wait = wait
        self.not_done = not_done
        self.given_up = False


class NotTrusted(TrackerUnusable):
    """The connection to Microsoft 365 is not safe. `not_done`: the request was surely not carried out."""

    def __init__(self, problem: str, remedy: str, *, not_done: bool) -> None:
        super().__init__(problem, remedy)
        self.not_done = not_done


class Tokens(Protocol):
    """Where the access token comes from."""

    def token(self) -> dict[str, Any]:
        """Return a token that is valid now, as the client takes it. Raises SignInRefused, or NoAnswer."""
        ...

    def renew(self) -> None:
        """Make the next call of `token` get a new one."""
        ...


def pause(seconds: float) -> None:
    """Wait."""
    time.sleep(seconds)


def new_session() -> Session:
    """Return an HTTP session on which every request has a time limit, MSAL's too."""
    import requests

    class TimedSession(requests.Session):
        def request(self, *args: Any, **kwargs: Any) -> Response:
            kwargs["timeout"] = kwargs.get("timeout") or TIMEOUT
            return super().request(*args, **kwargs)

    return TimedSession()


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
        pause(seconds)

    def once(self, method: str, path: str, body: Body, headers: Mapping[str, str] | None = None) -> Response:
        """Return the answer to a request that is made only once. After 401, with a new token, it is made again.

        Raises Refused, NoAnswer or SignInRefused.
        """
        try:
            return self._send(method, path, body, headers)
        except Refused as refused:
            if refused.status != 401:
                raise
        self._tokens.renew()  # with 401 nothing was carried out
        return self._send(method, path, body, headers)

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
            raise _error_in(error) from None
        except OSError as error:  # those of `requests` are one, and so is a missing file of certificates
            request.transport.reset_connections()
            raise connection_error(error) from None
        return response


def _error_in(error: Any) -> TrackerError:
    """Return what the client's `error` means: NoAnswer when it goes away by itself, else Refused."""
    response = error.response
    status: int = response.status_code
    if status in _TRANSIENT:
        wait = retry_after(response)
        trouble = "has too many requests" if status in (429, 503) else f"has trouble (error {status})"
        when = f"in {round(wait / 60)} minutes" if wait and wait >= 90 else "in a few minutes"
        return NoAnswer(
            f"SharePoint {trouble} and did not answer.",
            f"Run again {when}, or let the next run catch up.",
            not_done=status in _NOT_DONE,
            wait=wait,
        )
    codes = [str(error.code or "")]
    inner = error.inner_error
    while isinstance(inner, dict):
        codes.append(str(inner.get("code") or ""))
        inner = inner.get("innerError") or inner.get("innererror")
    holder = getattr(error, "lock_owner", None)
    return Refused(status, tuple(filter(None, codes)), holder, str(error.request_id or ""))


def retry_after(response: Response) -> float | None:
    """Return how many seconds the answer asks us to wait, None when it does not say.

    It gives either seconds or a time of day. That is by Microsoft's clock, which every answer has too: ours may be
    wrong.
    """
    header = response.headers.get("Retry-After", "").strip()
    if header.isdecimal():
        return float(header)
    try:
        until = email.utils.parsedate_to_datetime(header)
        now = email.utils.parsedate_to_datetime(response.headers.get("Date", ""))
    except ValueError:
        return None
    if until.tzinfo is None or now.tzinfo is None:
        return None
    return max(0.0, (until - now).total_seconds())


def connection_error(error: OSError) -> Exception:
    """Return what it means that a request got no answer at all; an error of any other kind as it is."""
    from requests.exceptions import ProxyError, RequestException, SSLError, Timeout
    from urllib3.exceptions import ConnectTimeoutError, NewConnectionError
    from urllib3.exceptions import ProxyError as UrllibProxyError

    if not isinstance(error, RequestException):
        if "certificate" not in str(error):
            return error
        return TrackerUnusable("The file that REQUESTS_CA_BUNDLE names does not exist.", "Correct that variable.")
    causes = list(_causes(error))
    if isinstance(error, SSLError):
        return NotTrusted(
            "This computer does not trust the certificate that answers for Microsoft 365.",
            "If the council's network inspects traffic, name its certificate authority in REQUESTS_CA_BUNDLE.",
            not_done=any(isinstance(cause, ssl.SSLCertVerificationError) for cause in causes),
        )
    # What never reached Microsoft was not carried out; nobody knows about what broke off later.
    not_done = any(isinstance(cause, ConnectTimeoutError | NewConnectionError | UrllibProxyError) for cause in causes)
    if isinstance(error, ProxyError):
        problem = "The proxy does not let this program through to Microsoft 365."
        return NoAnswer(problem, "Check HTTPS_PROXY.", not_done=not_done)
    if isinstance(error, Timeout):
        return NoAnswer("Microsoft 365 does not answer in time.", "The next run catches up.", not_done=not_done)
    return NoAnswer(
        "Microsoft 365 cannot be reached, or ended the connection.",
        "Check that this computer is online. Name a proxy in HTTPS_PROXY, and the council's own certificate authority "
        "in REQUESTS_CA_BUNDLE. The next run catches up.",
        not_done=not_done,
    )


def _causes(error: BaseException) -> Iterator[BaseException]:
    """Yield `error` and what caused it, which requests and urllib3 keep in different places."""
    yield error
    for cause in [error.__cause__, *error.args, getattr(error, "reason", None)]:
        if isinstance(cause, BaseException):
            yield from _causes(cause)
