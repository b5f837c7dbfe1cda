"""How a job ends: a plain sentence and an exit code, and a traceback only for those who ask."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from scripts.adapters.cli import command_line

PROJECT = Path(__file__).resolve().parents[3]


def run(body: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    program = f"from scripts.adapters.cli import command_line\ndef job(arguments):\n    {body}\ncommand_line.run(job)"
    return subprocess.run(
        [sys.executable, "-c", program, *arguments],
        cwd=PROJECT,
        env=os.environ | {"PYTHONIOENCODING": "ascii"},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )


def test_the_exit_code_is_the_jobs() -> None:
    assert run("return 0").returncode == 0
    assert run("return 7").returncode == 7


def test_a_foreseen_failure_is_one_sentence() -> None:
    body = "from tracker_schema.errors import TrackerBusy; raise TrackerBusy('Somebody has it open.')"
    done = run(body)
    assert (done.returncode, done.stdout, done.stderr) == (4, "", "Somebody has it open.\n")
    assert "Traceback" in run(body, "--verbose").stderr


def test_an_unforeseen_failure_does_not_say_what_a_cell_said() -> None:
    done = run("raise ValueError('could not convert: Zanzibarovich')")
    assert done.returncode == 1
    assert "ValueError" in done.stderr
    assert "--verbose" in done.stderr
    assert "Zanzibarovich" not in done.stderr
    assert "Traceback" not in done.stderr


def test_any_character_can_be_printed_anywhere() -> None:
    assert run("print('“☒” é'); return 0").stdout == "“☒” é\n"


def test_a_reader_that_has_seen_enough_is_no_failure() -> None:
    program = "import scripts.adapters.cli.command_line as c; c.run(lambda a: print('x\\n' * 100000) or 0)"
    job = subprocess.Popen([sys.executable, "-c", program], cwd=PROJECT, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert job.stdout is not None
    assert job.stdout.readline().strip() == b"x"
    job.stdout.close()
    assert (job.stderr.read() if job.stderr else None, job.wait()) == (b"", 0)
    if job.stderr:
        job.stderr.close()


def test_a_pipe_that_is_closed_on_windows_is_no_failure() -> None:
    body = (
        "import errno, sys\n"
        "    times = iter(range(2))\n"
        "    def gone():\n"
        "        if next(times, None) is not None: raise OSError(errno.EINVAL, 'Invalid argument')\n"
        "    sys.stdout.flush = gone\n"
        "    return 0"
    )
    done = run(body)
    assert (done.returncode, done.stderr) == (0, "")
    assert run("import errno; raise OSError(errno.EINVAL, 'x')").returncode == 1


def test_without_a_window_there_is_no_output_and_no_failure() -> None:
    program = (
        "import sys; sys.stdout = sys.stderr = None\n"
        "from scripts.adapters.cli import command_line, terminal\n"
        "def job(arguments):\n"
        "    with terminal.progress(2) as progress: progress('a stage')\n"
        "    terminal.show_table('T', ['a'], [['1']])\n"
        "    return 0\n"
        "command_line.run(job)"
    )
    done = subprocess.run([sys.executable, "-c", program], cwd=PROJECT, capture_output=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("https://example.sharepoint.com/x.xlsx", "is a web address. Name a file on this computer"),
        ('C:\\Returned forms" --tracker C:\\x.xlsx', "has a quotation mark in it. If a folder ends with"),
        ("%NO_SUCH_VARIABLE%/x.xlsx", "has %NO_SUCH_VARIABLE%, and this computer has no such variable"),
    ],
)
def test_a_path_that_cannot_be_one_is_told_its_remedy(
    typed: str, sentence: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        command_line.job_parser("A job.").parse_args(["--tracker", typed])
    assert sentence in capsys.readouterr().err


def test_a_path_may_be_pasted_with_quotes_and_variables(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRACKER_FOLDER", "/logs")
    options = command_line.job_parser("A job.").parse_args(["--tracker", '"%TRACKER_FOLDER%/a log.xlsx"'])
    assert options.tracker == Path("/logs/a log.xlsx")


def test_stopping_by_the_keyboard_is_no_traceback() -> None:
    done = run("raise KeyboardInterrupt")
    assert (done.returncode, done.stderr) == (1, "Stopped by the keyboard.\n")


def test_an_unknown_option_offers_the_one_that_was_meant(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        command_line.job_parser("A job.").parse_args(["--tracer", "x"])
    assert left.value.code == 2
    assert "did you mean --tracker?" in capsys.readouterr().err


def test_an_unforeseen_failure_promises_no_more_than_is_known() -> None:
    assert "What was written before this stays; the next run finishes it." in run("raise ValueError").stderr
