"""The demo year's files tell the story: every figure is counted again from the sheets themselves."""

from __future__ import annotations

import csv
import io
import os
import re
import unicodedata
from collections.abc import Iterator
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from hulei.access.terms import Role
from hulei.journeys.demo_year import DEMO_ACCOUNTS, DemoYear, generate
from hulei.journeys.demo_year.persons import check_digit

AS_OF = date(2023, 12, 29)
Row = dict[str, Any]


@pytest.fixture(scope="module")
def year(tmp_path_factory: pytest.TempPathFactory) -> DemoYear:
    return generate(tmp_path_factory.mktemp("demo"))


def rows_of(file: Path) -> Iterator[tuple[str, Row]]:
    """(sheet, row by head word) of a ledger, totals and blanks left out."""
    if file.suffix == ".csv":
        yield from (
            ("", dict(row)) for row in csv.DictReader(io.StringIO(file.read_bytes().decode("gb18030")))
        )
        return
    for sheet in openpyxl.load_workbook(file):
        lines = list(sheet.iter_rows(values_only=True))
        start = next(n for n, line in enumerate(lines) if sum(cell is not None for cell in line) > 3)
        for line in lines[start + 1 :]:
            if any(cell is not None for cell in line) and line[0] != "合计":
                yield sheet.title, dict(zip((str(h) for h in lines[start]), line, strict=True))


@cache
def read(path: Path) -> list[tuple[str, Row]]:
    return list(rows_of(path))


def sheet(year: DemoYear, file: str, name: str) -> list[Row]:
    path = next(f for f in year.files if f.name.startswith(file))
    return [row for title, row in read(path) if not name or title == name]


def day(value: Any) -> date | None:
    """A date in any of the spellings; None for an impossible one."""
    if value is None or isinstance(value, datetime):
        return value.date() if value else None
    text = unicodedata.normalize("NFKC", str(value))
    numbers = re.fullmatch(r"(\d{4})(\d\d)(\d\d)", text) or re.fullmatch(
        r"(\d{4})\D(\d{1,2})\D(\d{1,2})\D?", text
    )
    assert numbers, text
    try:
        return date(*map(int, numbers.groups()))
    except ValueError:
        return None


def calls(year: DemoYear, of: int) -> list[Row]:
    """Each call number once."""
    return list({row["警情编号"]: row for row in sheet(year, f"02_涉未成年人警情台账_{of}", "警情")}.values())


def test_the_story_in_figures(year: DemoYear) -> None:
    told = {key: year.story.figures[key] for key in STORY}
    assert told == STORY
    assert year.story.figures["lectures"] > 30


STORY = {
    "criminal_call_zero_months": 8,
    "security_calls": 65,
    "security_calls_yoy_percent": -33.67,
    "joint_meetings": 13,
    "resolutions": 33,
    "resolutions_done": 27,
    "resolutions_overdue": 2,
    "clues": 13,
    "cases_tracked": 36,
    "cases_back_to_school": 7,
    "cases_back_to_family": 11,
}


def test_calls(year: DemoYear) -> None:
    security = [r for r in calls(year, 2023) if r["警情性质"] == "治安"]
    before = [
        r for r in calls(year, 2022) if r["警情性质"] == "治安" and r["接警时间"].date() <= date(2022, 12, 29)
    ]
    assert (len(before), len(security)) == (98, 65)
    assert round((len(security) - len(before)) / len(before) * 100, 2) == -33.67
    criminal = [r["接警时间"].date() for r in calls(year, 2023) if r["警情性质"] == "刑事"]
    assert len(criminal) == year.story.figures["criminal_calls"]
    assert 12 - max(criminal).month == 8
    young = [r for r in calls(year, 2023) if r["未成年人角色"] == "行为人" and r["未成年人年龄"] < 14]
    assert len(young) == year.story.figures["actors_under_14"]
    entered = sheet(year, "02_涉未成年人警情台账_2023", "警情")
    assert len(entered) - len(calls(year, 2023)) == year.story.findings["duplicate_call_number"] == 2
    assert all(r["接警时间"].date() <= AS_OF for r in entered)


def test_meetings_and_resolutions(year: DemoYear) -> None:
    meetings = {r["会议编号"]: day(r["召开日期"]) for r in sheet(year, "03", "会议")}
    resolutions = sheet(year, "03", "决议")
    assert (len(meetings), len(resolutions)) == (13, 33)
    assert max(d for d in meetings.values() if d) <= AS_OF
    open_ones = [r for r in resolutions if r["办理状态"] == "办理中"]
    assert len(resolutions) - len(open_ones) == 27
    assert sum((day(r["办结时限"]) or AS_OF) < AS_OF for r in open_ones) == 2
    for row in resolutions:
        held, due, done = meetings[row["会议编号"]], day(row["办结时限"]), day(row["办结日期"])
        assert held and due and held < due
        assert (done is None) == (row["办理状态"] == "办理中")
        assert done is None or held <= done <= AS_OF


def test_directives(year: DemoYear) -> None:
    rows = sheet(year, "04", "部署")
    steps = ("部署日期", "落实日期", "跟踪日期", "考核日期")
    assert len(rows) == year.story.figures["directive_assignments"]
    assert sum(all(r[s] for s in steps) for r in rows) == year.story.figures["directive_assignments_complete"]
    for row in rows:
        days = [d for s in steps if (d := day(row[s]))]
        assert days == sorted(days)
        assert days[-1] <= AS_OF


def test_lectures(year: DemoYear) -> None:
    rows = sheet(year, "05", "宣讲")
    story = [r for r in rows if day(r["日期"]) == date(2023, 10, 27) and r["主题"] == "防性侵"]
    assert [(r["学校"], r["宣讲单位"], r["参加人数"]) for r in story] == [
        ("兴港镇粟山小学", "石头埠派出所", 100)
    ]
    assert len(rows) == year.story.figures["lectures"] > 30
    assert sum(r["参加人数"] for r in rows) == year.story.figures["lecture_attendance"]
    schools = [r["学校名称"] for r in sheet(year, "01", "学校")]
    hours = {s: sum(r["课时"] for r in rows if r["学校"] == s) for s in schools}
    assert sum(h < 4 for h in hours.values()) == year.story.figures["schools_below_four_hours"]


def test_campus(year: DemoYear) -> None:
    figures = year.story.figures
    hazards, gear, drills = (sheet(year, "06", name) for name in ("隐患", "八小件", "演练"))
    assert len(hazards) == figures["hazards"]
    assert sum(r["复查情况"] is None for r in hazards) == figures["hazards_open"] > 0
    assert len({r["器材"] for r in gear}) == 8
    assert sum(r["完好数"] < r["应配数"] for r in gear) == figures["equipment_lines_short"] > 0
    moments, limits = ("首人到位", "应急单元到位", "警力到场"), (60, 180, 300)
    good = [
        all((r[m] - r["触发时刻"]).total_seconds() <= n for m, n in zip(moments, limits, strict=True))
        for r in drills
    ]
    assert (len(good), sum(good)) == (figures["drills"], figures["drills_meeting_1_3_5"])
    assert 0 < sum(good) < len(good)


def test_guard_posts_and_the_concern_of_14_november(year: DemoYear) -> None:
    posts = sheet(year, "07", "定岗")
    assert any(r["学校"] == "兴港镇南乐小学" and "15分钟" in (r["交通管制"] or "") for r in posts)
    assert (
        sum(r["交通管制"] is not None for r in posts)
        == year.story.figures["guard_posts_with_traffic_control"]
    )
    concerns = [
        r
        for r in sheet(year, "07", "关切")
        if r["学校"] == "兴港镇南乐小学" and day(r["日期"]) == date(2023, 11, 14)
    ]
    assert len(concerns) == 1
    assert "15分钟" in concerns[0]["回应"]
    assert day(concerns[0]["回应日期"]) == date(2023, 11, 16)


def test_the_riders_return_and_become_youth_legal_officers(year: DemoYear) -> None:
    clues, cases = sheet(year, "08", "线索"), sheet(year, "10", "个案")
    riders = [r["涉及未成年人"] for r in clues if "改装摩托车" in r["线索内容"]]
    outcome = {r["姓名"]: r["帮扶成效"] for r in cases}
    assert len(riders) == 3
    assert {outcome[name] for name in riders} == {"回归校园"}
    later = [day(r["接报日期"]) for r in clues if r["来源"] == "少年法治员"]
    assert len(later) == 3
    assert min(d for d in later if d) >= date(2023, 10, 1)


def test_cases(year: DemoYear) -> None:
    cases = sheet(year, "10", "个案")
    outcomes = [r["帮扶成效"] for r in cases]
    assert (len(cases), outcomes.count("回归校园"), outcomes.count("回归家庭")) == (36, 7, 11)
    assert sum(r["走访次数"] for r in cases) == year.story.figures["visits"]
    assert all((r["帮扶成效"] is None) == (r["成效日期"] is None) for r in cases)


REGISTERS = {"police": "09a", "education": "09b", "civil_affairs": "09c", "grid": "09d"}


def test_registers_and_their_faults(year: DemoYear) -> None:
    sizes, found = {}, {"rounded": 0, "unnamed": 0, "impossible": 0, "checksum": 0}
    for name, file in REGISTERS.items():
        rows = sheet(year, file, "")
        sizes[name] = len(rows)
        faults = [faults_of(row) for row in rows]
        assert sum(bool(f - {"checksum"}) for f in faults) == year.story.refused_rows[name]
        for fault in (f for several in faults for f in several):
            found[fault] += 1
    assert sizes == {"police": 69, "education": 281, "civil_affairs": 1190, "grid": 1494}
    assert found == {"rounded": 6, "unnamed": 4, "impossible": 3, "checksum": 6}


def faults_of(row: Row) -> set[str]:
    """The planted faults that a row shows."""
    value, found = row["身份证号"], set()
    if isinstance(value, float) or "E" in str(value or ""):
        found.add("rounded")
    elif value:
        assert str(value).startswith("459900")
        found |= {"checksum"} if check_digit(value[:17]) != value[17] else set()
    found |= set() if row["姓名"] else {"unnamed"}
    return found | (set() if day(row["出生日期"]) else {"impossible"})


def test_rows_of_one_child_belong_together(year: DemoYear) -> None:
    """Union over exact valid id and over name, birth date and phone gives as many files as children."""
    parent: dict[Any, Any] = {}

    def root(key: Any) -> Any:
        while parent.setdefault(key, key) != key:
            key = parent[key]
        return key

    for file in REGISTERS.values():
        for row in sheet(year, file, ""):
            faults = faults_of(row)
            if faults - {"checksum"}:
                continue
            name = re.sub(r"\s", "", row["姓名"])
            person = (name, day(row["出生日期"]), unicodedata.normalize("NFKC", row["监护人电话"]))
            root(person)
            if row["身份证号"] and not faults:
                parent[root(row["身份证号"])] = root(person)
    assert len({root(key) for key in list(parent)}) == year.story.children
    assert 1650 < year.story.children <= 1700


def test_phones_and_ids_are_of_nobody(year: DemoYear) -> None:
    for file in year.files:
        for _, row in read(file):
            for head, value in row.items():
                text = unicodedata.normalize("NFKC", str(value or ""))
                assert "电话" not in head or text.startswith("199000")
                for number in re.findall(r"(?<!\d)\d{17}[\dX](?![\dX])", text):
                    assert number.startswith("459900")


def test_the_same_seed_gives_the_same_bytes(year: DemoYear, tmp_path: Path) -> None:
    again = generate(tmp_path)
    assert [f.name for f in again.files] == [f.name for f in year.files]
    assert all(a.read_bytes() == b.read_bytes() for a, b in zip(again.files, year.files, strict=True))
    assert again.story == year.story


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_any_seed_tells_the_same_story(tmp_path: Path, seed: int) -> None:
    other = generate(tmp_path, seed)
    assert {key: other.story.figures[key] for key in STORY} == STORY


@pytest.mark.samples
def test_no_row_is_one_of_the_shared_samples(year: DemoYear) -> None:
    samples = os.environ.get("HULEI_SAMPLES") or Path(__file__).parents[4].parent / "shared" / "data"
    folder = Path(samples) / "ledgers-2023"
    if not folder.is_dir():
        pytest.skip("the shared sample ledgers are not here (HULEI_SAMPLES)")

    def contents(files: Any) -> set[tuple[str, ...]]:
        return {
            tuple(str(v) for h, v in row.items() if h != "序号")
            for file in files
            for _, row in read(Path(file))
        }

    assert not contents(year.files) & contents(sorted(folder.iterdir()))


def test_there_is_an_account_for_each_kind_of_user(year: DemoYear) -> None:
    assert {a.role for a in DEMO_ACCOUNTS} == {role.value for role in Role} - {"operator"}
    assert len({a.username for a in DEMO_ACCOUNTS}) == len(DEMO_ACCOUNTS)
    named = {
        "station": {r["派出所"] for r in sheet(year, "01", "派出所")},
        "school": {r["学校名称"] for r in sheet(year, "01", "学校")},
        "grid": {r["网格名称"] for r in sheet(year, "01", "网格")},
        "village": {r["村(社区)"] for r in sheet(year, "01", "网格")},
    }
    for account in DEMO_ACCOUNTS:
        assert not account.scope_name or account.scope_name in named[account.scope_kind]
