"""The settings: config.toml, with every slip in it."""

from __future__ import annotations

from scripts.adapters.cli.command_line import DEFAULT_CONFIG
from scripts.adapters.doctor.checks import SETTINGS, Answers, check, fine, parted, wrong
from scripts.adapters.doctor.examined import Examined
from scripts.adapters.settings.build import load_config
from tracker_schema.errors import UsageError


@check("Settings", exit_code=SETTINGS)
def settings(examined: Examined) -> Answers:
    """Each slip of config.toml as an answer of its own."""
    try:
        examined.config = load_config(examined.options)
    except UsageError as error:
        return [wrong(*parted(line)) for line in str(error).splitlines()]
    path = examined.options.config or DEFAULT_CONFIG
    if not path.exists():
        return fine(f"There is no {path}, so every setting is as it comes.")
    return fine(f"{path.name} is in order.")


CHECKS = (settings,)
