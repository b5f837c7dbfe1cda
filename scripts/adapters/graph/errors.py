"""What can go wrong with a request to Microsoft 365, and what an answer or a broken connection means."""

from __future__ import annotations

import email.utils
import ssl
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from tracker_schema.errors import SignInRefused, TrackerError, TrackerUnreachable, TrackerUnusable

if TYPE_CHECKING:
    from requests import Response

_TRANSIENT = frozenset({408, 429, 500, 502, 503, 504})
_NOT_DONE = frozenset({429})


class Refused(TrackerUnusable):
    """Graph answered with an error that another attempt will not change. Callers explain it where they can.

    status       the HTTP status
    codes        Graph's error codes, the outermost first
    message      what Microsoft says for developers; it may name files and people, so it is not shown
    holder       who has the file open; None when Graph does not name anybody
    challenged   Microsoft asks for a further check of the sign-in
    """

    def __init__(
        self,
        status: int,
        codes: tuple[str, ...] = (),
        holder: str | None = None,
        request_id: str = "",
        *,
        message: str = "",
        challenged: bool = False,
    ) -> None:
        self.status = status
        self.codes = codes
        self.message = message
        self.holder = holder
        self.challenged = challenged
        super().__init__(
            f"SharePoint refused the request ({self.code}).",
            f"If it does so again tomorrow, give IT the request id {request_id or '(it has none)'}.",
        )

    @property
    def code(self) -> str:
        """The status and the innermost code, as they are shown."""
        return " ".join([str(self.status), *self.codes[-1:]])

    def has_code(self, word: str) -> bool:
        """Return True when `word` is in one of the codes, in any spelling of capitals."""
        return any(word.lower() in code.lower() for code in self.codes)


class NoAnswer(TrackerUnreachable):
    """There is no answer, or only that Microsoft has trouble.

    wait       how many seconds to wait before another attempt; None when Microsoft does not say
    not_done   the request was surely not carried out; otherwise it may have been
    given_up   it was repeated as often as is worth while, so nobody repeats it again
    code       the status and the innermost code of Microsoft's answer, as they are shown; "" when there was none
    """

    def __init__(self, problem: str, remedy: str, *, not_done: bool, wait: float | None = None, code: str = "") -> None:
        super().__init__(problem, remedy)
        self.wait = wait
        self.not_done = not_done
        self.given_up = False
        self.code = code


class NotTrusted(TrackerUnusable):
    """The connection to Microsoft 365 is not safe. `not_done`: the request was surely not carried out."""

    def __init__(self, problem: str, remedy: str, *, not_done: bool) -> None:
        super().__init__(problem, remedy)
        self.not_done = not_done


class WebPage(OSError):
    """A page for people came from `host` with the HTTP `status`, instead of an answer of Microsoft 365."""

    def __init__(self, host: str, status: int) -> None:
        super().__init__(f"{host} answered with a web page ({status})")
        self.host = host
        self.status = status


def error_in(error: Any) -> TrackerError:
    """Return what the client's `error` means: NoAnswer when it goes away by itself, else Refused."""
    response = error.response
    status: int = response.status_code
    codes = [str(error.code or "")]
    inner = error.inner_error
    while isinstance(inner, dict):
        codes.append(str(inner.get("code") or ""))
        inner = inner.get("innerError") or inner.get("innererror")
    refused = Refused(
        status,
        tuple(filter(None, codes)),
        getattr(error, "lock_owner", None),
        str(error.request_id or ""),
        message=str(error.message or ""),
        challenged="claims=" in response.headers.get("WWW-Authenticate", ""),
    )
    if status not in _TRANSIENT:
        return refused
    wait = retry_after(response)
    trouble = "has too many requests" if status in (429, 503) else f"has trouble (error {refused.code})"
    when = f"in {round(wait / 60)} minutes" if wait and wait >= 90 else "in a few minutes"
    return NoAnswer(
        f"SharePoint {trouble} and did not answer.",
        f"Run again {when}, or let the next run catch up.",
        not_done=status in _NOT_DONE,
        wait=wait,
        code=refused.code,
    )


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


def content_of(response: Response) -> dict[str, Any]:
    """Return the JSON object in Graph's answer. Raises NoAnswer when there is none, as with 202 or a damaged answer."""
    try:
        content = response.json()
    except ValueError:
        content = None
    if not isinstance(content, dict):
        raise NoAnswer(
            f"Microsoft 365 gave an answer that holds nothing for this program (status {response.status_code}).",
            "Run again in a few minutes, or let the next run catch up.",
            not_done=False,
            code=str(response.status_code),
        )
    return content


def sign_in_not_accepted(refused: Refused) -> SignInRefused:
    """Return the error for a request that was answered with 401, and again with a new token."""
    if refused.challenged:
        return SignInRefused(
            "Microsoft 365 asks for a further check of the sign-in, after a new one too "
            f"({refused.code}, with a claims challenge).",
            "Ask IT whether a Conditional Access policy, such as one for locations, stops this app or account.",
        )
    return SignInRefused(
        f"Microsoft 365 does not accept the access that it gave this program, nor a new one ({refused.code}).",
        "Ask IT to look at the sign-in log of the app in Entra.",
    )


def connection_error(error: OSError) -> Exception:
    """Return what it means that a request got no answer at all; an error of any other kind as it is."""
    from requests.exceptions import ProxyError, RequestException, SSLError, Timeout
    from urllib3.exceptions import ConnectTimeoutError, NewConnectionError
    from urllib3.exceptions import ProxyError as UrllibProxyError

    if isinstance(error, WebPage):
        return NoAnswer(
            f"Instead of an answer of Microsoft 365, a web page came from {error.host} (status {error.status}).",
            "A web filter, a proxy or the sign-in page of a network is in between. Ask IT to let this computer through "
            f"to {error.host}, and see “Proxy and certificate authority” in docs/for-it.md.",
            not_done=error.status >= 400,
        )
    if not isinstance(error, RequestException):
        if "certificate" not in str(error):
            return error
        return TrackerUnusable("The file that REQUESTS_CA_BUNDLE names does not exist.", "Correct that variable.")
    causes = list(_causes(error))
    if isinstance(error, SSLError):
        return NotTrusted(
            "This computer does not trust the certificate that answers for Microsoft 365.",
            "If the council's network inspects traffic, ask IT to put its certificate authority into the certificate "
            "store of this computer, or name its file in REQUESTS_CA_BUNDLE.",
            not_done=any(isinstance(cause, ssl.SSLCertVerificationError) for cause in causes),
        )
    # What never reached Microsoft was not carried out; nobody knows about what broke off later. A connection that broke
    # off behind a proxy is an error of the proxy too; only one that the proxy refused to open has a plain OSError.
    proxys = [cause.original_error for cause in causes if isinstance(cause, UrllibProxyError)]
    not_opened = any(isinstance(cause, ConnectTimeoutError | NewConnectionError) for cause in causes)
    not_done = not_opened or any(type(cause) is OSError for cause in proxys)
    if isinstance(error, ProxyError) and (not_done or not proxys):
        problem = "The proxy does not let this program through to Microsoft 365."
        return NoAnswer(problem, "Check HTTPS_PROXY.", not_done=not_done)
    if isinstance(error, Timeout):
        return NoAnswer("Microsoft 365 does not answer in time.", "The next run catches up.", not_done=not_done)
    return NoAnswer(
        "Microsoft 365 cannot be reached, or ended the connection.",
        "Check that this computer is online. Name a proxy, if there is one, in HTTPS_PROXY. The next run catches up.",
        not_done=not_done,
    )


def _causes(error: BaseException) -> Iterator[BaseException]:
    """Yield `error` and what caused it, which requests and urllib3 keep in different places."""
    yield error
    for cause in [error.__cause__, *error.args, getattr(error, "reason", None)]:
        if isinstance(cause, BaseException):
            yield from _causes(cause)
