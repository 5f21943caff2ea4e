"""A small district with every kind of user signed in, for the tests that go through pages and REST.

Made once per test module inside one transaction and rolled back after it; each test runs in a
savepoint of its own. Requests begin as the web server's login role, as they do in a running Hulei.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.http import HttpResponse
from django.test import Client
from psycopg import sql

from hulei.access import actions as access
from hulei.access import queries as access_queries
from hulei.access.terms import Role
from hulei.common import walls
from hulei.common.landing import LedgerRow
from hulei.common.viewer import Viewer
from hulei.insight.tests import small_year
from hulei.outreach import actions as outreach
from hulei.people import queries as people
from hulei.places import actions as places
from hulei.places import queries as places_queries
from hulei.prevention import actions as prevention
from hulei.prevention import queries as prevention_queries
from hulei.prevention.tests import children
from tests import ground

OPENED = datetime(2023, 1, 1, tzinfo=UTC)
PASSWORD = "one long pass phrase"
MODEL_BACKEND = "django.contrib.auth.backends.ModelBackend"
TODAY = "2023-12-29"

# Known to every register; known to the police alone; known to everyone but the police, elsewhere.
KNOWN, HIDDEN, ELSEWHERE = "莫建子", "单雄信", "韦小桃"
HIDDEN_ID = children.national_id(2)
HIDDEN_GUARDIAN = "单道"
PUBLIC_ROLES = tuple(role for role in Role if role is not Role.OPERATOR)


class SignedIn(Client):
    """A browser of one person. PostgreSQL knows nobody before and after each of its requests."""

    def request(self, **request: Any) -> Any:
        with connection.cursor() as cursor:
            web = sql.Identifier(f"{settings.HULEI_ROLE_PREFIX}_web")
            cursor.execute(sql.SQL("SET LOCAL ROLE {}").format(web))
        try:
            return super().request(**request)
        finally:
            if not connection.needs_rollback:
                with connection.cursor() as cursor:
                    cursor.execute("SET LOCAL ROLE NONE")


@dataclass
class Stage:
    """The district as the tests need it: viewers and browsers by role, records by name."""

    viewers: dict[Role, Viewer] = field(default_factory=dict)
    accounts: dict[Role, Any] = field(default_factory=dict)
    minors: dict[str, int] = field(default_factory=dict)
    clients: dict[Role, SignedIn] = field(default_factory=dict)

    def browser(self, role: Role) -> SignedIn:
        """Somebody of a role, signed in."""
        if role not in self.clients:
            self.clients[role] = SignedIn()
            self.clients[role].force_login(self.accounts[role], backend=MODEL_BACKEND)
        return self.clients[role]

    def another_browser(self, role: Role) -> SignedIn:
        """A second session of the same person."""
        client = SignedIn()
        client.force_login(self.accounts[role], backend=MODEL_BACKEND)
        return client


def savepoint() -> AbstractContextManager[None]:
    """A block whose writes are undone at its end."""
    return _undone()


@contextmanager
def _undone() -> Iterator[None]:
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def text(response: HttpResponse, status: int = 200) -> str:
    """The body of an answer that must have ``status``."""
    body: str = response.content.decode()
    assert response.status_code == status, (response.status_code, body[:3000])
    return body


def build() -> Stage:
    """Found the district, take its year and its children in, open an account for every role."""
    small_year.take_in()
    _grids()
    _elsewhere()
    _registers()
    _records_of_the_hidden_child()
    stage = Stage(minors=dict(people.minors(ground.OPERATOR).values_list("name", "pk")))
    for role in PUBLIC_ROLES:
        stage.accounts[role] = _account(role)
        hat = access_queries.hats(stage.accounts[role].pk, date(2023, 12, 29))[0]
        stage.viewers[role] = access_queries.viewer_of(stage.accounts[role], hat)
    access.assign_child(
        by=ground.OPERATOR, at=OPENED, reason="结对", minor_id=stage.minors[KNOWN],
        account_id=stage.accounts[Role.SOCIAL_WORKER].pk,
    )  # fmt: skip
    return stage


def _grids() -> None:
    rows = ground.rows(
        {"village": "粟山村", "name": "粟山村第01网格", "station": small_year.STONE, "town": "兴港镇"},
        {"village": "白龙社区", "name": "白龙社区第01网格", "station": small_year.YING, "town": "营盘镇"},
    )
    landed = places.take_in_grids(rows, by=ground.OPERATOR, at=ground.AT)
    assert [one.outcome for one in landed] == ["added", "added"]


def _elsewhere() -> None:
    """What the small year lacks: vice-principals, and a clue from the other station."""
    appointed = ground.rows(
        *({"name": name, "legal_vice_principal": "曾涛"} for name in (small_year.PRIMARY, small_year.JUNIOR))
    )
    landed = outreach.appoint_from_roster(appointed, by=ground.OPERATOR, at=ground.AT)
    clue = {"number": "XS99", "received_on": date(2023, 9, 9), "school": small_year.JUNIOR, "content": "逃学"}
    landed += prevention.take_in_clues(ground.rows(clue), by=ground.OPERATOR, at=ground.AT)
    assert [one.outcome for one in landed] == ["added"] * 3


def _registers() -> None:
    known = {"national_id": children.national_id(1)}
    hidden = {
        "name": HIDDEN, "national_id": HIDDEN_ID, "guardian": HIDDEN_GUARDIAN,
        "guardian_phone": "19900000002", "document_number": "另一文书",
    }  # fmt: skip
    elsewhere = {
        "name": ELSEWHERE, "national_id": children.national_id(3), "school": small_year.JUNIOR,
        "address": children.OTHER_HOME, "guardian": "韦母", "guardian_phone": "19900000003",
    }  # fmt: skip
    source = iter(range(1, 100))
    for register, values in (
        ("police", [children.police(**known), children.police(**hidden)]),
        ("education", [children.education(**known), children.education(**elsewhere)]),
        ("civil_affairs", [children.civil_affairs(**known), children.civil_affairs(**elsewhere)]),
        ("grid", [children.grid(**known), children.grid(**elsewhere)]),
    ):
        rows = [LedgerRow(n, one, source_id=next(source)) for n, one in enumerate(values, start=1)]
        with walls.entered(ground.OPERATOR):
            getattr(prevention, f"take_in_register_{register}")(rows, by=ground.OPERATOR, at=ground.AT)


def _records_of_the_hidden_child() -> None:
    case = small_year._case("GA20239", date(2023, 3, 3), None, None, 0) | {
        "name": HIDDEN, "national_id": HIDDEN_ID,
    }  # fmt: skip
    with walls.entered(ground.OPERATOR):
        landed = prevention.take_in_cases(ground.rows(case), by=ground.OPERATOR, at=ground.AT)
        assert landed[0].outcome == "added"
        found = prevention_queries.cases(ground.OPERATOR).get(number="GA20239")
        prevention.save_visit(
            by=ground.OPERATOR, at=ground.AT, reason="", record_id=None, version=None,
            values={"case": found, "visited_on": date(2023, 4, 4), "visitor": "容民警", "summary": "已返校"},
        )  # fmt: skip


_SCOPES: Mapping[Role, Callable[[], Any]] = {
    Role.STATION_OFFICER: lambda: ground.agency(small_year.STONE),
    Role.SCHOOL_SAFETY: lambda: ground.school(small_year.PRIMARY),
    Role.LEGAL_VICE_PRINCIPAL: lambda: ground.school(small_year.PRIMARY),
    Role.CHILD_DIRECTOR: lambda: places_queries.areas(ground.OPERATOR).get(name__startswith="粟山村"),
    Role.GRID_WORKER: lambda: places_queries.grids(ground.OPERATOR).get(name="粟山村第01网格"),
}


def _account(role: Role) -> Any:
    place = _SCOPES[role]() if role in _SCOPES else None
    return account(role, place.code if place else ground.DISTRICT, place.name if place else "铁山港区")


def account(role: Role, scope: str, scope_name: str, username: str = "") -> Any:
    """An account with one role and the known password."""
    opened = access.open_account(
        by=ground.OPERATOR, at=OPENED, reason="", username=username or role.value,
        display_name=role.label.zh, password=PASSWORD,
    )  # fmt: skip
    access.grant_role(
        by=ground.OPERATOR, at=OPENED, reason="", account=opened, role=role, scope=scope,
        scope_name=scope_name, district=ground.DISTRICT,
    )  # fmt: skip
    return opened
