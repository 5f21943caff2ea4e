"""Database and roles on the embedded server and on Debian's PostgreSQL 15."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg.sql import SQL, Identifier

from hulei.postgres import connect
from hulei.postgres.connect import DatabaseSettings
from hulei.postgres.errors import DatabaseTrouble
from hulei.postgres.provision import Roles, provision

VIEWPOINTS = ("village", "school", "worker")
SECRET = "test secret"


@pytest.fixture(scope="module")
def admin(cluster: Path) -> DatabaseSettings:
    return connect.admin_url(cluster)


@pytest.fixture(scope="module")
def roles(admin: DatabaseSettings) -> Roles:
    made = provision(admin, VIEWPOINTS, SECRET)
    with _as(admin, made.owner) as connection:
        connection.execute("CREATE TABLE minor (id int)")
        connection.execute(SQL("GRANT SELECT ON minor TO {}").format(Identifier(made.app)))
    return made


def _as(admin: DatabaseSettings, role: str) -> psycopg.Connection[tuple[Any, ...]]:
    return connect.connect(connect.login_url(admin, role, SECRET))


def _set_role(connection: psycopg.Connection[tuple[Any, ...]], role: str) -> None:
    connection.execute(SQL("SET ROLE {}").format(Identifier(role)))


def test_no_role_is_above_row_level_security(admin: DatabaseSettings, roles: Roles) -> None:
    with connect.connect(admin) as connection:
        rows = connection.execute(
            "SELECT rolname, rolsuper OR rolbypassrls OR rolcreaterole OR rolcreatedb FROM pg_roles "
            "WHERE rolname LIKE 'hulei%'"
        ).fetchall()
    assert {name for name, _ in rows} == {*roles.logins, *roles.groups}
    assert not any(strong for _, strong in rows)


@pytest.mark.parametrize("login", ["web", "worker"])
def test_a_login_sees_nothing_until_it_takes_a_viewpoint(
    admin: DatabaseSettings, roles: Roles, login: str
) -> None:
    with _as(admin, f"hulei_{login}") as connection:
        with pytest.raises((psycopg.errors.InsufficientPrivilege, psycopg.errors.UndefinedTable)):
            connection.execute("SELECT * FROM minor")
        _set_role(connection, roles.viewpoint("village"))
        assert connection.execute("SELECT * FROM minor").fetchall() == []
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("INSERT INTO minor VALUES (1)")
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("CREATE TABLE mine (id int)")


@pytest.mark.parametrize("wanted", ["hulei_v_worker", "hulei_owner", "hulei_worker", "hulei_app", "postgres"])
def test_the_web_login_cannot_become_more(admin: DatabaseSettings, roles: Roles, wanted: str) -> None:
    with _as(admin, roles.web) as connection:
        for start in (roles.web, roles.viewpoint("village")):
            _set_role(connection, start)
            if wanted == roles.app and connection.info.server_version < 160000:
                pytest.skip("before version 16 a member may always become its group; no row policy names it")
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                _set_role(connection, wanted)


def test_the_worker_may_take_its_own_viewpoint_but_not_the_owner(
    admin: DatabaseSettings, roles: Roles
) -> None:
    with _as(admin, roles.worker) as connection:
        _set_role(connection, roles.viewpoint("worker"))
        connection.execute("CREATE TEMPORARY TABLE staging (id int)")
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            _set_role(connection, roles.owner)


def test_the_owner_can_act_as_everyone(admin: DatabaseSettings, roles: Roles) -> None:
    with _as(admin, roles.owner) as connection:
        for role in (roles.web, roles.worker, *roles.groups):
            _set_role(connection, role)
            connection.execute("RESET ROLE")


def test_strangers_stay_outside(admin: DatabaseSettings, roles: Roles) -> None:
    with connect.connect(admin) as connection:
        connection.execute("DROP ROLE IF EXISTS stranger")
        verifier = connection.pgconn.encrypt_password(
            connect.derived_password("stranger", SECRET).encode(), b"stranger", b"scram-sha-256"
        )
        connection.execute(SQL("CREATE ROLE stranger LOGIN PASSWORD {}").format(verifier.decode()))
    with pytest.raises(DatabaseTrouble, match="permission denied"):
        _as(admin, "stranger")


def test_search_in_chinese_and_the_extensions(admin: DatabaseSettings, roles: Roles) -> None:
    with connect.connect(admin) as connection:
        assert connection.execute("SELECT show_trgm('铁山港区') <> '{}'").fetchone() == (True,)
        found = {name for (name,) in connection.execute("SELECT extname FROM pg_extension").fetchall()}
    assert found >= {"pg_trgm", "btree_gin", "btree_gist"}


def test_twice_at_once_and_again_with_more_viewpoints(admin: DatabaseSettings) -> None:
    with ThreadPoolExecutor(4) as pool:
        made = list(
            pool.map(lambda _: provision(admin, ["grid"], SECRET, database="two 'at\" once"), range(4))
        )
    assert len(set(made)) == 1
    more = provision(admin, ["grid", "court"], "another secret", database="two 'at\" once")
    with connect.connect(
        connect.login_url(admin, more.web, "another secret"), database="two 'at\" once"
    ) as c:
        _set_role(c, more.viewpoint("court"))


def test_roles_may_bear_another_name_than_the_database(admin: DatabaseSettings) -> None:
    made = provision(admin, [], SECRET, database="other", prefix="short")
    assert made.owner == "short_owner"
    with connect.connect(connect.login_url(admin, made.owner, SECRET), database="other") as connection:
        connection.execute("CREATE TABLE mine (id int)")


def test_an_administrator_who_is_no_superuser(admin: DatabaseSettings) -> None:
    with connect.connect(admin, database="postgres") as connection:
        connection.execute("DROP ROLE IF EXISTS clerk")
        connection.execute("CREATE ROLE clerk LOGIN CREATEDB CREATEROLE PASSWORD 'p'")
    clerk = {**admin, "USER": "clerk", "PASSWORD": "p", "NAME": "hosted"}
    made = provision(clerk, ["village"], SECRET)
    assert provision(clerk, ["village"], SECRET) == made
    with connect.connect(connect.login_url(clerk, made.web, SECRET)) as connection:
        _set_role(connection, made.viewpoint("village"))


def test_an_administrator_without_rights_is_told_which(admin: DatabaseSettings) -> None:
    with connect.connect(admin, database="postgres") as connection:
        connection.execute("DROP ROLE IF EXISTS guest")
        connection.execute("CREATE ROLE guest LOGIN PASSWORD 'p'")
    with pytest.raises(DatabaseTrouble, match="CREATEROLE"):
        provision({**admin, "USER": "guest", "PASSWORD": "p", "NAME": "nothing"}, [], SECRET)
