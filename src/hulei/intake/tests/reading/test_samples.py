"""One district-year as offices keep it: every sheet recognised, every fault found, and nothing else."""

from __future__ import annotations

import os
from collections import Counter
from datetime import date, datetime
from functools import cache
from pathlib import Path

import openpyxl
import pytest

from hulei.intake.reading.recognition import Recognition, recognise
from hulei.intake.reading.rows import ReadRow, read_ledger
from hulei.intake.reading.templates import load_templates
from hulei.intake.reading.workbook import open_workbook

_HERE = Path(__file__).resolve()
_REPOSITORY = next((p for p in _HERE.parents if (p / "pyproject.toml").exists()), _HERE.parents[-1])
SAMPLES = Path(os.environ.get("HULEI_SAMPLES") or _REPOSITORY.parent / "shared" / "data") / "ledgers-2023"

pytestmark = [
    pytest.mark.samples,
    pytest.mark.skipif(not SAMPLES.is_dir(), reason="the sample ledgers are not here; set HULEI_SAMPLES"),
]

# ledger -> (sheets, data rows), counted by hand in the sheets
EXPECTED = {
    "agencies": (1, 9),
    "stations": (1, 4),
    "schools": (1, 12),
    "grids": (1, 36),
    "police_calls": (2, 202 + 167),
    "joint_meetings": (1, 13),
    "resolutions": (1, 33),
    "directive_assignments": (1, 24),
    "lectures": (1, 34),
    "hazards": (1, 58),
    "equipment": (1, 96),
    "drills": (1, 24),
    "guard_posts": (1, 36),
    "parent_concerns": (1, 21),
    "clues": (1, 13),
    "register_police": (1, 73),
    "register_education": (1, 286),
    "register_civil_affairs": (1, 1183),
    "register_grid": (1, 1540),
    "cases": (1, 36),
}


@cache
def year() -> list[tuple[str, Recognition, list[ReadRow]]]:
    """(file, recognition, rows) of every sheet."""
    found = []
    for path in sorted(SAMPLES.iterdir()):
        with open_workbook(path) as book:
            for sheet in book:
                seen = recognise(sheet.head(), load_templates())
                found.append((path.name, seen, list(read_ledger(sheet, seen, today=date(2024, 1, 1)))))
    return found


def test_every_sheet_is_recognised_and_all_its_rows_counted() -> None:
    sheets: Counter[str] = Counter()
    rows: Counter[str] = Counter()
    for _, seen, read in year():
        assert seen.status == "recognised" and seen.ledger
        assert [seen.labels[i] for i in seen.unmapped] in ([], ["序号"])
        sheets[seen.ledger] += 1
        rows[seen.ledger] += len(read)
    assert {ledger: (sheets[ledger], rows[ledger]) for ledger in sheets} == EXPECTED


def test_the_faults_are_these_and_no_others() -> None:
    errors = Counter(
        (seen.ledger, fault.code)
        for _, seen, read in year()
        for row in read
        for fault in row.findings
        if fault.level == "error"
    )
    assert errors == {
        ("register_police", "national_id_rounded"): 3,
        ("register_police", "name_missing"): 2,
        ("register_police", "date_invalid"): 2,
        ("register_education", "national_id_rounded"): 4,
        ("register_education", "name_missing"): 2,
        ("register_education", "date_invalid"): 2,
        ("register_civil_affairs", "national_id_rounded"): 3,
        ("register_civil_affairs", "name_missing"): 2,
        ("register_civil_affairs", "date_invalid"): 2,
    }
    by_code: Counter[str] = Counter()
    for (_, code), count in errors.items():
        by_code[code] += count
    assert by_code == {"national_id_rounded": 10, "name_missing": 6, "date_invalid": 6}


def test_one_row_has_two_faults() -> None:
    twice = [
        (name, row.number, {f.code for f in row.findings if f.level == "error"})
        for name, _, read in year()
        for row in read
        if sum(f.level == "error" for f in row.findings) > 1
    ]
    assert twice == [("09a_公安_矫治教育对象台账.xlsx", 57, {"national_id_rounded", "name_missing"})]


def test_the_only_warnings_are_wrong_check_digits() -> None:
    codes = {f.code for _, _, read in year() for row in read for f in row.findings if f.level == "warning"}
    assert codes == {"national_id_checksum"}


def test_numbers_of_rows_are_their_serial_numbers() -> None:
    for _, seen, read in year():
        if "序号" in seen.labels and seen.ledger != "police_calls":
            assert [str(row.number) for row in read] == [row.raw["序号"] for row in read]


def test_values_equal_what_openpyxl_reads() -> None:
    """Moments to the second, for the drills are judged by seconds."""
    page = openpyxl.load_workbook(SAMPLES / "06_校园安防台账_2023.xlsx")["演练"]
    theirs = [[c for c in row] for row in page.iter_rows(min_row=2, values_only=True)]
    (drills,) = (read for _, seen, read in year() if seen.ledger == "drills")
    moments = ("triggered_at", "first_person_at", "unit_assembled_at", "police_arrived_at")
    for row, cells in zip(drills, theirs, strict=True):
        assert [row.values[name] for name in moments] == [
            c.replace(microsecond=0) if isinstance(c, datetime) else c for c in cells[1:5]
        ]
