"""config.toml: what is right is read, and what is wrong is named with its line and the remedy."""

from __future__ import annotations

import os
import re
import tomllib
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel

from scripts.adapters.settings import paths as state_folder
from scripts.adapters.settings.clock_settings import ClockSettings
from scripts.adapters.settings.config import Config, load
from scripts.adapters.settings.errors import ConfigError
from tests.windows import STATE, of_linux
from tracker_schema.errors import UsageError

ROOT = Path(__file__).parents[3]
COLUMNS = {
    "incidents": ["reference", "incident_date", "aware_date", "status"],
    "scoping": ["reference", "agency", "sent"],
    "actions": ["reference", "owner"],
}
CLOCKS = ["decide_threshold", "notify_panel", "scoping_return"]
CHOICES = {
    "outcome": ("Death", "Serious harm", "Other"),
    "decision": ("Notify Panel", "Threshold not met"),
    "panel_notified": (),
}


def loaded(folder: Path, text: str | bytes) -> Config:
    path = folder / "config.toml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return load(path, COLUMNS, CLOCKS, CHOICES)


def complaints(folder: Path, text: str | bytes) -> list[str]:
    """The lines of the UsageError for a config.toml that holds `text`, without the folder's name."""
    with pytest.raises(UsageError) as caught:
        loaded(folder, text)
    return str(caught.value).replace(f"{folder}{os.sep}", "").split("\n")


# What is right


def test_a_complete_file(tmp_path: Path) -> None:
    settings = loaded(
        tmp_path,
        """
        [tracker]
        file = 'shared/Critical incidents.xlsx'
        copies_folder = 'copies'
        copies = 0
        [sheets]
        incidents = " Log 2026-27 "
        [columns.incidents]
        aware_date = "Date LA notified"
        reference = "Case no."
        [clocks]
        warn_working_days = 3
        count_from = 1
        care_leavers = false
        closure_days = [2026-12-29, 2026-12-30]
        [clocks.notify_panel]
        label = "Tell the Panel"
        length = 7
        unit = "days"
        [clocks.scoping_return]
        on = false
        honours_closures = true
        count_from = 0
        """,
    )
    assert settings.tracker.file == tmp_path / "shared/Critical incidents.xlsx"
    assert settings.tracker.copies_folder == tmp_path / "copies"
    assert settings.tracker.copies == 0
    assert settings.sheets.incidents == ("Log 2026-27",)
    assert settings.sheets.scoping is None
    assert settings.columns.incidents == {"aware_date": "Date LA notified", "reference": "Case no."}
    assert settings.columns.actions == {}
    assert settings.clocks.warn_working_days == 3
    assert settings.clocks.count_from == 1
    assert not settings.clocks.care_leavers
    assert settings.clocks.closure_days == (date(2026, 12, 29), date(2026, 12, 30))
    assert settings.clocks.by_id == {
        "notify_panel": ClockSettings(label="Tell the Panel", length=7, unit="days"),
        "scoping_return": ClockSettings(on=False, honours_closures=True, count_from=0),
    }


def test_without_a_file_everything_has_its_default(own_home: Path) -> None:
    settings = Config()
    assert settings.tracker.file is None
    assert settings.tracker.copies == 30
    assert settings.tracker.copies_folder == own_home / STATE / "critical-incident-tracker" / "copies"
    assert settings.clocks.warn_working_days == 2
    assert settings.clocks.count_from == 0
    assert settings.clocks.care_leavers
    assert settings.clocks.closure_days == ()
    assert settings.clocks.by_id == {}


def test_an_empty_file_is_the_defaults(tmp_path: Path) -> None:
    assert loaded(tmp_path, "") == Config()


def test_settings_do_not_change_once_read() -> None:
    with pytest.raises(ValueError, match="frozen"):
        Config().clocks.count_from = 1  # type: ignore[misc]


@pytest.mark.parametrize(
    ("windows", "variable", "value", "folder"),
    [
        (True, "LOCALAPPDATA", "/local", "/local/critical-incident-tracker"),
        (True, "LOCALAPPDATA", None, "{home}/AppData/Local/critical-incident-tracker"),
        pytest.param(
            *(False, "XDG_STATE_HOME", "/state", "/state/critical-incident-tracker"), marks=of_linux("a path from /")
        ),
        (False, "XDG_STATE_HOME", "relative", "{home}/.local/state/critical-incident-tracker"),
        (False, "XDG_STATE_HOME", None, "{home}/.local/state/critical-incident-tracker"),
    ],
)
def test_the_folder_for_what_is_the_programs_own(
    windows: bool, variable: str, value: str | None, folder: str, own_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(state_folder, "WINDOWS", windows)
    monkeypatch.delenv(variable)
    if value:
        monkeypatch.setenv(variable, value)
    assert state_folder.user_state_folder() == Path(folder.format(home=own_home))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-be"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_whatever_notepad_saves_can_be_read(encoding: str, line_end: str, tmp_path: Path) -> None:
    mark = b"\xfe\xff" if encoding == "utf-16-be" else b""
    text = line_end.join(["# é", "[sheets]", 'actions = "Café"', ""])
    assert loaded(tmp_path, mark + text.encode(encoding)).sheets.actions == "Café"


@pytest.mark.parametrize("written", [r"'C:\Users\svc\Log.xlsx'", r'"C:\\Users\\svc\\Log.xlsx"'])
def test_windows_paths(written: str, tmp_path: Path) -> None:
    settings = loaded(tmp_path, f"tracker.file = {written}")
    assert str(settings.tracker.file).endswith(r"C:\Users\svc\Log.xlsx")


def test_a_path_from_the_home_folder(tmp_path: Path, own_home: Path) -> None:
    assert loaded(tmp_path, "tracker.file = '~/Log.xlsx'").tracker.file == own_home / "Log.xlsx"


# What is wrong

WRONG_SETTINGS = re.findall(
    r"(?<=\n\n)(?!===)(.+?\n)((?:→ [^\n]*\n)+)", Path(__file__).with_name("wrong_settings.txt").read_text("utf-8"), re.S
)


@pytest.mark.parametrize(("text", "reported"), WRONG_SETTINGS, ids=[reported[2:60] for _, reported in WRONG_SETTINGS])
def test_what_is_wrong_is_reported_with_its_line_and_remedy(text: str, reported: str, tmp_path: Path) -> None:
    text = text.removesuffix("\n").replace("SIGN_IN", SIGN_IN).replace("ID", ID)
    assert complaints(tmp_path, text) == [f"config.toml:{line[2:]}" for line in reported.splitlines()]


def test_how_many_wrong_settings_are_tried() -> None:
    assert len(WRONG_SETTINGS) > 100


@pytest.mark.parametrize(
    ("text", "reported"),
    [
        (
            "[columns.incidents]\naware_date = 'Date  told'\nincident_date = 'date\ttold:'",
            "3: columns.incidents.incident_date is the same as aware_date. Each needs a name of its own.",
        ),
        ("x = 1" + "0" * 5000, " a number or a list in it is too long to be read. Shorten it."),
        ("x = " + "[" * 5000, " a number or a list in it is too long to be read. Shorten it."),
        ("[tracker]\n# \x07", "2: there is an invisible character here. Type the line again."),
    ],
)
def test_what_cannot_be_seen(text: str, reported: str, tmp_path: Path) -> None:
    assert complaints(tmp_path, text) == [f"config.toml:{reported}"]


def test_every_mistake_has_a_problem_and_a_remedy_of_its_own(tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as caught:
        loaded(tmp_path, "[traker]\nfile = 'a'\n[clocks]\ncount_from = 2")
    path = tmp_path / "config.toml"
    assert [(each.problem, each.remedy) for each in caught.value.mistakes] == [
        (f"{path}:1: traker is not a setting.", 'Did you mean "tracker"?'),
        (f"{path}:4: clocks.count_from must be 1 or less.", ""),
    ]


def test_text_in_the_old_windows_encoding(tmp_path: Path) -> None:
    assert complaints(tmp_path, b"[sheets]\nactions = 'Caf\xe9'") == [
        "config.toml:2: the file is not saved as UTF-8. In Notepad choose Save as, and there Encoding: UTF-8."
    ]
    assert complaints(tmp_path, b"\xff\xfe[")[0].startswith("config.toml:1: the file is not saved as UTF-8")


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"does not exist\. Copy config\.example\.toml to that name"):
        load(tmp_path / "config.toml", COLUMNS, CLOCKS)


def test_a_folder(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"is a folder\. Name the settings file in it\."):
        load(tmp_path, COLUMNS, CLOCKS)


def test_a_file_that_cannot_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def denied(_: Path) -> bytes:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "read_bytes", denied)
    with pytest.raises(UsageError, match=r"cannot be read \(Permission denied\)\. Check its permissions"):
        load(tmp_path / "config.toml", COLUMNS, CLOCKS)


def test_copies_do_not_go_where_everyone_sees_the_tracker(tmp_path: Path) -> None:
    refused = "config.toml:3: tracker.copies_folder is in the tracker's own folder, "
    for folder in ("shared", "shared/copies", "elsewhere/../shared/x"):
        text = f"[tracker]\nfile = 'shared/Log.xlsx'\ncopies_folder = '{folder}'"
        assert [line[: len(refused)] for line in complaints(tmp_path, text)] == [refused]
    elsewhere = loaded(tmp_path, "[tracker]\nfile = 'shared/Log.xlsx'\ncopies_folder = 'shared copies'")
    assert elsewhere.tracker.copies_folder == tmp_path / "shared copies"


# The layout


def test_a_log_with_one_row_per_notification(tmp_path: Path) -> None:
    settings = loaded(
        tmp_path,
        """
        [layout]
        kind = "one row per notification"
        joined_with = "-"
        child_in_reference = true
        heading_rows = 2
        struck_through = "open"
        [layout.dates]
        critical_incident = "aware_date"
        [sheets]
        incidents = ["2025", " 2026 "]
        closed = "Closed*"
        [clocks]
        start_from = 2026-11-01
        """,
    )
    assert settings.layout.dates == {"critical_incident": "aware_date"}
    assert settings.sheets.incidents == ("2025", "2026")
    assert settings.sheets.closed == ("Closed*",)
    assert settings.clocks.start_from == date(2026, 11, 1)


@pytest.mark.parametrize("column", ["notification_type", "notification_date"])
def test_a_column_that_the_layout_has_no_use_for_is_named(column: str, tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_text(f"[columns.incidents]\n{column} = 'Type'")
    with pytest.raises(UsageError, match=rf"config.toml:1: columns has incidents.{column}, which is read only with"):
        load(path, *real_ids())


# Secrets


@pytest.mark.parametrize(
    "text",
    [
        "[tracker]\npassword = 'hunter2'",
        "[tracker]\nclient_secret = 'hunter2'",
        "[mail]\nsmtp.Password = 'hunter2'",
        "[mail.login]\naccess_token = 'hunter2'",
        "[clocks.notify_panel]\napi-key = 'hunter2'",
        "[tracker]\npwd = { value = 'hunter2' }",
        "[secrets]\nvalue = 'hunter2'",
        "[columns.incidents]\npassphrase = 'hunter2'",
    ],
)
def test_a_secret_is_refused_and_not_repeated(text: str, tmp_path: Path) -> None:
    said = complaints(tmp_path, text)
    assert any(line.endswith("is a secret. Put it in the environment or keyring, never in this file.") for line in said)
    assert "hunter2" not in "".join(said)


@pytest.mark.parametrize(
    "text",
    [
        "[tracker]\ncopies = 'hunter2'",
        "[clocks]\ncount_from = 'hunter2'\nclosure_days = ['hunter2']",
        "[clocks.notify_panel]\nunit = 'hunter2'\non = 'hunter2'\nlength = ['hunter2']",
        "[tracker]\nfile = ['hunter2']",
        "[tracker]\nfile = 'https://hunter2@example.com'",
        "[tracker]\nfile = hunter2",
        "[tracker]\nfile = 'hunter2",
        "[traker]\nfile = 'hunter2'",
        "sheets = 'hunter2'",
        "[tracker]\nfile = '1'\nfile = 'hunter2'",
    ],
)
def test_no_value_is_repeated_in_a_message(text: str, tmp_path: Path) -> None:
    assert "hunter2" not in "".join(complaints(tmp_path, text))


@pytest.mark.parametrize("key", ["-----BEGIN PRIVATE KEY-----", "-----BEGIN CERTIFICATE-----\\nMIIhunter2"])
def test_a_key_pasted_in_is_refused_and_not_repeated(key: str, tmp_path: Path) -> None:
    (said,) = complaints(tmp_path, f'[sign_in]\ntenant = "a.uk"\nclient_id = "{ID}"\ncertificate = "{key}"')
    remedy = "Save it in a file that only this account can read, and name that file."
    assert said.endswith(f"is the key or certificate itself. {remedy}")
    assert "hunter2" not in said


# SharePoint

ID = "6d7c2f6e-90fd-4f42-8c3e-1b6f3c0a9a11"
SIGN_IN = f"[sign_in]\ntenant = 'example.gov.uk'\nclient_id = '{ID}'\ncertificate = 'tracker.pem'\n"
HERE = "[sharepoint]\nsite = 'https://example.sharepoint.com/sites/slt/'\npath = '/Logs/Log #1.xlsx'\n"


def test_a_place_in_sharepoint(tmp_path: Path) -> None:
    settings = loaded(tmp_path, HERE + SIGN_IN)
    assert settings.sharepoint
    assert settings.sharepoint.site == "https://example.sharepoint.com/sites/slt"
    assert settings.sharepoint.library == "Documents"
    assert settings.sharepoint.path == "Logs/Log #1.xlsx"
    assert settings.sharepoint.mode == "auto"
    assert settings.sign_in.method == "certificate"
    assert settings.sign_in.certificate == tmp_path / "tracker.pem"
    assert settings.sign_in.private_key is None
    assert not Config().sharepoint


@pytest.mark.parametrize(
    ("method", "more"),
    [("secret", ""), ("device", ""), ("certificate", "certificate = 't.pem'\nprivate_key = 't.key'")],
)
def test_a_sharing_link_and_the_ways_to_sign_in(method: str, more: str, tmp_path: Path) -> None:
    link = "https://example.sharepoint.com/:x:/s/slt/EaBcDe?e=4xMpL3"
    sign_in = f"[sign_in]\nmethod = '{method}'\ntenant = '{ID}'\nclient_id = '{ID}'\n{more}"
    settings = loaded(tmp_path, f"[sharepoint]\nlink = '{link}'\nmode = 'upload'\n{sign_in}")
    assert settings.sharepoint.link == link
    assert settings.sign_in.method == method


def test_no_such_column_and_own_words_for_choices(tmp_path: Path) -> None:
    text = '[columns.incidents]\naware_date = false\n[choices.outcome]\nSI = "Serious harm"\n"With police" = ""'
    settings = loaded(tmp_path, text)
    assert settings.columns.incidents == {"aware_date": ""}
    assert settings.choices == {"outcome": {"SI": "Serious harm", "With police": ""}}


# Mail

MAIL = """[mail]
transport = 'smtp'
sender = 'tracker@example.gov.uk'
allowed_domains = ['example.gov.uk', 'POLICE.example']
to_agencies = 'send'
smtp.host = 'relay.example.gov.uk'
smtp.user = 'svc-tracker'
[recipients]
slt = ['slt@example.gov.uk', "o'neil+slt@example.gov.uk"]
hos_safeguarding = 'hos@example.gov.uk'
[recipients.heads_of_service]
'Head of Service One' = 'one@example.gov.uk'
[agencies]
'Example Police' = 'safeguarding@Police.Example'
'Secretary of the Token Trust' = 'trust@example.gov.uk'
[ledger]
file = 'here/ledger.sqlite3'
"""


def test_mail_and_its_recipients(tmp_path: Path) -> None:
    settings = loaded(tmp_path, MAIL)
    assert (settings.mail.transport, settings.mail.to_agencies) == ("smtp", "send")
    assert settings.mail.allowed_domains == ("example.gov.uk", "police.example")
    assert (settings.mail.smtp.port, settings.mail.smtp.security) == (587, "starttls")
    assert settings.recipients.slt == ("slt@example.gov.uk", "o'neil+slt@example.gov.uk")
    assert settings.recipients.hos_safeguarding == ("hos@example.gov.uk",)
    assert settings.recipients.heads_of_service == {"Head of Service One": "one@example.gov.uk"}
    assert settings.agencies["Secretary of the Token Trust"] == "trust@example.gov.uk"
    assert settings.ledger.file == tmp_path / "here/ledger.sqlite3"


def test_without_a_file_mail_is_drafts(own_home: Path) -> None:
    assert Config().mail.transport == "drafts"
    folder = own_home / STATE / "critical-incident-tracker"
    assert Config().ledger.file == folder / "ledger.sqlite3"
    assert Config().drafts_folder(trial=False) == folder / "drafts"


def test_drafts_are_where_people_can_open_them(own_home: Path, tmp_path: Path) -> None:
    beside = Config.model_validate({"tracker": {"file": str(tmp_path / "log.xlsx")}})
    assert beside.drafts_folder(trial=False) == tmp_path / "Drafts of e-mails"
    assert beside.drafts_folder(trial=True).is_relative_to(own_home)
    named = Config.model_validate({"mail": {"drafts_folder": str(tmp_path / "here")}})
    assert named.drafts_folder(trial=False) == named.drafts_folder(trial=True) == tmp_path / "here"


ONE_ADDRESS = 'must be one e-mail address and nothing else, like "ann.sample@example.gov.uk".'
HOS = "'hos@example.gov.uk'"
# Encoded words, ways to another domain, letters that look like ours, quotes.
UNSAFE = (
    *(
        "=?utf-8?q?b=40evil.example=2C?=@example.gov.uk",
        "a%evil.example@example.gov.uk",
        "evil.example!a@example.gov.uk",
    ),
    *("hos@xn--exmple-cua.gov.uk", "hos@exampl\N{CYRILLIC SMALL LETTER IE}.gov.uk", "hos@\N{KELVIN SIGN}ent.gov.uk"),
    *("'a b'@example.gov.uk", "hos@example.gov.uk (SLT)"),
)
NOT_ALLOWED = "which is not one of mail.allowed_domains. Correct one of the two."


@pytest.mark.parametrize(
    ("old", "new", "reported"),
    [
        ("sender", "#", '1: mail.sender is needed for mail.transport = "smtp". Name the mailbox that mail comes from.'),
        ("smtp.host", "#", '7: mail.smtp needs host for mail.transport = "smtp".'),
        ("'hos@example.gov.uk'", "7",
         '10: recipients.hos_safeguarding must be a list in square brackets, like ["ann.sample@example.gov.uk"].'),
        ("slt@example.gov.uk', ", "Ann <slt@example.gov.uk>', ", f"9: recipients.slt, entry 1, {ONE_ADDRESS}"),
        ("one@example.gov.uk", "one@example.gov.uk, two@example.gov.uk",
         f'12: recipients.heads_of_service."Head of Service One" {ONE_ADDRESS}'),
        *((HOS, f'"{address}"', f"10: recipients.hos_safeguarding, entry 1, {ONE_ADDRESS}") for address in UNSAFE),
        ("'hos@example.gov.uk'", '"hos@example.gov.uk\\nBcc: all@example.gov.uk"',
         "10: recipients.hos_safeguarding, entry 1, contains a tab or a line break."),
        ("safeguarding@Police.Example", "safeguarding@sub.police.example",
         f'14: agencies."Example Police" is in sub.police.example, {NOT_ALLOWED}'),
        ("o'neil+slt@example.gov.uk", "slt@elsewhere.example",
         f"9: recipients.slt, entry 2, is in elsewhere.example, {NOT_ALLOWED}"),
        ("[ledger]", "[recipients.lead_member]\nx = 1\n[ledger]",
         '16: recipients.lead_member is not a setting. Use one of "business_unit", "day_four_meeting", "director", '
         '"heads_of_service", "hos_safeguarding", "slt".'),
    ],
)  # fmt: skip
def test_what_is_wrong_about_mail(old: str, new: str, reported: str, tmp_path: Path) -> None:
    assert complaints(tmp_path, MAIL.replace(old, new)) == [f"config.toml:{reported}"]


def test_every_address_outside_the_domains_is_named(tmp_path: Path) -> None:
    found = complaints(tmp_path, re.sub("(?m)^allowed_domains.*\n", "", MAIL))
    assert [line.partition(" is in ")[0] for line in found] == [
        "config.toml:8: recipients.slt, entry 1,",
        "config.toml:8: recipients.slt, entry 2,",
        "config.toml:9: recipients.hos_safeguarding, entry 1,",
        'config.toml:11: recipients.heads_of_service."Head of Service One"',
        'config.toml:13: agencies."Example Police"',
        'config.toml:14: agencies."Secretary of the Token Trust"',
    ]


# The example

EXAMPLE = (ROOT / "config.example.toml").read_text("utf-8")
WITH_ALL_SETTINGS = re.sub(r"^#(?=[\w\[])", "", EXAMPLE, flags=re.MULTILINE)


def schema(file: str) -> dict[str, Any]:
    return tomllib.loads((ROOT / "tracker_schema" / file).read_text("utf-8"))


def real_ids() -> tuple[dict[str, list[str]], list[str], dict[str, list[str]]]:
    sheets = schema("columns/columns.toml")["sheet"]
    columns = {sheet["id"]: [column["id"] for column in sheet["column"]] for sheet in sheets}
    choices = {column["id"]: column.get("choices", []) for column in INCIDENT_COLUMNS if column["type"] != "text"}
    columns["incidents"] += [column["id"] for column in LAYOUT_COLUMNS]
    return columns, [clock["id"] for clock in schema("clocks/clocks.toml")["clock"]], choices


LAYOUT_COLUMNS = schema("layouts/layouts.toml")["column"]
INCIDENT_COLUMNS = schema("columns/columns.toml")["sheet"][0]["column"] + LAYOUT_COLUMNS


def settings_of(section: type[BaseModel]) -> dict[str, Any]:
    return {
        name: settings_of(field.annotation)
        if isinstance(field.annotation, type) and issubclass(field.annotation, BaseModel)
        else None
        for name, field in section.model_fields.items()
    }


def test_the_example_as_it_is_changes_nothing() -> None:
    assert load(ROOT / "config.example.toml", *real_ids()) == Config()


def test_the_example_shows_every_setting() -> None:
    shown = tomllib.loads(WITH_ALL_SETTINGS)
    for section, settings in settings_of(Config).items():
        assert set(settings or ()) <= set(shown[section]), section
    assert set(shown["clocks"]["notify_panel"]) == set(ClockSettings.model_fields)
    assert all(shown["columns"].values())


def test_the_example_shows_the_defaults() -> None:
    live = tomllib.loads(EXAMPLE)
    defaults = Config().model_dump(mode="json")
    for section, settings in live.items():
        for name, value in settings.items():
            if isinstance(value, dict):  # a section within a section: only what the example says of it
                assert value == {inner: defaults[section][name][inner] for inner in value}, f"{section}.{name}"
            else:
                assert value == defaults[section][name], f"{section}.{name}"
    notify_panel = next(clock for clock in schema("clocks/clocks.toml")["clock"] if clock["id"] == "notify_panel")
    assumed = {"on": True, "honours_closures": False, "count_from": Config().clocks.count_from}
    assumed["warn_working_days"] = Config().clocks.warn_working_days
    for name, value in tomllib.loads(WITH_ALL_SETTINGS)["clocks"]["notify_panel"].items():
        assert value == {**assumed, **notify_panel}[name], name


TYPES = [kind["id"] for kind in schema("layouts/layouts.toml")["type"]]

# What is to be left out for the rest to go together: a tracker is in one place, and a log has one layout.
ALTERNATIVES = [
    (
        "one row per incident",
        r"(site|path|link|drive|item|notification_type|notification_date|" + "|".join(TYPES) + ")",
    ),
    ("one row per notification", r"(file|link|drive|item|" + "|".join(TYPES) + ")"),  # a site, a library and a path
    ("one sheet per type", r"(file|site|path|drive|item|incidents|notification_type)"),  # a sharing link
]


@pytest.mark.parametrize(("kind", "others"), ALTERNATIVES)
def test_every_setting_of_the_example_can_be_used(kind: str, others: str, tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    text = re.sub(rf"^{others} = .*$", "", WITH_ALL_SETTINGS, flags=re.MULTILINE)
    text = text.replace('kind = "one row per incident"', f'kind = "{kind}"')
    here = re.sub(r"'[A-Z]:\\.*'", lambda drive: drive[0].replace(":", "").replace("\\", "/"), text)
    path.write_text(text if state_folder.WINDOWS else here, "utf-8")
    settings = load(path, *real_ids())
    assert settings.clocks.by_id["notify_panel"].length == 5
    assert settings.layout.kind == kind
    assert bool(settings.sharepoint) == (settings.tracker.file is None)


APP = "tenant = 'example.gov.uk'\nclient_id = '6d7c2f6e-90fd-4f42-8c3e-1b6f3c0a9a11'\n"


def test_a_tracker_by_ids_and_another_sign_in_for_mail(tmp_path: Path) -> None:
    settings = loaded(
        tmp_path,
        "[sharepoint]\ndrive = 'b!0'\nitem = '01A'\n"
        "[mail]\ntransport = 'graph'\nsender = 'tracker@example.gov.uk'\n"
        f"[sign_in]\nmethod = 'device'\n{APP}[mail_sign_in]\nmethod = 'secret'\n{APP}",
    )
    assert (settings.sharepoint.drive, settings.sharepoint.item) == ("b!0", "01A")
    assert (settings.sign_in.method, settings.mail_account.method) == ("device", "secret")
    assert Config().mail_account == Config().sign_in


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[sharepoint]\ndrive = 'b!0'", "needs both drive and item. Add item."),
        ("[sharepoint]\ndrive = 'b!0'\nitem = '01A'\npath = 'a.xlsx'", "also a link, site or path. Keep one"),
        (f"[mail_sign_in]\nmethod = 'device'\n{APP}", "cannot be device. Use a certificate."),
        ("[mail_sign_in]\nmethod = 'secret'", "needs tenant for signing in"),
        (
            f"[sign_in]\nmethod = 'secret'\n{APP}[mail_sign_in]\nmethod = 'secret'\n{APP.replace('6d7c', '6d7d')}",
            "only one can be stored. Set method",
        ),
    ],
)
def test_ids_and_sign_ins_that_do_not_go_together(text: str, message: str, tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=re.escape(message)):
        loaded(tmp_path, text)
