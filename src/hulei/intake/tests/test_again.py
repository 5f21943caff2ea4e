"""Ledgers that come again: the same file, the same rows elsewhere, corrected, edited since."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from itertools import count
from pathlib import Path

import pytest

from hulei.campus import actions as campus
from hulei.campus import queries as campus_queries
from hulei.common import walls
from hulei.common.landing import Landed, LedgerRow
from hulei.intake.tests import office
from hulei.intake.tests.office import CARE, EDUCATION, HAZARDS, POLICE, contents, taken_in, write
from hulei.journeys import landing, ledger_intake
from hulei.people import queries as people
from hulei.prevention.tests.children import SCHOOL
from tests import ground

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def district() -> None:
    with walls.entered(ground.OPERATOR):
        ground.found()


def children(count: int) -> list[office.Row]:
    return [office.education(n) for n in range(1, count + 1)]


def test_the_same_file_again_changes_nothing(tmp_path: Path) -> None:
    rows = [*children(30), office.education(31, 姓名=None), office.education(32, 发生日期="2023-02-30")]
    path = write(tmp_path / "a.xlsx", EDUCATION, rows)
    first = taken_in(path)
    before = contents()
    second = taken_in(path)
    assert first[0].counts == (30, 0, 2)
    assert second[0].counts == (0, 30, 2)
    assert first[0].codes == second[0].codes == {"name_missing": 1, "date_invalid": 1}
    assert contents() == before
    assert taken_in(path) == second


@pytest.mark.parametrize("suffix", [".csv", ".xls", ".ods", ".xlsx"])
def test_the_same_rows_in_another_file_change_nothing(tmp_path: Path, suffix: str) -> None:
    taken_in(
        write(tmp_path / "a.xlsx", EDUCATION, children(20)),
        write(tmp_path / "p.xlsx", POLICE, [office.police(n) for n in range(10, 30)]),
    )
    before = contents()
    head = ("备用", *reversed(EDUCATION), "班级")
    other = write(tmp_path / f"另一名称{suffix}", head, children(20), titled=False)
    assert taken_in(other)[0].counts == (0, 20, 0)
    police = write(
        tmp_path / f"公安{suffix}", tuple(reversed(POLICE)), [office.police(n) for n in range(10, 30)]
    )
    assert taken_in(police)[0].counts == (0, 20, 0)
    assert contents() == before


def test_a_chain_of_offices_twice_changes_nothing(tmp_path: Path) -> None:
    """The grid knows only name, birth date and phone; later registers bring the ids that join the files."""
    no_id = {"身份证号": None}
    paths = [
        write(tmp_path / "1.xlsx", EDUCATION, [office.education(n, **no_id) for n in range(1, 15)]),
        write(tmp_path / "2.xlsx", POLICE, [office.police(n, 监护人电话=None) for n in range(5, 20)]),
        write(
            tmp_path / "3.xlsx",
            CARE,
            [office.child(n, 儿童类别="农村留守儿童", 委托照护书="是") for n in range(1, 20)],
        ),
    ]
    taken_in(*paths)
    before = contents()
    assert [one.accepted for one in taken_in(*paths)] == [0, 0, 0]
    copies = [path.rename(path.with_name(f"新{path.name}")) for path in paths]
    assert [one.accepted for one in taken_in(*copies)] == [0, 0, 0]
    assert contents() == before


def test_a_corrected_sheet_fills_in_what_was_missing_and_what_was_refused(tmp_path: Path) -> None:
    faulty = [
        office.education(1, 身份证号=None, 监护人电话=None),
        office.education(2, 姓名=None),
        office.education(3, 出生日期="2010年13月1日"),
        office.education(4, 核实情况=None),
        office.education(5, 就读学校="没有的小学"),
        office.education(6),
    ]
    first = taken_in(write(tmp_path / "a.xlsx", EDUCATION, faulty))[0]
    assert first.counts == (3, 0, 3)
    assert first.codes == {"name_missing": 1, "date_invalid": 1, "school_unknown": 1}
    again = taken_in(write(tmp_path / "a.xlsx", EDUCATION, [office.education(n) for n in range(1, 7)]))[0]
    assert again.counts == (5, 1, 0)
    with walls.entered(office.OPERATOR):
        found = list(people.minors(office.OPERATOR))
    assert len(found) == 6
    assert all(minor.national_id and minor.birth_date for minor in found)
    assert all(minor.guardians.get().phone for minor in found)
    assert contents()["prevention_registerentry"] == 6


def test_a_value_edited_by_hand_stays_and_the_sheet_says_so(tmp_path: Path) -> None:
    rows = [office.hazard(1, 等级="一般"), office.hazard(2)]
    path = write(tmp_path / "h.xlsx", HAZARDS, rows)
    taken_in(path)
    by = office.OPERATOR
    with walls.entered(by):
        stored = campus_queries.hazards(by).get(number="YH2023-001")
        names = ("school", "number", "found_on", "category", "grade")
        values = {name: getattr(stored, name) for name in names}
        campus.save_hazard(
            by=by,
            at=ground.AT,
            reason="现场核实",
            record_id=stored.pk,
            version=stored.version,
            values={**values, "description": "灭火器已更换"},
        )
    told = taken_in(
        write(tmp_path / "h2.xlsx", HAZARDS, [office.hazard(1, 整改日期=date(2023, 3, 9)), rows[1]])
    )[0]
    assert told.counts == (1, 1, 0)
    assert told.codes == {"value_kept": 1}
    with walls.entered(by):
        stored = campus_queries.hazards(by).get(number="YH2023-001")
    assert (stored.description, stored.rectified_on) == ("灭火器已更换", date(2023, 3, 9))


def test_unknown_school_and_unit_are_named(tmp_path: Path) -> None:
    wrong = [office.police(1, 办案单位="外地派出所"), office.police(2, 就读学校="外地中学"), office.police(3)]
    path = write(tmp_path / "p.xlsx", POLICE, wrong)
    uploads = ledger_intake.take_in_files([path], by=office.OPERATOR, progress=lambda sheet: None)
    with walls.entered(office.OPERATOR):
        faults = {
            (record.number, fault.code): fault.message
            for record, fault in office.queries.faults(uploads[0].sheets.get())
        }
    assert set(faults) == {(1, "unit_unknown"), (2, "school_unknown")}
    assert "外地派出所" in faults[1, "unit_unknown"]
    assert "先在" in faults[2, "school_unknown"]


def test_a_row_that_the_database_refuses_is_handed_back_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Chapters check lengths first; what slips through them must not take its whole batch along."""

    def unchecked(rows: list[LedgerRow], **more: object) -> list[Landed]:
        long = [LedgerRow(r.number, {**r.values, "name": "长" * 500}, r.source_id, r.labels) for r in rows]
        monkeypatch.setattr("hulei.common.faults.unfit", lambda *_: ())
        return landed([long[n] if r.number == 17 else r for n, r in enumerate(rows)], **more)

    landed = landing.LANDERS["register_education"]
    monkeypatch.setattr(landing, "LANDERS", {**landing.LANDERS, "register_education": unchecked})
    told = taken_in(write(tmp_path / "a.xlsx", EDUCATION, children(40)))[0]
    assert told.counts == (39, 0, 1)
    assert told.codes == {"value_unacceptable": 1}
    assert contents()["prevention_registerentry"] == 39


def test_a_sheet_that_meets_a_fault_of_ours_is_marked_and_the_others_go_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> list[Landed]:
        raise LookupError("a fault of ours")

    paths = [
        write(tmp_path / "h.xlsx", HAZARDS, [office.hazard(1)]),
        write(tmp_path / "e.xlsx", EDUCATION, children(3)),
    ]
    whole = landing.LANDERS
    monkeypatch.setattr(landing, "LANDERS", {**whole, "hazards": broken})
    hazards, registers = taken_in(*paths)
    assert hazards.codes == {"intake_stopped": 1}
    assert registers.counts == (3, 0, 0)
    monkeypatch.setattr(landing, "LANDERS", whole)
    assert [one.counts for one in taken_in(*paths)] == [(1, 0, 0), (0, 3, 0)]


@pytest.mark.parametrize("stop_after", [1, 2, 3])
def test_a_run_that_was_stopped_goes_on_where_it_stood(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, stop_after: int
) -> None:
    monkeypatch.setattr("hulei.intake.actions.running.BATCH", 7)
    path = write(tmp_path / "e.xlsx", EDUCATION, children(25))
    sheet = office.sent(path, office.OPERATOR)[0]
    batches = count(1)
    ledger_intake.run_next(stop=lambda: next(batches) == stop_after)
    assert office.told(sheet).rows == 7 * stop_after
    office.work()
    assert office.told(sheet).counts == (25, 0, 0)
    assert contents()["prevention_registerentry"] == 25


def test_an_empty_sheet_and_a_page_of_instructions_are_no_fault(tmp_path: Path) -> None:
    import openpyxl

    path = write(tmp_path / "e.xlsx", EDUCATION, children(2))
    book = openpyxl.load_workbook(path)
    book.create_sheet("Sheet2")
    notes = book.create_sheet("填表说明")
    notes.append(["一、本表由各学校填报"])
    notes.append(["二、日期请写全"])
    book.save(path)
    told = taken_in(path)
    assert [one.counts for one in told] == [(2, 0, 0), (0, 0, 0)]
    assert told[1].codes == {"sheet_no_ledger": 1}


@pytest.mark.parametrize("spoil", [lambda p: p.write_bytes(b"\x00\x01nothing"), Path.unlink])
def test_a_file_that_cannot_be_read_is_answered_with_the_others(
    tmp_path: Path, spoil: Callable[[Path], None]
) -> None:
    bad, good = tmp_path / "bad.xlsx", write(tmp_path / "e.xlsx", EDUCATION, children(2))
    bad.touch()
    spoil(bad)
    answers = ledger_intake.take_in_files([bad, good], by=office.OPERATOR, progress=lambda sheet: None)
    assert answers[1].sheets.get().accepted == 2
    refused = answers[0]
    codes = [refused.code] if hasattr(refused, "code") else [f[1] for f in refused.findings]
    assert codes in (["file_unreadable"], ["file_kind_unknown"], ["file_broken"])


def test_an_unknown_head_is_mapped_once(tmp_path: Path) -> None:
    """By hand on one file; every other file with the same head goes in by itself."""
    head = ("甲", "乙", "丙", "丁", "戊", "己")
    fields = ("number", "found_on", "school", "description", "grade", "reinspection")
    rows = [
        ["H1", date(2023, 3, 1), SCHOOL, "路灯坏", "一般", "已复查"],
        ["H2", date(2023, 3, 2), SCHOOL, "墙裂", "一般", None],
    ]
    one = office.write_xlsx(tmp_path / "x.xlsx", [head, *rows])
    sheet = office.sent(one, office.OPERATOR)[0]
    assert office.told(sheet).codes["ledger_unknown"] == 1
    office.actions.remap(
        by=office.OPERATOR,
        at=ground.AT,
        upload_id=sheet.upload_id,
        sheet_id=sheet.pk,
        ledger="hazards",
        mapping=dict(zip(head, fields, strict=True)),
    )
    assert taken_in(one)[0].counts == (2, 0, 0)
    other = office.write_xlsx(
        tmp_path / "y.xlsx", [head, ["H3", date(2023, 3, 3), SCHOOL, "门坏", "一般", None], *rows]
    )
    assert taken_in(other)[0].counts == (1, 2, 0)
