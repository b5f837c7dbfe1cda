"""The requests to keep the events of a mailbox's calendar."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from tests.servers.graph.entra.access import Access
from tests.servers.graph.exchange import Refusal, Request, Response, no_such_request

_FILTER = re.compile(r"singleValueExtendedProperties/any\(ep: ep/id eq '([^']+)' and ep/value eq '([^']+)'\)")


@dataclass
class Calendar:
    """The mailboxes whose calendar the app may keep, and the events by id; deleted ones keep their transaction."""

    allowed: set[str] = field(default_factory=lambda: {"tracker@contoso.com"})
    mailboxes: set[str] = field(default_factory=lambda: {"tracker@contoso.com", "ann.sample@contoso.com"})
    events: dict[str, dict[str, Any]] = field(default_factory=dict)
    transactions: set[str] = field(default_factory=set)
    page: int = 3
    _ids: Any = field(default_factory=lambda: itertools.count(1))

    def answer(self, request: Request, steps: Sequence[str], access: Access) -> Response:
        """Return the answer to a request, its path taken to pieces after /v1.0."""
        mailbox = steps[1].lower()
        if mailbox not in self.mailboxes:
            raise Refusal(404, "ErrorInvalidUser", f"The requested user '{mailbox}' is invalid.")
        if "Calendars.ReadWrite" not in access.rights and mailbox not in self.allowed:
            raise Refusal(403, "ErrorAccessDenied", "Access is denied. Check credentials and try again.")
        match request.method, *(step.lower() for step in steps[2:]):
            case ["GET", "calendar", "events"]:
                return self._listed(request)
            case ["POST", "calendar", "events"]:
                return self._make(request.json())
            case ["PATCH" | "DELETE", "events", _]:
                event = self.events.get(steps[3])
                if event is None:
                    raise Refusal(404, "ErrorItemNotFound", "The specified object was not found in the store.")
                if request.method == "DELETE":
                    del self.events[steps[3]]
                    return Response(204)
                event |= request.json()
                return Response(200, event)
        raise no_such_request(request)

    def _make(self, body: dict[str, Any]) -> Response:
        transaction = body.pop("transactionId")
        if transaction in self.transactions:
            raise Refusal(409, "ErrorDuplicateTransactionId", "The transaction id was used for another event.")
        self.transactions.add(transaction)
        number = f"AAMkAG{next(self._ids)}="
        self.events[number] = body | {"id": number}
        return Response(201, self.events[number])

    def _listed(self, request: Request) -> Response:
        wanted = _FILTER.fullmatch(request.query["$filter"])
        if wanted is None:
            raise Refusal(400, "ErrorInvalidUrlQueryFilter", "The filter is invalid.")
        found = [
            event
            for event in self.events.values()
            if {"id": wanted[1], "value": wanted[2]} in event.get("singleValueExtendedProperties", [])
        ]
        first = int(request.query.get("$skip", "0"))
        answer: dict[str, Any] = {"value": found[first : first + self.page]}
        if found[first + self.page :]:
            target = re.sub(r"&[$]skip=[0-9]+", "", request.target)
            answer["@odata.nextLink"] = f"https://{request.host}{target}&$skip={first + self.page}"
        return Response(200, answer)
