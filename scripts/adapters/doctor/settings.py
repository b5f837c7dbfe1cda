"""The settings: config.toml, with every mistake in it."""

from __future__ import annotations

from scripts.adapters.cli.command_line import DEFAULT_CONFIG
from scripts.adapters.doctor.checks import SETTINGS, Answers, check, fine, refused
from scripts.adapters.doctor.examined import Examined
from scripts.adapters.settings.build import load_config
from scripts.adapters.settings.errors import ConfigError


@check("Settings", exit_code=SETTINGS)
def settings(examined: Examined) -> Answers:
    """Return each mistake in config.toml as an answer of its own."""
    try:
        examined.config = load_config(examined.options)
    except ConfigError as error:
        return [refused(mistake) for mistake in error.mistakes]
    path = examined.options.config or DEFAULT_CONFIG
    if not path.exists():
        return fine(f"There is no {path}, so every setting has its default.")
    return fine(f"{path.name} is in order.")


CHECKS = (settings,)
