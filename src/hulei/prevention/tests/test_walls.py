"""Whom each viewpoint can see, in the queries and in PostgreSQL itself.

A partner must not be able to tell a child that only the police know from a child that does not exist.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from django.db import connection

from hulei.common import walls
from hulei.common.landing import LedgerRow
from hulei.common.viewer import NotFound, Viewer, Viewpoint
from hulei.linkage import queries as linkage
from hulei.people import queries as people
from hulei.people.models import Minor
from hulei.prevention import actions, queries
from hulei.prevention.pages import PAGES
from hulei.prevention.tests.children import civil_affairs, education, grid, national_id, police
from tests import ground

pytestmark = pytest.mark.django_db
V = Viewpoint
TABLES = (
    "people_minor",
    "people_guardian",
    "people_enrolment",
    "prevention_dossier",
    "prevention_registerentry",
    "linkage_sourceidentity",
    "linkage_linkevent",
)
KNOWN, HIDDEN = national_id(1), national_id(2)


@pytest.fixture(autouse=True)
def children() -> dict[str, int]:
    """Two neighbours at one school: one known to everybody, one to the police alone."""
    ground.found()
    hidden = {
        "name": "单雄信",
        "national_id": HIDDEN,
        "guardian_phone": "19900000002",
        "document_number": "另一文书",
    }
    source = iter(range(1, 100))
    with walls.entered(ground.OPERATOR):
        for register, values in (
            ("police", [police(national_id=KNOWN), police(**hidden)]),
            ("education", [education(national_id=KNOWN)]),
            ("civil_affairs", [civil_affairs(national_id=KNOWN)]),
            ("grid", [grid(national_id=KNOWN)]),
        ):
            rows = [LedgerRow(n, one, source_id=next(source)) for n, one in enumerate(values, start=1)]
            getattr(actions, f"take_in_register_{register}")(rows, by=ground.OPERATOR, at=ground.AT)
    return dict(Minor.objects.values_list("name", "pk"))


def partners() -> Iterator[Viewer]:
    minor = Minor.objects.order_by("pk")[0]
    yield ground.viewer(V.EDUCATION)
    yield ground.viewer(V.SCHOOL, minor.school_code)
    yield ground.viewer(V.CIVIL_AFFAIRS)
    yield ground.viewer(V.VILLAGE, minor.village_code)
    yield ground.viewer(V.GRID, minor.grid_code or "G")
    yield ground.viewer(V.VICE_PRINCIPAL, minor.school_code)
    yield replace(ground.viewer(V.ASSIGNED), account_id=99)


def test_police_and_procuratorate_see_both(children: dict[str, int]) -> None:
    for viewer in (
        ground.viewer(V.POLICE_DISTRICT),
        ground.viewer(V.PROSECUTION),
        ground.officer_of("石头埠派出所"),
    ):
        with walls.entered(viewer):
            assert set(queries.dossiers(viewer).values_list("minor_id", flat=True)) == set(children.values())
            assert queries.entries(viewer).count() == 5
    stranger = ground.officer_of("营盘派出所")
    with walls.entered(stranger):
        assert not queries.dossiers(stranger).exists()


def test_partners_see_only_their_own_compartment(children: dict[str, int]) -> None:
    seen = {}
    for viewer in partners():
        with walls.entered(viewer):
            registers = queries.entries(viewer).values_list("register", flat=True)
            rows = linkage.sources(viewer, children["莫建子"]).values_list("register", flat=True)
            assert set(registers) == set(rows)
            seen[viewer.viewpoint] = sorted(registers)
            assert not linkage.history(viewer, children["莫建子"]).exists()
            assert not queries.police_calls(viewer).exists()
    assert seen[V.EDUCATION] == seen[V.SCHOOL] == ["education"]
    assert seen[V.CIVIL_AFFAIRS] == seen[V.VILLAGE] == ["civil_affairs", "grid"]
    assert seen[V.ASSIGNED] == seen[V.VICE_PRINCIPAL] == []


def test_a_child_known_to_the_police_alone_is_like_one_that_does_not_exist(children: dict[str, int]) -> None:
    hidden, nobody = children["单雄信"], max(children.values()) + 1000
    for viewer in partners():
        with walls.entered(viewer):
            answers = [_answers(viewer, pk) for pk in (hidden, nobody)]
            assert answers[0] == answers[1], viewer.viewpoint
            for words in (
                "单雄信",
                "雄信",
                "shanxiong",
                "sxx",
                HIDDEN,
                HIDDEN[-4:],
                HIDDEN[-6:],
                "D450512-000002",
            ):
                assert not people.find_minors(viewer, words).exists()
                assert not queries.search_dossiers(viewer, queries.dossiers(viewer), words).exists()
            for page in PAGES:
                assert all(page.subject is None or page.subject(r) != hidden for r in page.rows(viewer)), (
                    page.kind
                )


def _answers(viewer: Viewer, minor_id: int) -> list[Any]:
    """Everything that may be asked about a child by its number."""
    found: list[Any] = [
        list(people.minors(viewer).filter(pk=minor_id)),
        list(people.guardians(viewer).filter(minor_id=minor_id)),
        list(people.enrolments(viewer).filter(minor_id=minor_id)),
        list(queries.dossiers(viewer).filter(minor_id=minor_id)),
        list(queries.entries_of(viewer, minor_id)),
        list(linkage.sources(viewer, minor_id)),
        list(queries.cases(viewer).filter(minor_id=minor_id)),
    ]
    for ask in (
        lambda: people.minor(viewer, minor_id),
        lambda: queries.open_dossier(viewer, minor_id, ground.AT, "看看"),
    ):
        try:
            found.append(ask())
        except NotFound as fault:
            found.append(type(fault))
    return found


def test_postgresql_itself_hides_the_child_from_partners(children: dict[str, int]) -> None:
    hidden = children["单雄信"]
    for viewer in partners():
        with walls.entered(viewer), connection.cursor() as cursor:
            for table in TABLES:
                column = {"people_minor": "id", "linkage_linkevent": "to_minor_id"}.get(table, "minor_id")
                cursor.execute(f"SELECT count(*) FROM {table} WHERE {column} = %s", [hidden])
                assert cursor.fetchone() == (0,), (viewer.viewpoint, table)
            cursor.execute("SELECT count(*) FROM prevention_registerentry WHERE compartment = 'police'")
            assert cursor.fetchone() == (0,)


def test_nothing_on_a_childs_row_tells_that_the_police_know_it(children: dict[str, int]) -> None:
    fields = {f.name for f in Minor._meta.get_fields()}
    assert not {name for name in fields if "police" in name}


def test_search_finds_by_name_pinyin_initials_and_the_end_of_an_id(children: dict[str, int]) -> None:
    viewer = ground.viewer(V.POLICE_DISTRICT)
    for words in ("雄信", "shanx", "SXX", HIDDEN, HIDDEN[-4:].lower(), HIDDEN[-8:], "单 雄 信"):
        assert [m.pk for m in people.find_minors(viewer, words)] == [children["单雄信"]], words
    assert not people.find_minors(viewer, "9" + HIDDEN[-4:]).exists() or HIDDEN[-5] == "9"
    assert people.find_minors(viewer, "  ").count() == 2


def test_opening_a_dossier_is_in_the_ledger(children: dict[str, int]) -> None:
    from hulei.audit import queries as audit

    viewer = ground.officer_of("石头埠派出所")
    with walls.entered(viewer):
        queries.open_dossier(viewer, children["单雄信"], ground.AT, "走访前核对")
    entry = audit.entries_about(ground.viewer(V.PROSECUTION), children["单雄信"])[0]
    assert (entry.tag, entry.subjects) == ("prevention.dossier.read", [children["单雄信"]])
    assert HIDDEN not in entry.payload
