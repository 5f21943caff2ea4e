"""The whole report: what the document prints is what the figures say."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from datetime import date

import pytest
from docx import Document
from hypothesis import given, settings
from hypothesis import strategies as st

from hulei.insight.documents.content import fingerprint, scope_of
from hulei.insight.documents.controls import FigureMismatch, plain_value
from hulei.insight.documents.work_report import as_json, read_figures, render
from hulei.insight.tests.documents.samples import YEAR, changed, figure, figures, months, report

ZEROS = {metric_id: "0" for metric_id in YEAR}
NOTHING = {metric_id: None for metric_id in YEAR}
AWKWARD = "“护蕾”<&>\"' 行动\x00\x0b\u202e\ud800\r\n第二行—— 🌱"


def paragraphs(document: bytes) -> list[str]:
    """The text of each paragraph, content controls included."""
    body = Document(io.BytesIO(document)).element.body
    return ["".join(t.text or "" for t in p.xpath(".//w:t")) for p in body.xpath("./w:p")]


@pytest.mark.parametrize("values", [YEAR, ZEROS, NOTHING], ids=["year", "zeros", "nothing"])
def test_the_document_prints_what_the_figures_say(values: dict[str, str | None]) -> None:
    assert read_figures(render(report(figures(values)))) == dict(values)


@settings(max_examples=15, deadline=None)
@given(
    st.dictionaries(
        st.sampled_from([name for name in YEAR if not name.endswith("percent")]),
        st.integers(0, 10**7).map(str) | st.none(),
        max_size=28,
    ),
    st.decimals(-100, 1000, places=2).map(lambda d: f"{d + 0:.2f}") | st.none(),
)
def test_any_value_is_read_back(values: dict[str, str | None], change: str | None) -> None:
    wanted = {**values, "security_calls_yoy_percent": change}
    got = read_figures(render(report(figures(wanted))))
    zero = {name: "0" for name, value in wanted.items() if value is not None and float(value) == 0}
    assert {**got, **zero} == {**wanted, **zero}


def test_json_and_document_agree() -> None:
    whole = report()
    told = as_json(whole)
    assert {one["id"]: one["value"] for one in told["figures"]} == read_figures(render(whole))
    printed = "\n".join(paragraphs(render(whole)))
    for section in told["sections"]:
        assert section["title"] in printed
        assert all(passage["text"] in printed for passage in section["passages"])
    json.dumps(told, ensure_ascii=False)


def test_equal_reports_are_equal_files() -> None:
    assert render(report()) == render(report())


def test_a_figure_printed_with_two_values_is_found() -> None:
    whole = report()
    annex = replace(whole.annex, figures=tuple(changed(lectures="35")))
    with pytest.raises(FigureMismatch):
        read_figures(render(replace(whole, annex=annex)))


def test_awkward_text_neither_breaks_nor_forges_anything() -> None:
    one = figure("lectures", "34", title=AWKWARD, definition=AWKWARD, unit=AWKWARD, version=AWKWARD)
    document = render(
        report(
            [one],
            area_name=AWKWARD,
            issuing_agency=AWKWARD,
            recipients=[AWKWARD, "\x00"],
            copies=[AWKWARD],
            document_number=AWKWARD,
            signatory=AWKWARD,
        )
    )
    assert read_figures(document) == {"lectures": "34"}
    text = "".join(paragraphs(document))
    assert "“护蕾”<&>\"' 行动 第二行—— 🌱文件" in text
    assert "\u202e" not in text


def test_long_names_stay_whole() -> None:
    name = "广西壮族自治区北海市铁山港区未成年人保护工作领导小组办公室暨预防未成年人违法犯罪工作专班"
    document = render(report(issuing_agency=name, recipients=[name] * 6))
    assert f"{name}文件" in paragraphs(document)
    assert (
        Document(io.BytesIO(document)).core_properties.title == f"{name}关于2023年未成年人保护工作情况的报告"
    )


def test_without_number_recipients_copies_or_series() -> None:
    bare = report(document_number=None, recipients=[], copies=[], series=[])
    text = paragraphs(render(bare))
    assert not any("附件2" in line or "抄送" in line for line in text)
    assert "附件：数据口径及核验表" in text


def test_the_annex_carries_all_that_is_needed_to_check() -> None:
    whole = report()
    tables = Document(io.BytesIO(render(whole))).tables
    rows = tables[0].rows
    assert len(rows) == 1 + len(YEAR)
    for one, row in zip(whole.annex.figures, rows[1:], strict=True):
        cells = ["".join(t.text or "" for t in cell._tc.xpath(".//w:t")) for cell in row.cells]
        assert one.metric_id in cells[1]
        assert cells[2] == f"{one.value_text}{one.unit}"
        assert one.definition in cells[3]
        assert cells[4] == f"{one.numerator}/{one.denominator}" if one.denominator else one.numerator
        assert cells[5] == "12"
        assert cells[6].endswith(fingerprint(one, scope_of(whole)))


def test_series_without_a_value_and_more_than_fit() -> None:
    whole = report(series=months(*"abcdefghij"))
    tables = Document(io.BytesIO(render(whole))).tables
    assert [len(table.columns) for table in tables[1:3]] == [6, 6]
    assert tables[1].rows[12].cells[1].text == "--"


def test_a_fingerprint_changes_with_anything_it_covers() -> None:
    one = figure("lectures", "34")
    scope = ("铁山港区", "2023-01-01", "2023-12-29", "2023-12-29")
    others = [
        replace(one, value_text="35"),
        replace(one, version="2"),
        replace(one, denominator="1"),
        replace(one, rows_count=None),
        replace(one, definition="另一口径"),
        replace(one, query_text="other rows"),
    ]
    prints = {fingerprint(other, scope) for other in [one, *others]} | {
        fingerprint(one, ("合浦县", *scope[1:]))
    }
    assert len(prints) == len(others) + 2


def test_the_period_ends_with_the_as_of_day() -> None:
    during = report(as_of=date(2023, 6, 30))
    after = report(as_of=date(2024, 2, 1))
    assert (during.to_on, after.to_on) == (date(2023, 6, 30), date(2023, 12, 31))
    assert "现将2023年1月1日至6月30日北海市铁山港区" in "".join(map(str, during.opening.pieces))


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("4,920", "4920"),
        ("下降33.67%", "-33.67"),
        ("上升5%", "5"),
        ("持平", "0"),
        ("未", "0"),
        ("--", None),
        ("", None),
        ("<5", "<5"),
        ("-33.67", "-33.67"),
    ],
)
def test_printed_words_turn_back_into_numbers(text: str, value: str | None) -> None:
    assert plain_value(text) == value


def test_a_wording_that_is_no_number_is_refused() -> None:
    with pytest.raises(FigureMismatch):
        plain_value("若干")
