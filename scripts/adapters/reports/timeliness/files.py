"""From the command line's wishes to the files of the timeliness report."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from scripts.adapters.reports.timeliness import extract_file
from scripts.adapters.reports.timeliness.tables import Report
from scripts.adapters.word.documents.file_names import save_new
from tracker_schema.errors import UsageError
from tracker_schema.evidence.timeliness import Quarter

# As far back as a report goes that says nothing else.
_QUARTERS = 4
_MOST_QUARTERS = 20


def chosen_quarters(first: dt.date | None, last: dt.date | None, as_of: dt.date) -> tuple[Quarter, Quarter]:
    """The first and last quarter to report on: those that begin and end on the days given, else the last four that
    were over on `as_of`.

    Raises UsageError for a day on which no quarter begins or ends, with the nearest that will do. Only whole quarters
    will: else two reports that differ by a few days would tell by their difference what each keeps back.
    """
    this = Quarter.of(as_of)
    to = Quarter.of(last) if last else _back(Quarter.of(first), 1 - _QUARTERS) if first else _back(this, 1)
    since = Quarter.of(first) if first else _back(to, _QUARTERS - 1)
    if first and first != since.first:
        raise UsageError(f"--from must be the first day of a quarter; give {since.first} or {since.next.first}.")
    if last and last != to.last:
        raise UsageError(f"--to must be the last day of a quarter; give {to.last} or {_back(to, 1).last}.")
    if since > to:
        raise UsageError(f"--from {since.first} comes after --to {to.last}; swap them.")
    if to > this:
        to_come = f"--to {to.last} lies beyond the quarter of the report's own day; give {this.last} or an earlier one."
        raise UsageError(to_come)
    if _back(to, _MOST_QUARTERS - 1) > since:
        raise UsageError(f"A report covers at most {_MOST_QUARTERS} quarters; make two.")
    return since, to


def _back(quarter: Quarter, how_many: int) -> Quarter:
    number = 4 * quarter.year + quarter.number - 1 - how_many
    return Quarter(number // 4, number % 4 + 1)


def files_of(report: Report) -> dict[str, bytes]:
    """The content of each file of the report, by its name."""
    # Loaded here, because loading openpyxl and python-docx takes longer than finding out that the settings are wrong.
    from scripts.adapters.reports.timeliness import word, workbook

    return {f"{report.file_stem}.xlsx": workbook.build(report), f"{report.file_stem}.docx": word.build(report)}


def pseudonym_key(*, demo: bool) -> bytes:
    """The secret on which the pseudonyms hang; for made-up cases one that is none. Raises UsageError as
    `extract_file.pseudonym_key` does.
    """
    return b"made-up incidents have no secrets" if demo else extract_file.pseudonym_key()


def extract_of(report: Report, rows: list[dict[str, str]]) -> dict[str, bytes]:
    """The content of the extract's file, by its name."""
    return {f"Pseudonymised extract {report.as_of}.csv": extract_file.build(rows)}


def save(folder: Path, files: Mapping[str, bytes]) -> list[Path]:
    """Where each of `files` (content by name) now lies in `folder`, which is made where it is missing.

    What is there already is never overwritten: the new file gets a number. Raises UsageError when it cannot be written.
    """
    names = {Path(name): content for name, content in files.items()}
    return [save_new(folder, name.stem, name.suffix, content) for name, content in names.items()]


def as_json(report: Report, saved: Sequence[Path]) -> dict[str, Any]:
    """The report as a JSON object: each type with its lines, null for what is kept back, and the files."""
    return {
        "as_of": report.as_of.isoformat(),
        "from": report.first.first.isoformat(),
        "to": report.last.last.isoformat(),
        "types": [
            {
                "id": found.kind.id,
                "limit": found.limit,
                "quarters": list(map(asdict, found.lines)),
                "total": asdict(found.total),
                "reasons": dict(found.reasons),
                "stages": dict(found.stages),
            }
            for found in report.types
        ],
        "files": [str(path) for path in saved],
    }
