"""What was made, and what each document still lacks, for a person and as JSON."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from scripts.adapters.cli.terminal import show_table
from scripts.adapters.storage.case_folders.folders import CaseFolders
from scripts.adapters.word.documents.case_details import with_details
from scripts.adapters.word.documents.making import Made, Maker, Order
from tracker_schema.documents.documents import documents
from tracker_schema.incidents.incident import Incident
from tracker_schema.wording import counted, printable

if TYPE_CHECKING:
    from scripts.adapters.word.documents.asked import Asked


def show_made(incident: Incident | None, as_of: dt.date, made: Sequence[Made], *, as_json: bool, dry_run: bool) -> None:
    """Print what was made, with `dry_run` what would be, and what the tracker lacks for it.

    `incident` is the one that it is about; None for a document of all cases.
    """
    if as_json:
        listed: list[dict[str, Any]] = [
            {
                "name": each.order.document.name,
                "agency": each.order.agency,
                "file": str(each.file),
                "pdf": str(each.pdf) if each.pdf else None,
                "workbook": str(each.workbook) if each.workbook else None,
                "lacking": list(each.lacking),
                "remark": each.order.remark,
            }
            for each in made
        ]
        reference = incident.reference if incident else None
        _print({"as_of": as_of.isoformat(), "reference": reference, "dry_run": dry_run, "documents": listed})
        return
    for each in made:
        files = " and ".join([str(each.file), *(path.name for path in (each.pdf, each.workbook) if path)])
        print(printable(f"{'Would make' if dry_run else 'Made'} {files}"))
        if each.lacking:
            print(printable(f"  Still lacks: {', '.join(each.lacking)}"))
        if each.order.remark:
            print(printable(f"  {each.order.remark}"))
    if not made and incident:
        print(printable(f"{incident.reference} is closed: its stage calls for no document. Name one to have it made."))


def show_asked(asked: Asked, as_of: dt.date, *, as_json: bool, dry_run: bool) -> None:
    """Print what became of each row of the Documents sheet that was not done yet, with `dry_run` what would."""
    if as_json:
        lines = [{**vars(line), "files": list(line.files)} for line in asked.lines]
        _print({"as_of": as_of.isoformat(), "dry_run": dry_run, "has_sheet": asked.has_sheet, "rows": lines})
        return
    for line in asked.lines:
        what = f"{'Would make' if dry_run else 'Made'} {', '.join(line.files)}" if line.files else "Not made"
        print(printable(f"Row {line.row}: {what}. {line.remark}".rstrip()))
    if not asked.has_sheet:
        print("The tracker has no sheet Documents. To have it added, set documents.sheet = true in config.toml.")
    elif not asked.lines:
        print("The sheet Documents asks for nothing that is not made yet.")


def show_list(
    incident: Incident, as_of: dt.date, maker: Maker, folder: Path, folders: CaseFolders, *, as_json: bool
) -> None:
    """Print every document, if the stage of the incident calls for it, and what the tracker still lacks for it.

    The case details are those in `folder` or, among `folders`, in that of the case. Raises TemplateError when a
    template cannot be used, and otherwise as `with_details`.
    """
    of_a_case = {name: document for name, document in documents().items() if not document.all_cases}
    orders = with_details([Order(document, incident, as_of) for document in of_a_case.values()], folder, maker, folders)
    lacking = {order.document.name: maker.lacking(order) for order in orders}
    called = {name: document.is_called_for(incident) for name, document in of_a_case.items()}
    if as_json:
        listed: list[dict[str, Any]] = [
            document.model_dump(include=_ABOUT)
            | {"called_for": called[document.name], "lacking": lacking[document.name]}
            for document in of_a_case.values()
        ]
        _print({"as_of": as_of.isoformat(), "reference": incident.reference, "documents": listed})
        return
    rows = [[name, "now" if called[name] else "", ", ".join(lacking[name]) or "nothing"] for name in of_a_case]
    show_table(f"Documents for {incident.reference}", ["Document", "Called for", "Still lacks"], rows)


def show_all_documents(*, as_json: bool) -> None:
    """Print every document with its purpose."""
    if as_json:
        _print({"documents": [document.model_dump(include=_ABOUT) for document in documents().values()]})
        return
    rows = [[document.name, document.made_for, document.purpose] for document in documents().values()]
    show_table(counted(len(rows), "document"), ["Document", "Made for", "Purpose"], rows)


_ABOUT = {"name", "title", "made_for", "purpose", "per_agency"}


def _print(content: dict[str, Any]) -> None:
    print(json.dumps(content, indent=2))
