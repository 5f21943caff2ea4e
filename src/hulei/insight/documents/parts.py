"""The elements of an official document, each placed as the standard places it."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from datetime import date
from typing import Any

from docx.document import Document as WordDocument
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_TAB_ALIGNMENT
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Pt, Twips
from docx.text.paragraph import Paragraph

from hulei.insight.documents import layout
from hulei.insight.documents.content import Piece, Shown, chinese_date
from hulei.insight.documents.controls import control

#: What follows paragraph borders in the schema.
_AFTER_BORDERS = ("w:shd", "w:tabs", "w:autoSpaceDE", "w:spacing", "w:ind", "w:jc", "w:rPr")
_NUMERALS = "一二三四五六七八九十"
_MARK_LARGEST, _MARK_SMALLEST = 45.0, 26.0
_TITLE_CHARACTERS = layout.TYPE_AREA_WIDTH / 20 / layout.SIZE_TITLE


def width_in_characters(text: str) -> float:
    """Length in full-width characters; half-width letters and digits count one half."""
    return sum(1.0 if unicodedata.east_asian_width(letter) in "WFA" else 0.5 for letter in text)


class Writer:
    """Puts one document together, element by element, from top to bottom."""

    def __init__(self, document: WordDocument) -> None:
        self.document = document
        self._controls = 0

    def write(
        self, paragraph: Paragraph, piece: Piece, *, font: str = "", size: float = 0, colour: str = ""
    ) -> None:
        """Append a piece; a figure becomes a content control."""
        shown = piece if isinstance(piece, Shown) else None
        run = paragraph.add_run(layout.clean(shown.text if shown else str(piece)))
        if font or size or colour:
            self._dress(run._r, font or layout.FANG_SONG, size or layout.SIZE_BODY, colour)
        else:
            self._hint(run._r)
        if shown is not None:
            self._controls += 1
            parent = run._r.getparent()
            position = parent.index(run._r)
            parent.remove(run._r)
            parent.insert(position, control(shown, run._r, self._controls))

    @staticmethod
    def _dress(run: Any, font: str, size: float, colour: str) -> None:
        spacing = layout.SPACING if size == layout.SIZE_BODY else 0
        layout.dress(run.get_or_add_rPr(), font, size, spacing=spacing, colour=colour)

    @staticmethod
    def _hint(run: Any) -> None:
        """Quotes and dashes belong to Chinese text here, so they take the Chinese width."""
        fonts = run.get_or_add_rPr().get_or_add_rFonts()
        fonts.set(qn("w:hint"), "eastAsia")

    def letterhead(self, agency: str, number: str | None, signatory: str | None) -> None:
        """发文机关标志, 发文字号 and the red line."""
        text = f"{layout.clean(agency)}文件"
        size = max(
            _MARK_SMALLEST, min(_MARK_LARGEST, layout.TYPE_AREA_WIDTH / 20 / width_in_characters(text) - 0.5)
        )
        mark = self.document.add_paragraph()
        mark.alignment = WD_ALIGN_PARAGRAPH.CENTER
        # 35 mm between the top of the type area and the top edge of the mark.
        mark.paragraph_format.space_before = Pt(99.2)
        layout.set_line(mark._p.get_or_add_pPr(), round(size * 1.2))
        self.write(mark, text, font=layout.SONG_TITLE, size=round(size * 2) / 2, colour=layout.RED)
        line = self.document.add_paragraph()
        line.paragraph_format.space_before = Pt(2 * layout.LINE)
        self._number(line, number, signatory)
        _border(line, "bottom", size=12, space=11, colour=layout.RED)

    def _number(self, line: Paragraph, number: str | None, signatory: str | None) -> None:
        if not signatory:
            line.alignment = WD_ALIGN_PARAGRAPH.CENTER
            self.write(line, number or "")
            return
        # Tab stops and no indent: an indented paragraph would shorten the red line under it.
        one = round(layout.SIZE_BODY * 20)
        line.paragraph_format.tab_stops.add_tab_stop(Twips(one))
        line.paragraph_format.tab_stops.add_tab_stop(
            Twips(layout.TYPE_AREA_WIDTH - one), WD_TAB_ALIGNMENT.RIGHT
        )
        line.add_run().add_tab()
        self.write(line, number or "")
        line.add_run().add_tab()
        self.write(line, "签发人：")
        self.write(line, signatory, font=layout.KAI)

    def title(self, agency: str, subject: str) -> None:
        """The title, broken after the agency where one line does not hold it."""
        paragraph = self.document.add_paragraph(style="Title")
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        paragraph.paragraph_format.space_before = Pt(2 * layout.LINE)
        self.write(paragraph, agency, font=layout.SONG_TITLE, size=layout.SIZE_TITLE)
        if width_in_characters(agency + subject) > _TITLE_CHARACTERS:
            paragraph.runs[-1].add_break()
        self.write(paragraph, subject, font=layout.SONG_TITLE, size=layout.SIZE_TITLE)

    def addressees(self, recipients: Sequence[str]) -> None:
        """主送机关, one blank line under the title; nothing when there are none."""
        names = [name for name in map(layout.clean, recipients) if name]
        paragraph = self.document.add_paragraph()
        paragraph.paragraph_format.space_before = Pt(layout.LINE)
        if names:
            self.write(paragraph, f"{'、'.join(names)}：")
        else:
            layout.set_line(paragraph._p.get_or_add_pPr(), 1)

    def heading(self, text: str, level: int, position: int) -> None:
        """一、黑体, (一)楷体, 1. 仿宋; `position` counts from 1."""
        numeral = _NUMERALS[position - 1] if position <= len(_NUMERALS) else str(position)
        label = {1: f"{numeral}、", 2: f"（{numeral}）", 3: f"{position}. "}[level]
        paragraph = self.document.add_paragraph(style=f"Heading {level}")
        layout.indent(paragraph, first=200)
        self.write(paragraph, label + layout.clean(text))

    def body(self, pieces: Sequence[Piece]) -> None:
        """A paragraph of the text, indented by two characters."""
        paragraph = self.document.add_paragraph()
        paragraph.alignment = WD_ALIGN_PARAGRAPH.JUSTIFY
        layout.indent(paragraph, first=200)
        for piece in pieces:
            self.write(paragraph, piece)

    def annex_list(self, titles: Sequence[str]) -> None:
        """附件说明, one blank line under the text, without a final stop."""
        for position, title in enumerate(titles, 1):
            paragraph = self.document.add_paragraph()
            if position == 1:
                paragraph.paragraph_format.space_before = Pt(layout.LINE)
                layout.indent(paragraph, left=200)
            else:
                layout.indent(paragraph, left=500)
            label = f"{position}. " if len(titles) > 1 else ""
            self.write(paragraph, f"{'附件：' if position == 1 else ''}{label}{title}")

    def signature(self, agency: str, on: date, *, sealed: bool) -> None:
        """Name and date; sealed with the name centred over the date, else two from the right."""
        day = chinese_date(on)
        name = layout.clean(agency)
        name_width, day_width = width_in_characters(name), width_in_characters(day)
        if sealed:
            day_right = max(4.0, min((name_width - day_width) / 2, 14.0))
            name_right = max(0.0, day_right - (name_width - day_width) / 2)
        else:
            # The date begins two characters right of the name's beginning.
            name_right = 2.0 + max(0.0, day_width + 2 - name_width)
            day_right = max(2.0, name_right + name_width - 2 - day_width)
        for text, right, before in ((name, name_right, 2 * layout.LINE), (day, day_right, 0.0)):
            paragraph = self.document.add_paragraph()
            paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
            paragraph.paragraph_format.space_before = Pt(before)
            paragraph.paragraph_format.keep_with_next = bool(before)
            layout.indent(paragraph, right=round(right * 100))
            self.write(paragraph, text)

    def annex_page(self, position: int, title: str) -> None:
        """A new page with 附件1 top left and its title on the third line."""
        label = self.document.add_paragraph()
        label.paragraph_format.page_break_before = True
        self.write(label, f"附件{position}", font=layout.HEI)
        heading = self.document.add_paragraph(style="Title")
        heading.alignment = WD_ALIGN_PARAGRAPH.CENTER
        heading.paragraph_format.space_before = Pt(layout.LINE)
        heading.paragraph_format.space_after = Pt(layout.LINE / 2)
        self.write(heading, title, font=layout.SONG_TITLE, size=layout.SIZE_TITLE)

    def note(self, text: str) -> None:
        """A small line of explanation above a table."""
        paragraph = self.document.add_paragraph(style=layout.TABLE_STYLE)
        paragraph.paragraph_format.space_after = Pt(6)
        self.write(paragraph, text, size=layout.SIZE_TABLE + 1.5)

    def imprint(self, copies: Sequence[str], agency: str, on: date) -> None:
        """版记 at the foot of the last page: 抄送, and who printed it when."""
        names = [name for name in map(layout.clean, copies) if name]
        rows = [(f"抄送：{'，'.join(names)}。", "")] if names else []
        rows.append((layout.clean(agency), f"{chinese_date(on)}印发"))
        self._hairline()
        table = self.document.add_table(rows=len(rows), cols=1)
        _float_at_foot(table._tbl)
        for position, (left, right) in enumerate(rows):
            cell = table.rows[position].cells[0]
            # 0.35 mm outside, 0.25 mm between (eighths of a point).
            last = position == len(rows) - 1
            _cell_rules(cell._tc, top=6 if position else 8, bottom=8 if last else 6)
            layout.set_line(cell.paragraphs[0]._p.get_or_add_pPr(), 24)
            self._imprint_row(cell.paragraphs[0], left, right)
        self._hairline()

    def _hairline(self) -> None:
        """A paragraph of no height, to keep a floating table from its neighbours."""
        layout.set_line(self.document.add_paragraph()._p.get_or_add_pPr(), 1)

    def _imprint_row(self, paragraph: Paragraph, left: str, right: str) -> None:
        one = round(layout.SIZE_FOUR * 20)
        stops = paragraph.paragraph_format.tab_stops
        stops.add_tab_stop(Twips(one))
        stops.add_tab_stop(Twips(layout.TYPE_AREA_WIDTH - one), WD_TAB_ALIGNMENT.RIGHT)
        paragraph.add_run().add_tab()
        self.write(paragraph, left, size=layout.SIZE_FOUR)
        if right:
            paragraph.add_run().add_tab()
            self.write(paragraph, right, size=layout.SIZE_FOUR)


def _border(paragraph: Paragraph, side: str, *, size: int, space: int, colour: str) -> None:
    borders = OxmlElement("w:pBdr")
    borders.append(_edge(side, size=size, space=space, colour=colour))
    paragraph._p.get_or_add_pPr().insert_element_before(borders, *_AFTER_BORDERS)


def _float_at_foot(table: Any) -> None:
    """At the foot of the page; LibreOffice before 7.6 leaves a table of full width where it is."""
    place = OxmlElement("w:tblpPr")
    for name, value in (
        ("vertAnchor", "margin"),
        ("horzAnchor", "margin"),
        ("tblpXSpec", "left"),
        ("tblpYSpec", "bottom"),
    ):
        place.set(qn(f"w:{name}"), value)
    table.tblPr.insert_element_before(place, "w:tblOverlap", "w:tblW", "w:jc", "w:tblLayout", "w:tblLook")


def _cell_rules(cell: Any, *, top: int, bottom: int) -> None:
    borders = OxmlElement("w:tcBorders")
    borders.append(_edge("top", size=top, space=0, colour="000000"))
    borders.append(_edge("bottom", size=bottom, space=0, colour="000000"))
    cell.get_or_add_tcPr().append(borders)


def _edge(side: str, *, size: int, space: int, colour: str) -> Any:
    edge = OxmlElement(f"w:{side}")
    for name, value in (("val", "single"), ("sz", size), ("space", space), ("color", colour)):
        edge.set(qn(f"w:{name}"), str(value))
    return edge
