"""Who may get mail: only those whom config.toml names, and only in the domains that it allows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Literal

from scripts.adapters.mail.transport.message import Recipient
from scripts.adapters.settings.config import Config
from scripts.adapters.settings.mail_settings import domain_of, same_name

MailingList = Literal["slt", "hos_safeguarding", "day_four_meeting", "business_unit", "director"]

DIRECTOR = "Director of Children's Services"
ROLES: Mapping[MailingList, str] = {
    "slt": "SLT",
    "hos_safeguarding": "Head of Service for Safeguarding",
    "day_four_meeting": "day 4 meeting",
    "business_unit": "partnership's business unit",
    "director": DIRECTOR,
}
HEAD_OF_SERVICE = "Operational Head of Service"
AGENCY = "agency "
"""What the role of an agency begins with; its name follows."""


class AddressBook:
    """The addresses of `config`.

    Somebody without an address is a Recipient all the same: mail that would be sent to them is refused, and a draft is
    left to a person to address.
    """

    def __init__(self, config: Config) -> None:
        self._lists: dict[MailingList, tuple[str, ...]] = {name: getattr(config.recipients, name) for name in ROLES}
        self._heads = {same_name(name): address for name, address in config.recipients.heads_of_service.items()}
        self._agencies = {same_name(name): (name, address) for name, address in config.agencies.items()}
        self._domains = config.mail.allowed_domains
        self._known = {each.address.casefold() for each in self.every() if each.address}

    def every(self) -> Iterator[Recipient]:
        """Give everybody who has an address."""
        for name in ROLES:
            yield from (each for each in self.everyone(name) if each.address)
        yield from (self.head_of_service(name) for name in self._heads)
        yield from (self.agency(name) for name in self._agencies)

    def everyone(self, name: MailingList) -> tuple[Recipient, ...]:
        """Return everyone on a list of [recipients]; for an empty list, one Recipient without an address."""
        setting = f"recipients.{name}"
        addresses = {address.casefold(): address for address in self._lists[name]}.values()
        return tuple(Recipient(ROLES[name], address, setting) for address in addresses or (None,))

    def head_of_service(self, name: str) -> Recipient:
        """Return the Operational Head of Service of that name, in any spelling of capitals and spaces."""
        return Recipient(HEAD_OF_SERVICE, self._heads.get(same_name(name)), "recipients.heads_of_service")

    def agency(self, name: str) -> Recipient:
        """Return the agency of that name, in any spelling of capitals and spaces."""
        known, address = self._agencies.get(same_name(name), (" ".join(name.split()), None))
        return Recipient(f"{AGENCY}{known}", address, "agencies")

    def may_write_to(self, recipient: Recipient) -> bool:
        """Return whether the recipient's address is one that config.toml names, in a domain that it allows."""
        address = recipient.address
        return address is not None and address.casefold() in self._known and domain_of(address) in self._domains
