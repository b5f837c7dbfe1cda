"""The order of what is in Word's elements, by its schema (ECMA-376, ISO/IEC 29500-1): those that we write.

Word says of a file whose elements are in another order that it is damaged; python-docx and LibreOffice let it pass.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator

from lxml.etree import _Element as Element

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"

_KINDS = "equation comboBox date docPartObj docPartList dropDownList picture richText text citation group bibliography"
_BORDERS = "top left start bottom right end insideH insideV tl2br tr2bl"
_ORDERS = {
    "sdt": "sdtPr sdtEndPr sdtContent",
    "sdtPr": "rPr alias tag id lock placeholder temporary showingPlcHdr dataBinding label tabIndex",
    "docPart": "docPartPr docPartBody",
    "date": "dateFormat lid storeMappedDataAs calendar",
    "pPr": (
        "pStyle keepNext keepLines pageBreakBefore framePr widowControl numPr suppressLineNumbers pBdr shd tabs"
        " suppressAutoHyphens kinsoku wordWrap overflowPunct topLinePunct autoSpaceDE autoSpaceDN bidi adjustRightInd"
        " snapToGrid spacing ind contextualSpacing mirrorIndents suppressOverlap jc textDirection textAlignment"
        " textboxTightWrap outlineLvl divId cnfStyle rPr sectPr pPrChange"
    ),
    "rPr": (
        "rStyle rFonts b bCs i iCs caps smallCaps strike dstrike outline shadow emboss imprint noProof snapToGrid"
        " vanish webHidden color spacing w kern position sz szCs highlight u effect bdr shd fitText vertAlign rtl cs em"
        " lang eastAsianLayout specVanish oMath"
    ),
    "tbl": "tblPr tblGrid",
    "tblPr": (
        "tblStyle tblpPr tblOverlap bidiVisual tblStyleRowBandSize tblStyleColBandSize tblW jc tblCellSpacing tblInd"
        " tblBorders shd tblLayout tblCellMar tblLook tblCaption tblDescription"
    ),
    "tblBorders": _BORDERS,
    "tblCellMar": _BORDERS,
    "tr": "tblPrEx trPr",
    "tc": "tcPr",
    "tcPr": ("cnfStyle tcW gridSpan hMerge vMerge tcBorders shd noWrap tcMar textDirection tcFitText vAlign hideMark"),
    "sectPr": (
        "headerReference footerReference footnotePr endnotePr type pgSz pgMar paperSrc pgBorders lnNumType pgNumType"
        " cols formProt vAlign noEndnote titlePg textDirection bidi rtlGutter docGrid printerSettings"
    ),
    "style": (
        "name aliases basedOn next link autoRedefine hidden uiPriority semiHidden unhideWhenUsed qFormat locked"
        " personal personalCompose personalReply rsid pPr rPr tblPr trPr tcPr tblStylePr"
    ),
    "settings": (
        "writeProtection view zoom removePersonalInformation removeDateAndTime doNotDisplayPageBoundaries"
        " displayBackgroundShape printPostScriptOverText printFractionalCharacterWidth printFormsData"
        " embedTrueTypeFonts embedSystemFonts saveSubsetFonts saveFormsData mirrorMargins alignBordersAndEdges"
        " bordersDoNotSurroundHeader bordersDoNotSurroundFooter gutterAtTop hideSpellingErrors"
        " hideGrammaticalErrors activeWritingStyle proofState formsDesign attachedTemplate linkStyles"
        " stylePaneFormatFilter stylePaneSortMethod documentType mailMerge revisionView trackRevisions"
        " doNotTrackMoves doNotTrackFormatting documentProtection autoFormatOverride styleLockTheme styleLockQFSet"
        " defaultTabStop autoHyphenation consecutiveHyphenLimit hyphenationZone doNotHyphenateCaps showEnvelope"
        " summaryLength clickAndTypeStyle defaultTableStyle evenAndOddHeaders bookFoldRevPrinting bookFoldPrinting"
        " bookFoldPrintingSheets drawingGridHorizontalSpacing drawingGridVerticalSpacing"
        " displayHorizontalDrawingGridEvery displayVerticalDrawingGridEvery doNotUseMarginsForDrawingGridOrigin"
        " drawingGridHorizontalOrigin drawingGridVerticalOrigin doNotShadeFormData noPunctuationKerning"
        " characterSpacingControl printTwoOnOne strictFirstAndLastChars noLineBreaksAfter noLineBreaksBefore"
        " savePreviewPicture doNotValidateAgainstSchema saveInvalidXml ignoreMixedContent"
        " alwaysShowPlaceholderText doNotDemarcateInvalidXml saveXmlDataOnly useXSLTWhenSaving saveThroughXslt"
        " showXMLTags alwaysMergeEmptyNamespace updateFields hdrShapeDefaults footnotePr endnotePr compat docVars"
        " rsids mathPr attachedSchema themeFontLang clrSchemeMapping doNotIncludeSubdocsInStats"
        " doNotAutoCompressPictures forceUpgrade captions readModeInkLockDown smartTagType schemaLibrary"
        " shapeDefaults doNotEmbedSmartTags decimalSymbol listSeparator"
    ),
}
_PLACES = {parent: {child: place for place, child in enumerate(order.split())} for parent, order in _ORDERS.items()}
# What may come again and again after the rest: the rows of a table, the paragraphs of a cell, the kind of a control.
_LAST = {"sdtPr", "tbl", "tr", "tc"}
# Elements that hold only what is listed.
_WHOLE = {"sdt", "date", "tblBorders", "tblCellMar", "tblPr", "tcPr", "pPr", "rPr", "style", "sectPr"}


def errors_of_order(root: Element) -> Iterator[str]:
    """What the schema would not have of each element at or below `root`, in words."""
    for element in root.iter():
        parent = _local(element)
        places = _PLACES.get(parent)
        if places is None or element.tag != f"{W}{parent}":
            continue
        children = [_local(child) for child in element if child.tag.startswith(W)]
        for child in children:
            if parent in _WHOLE and child not in places:
                yield f"{child} has no place in {parent}"
        ranks = [places.get(child, len(places) if parent in _LAST else -1) for child in children]
        for (before, rank), (after, next_rank) in itertools.pairwise(zip(children, ranks, strict=True)):
            if -1 not in (rank, next_rank) and rank > next_rank:
                yield f"{before} comes before {after} in {parent}"
        if parent == "sdtPr" and sum(child in _KINDS.split() for child in children) > 1:
            yield "a control is of two kinds"
        if parent == "tc" and children[-1:] != ["p"]:
            yield "a cell does not end in a paragraph"


def _local(element: Element | None) -> str:
    return "" if element is None or not isinstance(element.tag, str) else element.tag.rpartition("}")[2]
