"""The Initial Scoping form of one incident for each agency, with a covering e-mail as a draft.

The first run makes the case details, in which a person fills in whom the agencies are to search for; no form goes out
without them. A file that exists already is never written again: a person may have typed into it. What is newer, because
the case details or a form have changed, gets a number.
"""

from __future__ import annotations

import email
import email.policy
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from scripts.adapters.cli.terminal import Progress, show_table
from scripts.adapters.mail.address_book import AddressBook
from scripts.adapters.mail.messages import scoping_request
from scripts.adapters.mail.messages.templates import LetterError
from scripts.adapters.mail.transport.mime import as_draft
from scripts.adapters.settings.build import council_of, names_of, rules_of
from scripts.adapters.settings.config import Config
from scripts.adapters.storage.case_folders.folders import CaseFolders
from scripts.adapters.storage.store import Store
from scripts.adapters.tracker.entering import Entered, enter
from scripts.adapters.word.documents.case_details import FoundDetails, find_details
from scripts.adapters.word.documents.file_names import free_name, latest, save_new
from scripts.adapters.word.documents.making import Maker, Order
from scripts.adapters.word.returns.returned_file import whole_form
from tracker_schema.columns.schema import SCOPING
from tracker_schema.documents.case_details import details_document
from tracker_schema.documents.documents import agency_form
from tracker_schema.errors import UsageError
from tracker_schema.returns.entries.entries import Entry
from tracker_schema.returns.returned_answers import ReturnRefused
from tracker_schema.returns.scoping_requests import Request, Requests, sent_column
from tracker_schema.wording import counted, short_date

_TO_MAKE_IT_AGAIN = "already exists and was not changed. To have it made again, move it away first."


@dataclass
class AgencyFiles:
    """The files for one agency.

    request  what is asked of the agency
    form     the Word form
    draft    the draft of the e-mail; None where none was made, and a remark says why
    made     which of the two were made now: “template”, “e-mail”
    """

    request: Request
    form: Path
    draft: Path | None = None
    made: list[str] = field(default_factory=list)


@dataclass(frozen=True, eq=False)
class ScopingRun:
    """What one run made about one incident.

    requests  what is asked of which agencies
    folder    the folder of the files
    files     the files for each agency
    remarks   sentences about what was not made
    entered   what became of “Sent” in the tracker; None if it was not to be filled in
    dry_run   nothing was written
    """

    requests: Requests
    folder: Path
    files: Sequence[AgencyFiles]
    remarks: Sequence[str]
    entered: Entered | None
    dry_run: bool


def make(
    requests: Requests, config: Config, folder: Path, folders: CaseFolders, *, dry_run: bool
) -> tuple[list[AgencyFiles], list[str], UsageError | None]:
    """Make the files for each agency in `folder`, unless `dry_run`; `folders` are those of the cases.

    Return them, the sentences about what was not made, and the error in the template of the e-mail if it has one.

    Without case details in either only the form for these is made. Every form is filled in before anything is
    written. Raises TemplateError when the template cannot be used, and UsageError when the case details are not
    complete or cannot be read, or the folder cannot be written to.
    """
    maker, incident = Maker(rules_of(config), council_of(config)), requests.incident
    found = find_details(folder, incident, maker, folders)
    if found is None:
        order = Order(details_document(), incident, requests.as_of)
        file = _save(folder, order.stem, ".docx", maker.make(order), dry_run=dry_run)
        remark = (
            f"{file} {'would be made' if dry_run else 'was made'}. Fill in whom the agencies are to search for, save "
            "and close it, and run this again: then the forms and e-mails are made."
        )
        return [], [remark], None
    if missing := found.details.missing(len(incident.children)):
        labels = " and ".join(f"“{label}”" for label in missing)
        raise UsageError(
            f"{found.file.name} lacks {labels}, and no form goes out without.", "Fill it in, save it, and run again."
        )
    orders = [
        Order(agency_form(), incident, requests.as_of, request.scoping_return, details=found.details)
        for request in requests.to_ask
    ]
    word = [maker.make(order) for order in orders]
    made: list[AgencyFiles] = []
    remarks = [] if found.file.parent == folder else [f"The case details are those of {found.file}."]
    fault: UsageError | None = None
    for request, order, data in zip(requests.to_ask, orders, word, strict=True):
        files = AgencyFiles(request, folder / f"{order.stem}.docx")
        remarks += _form(files, order, found, data, dry_run=dry_run)
        remarks += _earlier(folder, order)
        try:
            remarks += _draft(files, requests, config, data, dry_run=dry_run)
        except LetterError as error:
            fault = error
        made.append(files)
    return made, remarks + _without_address(made, config), fault


def _form(files: AgencyFiles, order: Order, found: FoundDetails, data: bytes, *, dry_run: bool) -> Iterable[str]:
    """Make the form, if there is none or the case details are newer; return the sentences about what a person does."""
    folder, before = files.form.parent, latest(files.form.parent, order.stem, ".docx")
    if before and before.stat().st_mtime >= found.saved:
        files.form = before
        return [f"{before.name} {_TO_MAKE_IT_AGAIN}"]
    files.form = _save(folder, order.stem, ".docx", data, dry_run=dry_run)
    files.made.append("template")
    return [f"{files.form.name} takes the place of {before.name}: the case details are newer."] if before else []


def _without_address(made: Sequence[AgencyFiles], config: Config) -> list[str]:
    book = AddressBook(config)
    drafted = [files.request.agency for files in made if "e-mail" in files.made]
    without = [agency for agency in drafted if book.agency(agency).address is None]
    if not without:
        return []
    why = "has no address, because config.toml has none under [agencies]"
    return [f"The e-mail to {', '.join(without)} {why}. Type it in before you send it."]


def _draft(files: AgencyFiles, requests: Requests, config: Config, form: bytes, *, dry_run: bool) -> Iterable[str]:
    """Make the draft of the covering e-mail, if there is none with the form as it is now; return the sentences about
    what a person does, or why it was not made.

    `form` is the content of the form as it was made: after a dry run there is no file of it.
    """
    book, request = AddressBook(config), files.request
    recipient = book.agency(request.agency)
    if recipient.address and not book.may_write_to(recipient):
        return [f"No e-mail was drafted to {request.agency}: its address is in no domain of mail.allowed_domains."]
    folder, stem = files.form.parent, files.form.stem
    before = latest(folder, stem, ".eml")
    try:
        attached = whole_form(files.form) if files.form.exists() else form
        if before and _attachment(before) == attached:
            files.draft = before
            return [f"{before.name} {_TO_MAKE_IT_AGAIN}"]
    except OSError as error:
        raise UsageError(f"{error.filename} cannot be read ({error.strerror}).", "Close it, and run again.") from None
    except ReturnRefused as refusal:
        remedy = "Open it to see what is wrong, or move it away, and run again."
        return [f"No e-mail was drafted to {request.agency}, because of {files.form.name}. {refusal.problem} {remedy}"]
    council = council_of(config)
    message = scoping_request.write(requests, request, recipient, council, files.form.name, attached)
    addresses = [recipient.address] if recipient.address else []
    content = as_draft(message, addresses, marking=council.marking).as_bytes()
    files.draft = _save(folder, stem, ".eml", content, dry_run=dry_run)
    files.made.append("e-mail")
    if before is None:
        return []
    return [f"{files.draft.name} takes the place of {before.name}, which holds an older form. Delete that one."]


def _attachment(draft: Path) -> bytes | None:
    """Return what is attached to a draft; None when nothing is."""
    message = email.message_from_bytes(draft.read_bytes(), policy=email.policy.default)
    content = (part.get_payload(decode=True) for part in message.iter_attachments())
    return next((each for each in content if isinstance(each, bytes)), None)


def _save(folder: Path, stem: str, ending: str, data: bytes, *, dry_run: bool) -> Path:
    """Write a new file, or with `dry_run` only return the name that it would have."""
    return free_name(folder, stem, ending) if dry_run else save_new(folder, stem, ending, data)


def _earlier(folder: Path, order: Order) -> list[str]:
    """Return a sentence about each form for the same agency that was made on another day."""
    if not folder.is_dir():
        return []
    beginning = order.stem.removesuffix(order.as_of.isoformat())
    before = [path.name for path in folder.glob("*.docx") if path.stem.startswith(beginning)]
    return [f"{name} was made earlier for the same agency." for name in sorted(before) if order.stem not in name]


def mark_sent(store: Store, requests: Requests, config: Config, *, dry_run: bool, progress: Progress) -> Entered:
    """Fill in the day under “Sent” for every agency asked, unless `dry_run`; a cell that is filled in stays as it is.

    An agency that the Scoping sheet does not have gets a row there. Raises as `entering.enter`.
    """
    reference, as_of = requests.incident.reference, requests.as_of
    entries = [
        Entry(SCOPING, reference, {sent_column(): as_of}, request.agency, new_row=not request.on_sheet)
        for request in requests.to_ask
        if request.sent is None
    ]
    return enter(
        store, names_of(config), rules_of(config), entries, as_of,
        allowed={SCOPING: [sent_column()]}, dry_run=dry_run, progress=progress,
    )  # fmt: skip


def show(run: ScopingRun) -> None:
    """Print what was made, as a table on a terminal, as plain lines elsewhere."""
    rows = []
    for files in run.files:
        by = short_date(files.request.by) if files.request.by else ""
        rows.append([files.request.agency, by, files.form.name, files.draft.name if files.draft else ""])
    if rows:
        title = f"{agency_form().title}, {run.requests.incident.reference}"
        show_table(title, ("Agency", "Return by", "Form", "E-mail"), rows)
    remarks = [*run.requests.remarks, *run.remarks, *_about_sent(run)]
    if remarks:
        print()
    for remark in remarks:
        print(remark)
    if not run.files:
        return
    made = sum(len(files.made) for files in run.files)
    print(f"\n{counted(made, 'file')} {'would be put' if run.dry_run else 'put'} in {run.folder}.")


def _about_sent(run: ScopingRun) -> list[str]:
    """Return the sentences about “Sent” in the tracker."""
    if run.entered is None:
        unsent = [files.request.agency for files in run.files if files.request.sent is None]
        remedy = f"When the forms have gone out to {', '.join(unsent)}, fill in “Sent”, or run with --mark-sent."
        return [remedy] if unsent else []
    if run.entered.refusal:
        return ["“Sent” was not filled in."]
    cells = _sent_cells(run)
    verb = "would be filled in" if run.dry_run else "was filled in"
    day = short_date(run.requests.as_of)
    remarks = [f"“Sent” {verb} as {day}: {', '.join(cells)}."] if cells else []
    for placed in run.entered.plan.placed:
        remarks += [*(conflict.message for conflict in placed.conflicts), *placed.unplaced, *placed.by_hand]
    remarks += run.entered.remarks
    return remarks or ["“Sent” already had a date. It was not changed."]


def _sent_cells(run: ScopingRun) -> list[str]:
    """Return the addresses of the cells in which “Sent” was filled in."""
    placed = run.entered.plan.placed if run.entered and not run.entered.refusal else ()
    return [cell.cell for each in placed for cell in each.cells if cell.column == sent_column()]


def as_json(run: ScopingRun) -> dict[str, Any]:
    """Return the same as data: {"reference", "folder", "agencies": […], "remarks": […], "sent": [cells], "dry_run"}."""
    return {
        "as_of": run.requests.as_of.isoformat(),
        "reference": run.requests.incident.reference,
        "folder": str(run.folder),
        "agencies": [
            {
                "agency": files.request.agency,
                "return_by": files.request.by.isoformat() if files.request.by else None,
                "template": files.form.name,
                "draft": files.draft.name if files.draft else None,
                "made": files.made,
            }
            for files in run.files
        ],
        "remarks": [*run.requests.remarks, *run.remarks, *_about_sent(run)],
        "sent": _sent_cells(run),
        "dry_run": run.dry_run,
    }
