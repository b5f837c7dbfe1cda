"""The relay or the mailbox: which of them sends mail."""

from __future__ import annotations

from scripts.adapters.mail.transport.transport import Transport
from scripts.adapters.settings.config import Config


def choose_transport(config: Config) -> Transport:
    """Return the transport that `config` names for mail that is sent.

    It connects with the first message. Each one is imported when it is chosen: the mailbox takes Microsoft's library.
    """
    if config.mail.transport == "smtp":
        from scripts.adapters.mail.transport.smtp_relay import SmtpRelay

        return SmtpRelay(config.mail)
    from scripts.adapters.mail.transport.graph_mailbox import GraphMailbox

    return GraphMailbox(config.mail, config.mail_account)
