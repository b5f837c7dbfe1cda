"""What becomes of the files in a folder of completed forms."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from scripts.adapters.tracker.entering import Entered
from tracker_schema.returns.entries.entries import PlacedEntry
from tracker_schema.returns.matched_return import MatchedReturn
from tracker_schema.returns.returned_answers import ReturnRefused
from tracker_schema.returns.returned_forms import ReturnedForm

State = Literal["to be entered", "entered", "entered before", "completes an earlier one", "refused"]


@dataclass(eq=False)
class Return:
    """One file in the folder.

    path: where it is
    form: what it says; None when it cannot be read as a form
    by_labels: its fields have lost their tags, and were found by their labels
    head: the text at its head, in which a form says about whom it is; "" when it cannot be read
    digest: the SHA-256 of its bytes
    foreign: what it holds and no form of ours has, such as “an embedded object”
    matched: its row in the tracker; None when it has none
    placed: what the plan does with it
    state: what becomes of it
    why: of a refused file, why it is left in place and what to do, without its name
    is_moved: it is in the folder for forms that are in the tracker
    may_be_return: a refused file may be a return that the tracker does not have
    reference, agency: those of the form, or of a file's name, if the tracker has them; "" otherwise, because they may
        be anything
    urgent: the answers that must be read at once, in sentences
    remarks: what else a person should look at, in sentences
    """

    path: Path
    form: ReturnedForm | None = None
    head: str = field(default="", repr=False)
    digest: str = ""
    matched: MatchedReturn | None = None
    placed: PlacedEntry | None = None
    state: State = "to be entered"
    why: str = ""
    reference: str = ""
    agency: str = ""
    urgent: tuple[str, ...] = ()
    remarks: list[str] = field(default_factory=list)
    may_be_return: bool = False
    is_moved: bool = False
    foreign: tuple[str, ...] = ()
    by_labels: bool = False

    def refuse(self, refusal: ReturnRefused) -> None:
        """Leave the file in place."""
        self.state, self.why = "refused", f"{refusal} {refusal.at_once}".strip()
        self.may_be_return = bool(refusal.at_once)


@dataclass(frozen=True, eq=False)
class ReadIn:
    """The forms in a folder, and what was done with them.

    folder: the folder
    received: the day on which they came back
    returns: each file
    entered: what was entered
    names: the files' names as they may be shown
    """

    folder: Path
    received: dt.date
    returns: Sequence[Return]
    entered: Entered
    names: dict[Path, str]

    def in_state(self, *states: State) -> list[Return]:
        """Return the files in one of `states`."""
        return [each for each in self.returns if each.state in states]
