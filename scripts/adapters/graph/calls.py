"""One request to Microsoft Graph at a time, each attempt made afresh.

The client's own retry turns a PUT into a POST and loses If-Match, so it is not used. What may be repeated without harm
is repeated here, after the time that Microsoft asks for; what must not be (a write) is sent `once`, and the caller
settles what came of it.
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
_NETWORK = "see that this computer is online; a proxy is named in HTTPS_PROXY, and the council's own"
_CERTIFICATES = "certificate authority in REQUESTS_CA_BUNDLE"


Body = bytes | dict[str, Any] | None


class Refused(TrackerUnusable):
    """Graph answered with an error that will not go away by itself; callers say what it means where they know."""

    def __init__(self, status: int, codes: tuple[str, ...], holder: str | None, request_id: str) -> None:
        code = f" {codes[-1]}" if codes else ""
        super().__init__(
            f"SharePoint refused the request ({status}{code}); if it does so again tomorrow, give IT the request id "
            f"{request_id or 'that it did not tell'}."
        )
        self.status = status
        self.codes = codes
        self.holder = holder

    def says(self, word: str) -> bool:
        """Whether one of the error's codes has `word` in it."""
        return any(word.lower() in code.lower() for code in self.codes)


class NoAnswer(TrackerUnreachable):
    """No answer, or none that says anything: what was asked for may have been done unless `not_done`."""

    def __init__(self, sentence: str, wait: float | None, *, not_done: bool) -> None:
        super().__init__(sentence)
        self.wait = wait
        self.not_done = not_done
        self.given_up = False
        """Whether it was waited out in vain: then nobody waits for it again."""


class NotTrusted(TrackerUnusable):
    """The connection to Microsoft 365 is not safe. Nothing was asked for on it when `not_done`."""

    def __init__(self, sentence: str, *, not_done: bool) -> None:
        super().__init__(sentence)
        self.not_done = not_done


class Tokens(Protocol):
    """What lets us in."""

    def token(self) -> dict[str, Any]:
        """A token that is good now; raises SignInRefused."""
        ...

    def renew(self) -> None:
        """Let the next token be a new one."""
        ...


def pause(seconds: float) -> None:
    """Wait."""
    time.sleep(seconds)


def new_session() -> Session:
    """An HTTP session on which every request has a time limit, those of MSAL too."""
    import requests

    class TimedSession(requests.Session):
        def request(self, *args: Any, **kwargs: Any) -> Response:
            kwargs["timeout"] = kwargs.get("timeout") or TIMEOUT
            return super().request(*args, **kwargs)

    return TimedSession()


class Calls:
    """Requests to Graph on one session, let in by `tokens`."""

    def __init__(self, tokens: Tokens, session: Session) -> None:
        from office365.graph_client import GraphClient

        for chatty in ("office365", "msal", "urllib3"):  # what they log may hold addresses and names
            logging.getLogger(chatty).setLevel(logging.CRITICAL)
        self._tokens = tokens
        self._client = GraphClient(tokens.token).with_transport(session=session, timeout=TIMEOUT)

    def sign_in(self) -> None:
        """Sign in now, rather than with the first request. Raises SignInRefused, or NoAnswer."""
        self._tokens.token()

    def get(self, path: str, headers: Mapping[str, str] | None = None) -> Response:
        """The answer to a GET; asks again while there is hope.

        Raises Refused, or NoAnswer when there is none after all, as `repeated` does.
        """
        return self.repeated("get", path, None, headers)

    def repeated(self, method: str, path: str, body: Body, headers: Mapping[str, str] | None = None) -> Response:
        """The answer to a request that may be made twice without harm."""
        for attempt in range(1, ATTEMPTS + 1):
            try:
                return self.once(method, path, body, headers)
            except NoAnswer as trouble:
                self.wait(trouble, attempt)
        raise AssertionError("the last wait raises")

    def wait(self, trouble: NoAnswer, attempt: int) -> None:
        """Wait as long as `trouble` asks before the attempt after `attempt`.

        Raises `trouble` itself when that would take too long, or when this was the last attempt.
        """
        seconds = trouble.wait if trouble.wait is not None else random.uniform(0.5, 1) * 2 ** (attempt - 1)  # noqa: S311
        if trouble.given_up or attempt >= ATTEMPTS or seconds > LONGEST_WAIT:
            trouble.given_up = True
            raise trouble
        pause(seconds)

    def once(self, method: str, path: str, body: Body, headers: Mapping[str, str] | None = None) -> Response:
        """The answer to a request that is made only once, but for a token that ran out on the way.

        Raises Refused, NoAnswer or SignInRefused.
        """
        try:
            return self._send(method, path, body, headers)
        except Refused as refused:
            if refused.status != 401:
                raise
        self._tokens.renew()  # with 401 nothing was done, so that this is no second time
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
            raise self._understood(error) from None
        except OSError as error:  # what `requests` raises is one, and so is a missing file of certificates
            request.transport.reset_connections()
            raise unreachable(error) from None
        return response

    def _understood(self, error: Any) -> TrackerError:
        response = error.response
        status: int = response.status_code
        if status in _TRANSIENT:
            if status >= 502:  # Microsoft asks for a new connection
                self._client.pending_request().transport.reset_connections()
            return NoAnswer(_too_busy(status, response), retry_after(response), not_done=status in _NOT_DONE)
        inner = error.inner_error or {}
        codes: list[str] = [str(error.code or "")]
        while isinstance(inner, dict):
            codes.append(str(inner.get("code") or ""))
            inner = inner.get("innerError") or inner.get("innererror")
        holder = getattr(error, "lock_owner", None)
        return Refused(status, tuple(filter(None, codes)), holder, str(error.request_id or ""))


def retry_after(response: Response) -> float | None:
    """How many seconds the answer asks us to wait, whether it gives them or the time of day; None: it does not say."""
    asked = response.headers.get("Retry-After", "").strip()
    if asked.isdecimal():
        return float(asked)
    try:
        until = email.utils.parsedate_to_datetime(asked)
        # By Microsoft's clock, which every answer tells: ours may be wrong.
        now = email.utils.parsedate_to_datetime(response.headers.get("Date", ""))
    except ValueError:
        return None
    if until.tzinfo is None or now.tzinfo is None:
        return None
    return max(0.0, (until - now).total_seconds())


def _too_busy(status: int, response: Response) -> str:
    wait = retry_after(response)
    when = f"in {round(wait / 60)} minutes" if wait and wait >= 90 else "in a few minutes"
    what = "has too many requests to answer" if status in (429, 503) else f"is in trouble (error {status})"
    return f"SharePoint {what} and was asked in vain; run again {when}, or let the next run catch up."


def unreachable(error: OSError) -> Exception:
    """What a request that got no answer at all says; certificates and proxies do not mend themselves.

    An error of another kind is given back as it is.
    """
    from requests.exceptions import ProxyError, RequestException, SSLError, Timeout
    from urllib3.exceptions import ConnectTimeoutError, NewConnectionError
    from urllib3.exceptions import ProxyError as UrllibProxyError

    if not isinstance(error, RequestException):
        if "certificate" not in str(error):
            return error
        return TrackerUnusable("The file that REQUESTS_CA_BUNDLE names is not there; correct that variable.")
    causes = list(_causes(error))
    if isinstance(error, SSLError):
        return NotTrusted(
            "Microsoft 365 cannot be reached safely: the certificate that answers is not one this computer trusts; "
            f"if the council's network inspects traffic, name its {_CERTIFICATES}.",
            not_done=any(isinstance(cause, ssl.SSLCertVerificationError) for cause in causes),
        )
    if isinstance(error, ProxyError):
        sentence = "The proxy does not let this program through to Microsoft 365; see that HTTPS_PROXY is right."
    elif isinstance(error, Timeout):
        sentence = "Microsoft 365 does not answer in time; the next run catches up."
    else:
        sentence = f"Microsoft 365 cannot be reached, or hung up; {_NETWORK} {_CERTIFICATES}. The next run catches up."
    # What never reached Microsoft was not done there; of what broke off later nobody knows.
    not_done = any(isinstance(cause, ConnectTimeoutError | NewConnectionError | UrllibProxyError) for cause in causes)
    return NoAnswer(sentence, None, not_done=not_done)


def _causes(error: BaseException) -> Iterator[BaseException]:
    """`error` and what it came of, which requests and urllib3 keep in their own ways."""
    inner = [error.__cause__, *error.args, getattr(error, "reason", None)]
    yield error
    for each in inner:
        if isinstance(each, BaseException):
            yield from _causes(each)
