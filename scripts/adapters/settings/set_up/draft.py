"""The settings while they are being made: config.toml with the answers so far, in a file of their own beside it.

The draft stays until config.toml is written, so that a set-up that was left can be gone on with.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import tomlkit
import tomlkit.items

from scripts.adapters.settings.set_up.questions import LINK, WORKBOOK, Question, Setting, setting_of
from scripts.adapters.settings.toml_file import parse, read_text
from scripts.adapters.storage.atomic_write import replace, write_over
from tracker_schema.errors import UsageError

_HEAD = "Settings of the critical incident tracker, made by set_up. config.example.toml explains these and all others."
_DOMAINS = ("mail", "allowed_domains")
_ADDRESSES = (("recipients",), ("agencies",), ("mail", "sender"))


class Draft:
    """The settings that become `config`.

    file    where they are kept meanwhile
    """

    def __init__(self, config: Path) -> None:
        """Go on with the draft beside `config` if there is one, else with `config` itself, else with nothing.

        Raises UsageError when that file is not TOML.
        """
        self.config = config
        self.file = config.with_name(f"{config.stem}.set-up.toml")
        begun = next((path for path in (self.file, config) if path.exists()), None)
        self._text = read_text(begun) if begun else ""
        if begun:
            parse(self._text, begun)
        self._document = tomlkit.parse(self._text)
        if not begun:
            self._document.add(tomlkit.comment(_HEAD))

    def get(self, setting: Setting) -> Any:
        """Return the value of a setting, None when it has none."""
        value: Any = self._document.unwrap()
        for name in setting:
            value = value.get(name) if isinstance(value, Mapping) else None
        return value

    def answer_to(self, question: Question) -> Any:
        """Return the answer that the settings hold, None when they hold none."""
        if question.name == "workbook":
            return self.get(LINK) or self.get(WORKBOOK)
        return self.get(question.setting)

    def put(self, question: Question, value: object) -> None:
        """Fill in an answer; None takes the setting out."""
        setting = setting_of(question, value)
        if question.name == "workbook":
            for other in (WORKBOOK, LINK):
                self._remove(other)
        if value is None:
            self._remove(setting)
        elif value != self.get(setting):
            self._set(setting, value)

    def save(self) -> None:
        """Keep the draft; mail is allowed to the domain of every address in it. Raises UsageError when that fails."""
        allowed = list(self.get(_DOMAINS) or ())
        found = {address.rpartition("@")[2].lower() for place in _ADDRESSES for address in _texts(self.get(place))}
        new = sorted(found - {domain.lower() for domain in allowed})
        if new:
            self._set(_DOMAINS, [*allowed, *new])
        try:
            write_over(self.file, self._document.as_string().encode("utf-8"))
        except OSError as error:
            raise UsageError(
                f"{self.file} cannot be written ({error.strerror}).", "Run this in a folder that you may write in."
            ) from None

    def take_over(self, proposed: Path) -> None:
        """Go on with the text of `proposed`, and delete that file."""
        self._document = tomlkit.parse(read_text(proposed))
        proposed.unlink()
        self.save()

    def finish(self) -> Path | None:
        """Put the draft in the place of `config`. Return where the earlier settings are kept, None without any."""
        kept = None
        if self.config.exists():
            kept = self.config.with_name(f"{self.config.stem}.before-set-up.toml")
            write_over(kept, self.config.read_bytes())
        self.save()
        replace(self.file, self.config)
        return kept

    def _set(self, setting: Setting, value: object) -> None:
        *sections, name = setting
        table: Any = self._document
        for section in sections:
            if section not in table:
                table[section] = tomlkit.table()
            table = table[section]
        table[name] = value

    def _remove(self, setting: Setting) -> None:
        *sections, name = setting
        table: Any = self._document
        for section in sections:
            table = table.get(section, {})
        if name in table:
            del table[name]


def _texts(value: object) -> list[str]:
    """Return every text in a value of the settings, however deep."""
    if isinstance(value, str):
        return [value]
    values = value.values() if isinstance(value, Mapping) else value if isinstance(value, list) else ()
    return [text for each in values for text in _texts(each)]
