"""Which agencies to ask for a scoping return about an incident, and by when they are to return it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from tracker_schema.clocks.clocks import Rules, standard_clocks
from tracker_schema.columns.schema import SCOPING
from tracker_schema.documents.shown import return_by
from tracker_schema.errors import UsageError
from tracker_schema.incidents.incident import Incident, ScopingReturn, new_scoping_return
from tracker_schema.wording import short_date


def sent_column() -> str:
    """Return the id of the column for the day on which an agency was sent its form: it starts the clock."""
    return next(clock.anchor[0] for clock in standard_clocks() if clock.sheet == SCOPING)


@dataclass(frozen=True)
class Request:
    """One agency to be asked.

    scoping_return  its row on the Scoping sheet, or one that the sheet does not have yet
    by              the day by which it is to return its form; None where no clock gives one
    on_sheet        the Scoping sheet has the row
    """

    scoping_return: ScopingReturn
    by: dt.date | None
    on_sheet: bool

    @property
    def agency(self) -> str:
        """The name of the agency."""
        return self.scoping_return.agency

    @property
    def sent(self) -> dt.date | None:
        """The day on which it was asked before; None when it was not."""
        return self.scoping_return.sent


@dataclass(frozen=True)
class Requests:
    """The agencies to ask about one incident.

    incident  the incident
    as_of     the day on which they are asked
    to_ask    those to ask
    returned  those that have returned their form already
    """

    incident: Incident
    as_of: dt.date
    to_ask: tuple[Request, ...]
    returned: tuple[str, ...]

    @property
    def remarks(self) -> list[str]:
        """Sentences about what a person should know before anything goes out."""
        remarks = [f"{agency} has returned its form already, and is not asked again." for agency in self.returned]
        remarks += [
            f"{request.agency} was sent its form on {short_date(request.sent)}; its time runs from then."
            for request in self.to_ask
            if request.sent
        ]
        remarks += [
            f"{request.agency} is not on the Scoping sheet. With --mark-sent it gets a row there."
            for request in self.to_ask
            if not request.on_sheet
        ]
        if self.incident.is_closed:
            remarks.insert(0, f"{self.incident.reference} is closed.")
        return remarks


def plan_requests(
    incident: Incident, as_of: dt.date, rules: Rules, also: Iterable[str] = (), only: str | None = None
) -> Requests:
    """Return which agencies to ask about an incident: those on the Scoping sheet, and those of `also` not on it; or
    `only` one, whether it is on the sheet or not.

    Raises UsageError when there is no agency to ask.
    """
    rows: dict[str, ScopingReturn] = {}
    for scoping_return in incident.scoping:
        if scoping_return.agency:
            rows.setdefault(scoping_return.agency.casefold(), scoping_return)
    known = set(rows)
    if only:
        one = incident.scoping_of(only)
        rows = {one.agency.casefold(): one}
    for agency in also:
        rows.setdefault(agency.casefold(), new_scoping_return(agency))
    if not rows:
        raise UsageError(
            f"{incident.reference} has no agency on the Scoping sheet.",
            "Add a row there for each, or name the agencies under [agencies] in config.toml and use --agencies.",
        )
    to_ask = [
        Request(scoping_return, return_by(scoping_return, as_of, rules), key in known)
        for key, scoping_return in rows.items()
        if scoping_return.returned is None
    ]
    returned = [scoping_return.agency for scoping_return in rows.values() if scoping_return.returned]
    return Requests(incident, as_of, tuple(to_ask), tuple(returned))
