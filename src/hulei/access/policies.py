"""Row-level security from the walls that models declare.

``raise_walls`` may be run at every start: it makes the policies of every table equal to the
declarations, in one transaction, and takes away what no declaration gives.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

from django.apps import apps
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import connection, models, transaction
from psycopg import sql

from hulei.common.viewer import Viewpoint
from hulei.common.walls import ASSIGNED_SQL, Door, Wall, role_name

# Tables of Django and its parts that hold no record: sessions and sign-in attempts.
OPEN_TABLES = (
    "django_session",
    "axes_accessattempt",
    "axes_accessattemptexpiration",
    "axes_accessfailurelog",
    "axes_accesslog",
)
_SETTING = {
    "scope": "hulei.scope",
    "district": "hulei.district",
    "account": "hulei.account",
    "assigned": "hulei.account",
}


def walled_models() -> list[type[models.Model]]:
    """Every model of Hulei. Raises ImproperlyConfigured for one without a wall."""
    found = [m for m in apps.get_models(include_auto_created=True) if m.__module__.startswith("hulei.")]
    bare = [m.__name__ for m in found if not isinstance(getattr(m, "wall", None), Wall)]
    if bare:
        raise ImproperlyConfigured(f"models without a wall: {', '.join(bare)}")
    return [m for m in found if m._meta.managed and not m._meta.proxy]


def condition(model: type[models.Model], door: Door) -> sql.Composed:
    """The SQL of a door: equalities only, so that an index serves it."""
    parts: list[sql.Composable] = []
    if door.column:
        column = sql.Identifier(door.column)
        setting = sql.Literal(_SETTING[door.setting])
        if door.setting == "assigned":
            inner = sql.SQL(ASSIGNED_SQL % "nullif(current_setting('hulei.account', true), '')::bigint")
            parts.append(sql.SQL("{} IN {}").format(column, inner))
        else:
            parts.append(_equal(model, door.column, column, setting))
    for name, value in door.values:
        column = sql.Identifier(name)
        if isinstance(value, tuple):
            parts.append(
                sql.SQL("{} IN ({})").format(column, sql.SQL(", ").join(sql.Literal(v) for v in value))
            )
        else:
            parts.append(sql.SQL("{} = {}").format(column, sql.Literal(value)))
    return sql.SQL(" AND ").join(parts) if parts else sql.Composed([sql.SQL("true")])


def _equal(
    model: type[models.Model], name: str, column: sql.Identifier, setting: sql.Literal
) -> sql.Composed:
    field = next(f for f in model._meta.concrete_fields if f.column == name)
    if isinstance(field, (models.IntegerField, models.ForeignKey)):
        return sql.SQL("{} = nullif(current_setting({}, true), '')::bigint").format(column, setting)
    return sql.SQL("{} = current_setting({}, true)").format(column, setting)


def statements(model: type[models.Model], wall: Wall) -> Iterator[sql.Composed]:
    """The statements that make a table's policies and privileges equal to its wall."""
    table, prefix = sql.Identifier(model._meta.db_table), settings.HULEI_ROLE_PREFIX
    owner, app = sql.Identifier(f"{prefix}_owner"), sql.Identifier(f"{prefix}_app")
    logins = sql.SQL(", ").join(sql.Identifier(f"{prefix}_{name}") for name in ("web", "worker"))
    yield sql.SQL("ALTER TABLE {} ENABLE ROW LEVEL SECURITY").format(table)
    yield sql.SQL("ALTER TABLE {} FORCE ROW LEVEL SECURITY").format(table)
    yield sql.SQL("REVOKE ALL ON {} FROM PUBLIC, {}, {}").format(table, app, logins)
    yield sql.SQL("GRANT SELECT ON {} TO {}").format(table, app)
    yield sql.SQL("CREATE POLICY owner_all ON {} TO {} USING (true) WITH CHECK (true)").format(table, owner)
    if wall.login:
        yield sql.SQL("GRANT SELECT ON {} TO {}").format(table, logins)
        if wall.login_writes:
            columns = sql.SQL(", ").join(sql.Identifier(name) for name in wall.login_writes)
            yield sql.SQL("GRANT UPDATE ({}) ON {} TO {}").format(columns, table, logins)
        yield sql.SQL("CREATE POLICY login_all ON {} TO {} USING (true) WITH CHECK (true)").format(
            table, logins
        )
    for viewpoint, door in wall.reads.items():
        role, rows = sql.Identifier(role_name(viewpoint)), condition(model, door)
        name = sql.Identifier(f"read_{viewpoint.value}")
        yield sql.SQL("CREATE POLICY {} ON {} FOR SELECT TO {} USING ({})").format(name, table, role, rows)
        if viewpoint in wall.writes:
            yield sql.SQL("GRANT INSERT, UPDATE ON {} TO {}").format(table, role)
            yield sql.SQL("CREATE POLICY {} ON {} FOR INSERT TO {} WITH CHECK ({})").format(
                sql.Identifier(f"add_{viewpoint.value}"), table, role, rows
            )
            yield sql.SQL(
                "CREATE POLICY {} ON {} FOR UPDATE TO {} USING ({rows}) WITH CHECK ({rows})"
            ).format(sql.Identifier(f"edit_{viewpoint.value}"), table, role, rows=rows)


def _preamble() -> Iterator[sql.Composable]:
    prefix = settings.HULEI_ROLE_PREFIX
    owner, app = sql.Identifier(f"{prefix}_owner"), sql.Identifier(f"{prefix}_app")
    logins = sql.SQL(", ").join(sql.Identifier(f"{prefix}_{name}") for name in ("web", "worker"))
    viewpoints = sql.SQL(", ").join(sql.Identifier(role_name(v)) for v in Viewpoint)
    yield sql.SQL("REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {}, {}, {}").format(app, logins, viewpoints)
    yield sql.SQL("GRANT USAGE ON SCHEMA public TO {}, {}").format(app, logins)
    yield sql.SQL("GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {}, {}").format(app, logins)
    yield sql.SQL("REVOKE ALL ON FUNCTION audit_append(text) FROM PUBLIC")
    yield sql.SQL("ALTER FUNCTION audit_append(text) OWNER TO {}").format(owner)
    yield sql.SQL("GRANT EXECUTE ON FUNCTION audit_append(text) TO {}, {}").format(app, logins)
    readers = sql.SQL(", ").join(
        sql.Identifier(role_name(v)) for v in (Viewpoint.WORKER, Viewpoint.AUDITOR, Viewpoint.PROSECUTION)
    )
    yield sql.SQL("GRANT SELECT ON audit_head TO {}").format(readers)
    for name in ("django_migrations", "django_content_type"):
        yield sql.SQL("GRANT SELECT ON {} TO {}, {}").format(sql.Identifier(name), app, logins)
    present = set(connection.introspection.table_names())
    for name in OPEN_TABLES:
        if name in present:
            yield sql.SQL("GRANT SELECT, INSERT, UPDATE, DELETE ON {} TO {}, {}").format(
                sql.Identifier(name), app, logins
            )


def raise_walls() -> int:
    """Make every table's policies equal to its wall; gives the number of policies.

    Runs as the owner (or a superuser). Does nothing when the declarations have not changed.
    """
    wanted: list[sql.Composable] = [*_preamble()]
    found = walled_models()
    for model in found:
        wanted += statements(model, model.wall)  # type: ignore[attr-defined]
    with transaction.atomic(), connection.cursor() as cursor:
        _own_everything(cursor)
        text = "\n".join(statement.as_string(cursor.connection) for statement in wanted)
        mark = "hulei walls " + hashlib.sha256(text.encode()).hexdigest()
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('hulei walls'))")
        cursor.execute("SELECT obj_description('public'::regnamespace)")
        if cursor.fetchone()[0] != mark:
            _drop_policies(cursor)
            cursor.execute(text.replace("\n", ";\n").replace("%", "%%"))
            cursor.execute(sql.SQL("COMMENT ON SCHEMA public IS {}").format(sql.Literal(mark)))
        cursor.execute("SELECT count(*) FROM pg_policies WHERE schemaname = 'public'")
        return int(cursor.fetchone()[0])


def _own_everything(cursor: object) -> None:
    """Give the owner what a superuser may have made (migrations run by hand): one owner, one set of rules."""
    owner = f"{settings.HULEI_ROLE_PREFIX}_owner"
    cursor.execute(  # type: ignore[attr-defined]
        "SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tableowner <> %s", [owner]
    )
    for (table,) in cursor.fetchall():  # type: ignore[attr-defined]
        change = sql.SQL("ALTER TABLE {} OWNER TO {}").format(sql.Identifier(table), sql.Identifier(owner))
        cursor.execute(change)  # type: ignore[attr-defined]


def _drop_policies(cursor: object) -> None:
    cursor.execute("SELECT tablename, policyname FROM pg_policies WHERE schemaname = 'public'")  # type: ignore[attr-defined]
    for table, policy in cursor.fetchall():  # type: ignore[attr-defined]
        drop = sql.SQL("DROP POLICY {} ON {}").format(sql.Identifier(policy), sql.Identifier(table))
        cursor.execute(drop)  # type: ignore[attr-defined]
