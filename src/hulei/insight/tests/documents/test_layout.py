"""The official page, read out of the document's own XML."""

from __future__ import annotations

import io
import zipfile
from typing import Any

import pytest
from docx import Document
from docx.oxml.ns import qn

from hulei.insight.documents import layout
from hulei.insight.documents.parts import width_in_characters
from hulei.insight.documents.work_report import render
from hulei.insight.tests.documents.samples import report

#: Word refuses a document whose properties stand in another order.
ORDER = {
    "pPr": "pStyle keepNext keepLines pageBreakBefore framePr widowControl numPr suppressLineNumbers pBdr "
    "shd tabs suppressAutoHyphens kinsoku wordWrap overflowPunct topLinePunct autoSpaceDE autoSpaceDN bidi "
    "adjustRightInd snapToGrid spacing ind contextualSpacing mirrorIndents suppressOverlap jc textDirection "
    "textAlignment textboxTightWrap outlineLvl divId cnfStyle rPr sectPr pPrChange",
    "rPr": "rStyle rFonts b bCs i iCs caps smallCaps strike dstrike outline shadow emboss imprint noProof "
    "snapToGrid vanish webHidden color spacing w kern position sz szCs highlight u effect bdr shd fitText "
    "vertAlign rtl cs em lang eastAsianLayout specVanish oMath",
    "tblPr": "tblStyle tblpPr tblOverlap bidiVisual tblStyleRowBandSize tblStyleColBandSize tblW jc "
    "tblCellSpacing tblInd tblBorders shd tblLayout tblCellMar tblLook tblCaption tblDescription",
    "tcPr": "cnfStyle tcW gridSpan hMerge vMerge tcBorders shd noWrap tcMar textDirection tcFitText "
    "vAlign hideMark",
    "pBdr": "top left bottom right between bar",
    "sdtPr": "rPr alias tag id lock placeholder temporary showingPlcHdr dataBinding label tabIndex text",
}


@pytest.fixture(scope="module")
def package() -> bytes:
    return render(report(signatory="张三"))


@pytest.fixture(scope="module")
def word(package: bytes) -> Any:
    return Document(io.BytesIO(package))


def test_the_sheet_and_its_type_area(word: Any) -> None:
    page = word.sections[0]
    assert (page.page_width.twips, page.page_height.twips) == (11906, 16838)
    margins = (page.top_margin, page.bottom_margin, page.left_margin, page.right_margin)
    assert [one.twips for one in margins] == [2098, 1984, 1588, 1474]


def test_twenty_two_lines_of_twenty_eight_characters() -> None:
    height = (layout.PAGE_HEIGHT - layout.MARGIN_TOP - layout.MARGIN_BOTTOM) / 20
    assert int(height / layout.LINE) == 22
    character = layout.SIZE_BODY + layout.SPACING / 20
    assert int(layout.TYPE_AREA_WIDTH / 20 / character) == 28


def test_the_body_style_carries_the_grid(word: Any) -> None:
    style = word.styles["Normal"].element
    spacing = style.find(f"{qn('w:pPr')}/{qn('w:spacing')}")
    assert (spacing.get(qn("w:line")), spacing.get(qn("w:lineRule"))) == ("579", "exact")
    run = style.find(qn("w:rPr"))
    assert run.find(qn("w:spacing")).get(qn("w:val")) == "-5"
    assert run.find(qn("w:sz")).get(qn("w:val")) == "32"
    assert run.find(qn("w:rFonts")).get(qn("w:eastAsia")) == "仿宋_GB2312"


@pytest.mark.parametrize(
    ("style", "font"), [("Heading 1", "黑体"), ("Heading 2", "楷体_GB2312"), ("Title", "方正小标宋简体")]
)
def test_headings_have_their_fonts(word: Any, style: str, font: str) -> None:
    fonts = word.styles[style].element.find(f"{qn('w:rPr')}/{qn('w:rFonts')}")
    assert fonts.get(qn("w:eastAsia")) == font


def test_headings_are_numbered_as_offices_number(word: Any) -> None:
    first = [p.text for p in word.paragraphs if p.style.name == "Heading 1"]
    assert [text[:2] for text in first] == ["一、", "二、", "三、", "四、", "五、"]
    second = [p.text for p in word.paragraphs if p.style.name == "Heading 2"]
    assert second[0] == "（一）联席会议与议定事项"


def test_body_paragraphs_are_indented_by_two_characters(word: Any) -> None:
    body = next(p for p in word.paragraphs if "现将2023年" in p.text)
    assert body._p.pPr.find(qn("w:ind")).get(qn("w:firstLineChars")) == "200"


def test_page_numbers_right_on_odd_and_left_on_even_pages(word: Any) -> None:
    assert word.settings.odd_and_even_pages_header_footer
    section = word.sections[0]
    for footer, side in ((section.footer, "right"), (section.even_page_footer, "left")):
        paragraph = footer.paragraphs[0]
        assert paragraph._p.pPr.find(qn("w:jc")).get(qn("w:val")) == side
        assert paragraph._p.pPr.find(qn("w:ind")).get(qn(f"w:{side}Chars")) == "100"
        assert paragraph.text == "——"
        assert "PAGE" in "".join(e.text for e in paragraph._p.iter(qn("w:instrText")))


def test_properties_stand_in_the_order_of_the_schema(package: bytes) -> None:
    document = Document(io.BytesIO(package))
    roots = [document.element, document.styles.element, document.sections[0].footer._element]
    for root in roots:
        for tag, order in ORDER.items():
            known = order.split()
            for element in root.iter(qn(f"w:{tag}")):
                places = [known.index(child.tag.split("}")[1]) for child in element]
                assert places == sorted(places), (tag, [child.tag for child in element])


def test_content_controls_have_their_own_numbers(word: Any) -> None:
    numbers = [element.get(qn("w:val")) for element in word.element.body.iter(qn("w:id"))]
    assert len(numbers) == len(set(numbers)) > 28


def test_made_for_everyone(word: Any) -> None:
    core = word.core_properties
    assert core.title == "北海市公安局铁山港分局关于2023年未成年人保护工作情况的报告"
    assert (core.author, core.language) == ("北海市公安局铁山港分局", "zh-CN")
    annex = word.tables[:2]
    for table in annex:
        assert table.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None
        assert table._tbl.tblPr.find(qn("w:tblDescription")).get(qn("w:val"))
    language = next(word.styles.element.iter(qn("w:lang")))
    assert language.get(qn("w:eastAsia")) == "zh-CN"


def test_nothing_is_bundled_that_is_not_ours(package: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(package)) as parts:
        assert not [name for name in parts.namelist() if "font" in name.lower() and not name.endswith(".xml")]
        assert not [name for name in parts.namelist() if name.endswith((".jpeg", ".png", ".odttf"))]


def test_the_mark_is_red_and_fits_one_line(word: Any) -> None:
    mark = word.paragraphs[0]
    run = mark.runs[0]
    assert str(run.font.color.rgb) == layout.RED
    assert run.font.size.pt * width_in_characters(mark.text) <= layout.TYPE_AREA_WIDTH / 20


@pytest.mark.parametrize(("sealed", "day_right"), [(True, 400), (False, 200)])
def test_signature_and_date(sealed: bool, day_right: int) -> None:
    word = Document(io.BytesIO(render(report(sealed=sealed, issuing_agency="铁山港分局"))))
    at = next(i for i, p in enumerate(word.paragraphs) if p.text == "2024年1月5日")
    name, day = word.paragraphs[at - 1 : at + 1]
    assert name.text == "铁山港分局"
    assert int(day._p.pPr.find(qn("w:ind")).get(qn("w:rightChars"))) >= day_right


def test_the_imprint_closes_the_document(word: Any) -> None:
    imprint = word.tables[-1]
    texts = [row.cells[0].text.strip() for row in imprint.rows]
    assert texts == ["抄送：铁山港区教育局，铁山港区民政局。", "北海市公安局铁山港分局\t2024年1月5日印发"]
    rules = [
        (edge.tag.split("}")[1], edge.get(qn("w:sz")))
        for row in imprint.rows
        for edge in row.cells[0]._tc.tcPr.find(qn("w:tcBorders"))
    ]
    assert rules == [("top", "8"), ("bottom", "6"), ("top", "6"), ("bottom", "8")]
