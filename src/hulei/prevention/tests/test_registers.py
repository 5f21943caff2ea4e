"""Taking in the four registers: whose a row is, what it adds, and what the same sheet does again."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from typing import Any

import pytest

from hulei.common import walls
from hulei.common.landing import Landed, LedgerRow
from hulei.common.viewer import Viewpoint
from hulei.linkage.models import LinkEvent, SourceIdentity
from hulei.people.models import Enrolment, Guardian, Minor
from hulei.prevention import actions, queries
from hulei.prevention.models import Case, Dossier, RegisterEntry
from hulei.prevention.tests.children import (
    OTHER_HOME,
    civil_affairs,
    education,
    grid,
    national_id,
    police,
)
from tests import ground

pytestmark = pytest.mark.django_db
_next_source = iter(range(1, 10_000_000))


@pytest.fixture(autouse=True)
def district() -> None:
    ground.found()


def take(register: str, *values: dict[str, Any]) -> list[Landed]:
    """Take rows in as the worker does."""
    rows = [LedgerRow(n, one, source_id=next(_next_source)) for n, one in enumerate(values, start=1)]
    function = getattr(actions, f"take_in_{register}")
    with walls.entered(ground.OPERATOR):
        return function(rows, by=ground.OPERATOR, at=ground.AT)


def outcomes(landed: Sequence[Landed]) -> list[str]:
    return [one.outcome for one in landed]


def files() -> int:
    return Minor.objects.filter(merged_into=None).count()


def test_four_registers_make_one_file() -> None:
    known = national_id(1)
    take("register_police", police())
    take("register_education", education(national_id=known))
    take("register_civil_affairs", civil_affairs(national_id=known, guardian_phone="19900000009"))
    take("register_grid", grid(), grid(visited_on=date(2023, 9, 1)))
    minor = Minor.objects.get()
    assert (minor.in_education, minor.in_care, minor.national_id) == (True, True, known)
    assert minor.village_code == "450512102201" and minor.station_code and minor.school_code
    assert RegisterEntry.objects.count() == 5
    assert re.fullmatch("D450512-[0-9A-Z]{8}", Dossier.objects.get().number)
    assert {g.phone for g in Guardian.objects.all()} == {"19929169316", "19900000009"}


def test_the_same_rows_again_change_nothing() -> None:
    values = [
        police(),
        police(name="另一人", guardian_phone="19900000001"),
        police(guardian_phone=None, name="无电话"),
    ]
    assert outcomes(take("register_police", *values)) == ["added"] * 3
    before = list(Minor.objects.order_by("pk").values())
    assert outcomes(take("register_police", *values)) == ["unchanged"] * 3
    assert list(Minor.objects.order_by("pk").values()) == before
    assert RegisterEntry.objects.count() == 3


def test_a_corrected_sheet_fills_in_phone_and_id() -> None:
    take("register_grid", grid(guardian_phone=None, national_id=None))
    assert outcomes(take("register_grid", grid())) == ["filled"]
    assert outcomes(take("register_grid", grid(national_id=national_id(1)))) == ["filled"]
    assert outcomes(take("register_grid", grid(national_id=national_id(1)))) == ["unchanged"]
    assert files() == 1
    assert Minor.objects.get().national_id_certain
    assert Guardian.objects.get().phone == "19929169316"


def test_a_name_alone_links_nothing() -> None:
    bare = {
        "national_id": None,
        "guardian_phone": None,
        "guardian": "",
        "birth_date": None,
        "address": "",
        "school": None,
    }
    take("register_grid", grid(**bare), grid(**bare), grid(**bare | {"birth_date": date(2010, 7, 31)}))
    assert files() == 3


def test_identical_rows_of_one_sheet_are_one_entry() -> None:
    assert outcomes(take("register_civil_affairs", civil_affairs(), civil_affairs())) == [
        "added",
        "unchanged",
    ]


def test_two_certain_ids_are_two_children_whatever_else_agrees() -> None:
    take("register_civil_affairs", civil_affairs(national_id=national_id(1)))
    take("register_grid", grid(national_id=national_id(2)))
    assert files() == 2
    take("register_grid", grid(visited_on=date(2023, 9, 9)))  # whose? not to be told
    assert files() == 3


def test_a_wrong_check_digit_neither_links_nor_parts() -> None:
    wrong = national_id(1)[:-1] + ("0" if national_id(1)[-1] != "0" else "1")
    take("register_civil_affairs", civil_affairs(national_id=wrong))
    take("register_grid", grid(national_id=national_id(2)))
    minor = Minor.objects.get()
    assert (minor.national_id, minor.national_id_certain) == (national_id(2), True)
    take("register_grid", grid(name="别人", guardian_phone="19911111111", national_id=wrong))
    assert files() == 2


def test_a_parents_id_in_two_siblings_rows_does_not_join_them() -> None:
    mother = national_id(1, date(1985, 3, 3))
    take("register_grid", grid(name="大宝", national_id=mother), grid(name="二宝", national_id=mother))
    assert files() == 2


def test_a_row_that_connects_two_files_merges_them_and_keeps_both_histories() -> None:
    take("register_civil_affairs", civil_affairs(national_id=national_id(1), guardian_phone="19900000001"))
    take("register_grid", grid())
    assert files() == 2
    take("register_education", education(national_id=national_id(1)))
    merged = Minor.objects.get(merged_into__isnull=False)
    old = Minor.objects.get(merged_into=None)
    assert merged.merged_into == old
    assert set(RegisterEntry.objects.values_list("minor_id", flat=True)) == {old.pk}
    assert set(SourceIdentity.objects.values_list("minor_id", flat=True)) == {old.pk}
    move = LinkEvent.objects.get(change="moved")
    assert (move.from_minor_id, move.to_minor_id) == (merged.pk, old.pk)
    assert Dossier.objects.count() == 2
    with walls.entered(ground.OPERATOR):
        assert [d.minor_id for d in queries.dossiers(ground.OPERATOR)] == [old.pk]
        assert queries.people.minor(ground.OPERATOR, merged.pk).pk == old.pk


def test_a_key_that_proves_ambiguous_takes_its_rows_out_again() -> None:
    take("register_civil_affairs", civil_affairs(national_id=national_id(1)))
    take("register_grid", grid())
    first = Minor.objects.get()
    take("register_education", education(national_id=national_id(2)))
    assert files() == 3
    assert list(RegisterEntry.objects.filter(minor=first).values_list("register", flat=True)) == [
        "civil_affairs"
    ]
    assert Dossier.objects.count() == 3


def test_an_entry_that_two_rows_told_is_parted_with_them() -> None:
    take("register_grid", grid(national_id=national_id(1)))
    assert outcomes(take("register_grid", grid())) == ["unchanged"]
    take("register_education", education(national_id=national_id(2)))
    assert files() == 3
    told = RegisterEntry.objects.filter(register="grid").order_by("minor_id")
    assert [len(entry.source_ids) for entry in told] == [1, 1]


def test_an_unknown_school_or_unit_is_handed_back_alone() -> None:
    landed = take("register_police", police(school="没有这所学校"), police(station="没有这个所"), police())
    assert outcomes(landed) == ["rejected", "rejected", "added"]
    assert [f.code for one in landed[:2] for f in one.findings] == ["school_unknown", "unit_unknown"]
    assert take("register_police", police(name="辍学者", school="辍学"))[0].outcome == "added"


def test_the_education_register_knows_the_school_best() -> None:
    take("register_grid", grid(school="营盘中学"))
    take("register_education", education(school="兴港镇粟山小学"))
    take("register_grid", grid(school="营盘中学"))
    running = Enrolment.objects.select_related("school").get()
    assert (running.school.name, running.certain) == ("兴港镇粟山小学", True)
    entry = RegisterEntry.objects.get(register="grid")
    assert entry.school_code == running.school.code == Minor.objects.get().school_code


def test_what_stands_in_a_file_is_kept() -> None:
    take("register_grid", grid(national_id=national_id(1)))
    take("register_police", police(national_id=national_id(1), name="莫健子", address=OTHER_HOME))
    minor = Minor.objects.get()
    assert (minor.name, "粟山" in minor.address) == ("莫建子", True)


def test_scope_and_marks_are_equal_on_all_rows_about_a_child() -> None:
    take("register_police", police(national_id=national_id(1)))
    take("register_education", education(national_id=national_id(1)))
    minor = Minor.objects.get()
    columns = ("district_code", "town_code", "village_code", "grid_code", "station_code", "school_code")
    for model in (Guardian, Enrolment, Dossier, RegisterEntry, SourceIdentity):
        for row in model.objects.all():
            assert [getattr(row, c) for c in columns] == [getattr(minor, c) for c in columns], model
    for model in (Guardian, Enrolment, Dossier):
        assert {(r.in_education, r.in_care) for r in model.objects.all()} == {(True, False)}, model


def test_cases_wait_for_their_child() -> None:
    case = {"number": "GA1", "name": "莫建子", "national_id": national_id(1), "opened_on": date(2023, 2, 14)}
    unlinked = {"number": "GA2", "name": "莫建子", "opened_on": date(2023, 2, 14), "visits": 3}
    landed = take("cases", case, unlinked)
    assert outcomes(landed) == ["added", "added"]
    take("register_grid", grid(national_id=national_id(1)))
    assert [c.minor_id for c in Case.objects.order_by("number")] == [Minor.objects.get().pk, None]
    assert outcomes(take("cases", case, unlinked)) == ["unchanged", "unchanged"]


def test_the_number_of_statements_does_not_grow(django_assert_max_num_queries: Any) -> None:
    few = [LedgerRow(n, grid(name=f"甲{n}", guardian_phone=f"1990000{n:04d}")) for n in range(3)]
    many = [LedgerRow(n, grid(name=f"乙{n}", guardian_phone=f"1991000{n:04d}")) for n in range(200)]
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    counts = []
    for rows in (few, many):
        with (
            walls.entered(ground.OPERATOR),
            CaptureQueriesContext(
                connection,
            ) as seen,
        ):
            actions.take_in_register_grid(rows, by=ground.OPERATOR, at=ground.AT)
        counts.append(len(seen))
    assert counts[1] <= counts[0] + 1, counts


def test_sources_tell_file_and_row_of_every_register_row() -> None:
    landed = take("register_grid", grid(), grid(name="别人", guardian_phone="19900000002"))
    assert {one.subject for one in landed} == set(Minor.objects.values_list("pk", flat=True))
    viewer = ground.viewer(Viewpoint.POLICE_DISTRICT)
    assert queries.entries(viewer).count() == 2
