"""The look of the documents: page, styles, header and footer, as a new template has them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from docx import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_TAB_ALIGNMENT
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Cm, Pt, RGBColor

if TYPE_CHECKING:
    from docx.document import Document as WordDocument
    from docx.text.paragraph import Paragraph

PAGE_WIDTH, PAGE_HEIGHT, MARGIN = Cm(21), Cm(29.7), Cm(2)
TEXT_WIDTH = PAGE_WIDTH - 2 * MARGIN
FONT = "Arial"
INK, MARKING_INK, GREY = RGBColor(0x12, 0x3A, 0x5C), RGBColor(0xB1, 0x0E, 0x1E), RGBColor(0x59, 0x59, 0x59)
LABEL_FILL, LINE = "E9EFF5", "8FA3B5"

CELL_STYLE, LABEL_STYLE, TICK_STYLE, TABLE_STYLE = "Answer", "Label", "Tick", "Form"

_SIZES = {"Title": 20, "Heading 1": 14, "Heading 2": 12}


def blank_document(marking: str = "{{ marking }}", about: str = "{{ reference }}: {{ title }}") -> WordDocument:
    """An empty A4 document with the styles, the marking in its header, and what it is about in its footer."""
    document = Document()
    _leave_out(document.part.package.rels, "thumbnail")
    _leave_out(document.part.rels, "customXml", "stylesWithEffects")
    _settings(document.settings.element)
    section = document.sections[0]
    section.page_width, section.page_height = PAGE_WIDTH, PAGE_HEIGHT
    section.left_margin = section.right_margin = MARGIN
    section.top_margin = section.bottom_margin = Cm(2.2)
    section.header_distance = section.footer_distance = Cm(1)
    _styles(document)
    _header(section.header.paragraphs[0], marking)
    _footer(section.footer.paragraphs[0], about)
    return document


def _leave_out(relations: Any, *kinds: str) -> None:
    """Takes out what python-docx begins with and nothing here is in need of."""
    for key in [key for key, each in relations.items() if each.reltype.rpartition("/")[2] in kinds]:
        del relations[key]


def _settings(settings: Any) -> None:
    """Laid out as today's Word does it, in British English."""
    for setting in settings.iter(qn("w:compatSetting")):
        if setting.get(qn("w:name")) == "compatibilityMode":
            setting.set(qn("w:val"), "15")
    settings.find(qn("w:themeFontLang")).set(qn("w:val"), "en-GB")
    settings.find(qn("w:zoom")).set(qn("w:percent"), "100")
    for left_over in ("proofState", "rsids"):
        settings.remove(settings.find(qn(f"w:{left_over}")))


def _styles(document: WordDocument) -> None:
    styles = document.styles
    for style in [style for style in styles if style.type == WD_STYLE_TYPE.TABLE and not style.hidden]:
        if style.name != "Normal Table":
            style.delete()
    defaults = styles.element.find(qn("w:docDefaults"))
    for language in defaults.iter(qn("w:lang")):
        language.set(qn("w:val"), "en-GB")
    normal = styles["Normal"]
    _set_font(normal, 11)
    normal.paragraph_format.space_after = Pt(6)
    for name, size in _SIZES.items():
        _set_font(styles[name], size, bold=True, colour=INK)
        styles[name].paragraph_format.keep_with_next = True
        styles[name].paragraph_format.space_before = Pt({"Title": 0, "Heading 1": 16, "Heading 2": 12}[name])
        styles[name].paragraph_format.space_after = Pt(6)
    _remove_line_below(styles["Title"])
    for name in ("Header", "Footer"):
        _set_font(styles[name], 9, colour=GREY)
        styles[name].paragraph_format.tab_stops.clear_all()
    answer = _new_style(document, CELL_STYLE, "Normal", before=2, after=2)
    answer.paragraph_format.widow_control = True
    label = _new_style(document, LABEL_STYLE, CELL_STYLE, before=2, after=2)
    label.font.bold = True
    label.font.size = Pt(10)
    tick = _new_style(document, TICK_STYLE, "Normal", before=0, after=4)
    tick.paragraph_format.left_indent, tick.paragraph_format.first_line_indent = Cm(0.8), Cm(-0.8)
    tick.paragraph_format.tab_stops.add_tab_stop(Cm(0.8))
    tick.paragraph_format.keep_together = True
    placeholder = styles.add_style("Placeholder Text", WD_STYLE_TYPE.CHARACTER)
    placeholder.font.color.rgb = GREY
    if placeholder.style_id != "PlaceholderText":
        raise AssertionError("controls name the style of their prompts by its id")
    styles.element.append(parse_xml(_table_style()))


def _set_font(style: Any, size: int, *, bold: bool | None = None, colour: RGBColor | None = None) -> None:
    style.font.name, style.font.size = FONT, Pt(size)
    if bold is not None:
        style.font.bold = bold
    if colour is not None:
        style.font.color.rgb = colour
    fonts = style.element.rPr.rFonts
    for script in ("ascii", "hAnsi", "eastAsia", "cs"):
        fonts.attrib.pop(qn(f"w:{script}Theme"), None)
        fonts.set(qn(f"w:{script}"), FONT)
    fonts.attrib.pop(qn("w:cstheme"), None)


def _remove_line_below(style: Any) -> None:
    for border in style.element.pPr.findall(qn("w:pBdr")):
        style.element.pPr.remove(border)


def _new_style(document: WordDocument, name: str, base: str, *, before: int, after: int) -> Any:
    style = document.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
    style.base_style = document.styles[base]
    style.paragraph_format.space_before, style.paragraph_format.space_after = Pt(before), Pt(after)
    return style


def _table_style() -> str:
    sides = ("top", "left", "bottom", "right", "insideH", "insideV")
    lines = "".join(f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="{LINE}"/>' for side in sides)
    return (
        f'<w:style {nsdecls("w")} w:type="table" w:customStyle="1" w:styleId="{TABLE_STYLE}">'
        f'<w:name w:val="{TABLE_STYLE}"/><w:basedOn w:val="TableNormal"/><w:uiPriority w:val="59"/>'
        f"<w:tblPr><w:tblBorders>{lines}</w:tblBorders>"
        '<w:tblCellMar><w:left w:w="100" w:type="dxa"/><w:right w:w="100" w:type="dxa"/></w:tblCellMar></w:tblPr>'
        "</w:style>"
    )


def _header(paragraph: Paragraph, marking: str) -> None:
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    run = paragraph.add_run(marking)
    run.bold = True
    run.font.color.rgb = MARKING_INK


def _footer(paragraph: Paragraph, about: str) -> None:
    paragraph.paragraph_format.tab_stops.add_tab_stop(TEXT_WIDTH, WD_TAB_ALIGNMENT.RIGHT)
    paragraph.add_run(f"{about}\tPage ")
    _field(paragraph, "PAGE")
    paragraph.add_run(" of ")
    _field(paragraph, "NUMPAGES")


def _field(paragraph: Paragraph, instruction: str) -> None:
    """A field that Word works out, such as the number of the page."""
    for kind in ("begin", "instruction", "separate", "result", "end"):
        run = paragraph.add_run()
        if kind == "instruction":
            element = OxmlElement("w:instrText")
            element.set(qn("xml:space"), "preserve")
            element.text = f" {instruction} "
        elif kind == "result":
            element = OxmlElement("w:t")
            element.text = "1"
        else:
            element = OxmlElement("w:fldChar")
            element.set(qn("w:fldCharType"), kind)
        run._r.append(element)
