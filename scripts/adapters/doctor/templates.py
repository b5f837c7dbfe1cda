"""The templates, tried before they are needed; the Word ones are filled in with made-up cases."""

from __future__ import annotations

from scripts.adapters.doctor.checks import SETTINGS, Answer, Answers, check, fine, refused, warning
from scripts.adapters.doctor.examined import Examined
from scripts.adapters.settings.build import council_of, rules_of
from tracker_schema.wording import counted


@check("Word templates", exit_code=SETTINGS, needs=("Settings",))
def word_templates(examined: Examined) -> Answers:
    """Return an answer for each template that cannot be used, and for each that has lost a field."""
    # Loaded here, because it takes docxtpl, which takes long to load and may be missing.
    from scripts.adapters.word.templates.template_checks import TemplateCheck, check_templates

    def answer(found: TemplateCheck) -> Answer | None:
        if found.error:
            return refused(found.error)
        if found.missing:
            return warning(
                f"The template {found.name}.docx has lost {counted(len(found.missing), 'field')}: "
                f"{', '.join(found.missing)}. The program can no longer fill it in or read it.",
                "Copy the field from an earlier version of the template, or accept it; see templates/README.md.",
            )
        return None

    every = check_templates(rules_of(examined.config), council_of(examined.config), examined.as_of)
    found = [each for each in map(answer, every) if each]
    return found or fine(f"All {len(every)} Word templates can be filled in.")


@check("E-mail templates", exit_code=SETTINGS, needs=("Settings",))
def email_templates(examined: Examined) -> Answers:
    """Return each mistake in a template of an e-mail as an answer of its own."""
    from scripts.adapters.mail.messages.template_check import check_templates

    found = [refused(error) for error in check_templates(rules_of(examined.config), examined.as_of)]
    return found or fine("All e-mail templates can be filled in.")


CHECKS = (word_templates, email_templates)
