"""A mailbox in Microsoft 365, through Graph, with the sign-in and the library of a tracker in SharePoint."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from email.message import EmailMessage
from urllib.parse import quote

from scripts.adapters.graph.calls import Calls
from scripts.adapters.graph.errors import NoAnswer, NotTrusted, Refused
from scripts.adapters.graph.session import new_session
from scripts.adapters.graph.sign_in import sign_in
from scripts.adapters.mail.transport.transport import Accepted, DidNotGo, MayHaveGone
from scripts.adapters.settings.config import SignInSettings
from scripts.adapters.settings.mail_settings import MailSettings
from tracker_schema.errors import TrackerError


class GraphMailbox:
    """The mailbox that `settings` name as the sender. `account` signs in with the first message."""

    name = "graph"

    def __init__(self, settings: MailSettings, account: SignInSettings) -> None:
        self._mailbox = settings.sender or ""
        self._account = account
        self._calls: Calls | None = None

    def send(self, mail: EmailMessage, addresses: Sequence[str]) -> Accepted:
        """Send `mail` to all of `addresses`, which are those in its header.

        Raises DidNotGo when Microsoft refuses it, and MayHaveGone when there is no answer.
        """
        calls = self._connect()
        path = f"/users/{quote(self._mailbox)}/sendMail"
        body = base64.b64encode(mail.as_bytes())
        attempt = 0
        while True:
            attempt += 1
            try:
                calls.once("post", path, body, {"Content-Type": "text/plain"})
                return Accepted()
            except Refused as refused:
                raise self._refusal(refused) from None
            except (NoAnswer, NotTrusted) as error:
                if not error.not_done:
                    raise MayHaveGone("Microsoft 365 did not answer after the message was sent to it.") from None
                self._wait(calls, error, attempt)
            except TrackerError as error:
                raise DidNotGo(error.problem, error.remedy, for_any=True) from None

    def close(self) -> None:
        """Do nothing: each request is complete in itself."""

    def _connect(self) -> Calls:
        if self._calls is None:
            session = new_session()
            try:
                calls = Calls(sign_in(self._account, session), session)
                # Now, so that a failed sign-in is not taken for a failure of the message.
                calls.sign_in()
            except TrackerError as error:
                raise DidNotGo(error.problem, error.remedy, for_any=True) from None
            self._calls = calls
        return self._calls

    def _wait(self, calls: Calls, error: NoAnswer | NotTrusted, attempt: int) -> None:
        if isinstance(error, NotTrusted):
            raise DidNotGo(error.problem, error.remedy, for_any=True)
        try:
            calls.wait(error, attempt)
        except NoAnswer:
            raise DidNotGo(
                "Microsoft 365 cannot be reached, or did not answer after several tries.", for_any=True
            ) from None

    def _refusal(self, refused: Refused) -> DidNotGo:
        if refused.has_code("InvalidRecipients"):
            return DidNotGo("Microsoft 365 refuses this recipient.", one_by_one=True)
        if refused.status == 404 or refused.has_code("InvalidUser"):
            return DidNotGo(f"Microsoft 365 has no mailbox {self._mailbox}.", "Correct mail.sender.", for_any=True)
        if refused.status == 403:
            return DidNotGo(
                f"This program is not allowed to send from {self._mailbox}.",
                "A person's sign-in may seldom do that: give the app's own under [mail_sign_in]. See section 5 of "
                "docs/for-it.md."
                if self._account.method == "device"
                else "See section 5 of docs/for-it.md.",
                for_any=True,
            )
        return DidNotGo(f"Microsoft 365 refuses the message ({refused.status} {' '.join(refused.codes[-1:])}).")
