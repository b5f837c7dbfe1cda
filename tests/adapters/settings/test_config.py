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
from scripts.adapters.settings.config import ClockSettings, Config, load
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
    assert settings.tracker.copies_folder == own_home / "xdg_state_home" / "critical-incident-tracker" / "copies"
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
        (False, "XDG_STATE_HOME", "/state", "/state/critical-incident-tracker"),
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

SECTION = "is a section; write [{}] on a line of its own and its settings below"
WHOLE_NUMBER = "must be a whole number, without quotes"
A_DATE = "must be a date, year first and without quotes, like 2026-12-24"
A_LIST = "must be a list in square brackets, like [2026-12-24, 2026-12-31]"
A_CHOICE = 'must be "working days" or "days" or "months"'
QUOTES = "put paths in single quotes, or write / for \\"


LAYOUT = '"child_in_reference", "dates", "heading_rows", "joined_with", "kind", "struck_through"'


def test_everything_that_is_wrong_is_said_at_once_in_the_order_of_the_lines(tmp_path: Path) -> None:
    text = """\
[tracker]
fiel = 'a.xlsx'
copies = -1
[clocks]
closure_days = [
  2026-12-29,
  "2026-12-30",
]
count_from = true
[clocks.notify_panel]
lenght = 5
unit = "wroking days"
"""
    assert complaints(tmp_path, text) == [
        'config.toml:2: tracker.fiel is not a setting; did you mean "file"?',
        "config.toml:3: tracker.copies must be 0 or more",
        f"config.toml:7: clocks.closure_days, entry 2, {A_DATE}",
        f"config.toml:9: clocks.count_from {WHOLE_NUMBER}",
        'config.toml:11: clocks.notify_panel.lenght is not a setting; did you mean "length"?',
        f'config.toml:12: clocks.notify_panel.unit {A_CHOICE}; did you mean "working days"?',
    ]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[traker]\nfile = 'a.xlsx'", '1: traker is not a setting; did you mean "tracker"?'),
        ("[tracker]\nFile = 'a.xlsx'", '2: tracker.File is not a setting; did you mean "file"?'),
        ("[tracker]\ncopies-folder = 'a'", '2: tracker.copies-folder is not a setting; did you mean "copies_folder"?'),
        ("[sheets]\ncopies = 3", "2: sheets.copies is not a setting here; it belongs below [tracker]"),
        ("copies = 3", "1: copies is not a setting here; it belongs below [tracker]"),
        (
            "[clocks.notify_panel]\nclosure_days = []",
            "2: clocks.notify_panel.closure_days is not a setting here; it belongs below [clocks]",
        ),
        (
            "[clocks]\nlength = 5",
            (
                "2: clocks.length is not a setting or a clock here; "
                "it belongs below a heading like [clocks.decide_threshold]"
            ),
        ),
        ("[layout]\nzzz = 3", f"2: layout.zzz is not a setting; there is {LAYOUT}"),
        ("[clocks]\ncount_form = 1", '2: clocks.count_form is not a setting or a clock; did you mean "count_from"?'),
        ("clocks.notify_panel = 3", f"1: clocks.notify_panel {SECTION.format('clocks.notify_panel')}"),
        ("tracker = 'a.xlsx'", f"1: tracker {SECTION.format('tracker')}"),
        ("[[clocks]]\ncount_from = 1", f"1: clocks {SECTION.format('clocks')}"),
        ("[columns]\nincidents = 'x'", f"2: columns.incidents {SECTION.format('columns.incidents')}"),
        (
            "[columns.incidents]\nawre_date = 'x'",
            '2: columns.incidents.awre_date is not the id of a column; did you mean "aware_date"?',
        ),
        (
            '[columns.incidents]\n"Date LA notified" = "aware_date"',
            '2: columns.incidents."Date LA notified" is the wrong way round; write aware_date = "Date LA notified"',
        ),
        (
            "[columns.scoping]\naware_date = 'x'",
            '2: columns.scoping.aware_date is not the id of a column; there is "agency", "reference", "sent"',
        ),
        (
            "[columns.incidents]\naware_date = 'Date  told'\nincident_date = 'date\ttold:'",
            "3: columns.incidents.incident_date is the same as aware_date; each needs a name of its own",
        ),
        (
            "[sheets]\nscoping = 'Log'\nactions = 'LOG'",
            "3: sheets.actions is the same as scoping; each needs a name of its own",
        ),
        (
            "[columns.incidents]\nstatus = ' '",
            "2: columns.incidents.status is empty; give it a value or delete the line",
        ),
        ("[sheets]\nactions = 3", "2: sheets.actions must be text in quotes"),
        ("[clocks]\nwarn_working_days = 21", "2: clocks.warn_working_days must be 20 or less"),
        ("[clocks]\nwarn_working_days = '2'", f"2: clocks.warn_working_days {WHOLE_NUMBER}"),
        ("[clocks]\ncount_from = 2", "2: clocks.count_from must be 1 or less"),
        (
            "[clocks]\ncare_leavers = 'yes'",
            "2: clocks.care_leavers must be true or false, in small letters and without quotes",
        ),
        ("[clocks]\nclosure_days = 2026-12-29", f"2: clocks.closure_days {A_LIST}"),
        ("[clocks]\nclosure_days = [2026-12-29T09:00:00]", f"2: clocks.closure_days, entry 1, {A_DATE}"),
        ("[clocks.notify_panel]\nlength = 2.5", f"2: clocks.notify_panel.length {WHOLE_NUMBER}"),
        ("[clocks.notify_panel]\nlength = 0", "2: clocks.notify_panel.length must be more than 0"),
        ('[clocks.notify_panel]\nlabel = "a\\nb"', "2: clocks.notify_panel.label has a tab or a line break in it"),
        ("[clocks.notify_panel]\nunit = 5", f"2: clocks.notify_panel.unit {A_CHOICE}"),
        ("[tracker]\nfile = 3", "2: tracker.file must be text in quotes"),
        ("[tracker]\nfile = ''", "2: tracker.file is empty; name a path or delete the line"),
        (
            '[tracker]\nfile = "D:\\tracker\\new.xlsx"',
            f"2: tracker.file has a tab or a line break in it, for so TOML reads \\t and \\n; {QUOTES}",
        ),
        (
            "[tracker]\nfile = 'https://example.sharepoint.com/Log.xlsx'",
            (
                "2: tracker.file is a web address; "
                "name a file on this computer, or in a folder that OneDrive keeps in step "
                "(a tracker in SharePoint goes under [sharepoint])"
            ),
        ),
    ],
)
def test_what_is_wrong_is_named_with_the_remedy(text: str, said: str, tmp_path: Path) -> None:
    assert complaints(tmp_path, text) == [f"config.toml:{said}"]


def test_below_a_mistyped_heading_the_settings_are_checked_all_the_same(tmp_path: Path) -> None:
    assert complaints(tmp_path, "[clocks.notify_panle]\nlenght = 3\nlength = 0\n[traker]\nfiel = 'a'") == [
        'config.toml:1: clocks.notify_panle is not a setting or a clock; did you mean "notify_panel"?',
        'config.toml:2: clocks.notify_panle.lenght is not a setting; did you mean "length"?',
        "config.toml:3: clocks.notify_panle.length must be more than 0",
        'config.toml:4: traker is not a setting; did you mean "tracker"?',
        'config.toml:5: traker.fiel is not a setting; did you mean "file"?',
    ]


@pytest.mark.parametrize("written", ["clocks.notify_panel.lenght = 3", "clocks = { notify_panel = { lenght = 3 } }"])
def test_the_line_is_right_however_it_is_written(written: str, tmp_path: Path) -> None:
    text = f"# clocks.notify_panel.lenght = 3\nsheets.actions = '''\nlenght = 3\n'''\n\n{written}\n"
    assert complaints(tmp_path, text) == [
        'config.toml:6: clocks.notify_panel.lenght is not a setting; did you mean "length"?'
    ]


BACKSLASH = f"a \\ in double quotes has a meaning of its own; {QUOTES}"
NOT_CLOSED = "the quotes that open here are not closed"
VALUE = "the value must be in quotes, or a number, a date, true, false or a [list]"
EQUALS = "there must be one name, then a = and then a value on each line"
UNCLOSED_LIST = "the list that opens here needs a comma between its entries and a ] at its end"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('[tracker]\nfile = "C:\\Users\\svc\\Log.xlsx"', f"2: {BACKSLASH}"),
        ('[tracker]\nfile = "\\\\server\\share\\Log.xlsx"', f"2: {BACKSLASH}"),
        ("[tracker]\nfile = Log.xlsx", f"2: {VALUE}"),
        ("[clocks]\ncare_leavers = True", f"2: {VALUE}"),
        ("[tracker]\nfile = 'Log.xlsx\ncopies = 3", f"2: {NOT_CLOSED}"),
        ('[tracker]\nfile = "Log.xlsx\ncopies = 3', f"2: {NOT_CLOSED}"),
        ("[tracker]\nfile = 'Log.xlsx", f"2: {NOT_CLOSED}"),
        ("[sheets]\nactions = '''Log\n\n", f"2: {NOT_CLOSED}"),
        ("[tracker]\nfile = “Log.xlsx”", "2: there are curly quotes here; type straight ones"),
        ("[tracker]\nfile 'Log.xlsx'", f"2: {EQUALS}"),
        ("[tracker]\nthe file = 'Log.xlsx'", f"2: {EQUALS}"),
        ("[clocks]\nclosure_days = [\n2026-12-29\n2026-12-30\n]\n", f"2: {UNCLOSED_LIST}"),
        ("[clocks]\nclosure_days = [29/12/2026]", f"2: {UNCLOSED_LIST}"),
        (
            "[clocks]\nclosure_days = [2026-12-29,\n\n",
            "2: there is no value here, or the list that opens here has no ] at its end",
        ),
        ("[clocks]\nnotify_panel = { on = true\n}", "2: what opens here with { needs a } on the same line"),
        ("[tracker\nfile = 'a.xlsx'", "1: the heading of a section must be closed, like [tracker]"),
        (
            "[sheets]\nactions = 29/12/2026",
            "2: there is more here than a value; text needs quotes, dates are like 2026-12-24",
        ),
        ("[tracker]\n; copies = 3", "2: this is not a setting, a [section], or a comment that starts with #"),
        ("[tracker]\n# \x07", "2: there is a character here that cannot be seen; type the line again"),
        ("[tracker]\ncopies = 3\n\ncopies = 4", "4: tracker.copies is already on line 2; keep one of the two"),
        ("[tracker]\ncopies = 3\n[clocks]\n[tracker]", "4: tracker is already on line 1; keep one of the two"),
        ("[tracker]\ncopies = 3\n[tracker.copies]", "3: tracker.copies is already on line 2; keep one of the two"),
        ("a.b = 1\n[a]", "2: this is given twice; keep one of the two"),
    ],
)
def test_what_is_not_toml_is_said_in_plain_words(text: str, said: str, tmp_path: Path) -> None:
    assert complaints(tmp_path, text) == [f"config.toml:{said}"]


def test_text_in_the_old_windows_encoding(tmp_path: Path) -> None:
    assert complaints(tmp_path, b"[sheets]\nactions = 'Caf\xe9'") == [
        "config.toml:2: the file is not saved as UTF-8; in Notepad choose Save as, and there Encoding: UTF-8"
    ]
    assert complaints(tmp_path, b"\xff\xfe[")[0].startswith("config.toml:1: the file is not saved as UTF-8")


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"does not exist; copy config\.example\.toml to that name"):
        load(tmp_path / "config.toml", COLUMNS, CLOCKS)


def test_a_folder(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="is a folder; name the settings file in it"):
        load(tmp_path, COLUMNS, CLOCKS)


def test_a_file_that_cannot_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def denied(_: Path) -> bytes:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "read_bytes", denied)
    with pytest.raises(UsageError, match=r"cannot be read \(Permission denied\); check its permissions"):
        load(tmp_path / "config.toml", COLUMNS, CLOCKS)


def test_copies_do_not_go_where_everyone_sees_the_tracker(tmp_path: Path) -> None:
    refused = "config.toml:3: tracker.copies_folder lies in the tracker's own folder, "
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


PER_NOTIFICATION = "[layout]\nkind = 'one row per notification'"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "[layout]\nkind = 'one row per notifcation'",
            '2: layout.kind must be "one row per incident" or "one row per notification" or "one sheet per type"; '
            'did you mean "one row per notification"?',
        ),
        (
            "[layout.dates]\ncspr_referral = 'aware'",
            '2: layout.dates.cspr_referral must be "form_received" or "panel_notified" or "ofsted_notified" or '
            '"cspr_referred" or "aware_date"; did you mean "aware_date"?',
        ),
        (
            "[layout.dates]\npanel = 'aware_date'",
            '2: layout.dates.panel is not a setting; there is "critical_incident", "cspr_referral", "national_panel"',
        ),
        ("[layout]\nheading_rows = 3", "2: layout.heading_rows must be 2 or less"),
        ("[layout]\njoined_with = 'and then'", "2: layout.joined_with must have 5 characters or fewer"),
        (
            "[sheets]\nincidents = [2025, 2026]",
            '2: sheets.incidents must be the name of a sheet in quotes, or a list of such names, like ["2025", "2026"]',
        ),
        ("[sheets]\nincidents = []", "2: sheets.incidents is empty; give it a value or delete the line"),
        (
            "[sheets]\nincidents = ['2025', '2026']\nclosed = '2025'",
            "3: sheets.closed is the same as incidents; each needs a name of its own",
        ),
        (
            f"{PER_NOTIFICATION}\n[sheets]\nnational_panel = 'SINs'",
            '3: sheets names the sheet of one type, national_panel; that needs layout.kind = "one sheet per type"',
        ),
        (
            "[layout]\nkind = 'one sheet per type'\n[sheets]\nincidents = 'Log'",
            '3: sheets names a sheet of incidents, but layout.kind is "one sheet per type"; name critical_incident, '
            "national_panel, cspr_referral instead",
        ),
        ("[clocks]\nstart_from = '2026-11-01'", f"2: clocks.start_from {A_DATE}"),
    ],
)
def test_what_is_wrong_about_the_layout(text: str, said: str, tmp_path: Path) -> None:
    assert complaints(tmp_path, text) == [f"config.toml:{said}"]


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
    assert any(line.endswith("is a secret; put it in the environment or keyring, never in this file") for line in said)
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
    assert said.endswith("is the thing itself; save it in a file that only this account can read, and name that file")
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


ADDRESS = "must be a web address that starts with https://, as your browser shows it"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            f"[tracker]\nfile = 'a.xlsx'\n{HERE}{SIGN_IN}",
            "3: sharepoint says where the tracker is, and so does tracker.file; keep one of the two",
        ),
        (
            f"{HERE}link = 'https://example.sharepoint.com/x'\n{SIGN_IN}",
            "1: sharepoint has a link, and a site or path besides; keep the one or the other",
        ),
        (
            f"[sharepoint]\nsite = 'https://example.sharepoint.com/sites/slt'\n{SIGN_IN}",
            "1: sharepoint needs site and path, or a link; path is missing",
        ),
        (f"[sharepoint]\nlibrary = 'Log'\n{SIGN_IN}", "1: sharepoint needs site and path, or a link; site is missing"),
        (HERE, '1: sign_in needs tenant for signing in with method = "certificate"'),
        (
            f"{HERE}[sign_in]\ntenant = 'a.uk'\nclient_id = '{ID}'",
            '4: sign_in needs certificate for signing in with method = "certificate"',
        ),
        ("[sign_in]\nmethod = 'secret'", '1: sign_in needs tenant for signing in with method = "secret"'),
        (
            "[sign_in]\nmethod = 'certificat'",
            '2: sign_in.method must be "certificate" or "secret" or "device"; did you mean "certificate"?',
        ),
        ("[sharepoint]\nsite = 'example.sharepoint.com/sites/slt'", f"2: sharepoint.site {ADDRESS}"),
        ("[sharepoint]\nsite = 'https://hunter2@example.com'", f"2: sharepoint.site {ADDRESS}"),
        ("[sharepoint]\nlink = 'http://example.com/x'", f"2: sharepoint.link {ADDRESS}"),
        (
            "[sharepoint]\nsite = 'https://example.sharepoint.com/:x:/s/slt/EaBcDe'",
            '2: sharepoint.site is a sharing link; give it as link = "…" instead of site, library and path',
        ),
        (
            "[sharepoint]\nsite = 'https://example.sharepoint.com/sites/slt/Log/Forms/AllItems.aspx'",
            '2: sharepoint.site must be the site alone, like "https://example.sharepoint.com/sites/safeguarding"',
        ),
        (
            "[sharepoint]\npath = 'Logs\\Log.xlsx'",
            (
                "2: sharepoint.path must be the path within the library, with / between folders, "
                'like "Logs/Incidents.xlsx"'
            ),
        ),
        ("[sharepoint]\npath = 'Logs'", "2: sharepoint.path must end with the workbook's name, .xlsx or .xlsm"),
        (
            "[sharepoint]\nmode = 'cell'",
            '2: sharepoint.mode must be "auto" or "cells" or "upload"; did you mean "cells"?',
        ),
        (
            "[sharepoint]\nfile = 'a.xlsx'",
            "2: sharepoint.file is not a setting here; it belongs below [ledger] or [tracker]",
        ),
        (
            "[sign_in]\nclient_id = '6d7c2f6e'",
            (
                "2: sign_in.client_id must be the application (client) id of the app registration, "
                "36 characters with four dashes"
            ),
        ),
        (
            "[sign_in]\ntenant = 'https://example.gov.uk'",
            "2: sign_in.tenant must be the directory (tenant) id of the app registration, or a domain of the council's",
        ),
        (
            "[sign_in]\nclient_secret = 'hunter2'",
            "2: sign_in.client_secret is a secret; put it in the environment or keyring, never in this file",
        ),
    ],
)
def test_what_is_wrong_about_sharepoint(text: str, said: str, tmp_path: Path) -> None:
    assert complaints(tmp_path, text) == [f"config.toml:{said}"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('[columns.incidents]\naware_date = ""', "2: columns.incidents.aware_date is empty; give it a value or delete"),
        (
            "[columns.incidents]\naware_date = true",
            "2: columns.incidents.aware_date must be your heading in quotes, or f",
        ),
        ("[columns.incidents]\naware_date = 3", "2: columns.incidents.aware_date must be text in quotes"),
        (
            '[choices.outcome]\nSI = "Serious ham"',
            '2: choices.outcome.SI must be "Death" or "Serious harm" or "Other"; d',
        ),
        ('[choices.panel_notified]\nNA = "x"', '2: choices.panel_notified.NA must be "", for such a cell can '),
        ("[choices.outcome]\nSI = 1", "2: choices.outcome.SI must be text in quotes"),
        ('[choices.outcomes]\nSI = "Death"', '1: choices.outcomes is not a setting; did you mean "outcome"?'),
        ('[choices]\nSI = "Death"', '2: choices.SI is not a setting; there is "decision", "outcome", "panel_notified"'),
    ],
)
def test_headings_and_choices_that_cannot_be(text: str, said: str, tmp_path: Path) -> None:
    (complaint,) = complaints(tmp_path, text)
    assert complaint.startswith(f"config.toml:{said}")


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
    folder = own_home / "xdg_state_home" / "critical-incident-tracker"
    assert (Config().mail.drafts_folder, Config().ledger.file) == (folder / "drafts", folder / "ledger.sqlite3")


ONE_ADDRESS = 'must be one e-mail address and nothing else, like "ann.sample@example.gov.uk"'
NOT_ALLOWED = "which is not one of mail.allowed_domains; correct one of the two"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (MAIL.replace("sender", "#"), '1: mail.sender is needed for mail.transport = "smtp": the mailbox that mail '
         "comes from"),
        (MAIL.replace("smtp.host", "#"), '7: mail.smtp needs host for mail.transport = "smtp"'),
        ("[mail.smtp]\npassword = 'hunter2'",
         "2: mail.smtp.password is a secret; put it in the environment or keyring, never in this file"),
        ("[mail.smtp]\nsecurity = 'none'\nuser = 'svc'",
         '1: mail.smtp would send the password of its user in the clear; set security = "starttls" or "tls"'),
        ("[mail.smtp]\nport = 70000", "2: mail.smtp.port must be 65535 or less"),
        ("[mail.smtp]\nhost = 'smtp://relay'", '2: mail.smtp.host must be the name of a computer, like '
         '"relay.example.gov.uk"'),
        ("[mail]\nallowed_domains = ['@example.gov.uk']",
         '2: mail.allowed_domains, entry 1, must be what follows the @ of an address, like "example.gov.uk"'),
        ("[mail]\ntransport = 'grahp'",
         '2: mail.transport must be "drafts" or "smtp" or "graph"; did you mean "graph"?'),
        ("[mail]\ntransport = 'graph'\nsender = 'tracker@example.gov.uk'",
         '1: sign_in needs tenant for signing in with method = "certificate"'),
        (MAIL.replace("'hos@example.gov.uk'", "7"),
         '10: recipients.hos_safeguarding must be a list in square brackets, like ["ann.sample@example.gov.uk"]'),
        (MAIL.replace("slt@example.gov.uk', ", "Ann <slt@example.gov.uk>', "),
         f"9: recipients.slt, entry 1, {ONE_ADDRESS}"),
        (MAIL.replace("one@example.gov.uk", "one@example.gov.uk, two@example.gov.uk"),
         f'12: recipients.heads_of_service."Head of Service One" {ONE_ADDRESS}'),
        (MAIL.replace("'hos@example.gov.uk'", '"hos@example.gov.uk\\nBcc: all@example.gov.uk"'),
         "10: recipients.hos_safeguarding, entry 1, has a tab or a line break in it"),
        (MAIL.replace("safeguarding@Police.Example", "safeguarding@sub.police.example"),
         f'14: agencies."Example Police" is in sub.police.example, {NOT_ALLOWED}'),
        (MAIL.replace("o'neil+slt@example.gov.uk", "slt@elsewhere.example"),
         f"9: recipients.slt, entry 2, is in elsewhere.example, {NOT_ALLOWED}"),
        (f"{MAIL}[recipients.lead_member]\nx = 1", '18: recipients.lead_member is not a setting; there is '
         '"business_unit", "day_four_meeting", "heads_of_service", "hos_safeguarding", "slt"'),
        ("[agencies]\n'Example Police' = 'a@b.uk'\n'example  police' = 'a@b.uk'",
         "1: agencies has “Example Police” and “example  police”, which are the same name; keep one of the two"),
        ("[ledger]\nfile = '//server/share/ledger.sqlite3'",
         "2: ledger.file must be on a disk of this computer: on a network share two runs could not be kept apart"),
    ],
)  # fmt: skip
def test_what_is_wrong_about_mail(text: str, said: str, tmp_path: Path) -> None:
    assert complaints(tmp_path, text) == [f"config.toml:{said}"]


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
    for name, value in tomllib.loads(WITH_ALL_SETTINGS)["clocks"]["notify_panel"].items():
        assert value == {**assumed, **notify_panel}[name], name


TYPES = [kind["id"] for kind in schema("layouts/layouts.toml")["type"]]

# What is to be left out for the rest to go together: a tracker is in one place, and a log has one layout.
ALTERNATIVES = [
    ("one row per incident", r"(site|path|link|notification_type|notification_date|" + "|".join(TYPES) + ")"),
    ("one row per notification", r"(file|link|" + "|".join(TYPES) + ")"),  # a site, a library and a path
    ("one sheet per type", r"(file|site|path|incidents|notification_type)"),  # a sharing link
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
