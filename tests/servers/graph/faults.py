"""What goes wrong with the requests: errors instead of answers, lost connections, delays, and a client that dies."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from tests.servers.graph.exchange import Request, Response, error_body

_CODES = {
    401: ("InvalidAuthenticationToken", "Lifetime validation failed, the token is expired."),
    403: ("accessDenied", "Access denied"),
    404: ("itemNotFound", "The resource could not be found."),
    409: ("resourceModified", "The resource has changed since the caller last read it."),
    412: ("resourceModified", "ETag does not match current item's value"),
    423: ("resourceLocked", "The resource you are attempting to access is locked"),
    429: ("TooManyRequests", "Please retry again later."),
    500: ("generalException", "General exception while processing"),
    503: ("serviceNotAvailable", "The service is not available. Try the request again after a delay."),
    504: ("GatewayTimeout", "The gateway did not receive a response in time."),
}


@dataclass
class Fault:
    """Something that goes wrong with the next few requests of a kind."""

    method: str | None
    path_contains: str
    response: Response | None  # None: the usual one
    drop: Literal["before", "after"] | None
    after_work: bool
    delay: float
    times: int

    def concerns(self, request: Request) -> bool:
        """Return True when this goes wrong with that request."""
        place = f"{request.host}{request.path}"
        return self.times > 0 and self.method in (None, request.method) and self.path_contains in place

    @property
    def works(self) -> bool:
        """Whether the request does its work all the same."""
        return self.after_work or self.drop == "after" or (self.drop is None and self.response is None)


@dataclass
class Faults:
    """The faults to come, and what a test does before or after the n-th request of a run."""

    coming: list[Fault] = field(default_factory=list)
    before: dict[int, Callable[[], object]] = field(default_factory=dict)
    after: dict[int, Callable[[], object]] = field(default_factory=dict)
    dead_from: int | None = None
    last_work: int | None = None  # the request that still does its work although its answer is lost

    def take(self, request: Request) -> Fault | None:
        """Return the fault of a request, and count it as used once."""
        found = next((fault for fault in self.coming if fault.concerns(request)), None)
        if found:
            found.times -= 1
        return found

    def is_dead(self, number: int) -> bool:
        """Return True when the client is dead, or connections are broken, from before the n-th request of a run."""
        return self.dead_from is not None and number >= self.dead_from

    def forget_run(self) -> None:
        """Forget what a test does before or after the n-th request."""
        self.before.clear()
        self.after.clear()
        self.dead_from = self.last_work = None


def fault_response(status: int, headers: Mapping[str, str] | None, body: Any, code: str | None, inner: str) -> Response:
    """Return the answer of a fault; without a body, the one that Microsoft gives with that status."""
    usual, message = _CODES.get(status, ("generalException", "An unspecified error has occurred."))
    if body is None:
        body = error_body(code or usual, message, inner)
    return Response(status, body, headers or {})
