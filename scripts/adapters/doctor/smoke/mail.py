"""The part of the checklist about mail: one trial message, to the HoS alone, and only when a person agrees."""

from __future__ import annotations

from scripts.adapters.doctor.checks import SETTINGS, Answer, check, fine, not_checked, wrong
from scripts.adapters.doctor.examined import Examined
from scripts.adapters.doctor.moment import this_computers_time
from scripts.adapters.mail.address_book import AddressBook
from scripts.adapters.mail.transport.choice import choose_transport
from scripts.adapters.mail.transport.message import Message
from scripts.adapters.mail.transport.mime import as_email
from scripts.adapters.mail.transport.transport import DidNotGo, MayHaveGone

_TEXT = (
    "This is a trial message of the critical incident tracker, sent by doctor --smoke because somebody asked for it.\n"
    "It is about no incident, and there is nothing to do.\n"
)


@check("9 Mail", needs=("Settings",), exit_code=SETTINGS)
def mail(examined: Examined) -> Answer:
    """Check that a message can be sent by the transport in the settings."""
    config = examined.config
    if config.mail.transport == "drafts":
        return not_checked("Mail is put in a folder as drafts, so none is sent.", "Set mail.transport to try it.")
    recipients = [each for each in AddressBook(config).everyone("hos_safeguarding") if each.address]
    if not recipients:
        return not_checked("Nobody is named as recipients.hos_safeguarding.", "Name them in config.toml to try it.")
    if examined.ask is None:
        return not_checked("A mail is sent only when a person agrees.", "Run doctor with --smoke --interactive.")
    addresses = [each.address or "" for each in recipients]
    answer = examined.ask(f"Send a trial message to {', '.join(addresses)}? Type y, or press Enter for no.")
    if not answer.lower().startswith("y"):
        return not_checked("The person said no to the trial message.", "Run it again and type y.")
    now = this_computers_time()
    message = Message("trial", f"{now:%Y-%m-%d-%H%M%S}", tuple(recipients), "trial message, nothing to do", _TEXT)
    sent = as_email(message, addresses, marking="", sender=config.mail.sender or "", moment=now)
    transport = choose_transport(config)
    try:
        accepted = transport.send(sent, addresses)
    except DidNotGo as refused:
        return wrong(refused.problem, refused.remedy)
    except MayHaveGone as trouble:
        return wrong(trouble.problem, "Check whether the trial message arrived.")
    finally:
        transport.close()
    if accepted.refused:
        return wrong("Some of the recipients were refused.", "Correct recipients.hos_safeguarding.")
    return fine("The trial message was accepted. Check that it arrived, and how it is shown.")


CHECKS = (mail,)
