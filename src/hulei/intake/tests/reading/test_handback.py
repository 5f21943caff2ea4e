"""The sheet that goes back: everything in its place, reasons in the bad rows, and safe to take in again."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from hulei.common.landing import Finding
from hulei.intake.reading.blanks import blank_sheet
from hulei.intake.reading.handback import hand_back
from hulei.intake.reading.recognition import REASON_LABEL, Recognition, recognise
from hulei.intake.reading.rows import ReadRow, read_ledger
from hulei.intake.reading.templates import Template, load_templates
from hulei.intake.reading.workbook import open_workbook
from hulei.intake.tests.reading.sheets import (
    ID,
    REGISTER_HEAD,
    TODAY,
    register_row,
    write_csv,
    write_xls,
    write_xlsx,
)

GRID = [
    ["网格走访台账"],
    ["填报单位:某局"],
    REGISTER_HEAD,
    register_row(1, 出生日期=datetime(2012, 6, 25)),
    register_row(2, 姓名=None, 身份证号=4.59900201206254e17),
    register_row(3, 走访情况="@SUM(A1)"),
    ["合计", 3],
    ["制表人:张三"],
]


def read(path: Path) -> tuple[Recognition, list[ReadRow]]:
    with open_workbook(path) as book:
        sheet = book.sheets[0]
        found = recognise(sheet.head(), load_templates())
        return found, list(read_ledger(sheet, found, today=TODAY))


def send_back(path: Path, out: Path, **options: Any) -> int:
    with open_workbook(path) as book:
        sheet = book.sheets[0]
        found = recognise(sheet.head(), load_templates())
        findings = {row.number: row.findings for row in read_ledger(sheet, found, today=TODAY) if row.refused}
        return hand_back(sheet, found, findings, out, **options)


def cells(path: Path) -> list[list[Any]]:
    page = openpyxl.load_workbook(path).active
    assert page is not None
    return [list(row) for row in page.iter_rows(values_only=True)]


@pytest.fixture(params=[write_xlsx, write_xls, write_csv])
def source(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    return request.param(tmp_path / "source", GRID)


def test_every_row_keeps_its_place_and_bad_ones_say_why(source: Path, tmp_path: Path) -> None:
    assert send_back(source, tmp_path / "back.xlsx") == 2
    grid = cells(tmp_path / "back.xlsx")
    assert [row[0] for row in grid[:3]] == ["网格走访台账", "填报单位:某局", "序号"]
    assert grid[2][:11] == REGISTER_HEAD and grid[2][11] == REASON_LABEL
    assert grid[3][11] is None and grid[6][11] is None
    assert "姓名" in grid[4][11] and "身份证号" in grid[4][11]
    assert "公式" in grid[5][11]
    assert grid[6][0] == "合计" and grid[7][0] == "制表人:张三"


def test_the_same_faults_are_found_when_it_comes_again_unchanged(source: Path, tmp_path: Path) -> None:
    """Above all a rounded id must not come back looking like a typed one."""
    _, before = read(source)
    send_back(source, tmp_path / "back.xlsx")
    found, after = read(tmp_path / "back.xlsx")
    assert found.certain
    assert [row.findings for row in after] == [row.findings for row in before]
    assert [row.values for row in after] == [row.values for row in before]
    assert all(REASON_LABEL not in row.raw for row in after)


def test_handing_back_twice_does_not_add_a_column(source: Path, tmp_path: Path) -> None:
    send_back(source, tmp_path / "once.xlsx")
    send_back(tmp_path / "once.xlsx", tmp_path / "twice.xlsx")
    assert cells(tmp_path / "twice.xlsx") == cells(tmp_path / "once.xlsx")


def test_a_corrected_sheet_goes_in(source: Path, tmp_path: Path) -> None:
    send_back(source, tmp_path / "back.xlsx")
    book = openpyxl.load_workbook(tmp_path / "back.xlsx")
    page = book.active
    assert page is not None
    page.cell(5, 2).value, page.cell(5, 5).value, page.cell(6, 11).value = "莫熙", ID, "正常"
    book.save(tmp_path / "fixed.xlsx")
    assert [row.findings for row in read(tmp_path / "fixed.xlsx")[1]] == [(), (), ()]


def test_only_the_bad_rows_if_wished(source: Path, tmp_path: Path) -> None:
    assert send_back(source, tmp_path / "back.xlsx", only_bad=True) == 2
    _, rows = read(tmp_path / "back.xlsx")
    assert len(rows) == 2 and all(row.refused for row in rows)


def test_nothing_is_written_as_a_formula_and_columns_for_ids_are_text(source: Path, tmp_path: Path) -> None:
    send_back(source, tmp_path / "back.xlsx")
    page = openpyxl.load_workbook(tmp_path / "back.xlsx").active
    assert page is not None
    assert not [cell.coordinate for row in page.iter_rows() for cell in row if cell.data_type == "f"]
    assert page.cell(4, 5).number_format == "@"


def test_values_merged_downwards_are_written_in_each_row(tmp_path: Path) -> None:
    head = ["专项编号", "专项名称", "责任单位", "部署日期", "落实日期", "跟踪日期", "考核日期", "考核得分"]
    grid = [head, ["ZX-1", "寒假行动", "甲所", "2023.1.1"], [None, None, "乙所", "2023.13.2"]]
    path = write_xlsx(tmp_path / "t.xlsx", grid, merges=["A2:A3", "B2:B3"])
    send_back(path, tmp_path / "back.xlsx")
    _, rows = read(tmp_path / "back.xlsx")
    assert [row.values["directive_number"] for row in rows] == ["ZX-1", "ZX-1"]
    assert [[f.code for f in row.findings] for row in rows] == [[], ["date_invalid"]]


def test_findings_of_the_chapters_stand_beside_ours(tmp_path: Path) -> None:
    path = write_xlsx(tmp_path / "t.xlsx", GRID)
    with open_workbook(path) as book:
        sheet = book.sheets[0]
        found = recognise(sheet.head(), load_templates())
        unknown = Finding("就读学校", "unit_unknown", "没有这所学校。", "No such school.")
        hand_back(sheet, found, {1: [unknown]}, tmp_path / "back.xlsx")
    assert cells(tmp_path / "back.xlsx")[3][11] == "就读学校：没有这所学校。"


@pytest.mark.parametrize("ledger", load_templates(), ids=lambda t: t.id)
def test_a_blank_sheet_is_recognised_as_its_ledger(ledger: Template, tmp_path: Path) -> None:
    (tmp_path / "t.xlsx").write_bytes(blank_sheet(ledger))
    found, rows = read(tmp_path / "t.xlsx")
    assert (found.status, found.ledger, rows) == ("recognised", ledger.id, [])
    assert len(found.mapping) == len(ledger.columns)
