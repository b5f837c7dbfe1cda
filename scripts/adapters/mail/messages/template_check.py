"""Mistakes in the templates of e-mails, found before there is a message to send."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path
from typing import TYPE_CHECKING

from scripts.adapters.mail.messages.examples import examples
from scripts.adapters.mail.messages.templates import (
    FOLDER,
    SUBJECT,
    environment,
    no_subject,
    template_error,
    write_letter,
)
from scripts.adapters.mail.messages.wording import filters
from tracker_schema.clocks.clocks import Rules
from tracker_schema.errors import UsageError

if TYPE_CHECKING:
    from jinja2 import Environment

FACTS = frozenset(
    {
        *("marking", "council", "subject", "monday", "headline", "headings", "foot", "most", "as_of"),
        *("summary", "pictures", "list", "not_reminded", "read_now", "call", "referral", "chaser", "stage"),
        *("reading", "new_lines", "links", "counting", "new_cases", "old_cases"),
        *("drafts", "old_drafts", "drafts_folder", "sent_under"),
        *("partnership", "reference", "agency", "by", "escalation"),
        *("runs", "remarks", "made"),
    }
)
"""Every name that is given to one template or another."""


def check_templates(rules: Rules, as_of: dt.date, folder: Path = FOLDER) -> list[UsageError]:
    """Return an error for each mistake in the templates of `folder`.

    When all of them can be read, every message is filled in with made-up facts around `as_of`, by `rules`.
    """
    templates = environment(filters(as_of), folder)
    return _read(templates, folder) or _try(templates, rules, as_of)


def _try(templates: Environment, rules: Rules, as_of: dt.date) -> list[UsageError]:
    """Return the first error of each message that cannot be filled in."""
    errors: dict[str, UsageError] = {}
    for name, facts in examples(rules, as_of):
        try:
            write_letter(name, templates, facts)
        except UsageError as error:
            errors.setdefault(name, error)
    return list(errors.values())


def _read(templates: Environment, folder: Path) -> list[UsageError]:
    """Return an error for each template that cannot be read, that has no subject, or that asks for a name which no
    template is given.
    """
    from jinja2 import TemplateSyntaxError, meta

    errors: list[UsageError] = []
    for path in sorted(folder.glob("*.j2")):
        try:
            templates.get_template(path.name)
            source = path.read_text("utf-8")
            names = meta.find_undeclared_variables(templates.parse(source))
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
