"""Whatever comes back as a form, the answer is a reading or one sentence; and it costs neither time nor memory."""

from __future__ import annotations

import hashlib
import io
import json
import os
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scripts.adapters.word.returns.reading_controls import read_controls
from scripts.adapters.word.returns.returned_file import LARGEST_FILE, MOST_PARTS, open_returned
from tests.word.forms import MAIN_TYPE, control, form, paragraph, parts, repeated, run, zipped
from tracker_schema.returns.returned_answers import ReturnedAnswers, ReturnRefused

ROW = "<w:tr><w:tc>" + paragraph(control("when", run("Monday"))) + "</w:tc></w:tr>"
BODY = (
    paragraph(control("name", run("Made up"), label="Your name"))
    + control("story", paragraph(run("one\ntwo")) + paragraph(f'<w:ins w:id="1">{run("three")}</w:ins>'))
    + f"<w:tbl>{repeated('rows', ROW)}</w:tbl>"
)
PARTS = parts(BODY, header=paragraph(control("reference", run("CI-2026-001"))), title="Initial Scoping, CI-2026-001")
SOUND = zipped(PARTS)
OLD_WORD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"WordDocument".ljust(4096, b"\0")


def with_part(name: str, content: str | bytes) -> bytes:
    return zipped({**PARTS, name: content})


def read(data: bytes, folder: Path, name: str = "form.docx") -> ReturnedAnswers:
    path = folder / name
    path.write_bytes(data)
    return read_controls(open_returned(path))


def why_refused(data: bytes, folder: Path, name: str = "form.docx") -> str:
    with pytest.raises(ReturnRefused) as refused:
        read(data, folder, name)
    assert (folder / name).read_bytes() == data
    return str(refused.value)


def test_the_sound_file_is_read(tmp_path: Path) -> None:
    answers = read(SOUND, tmp_path)
    assert {answer.tag: answer.text for answer in answers} == {
        "name": "Made up",
        "story": "one\ntwo\nthree",
        "when": "Monday",
        "reference": "CI-2026-001",
    }
    assert answers.title == "Initial Scoping, CI-2026-001"


def test_the_same_file_is_known_again(tmp_path: Path) -> None:
    (tmp_path / "form.docx").write_bytes(SOUND)
    assert open_returned(tmp_path / "form.docx").digest == hashlib.sha256(SOUND).hexdigest()


# No Word form at all


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("a.pdf", "It is a PDF, whose answers cannot be read. Ask for the Word form itself, saved as .docx."),
        ("a.DOC", "It is an old Word document (.doc), which loses the form's fields. "
         "Ask for the Word form itself, saved as .docx."),
        ("a.docm", "It is a Word document with macros (.docm). Ask for the Word form itself, saved as .docx."),
        ("a.msg", "It is an e-mail. Save the form that is attached to it."),
        ("a.xlsx", "It is no Word document (.docx). Ask for the Word form itself, saved as .docx."),
        ("a", "It is no Word document (.docx). Ask for the Word form itself, saved as .docx."),
    ],
)  # fmt: skip
def test_another_kind_of_file(name: str, sentence: str, tmp_path: Path) -> None:
    assert why_refused(SOUND, tmp_path, name) == sentence


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "It is empty"),
        (b"%PDF-1.7", "is not a Word document, whatever its name says"),
        (b"<html>", "is not a Word document, whatever its name says"),
        (OLD_WORD, "is an old Word document (.doc)"),
        (OLD_WORD + "EncryptedPackage".encode("utf-16-le"), "is locked by a password or a sensitivity label"),
        (OLD_WORD + "\6DataSpaces".encode("utf-16-le"), "is locked by a password or a sensitivity label"),
        (zipped({}), "is damaged"),
        (zipped({"readme.txt": "hello"}), "is damaged"),
        (zipped({"mimetype": "text", "[Content_Types].xml": "<Types/>"}), "is not a Word document"),
        (zipped({name: part.replace("wordprocessingml", "spreadsheetml") for name, part in PARTS.items()}),
         "is not a Word document"),
        (SOUND[: len(SOUND) // 2], "is damaged"),
        (b"PK\3\4", "is damaged"),
    ],
)  # fmt: skip
def test_no_form_whatever_its_name_says(data: bytes, says: str, tmp_path: Path) -> None:
    assert says in why_refused(data, tmp_path)


def test_what_is_no_file(tmp_path: Path) -> None:
    (tmp_path / "folder.docx").mkdir()
    if hasattr(os, "mkfifo"):
        os.mkfifo(tmp_path / "pipe.docx")
    for name in ("folder.docx", "pipe.docx", "missing.docx"):
        with pytest.raises(ReturnRefused, match=r"is no file|cannot be read"):
            open_returned(tmp_path / name)


def test_a_file_that_is_held(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "form.docx").write_bytes(SOUND)

    def held(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", held)
    with pytest.raises(ReturnRefused, match=r"cannot be read \(Permission denied\)\. If it is open in Word, close it"):
        open_returned(tmp_path / "form.docx")


def test_word_online_calls_the_main_part_otherwise(tmp_path: Path) -> None:
    renamed = {name.replace("document.", "document2."): text for name, text in PARTS.items()}
    links = {name: text.replace("document.xml", "document2.xml") for name, text in renamed.items()}
    assert read(zipped(links), tmp_path).tags == read(SOUND, tmp_path).tags


# Macros, by whatever name


@pytest.mark.parametrize(
    "data",
    [
        with_part("word/vbaProject.bin", b"macro"),
        with_part("WORD\\VBAPROJECT.BIN", b"macro"),
        with_part("word/vbaData.xml", "<a/>"),
        with_part(
            "[Content_Types].xml",
            PARTS["[Content_Types].xml"].replace(MAIN_TYPE, "application/vnd.ms-word.document.macroEnabled.main+xml"),
        ),
        with_part(
            "[Content_Types].xml",
            PARTS["[Content_Types].xml"].replace(
                "</Types>", '<Default Extension="bin" ContentType="application/vnd.ms-office.vbaProject"/></Types>'
            ),
        ),
        with_part(
            "word/_rels/document.xml.rels",
            '<Relationships><Relationship Type="http://x/vbaProject" Target="harmless.bin"/></Relationships>',
        ),
    ],
    ids=["named", "named otherwise", "data", "type of the file", "type of a part", "link"],
)
def test_macros(data: bytes, tmp_path: Path) -> None:
    assert why_refused(data, tmp_path) == (
        "It holds macros, so it was not opened. Ask for the form itself, saved as .docx."
    )


# Traps


LAUGHS = '<!DOCTYPE a [<!ENTITY l "lol">' + "".join(
    f'<!ENTITY l{n} "{f"&l{n - 1 or str()};" * 10}">' for n in range(1, 10)
)
ENTITIES = {
    "bomb": LAUGHS + "]>",
    "file": '<!DOCTYPE a [<!ENTITY l9 SYSTEM "file:///etc/passwd">]>',
    "network": '<!DOCTYPE a [<!ENTITY l9 SYSTEM "http://127.0.0.1:9/x">]>',
    "outside": '<!DOCTYPE a SYSTEM "http://127.0.0.1:9/x.dtd" [<!ENTITY % p SYSTEM "http://127.0.0.1:9/y"> %p;]>',
}


@pytest.mark.parametrize("kind", ENTITIES)
@pytest.mark.parametrize("name", list(PARTS))
def test_no_part_has_a_document_type(kind: str, name: str, tmp_path: Path) -> None:
    trap = ENTITIES[kind] + PARTS[name].replace(">Made up<", ">&l9;<")
    assert why_refused(with_part(name, trap), tmp_path) == (
        "It holds a document type, which Word never writes, so it was not opened. Ask for the Word form itself."
    )


@pytest.mark.parametrize("encoding", ["utf-16", "utf-32", "utf-7", "cp037"])
def test_a_document_type_cannot_hide_in_another_encoding(encoding: str, tmp_path: Path) -> None:
    text = f'<?xml version="1.0" encoding="{encoding}"?>{ENTITIES["file"]}' + PARTS["word/document.xml"]
    hidden = text.encode(encoding).replace(b"<!", b"+ADwAIQ-")  # which is "<!" in UTF-7, that spares these letters
    assert "is damaged" in why_refused(with_part("word/document.xml", hidden), tmp_path)


def test_names_that_lead_elsewhere_are_only_names(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    traps = {"../../outside.txt": "x", "/etc/cron.d/x": "x", "C:\\x.txt": "x", "word/../../../y": "x"}
    read(zipped({**PARTS, **traps}), tmp_path / "in")
    assert [path.name for path in tmp_path.rglob("*")] == ["in", "form.docx"]


def test_a_link_that_leads_elsewhere_finds_nothing(tmp_path: Path) -> None:
    links = PARTS["_rels/.rels"].replace("word/document.xml", "../../../../../etc/passwd")
    assert "is not a Word document" in why_refused(with_part("_rels/.rels", links), tmp_path)


def test_two_parts_of_one_name(tmp_path: Path) -> None:
    assert "is damaged" in why_refused(with_part("WORD/Document.xml", PARTS["word/document.xml"]), tmp_path)


# 30 MB of nothing, and of other things that take more room than they seem to


def packed_small(size: int) -> bytes:
    """A part of a document that says it has a hundred bytes, and has `size`."""
    data = bytearray(with_part("word/document.xml", b" " * size))
    place = data.rindex(b"PK\1\2", 0, data.rindex(b"word/document.xml"))
    data[place + 24 : place + 28] = (100).to_bytes(4, "little")
    return bytes(data)


def with_photo(size: int) -> bytes:
    """A form with a picture that cannot be packed any smaller."""
    file = io.BytesIO(SOUND)
    with zipfile.ZipFile(file, "a") as archive:
        archive.writestr("word/media/photo.jpeg", os.urandom(size))
    return file.getvalue()


def many_headers() -> bytes:
    names = [f"header{number}.xml" for number in range(60)]
    links = "".join(f'<Relationship Type="x/header" Target="{name}"/>' for name in names)
    big = f"<h>{' ' * (1 << 20)}</h>"
    more = {f"word/{name}": big for name in names}
    return zipped({**PARTS, "word/_rels/document.xml.rels": f"<Relationships>{links}</Relationships>", **more})


HOSTILE: dict[str, Callable[[], bytes]] = {
    "30 MB of zeros": lambda: bytes(30 << 20),
    "30 MB of zeros in a zip file": lambda: form("\0" * (30 << 20)),
    "30 MB of spaces": lambda: form(" " * (30 << 20)),
    "30 MB of spaces that say they are few": lambda: packed_small(30 << 20),
    "just small enough": lambda: form(paragraph(control("a", run(" " * (7 << 20))))),
    "text in nested fields": lambda: form(
        "<w:sdt><w:sdtPr><w:tag w:val='a'/></w:sdtPr><w:sdtContent>" * 6
        + paragraph(run("x" * (7 << 20)))
        + "</w:sdtContent></w:sdt>" * 6
    ),
    "nothing but elements": lambda: form("<a/>" * (7 << 18)),
    "as many elements as are read": lambda: form("<w:p/>" * 440_000),
    "nothing but attributes": lambda: form("<a " + " ".join(f'a{n}=""' for n in range(500_000)) + "/>"),
    "as many attributes as are read": lambda: form("<a b='' c='' d='' e=''/>" * 52_000),
    "nothing but fields": lambda: form("<w:sdt/>" * 400_000),
    "endless depth": lambda: form("<w:p>" * 300_000),
    "endless depth in fields": lambda: form("<w:sdt><w:sdtContent>" * 100_000),
    "more parts than are read": lambda: zipped({**PARTS, **{f"x{n}": "" for n in range(MOST_PARTS)}}),
    "20,000 parts": lambda: zipped({**PARTS, **{f"x{n}": "" for n in range(20_000)}}),
    "60 headers of a megabyte": many_headers,
    "an entity bomb": lambda: with_part("word/document.xml", LAUGHS + "]><a>&l9;</a>"),
    "as large as is read": lambda: with_photo(LARGEST_FILE - (1 << 16)),
    "larger": lambda: with_photo(LARGEST_FILE),
}  # fmt: skip
READ_ALL_THE_SAME = {
    "just small enough",
    "text in nested fields",
    "as large as is read",
    "as many elements as are read",
    "as many attributes as are read",
}


@pytest.mark.skipif(sys.platform != "linux", reason="the memory of a process is asked of Linux")
def test_nothing_takes_more_than_100_mb(tmp_path: Path) -> None:
    for number, make in enumerate(HOSTILE.values()):
        (tmp_path / f"{number:02}.docx").write_bytes(make())
    program = (
        "import json, re, sys\n"
        "from pathlib import Path\n"
        "from scripts.adapters.word.returns.reading_controls import read_controls\n"
        "from scripts.adapters.word.returns.returned_file import open_returned\n"
        "from tracker_schema.returns.returned_answers import ReturnRefused\n"
        # Of this process alone; what getrusage gives counts the one that started it.
        "def peak(): return int(re.search(r'VmHWM:\\s*(\\d+)', Path('/proc/self/status').read_text())[1]) >> 10\n"
        "before, told = peak(), []\n"
        "for path in sorted(Path(sys.argv[1]).iterdir()):\n"
        "    try: read_controls(open_returned(path)); told.append('')\n"
        "    except ReturnRefused as refusal: told.append(str(refusal))\n"
        "print(json.dumps([told, peak() - before]))\n"
    )
    found = subprocess.run(
        [sys.executable, "-c", program, str(tmp_path)], capture_output=True, encoding="utf-8", check=True
    )
    told, megabytes = json.loads(found.stdout)
    assert {name for name, refusal in zip(HOSTILE, told, strict=True) if not refusal} == READ_ALL_THE_SAME
    assert megabytes < 100


# Damaged at random


def use(data: bytes, folder: Path) -> None:
    """Read all there is; a refusal must be a sentence."""
    refused = None
    try:
        assert all(isinstance(answer.text, str) for answer in read(data, folder))
    except ReturnRefused as refusal:
        refused = str(refusal)
    assert refused is None or (refused and "\n" not in refused)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("damaged")


@given(at=st.integers(0, len(SOUND) - 1), byte=st.integers(0, 255))
@settings(max_examples=300)
def test_a_byte_is_wrong(at: int, byte: int, folder: Path) -> None:
    use(SOUND[:at] + bytes([byte]) + SOUND[at + 1 :], folder)


@given(at=st.integers(0, len(SOUND)), length=st.integers(0, 60))
@settings(max_examples=150)
def test_a_piece_is_missing(at: int, length: int, folder: Path) -> None:
    use(SOUND[:at] + SOUND[at + length :], folder)


@given(
    name=st.sampled_from(sorted(PARTS)),
    place=st.floats(0, 1),
    length=st.integers(0, 30),
    put=st.sampled_from(["", "<", ">", '"', "&", "&a;", "]]>", "\0", "<w:sdt>", "</w:p>", "w:val", "xmlns:w=''", "é"])
    | st.binary(max_size=8),
)
@settings(max_examples=500)
def test_a_part_is_wrong(name: str, place: float, length: int, put: str | bytes, folder: Path) -> None:
    text = PARTS[name].encode()
    at = int(place * len(text))
    new = put.encode() if isinstance(put, str) else put
    use(with_part(name, text[:at] + new + text[at + length :]), folder)


@given(name=st.sampled_from(sorted(PARTS)), content=st.sampled_from(["", " ", "<a/>", "text", "<Types/>", "<a b=''/>"]))
@settings(max_examples=60)
def test_a_part_is_something_else(name: str, content: str, folder: Path) -> None:
    use(with_part(name, content), folder)


def test_a_part_that_is_encrypted_or_packed_otherwise(tmp_path: Path) -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_LZMA) as archive:
        for name, part in PARTS.items():
            archive.writestr(name, part)
    assert "is damaged" in why_refused(file.getvalue(), tmp_path)
    locked = bytearray(SOUND)
    locked[locked.index(b"PK\1\2") + 8] |= 1
    assert "is damaged" in why_refused(bytes(locked), tmp_path)
