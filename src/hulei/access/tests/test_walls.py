"""The second wall: PostgreSQL itself shows a viewpoint no other rows, whatever a query asks for."""

from __future__ import annotations

import pytest
from django.db import ProgrammingError, connection, transaction

from hulei.access import policies
from hulei.access import queries as access
from hulei.access.models import Account
from hulei.common import walls
from hulei.common.viewer import Viewer, Viewpoint

pytestmark = pytest.mark.django_db


def _viewer(viewpoint: Viewpoint, scope: str = "450512", account: int = 1) -> Viewer:
    return Viewer(account, "", "", viewpoint, scope, "450512")


def test_every_model_has_a_wall_and_every_table_is_forced() -> None:
    tables = {m._meta.db_table for m in policies.walled_models()}
    with connection.cursor() as cursor:
        cursor.execute("SELECT relname FROM pg_class WHERE relrowsecurity AND relforcerowsecurity")
        assert tables <= {row[0] for row in cursor.fetchall()}


def test_the_policies_are_those_declared_and_no_others() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename, policyname FROM pg_policies WHERE schemaname = 'public'")
        present = set(cursor.fetchall())
    declared = set()
    for model in policies.walled_models():
        wall, table = model.wall, model._meta.db_table  # type: ignore[attr-defined]
        declared.add((table, "owner_all"))
        if wall.login:
            declared.add((table, "login_all"))
        for viewpoint in wall.reads:
            declared.add((table, f"read_{viewpoint.value}"))
            if viewpoint in wall.writes:
                declared |= {(table, f"add_{viewpoint.value}"), (table, f"edit_{viewpoint.value}")}
    assert present == declared


def test_a_model_without_a_wall_stops_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Account, "wall", None)
    with pytest.raises(policies.ImproperlyConfigured, match="Account"):
        policies.walled_models()


def test_raising_the_walls_again_changes_nothing() -> None:
    assert policies.raise_walls() == policies.raise_walls()


@pytest.mark.parametrize("viewpoint", list(Viewpoint))
def test_no_viewpoint_deletes_anything(viewpoint: Viewpoint) -> None:
    with connection.cursor() as cursor:
        for model in policies.walled_models():
            cursor.execute(
                "SELECT has_table_privilege(%s, %s, 'DELETE') OR has_table_privilege(%s, %s, 'TRUNCATE')",
                [walls.role_name(viewpoint), model._meta.db_table] * 2,
            )
            assert cursor.fetchone() == (False,), model


@pytest.mark.parametrize("viewpoint", list(Viewpoint))
def test_an_undeclared_viewpoint_reads_nothing(viewpoint: Viewpoint) -> None:
    for model in policies.walled_models():
        wall: walls.Wall = model.wall  # type: ignore[attr-defined]
        if viewpoint in wall.reads:
            continue
        assert not walls.visible(_viewer(viewpoint), model._base_manager.all()).exists()
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM pg_policies WHERE tablename = %s AND %s = ANY(roles)",
                [model._meta.db_table, walls.role_name(viewpoint)],
            )
            assert cursor.fetchone() == (0,), model


def test_the_gate_and_the_policy_say_the_same() -> None:
    """A door compares in SQL exactly what it compares in a query."""
    for model in policies.walled_models():
        for viewpoint, door in model.wall.reads.items():  # type: ignore[attr-defined]
            text = policies.condition(model, door).as_string(connection.cursor().cursor)
            viewer = _viewer(viewpoint)
            if door.setting != "assigned":
                for lookup in door.lookup(viewer):
                    assert f'"{lookup.removesuffix("__in")}"' in text, (model, viewpoint)
            columns = {f.column for f in model._meta.concrete_fields}
            assert not door.column or door.column in columns, (model, viewpoint, door.column)


def test_entering_is_undone_when_left_and_nests() -> None:
    with walls.entered(_viewer(Viewpoint.SCHOOL, "S1")):
        assert walls._current()[1] == "S1"
        with walls.entered(_viewer(Viewpoint.GRID, "G1")):
            assert walls._current()[0].endswith("_v_grid")
        assert walls._current()[:2] == (walls.role_name(Viewpoint.SCHOOL), "S1")
    assert walls._current()[0] == "none"


def test_accounts_show_themselves_only(account_factory: type) -> None:
    mine, other = account_factory("mine"), account_factory("other")
    with walls.entered(_viewer(Viewpoint.SCHOOL, account=mine.pk)):
        assert list(Account.objects.values_list("username", flat=True)) == ["mine"]
        assert list(access.accounts(_viewer(Viewpoint.SCHOOL, account=mine.pk))) == [mine]
        assert not Account.objects.filter(pk=other.pk).update(display_name="x")
    with walls.entered(_viewer(Viewpoint.SECURITY_ADMIN)):
        assert Account.objects.count() == 2


def test_a_viewpoint_cannot_become_another(settings: object) -> None:
    with walls.entered(_viewer(Viewpoint.SCHOOL, "S1")), connection.cursor() as cursor:
        cursor.execute("SELECT session_user = current_user")
        assert cursor.fetchone() == (False,)


@pytest.mark.parametrize("table", ["django_migrations", "audit_head"])
def test_partners_do_not_write_what_holds_the_system(table: str) -> None:
    refused = pytest.raises(ProgrammingError)
    with (
        walls.entered(_viewer(Viewpoint.SCHOOL)),
        refused,
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(f"DELETE FROM {table}")
