"""The database of the tests: made afresh on the embedded server, or on the one of DATABASE_URL.

Nothing starts for a run without database tests. ``--reuse-db`` keeps the database for the next
run; otherwise each run has its own, so that several may go on at once.
"""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Iterable, Iterator
from typing import Any

import pytest
from psycopg.sql import SQL, Identifier

_DATABASE_FIXTURES = {
    "db",
    "transactional_db",
    "django_db_setup",
    "django_db_reset_sequences",
    "django_db_serialized_rollback",
    "live_server",
    "admin_client",
}


def pytest_configure(config: pytest.Config) -> None:
    """Declare the marker that selects the tests to repeat on another PostgreSQL."""
    config.addinivalue_line("markers", "database: uses the test database (set by itself)")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark every test that needs the database, however it asked for it."""
    for item in items:
        names = set(getattr(item, "fixturenames", ()))
        if item.get_closest_marker("django_db") or names & _DATABASE_FIXTURES:
            item.add_marker("database")


@pytest.fixture(scope="session")
def django_db_keepdb() -> bool:
    """Django shall take the database as it finds it: made with its roles and extensions below."""
    return True


@pytest.fixture(scope="session")
def django_db_modify_db_settings(request: pytest.FixtureRequest) -> Iterator[None]:
    """Hold the server while the tests run, and make the database anew with roles and extensions."""
    from django.conf import settings
    from django.db import connections

    from hulei.common.viewer import Viewpoint
    from hulei.config.paths import secret
    from hulei.postgres import connect
    from hulei.postgres.provision import provision

    reuse = request.config.getoption("--reuse-db") and not request.config.getoption("--create-db")
    test_settings: dict[str, Any] = connections["default"].settings_dict["TEST"]
    if not request.config.getoption("--reuse-db"):
        test_settings["NAME"] = f"{test_settings['NAME']}_{os.getpid()}"
    name = test_settings["NAME"]
    server = connect.hold(settings.DATA_DIR, durable=False)
    admin = connect.admin_url(settings.DATA_DIR)
    with server or contextlib.nullcontext():
        if server and sys.platform == "linux":
            _drop_leftovers(admin, admin["NAME"])
        if not reuse:
            _drop(admin, name)
        provision(
            admin,
            [viewpoint.value for viewpoint in Viewpoint],
            secret("database"),
            database=name,
            prefix=settings.HULEI_ROLE_PREFIX,
        )
        yield
        if not request.config.getoption("--reuse-db"):
            connections.close_all()
            _drop(admin, name)


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> None:
    """After the migrations: the row-level security that a running Hulei has."""
    from hulei.access.policies import raise_walls

    with django_db_blocker.unblock():
        raise_walls()
    _let_flush_empty_the_ledger()


def _let_flush_empty_the_ledger() -> None:
    """Tests with real transactions end by emptying all tables, which the ledger's trigger forbids."""
    from django.db import connection

    flush = connection.ops.execute_sql_flush

    def flush_ledger_too(statements: Iterable[str]) -> None:
        flush(
            [
                "SET session_replication_role = replica",  # no triggers; needs the superuser of the tests
                *statements,
                "UPDATE audit_head SET seq = 0, hash = decode(repeat('00', 32), 'hex')",
                "SET session_replication_role = DEFAULT",
            ]
        )

    connection.ops.execute_sql_flush = flush_ledger_too  # type: ignore[assignment, method-assign]


def _drop(admin: dict[str, Any], name: str) -> None:
    from hulei.postgres import connect

    with connect.connect(admin, database="postgres") as connection:
        connection.execute(SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(Identifier(name)))


def _drop_leftovers(admin: dict[str, Any], base: str) -> None:
    """Remove the databases of runs that were killed: their name ends in a dead process's number."""
    from hulei.postgres import connect

    with connect.connect(admin, database="postgres") as connection:
        rows = connection.execute("SELECT datname FROM pg_database").fetchall()
    for (name,) in rows:
        number = name.removeprefix(f"test_{base}_")
        if number != name and number.isdecimal() and not os.path.exists(f"/proc/{number}"):
            _drop(admin, name)
