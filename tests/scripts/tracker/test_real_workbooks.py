"""The main job on workbooks that nobody here made: each is given a sheet of incidents, checked, and compared.

REAL_WORKBOOKS names a folder of .xlsx and .xlsm files; without it these tests are skipped.
"""

from __future__ import annotations

import datetime as dt
import io
import os
import posixpath
import re
import shutil
import subprocess
import zipfile
from pathlib import Path

import pytest
from python_calamine import CalamineError, CalamineWorkbook

from scripts import check_tracker
from scripts.adapters.workbook.xlsx import Package
from tests.adapters.workbook.xlsx.books import changed_parts, parts
from tests.scripts.trackers import AS_OF, column_of, told
from tracker_schema.errors import TrackerUnusable

FOLDER = os.environ.get("REAL_WORKBOOKS")
WORKBOOKS = sorted(path for path in Path(FOLDER).iterdir() if path.suffix in (".xlsx", ".xlsm")) if FOLDER else []

if not WORKBOOKS:
    pytestmark = pytest.mark.skip("REAL_WORKBOOKS names no folder of workbooks")

HEADINGS = ["Ref.", "Initials", "Date LA aware", "Outcome", "Abuse/neglect", "Decision", "Date of decision", "DOB"]
HEADINGS += ["CI form received", "Panel notified", "Partners told", "Date closed"]
AWARE = [dt.date(2026, 11, 18), dt.date(2026, 11, 10), dt.date(2026, 11, 20)]


def with_incidents(data: bytes) -> bytes:
    """The workbook with one more sheet, Incidents, put in by hand so that all else stays as its maker left it."""
    package = Package.open(data)
    spelling = {name.replace("\\", "/").lstrip("/").lower(): name for name in parts(data)}
    contents = parts(data)
    workbook = spelling[package.workbook_part]
    folder, name = posixpath.split(workbook)
    relations = spelling[posixpath.join(folder, "_rels", f"{name}.rels").lstrip("/").lower()]
    part = posixpath.join(folder, "worksheets", "incidents_of_the_test.xml")

    sheet = re.findall(rb"<(?:\w+:)?sheet\s[^>]*/>", contents[workbook])[-1]
    ours = re.sub(rb'(\sname=)"[^"]*"', rb'\1"Incidents"', sheet)
    ours = re.sub(rb'(\ssheetId=)"[^"]*"', rb'\1"9001"', re.sub(rb'(:id=)"[^"]*"', rb'\1"rIdOfTheTest"', ours))
    ours = re.sub(rb'\sstate="[^"]*"', b"", ours)
    contents[workbook] = contents[workbook].replace(sheet, sheet + ours)
    link = next(
        link for link in re.findall(rb"<(?:\w+:)?Relationship\s[^>]*?/>", contents[relations]) if b'/worksheet"' in link
    )
    ours = re.sub(rb'(\sTarget=)"[^"]*"', b'\\1"/' + part.encode() + b'"', link)
    ours = re.sub(rb'(\sId=)"[^"]*"', rb'\1"rIdOfTheTest"', ours)
    contents[relations] = contents[relations].replace(link, link + ours)
    types = contents["[Content_Types].xml"]
    override = (
        b'<Override PartName="/%b" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet'
        b'+xml"/>' % part.encode()
    )
    contents["[Content_Types].xml"] = re.sub(rb"</(?:\w+:)?Types>", override + rb"\g<0>", types)
    main = package.workbook.attributes.get("xmlns") or next(
        value
        for key, value in package.workbook.attributes.items()
        if key.startswith("xmlns:") and value.endswith(("spreadsheetml/main", "spreadsheetml/2006/main"))
    )
    contents[part] = _sheet(main, package.date_1904)
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for each, content in contents.items():
            archive.writestr(each, content)
    return file.getvalue()


def _sheet(namespace: str, date_1904: bool) -> bytes:
    def text(column: str, row: int, value: str) -> str:
        return f'<c r="{column}{row}" t="inlineStr"><is><t>{value}</t></is></c>'

    def date(column: str, row: int, day: dt.date) -> str:
        epoch = dt.date(1904, 1, 1) if date_1904 else dt.date(1899, 12, 30)
        return f'<c r="{column}{row}"><v>{(day - epoch).days}</v></c>'  # unformatted: read, with a warning

    letters = "ABCDEFGHIJKL"
    rows = f'<row r="1">{text("A", 1, "Log of incidents (made up)")}</row>'
    rows += '<row r="4">' + "".join(text(letters[n], 4, heading) for n, heading in enumerate(HEADINGS)) + "</row>"
    for number, aware in enumerate(AWARE, 5):
        cells = text("A", number, f"CI-{number}") + text("B", number, "ZZ") + date("C", number, aware)
        cells += text("D", number, "Serious harm") + text("E", number, "Suspected")
        rows += f'<row r="{number}">{cells}</row>'
    return (
        f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<worksheet xmlns="{namespace}"><sheetData>{rows}'
        "</sheetData></worksheet>"
    ).encode()


@pytest.fixture(params=WORKBOOKS, ids=lambda path: path.stem)
def tracker(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A real workbook with a sheet of incidents."""
    source: Path = request.param
    monkeypatch.chdir(tmp_path)
    (tmp_path / "shared folder").mkdir()
    path = tmp_path / "shared folder" / source.name
    try:
        path.write_bytes(with_incidents(source.read_bytes()))
    except TrackerUnusable as refusal:
        pytest.skip(f"no workbook to put a sheet in: {refusal}")
    return path


def test_the_job_changes_only_its_own_cells(tracker: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = tracker.read_bytes()
    arguments = ["--tracker", str(tracker), "--as-of", AS_OF.isoformat(), "--json"]
    try:
        assert check_tracker.main(arguments) == 0
    except TrackerUnusable as refusal:
        assert tracker.read_bytes() == before
        pytest.skip(f"refused: {refusal}")
    after = tracker.read_bytes()
    found = told(capsys.readouterr().out)

    changed = {name.lower().lstrip("/") for name in changed_parts(before, after)}
    package = Package.open(before)
    named = {relation.kind: relation.part for relation in package.relations(package.workbook_part)}
    allowed = {package.worksheet("Incidents").part, named.get("styles"), package.workbook_part}
    assert changed <= allowed, "every other part is as it was"
    if package.workbook_part in changed:
        assert _but_for_recalculation(after, package) == _but_for_recalculation(before, package)
    assert column_of(tracker, "Status") == ["Overdue", "Overdue", "Due today"]
    assert column_of(tracker, "Next due")[1] == dt.date(2026, 11, 11)
    assert [incident["row"] for incident in found["incidents"]] == [5, 6, 7]
    for name in package.sheet_names:
        if name != "Incidents":
            assert _cells(after, name) == _cells(before, name)

    capsys.readouterr()
    assert check_tracker.main(arguments) == 0
    assert told(capsys.readouterr().out)["written"]["cells"] == 0
    assert tracker.read_bytes() == after, "a second run leaves the file untouched"


def _but_for_recalculation(data: bytes, package: Package) -> bytes:
    """The workbook part without what asks Excel to recalculate."""
    content = re.sub(rb"""\sfullCalcOnLoad=["']\w+["']""", b"", package.open(data).read(package.workbook_part))
    return re.sub(rb"<(\w+:)?calcPr\s*/>", b"", content)


def _cells(data: bytes, sheet: str) -> object:
    try:
        return CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_name(sheet).to_python()
    except CalamineError:
        return "calamine cannot read this sheet"


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
def test_libreoffice_opens_what_was_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    folder = tmp_path / "checked"
    folder.mkdir()
    for source in WORKBOOKS:
        try:
            path = folder / source.name
            path.write_bytes(with_incidents(source.read_bytes()))
            check_tracker.main(["--tracker", str(path), "--as-of", AS_OF.isoformat(), "--json"])
        except TrackerUnusable:
            path.unlink(missing_ok=True)
    checked = sorted(folder.iterdir())
    assert len(checked) > len(WORKBOOKS) // 2
    profile = (tmp_path / "profile").as_uri()
    subprocess.run(
        [
            *("soffice", "--headless", f"-env:UserInstallation={profile}"),
            *("--convert-to", "xlsx:Calc MS Excel 2007 XML", "--outdir", str(tmp_path / "opened")),
            *map(str, checked),
        ],
        capture_output=True,
        check=True,
        timeout=240,
    )
    for path in checked:
        opened = tmp_path / "opened" / f"{path.stem}.xlsx"
        assert opened.exists(), f"LibreOffice could not open {path.name}"
        assert column_of(opened, "Status") == ["Overdue", "Overdue", "Due today"], path.name
