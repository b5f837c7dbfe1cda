"""The requests to send mail."""

from __future__ import annotations

import base64
import binascii
import email
import email.policy
from collections.abc import Sequence
from dataclasses import dataclass, field
from email.message import EmailMessage
from typing import Any

from tests.servers.graph.entra.access import Access
from tests.servers.graph.exchange import Refusal, Request, Response, no_such_request


@dataclass(frozen=True)
class Sent:
    """A mail that was accepted: as JSON, or as the MIME message that it came as."""

    mailbox: str
    json: dict[str, Any] | None = None
    mime: EmailMessage | None = None

    @property
    def recipients(self) -> list[str]:
        """The addresses it goes to, copies included."""
        if self.json is not None:
            message = self.json["message"]
            lists = (message.get(kind, []) for kind in ("toRecipients", "ccRecipients", "bccRecipients"))
            return [entry["emailAddress"]["address"] for entries in lists for entry in entries]
        headers = (self.mime[kind] for kind in ("To", "Cc", "Bcc")) if self.mime else ()
        return [address.addr_spec for header in headers if header for address in header.addresses]

    @property
    def subject(self) -> str:
        """Its subject."""
        return str(self.json["message"]["subject"] if self.json is not None else self.mime and self.mime["Subject"])


@dataclass
class Mail:
    """The tenant's mailboxes, those the app may send from, and what was sent."""

    mailboxes: set[str] = field(default_factory=lambda: {"tracker@contoso.com", "ann.sample@contoso.com"})
    allowed: set[str] = field(default_factory=lambda: {"tracker@contoso.com"})
    sent: list[Sent] = field(default_factory=list)

    def answer(self, request: Request, steps: Sequence[str], access: Access) -> Response:
        """Return the answer to a request, its path taken to pieces after /v1.0."""
        match request.method, *(step.lower() for step in steps):
            case ["POST", "users", mailbox, "sendmail"]:
                return self._send(request, mailbox, access)
            case ["POST", "me", "sendmail"]:
                if access.user is None:
                    raise Refusal(400, "BadRequest", "/me request is only valid with delegated authentication flow.")
                return self._send(request, access.user, access)
        raise no_such_request(request)

    def _send(self, request: Request, mailbox: str, access: Access) -> Response:
        if mailbox not in self.mailboxes:
            raise Refusal(404, "ErrorInvalidUser", f"The requested user '{mailbox}' is invalid.")
        if "Mail.Send" not in access.rights and mailbox not in self.allowed:
            raise Refusal(403, "ErrorAccessDenied", "Access is denied. Check credentials and try again.")
        if request.headers.get("content-type", "").startswith("text/plain"):
            sent = Sent(mailbox, mime=_mime(request.body))
        else:
            sent = Sent(mailbox, json=request.json())
            if "message" not in (sent.json or {}):
                raise Refusal(400, "ErrorInvalidParameter", "The parameter 'Message' is missing.")
        if not sent.recipients:
            raise Refusal(400, "ErrorInvalidRecipients", "At least one recipient is not valid.")
        self.sent.append(sent)
        return Response(202)


def _mime(body: bytes) -> EmailMessage:
    try:
        message = base64.b64decode(body, validate=True)
    except binascii.Error:
        raise Refusal(400, "ErrorMimeContentInvalidBase64String", "Invalid base64 string for MIME content.") from None
    return email.message_from_bytes(message, policy=email.policy.default)
