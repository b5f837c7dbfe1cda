"""The covering e-mail with which an agency gets its Initial Scoping template: the reference and a date, no more."""

from __future__ import annotations

from scripts.adapters.mail.messages.templates import environment, write_letter
from scripts.adapters.mail.messages.wording import filters
from scripts.adapters.mail.transport.message import Attachment, Message, Recipient
from tracker_schema.documents.shown import Council
from tracker_schema.returns.scoping_requests import Request, Requests
from tracker_schema.wording import long_date

KIND = "scoping_request"
_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def write(
    requests: Requests, request: Request, recipient: Recipient, council: Council, file_name: str, template: bytes
) -> Message:
    """Return the message to `recipient` with `template` attached, the Word file called `file_name`.

    Raises UsageError when the e-mail's own template has a mistake in it.
    """
    facts = {
        "marking": council.marking,
        "council": council.name,
        "partnership": council.partnership,
        "reference": requests.incident.reference,
        "agency": request.agency,
        "by": long_date(request.by) if request.by else "",
    }
    letter = write_letter(KIND, environment(filters(requests.as_of)), facts)
    return Message(
        KIND,
        requests.as_of.isoformat(),
        (recipient,),
        letter.subject,
        letter.text,
        requests.incident.reference,
        attachments=(Attachment(file_name, _WORD, template),),
    )
