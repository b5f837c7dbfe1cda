"""The documents asked for on the Documents sheet: made once each, put into the folder of their case, and entered.

The sheet itself says how far a row has come. So a run that is stopped anywhere, and a second run, do nothing twice:

    the row names no file                    its name is entered, one that no file and no other row has
    the row names a file                     the file is made, unless one of that name is there, and the row filled in
    the row opens its file                   nothing more is done

A person's change comes first: a write that meets one is planned again from what the sheet says then.
"""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType

from scripts.adapters.cli.terminal import Progress
from scripts.adapters.settings.build import names_of, rules_of
from scripts.adapters.settings.config import Config
from scripts.adapters.storage.case_folders.folders import CaseFolders
from scripts.adapters.storage.store import Snapshot, Store
from scripts.adapters.tracker.read_plan_write import Outcome, read_plan_write
from scripts.adapters.word.documents.case_details import details_of_case
from scripts.adapters.word.documents.copies import begins_with, copy_text, file_names, folder_of, without_ending
from scripts.adapters.word.documents.file_names import folder_name
from scripts.adapters.word.documents.making import Maker, Order
from scripts.adapters.word.documents.orders import paper_order
from scripts.adapters.word.returns.processed_forms import with_returns
from scripts.adapters.workbook.append_position import find_append_positions
from tracker_schema.columns.links import Link
from tracker_schema.columns.schema import DOCUMENTS, tracker_schema
from tracker_schema.documents.case_details import SHOWN
from tracker_schema.documents.wanted import Request, added_rows, called_for, filled_in, request_of, suggestions
from tracker_schema.errors import MailNotSent, TrackerError, UsageError
from tracker_schema.evidence.themes import similar_incidents
from tracker_schema.incidents.incident import Asks, CellContent, ScopingReturn, Tracker, WantedDocument
from tracker_schema.incidents.plan import CellWrite, Plan, plan_new_sheet
from tracker_schema.returns.entries.entries import EntryPlan
from tracker_schema.wording import counted

STAGES = 9
_NO_PLAN = Plan((), ())


@dataclass(frozen=True)
class Line:
    """What became of one row.

    row        its number on the sheet
    reference  its reference as the tracker has it; "" when the tracker has none like it
    document   the name of the document; "" when there is none like it
    files      the names of the files
    remark     what the row says about it
    """

    row: int
    reference: str
    document: str
    files: Sequence[str] = ()
    remark: str = ""


@dataclass(frozen=True)
class Asked:
    """What a pass over the Documents sheet did.

    lines      what was made, or would be, and what could not be
    refusal    why the tracker could not be written; None when it could
    has_sheet  the tracker has a Documents sheet
    """

    lines: Sequence[Line]
    refusal: TrackerError | None
    has_sheet: bool


def make_asked(
    config: Config,
    store: Store,
    maker: Maker,
    as_of: dt.date,
    *,
    ledger: Path,
    dry_run: bool,
    progress: Progress,
) -> Asked:
    """Make what the Documents sheet of the tracker in `store` asks for; with `dry_run` only find out.

    `ledger` is the file of the ledger, which the paper for SLT needs. Raises TrackerUnusable or TrackerBusy when the
    tracker cannot be read. That it cannot be written is not raised: `refusal` says it.
    """
    work = _Work(config, store.case_folders(config.documents.folder), maker, ledger)

    def write(make_plan: Callable[[Snapshot, Tracker], Plan], task: str) -> Outcome[Plan]:
        names, rules = names_of(config), rules_of(config)
        return read_plan_write(
            store, names, rules, as_of, make_plan, _NO_PLAN, dry_run=dry_run, progress=progress, task=task
        )

    if config.documents.make == "stage":
        outcome = write(work.rows_of_the_stage, "Entering what the stages call for")
        if outcome.refusal:
            return Asked((), outcome.refusal, DOCUMENTS in outcome.tracker.rows.sheets)
    outcome = write(lambda _, tracker: work.names(tracker), "Entering the names of the files")
    begun = any(work.is_begun(row, outcome.tracker) for row in outcome.tracker.wanted)
    if not dry_run and not outcome.refusal and (begun or outcome.plan):
        outcome = write(lambda _, tracker: work.results(tracker), "Making the documents")
    return Asked(work.lines, outcome.refusal, DOCUMENTS in outcome.tracker.rows.sheets)


class _Work:
    """What the plans of one pass are made of. `lines` are those of the last plan."""

    def __init__(self, config: Config, folders: CaseFolders, maker: Maker, ledger: Path) -> None:
        self.lines: list[Line] = []
        self._failed: list[Line] = []
        # What this pass entered, to find it again where rows moved while it was entered: what the row of each name asks
        # for, and the names by what is asked for.
        self._entered: dict[str, Asks] = {}
        self._named: dict[Asks, list[str]] = {}
        self._config = config
        self._folders = folders
        self._maker = maker
        self._ledger = ledger

    def rows_of_the_stage(self, snapshot: Snapshot, tracker: Tracker) -> EntryPlan:
        """Return the plan that enters a row for each document that the stage of an incident calls for.

        One that is in the folder of the incident already, from a row that somebody deleted, is not entered again.
        """
        if DOCUMENTS not in tracker.rows.sheets:
            return EntryPlan((), ())
        wanted = []
        for incident, document, agency in called_for(tracker):
            begins = begins_with(incident, document, agency).casefold()
            if not any(name.startswith(begins) for name in self._files(folder_name(incident.reference))):
                wanted.append({"reference": incident.reference, "document": document.title, "agency": agency or ""})
        if not wanted:
            return EntryPlan((), ())
        position = find_append_positions(snapshot.data, tracker.rows, names_of(self._config).layout)[DOCUMENTS][0]
        if position.refusal or len(wanted) > position.free:
            why = position.refusal or f"Only {counted(position.free, 'row')} below the list are free"
            raise UsageError(f"{why}, so no row was added to the sheet “{position.page}”.", "Make room there.")
        page = tracker.rows.sheets[DOCUMENTS]
        rows, cells = added_rows(page, position.last_row + 1, position.like, (position.first, position.last), wanted)
        return EntryPlan((), cells, rows)

    def names(self, tracker: Tracker) -> Plan:
        """Return the plan that gives each row its file's name, or says why it cannot be made."""
        self.lines = []
        if DOCUMENTS not in tracker.rows.sheets:
            if not self._config.documents.sheet:
                return _NO_PLAN
            sheet = tracker_schema().sheets[DOCUMENTS]
            return plan_new_sheet(tracker.rows, sheet, suggestions(list(self._config.agencies)))
        cells = self._without_folder(tracker)
        # A name in the wrong row, which a person moved while it was entered, is nobody's.
        rightly = (row for row in tracker.wanted if row.is_made or self.is_begun(row, tracker))
        named = {without_ending(row.file).casefold() for row in rightly}
        for row in tracker.wanted:
            if row.is_made and not self.is_begun(row, tracker):
                continue
            try:
                request = request_of(row, tracker)
                if not file_names(request, row.file):
                    text = self._free_name(request, tracker.as_of, named)
                    named.add(without_ending(text).casefold())
                    cells += filled_in(row, {"file": text})
                else:
                    text = row.file
                self.lines.append(_line(request, file_names(request, text)))
            except UsageError as error:
                cells += filled_in(row, {"file": None, "remark": str(error)})
                self.lines.append(Line(row.row, "", "", (), str(error)))
        self._failed = [line for line in self.lines if not line.files]
        return Plan((), cells)

    def is_begun(self, row: WantedDocument, tracker: Tracker) -> bool:
        """Return whether a row names its file, and the file is still to be made or entered."""
        try:
            return bool(file_names(request_of(row, tracker), row.file))
        except UsageError:
            return False

    def results(self, tracker: Tracker) -> Plan:
        """Make the file of each row that names one, and return the plan that fills the rows in."""
        cells: list[CellWrite] = []
        self.lines = list(self._failed)
        for row in tracker.wanted:
            is_misplaced = row.is_made and self._entered.get(row.file, row.asks_for) != row.asks_for
            if row.is_made and not is_misplaced and not self.is_begun(row, tracker):
                continue
            try:
                request = request_of(row, tracker)
            except UsageError as error:
                cells += filled_in(row, row.not_made(str(error))) if is_misplaced else []
                continue
            text = self._named[row.asks_for].pop() if is_misplaced and self._named.get(row.asks_for) else row.file
            if not file_names(request, text):
                cells += filled_in(row, row.not_made("")) if is_misplaced else []  # a later pass makes it
                continue
            self._named.setdefault(row.asks_for, []).append(text)
            values = self._made(request, text, tracker)
            cells += filled_in(row, values)
            self.lines.append(_line(request, file_names(request, text) if len(values) > 1 else (), values))
        return Plan((), cells)

    def _made(self, request: Request, text: str, tracker: Tracker) -> Mapping[str, CellContent]:
        """Make the files of the copy that `text` names unless they are there, and return what the row is to say."""
        try:
            link, lacking, remark = self._make(request, text, tracker)
        except (UsageError, MailNotSent) as error:
            return {"remark": str(error)}
        self._entered[link.text] = request.row.asks_for
        return request.row.made(tracker.as_of, link, lacking, remark)

    def _make(self, request: Request, text: str, tracker: Tracker) -> tuple[Link, str, str]:
        row, case = request.row, folder_of(request)
        there = self._files(case)
        had_one = any(other.is_made and other.reference == row.reference for other in tracker.wanted)
        remarks = []
        if had_one and not there and case not in self._folders.cases():
            remarks.append(_gone(case, " A new one was made."))
        orders = self._with_answers(_orders(request, tracker, self._ledger, self._folders))
        names = file_names(request, text)
        for order, name in zip(orders, names, strict=True):
            if name.casefold() not in there:
                self._folders.add(case, name, self._maker.make(order))
        lacking = dict.fromkeys(label for order in orders for label in self._maker.lacking(order))
        if row.agency and not request.document.per_agency:
            remarks.append("This document is one for the whole case, so the agency was not used.")
        if len(names) == 1:
            link = Link(self._folders.address(case, names[0]), without_ending(names[0]))
        else:
            link = Link(self._folders.address(case), f"{counted(len(names), 'file')}: {text}")
        return link, "; ".join(lacking), " ".join(remarks)

    def _with_answers(self, orders: list[Order]) -> list[Order]:
        """Return the orders with the case details and the agencies' returns, for documents that show them."""
        first = orders[0] if orders else None
        found = None
        if first and first.incident and first.document.case_details == SHOWN:
            found = details_of_case(self._folders, first.incident, self._maker)
        if found:
            orders = [replace(order, details=found.details) for order in orders]
        return with_returns(orders, None, self._folders)

    def _free_name(self, request: Request, day: dt.date, named: Collection[str]) -> str:
        """Return the text for the row's file: its name, or for all agencies what the names have in common."""
        taken = self._files(folder_of(request))
        for number in itertools.count(1):
            text = copy_text(request, day, number)
            names = {name.casefold() for name in file_names(request, text)}
            if without_ending(text).casefold() not in named and not names & taken:
                return text
        raise AssertionError  # there is always another number

    def _files(self, case: str) -> set[str]:
        return {name.casefold() for name in self._folders.files(case)}

    def _without_folder(self, tracker: Tracker) -> list[CellWrite]:
        """Return the cells that say which made documents are in a folder that is not there any more."""
        open_cases = {incident.position for incident in tracker.open_incidents}
        made = []
        for row in tracker.wanted:
            with suppress(UsageError):
                if row.is_made and row.file and tracker.find(row.reference).position in open_cases:
                    made.append((row, folder_name(tracker.find(row.reference).reference)))
        if not made:
            return []
        there = {name.casefold() for name in self._folders.cases()}
        cells = []
        for row, case in made:
            is_gone = case.casefold() not in there
            if is_gone and not row.remark:
                cells += filled_in(row, {"remark": _gone(case)})
            elif not is_gone and row.remark == _gone(case):
                cells += filled_in(row, {"remark": None})
        return cells


def _gone(case: str, then: str = "") -> str:
    return f"The folder {case} is not there any more: it was renamed, moved or deleted.{then}"


def _orders(request: Request, tracker: Tracker, ledger: Path, folders: CaseFolders) -> list[Order]:
    if request.incident is None:
        return [paper_order(request.document, tracker, ledger, folders)]
    earlier = similar_incidents(request.incident, tracker)
    returns: Sequence[ScopingReturn | None] = request.returns or [None]
    return [Order(request.document, request.incident, tracker.as_of, each, earlier) for each in returns]


def _line(request: Request, files: Sequence[str], values: Mapping[str, CellContent] = MappingProxyType({})) -> Line:
    reference = request.incident.reference if request.incident else ""
    return Line(request.row.row, reference, request.document.name, files, str(values.get("remark") or ""))
