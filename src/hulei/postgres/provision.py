"""Makes the database, its extensions and its roles; may be run at every start.

Roles of a database ``hulei`` (all NOSUPERUSER NOBYPASSRLS):

``hulei_owner``      logs in for migrations; owns the schema; member of all roles below
``hulei_web``        logs in for pages and REST; may nothing until it does ``SET LOCAL ROLE``
``hulei_worker``     logs in for jobs; likewise, and may also become ``hulei_v_worker``
``hulei_app``        group that privileges on tables are granted to (none here: deny by default)
``hulei_v_NAME``     one for each viewpoint; members of ``hulei_app``; row policies are written for them
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import psycopg
from psycopg.sql import SQL, Composable, Composed, Identifier, Literal

from hulei.postgres import versions
from hulei.postgres.connect import DatabaseSettings, connect, derived_password
from hulei.postgres.errors import DatabaseTrouble

EXTENSIONS = ("pg_trgm", "btree_gin", "btree_gist")

_WORKER_VIEWPOINT = "worker"
_LOCK = 0x48756C6569  # "Hulei"
_RECIPE = 1
"""Raise when this module makes anything differently, so that existing databases are done again."""

Connection: TypeAlias = psycopg.Connection[tuple[Any, ...]]


@dataclass(frozen=True)
class Roles:
    """The names of a database's roles; ``prefix`` is usually the database's name."""

    prefix: str
    viewpoints: tuple[str, ...] = ()

    @property
    def owner(self) -> str:
        """Owns the schema and runs migrations."""
        return f"{self.prefix}_owner"

    @property
    def web(self) -> str:
        """Login of the web server."""
        return f"{self.prefix}_web"

    @property
    def worker(self) -> str:
        """Login of the background jobs."""
        return f"{self.prefix}_worker"

    @property
    def app(self) -> str:
        """Group that privileges on tables are granted to."""
        return f"{self.prefix}_app"

    def viewpoint(self, name: str) -> str:
        """The role of a viewpoint."""
        return f"{self.prefix}_v_{name}"

    @property
    def logins(self) -> tuple[str, str, str]:
        """The roles with a password."""
        return (self.owner, self.web, self.worker)

    @property
    def groups(self) -> tuple[str, ...]:
        """The roles without one; the worker's viewpoint is always among them."""
        names = dict.fromkeys([*self.viewpoints, _WORKER_VIEWPOINT])
        return (self.app, *(self.viewpoint(name) for name in names))


def provision(
    admin: DatabaseSettings,
    viewpoints: Sequence[str],
    secret: str | bytes,
    *,
    database: str | None = None,
    prefix: str | None = None,
) -> Roles:
    """Create what lacks and put right what differs; quick when nothing does, safe twice at once.

    ``admin`` may create roles and databases (it need not be superuser); ``secret`` yields the
    logins' passwords; ``prefix`` names the roles (default: the database's name). Raises
    :class:`DatabaseTrouble` for unsafe servers and missing rights.
    """
    name = database or admin["NAME"]
    roles = Roles(prefix or name, tuple(viewpoints))
    mark = _fingerprint(name, roles, secret)
    try:
        with connect(admin, database="postgres") as connection:
            versions.refuse_unsafe(connection.info.server_version)
            if _is_done(connection, name, roles, mark):
                return roles
            # one at a time on this server; the lock goes with the connection
            connection.execute("SELECT pg_advisory_lock(%s)", [_LOCK])
            _make_database(connection, name)
            _make_roles(connection, roles, secret)
            with connect(admin, database=name) as inside:
                _furnish(inside, name, roles)
            _run(connection, SQL("COMMENT ON DATABASE {} IS {}").format(Identifier(name), Literal(mark)))
    except psycopg.errors.InsufficientPrivilege as trouble:
        raise DatabaseTrouble(
            f"数据库账号 {admin['USER']} 权限不足:{trouble}。它需要 CREATEDB 和 CREATEROLE。",
            f"The database user {admin['USER']} lacks rights: {trouble}. It needs CREATEDB and CREATEROLE.",
        ) from trouble
    return roles


def _fingerprint(database: str, roles: Roles, secret: str | bytes) -> str:
    parts = [str(_RECIPE), database, *roles.logins, *roles.groups, derived_password("mark", secret)]
    return "hulei " + hashlib.sha256("\n".join(parts).encode()).hexdigest()


def _is_done(connection: Connection, name: str, roles: Roles, mark: str) -> bool:
    """Whether the database bears the mark of the same provisioning and the roles still exist."""
    wanted = [*roles.logins, *roles.groups]
    found = connection.execute(
        "SELECT shobj_description(oid, 'pg_database') = %s,"
        " (SELECT count(*) FROM pg_roles WHERE rolname = ANY(%s)) FROM pg_database WHERE datname = %s",
        [mark, wanted, name],
    ).fetchone()
    return found is not None and bool(found[0]) and found[1] == len(wanted)


def _make_database(connection: Connection, name: str) -> None:
    found = connection.execute(
        "SELECT pg_encoding_to_char(encoding) FROM pg_database WHERE datname = %s", [name]
    ).fetchone()
    if found is None:
        _run(
            connection,
            SQL("CREATE DATABASE {} TEMPLATE template0 ENCODING 'UTF8'").format(Identifier(name)),
        )
    elif found[0] != "UTF8":
        raise DatabaseTrouble(
            f"数据库 {name} 的编码是 {found[0]},需要 UTF8。请另建一个。",
            f"The database {name} has the encoding {found[0]}; it has to be UTF8. Make another one.",
        )


def _make_roles(connection: Connection, roles: Roles, secret: str | bytes) -> None:
    rows = connection.execute("SELECT rolname FROM pg_roles").fetchall()
    existing = {str(row[0]) for row in rows}
    plain = SQL("{} NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE NOREPLICATION")
    if not _is_superuser(connection):
        plain = SQL("{} NOCREATEDB NOCREATEROLE")  # the rest is the default and not ours to state
    for role in (*roles.logins, *roles.groups):
        verb = SQL("ALTER ROLE ") if role in existing else SQL("CREATE ROLE ")
        words: list[Composable] = [verb, plain.format(Identifier(role))]
        if role in roles.logins:
            words.append(SQL(" LOGIN PASSWORD {}").format(Literal(_scram(connection, role, secret))))
        else:
            words.append(SQL(" NOLOGIN"))
        # before version 16 this attribute alone keeps a login from having its viewpoints' privileges
        words.append(SQL(" NOINHERIT") if role in (roles.web, roles.worker) else SQL(" INHERIT"))
        connection.execute(SQL("").join(words))
    _grant_memberships(connection, roles)


def _grant_memberships(connection: Connection, roles: Roles) -> None:
    worker_viewpoint = roles.viewpoint(_WORKER_VIEWPOINT)
    seen_by_web = [role for role in roles.groups if role not in (roles.app, worker_viewpoint)]
    views = [role for role in roles.groups if role != roles.app]
    _grant(connection, [roles.app], views, become=False)
    _grant(connection, seen_by_web, [roles.web], inherit=False)
    _grant(connection, views, [roles.worker], inherit=False)
    _grant(connection, [roles.web, roles.worker, *roles.groups], [roles.owner])
    if not _is_superuser(connection):
        # to hand it the schema, and to act for it below
        _run(connection, SQL("GRANT {} TO CURRENT_USER").format(Identifier(roles.owner)))


def _grant(
    connection: Connection,
    granted: Iterable[str],
    to: Iterable[str],
    *,
    inherit: bool = True,
    become: bool = True,
) -> None:
    """Make ``to`` members of ``granted``; before version 16 only a role's own NOINHERIT tells more."""
    granted, to = list(granted), list(to)
    if not granted or not to:
        return
    statement = SQL("GRANT {} TO {}").format(_names(granted), _names(to))
    if connection.info.server_version >= 160000:
        inheriting, becoming = SQL(str(inherit).upper()), SQL(str(become).upper())
        statement += SQL(" WITH INHERIT {}, SET {}").format(inheriting, becoming)
    _run(connection, statement)


def _furnish(connection: Connection, name: str, roles: Roles) -> None:
    """Inside the database: extensions, the schema's owner, and who may come in."""
    owner, app, database = Identifier(roles.owner), Identifier(roles.app), Identifier(name)
    worker_viewpoint = Identifier(roles.viewpoint(_WORKER_VIEWPOINT))
    with connection.transaction():
        for extension in EXTENSIONS:
            _run(connection, SQL("CREATE EXTENSION IF NOT EXISTS {}").format(Identifier(extension)))
        for statement in (
            SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(database),
            SQL("GRANT CONNECT ON DATABASE {} TO {}").format(database, _names(roles.logins)),
            SQL("GRANT CREATE, TEMPORARY ON DATABASE {} TO {}").format(database, owner),
            SQL("GRANT TEMPORARY ON DATABASE {} TO {}").format(database, worker_viewpoint),
            SQL("ALTER SCHEMA public OWNER TO {}").format(owner),
            SQL("REVOKE ALL ON SCHEMA public FROM PUBLIC"),
            SQL("GRANT USAGE ON SCHEMA public TO {}").format(app),
        ):
            _run(connection, statement)
    if not _has_trigrams_for_chinese(connection):
        raise DatabaseTrouble(
            f"数据库 {name} 的区域设置不识汉字,姓名检索会失效。请用 UTF-8 区域设置(如 C.UTF-8)另建。",
            f"The locale of the database {name} is blind to Chinese, so searching names would not work. "
            "Make one with a UTF-8 locale such as C.UTF-8.",
        )


def _has_trigrams_for_chinese(connection: Connection) -> bool:
    found = connection.execute("SELECT show_trgm('铁山港区') <> '{}'").fetchone()
    return found is not None and bool(found[0])


def _scram(connection: Connection, role: str, secret: str | bytes) -> str:
    """The password's SCRAM verifier, made here so that the password never travels or is logged."""
    password = derived_password(role, secret)
    verifier = connection.pgconn.encrypt_password(password.encode(), role.encode(), b"scram-sha-256")
    return verifier.decode()


def _is_superuser(connection: Connection) -> bool:
    found = connection.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user").fetchone()
    return found is not None and bool(found[0])


def _names(roles: Iterable[str]) -> Composed:
    return SQL(", ").join(Identifier(role) for role in roles)


def _run(connection: Connection, statement: Composed | SQL) -> None:
    connection.execute(statement)
