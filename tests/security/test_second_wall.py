"""PostgreSQL's own wall, as somebody would try it who got a statement of theirs through the web process."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.conf import settings
from django.db import DatabaseError, connection, transaction
from psycopg import sql

from hulei.access.policies import walled_models
from hulei.access.terms import Role
from hulei.audit import queries as audit
from hulei.common import walls
from tests import ground
from tests.stage import HIDDEN, KNOWN, Stage

pytestmark = pytest.mark.django_db
R = Role


@contextmanager
def acting_as(role: str) -> Iterator[Any]:
    """A cursor of one PostgreSQL role; nothing that it does stays."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            name = sql.Identifier(f"{settings.HULEI_ROLE_PREFIX}_{role}")
            cursor.execute(sql.SQL("SET LOCAL ROLE {}").format(name))
            yield cursor
        transaction.set_rollback(True)


def count(cursor: Any, table: str) -> int:
    try:
        with transaction.atomic():
            cursor.execute(sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(table)))
            return int(cursor.fetchone()[0])
    except DatabaseError:
        return 0


@pytest.mark.parametrize("role", ["web", "worker", "app"])
def test_without_a_viewer_no_record_is_seen(stage: Stage, role: str) -> None:
    """Before version 16 a login may become the group ``app`` too: it sees nothing either."""
    with acting_as(role) as cursor:
        seen = {m.__name__: n for m in walled_models() if (n := count(cursor, m._meta.db_table))}
    assert set(seen) <= ({"Account", "Grant"} if role != "app" else set()), seen


@pytest.mark.parametrize("role", ["web", "worker", "app", "v_police_district", "v_security_admin"])
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_auditentry SET payload = ''",
        "DELETE FROM audit_auditentry",
        "TRUNCATE audit_auditentry",
        "INSERT INTO audit_auditentry (seq) VALUES (0)",
        "UPDATE audit_head SET seq = 0",
        "DELETE FROM people_minor",
        "ALTER TABLE people_minor DISABLE ROW LEVEL SECURITY",
        "CREATE TABLE public.mine (id int)",
        "CREATE FUNCTION public.f() RETURNS int LANGUAGE sql AS 'SELECT 1'",
        "COPY people_minor TO '/tmp/x'",
    ],
)
def test_nobody_at_work_changes_the_ledger_the_walls_or_the_schema(
    stage: Stage, role: str, statement: str
) -> None:
    with acting_as(role) as cursor, pytest.raises(DatabaseError):
        cursor.execute(statement)


@pytest.mark.parametrize("role", ["web", "worker"])
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE access_grant SET role = 'bureau_leader'",
        "UPDATE access_grant SET ends_on = NULL",
        "INSERT INTO access_grant (account_id) VALUES (1)",
        "UPDATE access_account SET is_active = true",
        "UPDATE access_account SET username = 'x'",
    ],
)
def test_a_login_gives_nobody_a_role(stage: Stage, role: str, statement: str) -> None:
    with acting_as(role) as cursor, pytest.raises(DatabaseError):
        cursor.execute(statement)


def test_the_web_server_cannot_become_the_worker(stage: Stage) -> None:
    prefix = settings.HULEI_ROLE_PREFIX
    with connection.cursor() as cursor:
        for role in ("v_worker", "worker", "owner"):
            cursor.execute("SELECT pg_has_role(%s, %s, 'MEMBER')", [f"{prefix}_web", f"{prefix}_{role}"])
            assert cursor.fetchone() == (False,), role


def test_eyes_that_are_borrowed_are_given_back(stage: Stage) -> None:
    """A figure is counted with the district's eyes; whatever happens meanwhile, the viewer's come back."""
    school, police = stage.viewers[R.SCHOOL_SAFETY], stage.viewers[R.BUREAU_LEADER]

    def seen() -> set[str]:
        with connection.cursor() as cursor:
            cursor.execute("SELECT name FROM people_minor")
            return {row[0] for row in cursor.fetchall()}

    with walls.entered(school):
        assert KNOWN in seen() and HIDDEN not in seen()
        with walls.entered(police):
            assert HIDDEN in seen()
        assert HIDDEN not in seen()
        with pytest.raises(RuntimeError), walls.entered(police):
            raise RuntimeError
        assert HIDDEN not in seen()
        with pytest.raises(DatabaseError), walls.entered(police), connection.cursor() as cursor:
            cursor.execute("SELECT 1/0")
        assert HIDDEN not in seen()
        with walls.entered(police):
            later = audit.entries(police)  # asked for with borrowed eyes, read after they were given back
        assert not list(later)


def test_refusals_are_in_the_ledger_without_what_was_typed(stage: Stage) -> None:
    client, hidden = stage.browser(R.SCHOOL_SAFETY), stage.minors[HIDDEN]
    tried = (
        (f"/people/minor/{hidden}/", ("people.minor", str(hidden)), 404),
        ("/prevention/police_call/?q=某某", ("prevention.police_call", ""), 403),
        (f"/api/v1/people/minor/{hidden}", ("api/v1/people/minor/<int:record_id>", str(hidden)), 404),
        ("/api/v1/prevention/clue/", ("api/v1/prevention/clue/", ""), 403),
        ("/某某/某某/", ("<str:package>/<str:noun>/", ""), 404),
    )
    for address, target, status in tried:
        assert client.get(address).status_code == status
        with walls.entered(ground.OPERATOR):
            entry = audit.entries(ground.OPERATOR).first()
        assert (entry.tag, entry.target_kind, entry.target_id) == ("access.request.refused", *target)
        assert entry.role == "school_safety" and "某某" not in entry.payload and not entry.subjects
