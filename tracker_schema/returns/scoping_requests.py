"""Which agencies are to be asked for a scoping return about a case, and by when they are to return it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, replace

from tracker_schema.case import Case, Row
from tracker_schema.clocks.clocks import Rules, standard_clocks
from tracker_schema.columns.schema import SCOPING, tracker_schema
from tracker_schema.documents.shown import return_by
from tracker_schema.errors import UsageError
from tracker_schema.wording import short_date


def sent_column() -> str:
    """Return the id of the column for the day on which an agency was sent its form: it starts the clock."""
    return next(clock.anchor[0] for clock in standard_clocks() if clock.sheet == SCOPING)


@dataclass(frozen=True)
class Request:
    """One agency to be asked: `sent` is when it was asked before, None when it was not; `by` when it is to return its
    form, None where no clock says so; `on_sheet` whether the Scoping sheet has a row for it.
    """

    agency: str
    sent: dt.date | None
    by: dt.date | None
    on_sheet: bool


@dataclass(frozen=True)
class Requests:
    """Whom to ask about `case`, which has a scoping row for each of them, and `returned`: who has answered already."""

    case: Case
    to_ask: tuple[Request, ...]
    returned: tuple[str, ...]

    @property
    def remarks(self) -> list[str]:
        """Sentences about what a person should know before anything goes out."""
        remarks = [f"{agency} has returned its form already, and is not asked again." for agency in self.returned]
        remarks += [
            f"{each.agency} was sent its form on {short_date(each.sent)}; its time runs from then."
            for each in self.to_ask
            if each.sent
        ]
        if self.case.closed:
            remarks.insert(0, f"{self.case.reference} is closed.")
        return remarks


def plan_requests(case: Case, rules: Rules, also: Iterable[str] = ()) -> Requests:
    """Whom to ask about `case`: the agencies on the Scoping sheet, and those of `also` that it does not have.

    Raises UsageError when there is nobody to ask.
    """
    rows: dict[str, Row] = {}
    for row in case.scoping:
        if row["agency"]:
            rows.setdefault(str(row["agency"]).casefold(), row)
    known = set(rows)
    blank = dict.fromkeys(column.id for column in tracker_schema().sheets[SCOPING].column)
    for name in also:
        rows.setdefault(name.casefold(), {**blank, "reference": case.reference, "agency": name})
    if not rows:
        raise UsageError(
            f"{case.reference} has no agency on the Scoping sheet; add a row there for each, or name the agencies "
            "under [agencies] in config.toml and use --agencies."
        )
    to_ask = [
        Request(str(row["agency"]), _date(row["sent"]), return_by(row, case.as_of, rules), key in known)
        for key, row in rows.items()
        if row["returned"] is None
    ]
    returned = [str(row["agency"]) for row in rows.values() if row["returned"] is not None]
    return Requests(replace(case, scoping=tuple(rows.values())), tuple(to_ask), tuple(returned))


def _date(value: object) -> dt.date | None:
    return value if isinstance(value, dt.date) else None
