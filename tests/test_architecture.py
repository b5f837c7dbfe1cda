"""How the parts lean on each other: a job on the adapters, the adapters on tracker_schema, and never the other way."""

from __future__ import annotations

import ast
import datetime as dt
import graphlib
import json
import os
import subprocess
import sys
from collections.abc import Container, Iterable
from functools import cache
from pathlib import Path

import pytest

from tests.builders import MONDAY, save_workbook
from tracker_schema.clocks.clocks import standard_clocks
from tracker_schema.columns.schema import tracker_schema

PROJECT = Path(__file__).parents[1]
JOBS = sorted(path.stem for path in (PROJECT / "scripts").glob("*.py") if path.stem != "__init__")
ADAPTERS = sorted((PROJECT / "scripts" / "adapters").rglob("*.py"))
SCHEMA = sorted((PROJECT / "tracker_schema").rglob("*.py"))
JOB_FILES = [PROJECT / "scripts" / f"{job}.py" for job in JOBS]
EVERY_FILE = [*JOB_FILES, *ADAPTERS, *SCHEMA]

# The world: files, the network, the machine, the time of day.
OUTSIDE = {
    *("os", "pathlib", "io", "shutil", "tempfile", "glob", "fileinput", "zipfile", "sqlite3", "mmap"),
    *("socket", "ssl", "http", "urllib", "smtplib", "requests", "asyncio", "select", "webbrowser"),
    *("sys", "platform", "subprocess", "signal", "threading", "multiprocessing", "getpass", "logging", "locale"),
    *(
        "time",
        "zoneinfo",
        "openpyxl",
        "python_calamine",
        "office365",
        "matplotlib",
        "PIL",
        "docxtpl",
        "jinja2",
        "rich",
        "scripts",
    ),
}
# What the package reads its own data files with.
OWN_DATA = {"importlib.resources"}
HEAVY = ("office365", "matplotlib", "PIL", "docxtpl", "docx", "openpyxl", "jinja2", "requests", "msal", "schedule")


@cache
def nodes_of(path: Path) -> tuple[ast.AST, ...]:
    return tuple(ast.walk(ast.parse(path.read_text("utf-8"))))


@cache
def imports_of(path: Path) -> list[str]:
    """The dotted name of everything that a file imports, wherever in it."""
    found: list[str] = []
    for node in nodes_of(path):
        if isinstance(node, ast.Import):
            found += (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path.name} has a relative import"
            found += (f"{node.module}.{name.name}" for name in node.names)
    return found


@cache
def calls_of(path: Path) -> list[tuple[str, int]]:
    """What a file calls, such as “dt.date.today”, and on which line."""
    return [(ast.unparse(node.func), node.lineno) for node in nodes_of(path) if isinstance(node, ast.Call)]


def place(path: Path) -> str:
    return path.relative_to(PROJECT).as_posix()


def is_within(name: str, package: str) -> bool:
    return name == package or name.startswith(f"{package}.")


def imported(paths: Iterable[Path], *packages: str) -> set[str]:
    """Where each of these packages is imported, as “scripts/doctor.py: tests.builders”."""
    return {
        f"{place(path)}: {name}"
        for path in paths
        for name in imports_of(path)
        if any(is_within(name, package) for package in packages)
    }


# Imports


def test_the_schema_knows_nothing_of_the_world() -> None:
    assert not imported(SCHEMA, *OUTSIDE)
    resources = {line.partition(": ")[2] for line in imported(SCHEMA, "importlib")}
    assert all(any(is_within(name, own) for own in OWN_DATA) for name in resources), resources


def test_the_schema_opens_nothing_and_does_not_ask_the_time() -> None:
    called = {(path.name, name) for path in SCHEMA for name, _ in calls_of(path)}
    assert not {each for each in called if each[1] in {"open", "input", "exec", "eval", "__import__"}}
    # __main__.py prints the export.
    assert {file for file, name in called if name == "print"} <= {"__main__.py"}


def test_an_adapter_imports_no_job() -> None:
    assert not imported(ADAPTERS, *(f"scripts.{job}" for job in JOBS))


def test_a_job_imports_no_other_job() -> None:
    assert not imported(JOB_FILES, *(f"scripts.{job}" for job in JOBS))


def test_the_project_imports_no_test() -> None:
    assert not imported(EVERY_FILE, "tests")


def test_the_path_of_python_is_left_alone() -> None:
    assert not {(place(path), name) for path in EVERY_FILE for name, _ in calls_of(path) if name.startswith("sys.path")}


def test_the_checks_do_see_an_import_and_a_call(tmp_path: Path) -> None:
    source = "import os.path\ndef f():\n    from scripts.adapters.cli import terminal\n    return dt.date.today()\n"
    path = tmp_path / "module.py"
    path.write_text(source, "utf-8")
    assert imports_of(path) == ["os.path", "scripts.adapters.cli.terminal"]
    assert calls_of(path) == [("dt.date.today", 4)]


# The house: no circle of imports, small folders, no ids outside the schema


def module_name(path: Path) -> str:
    """Return the dotted name of a file of the project; of a package's __init__.py, the package's."""
    parts = path.relative_to(PROJECT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def modules_imported_by(path: Path, modules: Container[str]) -> set[str]:
    """Return the modules of the project that a file imports, wherever in it, under TYPE_CHECKING too."""
    found = set()
    for name in imports_of(path):
        module = name if name in modules else name.rpartition(".")[0]
        if module in modules and module != module_name(path):
            found.add(module)
    return found


def test_no_imports_go_in_a_circle() -> None:
    paths = {module_name(path): path for path in EVERY_FILE}
    sorter = graphlib.TopologicalSorter({name: modules_imported_by(path, paths) for name, path in paths.items()})
    sorter.prepare()  # raises CycleError, which names the modules


def test_a_circle_would_be_seen() -> None:
    with pytest.raises(graphlib.CycleError):
        graphlib.TopologicalSorter({"a": {"b"}, "b": {"a"}}).prepare()
    path = PROJECT / "scripts" / "adapters" / "cli" / "terminal.py"
    assert modules_imported_by(path, {"tracker_schema.wording", "tracker_schema"}) == {"tracker_schema.wording"}


MOST_ENTRIES = 14
"""How many files and folders a folder holds at most. The jobs, one file each, are not counted."""


def entries_of(folder: Path) -> list[str]:
    ignored = {"__init__.py", "__main__.py", "__pycache__", *(path.name for path in JOB_FILES if path.parent == folder)}
    return sorted(path.name for path in folder.iterdir() if path.name not in ignored)


def test_a_folder_holds_few_entries() -> None:
    roots = [PROJECT / name for name in ("scripts", "tracker_schema", "templates/emails", "tests")]
    folders = {folder for root in roots for folder in (root, *root.rglob("*")) if folder.is_dir()}
    crowded = {place(folder): len(entries_of(folder)) for folder in folders if "__pycache__" not in folder.parts}
    assert not {folder: number for folder, number in crowded.items() if number > MOST_ENTRIES}


COLUMN_IDS = {column.id for sheet in tracker_schema().sheet for column in sheet.column}
CLOCK_IDS = {clock.id for clock in standard_clocks()}
# Ids that are ordinary words too, so that a text with one of them need not name a column.
WORDS = {column for column in COLUMN_IDS if "_" not in column}
# Rooms of the schema that say what a column means.
MAY_NAME_COLUMNS = ("columns", "clocks", "checks", "incidents", "layouts", "made_up")


def texts_in(path: Path) -> set[str]:
    return {node.value for node in nodes_of(path) if isinstance(node, ast.Constant) and isinstance(node.value, str)}


def test_a_clock_or_column_is_named_in_the_schema_only() -> None:
    named = set()
    for path in EVERY_FILE:
        ids: set[str] = set()
        if not place(path).startswith(("tracker_schema/clocks/", "tracker_schema/made_up/")):
            ids |= CLOCK_IDS
        if not any(place(path).startswith(f"tracker_schema/{room}/") for room in MAY_NAME_COLUMNS):
            ids |= COLUMN_IDS - WORDS
        named |= {(place(path), text) for text in texts_in(path) & ids}
    assert not named


def test_a_named_column_would_be_seen(tmp_path: Path) -> None:
    path = tmp_path / "module.py"
    path.write_text('due = incident["aware_date"]\n', "utf-8")
    assert texts_in(path) & (COLUMN_IDS - WORDS) == {"aware_date"}


# One clock


CLOCKS_ALLOWED = {
    "scripts/adapters/cli/clock.py",  # today, read once
    "scripts/adapters/storage/backups.py",  # the name of a kept copy
    "scripts/adapters/doctor/moment.py",  # to be compared with Microsoft's clock
}


def test_the_time_is_read_in_one_place() -> None:
    asking = ("now", "today", "utcnow", "time", "time_ns", "localtime", "gmtime")
    found = {
        f"{place(path)}:{line} {name}"
        for path in EVERY_FILE
        for name, line in calls_of(path)
        if name.rpartition(".")[2] in asking and name.split(".")[0] in ("dt", "datetime", "date", "time")
    }
    # dt.time(…) and datetime.time(…) make a time of day; they do not ask for it.
    found = {call for call in found if not call.endswith((" dt.time", " datetime.time"))}
    assert {call.partition(":")[0] for call in found} <= CLOCKS_ALLOWED, found
    assert len(found) <= len(CLOCKS_ALLOWED), found


# What a run loads


@pytest.fixture(scope="module")
def loaded_by_a_local_check(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    """The modules that are there when a check of a local workbook, tables and all, is over."""
    folder = tmp_path_factory.mktemp("local check")
    incident = {"reference": "CI-2026-001", "aware_date": MONDAY - dt.timedelta(days=14)}
    path = save_workbook(folder / "Critical incidents.xlsx", {"incidents": [incident]})
    config = folder / "config.toml"
    config.write_text("", "utf-8")
    program = (
        "import json, sys\n"
        "from scripts.check_tracker import main\n"
        f"code = main(['--config', {str(config)!r}, '--tracker', {str(path)!r}, '--as-of', '2026-11-23'])\n"
        "print(json.dumps([code, sorted(sys.modules)]))\n"
    )
    # As the fixture own_home does it, which is there for one test only.
    homes = ("HOME", "USERPROFILE", "LOCALAPPDATA", "APPDATA", "XDG_STATE_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME")
    run = subprocess.run(
        [sys.executable, "-c", program],
        cwd=PROJECT,
        env=os.environ | dict.fromkeys(homes, str(folder / "home")) | {"PYTHONIOENCODING": "utf-8"},
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    code, modules = json.loads(run.stdout.splitlines()[-1])
    assert code == 0
    return set(modules)


@pytest.mark.parametrize("heavy", HEAVY)
def test_a_local_check_does_not_load(heavy: str, loaded_by_a_local_check: set[str]) -> None:
    assert not {name for name in loaded_by_a_local_check if is_within(name, heavy)}


def test_a_local_check_loads_what_it_needs(loaded_by_a_local_check: set[str]) -> None:
    needed = {"tracker_schema.incidents.assess", "scripts.adapters.workbook.read", "python_calamine"}
    assert needed <= loaded_by_a_local_check


def test_a_job_starts_by_loading_nothing_heavy() -> None:
    program = (
        "import importlib, json, sys\n"
        "for job in sys.argv[1:]:\n"
        "    importlib.import_module(f'scripts.{job}')\n"
        "    print(json.dumps([job, sorted(sys.modules)]))\n"
    )
    run = subprocess.run(
        [sys.executable, "-c", program, *JOBS], cwd=PROJECT, capture_output=True, encoding="utf-8", check=True
    )
    loaded = [json.loads(line) for line in run.stdout.splitlines()]
    assert [job for job, _ in loaded] == JOBS
    # The first of the jobs named is the one that loads it.
    assert not [(job, name) for job, names in loaded for name in names for heavy in HEAVY if is_within(name, heavy)]
