"""The templates, tried before they are needed; the Word ones are filled in with made-up cases."""

from __future__ import annotations

from collections.abc import Iterator

from scripts.adapters.doctor.checks import SETTINGS, Answer, Answers, check, fine, refused, warning
from scripts.adapters.doctor.examined import Examined
from scripts.adapters.settings.build import council_of, rules_of
from tracker_schema.wording import counted


@check("Word templates", exit_code=SETTINGS, needs=("Settings",))
def word_templates(examined: Examined) -> Answers:
    """Return an answer for each template that cannot be used, that has lost a field, or that holds foreign parts."""
    # Loaded here, because it takes docxtpl, which takes long to load and may be missing.
    from scripts.adapters.word.templates.template_checks import TemplateCheck, check_templates

    def answers(found: TemplateCheck) -> Iterator[Answer]:
        if found.error:
            yield refused(found.error)
        if found.left_out:
            yield warning(
                f"The template {found.name}.docx holds {', '.join(found.left_out)}. The documents are made without.",
                "Open it in Word and take that out, or start from the template that came with this program.",
            )
        if found.missing:
            yield warning(
                f"The template {found.name}.docx has lost {counted(len(found.missing), 'field')}: "
                f"{', '.join(found.missing)}. The program can no longer fill it in or read it.",
                "Copy the field from an earlier version of the template, or accept it; see templates/README.md.",
            )

    every = check_templates(rules_of(examined.config), council_of(examined.config), examined.as_of)
    found = [each for template in every for each in answers(template)]
    return found or fine(f"All {len(every)} Word templates can be filled in.")


@check("E-mail templates", exit_code=SETTINGS, needs=("Settings",))
def email_templates(examined: Examined) -> Answers:
    """Return each mistake in a template of an e-mail as an answer of its own."""
    from scripts.adapters.mail.messages.template_check import check_templates

    found = [refused(error) for error in check_templates(rules_of(examined.config), examined.as_of)]
    return found or fine("All e-mail templates can be filled in.")


CHECKS = (word_templates, email_templates)
