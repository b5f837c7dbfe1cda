"""The Initial Scoping templates of one incident made and put into a folder, each with a covering e-mail as a draft.

A file that is there already is never made again: not the template, into which a person may have typed, nor the
draft, which carries the template as it lies in the folder.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from scripts.adapters.cli.terminal import Progress, show_table
from scripts.adapters.mail.address_book import AddressBook
from scripts.adapters.mail.messages import scoping_request
from scripts.adapters.mail.transport.mime import as_draft
from scripts.adapters.settings.build import council_of, names_of, rules_of
from scripts.adapters.settings.config import Config
from scripts.adapters.storage.atomic_write import write_new
from scripts.adapters.storage.store import Store
from scripts.adapters.tracker.entering import Entered, enter
from scripts.adapters.word.documents.making import Maker, Order
from tracker_schema.columns.schema import SCOPING
from tracker_schema.documents.documents import documents
from tracker_schema.entries.entries import Entry
from tracker_schema.errors import UsageError
from tracker_schema.returns.scoping_requests import Request, Requests
from tracker_schema.wording import counted, short_date

DOCUMENT = "initial-scoping"
_SENT = "sent"


@dataclass
class Asked:
    """What was made for one agency: its template and draft (None: no draft, and a remark says why)."""

    request: Request
    template: Path
    draft: Path | None = None
    made: list[str] = field(default_factory=list)


@dataclass(frozen=True, eq=False)
class Made:
    """What was made about one case, and what is said of it; `entered` is what became of “Sent”, None when not asked."""

    requests: Requests
    folder: Path
    asked: Sequence[Asked]
    remarks: Sequence[str]
    entered: Entered | None
    dry_run: bool


def make(requests: Requests, config: Config, folder: Path, *, dry_run: bool) -> tuple[list[Asked], list[str]]:
    """What was made (with `dry_run`: would be made) for each agency, and the sentences about what was not.

    Every template is filled in before anything is written. Raises TemplateError when the template cannot be used, and
    UsageError when the folder cannot be written to.
    """
    maker = Maker(rules_of(config), council_of(config))
    orders = [Order(documents()[DOCUMENT], requests.case, request.agency) for request in requests.to_ask]
    word = {order.stem: maker.make(order) for order in orders if not (folder / f"{order.stem}.docx").exists()}
    asked: list[Asked] = []
    remarks: list[str] = []
    for request, order in zip(requests.to_ask, orders, strict=True):
        made = Asked(request, folder / f"{order.stem}.docx")
        if order.stem not in word:
            remarks.append(
                f"{made.template.name} is there already and was left as it is; move it away to have it anew."
            )
        elif _written(made.template, word[order.stem], dry_run=dry_run):
            made.made.append("template")
        remarks += _earlier(folder, order)
        remarks += _draft(made, requests, config, word.get(order.stem), dry_run=dry_run)
        asked.append(made)
    return asked, remarks + _unaddressed(asked, config)


def _unaddressed(asked: Sequence[Asked], config: Config) -> list[str]:
    book = AddressBook(config)
    drafted = [each.request.agency for each in asked if "e-mail" in each.made]
    without = [agency for agency in drafted if book.agency(agency).address is None]
    if not without:
        return []
    why = "is not addressed yet, because config.toml has no address for it under [agencies]"
    return [f"The e-mail to {', '.join(without)} {why}; type it in before you send it."]


def _draft(made: Asked, requests: Requests, config: Config, template: bytes | None, *, dry_run: bool) -> Iterable[str]:
    """Makes the draft of the covering e-mail; gives what there is to say where it was not made."""
    book, request = AddressBook(config), made.request
    recipient = book.agency(request.agency)
    if recipient.address and not book.may_write_to(recipient):
        return [f"No e-mail was drafted to {request.agency}: its address is in no domain of mail.allowed_domains."]
    made.draft = made.template.with_suffix(".eml")
    if made.draft.exists():
        return [f"{made.draft.name} is there already and was left as it is; move it away to have it anew."]
    try:
        attached = made.template.read_bytes() if made.template.exists() else template or b""
    except OSError as error:
        raise UsageError(f"{made.template} cannot be read ({error.strerror}); close it, and run again.") from None
    council = council_of(config)
    message = scoping_request.write(requests.case, request, recipient, council, made.template.name, attached)
    addresses = [recipient.address] if recipient.address else []
    content = as_draft(message, addresses, marking=council.marking).as_bytes()
    if _written(made.draft, content, dry_run=dry_run):
        made.made.append("e-mail")
    return []


def _written(path: Path, content: bytes, *, dry_run: bool) -> bool:
    """Whether the file was written; not when somebody has just made one of that name."""
    if dry_run:
        return True
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with suppress(FileExistsError):
            write_new(path, content)
            return True
    except OSError as error:
        raise UsageError(
            f"Nothing can be written to the folder {path.parent} ({error.strerror}); name another with --out."
        ) from None
    return False


def _earlier(folder: Path, order: Order) -> list[str]:
    """What there is to say of templates for the same agency that were made on another day."""
    if not folder.is_dir():
        return []
    beginning = order.stem.removesuffix(order.case.as_of.isoformat())
    before = [path.name for path in folder.glob("*.docx") if path.stem.startswith(beginning)]
    return [f"{name} was made before for the same agency." for name in sorted(before) if order.stem not in name]


def mark_sent(store: Store, requests: Requests, config: Config, *, dry_run: bool, progress: Progress) -> Entered:
    """What became of entering the day under “Sent” of every agency asked; a cell that is filled stays as it is.

    An agency that the Scoping sheet does not have gets a row there. Raises as `entering.enter`.
    """
    case = requests.case
    entries = [
        Entry(SCOPING, case.reference, {_SENT: case.as_of}, request.agency, new_row=not request.on_sheet)
        for request in requests.to_ask
        if request.sent is None
    ]
    return enter(
        store, names_of(config), rules_of(config), entries, case.as_of,
        allowed={SCOPING: [_SENT]}, dry_run=dry_run, progress=progress,
    )  # fmt: skip


def show(made: Made) -> None:
    """Print what was made as a table on a terminal, as plain lines elsewhere."""
    rows = []
    for each in made.asked:
        by = short_date(each.request.by) if each.request.by else ""
        rows.append([each.request.agency, by, each.template.name, each.draft.name if each.draft else ""])
    if rows:
        show_table(f"Initial Scoping, {made.requests.case.reference}", ("Agency", "Return by", "Form", "E-mail"), rows)
    remarks = [*made.requests.remarks, *made.remarks, *_about_sent(made)]
    if remarks:
        print()
    for remark in remarks:
        print(remark)
    files = sum(len(each.made) for each in made.asked)
    print(f"\n{counted(files, 'file')} {'would be put' if made.dry_run else 'put'} in {made.folder}.")


def _about_sent(made: Made) -> list[str]:
    unsent = [each.request.agency for each in made.asked if each.request.sent is None]
    if made.entered is None:
        return (
            [f"Fill in “Sent” when they have gone out, to {', '.join(unsent)}; or use --mark-sent."] if unsent else []
        )
    if made.entered.refusal:
        return ["“Sent” was not filled in."]
    placed = made.entered.plan.placed
    cells = [cell.cell for each in placed for cell in each.cells if cell.column == _SENT]
    said = [
        sentence
        for each in placed
        for sentence in (*(conflict.message for conflict in each.conflicts), *each.unplaced, *each.by_hand)
    ]
    said += made.entered.remarks
    if cells:
        verb = "would be filled in" if made.dry_run else "was filled in"
        said.insert(0, f"“Sent” {verb} as {short_date(made.requests.case.as_of)}: {', '.join(cells)}.")
    return said or ["“Sent” was filled in before, and is as it was."]


def as_json(made: Made) -> dict[str, Any]:
    """The same as data: {"reference", "folder", "agencies": […], "remarks": […], "sent": [cells], "dry_run"}."""
    placed = made.entered.plan.placed if made.entered and not made.entered.refusal else ()
    return {
        "as_of": made.requests.case.as_of.isoformat(),
        "reference": made.requests.case.reference,
        "folder": str(made.folder),
        "agencies": [
            {
                "agency": each.request.agency,
                "return_by": each.request.by.isoformat() if each.request.by else None,
                "template": each.template.name,
                "draft": each.draft.name if each.draft else None,
                "made": each.made,
            }
            for each in made.asked
        ],
        "remarks": [*made.requests.remarks, *made.remarks, *_about_sent(made)],
        "sent": [cell.cell for each in placed for cell in each.cells if cell.column == _SENT],
        "dry_run": made.dry_run,
    }
