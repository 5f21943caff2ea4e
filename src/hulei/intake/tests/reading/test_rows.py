"""Rows: what counts as data, what is passed over, and each fault as its own finding."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hulei.intake.reading.cells import ErrorCell, FormulaCell, LongCell
from hulei.intake.reading.columns import is_injection
from hulei.intake.reading.faults import ERRORS, WARNINGS
from hulei.intake.reading.recognition import recognise
from hulei.intake.reading.rows import ReadRow, read_ledger
from hulei.intake.reading.templates import load_templates
from hulei.intake.tests.reading.sheets import ID, REGISTER_HEAD, TODAY, reading_of, register_row, sheet_of


def read_one(**changes: Any) -> ReadRow:
    """The one row of a register, changed."""
    _, reading = reading_of([REGISTER_HEAD, register_row(**changes)])
    return next(reading)


def faults(row: ReadRow) -> list[tuple[str, str, str]]:
    return [(f.column, f.code, f.level) for f in row.findings]


def test_a_good_row() -> None:
    row = read_one()
    assert row.findings == () and not row.refused and row.uncertain == ()
    assert (row.number, row.line) == (1, 2)
    assert row.raw["出生日期"] == "2012-06-25" and row.raw["序号"] == "1"
    assert row.values == {
        "name": "张怡",
        "sex": "female",
        "birth_date": date(2012, 6, 25),
        "national_id": ID,
        "school": "示例小学",
        "guardian": "张洋",
        "guardian_phone": "19912345678",
        "address": "示例镇一村1号",
        "visited_on": date(2023, 5, 6),
        "finding": "正常",
    }


@pytest.mark.parametrize(
    ("label", "cell", "code", "level"),
    [
        ("姓名", None, "name_missing", "error"),
        ("姓名", "/", "name_missing", "error"),
        ("姓名", "\u3000", "name_missing", "error"),
        ("出生日期", "2011年13月40日", "date_invalid", "error"),
        ("出生日期", "12.6.25", "date_incomplete", "error"),
        ("出生日期", "2030-01-01", "date_implausible", "warning"),
        ("出生日期", "1903-01-01", "date_implausible", "warning"),
        ("身份证号", 4.59900201206254e17, "national_id_rounded", "error"),
        ("身份证号", "4599002012062540", "national_id_invalid", "error"),
        ("身份证号", "459900201206254034", "national_id_checksum", "warning"),
        ("身份证号", "459900120625403", "national_id_old", "warning"),
        ("监护人电话", "1991234", "phone_invalid", "warning"),
        ("性别", "不男不女", "choice_unknown", "warning"),
        ("家庭住址", ErrorCell("#REF!"), "cell_error", "error"),
        ("家庭住址", "#N/A", "cell_error", "error"),
        ("家庭住址", FormulaCell("=A1"), "formula_injection", "error"),
        ("家庭住址", LongCell("长"), "cell_too_long", "error"),
        ("出生日期", "2" * 5000, "cell_too_long", "error"),
        ("家庭住址", 459900201206254033, "number_rounded", "error"),
        ("走访情况", "=1+1", "formula_injection", "error"),
        ("序号", "=cmd|' /C calc'!A0", "formula_injection", "error"),
    ],
)
def test_one_fault(label: str, cell: Any, code: str, level: str) -> None:
    row = read_one(**{label: cell})
    if label == "监护人电话":
        assert row.values["guardian_phone"] == "1991234"
    assert faults(row) == [(label, code, level)]
    assert row.refused is (level == "error")
    message = row.findings[0].message + row.findings[0].message_en
    assert message and str(cell) not in message


def test_an_uncertain_id_is_kept_and_marked() -> None:
    row = read_one(身份证号="459900201206254034")
    assert row.values["national_id"] == "459900201206254034" and row.uncertain == ("national_id",)


def test_each_fault_is_its_own_finding() -> None:
    row = read_one(姓名=None, 身份证号=4.59900201206254e17, 出生日期="2023-02-30", 走访情况="@SUM(A1)")
    assert sorted(faults(row)) == sorted(
        [
            ("姓名", "name_missing", "error"),
            ("出生日期", "date_invalid", "error"),
            ("身份证号", "national_id_rounded", "error"),
            ("走访情况", "formula_injection", "error"),
        ]
    )


def test_a_rounded_id_is_never_shown_with_digits_it_lost() -> None:
    assert read_one(身份证号=4.59900201206254e17).raw["身份证号"] == "4.59900201206254E+17"
    assert read_one(身份证号=459900201206254033).raw["身份证号"] == "4.59900201206254E+17"


@pytest.mark.parametrize(
    "text",
    [
        "=1+1", "=HYPERLINK(\"http://x\")", "=cmd|' /C calc'!A0", "＝1+1", " =1+1", "'=1+1",
        "\t=1+1", "\r=1+1",
        "+cmd|' /C calc'!A0", "-cmd|' /C calc'!A0", "@SUM(1+1)", "-2+3+cmd|x", "+A1", "-A1", "－ABS(1)",
        "=一",
        "\u200b=1+1", "=-1", "+1+1", "-2*(3)", "+cmd",
    ],
)  # fmt: skip
def test_what_runs_as_a_formula(text: str) -> None:
    assert is_injection(text)


@pytest.mark.parametrize(
    "text",
    [
        "-", "--", "——", "-5", "+5", "-5.5%", "+86 19912345678", "-无", "+家长陪同", "张三=李四", "a@b.cn",
        "", " ",
        '="459900201206254033"', "\t459900201206254033", "'459900201206254033", "2023-10-27",
        "=",
        "1+1", "＋8619912345678", "@", "-3,000", "-3栋(东)", "-已整改(部分)", "+A组", "-1.5E+3",
    ],
)  # fmt: skip
def test_what_does_not(text: str) -> None:
    assert not is_injection(text)


def test_ids_wrapped_against_rounding_are_unwrapped() -> None:
    for wrapped in (f'="{ID}"', f"\t{ID}", f"'{ID}"):
        row = read_one(身份证号=wrapped)
        assert row.values["national_id"] == ID and row.findings == ()


def test_numbering_counts_refused_rows_and_skips_the_rest() -> None:
    grid = [
        ["网格走访台账"],
        ["填报单位:某局"],
        REGISTER_HEAD,
        [str(n) for n in range(1, 12)],
        register_row(1),
        [None] * 11,
        register_row(2, 姓名=None),
        ["小计", 2],
        REGISTER_HEAD,
        ["二、营盘镇"],
        register_row(3),
        [4, *[None] * 10],
        ["合 计", None, 3],
        ["", "共计：3人"],
        ["制表人：张三", None, None, "审核：李四", None, "日期：2023年12月29日"],
        ["注：本表一式两份，由派出所和社区各存一份。"],
        ["备注:略"],
        register_row(5),
    ]
    found, reading = reading_of(grid)
    assert found.head_lines == (3,)
    rows = list(reading)
    assert [(row.number, row.line, row.refused) for row in rows] == [
        (1, 5, False),
        (2, 7, True),
        (3, 11, False),
        (4, 18, False),
    ]
    assert reading.skipped == {"head": 2, "total": 3, "note": 4, "blank": 1}


def test_a_row_that_only_looks_like_a_note_is_data() -> None:
    _, reading = reading_of(
        [REGISTER_HEAD, register_row(姓名="合"), register_row(姓名="注"), register_row(家庭住址="以上")]
    )
    assert len(list(reading)) == 3


def test_a_nearly_empty_row_is_refused_not_lost() -> None:
    _, reading = reading_of([REGISTER_HEAD, [1, None, "女"]])
    assert [faults(row) for row in reading] == [[("姓名", "name_missing", "error")]]


def test_cells_merged_downwards_count_for_each_row() -> None:
    head = ["专项编号", "专项名称", "责任单位", "部署日期", "落实日期", "跟踪日期", "考核日期", "考核得分"]
    grid = [
        head,
        ["ZX-1", "寒假行动", "甲所", "2023.1.1", None, None, None, 95.5],
        [None, None, "乙所", "2023.1.2", None, None, None, None],
        ["ZX-2", "暑期行动", "甲所", "2023.7.1", None, None, None, None],
        [None, None, "乙所", "2023.7.2", None, None, None, None],
    ]
    _, reading = reading_of(grid, merges=[(2, 0, 3, 0), (2, 1, 3, 1), (4, 0, 5, 1)])
    rows = list(reading)
    assert [row.values["directive_number"] for row in rows] == ["ZX-1", "ZX-1", "ZX-2", "ZX-2"]
    assert [row.values["directive_title"] for row in rows[:2]] == ["寒假行动", "寒假行动"]
    assert [row.values["score"] for row in rows] == [Decimal("95.5"), None, None, None]


def test_a_head_of_two_levels_repeated_on_a_later_page() -> None:
    upper = ["序号", "儿童信息", None, None, "监护人信息", None, "走访日期", "走访情况"]
    lower = [None, "姓名", "性别", "身份证号", "姓名", "联系电话", None, None]
    row = [1, "张怡", "女", ID, "张洋", "19912345678", "2023-5-6", "正常"]
    _, reading = reading_of([upper, lower, row, upper, lower, row])
    assert [r.line for r in reading] == [3, 6]


_CELLS = (
    st.none()
    | st.text(max_size=30)
    | st.sampled_from(["合计", "姓名", "备注:", "=1+1", "/", ID, "2023.2.30", "无", "注", "一、"])
    | st.integers(-10, 10**19)
    | st.floats()
    | st.booleans()
    | st.datetimes()
    | st.dates()
    | st.times()
    | st.timedeltas()
    | st.just(ErrorCell("#N/A"))
    | st.just(FormulaCell("=A1"))
    | st.just(LongCell("长"))
)


@settings(max_examples=150)
@given(st.lists(st.lists(_CELLS, max_size=14), max_size=8))
def test_no_sheet_breaks_the_reading(grid: list[list[Any]]) -> None:
    sheet = sheet_of([REGISTER_HEAD, register_row(), *grid, register_row()])
    found = recognise(sheet.head(), load_templates())
    rows = list(read_ledger(sheet, found, today=TODAY))
    assert [row.number for row in rows] == list(range(1, len(rows) + 1))
    assert rows[0].line == 2 and rows[0].findings == () and rows[-1].findings == ()
    for row in rows:
        assert {fault.column for fault in row.findings} <= set(found.labels)
        assert all(value is None or isinstance(value, str) for value in row.raw.values())
        assert row.refused or row.values["name"]


def test_all_types_of_a_ledger() -> None:
    head = ["学校", "点位", "时段", "民警人数", "保安(教师)人数", "家长志愿者人数", "交通管制"]
    _, reading = reading_of(
        [
            head,
            ["甲", "甲门", "7:10-7:50", "2人", None, 3.0, None],
            ["甲", "甲门", "放学", -1, 1.5, "x", None],
        ]
    )
    good, bad = reading
    assert (good.values["police"], good.values["guards"], good.values["volunteers"]) == (2, None, 3)
    assert [f.code for f in bad.findings] == [
        "time_invalid",
        "number_invalid",
        "number_invalid",
        "number_invalid",
    ]


def test_choices_say_what_is_allowed() -> None:
    head = ["接警时间", "警情编号", "警情性质"]
    _, reading = reading_of([["涉未成年人警情台账"], head, ["2023-1-1 8:00", "J1", "火星"]])
    (fault,) = next(reading).findings
    assert (fault.code, fault.level) == ("choice_unknown", "error") and "治安" in fault.message


def test_no_message_is_left_unfilled() -> None:
    for texts in (ERRORS, WARNINGS):
        for text in texts.values():
            filled = text.fill(allowed="x")
            assert "{" not in filled.zh and "{" not in filled.en and filled.en


def test_an_unrecognised_sheet_cannot_be_read() -> None:
    sheet = sheet_of([["品名", "单价"], ["x", 1]])
    with pytest.raises(ValueError, match="not recognised"):
        read_ledger(sheet, recognise(sheet.head(), load_templates()), today=TODAY)
