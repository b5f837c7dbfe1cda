"""docs/for-it.md is true: every name in it exists, and every command that can be run here is run."""

from __future__ import annotations

import ast
import datetime as dt
import functools
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING
from xml.etree import ElementTree

import pytest

from scripts.adapters.graph import token_cache
from scripts.adapters.graph.certificates import WARN_DAYS, Certificate, read_certificate
from scripts.adapters.graph.session import new_session
from scripts.adapters.graph.sign_in import AUTHORITY, SCOPES, sign_in
from scripts.adapters.schedule import runner as scheduling
from scripts.adapters.settings import config
from scripts.adapters.settings import secrets as kept_secrets
from scripts.adapters.settings.paths import PROGRAM
from scripts.adapters.tracker.read_plan_write import ATTEMPTS
from tracker_schema import errors
from tracker_schema.clocks.clocks import standard_clocks
from tracker_schema.columns.schema import tracker_schema

if TYPE_CHECKING:
    from tests.servers.graph.server import GraphServer

PROJECT = Path(__file__).resolve().parents[2]
PAGE = (PROJECT / "docs" / "for-it.md").read_text("utf-8")
BLOCKS = [(kind, re.sub("(?m)^" + indent, "", text)) for indent, kind, text in
          re.findall(r"(?ms)^([ ]*)```(\w*)\n(.*?)^[ ]*```$", PAGE)]  # fmt: skip
PROSE = re.sub(r"(?ms)^[ ]*```\w*\n.*?^[ ]*```$", "", PAGE)
IN_CODE = re.findall(r"`([^`\n]+)`", PROSE)
JOBS = sorted(set(re.findall(r"\bscripts\.(\w+)", PAGE)))
SETTINGS = {f"{section}.{name}" for section in config.Config.model_fields
            for name in getattr(config.Config.model_fields[section].annotation, "model_fields", ())}  # fmt: skip


def blocks(kind: str) -> list[str]:
    found = [text for each, text in BLOCKS if each == kind]
    assert found, f"no {kind} in the page any more"
    return found


@functools.cache
def source_texts() -> list[str]:
    """Return every string in the program, with a zero character in place of each value."""
    texts = []
    for path in [*(PROJECT / "scripts").rglob("*.py"), *(PROJECT / "tracker_schema").rglob("*.py")]:
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.JoinedStr):
                parts = [part.value if isinstance(part, ast.Constant) else "\0" for part in node.values]
                texts.append("".join(map(str, parts)))
            elif isinstance(node, ast.Constant) and isinstance(node.value, str):
                texts.append(node.value)
    return texts


def unit_files() -> dict[str, str]:
    return dict(re.findall(r"(?s)`/etc/systemd/system/([\w.-]+)`[^\n]*\n\n```ini\n(.*?)```", PAGE))


def fetch_secret_never(variable: str) -> str | None:
    raise AssertionError(f"{variable} was asked for")


# Names


@pytest.mark.parametrize("job", JOBS)
def test_every_job_exists(job: str) -> None:
    assert (PROJECT / "scripts" / f"{job}.py").exists()


@pytest.mark.parametrize(("job", "option"), sorted(set(re.findall(r"-m scripts\.(\w+) (--[\w-]+)", PAGE))))
def test_every_option_of_a_job_exists(job: str, option: str) -> None:
    path = PROJECT / "scripts" / f"{job}.py"
    both = [path, PROJECT / "scripts" / "adapters" / "cli" / "command_line.py"]
    assert any(f'"{option}"' in each.read_text("utf-8") for each in both)


def test_every_setting_exists() -> None:
    sections = "|".join(config.Config.model_fields)
    named = {name for code in IN_CODE for name in re.findall(rf"^(?:{sections})\.\w+$", code)}
    named -= {"tracker.pem", "tracker.key", "tracker.cer", "tracker.pfx"}  # files of that name
    assert [name for name in sorted(named) if name not in SETTINGS] == []
    assert {name for name in SETTINGS if name.startswith(("sharepoint.", "sign_in."))} - named == set()


@pytest.mark.parametrize("text", blocks("toml"))
def test_every_settings_snippet_loads(text: str, tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_text(text, "utf-8")
    columns = {sheet.id: [column.id for column in sheet.column] for sheet in tracker_schema().sheet}
    loaded = config.load(path, columns, [clock.id for clock in standard_clocks()])
    assert "[sign_in]" not in text or loaded.sign_in.missing() is None


def test_the_modes_and_methods_are_those_of_the_settings() -> None:
    for mode in ("auto", "cells", "upload"):
        assert f'| `"{mode}"`' in PAGE
        assert config.SharePointSettings(mode=mode).mode == mode
    assert config.SharePointSettings().mode == "auto"
    shown = {method for text in blocks("toml") for method in re.findall(r'method = "(\w+)"', text)}
    assert shown == {"certificate", "secret", "device"}
    assert config.TrackerSettings().copies == int(re.findall(r"`tracker\.copies` says \((\d+)\)", PAGE)[0])


def test_every_environment_variable_is_one_the_program_or_its_messages_name() -> None:
    sources = "\0".join(source_texts())
    variables = {name for code in IN_CODE for name in re.findall(r"\b[A-Z]+(?:_[A-Z]+)+\b", code)}
    variables |= set(re.findall(r"%([A-Z]+)%", PAGE))
    variables |= set(re.findall(r"\b([A-Z]+(?:_[A-Z]+)+)=", PAGE))
    assert {kept_secrets.CLIENT_SECRET, kept_secrets.KEY_PASSPHRASE} <= variables
    assert [name for name in sorted(variables) if name not in sources] == []


def test_the_number_of_attempts_is_that_of_the_program() -> None:
    numbers = {4: "four", 5: "five", 6: "six"}
    assert re.search(rf"after {numbers[ATTEMPTS]}\s+attempts", PAGE)


def test_the_keyring_names_are_those_of_the_program() -> None:
    named = set(re.findall(r"-m keyring (?:set|del) (\S+) ([\w-]+)", PAGE))
    assert named == {(kept_secrets.SERVICE, name) for name in kept_secrets.NAMES_IN_KEYRING.values()}


def test_every_file_exists(own_home: Path) -> None:
    for name in re.findall(r"\]\(([\w./-]+\.md)\)", PAGE):
        assert (PROJECT / "docs" / name).exists(), name
    for name in ("config.example.toml", "requirements.txt"):
        assert name in PAGE
        assert (PROJECT / name).exists(), name
    assert f"`{token_cache.cache_file().name}`" in PAGE
    assert f"`%LOCALAPPDATA%\\{PROGRAM}`" in PAGE
    assert f"`~/.local/state/{PROGRAM}`" in PAGE
    assert f"StateDirectory={PROGRAM}\n" in PAGE
    assert str(token_cache.cache_file().parent.name) == PROGRAM == config.default_copies_folder().parent.name


def test_every_link_within_the_page_leads_somewhere() -> None:
    headings = re.findall(r"(?m)^#+ (.+)$", PAGE)
    anchors = {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}
    assert set(re.findall(r"\]\(#([\w-]+)\)", PAGE)) <= anchors


def test_every_exit_code_is_one_of_the_family() -> None:
    family = [each for each in vars(errors).values() if isinstance(each, type)]
    known = {each.exit_code for each in family if issubclass(each, errors.TrackerError)} | {0}
    in_table = {int(code) for code in re.findall(r"(?m)^\| (\d) \| ", PAGE)}
    of_messages = {int(code) for code in re.findall(r"(?m)^\| “.*” \| (\d) \| ", PAGE)}
    assert of_messages <= in_table <= known
    assert {0, 1, 2, 3, 4, 5} <= in_table


def test_the_hosts_are_those_of_the_program() -> None:
    for address in (AUTHORITY, *SCOPES):
        assert f"`{address.split('/')[2]}`" in PAGE


# Messages


MESSAGES = re.findall(r"(?m)^\| “(.+)” \| \d \| ", PAGE)


def test_there_are_messages() -> None:
    assert len(MESSAGES) > 30


@pytest.mark.parametrize("message", MESSAGES)
def test_every_message_is_one_of_the_program(message: str) -> None:
    pieces = [piece.strip(" “”") for piece in message.split("…")]
    for piece in filter(None, pieces):
        assert any(piece in text for text in source_texts()), piece


def test_the_warning_is_shown_as_the_program_says_it() -> None:
    expires = dt.date(2026, 12, 23)
    certificate = Certificate("", "", expires)
    assert f"> {certificate.check(expires - dt.timedelta(days=WARN_DAYS))}\n" in PAGE
    assert f"{WARN_DAYS} days before the end" in PAGE


# What is run


def openssl(folder: Path, command: str, *more: str) -> None:
    words = shlex.split(command)
    done = subprocess.run([*words, *more], cwd=folder, capture_output=True, encoding="utf-8", check=False)
    assert done.returncode == 0, f"{command}\n{done.stderr}"


def shell_lines(word: str) -> list[str]:
    return [line for text in blocks("sh") for line in text.splitlines() if line.startswith(word)]


@pytest.fixture(scope="module")
def made_certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder in which the commands under “On Linux” were run."""
    if shutil.which("openssl") is None:
        pytest.skip("openssl is not installed here")
    folder = tmp_path_factory.mktemp("certificate")
    commands = shell_lines("openssl req") + shell_lines("openssl x509")
    assert len(commands) == 2
    for command in commands:
        openssl(folder, command)
    return folder


def test_the_certificate_made_by_the_commands_signs_in(made_certificate: Path, graph: GraphServer) -> None:
    from cryptography import x509

    public, key = made_certificate / "tracker.pem", made_certificate / "tracker.key"
    assert "PRIVATE KEY" not in public.read_text()
    graph.entra.certificates.append(x509.load_pem_x509_certificate(public.read_bytes()))
    settings = config.SignInSettings(
        tenant=graph.entra.tenant, client_id=graph.entra.client_id, certificate=public, private_key=key
    )
    warned: list[str] = []
    assert sign_in(settings, new_session(), warned.append).token()["access_token"]
    assert warned == []


def test_the_certificate_made_by_the_commands_is_good_for_a_year(
    made_certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("scripts.adapters.graph.certificates.find_secret", fetch_secret_never)
    read = read_certificate(made_certificate / "tracker.pem", made_certificate / "tracker.key")
    assert 363 <= (read.expires - dt.datetime.now(dt.UTC).date()).days <= 366


@pytest.mark.parametrize(
    "encryption",
    ["-keypbe AES-256-CBC -certpbe AES-256-CBC -macalg sha256",
     "-keypbe PBE-SHA1-3DES -certpbe PBE-SHA1-3DES -macalg sha1"],
    ids=["AES, as newer Windows", "3DES, as older Windows"],
)  # fmt: skip
def test_a_pfx_is_taken_and_the_commands_make_pem_files_of_it(
    encryption: str, made_certificate: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    public, key = made_certificate / "tracker.pem", made_certificate / "tracker.key"
    openssl(tmp_path, f"openssl pkcs12 -export -out tracker.pfx -passout pass:made-up {encryption}",
            "-in", str(public), "-inkey", str(key))  # fmt: skip
    monkeypatch.setenv(kept_secrets.KEY_PASSPHRASE, "made-up")
    expected = read_certificate(public, key)
    assert read_certificate(tmp_path / "tracker.pfx", None) == expected
    commands = shell_lines("openssl pkcs12")
    assert len(commands) == 2
    for command in commands:
        openssl(tmp_path, command, "-passin", "pass:made-up")
    monkeypatch.delenv(kept_secrets.KEY_PASSPHRASE)
    assert read_certificate(tmp_path / "tracker.pem", tmp_path / "tracker.key") == expected


TASK = "{http://schemas.microsoft.com/windows/2004/02/mit/task}"
# The order that the schema of Task Scheduler requires.
ORDER = {
    "Task": ["RegistrationInfo", "Triggers", "Principals", "Settings", "Actions"],
    "CalendarTrigger": ["Repetition", "StartBoundary", "Enabled", "ScheduleByDay"],
    "Repetition": ["Interval", "Duration", "StopAtDurationEnd"],
    "Principal": ["UserId", "LogonType", "RunLevel"],
    "Exec": ["Command", "Arguments", "WorkingDirectory"],
}
SETTINGS_OF_A_TASK = {
    *("AllowStartOnDemand", "RestartOnFailure", "MultipleInstancesPolicy", "DisallowStartIfOnBatteries"),
    *("StopIfGoingOnBatteries", "AllowHardTerminate", "StartWhenAvailable", "NetworkProfileName", "WakeToRun"),
    *("RunOnlyIfNetworkAvailable", "Enabled", "Hidden", "DeleteExpiredTaskAfter", "IdleSettings", "Priority"),
    *("ExecutionTimeLimit", "RunOnlyIfIdle"),
}


def test_the_scheduled_task_is_well_formed_and_runs_what_is_due() -> None:
    (text,) = blocks("xml")
    task = ElementTree.fromstring(text)  # noqa: S314 our own page
    for element in task.iter():
        assert element.tag.startswith(TASK)
        name = element.tag.removeprefix(TASK)
        children = [child.tag.removeprefix(TASK) for child in element]
        assert children == ORDER.get(name, children)
        assert name != "Settings" or set(children) <= SETTINGS_OF_A_TASK
    (action,) = task.iter(f"{TASK}Exec")
    assert "-m scripts.run_schedule --once >nul 2>>" in (action.findtext(f"{TASK}Arguments") or "")
    assert [each.text for each in task.iter(f"{TASK}LogonType")] == ["Password"]
    assert [each.text for each in task.iter(f"{TASK}Interval")] == ["PT15M"]
    assert [each.text for each in task.iter(f"{TASK}MultipleInstancesPolicy")] == ["IgnoreNew"]
    assert "every 15 minutes" in PROSE


def test_the_gaps_between_attempts_are_those_of_the_program() -> None:
    *first, last = [f"{gap.total_seconds() / 60:.0f}" for gap in scheduling.GAPS]
    assert f"is tried again after {', '.join(first)} and {last} minutes" in PAGE
    assert f"looks every {scheduling.MINUTES_BETWEEN_PASSES} minutes by itself" in PAGE


def test_the_systemd_units_are_right(tmp_path: Path) -> None:
    units = unit_files()
    assert {Path(name).suffix for name in units} == {".service", ".timer"}
    if shutil.which("systemd-analyze") is None:
        pytest.skip("systemd-analyze is not installed here")
    for name, text in units.items():
        # The programs named are not on this machine.
        here = re.sub(r"(?m)^ExecStart=\S+", f"ExecStart={sys.executable}", text)
        (tmp_path / name).write_text(here, "utf-8")
    done = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", *(str(tmp_path / name) for name in units)],
        capture_output=True, encoding="utf-8", check=False,
    )  # fmt: skip
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    for when in re.findall(r"(?m)^OnCalendar=(.+)$", "\n".join(units.values())):
        assert subprocess.run(["systemd-analyze", "calendar", when], capture_output=True, check=False).returncode == 0


# Wording


def test_it_names_no_other_permission_than_it_should_be_given() -> None:
    (given,) = re.findall(r"\*\*Application permissions\*\*: tick `([\w.]+)`", PAGE)
    assert given == "Sites.Selected"
    (refused,) = re.findall(r"(?m)^\*\*Do not give\*\* the app (?:.+\n)+", PAGE)
    for never in ("Sites.ReadWrite.All", "Files.ReadWrite.All", "Mail.Send"):
        assert f"`{never}`" in refused


def test_it_stays_within_the_project_and_names_only_made_up_places() -> None:
    assert "../shared" not in PAGE
    hosts = set(re.findall(r"\b([\w-]+)\.(?:onmicrosoft|sharepoint)\.com", PAGE))
    assert hosts == {"example"}
    assert set(re.findall(r"@([\w.-]+\.\w+)", PAGE)) == {"example.gov.uk"}
