"""Tables of the annex: ruled, with a head that repeats and rows that do not split."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Twips

from hulei.insight.documents import layout
from hulei.insight.documents.content import Piece
from hulei.insight.documents.parts import Writer


@dataclass(frozen=True)
class TableColumn:
    """One column: head, share of the width, and how its text stands."""

    head: str
    share: float
    align: str = "left"


Cell = Sequence[Sequence[Piece]]


def write_table(
    writer: Writer, columns: Sequence[TableColumn], rows: Sequence[Sequence[Cell]], summary: str
) -> None:
    """A table over the whole type area; a cell is a row of paragraphs, each of pieces.

    `summary` is what a screen reader says before it enters the table.
    """
    table = writer.document.add_table(rows=1 + len(rows), cols=len(columns))
    table.style = writer.document.styles["Table Grid"]
    table.autofit = False
    _describe(table._tbl, summary)
    total = sum(column.share for column in columns)
    widths = [round(layout.TYPE_AREA_WIDTH * column.share / total) for column in columns]
    for grid, width in zip(table._tbl.tblGrid.findall(qn("w:gridCol")), widths, strict=True):
        grid.set(qn("w:w"), str(width))
    heads: list[Cell] = [((column.head,),) for column in columns]
    for position, cells in enumerate([heads, *rows]):
        row = table.rows[position]
        _mark_row(row._tr, head=position == 0)
        for cell, column, width, content in zip(row.cells, columns, widths, cells, strict=True):
            cell.width = Twips(width)
            _fill(writer, cell, content, "center" if position == 0 else column.align, head=position == 0)


def _fill(writer: Writer, cell: Any, content: Cell, align: str, *, head: bool) -> None:
    for number, pieces in enumerate(content):
        paragraph = cell.paragraphs[0] if number == 0 else cell.add_paragraph()
        # By id: looking a style up by name walks over all styles for each cell.
        paragraph._p.style = layout.TABLE_STYLE
        _align(paragraph, align)
        for piece in pieces:
            writer.write(
                paragraph, piece, font=layout.HEI if head else layout.FANG_SONG, size=layout.SIZE_TABLE
            )


def _align(paragraph: Any, align: str) -> None:
    properties = paragraph._p.get_or_add_pPr()
    # Long metric ids may break anywhere rather than push a column wide.
    wrap = OxmlElement("w:wordWrap")
    wrap.set(qn("w:val"), "0")
    properties.insert_element_before(wrap, "w:spacing", "w:ind", "w:jc", "w:rPr")
    element = OxmlElement("w:jc")
    element.set(qn("w:val"), align)
    properties.append(element)


def _mark_row(row: Any, *, head: bool) -> None:
    properties = row.get_or_add_trPr()
    properties.append(OxmlElement("w:cantSplit"))
    if head:
        properties.append(OxmlElement("w:tblHeader"))


def _describe(table: Any, summary: str) -> None:
    description = OxmlElement("w:tblDescription")
    description.set(qn("w:val"), layout.clean(summary))
    table.tblPr.append(description)
