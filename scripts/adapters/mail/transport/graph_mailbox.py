"""A mailbox in Microsoft 365, through Graph: the same sign-in and the same library as for a tracker in SharePoint."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from email.message import EmailMessage
from urllib.parse import quote

from scripts.adapters.graph.calls import Calls, NoAnswer, NotTrusted, Refused, new_session
from scripts.adapters.graph.sign_in import sign_in
from scripts.adapters.mail.transport.transports import Accepted, DidNotGo, MayHaveGone
from scripts.adapters.settings.config import SignInSettings
from scripts.adapters.settings.mail_settings import MailSettings
from tracker_schema.errors import TrackerError

_FOR_IT = "see section 5 of docs/for-it.md"


class GraphMailbox:
    """The mailbox that `settings` name as the sender; `who` signs in, with the first message."""

    name = "graph"

    def __init__(self, settings: MailSettings, who: SignInSettings) -> None:
        self._mailbox = settings.sender or ""
        self._who = who
        self._calls: Calls | None = None

    def send(self, mail: EmailMessage, addresses: Sequence[str]) -> Accepted:
        """That `mail` went to all of `addresses`, which are those in its header.

        Raises DidNotGo when Microsoft refuses it, and MayHaveGone when there is no answer.
        """
        calls = self._connected()
        path = f"/users/{quote(self._mailbox)}/sendMail"
        body = base64.b64encode(mail.as_bytes())
        attempt = 0
        while True:
            attempt += 1
            try:
                calls.once("post", path, body, {"Content-Type": "text/plain"})
                return Accepted()
            except Refused as refused:
                raise self._refused(refused) from None
            except (NoAnswer, NotTrusted) as trouble:
                if not trouble.not_done:
                    raise MayHaveGone("Microsoft 365 did not answer after the message was on its way") from None
                self._wait(calls, trouble, attempt)
            except TrackerError as trouble:
                raise DidNotGo(_reason(trouble), for_any=True) from None

    def close(self) -> None:
        """Nothing: each request is complete in itself."""

    def _connected(self) -> Calls:
        if self._calls is None:
            session = new_session()
            try:
                calls = Calls(sign_in(self._who, session), session)
                # Now, so that what goes wrong with it is told apart from what goes wrong with the message.
                calls.sign_in()
            except TrackerError as trouble:
                raise DidNotGo(_reason(trouble), for_any=True) from None
            self._calls = calls
        return self._calls

    def _wait(self, calls: Calls, trouble: NoAnswer | NotTrusted, attempt: int) -> None:
        if isinstance(trouble, NotTrusted):
            raise DidNotGo(_reason(trouble), for_any=True)
        try:
            calls.wait(trouble, attempt)
        except NoAnswer:
            raise DidNotGo(
                "Microsoft 365 cannot be reached or has too many requests to answer, and was asked in vain",
                for_any=True,
            ) from None

    def _refused(self, refused: Refused) -> DidNotGo:
        if refused.says("InvalidRecipients"):
            return DidNotGo("Microsoft 365 refuses this recipient", one_by_one=True)
        if refused.status == 404 or refused.says("InvalidUser"):
            return DidNotGo(f"Microsoft 365 has no mailbox {self._mailbox}; correct mail.sender", for_any=True)
        if refused.status in (401, 403):
            return DidNotGo(f"this program may not send from {self._mailbox}; {_FOR_IT}", for_any=True)
        return DidNotGo(f"Microsoft 365 refuses the message ({refused.status} {' '.join(refused.codes[-1:])})")


def _reason(trouble: TrackerError) -> str:
    """An error's sentence, to stand within another."""
    return str(trouble).rstrip(".")
