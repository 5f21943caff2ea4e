"""How many statements a page costs: as many for fifty rows as for five."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from hulei.access.terms import Role
from hulei.campus import actions as campus
from hulei.common import walls
from hulei.common.landing import LedgerRow
from hulei.governance import actions as governance
from hulei.insight.tests import small_year
from hulei.outreach import actions as outreach
from hulei.places import actions as places
from hulei.prevention import actions as prevention
from hulei.prevention import queries as prevention_queries
from hulei.prevention.tests import children
from hulei.web.catalogue import pages
from tests import ground
from tests import stage as parts
from tests.stage import Stage, text

pytestmark = pytest.mark.django_db
MORE = 45
START = small_year.YEAR.start
Rows = Iterator[dict[str, Any]]


def _days() -> Iterator[tuple[int, date]]:
    return ((n, START + timedelta(days=n)) for n in range(MORE))


def _schools() -> Rows:
    for n in range(MORE):
        yield {"name": f"营盘镇第{n}小学", "stage": "primary", "town": "营盘镇", "station": small_year.YING}


def _hazards() -> Rows:
    return (small_year._hazard(f"ZZ{n}", small_year.PRIMARY, day, None, None) for n, day in _days())


def _calls() -> Rows:
    return (
        small_year._call(
            f"ZJ{n}", datetime(day.year, day.month, day.day, 9), small_year.STONE, "security", "actor", 13
        )
        for n, day in _days()
    )


def _cases() -> Rows:
    return (small_year._case(f"ZG{n}", day, None, None, 1) for n, day in _days())


def _assignments() -> Rows:
    return (small_year._assignment(f"ZZ{n}", small_year.YING, day, None, None, None) for n, day in _days())


TAKE_IN: dict[Callable[..., Any], Callable[[], Rows]] = {
    places.take_in_schools: _schools,
    places.take_in_agencies: lambda: ({"name": f"第{n}单位", "kind": "other"} for n in range(MORE)),
    places.take_in_grids: lambda: (
        {"village": "粟山村", "name": f"粟山村第{n + 10}网格", "station": small_year.STONE, "town": "兴港镇"}
        for n in range(MORE)
    ),
    outreach.appoint_from_roster: lambda: (
        {"name": one["name"], "legal_vice_principal": "某"} for one in _schools()
    ),
    outreach.take_in_lectures: lambda: (
        small_year._lecture(day, small_year.JUNIOR, 1, 10) for _, day in _days()
    ),
    campus.take_in_hazards: _hazards,
    campus.take_in_equipment: lambda: (
        {"school": small_year.PRIMARY, "item": f"器材{n}", "required": 1, "present": 1, "sound": 1}
        for n in range(MORE)
    ),
    campus.take_in_drills: lambda: (
        small_year._drill(small_year.JUNIOR, day + timedelta(days=200), 1, 2, 3) for _, day in _days()
    ),
    campus.take_in_guard_posts: lambda: ({**small_year.POSTS[0], "point": f"点位{n}"} for n in range(MORE)),
    campus.take_in_parent_concerns: lambda: (
        {"received_on": day, "school": small_year.PRIMARY, "content": f"关切{n}"} for n, day in _days()
    ),
    governance.take_in_joint_meetings: lambda: (
        {"number": f"ZL{n}", "held_on": day, "title": "会", "host": small_year.BUREAU} for n, day in _days()
    ),
    governance.take_in_resolutions: lambda: (
        small_year._resolution(f"ZY{n}", day, "open", None) for n, day in _days()
    ),
    governance.take_in_directive_assignments: _assignments,
    prevention.take_in_police_calls: _calls,
    prevention.take_in_clues: lambda: (
        {"number": f"ZX{n}", "received_on": day, "school": small_year.PRIMARY, "content": "逃学"}
        for n, day in _days()
    ),
    prevention.take_in_cases: _cases,
}


def _more_children() -> None:
    values = [
        {"name": f"某{n}", "national_id": children.national_id(100 + n), "guardian_phone": f"1990001{n:04d}"}
        for n in range(MORE)
    ]
    for offset, register in ((1000, "police"), (2000, "civil_affairs")):
        rows = [
            LedgerRow(n, getattr(children, register)(**one), source_id=offset + n)
            for n, one in enumerate(values, 1)
        ]
        getattr(prevention, f"take_in_register_{register}")(rows, by=ground.OPERATOR, at=ground.AT)


def _more_visits() -> None:
    case = prevention_queries.cases(ground.OPERATOR).get(number="GA20239")
    for n, day in _days():
        prevention.save_visit(
            by=ground.OPERATOR, at=ground.AT, reason="", record_id=None, version=None,
            values={"case": case, "visited_on": day, "visitor": "容", "summary": f"第{n}次"},
        )  # fmt: skip


def _more_accounts() -> None:
    for n in range(MORE):
        parts.account(Role.AUDITOR, ground.DISTRICT, "铁山港区", f"auditor{n}")


def grow() -> None:
    """Fifty rows or so of every kind."""
    with walls.entered(ground.OPERATOR):
        for take, values in TAKE_IN.items():
            landed = take(ground.rows(*values()), by=ground.OPERATOR, at=ground.AT)
            assert all(one.outcome == "added" for one in landed), landed[:2]
        _more_children()
        _more_visits()
    _more_accounts()


READER = {"access": Role.SECURITY_ADMIN, "audit": Role.AUDITOR}
# Lists that no ledger here fills: areas come with the district, uploads and police grids stay few.
STEADY = {"places.area", "places.police_grid", "intake.upload"}


def reader(kind: str) -> Role:
    return READER.get(kind.split(".")[0], Role.BUREAU_OFFICE)


def cost(stage: Stage, kind: str, address: str) -> int:
    with CaptureQueriesContext(connection) as caught:
        text(stage.browser(reader(kind)).get(address))
    return len(caught)


def lists(kind: str) -> tuple[str, str]:
    base = f"/{kind.replace('.', '/')}/"
    return base, f"/api/v1{base}?limit=200"


def test_lists_cost_as_much_for_fifty_rows_as_for_five(stage: Stage) -> None:
    """And none costs more than thirty statements, session and ledger included."""
    addresses = [(kind, address) for kind in pages() for address in lists(kind)]
    for kind, address in addresses:
        cost(stage, kind, address)  # the session is written once
    before = {address: cost(stage, kind, address) for kind, address in addresses}
    rows = {kind: _count(kind) for kind in pages()}
    grow()
    assert not {k for k in pages() if k not in STEADY and _count(k) < rows[k] + 40}
    after = {address: cost(stage, kind, address) for kind, address in addresses}
    assert {a: (before[a], n) for a, n in after.items() if n != before[a]} == {}
    assert {a: n for a, n in after.items() if n > 30} == {}


def _count(kind: str) -> int:
    with walls.entered(ground.OPERATOR):
        return int(pages()[kind].rows(ground.OPERATOR).count())


def test_a_record_costs_a_bounded_number_of_statements(stage: Stage) -> None:
    found = {}
    grow()
    for kind, page in pages().items():
        with walls.entered(stage.viewers[reader(kind)]):
            pk = page.rows(stage.viewers[reader(kind)]).order_by("pk").values_list("pk", flat=True).first()
        if pk is not None:
            found[kind] = cost(stage, kind, f"/{kind.replace('.', '/')}/{pk}/")
    assert {kind: n for kind, n in found.items() if n > 40} == {}
    assert set(pages()) - set(found) <= {"intake.upload", "places.police_grid"}


@pytest.mark.parametrize("address", ["/", "/search?q=a"])
def test_the_first_page_and_the_search_do_not_grow_either(stage: Stage, address: str) -> None:
    kind = "campus.hazard"

    def asked() -> int:
        with CaptureQueriesContext(connection) as caught:
            text(stage.browser(Role.STATION_OFFICER).get(address))
        return len(caught)

    asked()
    before = asked()
    grow()
    assert asked() == before, kind
