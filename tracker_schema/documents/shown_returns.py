"""What a document shows of the agencies' returns: each of them side by side, and their chronologies as one."""

from __future__ import annotations

import datetime as dt
from typing import Any

from tracker_schema.clocks.clocks import Rules
from tracker_schema.documents.shown import Fields, Shown, agency_fields, shown
from tracker_schema.incidents.incident import Incident, ScopingReturn, new_scoping_return
from tracker_schema.returns.gathered_returns import Event, GatheredReturns
from tracker_schema.wording import counted


def fields_of_returns(returns: GatheredReturns, incident: Incident, as_of: dt.date, rules: Rules) -> dict[str, Any]:
    """Return the fields “agencies”, “chronology” and “undated” of a document that shows what the agencies returned.

    An agency that returned and is not on the Scoping sheet comes after those that are.
    """
    asked = {each.agency.casefold() for each in incident.scoping}
    others = [new_scoping_return(each.agency) for each in returns.agencies if each.agency.casefold() not in asked]
    events = returns.events
    undated = sum(event.day is None for event in events)
    return {
        "agencies": [_agency(each, returns, as_of, rules) for each in [*incident.scoping, *others]],
        "chronology": [_event(event, returns) for event in events],
        "undated": Shown(counted(undated, "row"), known=undated > 0),
    }


def _agency(scoping_return: ScopingReturn, returns: GatheredReturns, as_of: dt.date, rules: Rules) -> Fields:
    found = returns.of(scoping_return.agency)
    answers = found.answers if found else {}
    missing = found.missing if found else ()
    more = {
        "state": Shown(returns.state(scoping_return)),
        "missing": Shown(", ".join(f"“{label}”" for label in missing), known=bool(missing)),
        "answers": Fields(
            "each.answers", {field.tag: shown(answers.get(field.tag, "")) for field in returns.form.fields}
        ),
    }
    return Fields("each", agency_fields(scoping_return, as_of, rules) | more)


def _event(event: Event, returns: GatheredReturns) -> Fields:
    cells = {field.tag: shown(event.cells.get(field.tag, "")) for field in returns.chronology.fields}
    return Fields("each", cells | {"agency": shown(event.agency)})
