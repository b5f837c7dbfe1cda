"""Where the templates are, and their content."""

from __future__ import annotations

import stat
from pathlib import Path

from scripts.adapters.word.templates.template_errors import unusable

LARGEST_FILE = 25 << 20
"""Bytes of a template; ours have 20 KB."""

FOLDER = Path(__file__).parents[4] / "templates" / "documents"


def template_path(name: str, folder: Path = FOLDER) -> Path:
    """Return the path of the template of the document with that name."""
    return folder / f"{name}.docx"


def template_bytes(path: Path) -> bytes:
    """Return the content of the template at `path`. Raises TemplateError when it cannot be read, or is too large."""
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):
            raise unusable(path, "is not a file")
        if status.st_size > LARGEST_FILE:
            raise unusable(path, f"has more than {LARGEST_FILE >> 20} MB")
        return path.read_bytes()
    except FileNotFoundError:
        raise unusable(path, "is not there") from None
    except OSError as error:
        raise unusable(path, f"cannot be read ({error.strerror})") from None
