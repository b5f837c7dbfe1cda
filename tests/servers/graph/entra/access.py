"""What a token lets its holder do."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from tests.servers.graph.exchange import Refusal
from tests.servers.graph.files.files import Site

_EVERYWHERE = {"Sites.ReadWrite.All", "Sites.FullControl.All", "Sites.Manage.All", "Files.ReadWrite.All"}
_EVERYWHERE_READING = {"Sites.Read.All", "Files.Read.All", *_EVERYWHERE}


@dataclass(frozen=True)
class Access:
    """What the holder of a token may do."""

    rights: frozenset[str]
    user: str | None  # who signed in; None is the app itself
    expires: dt.datetime

    def check_site(self, site: Site, *, write: bool) -> None:
        """Raise Refusal when the site is not open to it."""
        if self.rights & (_EVERYWHERE if write else _EVERYWHERE_READING):
            return
        granted = site.grant == "write" or (site.grant == "read" and not write)
        if self.rights & {"Sites.Selected", "Files.ReadWrite"} and granted:
            return
        raise Refusal(403, "accessDenied", "Access denied")
