"""The facts that leave open whether a step is needed at all, however early it is: what a picture says of it.

A fact counts as not known when its cell is blank or “Not known”, or when the workbook has no column for it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from tracker_schema.clocks.clocks import Clock
from tracker_schema.clocks.conditions import ADULT, CARE_LEAVER_UNTIL, has_reached, is_ruled_out
from tracker_schema.layouts.record import Record


def undecided_facts(clock: Clock, children: Sequence[Record], *, care_leavers: bool) -> tuple[str, ...]:
    """Return the columns of the facts that may decide that a clock applies to one of the children and are not known.

    `care_leavers` is whether this council notifies the deaths of care leavers under 25.
    """
    facts_of = _FACTS.get(clock.applies or "")
    if facts_of is None:
        return ()
    return tuple(dict.fromkeys(column for child in children for column in facts_of(child, care_leavers)))


def _is_open(facts: Record, column: str) -> bool:
    return column not in facts.unreadable and facts.values.get(column) in (None, "Not known")


def _for_panel(facts: Record, care_leavers: bool) -> tuple[str, ...]:
    if facts["decision"] == "Notify Panel" or is_ruled_out(facts) is not False:
        return ()
    return tuple(column for column in ("outcome", "abuse_or_neglect") if not facts.is_filled(column))


def _for_ofsted(facts: Record, care_leavers: bool) -> tuple[str, ...]:
    if facts["outcome"] != "Death" and not _is_open(facts, "outcome"):
        return ()
    is_leaver = care_leavers and facts["care_leaver"] == "Yes" and has_reached(facts, CARE_LEAVER_UNTIL) is False
    asks_care = not is_leaver and _is_open(facts, "looked_after") and has_reached(facts, ADULT) is False
    if not (is_leaver or asks_care or facts["looked_after"] == "Yes"):
        return ()
    questions = (("outcome", _is_open(facts, "outcome")), ("looked_after", asks_care))
    return tuple(column for column, is_asked in questions if is_asked)


_FACTS: Mapping[str, Callable[[Record, bool], tuple[str, ...]]] = {
    "panel_to_be_notified": _for_panel,
    "ofsted_to_be_notified": _for_ofsted,
}
