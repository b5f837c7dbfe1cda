"""The templates, looked through before they are needed; the Word ones are filled in with made-up cases."""

from __future__ import annotations

from scripts.adapters.doctor.checks import SETTINGS, Answer, Answers, check, fine, look, parted, wrong
from scripts.adapters.doctor.examined import Examined
from scripts.adapters.settings.build import council_of, rules_of
from tracker_schema.wording import counted


@check("Word templates", exit_code=SETTINGS, needs=("Settings",))
def word_templates(examined: Examined) -> Answers:
    """Each slip of a template, and each that lost a field, as an answer of its own."""
    # Loaded here, because it takes docxtpl, which takes long to load and may be missing.
    from scripts.adapters.word.templates.trying import Tried, try_templates

    def of(tried: Tried) -> Answer | None:
        if tried.slip:
            return wrong(*parted(str(tried.slip)))
        if tried.missing:
            return look(
                f"The template {tried.name}.docx has lost {counted(len(tried.missing), 'field')}: "
                f"{', '.join(tried.missing)}. What is written there is not read back.",
                "Copy the field from an earlier version of the template, or put up with it; see templates/README.md.",
            )
        return None

    every = try_templates(rules_of(examined.config), council_of(examined.config), examined.as_of)
    found = [answer for answer in map(of, every) if answer]
    edited = sum(tried.edited for tried in every)
    changed = f"; {edited} of them edited here" if edited else ""
    return found or fine(f"All {len(every)} Word templates can be filled in{changed}.")


@check("E-mail templates", exit_code=SETTINGS, needs=("Settings",))
def email_templates(examined: Examined) -> Answers:
    """Return each mistake in a template of an e-mail as an answer of its own."""
    from scripts.adapters.mail.messages.template_check import check_templates

    found = [wrong(error.problem, error.remedy) for error in check_templates(examined.as_of)]
    return found or fine("All e-mail templates can be read.")


CHECKS = (word_templates, email_templates)
