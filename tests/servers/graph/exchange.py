"""A request that came in, the answer to it, and the way Microsoft Graph words an error."""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit


@dataclass
class Request:
    """A request as it came over the wire; its Authorization header is kept out of `headers`."""

    method: str
    host: str  # the host it was meant for, such as graph.microsoft.com
    target: str  # path and query, still encoded
    headers: Mapping[str, str]  # by their names in lower case
    body: bytes = field(repr=False)
    authorization: str = field(repr=False, default="")
    status: int | None = None  # of the answer; 0 when the connection was dropped

    @cached_property
    def segments(self) -> list[str]:
        """The steps of the path, decoded."""
        return [unquote(step) for step in urlsplit(self.target).path.split("/") if step]

    @property
    def path(self) -> str:
        """The whole path, decoded."""
        return "/" + "/".join(self.segments)

    @cached_property
    def query(self) -> dict[str, str]:
        """The parameters of the query; a $select is one of them."""
        return {name: values[-1] for name, values in parse_qs(urlsplit(self.target).query).items()}

    @cached_property
    def form(self) -> dict[str, str]:
        """The fields of a form."""
        return {name: values[-1] for name, values in parse_qs(self.body.decode()).items()}

    def json(self) -> dict[str, Any]:
        """Return the JSON object in the body; raises Refusal when it is none."""
        try:
            found = json.loads(self.body or b"{}")
        except ValueError:
            raise Refusal(400, "BadRequest", "Unable to read JSON request payload.") from None
        if not isinstance(found, dict):
            raise Refusal(400, "BadRequest", "Empty Payload. JSON content expected.")
        return found

    def __str__(self) -> str:
        """Return the request in one line, for a test that fails."""
        return f"{self.method} {self.host}{self.target} -> {self.status}"


@dataclass(frozen=True)
class Response:
    """An answer; a body that is not bytes goes out as JSON."""

    status: int = 200
    body: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)

    def payload(self) -> tuple[bytes, str]:
        """Return the bytes of the body, and their type."""
        if isinstance(self.body, bytes):
            return self.body, "application/octet-stream"
        if self.body is None:
            return b"", ""
        return json.dumps(self.body).encode(), "application/json; odata.metadata=minimal; charset=utf-8"


class Refusal(Exception):
    """Raised while a request is handled: it is answered with this error."""

    def __init__(
        self, status: int, code: str, message: str, *, inner: str = "", headers: Mapping[str, str] | None = None
    ) -> None:
        """`inner` is the code of the second level, in which the workbook API gives its reasons."""
        super().__init__(message)
        self.response = Response(status, error_body(code, message, inner), headers or {})


def error_body(code: str, message: str, inner: str = "") -> dict[str, Any]:
    """Return the body of an error of Microsoft Graph."""
    request = str(uuid.uuid4())
    details = {"date": "2026-11-23T00:00:00", "request-id": request, "client-request-id": request}
    if inner:
        details |= {"code": inner, "message": message}
    return {"error": {"code": code, "message": message, "innerError": details}}


def not_found() -> Refusal:
    """Return the answer for an item that is not there."""
    return Refusal(404, "itemNotFound", "The resource could not be found.")


def invalid_argument(why: str = "") -> Refusal:
    """Return the workbook API's answer to a range or values that it does not understand."""
    return Refusal(
        400, "InvalidArgument", f"The argument is invalid or missing or has an incorrect format. {why}".strip()
    )


def no_such_request(request: Request) -> Refusal:
    """Return the answer to a request that the server does not know."""
    return Refusal(400, "BadRequest", f"The test server has no answer to {request.method} {request.path}")


def selected(request: Request, properties: dict[str, Any]) -> dict[str, Any]:
    """Return the properties that the query's $select asks for, or all of them."""
    wanted = request.query.get("$select")
    if wanted is None:
        return properties
    names = {name.strip() for name in wanted.split(",")}
    return {name: value for name, value in properties.items() if name in names or name.startswith("@odata.")}
