"""The official page of GB/T 9704-2012: sheet, styles, page numbers, the dress of characters.

Type area 156 x 225 mm with 22 lines of 28 characters. Measured in LibreOffice 7.4: an
exact line of 28.95 pt and a spacing of -0.25 pt give that grid; a document grid gives 27
characters, and a line of 29 pt gives 21 lines. Font names are those of offices and are
only named, never bundled.
"""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import Any

from docx import Document
from docx.document import Document as WordDocument
from docx.enum.style import WD_STYLE_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Pt, Twips

SONG_TITLE = "方正小标宋简体"
FANG_SONG = "仿宋_GB2312"
KAI = "楷体_GB2312"
HEI = "黑体"
SONG = "宋体"

PAGE_WIDTH, PAGE_HEIGHT = 11906, 16838
MARGIN_TOP, MARGIN_BOTTOM, MARGIN_LEFT, MARGIN_RIGHT = 2098, 1984, 1588, 1474
TYPE_AREA_WIDTH = PAGE_WIDTH - MARGIN_LEFT - MARGIN_RIGHT
#: The dash of the page number stands 7 mm below the type area.
FOOTER_DISTANCE = MARGIN_BOTTOM - 397 - 320

SIZE_BODY, SIZE_TITLE, SIZE_FOUR, SIZE_TABLE = 16.0, 22.0, 14.0, 9.0
LINE = 28.95
#: Twentieths of a point between characters of 16 pt, so that 28 of them fill 156 mm.
SPACING = -5
RED = "E60012"
#: Id of the style of text in tables.
TABLE_STYLE = "表格文字"

_FORBIDDEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]"
)


def clean(text: str) -> str:
    """Text that XML can hold: no control, direction or surrogate characters, one line."""
    return re.sub(r"[\t\r\n]+", " ", _FORBIDDEN.sub("", text)).strip()


def new_document(*, title: str, author: str, on: date) -> WordDocument:
    """An empty document with the sheet, the styles and the core properties set."""
    document = Document()
    _set_sheet(document)
    _set_styles(document)
    _set_page_numbers(document)
    _drop_thumbnail(document)
    core = document.core_properties
    core.title, core.author, core.language = clean(title), clean(author), "zh-CN"
    core.last_modified_by = clean(author)
    core.subject, core.comments, core.keywords = "", "", ""
    core.created = core.modified = datetime(on.year, on.month, on.day)
    core.revision = 1
    return document


def _drop_thumbnail(document: WordDocument) -> None:
    """Take out the picture that the library's own empty document carries."""
    relations = document.part.package.rels
    for name in [name for name, one in relations.items() if one.reltype.endswith("/thumbnail")]:
        del relations[name]


def _set_sheet(document: WordDocument) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = Twips(PAGE_WIDTH), Twips(PAGE_HEIGHT)
    section.top_margin, section.bottom_margin = Twips(MARGIN_TOP), Twips(MARGIN_BOTTOM)
    section.left_margin, section.right_margin = Twips(MARGIN_LEFT), Twips(MARGIN_RIGHT)
    section.header_distance, section.footer_distance = Twips(850), Twips(FOOTER_DISTANCE)
    document.settings.odd_and_even_pages_header_footer = True
    settings = document.settings.element
    language = settings.find(qn("w:themeFontLang"))
    if language is not None:
        language.set(qn("w:eastAsia"), "zh-CN")


def _set_styles(document: WordDocument) -> None:
    defaults = document.styles.element.find(qn("w:docDefaults"))
    properties = defaults.find(qn("w:rPrDefault")).find(qn("w:rPr"))
    dress(properties, FANG_SONG, SIZE_BODY)
    _set_language(properties)
    for old in list(defaults.find(qn("w:pPrDefault"))):
        defaults.find(qn("w:pPrDefault")).remove(old)
    body = document.styles["Normal"]
    _restyle(body, FANG_SONG, SIZE_BODY, spacing=SPACING)
    for name, font in (("Heading 1", HEI), ("Heading 2", KAI), ("Heading 3", FANG_SONG)):
        _restyle(document.styles[name], font, SIZE_BODY, spacing=SPACING)
    _restyle(document.styles["Title"], SONG_TITLE, SIZE_TITLE, line=33.0)
    table_text = document.styles.add_style(TABLE_STYLE, WD_STYLE_TYPE.PARAGRAPH)
    table_text.base_style = body
    _restyle(table_text, FANG_SONG, SIZE_TABLE, line=12.5)


def _restyle(style: Any, font: str, size: float, *, spacing: int = 0, line: float = LINE) -> None:
    """Give a style an office font and an exact line, and take its theme dress away."""
    element = style.element
    for tag in ("w:rPr", "w:pPr"):
        old = element.find(qn(tag))
        if old is not None:
            element.remove(old)
    level = re.fullmatch(r"Heading (\d)", style.name)
    layout = style.paragraph_format
    layout.space_before = layout.space_after = Pt(0)
    set_line(layout._element.get_or_add_pPr(), line)
    layout.widow_control = False
    _no_autospace(layout._element.get_or_add_pPr())
    if level:
        outline = OxmlElement("w:outlineLvl")
        outline.set(qn("w:val"), str(int(level[1]) - 1))
        layout._element.get_or_add_pPr().append(outline)
        layout.keep_with_next = True
    properties = element.get_or_add_rPr()
    dress(properties, font, size, spacing=spacing)


def _no_autospace(properties: Any) -> None:
    """No extra gap between Chinese and digits: it would break the grid of 28."""
    for tag in ("w:autoSpaceDE", "w:autoSpaceDN"):
        element = _valued(tag, "0")
        properties.insert_element_before(
            element, "w:adjustRightInd", "w:snapToGrid", "w:spacing", "w:ind", "w:jc"
        )


def dress(properties: Any, font: str, size: float, *, spacing: int = 0, colour: str = "") -> None:
    """Write font, size, spacing and colour into a w:rPr, in the order the schema asks."""
    for tag in ("w:rFonts", "w:color", "w:spacing", "w:kern", "w:sz", "w:szCs"):
        for old in properties.findall(qn(tag)):
            properties.remove(old)
    fonts = OxmlElement("w:rFonts")
    fonts.set(qn("w:hint"), "eastAsia")
    for which in ("ascii", "hAnsi", "eastAsia", "cs"):
        fonts.set(qn(f"w:{which}"), font)
    parts = [fonts]
    parts += [_valued("w:color", colour)] if colour else []
    parts += [_valued("w:spacing", str(spacing))] if spacing else []
    parts += [
        _valued("w:kern", "0"),
        _valued("w:sz", f"{size * 2:.0f}"),
        _valued("w:szCs", f"{size * 2:.0f}"),
    ]
    for position, part in enumerate(parts):
        properties.insert(position, part)


def _valued(tag: str, value: str) -> Any:
    element = OxmlElement(tag)
    element.set(qn("w:val"), value)
    return element


def _set_language(properties: Any) -> None:
    for old in properties.findall(qn("w:lang")):
        properties.remove(old)
    language = OxmlElement("w:lang")
    language.set(qn("w:val"), "en-US")
    language.set(qn("w:eastAsia"), "zh-CN")
    properties.append(language)


def set_line(paragraph_properties: Any, points: float) -> None:
    """An exact line height in points; python-docx would round 28.95 pt to 28.9."""
    spacing = paragraph_properties.get_or_add_spacing()
    spacing.set(qn("w:line"), f"{points * 20:.0f}")
    spacing.set(qn("w:lineRule"), "exact")


def indent(paragraph: Any, *, first: int = 0, left: int = 0, right: int = 0) -> None:
    """Indents in hundredths of a character, with twips beside them for other readers."""
    properties = paragraph._p.get_or_add_pPr()
    element = properties.get_or_add_ind()
    for name, value in (("firstLine", first), ("left", left), ("right", right)):
        if value:
            element.set(qn(f"w:{name}Chars"), str(value))
            element.set(qn(f"w:{name}"), f"{value / 100 * (SIZE_BODY * 20 + SPACING):.0f}")


def _set_page_numbers(document: WordDocument) -> None:
    section = document.sections[0]
    for footer, side in ((section.footer, "right"), (section.even_page_footer, "left")):
        footer.is_linked_to_previous = False
        paragraph = footer.paragraphs[0]
        properties = paragraph._p.get_or_add_pPr()
        properties.append(_valued("w:jc", side))
        indent(paragraph, **{side: 100})
        set_line(properties, 16.0)
        for kind, text in (("t", "—"), ("begin", ""), ("instr", " PAGE "), ("end", ""), ("t", "—")):
            paragraph._p.append(_footer_run(kind, text))


def _footer_run(kind: str, text: str) -> Any:
    run = OxmlElement("w:r")
    properties = OxmlElement("w:rPr")
    dress(properties, SONG, SIZE_FOUR)
    run.append(properties)
    if kind in ("begin", "end"):
        field = OxmlElement("w:fldChar")
        field.set(qn("w:fldCharType"), kind)
        run.append(field)
        return run
    element = OxmlElement("w:instrText" if kind == "instr" else "w:t")
    element.set(qn("xml:space"), "preserve")
    element.text = text
    run.append(element)
    return run
