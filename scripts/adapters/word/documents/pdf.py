"""Documents as PDF, by LibreOffice where it is installed."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Mapping
from pathlib import Path

from scripts.adapters.word import controls
from scripts.adapters.word.package import main_part, packed, parse, serialized, unpacked
from tracker_schema.errors import TrackerError, UsageError

# With the headings as bookmarks, and tagged so that a screen reader finds its way.
_FORMAT = 'pdf:writer_pdf_Export:{"UseTaggedPDF":{"type":"boolean","value":"true"}}'
_SECONDS_TO_START, _SECONDS_EACH = 60, 30


def libreoffice() -> str:
    """Return the path of the program. Raises UsageError when it is not installed."""
    places = [shutil.which(name) for name in ("soffice", "libreoffice")]
    for variable in ("ProgramFiles", "ProgramFiles(x86)"):
        folder = os.environ.get(variable)
        places.append(str(Path(folder) / "LibreOffice" / "program" / "soffice.exe") if folder else None)
    for program in places:
        if program and Path(program).exists():
            return program
    raise UsageError(
        "No PDF can be made on this computer, because LibreOffice is not installed.",
        "Leave out --pdf and save the document as PDF in Word, or have LibreOffice installed.",
    )


def as_pdf(documents: Mapping[str, bytes]) -> Mapping[str, bytes]:
    """Return each of the Word files in `documents` as PDF, by the same name.

    Raises UsageError when LibreOffice is not installed, and TrackerError when it fails.
    """
    program = libreoffice()
    # A profile of its own: a LibreOffice that somebody has open would accept the command and do nothing.
    with tempfile.TemporaryDirectory(prefix="critical-incident-tracker-", ignore_cleanup_errors=True) as scratch:
        folder = Path(scratch)
        sources = {name: folder / f"{number}.docx" for number, name in enumerate(documents)}
        for name, source in sources.items():
            source.write_bytes(without_controls(documents[name]))
        command = [
            *(program, f"-env:UserInstallation={(folder / 'profile').as_uri()}", "--headless", "--norestore"),
            *("--convert-to", _FORMAT, "--outdir", str(folder), *map(str, sources.values())),
        ]
        try:
            subprocess.run(  # noqa: S603 - the program is LibreOffice, the files are ours
                command, check=False, capture_output=True, timeout=_SECONDS_TO_START + _SECONDS_EACH * len(sources)
            )
            return {name: source.with_suffix(".pdf").read_bytes() for name, source in sources.items()}
        except (OSError, subprocess.TimeoutExpired):
            raise TrackerError(
                "LibreOffice did not make the PDF. The Word document was made.",
                "Try again, or save it as PDF in Word.",
            ) from None


def without_controls(document: bytes) -> bytes:
    """Return the Word file without its controls, their text in place of them.

    LibreOffice loses the line breaks in a control.
    """
    parts = unpacked(document)
    main = main_part(parts)
    body = parse(parts[main])
    for control in list(controls.controls(body)):
        controls.unwrap(control)
    parts[main] = serialized(body)
    return packed(parts)
