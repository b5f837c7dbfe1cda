"""What the set-up asks, where each answer goes in config.toml, and how an answer is read."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from scripts.adapters.settings.config import Config
from scripts.adapters.settings.error_messages import wrong_values
from tracker_schema.columns.dates import parse_date
from tracker_schema.columns.parsing import Unreadable
from tracker_schema.errors import UsageError
from tracker_schema.wording import DAYS

Answers = Mapping[str, Any]
Setting = tuple[str, ...]

WORKBOOK, LINK = ("tracker", "file"), ("sharepoint", "link")
NOTHING = "-"


@dataclass(frozen=True)
class Question:
    """One question of the set-up.

    name      its name in a file of answers
    setting   the sections and the name of the setting that its answer fills
    text      the question, a sentence or two
    choices   the answers that there are, none when any will do; what each means, "" when its word says so
    several   whether the answer is a list of addresses
    is_day    whether the answer is a date
    is_yes    whether the answer is yes or no
    default   the answer that is proposed when there is none yet, "" for none
    needed    whether it must be answered
    asked     whether it is asked, by the answers before it
    """

    name: str
    setting: Setting
    text: str
    choices: Mapping[str, str] | None = None
    several: bool = False
    is_day: bool = False
    is_yes: bool = False
    default: str = ""
    needed: bool = False
    asked: Callable[[Answers], bool] = lambda _: True

    def read(self, text: str) -> object:
        """Return the answer in `text`, as it stands in config.toml. Raises UsageError when it is none."""
        if self.choices:
            return _choice(text, list(self.choices))
        if self.several:
            return [address for address in re.split(r"[\s;,]+", text) if address]
        if self.is_day:
            return _day(text)
        if self.is_yes:
            return _choice(text, ("yes", "no", "true", "false")) in ("yes", "true")
        return _workbook(text) if self.name == "workbook" else text

    def require_right(self, value: object, folder: Path) -> None:
        """Raise UsageError when config.toml in `folder` cannot have that answer."""
        setting = setting_of(self, value)
        data: Any = value
        for name in reversed(setting):
            data = {name: data}
        try:
            Config.model_validate(data, context=folder)
        except ValidationError as error:
            for mistake in wrong_values(error):
                if mistake.place[: len(setting)] == setting:
                    raise UsageError(f"This {mistake.problem}.", mistake.remedy) from None


def setting_of(question: Question, value: object) -> Setting:
    """Return the setting that an answer fills: a workbook is on this computer or in SharePoint."""
    return LINK if question.name == "workbook" and is_link(value) else question.setting


def is_link(value: object) -> bool:
    """Return whether an answer names a workbook in SharePoint: what its “Copy link” gives."""
    return isinstance(value, str) and value.lower().startswith(("https://", "http://"))


def _workbook(text: str) -> str:
    # “Copy as path” and a file that is dropped on a window come in quotes.
    path = text.strip().strip("\"'").removeprefix("file:///")
    if is_link(path):
        return path
    file = Path(path).expanduser()
    if not file.is_file():
        raise UsageError(f"There is no file {path}.", "Drop the workbook on this window, or paste its path or link.")
    if file.suffix.casefold() not in (".xlsx", ".xlsm"):
        raise UsageError(f"{file.name} is no .xlsx or .xlsm workbook.", "Save it in Excel as an Excel Workbook first.")
    return str(file.resolve())


def _choice(text: str, choices: Sequence[str]) -> str:
    if text.isdigit() and 0 < int(text) <= len(choices):
        return choices[int(text) - 1]
    begin = [choice for choice in choices if choice.casefold().startswith(text.casefold())]
    if len(begin) != 1:
        raise UsageError(f"That is none of {', '.join(choices)}.", "Type one of them, or its number.")
    return begin[0]


def _day(text: str) -> dt.date:
    try:
        day, _ = parse_date(text)
    except Unreadable:
        day = None
    if day is None:
        raise UsageError("That is no date.", "Type it as 01/12/2026.")
    return day


def _by_mail(answers: Answers) -> bool:
    return answers.get("mail") in ("graph", "smtp")


def _signs_in(answers: Answers) -> bool:
    return is_link(answers.get("workbook")) or answers.get("mail") == "graph"


OF_THE_WORKBOOK = (
    Question(
        "workbook",
        WORKBOOK,
        "Which workbook is your log? Drop it on this window, or paste its path, or the link that “Copy link” gives in "
        "SharePoint.",
        needed=True,
    ),
    Question(
        "tenant",
        ("sign_in", "tenant"),
        "A workbook in SharePoint needs a sign-in that IT has registered (docs/for-it.md). What is the directory "
        "(tenant) id?",
        needed=True,
        asked=_signs_in,
    ),
    Question("client_id", ("sign_in", "client_id"), "And the application (client) id?", needed=True, asked=_signs_in),
    Question(
        "sign_in",
        ("sign_in", "method"),
        "How does the program sign in?",
        choices={
            "device": "as you, once, with a code in the browser",
            "certificate": "with a certificate that IT has put into config.toml",
            "secret": "with a secret that IT has stored on this computer",
        },
        default="device",
        asked=_signs_in,
    ),
)

OF_THE_SETTINGS = (
    Question("council", ("council", "name"), "What is the council called in e-mails and documents?"),
    Question(
        "start_from",
        ("clocks", "start_from"),
        "From which day shall deadlines count? Steps that were due before it raise no alarm.",
        is_day=True,
    ),
    Question(
        "daily_list_to",
        ("recipients", "hos_safeguarding"),
        "Who gets the daily list (the Head of Service for Safeguarding)? Give e-mail addresses.",
        several=True,
    ),
    Question("summary_to", ("recipients", "slt"), "Who gets the weekly summary for the leadership team?", several=True),
    Question(
        "day_four_to",
        ("recipients", "day_four_meeting"),
        "Who is asked to the Heads of Service's meeting on day 4, when there is no decision?",
        several=True,
    ),
    Question(
        "business_unit",
        ("recipients", "business_unit"),
        "Who is told of late scoping returns at the safeguarding partnership's business unit?",
        several=True,
    ),
    Question(
        "director",
        ("recipients", "director"),
        "Who is told when a statutory date has passed (the Director of Children's Services)?",
        several=True,
    ),
    Question(
        "mail",
        ("mail", "transport"),
        "How does mail go?",
        choices={
            "drafts": "as drafts that open in Outlook, and that a person sends",
            "graph": "through Microsoft 365",
            "smtp": "through the council's mail relay",
        },
        default="drafts",
    ),
    Question(
        "sender",
        ("mail", "sender"),
        "From which mailbox does mail come? Give its address.",
        needed=True,
        asked=_by_mail,
    ),
    Question(
        "relay",
        ("mail", "smtp", "host"),
        "What is the mail relay's name?",
        needed=True,
        asked=lambda answers: answers.get("mail") == "smtp",
    ),
    Question(
        "drafts_folder",
        ("mail", "drafts_folder"),
        "Into which folder do drafts go? Everyone who sends them must be able to open it.",
        default=str(Path("~/Documents/Tracker drafts").expanduser()),
    ),
    Question(
        "slt_meets",
        ("slt", "meets"),
        "On which day does the leadership team meet?",
        choices=dict.fromkeys(DAYS[:5], ""),
        default="Tuesday",
    ),
    Question(
        "case_folder",
        ("documents", "folder"),
        "In which folder shall each case have a folder for its documents? It lies where the tracker is.",
        default="Cases",
    ),
    Question(
        "documents_sheet",
        ("documents", "sheet"),
        "Shall your workbook get the sheet Documents, on which you ask for forms and letters? Nothing else changes.",
        is_yes=True,
        default="yes",
    ),
    Question(
        "colours",
        ("tracker", "status_colours"),
        "Shall the words of a status get colours in your workbook? The words stay, and you can change the colours in "
        "Excel.",
        is_yes=True,
        default="no",
    ),
)

QUESTIONS = (*OF_THE_WORKBOOK, *OF_THE_SETTINGS)
