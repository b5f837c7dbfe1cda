"""The templates as files: made anew where nobody has edited them, each with a text beside it that shows what it holds.

A template that was edited in Word is known by its hash, and is never overwritten.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import io
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from scripts.adapters.word.package import (
    CORE,
    NO_DOCUMENT,
    Properties,
    core_properties,
    main_part,
    packed,
    unpacked,
    with_declarations,
)
from scripts.adapters.word.templates.dump import dumped
from scripts.adapters.word.templates.template_errors import unusable
from tracker_schema.documents.documents import Document, documents

PROJECT = Path(__file__).parents[4]
FOLDER = PROJECT / "templates" / "documents"
HASHES = "built.json"

_MADE_ON = dt.date(2026, 1, 1)


@dataclass(frozen=True)
class Built:
    """What became of one template: “made” (anew), “unchanged”, or “edited” in Word and so left alone."""

    name: str
    outcome: Literal["made", "unchanged", "edited"]


def template_path(name: str, folder: Path = FOLDER) -> Path:
    """Where the template of the document with that name is."""
    return folder / f"{name}.docx"


def build(document: Document) -> bytes:
    """The template of `document` as a file, the same bytes each time. Raises SchemaError for a slip in its contents."""
    from scripts.adapters.word.templates.layout import lay_out

    made = io.BytesIO()
    lay_out(document).save(made)
    parts = unpacked(made.getvalue())
    parts[main_part(parts)] = with_declarations(parts[main_part(parts)])
    parts[CORE] = core_properties(Properties(document.title, "", "", _MADE_ON))
    return packed(parts, compressed=False)


def build_all(folder: Path = FOLDER) -> Iterator[Built]:
    """Makes every template in `folder` that is not there or was not edited, and each one's text; tells of each.

    Raises TemplateSlip when something lies there that is no template.
    """
    folder.mkdir(parents=True, exist_ok=True)
    known = _recorded(folder)
    for name, document in documents().items():
        path = template_path(name, folder)
        if is_edited(name, folder):
            outcome: Literal["made", "unchanged", "edited"] = "edited"
        else:
            data = build(document)
            outcome = "unchanged" if path.exists() and data == path.read_bytes() else "made"
            path.write_bytes(data)
            known[name] = _hash(data)
        try:
            text = dumped(path.read_bytes())
        except NO_DOCUMENT:
            raise unusable(path, "is no Word document (.docx)") from None
        path.with_suffix(".txt").write_text(text, "utf-8", newline="\n")
        yield Built(name, outcome)
    (folder / HASHES).write_text(json.dumps(known, indent=2, sort_keys=True) + "\n", "utf-8", newline="\n")


def is_edited(name: str, folder: Path = FOLDER) -> bool:
    """Whether the template of the document with that name is there and is not as it was made."""
    path = template_path(name, folder)
    return path.exists() and _hash(path.read_bytes()) != _recorded(folder).get(name)


def _recorded(folder: Path) -> dict[str, str]:
    """The hashes of the templates as they were made, by name."""
    record = folder / HASHES
    recorded: dict[str, str] = json.loads(record.read_text("utf-8")) if record.exists() else {}
    return recorded


def _hash(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
