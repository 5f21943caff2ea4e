"""Who may send what, and what they get to see of it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.utils import timezone

from hulei.access.terms import Role
from hulei.common import walls
from hulei.common.viewer import Forbidden, NotFound, Viewer
from hulei.intake import actions, queries, rules
from hulei.intake.reading import ledgers
from hulei.intake.tests import office
from hulei.intake.tests.office import CARE, EDUCATION, HAZARDS, POLICE, contents, member, sent, told, write
from tests import ground

pytestmark = pytest.mark.django_db
R = Role


@pytest.fixture(autouse=True)
def district() -> None:
    with walls.entered(ground.OPERATOR):
        ground.found()


TEACHERS = member(R.EDUCATION_OFFICER, 11)
CARERS = member(R.CIVIL_AFFAIRS_OFFICER, 12)
OFFICE = member(R.BUREAU_OFFICE, 13)
SENDERS = {R.BUREAU_OFFICE, R.EDUCATION_OFFICER, R.CIVIL_AFFAIRS_OFFICER, R.OPERATOR}


@pytest.mark.parametrize("role", [role for role in Role if role not in SENDERS])
def test_others_cannot_send(role: Role, tmp_path: Path) -> None:
    path = write(tmp_path / "h.xlsx", HAZARDS, [office.hazard(1)])
    with pytest.raises(Forbidden):
        sent(path, member(role, 20))
    assert contents()["campus_hazard"] == 0


def test_every_ledger_has_an_office_that_takes_it_in() -> None:
    kinds = set(ledgers.titles())
    assert {k for k in kinds if rules.may_take_in(R.OPERATOR, k)} == kinds
    assert {k for k in kinds if rules.may_take_in(R.BUREAU_OFFICE, k)} == kinds
    partners = {role for role in Role if any(rules.may_take_in(role, k) for k in kinds)} - {
        R.OPERATOR,
        R.BUREAU_OFFICE,
    }
    assert partners == {R.EDUCATION_OFFICER, R.CIVIL_AFFAIRS_OFFICER}
    police = {"police_calls", "register_police", "cases", "clues", "stations", "agencies"}
    assert not any(rules.may_take_in(role, kind) for role in partners for kind in police)


@pytest.mark.parametrize(
    ("by", "head", "row", "allowed"),
    [
        (TEACHERS, EDUCATION, office.education(1), True),
        (TEACHERS, HAZARDS, office.hazard(1), True),
        (TEACHERS, POLICE, office.police(1), False),
        (TEACHERS, CARE, office.child(1, 儿童类别="农村留守儿童"), False),
        (CARERS, CARE, office.child(1, 儿童类别="农村留守儿童"), True),
        (CARERS, POLICE, office.police(1), False),
        (CARERS, EDUCATION, office.education(1), False),
        (OFFICE, POLICE, office.police(1), True),
        (OFFICE, EDUCATION, office.education(1), True),
    ],
)
def test_an_office_sends_its_own_ledgers(
    by: Viewer, head: tuple[str, ...], row: office.Row, allowed: bool, tmp_path: Path
) -> None:
    before = contents()
    path = write(tmp_path / "x.xlsx", head, [row])
    for _ in range(2):  # a refusal stands when the same file comes again
        sheet = sent(path, by)[0]
        office.work()
        result = told(sheet, by)
        assert result.codes == ({} if allowed else {"ledger_not_yours": 1})
        assert (result.rows == 1) is allowed
    assert (contents() != before) is allowed


def test_a_foreign_ledger_cannot_be_had_by_mapping_it_by_hand(tmp_path: Path) -> None:
    path = office.write_xlsx(tmp_path / "x.xlsx", [["甲", "乙", "丙"], ["莫建子", "2010-07-31", "盗窃"]])
    sheet = sent(path, TEACHERS)[0]
    mapping = {"甲": "name", "乙": "birth_date", "丙": "behaviour"}
    with walls.entered(TEACHERS), pytest.raises(ValidationError, match="不属于"):
        actions.remap(
            by=TEACHERS,
            at=timezone.now(),
            upload_id=sheet.upload_id,
            sheet_id=sheet.pk,
            ledger="register_police",
            mapping=mapping,
        )


def test_partners_see_only_what_they_sent(tmp_path: Path) -> None:
    mine = sent(write(tmp_path / "e.xlsx", EDUCATION, [office.education(1)]), TEACHERS)[0]
    sent(write(tmp_path / "c.xlsx", CARE, [office.child(2, 儿童类别="困境儿童")]), CARERS)
    office.taken_in(write(tmp_path / "p.xlsx", POLICE, [office.police(3)]))
    office.work()
    colleague = member(R.EDUCATION_OFFICER, 14)
    for viewer, seen in ((TEACHERS, 1), (CARERS, 1), (colleague, 0), (OFFICE, 3), (office.OPERATOR, 3)):
        with walls.entered(viewer):
            assert queries.uploads(viewer).count() == queries.sheets(viewer).count() == seen
            assert queries.source_records(viewer).count() == seen
            # PostgreSQL says the same to a query that forgets the gate.
            for table in ("intake_upload", "intake_sheet", "intake_sourcerecord"):
                assert count(table) == seen
    for viewer in (CARERS, colleague):
        with walls.entered(viewer), pytest.raises(NotFound):
            queries.upload(viewer, mine.upload_id)


def count(table: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {table}")
        return int(cursor.fetchone()[0])


Story = Callable[[Path], None]


def nothing(folder: Path) -> None:
    """Nobody else knows any of the children."""


def police_know_all(folder: Path) -> None:
    """The police know every child, more of each, and some twice under one id."""
    rows = [office.police(n) for n in range(1, 9)]
    rows += [office.police(n, 文书号=f"另{n}号", 家庭住址="铁山港区营盘镇白龙社区22号") for n in range(1, 9)]
    office.taken_in(write(folder / "p.xlsx", POLICE, rows))


def carers_know_all(folder: Path) -> None:
    """Civil affairs know every child."""
    rows = [office.child(n, 儿童类别="农村留守儿童") for n in range(1, 9)]
    office.taken_in(write(folder / "c.xlsx", CARE, rows))


def told_by_stages(folder: Path) -> list[tuple[int, int, int]]:
    """Education sends its rows without ids and phones, then whole, then the same again under another name."""
    bare = {"身份证号": None, "监护人电话": None}
    stages = [
        ("1.xlsx", [office.education(n, **bare) for n in range(1, 9)]),
        ("2.xlsx", [office.education(n, 身份证号=None) for n in range(1, 9)]),
        ("3.xlsx", [office.education(n) for n in range(1, 9)]),
        ("4.csv", [office.education(n) for n in (3, 1, 2, 2, 8)]),
        ("5.xlsx", [office.education(n, 不良行为类别="打架") for n in (1, 1, 2)]),
        ("5.xlsx", [office.education(n, 不良行为类别="打架") for n in (1, 1, 2)]),
    ]
    results = []
    for name, rows in stages:
        sheet = sent(write(folder / name, EDUCATION, rows), TEACHERS)[0]
        office.work()
        result = told(sheet, TEACHERS)
        assert not result.codes
        results.append(result.counts)
    return results


@pytest.mark.parametrize("others", [nothing, police_know_all, carers_know_all])
def test_a_result_does_not_tell_what_other_offices_know(others: Story, tmp_path: Path) -> None:
    others(tmp_path)
    expected = [(8, 0, 0), (8, 0, 0), (8, 0, 0), (0, 5, 0), (2, 1, 0), (0, 3, 0)]
    assert told_by_stages(tmp_path) == expected


def test_the_office_that_keeps_all_files_is_told_what_became_of_them(tmp_path: Path) -> None:
    """The same stages for the bureau: there "unchanged" means that the child's file learnt nothing."""
    police_know_all(tmp_path)
    path = write(tmp_path / "1.xlsx", EDUCATION, [office.education(n) for n in range(1, 9)])
    assert office.taken_in(path)[0].counts == (8, 0, 0)
    less = write(tmp_path / "2.xlsx", EDUCATION, [office.education(n, 监护人=None) for n in range(1, 9)])
    assert office.taken_in(less)[0].counts == (0, 8, 0)
