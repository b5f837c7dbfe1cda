"""Another spreadsheet program opens what was written and shows the same."""

from __future__ import annotations

import datetime as dt
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from scripts.adapters.workbook.xlsx import CellValue, ColouredColumn, ColumnFormat, NewColumn, NewRow, Range, patch
from tests.adapters.workbook.xlsx.books import MAIN, book, prefixed, relations, sheet, values
from tests.adapters.workbook.xlsx.test_untouched import tracker

SOFFICE = shutil.which("soffice")

pytestmark = pytest.mark.skipif(SOFFICE is None, reason="LibreOffice (soffice) is not on the path")

TEXTS = [
    "=1+1",
    "+44 20",
    "a < b & c",
    "  two  spaces ",
    "line\nbreak",
    "_x0041_",
    '"quoted"',
    "naïve – 漢 🙂",
    "'tick",
]


def shared_strings() -> bytes:
    """A workbook whose texts are shared strings, some of which are replaced."""
    strings = "".join(f"<si><t>shared {n}</t></si>" for n in range(3))
    rows = "".join(f'<row r="{n}"><c r="A{n}" t="s"><v>{n - 1}</v></c></row>' for n in (1, 2, 3))
    return book(
        sheet(rows),
        more={
            "xl/sharedStrings.xml": f'<sst xmlns="{MAIN}" count="3" uniqueCount="3">{strings}</sst>',
            "xl/_rels/workbook.xml.rels": relations(
                ("rId1", "worksheet", "worksheets/sheet1.xml"),
                ("rId8", "sharedStrings", "sharedStrings.xml"),
                ("rId9", "styles", "styles.xml"),
            ),
        },
    )


@pytest.fixture(scope="module")
def converted(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """Patched workbooks after LibreOffice has opened and saved them."""
    folder = tmp_path_factory.mktemp("libreoffice")
    columns = [
        NewColumn("Incidents", 3, 5 + n, heading) for n, heading in enumerate(["Status", "Next due", "Next\nstep"])
    ]
    rows = range(4, 34)
    formats = [ColumnFormat(20, 10, False, rows, rows), ColumnFormat(12, 13, True, rows, rows)]
    formatted = [replace(column, format=each) for column, each in zip(columns, formats, strict=False)] + columns[2:]
    coloured = [ColouredColumn("Incidents", Range(4, 5, 1_048_576, 5), {"On track": ("D5F0D8", "004B12")})]
    status: dict[int, dict[int, CellValue]] = {
        row: {5: "On track", 6: dt.date(2026, 12, 1), 7: 4} for row in range(4, 34)
    }
    texts: dict[int, dict[int, CellValue]] = {
        row: {1: text, 2: row, 3: dt.datetime(2026, 11, 23, 9, 30)} for row, text in enumerate(TEXTS, 1)
    }
    made = {
        "log": patch(tracker(), {"Incidents": status}, columns),
        "formatted": patch(tracker(), {"Incidents": status}, formatted, coloured=coloured),
        "rows": patch(
            tracker(),
            {"Incidents": {row: {1: f"CI-{row}", 2: dt.date(2026, 11, 23), 3: "Death"} for row in (34, 35)}},
            new_rows=[NewRow("Incidents", row, 33, 1, 4) for row in (34, 35)],
        ),
        "texts": patch(book(sheet()), {"One": texts}),
        "prefixed": patch(book(prefixed(sheet())), {"One": texts}),
        "shared": patch(shared_strings(), {"One": {2: {1: "inline"}}}),
    }
    for name, data in made.items():
        (folder / f"{name}.xlsx").write_bytes(data)
    profile = (folder / "profile").as_uri()
    command = [str(SOFFICE), f"-env:UserInstallation={profile}", "--headless", "--convert-to", "xlsx",
               "--outdir", str(folder / "out"), *(str(folder / f"{name}.xlsx") for name in made)]  # fmt: skip
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    return {name: (folder / "out" / f"{name}.xlsx").read_bytes() for name in made}


def test_the_log_opens_with_its_new_columns(converted: dict[str, bytes], tmp_path: Path) -> None:
    rows = values(converted["log"], "Incidents")
    assert rows[2][4:7] == ["Status", "Next due", "Next\nstep"]
    assert all(row[4:7] == ["On track", dt.date(2026, 12, 1), 4.0] for row in rows[3:33])
    saved = tmp_path / "log.xlsx"
    saved.write_bytes(converted["log"])
    assert openpyxl.load_workbook(saved)["Incidents"].tables["Log"].ref == "A3:G33"


def test_it_shows_widths_dates_and_colours(converted: dict[str, bytes], tmp_path: Path) -> None:
    saved = tmp_path / "formatted.xlsx"
    saved.write_bytes(converted["formatted"])
    page = openpyxl.load_workbook(saved)["Incidents"]
    assert [round(page.column_dimensions[letter].width) for letter in "EF"] == [20, 13]
    assert page["F4"].number_format.lower() == "dd/mm/yyyy"
    assert page["E4"].alignment.wrap_text
    (rule,) = next(area.rules for area in page.conditional_formatting if str(area.sqref).startswith("E4"))
    assert (rule.formula, rule.dxf.fill.bgColor.rgb) == (['"On track"'], "FFD5F0D8")


def test_the_log_opens_with_its_new_rows(converted: dict[str, bytes], tmp_path: Path) -> None:
    rows = values(converted["rows"], "Incidents")
    assert [row[:3] for row in rows[33:]] == [[f"CI-{row}", dt.date(2026, 11, 23), "Death"] for row in (34, 35)]
    saved = tmp_path / "rows.xlsx"
    saved.write_bytes(converted["rows"])
    page = openpyxl.load_workbook(saved)["Incidents"]
    assert page.tables["Log"].ref == "A3:D35"
    assert page["B35"].number_format == page["B33"].number_format


@pytest.mark.parametrize("name", ["texts", "prefixed"])
def test_texts_numbers_and_dates_are_the_same(converted: dict[str, bytes], name: str) -> None:
    expected: list[list[Any]] = [
        [text, float(row), dt.datetime(2026, 11, 23, 9, 30)] for row, text in enumerate(TEXTS, 1)
    ]
    assert values(converted[name]) == expected


def test_inline_text_works_beside_shared_text(converted: dict[str, bytes]) -> None:
    assert values(converted["shared"]) == [["shared 0"], ["inline"], ["shared 2"]]
