"""The templates of e-mails looked through for slips that can be seen without a message to write."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from scripts.adapters.mail.messages.templates import FOLDER, environment, told
from scripts.adapters.mail.messages.wording import filters

GIVEN = frozenset(
    {
        *("marking", "council", "subject", "title", "headline", "headings", "foot", "most", "as_of"),
        *("summary", "pictures", "timeline", "list", "not_reminded", "call", "referral", "chaser", "stage"),
        *("partnership", "reference", "agency", "by"),
    }
)
"""Every name that one template or another is given."""


def slips(as_of: dt.date, folder: Path = FOLDER) -> list[str]:
    """A sentence for each template in `folder` that cannot be read, or that asks for what no template is given."""
    from jinja2 import TemplateSyntaxError, meta

    closed = environment(filters(as_of), folder)
    found = []
    for path in sorted(folder.glob("*.j2")):
        try:
            closed.get_template(path.name)
            asked = meta.find_undeclared_variables(closed.parse(path.read_text("utf-8")))
        except TemplateSyntaxError as error:
            found.append(str(told(error, path.name)))
            continue
        except UnicodeDecodeError:
            found.append(f"templates/emails/{path.name} is not saved as UTF-8; save it as that.")
            continue
        found += [
            f"templates/emails/{path.name} asks for “{name}”, which no template is given; correct the template."
            for name in sorted(asked - GIVEN)
        ]
    return found
