"""A district-year from the office's own ledgers to the work report, through the command line as it is typed.

The figures were worked out from the sheets by hand once, with a spreadsheet and not with Hulei; beside
each stands how it was counted. The year runs from 1 January to 29 December 2023, as of that day.
"""

from __future__ import annotations

import csv
import json
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from hulei.insight.documents.work_report import read_figures

ROOT = Path(__file__).parents[2]
SAMPLES = Path(os.environ.get("HULEI_SAMPLES", ROOT.parent / "shared" / "data")) / "ledgers-2023"
pytestmark = [
    pytest.mark.samples,
    pytest.mark.slow,
    pytest.mark.skipif(not SAMPLES.is_dir(), reason="the shared sample ledgers are not here (HULEI_SAMPLES)"),
]
PERIOD = ("--from", "2023-01-01", "--to", "2023-12-29", "--as-of", "2023-12-29")

# id: (value, numerator, denominator)
BY_HAND: dict[str, tuple[float | None, int | None, int | None]] = {
    # 警情 2023: 刑事 rows dated 1 January to 29 December, each 警情编号 once
    "criminal_calls": (5, 5, None),
    # the latest 刑事 call is in April 2023: May to December; the first call of all is in January 2022
    "criminal_call_zero_months": (8, 8, 24),
    # 治安 rows of 2023, the two call numbers entered twice counted once
    "security_calls": (65, 65, None),
    # 治安 rows of 1 January to 29 December 2022: 98; (65 - 98) / 98
    "security_calls_yoy_percent": (-33.67, 65, 98),
    # of the 70 刑事 and 治安 rows: 行为人 with an age of 10 to 13
    "actors_under_14": (4, 4, 70),
    # 会议: rows, all held between 8 February and 25 December
    "joint_meetings": (13, 13, None),
    # 决议: rows, each 决议编号 once, all of those meetings
    "resolutions": (33, 33, None),
    # 办理状态 已办结, none done after 29 December
    "resolutions_done": (27, 27, 33),
    # of the six 办理中: JY2023-24 (due 23 December) and JY2023-26 (due 21 December); four are due in January
    "resolutions_overdue": (2, 2, 33),
    # 部署: different 专项编号
    "directives": (6, 6, None),
    # 部署: rows, each 专项编号 with each 责任单位 once
    "directive_assignments": (24, 24, None),
    # rows with all four dates; two lack 考核日期
    "directive_assignments_complete": (22, 22, 24),
    # 宣讲: rows without the row 合计
    "lectures": (34, 34, None),
    # sum of 参加人数
    "lecture_attendance": (4920, 4920, None),
    # 课时 by school: 白龙小学 3, 南康镇第二初级中学 2, 中心幼儿园 2, 南乐小学 2, 职业学校 0; 石头埠小学 has 4
    "schools_below_four_hours": (5, 5, 12),
    # 隐患: rows, all found in 2023
    "hazards": (58, 58, None),
    # rows without 已复查
    "hazards_open": (9, 9, 58),
    # 八小件: 完好数 below 应配数
    "equipment_lines_short": (22, 22, 96),
    # 演练: rows
    "drills": (24, 24, None),
    # rows with 首人, 应急单元 and 警力 within 60, 180 and 300 seconds of 触发时刻
    "drills_meeting_1_3_5": (10, 10, 24),
    # 定岗: rows (school, point, slot)
    "guard_posts": (36, 36, None),
    # rows with words in 交通管制
    "guard_posts_with_traffic_control": (19, 19, 36),
    # 关切: rows, all received in 2023
    "parent_concerns": (21, 21, None),
    # 线索: rows, all received in 2023
    "clues": (13, 13, None),
    # 个案: rows, opened between 7 January and 20 September, none closed
    "cases_tracked": (36, 36, None),
    # 帮扶成效 回归校园, all dated by 16 December
    "cases_back_to_school": (7, 7, 36),
    # 帮扶成效 回归家庭
    "cases_back_to_family": (11, 11, 36),
    # sum of 走访次数
    "visits": (171, 171, None),
}
REFUSED = {"national_id_rounded": 10, "name_missing": 6, "date_invalid": 6}
REGISTERS = {
    "register_police": 73,
    "register_education": 286,
    "register_civil_affairs": 1183,
    "register_grid": 1540,
}


@dataclass(frozen=True)
class Answer:
    """What a command answered."""

    status: int
    out: str
    err: str

    def json(self) -> Any:
        """The answer as data."""
        return json.loads(self.out)


Hulei = Callable[..., Answer]


@dataclass(frozen=True)
class Year:
    """The district after its ledgers were taken in, with the answer of that."""

    run: Hulei
    intake: Answer
    folder: Path


@pytest.fixture(scope="session")
def year(tmp_path_factory: pytest.TempPathFactory) -> Year:
    """A district founded and its year taken in, once for all tests here, in a data folder of its own."""
    folder = tmp_path_factory.mktemp("year")
    # Neither the tests' settings nor an operator's database may be touched.
    environment = {
        name: value
        for name, value in os.environ.items()
        if name not in ("DJANGO_SETTINGS_MODULE", "DATABASE_URL", "HULEI_LOGIN")
    }

    def run(*words: str) -> Answer:
        command = [sys.executable, "-m", "hulei.cli.main", "--data-dir", str(folder / "data"), *words]
        done = subprocess.run(command, capture_output=True, text=True, env=environment, cwd=ROOT, timeout=600)
        return Answer(done.returncode, done.stdout, done.stderr)

    founded = run("init")
    assert founded.status == 0, founded.err
    return Year(run, run("intake", str(SAMPLES), "--json"), folder)


@pytest.fixture(scope="session")
def counted(year: Year) -> list[dict[str, Any]]:
    """The figures of the whole year and district."""
    return figures(year)


def figures(year: Year, *words: str) -> list[dict[str, Any]]:
    """The figures as the command prints them for programs."""
    answer = year.run("metrics", *(words or PERIOD), "--json")
    assert answer.status == 0, answer.err
    found: list[dict[str, Any]] = answer.json()
    return found


def test_the_figures_are_those_counted_by_hand(counted: list[dict[str, Any]]) -> None:
    assert [one["id"] for one in counted] == list(BY_HAND)
    assert {one["id"]: (one["value"], one["numerator"], one["denominator"]) for one in counted} == BY_HAND
    assert {type(one["rows"]) for one in counted} == {int}
    assert all(set(one) == {"id", "value", "numerator", "denominator", "unit", "rows"} for one in counted)


def test_the_bad_rows_of_the_registers_are_reported_and_nothing_else_is(year: Year) -> None:
    assert year.intake.status == 1  # rows were handed back
    files = year.intake.json()["files"]
    faults = [(one["ledger"], fault["row"], fault["code"]) for one in files for fault in one["rejected"]]
    assert Counter(code for _, _, code in faults) == REFUSED
    assert {ledger for ledger, _, _ in faults} <= set(REGISTERS)
    assert len({(ledger, row) for ledger, row, _ in faults}) == 21  # one row has two faults
    warned = Counter(fault["code"] for one in files for fault in one["warnings"])
    assert set(warned) == {"duplicate_call_number", "national_id_checksum"}
    assert warned["duplicate_call_number"] == 2


def test_every_row_is_in_or_handed_back(year: Year) -> None:
    files = year.intake.json()["files"]
    assert {one["ledger"]: one["rows"] for one in files if one["ledger"] in REGISTERS} == REGISTERS
    for one in files:
        refused = {fault["row"] for fault in one["rejected"]}
        assert one["accepted"] + one["unchanged"] + len(refused) == one["rows"], one["file"]


def test_each_accepted_register_row_belongs_to_one_dossier(year: Year) -> None:
    lines = _sources(year, "sources.csv")
    refused = {
        (one["file"], fault["row"]) for one in year.intake.json()["files"] for fault in one["rejected"]
    }
    wanted = {
        (one["file"], row)
        for one in year.intake.json()["files"]
        if one["ledger"] in REGISTERS
        for row in range(1, one["rows"] + 1)
    }
    assert Counter((line["file"], int(line["row"])) for line in lines) == Counter(wanted - refused)
    assert all(line["dossier"] for line in lines)


def _sources(year: Year, name: str) -> list[dict[str, str]]:
    target = year.folder / name
    assert year.run("dossiers", "sources", "--out", str(target)).status == 0
    with target.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_the_report_prints_the_figures_of_the_database(year: Year) -> None:
    target = year.folder / "report.docx"
    answer = year.run(
        "report", "work", "--year", "2023", "--as-of", "2023-12-29", "--out", str(target), "--json"
    )
    assert answer.status == 0, answer.err
    printed = read_figures(target.read_bytes())
    assert {name: float(text) for name, text in printed.items() if text} == {
        name: value for name, (value, _, _) in BY_HAND.items()
    }
    told = answer.json()
    assert told["issuing_agency"] == "北海市公安局铁山港分局"
    assert {one["id"]: float(one["value"]) for one in told["figures"]} == {
        n: v for n, (v, _, _) in BY_HAND.items()
    }


def test_taking_the_same_files_in_again_changes_nothing(year: Year, counted: list[dict[str, Any]]) -> None:
    sources = _sources(year, "before.csv")
    again = year.run("intake", str(SAMPLES), "--json").json()["files"]
    assert [one["accepted"] for one in again] == [0] * len(again)
    assert figures(year) == counted
    assert _sources(year, "after.csv") == sources


# The year as it was known on 30 June 2023: counted in the same way, with nothing later than that day.
AT_MIDYEAR = {
    "criminal_calls": 5, "criminal_call_zero_months": 2, "security_calls": 37,
    "security_calls_yoy_percent": -24.49,  # 49 in the first half of 2022
    "actors_under_14": 3, "joint_meetings": 3, "resolutions": 7, "resolutions_done": 6,
    "resolutions_overdue": 0, "directives": 4, "directive_assignments": 16,
    "directive_assignments_complete": 10, "lectures": 25,
    "lecture_attendance": 4000, "schools_below_four_hours": 7, "hazards": 37, "hazards_open": 5,
    "equipment_lines_short": 22, "drills": 12, "drills_meeting_1_3_5": 3, "guard_posts": 36,
    "guard_posts_with_traffic_control": 19, "parent_concerns": 9, "clues": 8, "cases_tracked": 26,
    "cases_back_to_school": 4, "cases_back_to_family": 4, "visits": 129,
}  # fmt: skip


def test_the_year_as_it_was_known_at_midyear(year: Year) -> None:
    found = figures(year, "--from", "2023-01-01", "--to", "2023-12-31", "--as-of", "2023-06-30")
    assert {one["id"]: one["value"] for one in found} == AT_MIDYEAR


def test_towns_add_up_to_the_district(year: Year, counted: list[dict[str, Any]]) -> None:
    whole = {one["id"]: one["value"] for one in counted}
    towns = ("450512100", "450512101", "450512102")
    parts = [{one["id"]: one["value"] for one in figures(year, *PERIOD, "--area", town)} for town in towns]
    for name in ("lectures", "hazards", "equipment_lines_short", "drills", "guard_posts", "parent_concerns"):
        assert sum(part[name] for part in parts) == whole[name], name


def test_mistakes_are_answered_in_words(year: Year) -> None:
    unknown = year.run("metrics", *PERIOD, "--area", "999999", "--json")
    assert (unknown.status, unknown.out) == (1, "")
    backwards = year.run("metrics", "--from", "2023-02-01", "--to", "2023-01-01", "--json")
    assert (backwards.status, backwards.out) == (2, "")
    early = year.run(
        "report", "work", "--year", "2023", "--as-of", "2022-12-31", "--out", str(year.folder / "no.docx")
    )
    assert early.status == 1
    assert not (year.folder / "no.docx").exists()
    nowhere = year.run("report", "work", "--year", "2023", "--out", str(year.folder / "absent" / "no.docx"))
    assert nowhere.status == 1
    for answer in (unknown, backwards, early, nowhere):
        assert "hulei:" in answer.err
        assert "Traceback" not in answer.err


def test_the_ledger_of_all_this_is_whole(year: Year) -> None:
    answer = year.run("audit", "verify")
    assert answer.status == 0, answer.err
