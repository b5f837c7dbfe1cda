"""The files of one report, and the report as JSON."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from scripts.adapters.reports.content import Report
from scripts.adapters.word.documents.file_names import save_new


def files_of(report: Report) -> dict[str, bytes]:
    """Return the content of the workbook and of the Word document, by the name of the file."""
    # Loaded here, because openpyxl and docxtpl take longer to load than it takes to find a mistake in the settings.
    from scripts.adapters.reports import excel_report, word_report

    return {
        f"{report.file_stem}.xlsx": excel_report.build(report),
        f"{report.file_stem}.docx": word_report.build(report),
    }


def save(folder: Path, files: Mapping[str, bytes]) -> list[Path]:
    """Write `files`, content by name, to `folder` and return their paths.

    The folder is made if it is missing. An existing file is never overwritten: the new one gets a number in its name.
    Raises UsageError when a file cannot be written.
    """
    names = {Path(name): data for name, data in files.items()}
    return [save_new(folder, name.stem, name.suffix, data) for name, data in names.items()]


def as_json(report: Report, saved: Sequence[Path]) -> dict[str, Any]:
    """Return the report for JSON: each type with its lines, and the files. A suppressed number is null."""
    return {
        "as_of": report.as_of.isoformat(),
        "from": report.first.first.isoformat(),
        "to": report.last.last.isoformat(),
        "published": report.published,
        "types": [
            {
                "id": found.kind.id,
                "limit": found.limit,
                "quarters": list(map(asdict, found.lines)),
                "total": asdict(found.total),
                "reasons": dict(found.reasons),
                "late_steps": dict(found.late_steps),
            }
            for found in report.types
        ],
        "files": [str(path) for path in saved],
    }
