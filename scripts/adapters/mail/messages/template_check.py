"""Mistakes in the templates of e-mails that can be found without a message to send."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path

from scripts.adapters.mail.messages.templates import FOLDER, SUBJECT, environment, no_subject, template_error
from scripts.adapters.mail.messages.wording import filters
from tracker_schema.errors import UsageError

FACTS = frozenset(
    {
        *("marking", "council", "subject", "monday", "headline", "headings", "foot", "most", "as_of"),
        *("summary", "pictures", "timeline", "list", "not_reminded", "call", "referral", "chaser", "stage"),
        *("partnership", "reference", "agency", "by"),
    }
)
"""Every name that is given to one template or another."""


def check_templates(as_of: dt.date, folder: Path = FOLDER) -> list[UsageError]:
    """Return an error for each template in `folder` that cannot be read, that has no subject, or that asks for a name
    which no template is given.
    """
    from jinja2 import TemplateSyntaxError, meta

    sandbox = environment(filters(as_of), folder)
    errors: list[UsageError] = []
    for path in sorted(folder.glob("*.j2")):
        try:
            sandbox.get_template(path.name)
            source = path.read_text("utf-8")
            names = meta.find_undeclared_variables(sandbox.parse(source))
        except TemplateSyntaxError as error:
            errors.append(template_error(error, path.name))
            continue
        except UnicodeDecodeError:
            errors.append(UsageError(f"templates/emails/{path.name} is not saved as UTF-8.", "Save it as UTF-8."))
            continue
        errors += [
            UsageError(
                f"templates/emails/{path.name} asks for “{name}”, which no template is given.", "Correct the template."
            )
            for name in sorted(names - FACTS)
        ]
        if path.name.endswith(".txt.j2") and not re.search(rf"^{SUBJECT}", source, re.MULTILINE):
            errors.append(no_subject(path.name))
    return errors
