"""The row gate, twice: as a queryset filter and as PostgreSQL row-level security.

Every model of Hulei declares ``wall = Wall(...)``: from which viewpoint which rows are seen and
who may write. ``visible`` applies it in the query; ``access.actions.raise_walls`` turns the very
same declaration into policies. A viewpoint that a wall does not name sees nothing.

Why one role per viewpoint with one equality each: a policy that ORs several scopes loses its
index (measured 15-593 times slower), an equality on a denormalised column costs 2 %.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, TypeVar

from django.conf import settings
from django.db import connection, models, transaction
from django.db.models.expressions import RawSQL
from psycopg import sql

from hulei.common.viewer import Viewer, Viewpoint

M = TypeVar("M", bound=models.Model)
V = Viewpoint


@dataclass(frozen=True, slots=True)
class Door:
    """Rows whose ``column`` equals the viewer's ``setting`` and whose other columns have the given values."""

    column: str = ""
    setting: str = "scope"
    values: tuple[tuple[str, Any], ...] = ()

    def lookup(self, viewer: Viewer) -> dict[str, Any]:
        """The same condition as keyword arguments of ``filter``."""
        wanted: dict[str, Any] = {f"{n}__in" if isinstance(v, tuple) else n: v for n, v in self.values}
        if self.column:
            wanted[self.column] = viewer.scope if self.setting == "scope" else _setting(viewer, self.setting)
        return wanted


def _setting(viewer: Viewer, name: str) -> Any:
    return viewer.district if name == "district" else viewer.account_id


@dataclass(frozen=True, slots=True)
class Wall:
    """Who sees which rows (``reads``) and from which viewpoints rows may be added or changed (``writes``).

    ``login`` lets the login role itself read the whole table: only for what is needed before a
    viewer is known (accounts and their grants). ``login_writes`` are the columns it may change then.
    """

    reads: Mapping[Viewpoint, Door] = field(default_factory=dict)
    writes: frozenset[Viewpoint] = frozenset()
    login: bool = False
    login_writes: tuple[str, ...] = ()


def everywhere() -> Door:
    """Every row of the table."""
    return Door()


def in_district(**values: Any) -> Door:
    """Rows of the viewer's district."""
    return Door("district_code", "district", tuple(values.items()))


def at(column: str, **values: Any) -> Door:
    """Rows whose scope column equals the viewer's own scope."""
    return Door(column, "scope", tuple(values.items()))


ALL = frozenset(V)
ADMINS = frozenset({V.SYSTEM_ADMIN, V.SECURITY_ADMIN, V.AUDITOR})
FIELD = frozenset({V.SCHOOL, V.VICE_PRINCIPAL, V.VILLAGE, V.GRID, V.ASSIGNED})

# Names of areas, offices, schools: no personal data beyond office contacts.
REFERENCE = Wall({v: everywhere() for v in V}, frozenset({V.POLICE_DISTRICT, V.SYSTEM_ADMIN, V.WORKER}))

# Meetings, directives, resolutions: the offices of the district among themselves.
GOVERNANCE = Wall(
    {
        V.POLICE_DISTRICT: in_district(),
        V.POLICE_STATION: in_district(),
        V.PROSECUTION: in_district(),
        V.EDUCATION: in_district(),
        V.CIVIL_AFFAIRS: in_district(),
        V.WORKER: everywhere(),
    },
    frozenset({V.POLICE_DISTRICT, V.POLICE_STATION, V.EDUCATION, V.CIVIL_AFFAIRS, V.WORKER}),
)

# What belongs to one school and names no child: lectures, hazards, gear, drills, posts, concerns.
SCHOOL_RECORD = Wall(
    {
        V.POLICE_DISTRICT: in_district(),
        V.POLICE_STATION: at("station_code"),
        V.PROSECUTION: in_district(),
        V.EDUCATION: in_district(),
        V.SCHOOL: at("school_code"),
        V.VICE_PRINCIPAL: at("school_code"),
        V.WORKER: everywhere(),
    },
    frozenset({V.POLICE_DISTRICT, V.POLICE_STATION, V.EDUCATION, V.SCHOOL, V.VICE_PRINCIPAL, V.WORKER}),
)

# The enclave: police calls and the police register. Partners cannot tell an empty one from a full one.
POLICE_ONLY = Wall(
    {
        V.POLICE_DISTRICT: in_district(),
        V.POLICE_STATION: at("station_code"),
        V.PROSECUTION: in_district(),
        V.WORKER: everywhere(),
    },
    frozenset({V.POLICE_DISTRICT, V.POLICE_STATION, V.WORKER}),
)


def child_wall(*, minor_column: str = "minor_id") -> Wall:
    """Rows about one child. Partners see a child only if their own compartment knows it.

    The table carries the six scope columns and the flags ``in_education`` and ``in_care``
    (civil affairs or grid register); a child that only the police know is invisible to partners.
    """
    return Wall(
        {
            V.POLICE_DISTRICT: in_district(),
            V.POLICE_STATION: at("station_code"),
            V.PROSECUTION: in_district(),
            V.EDUCATION: in_district(in_education=True),
            V.SCHOOL: at("school_code", in_education=True),
            V.CIVIL_AFFAIRS: in_district(in_care=True),
            V.VILLAGE: at("village_code", in_care=True),
            V.GRID: at("grid_code", in_care=True),
            V.ASSIGNED: Door(minor_column, "assigned"),
            V.WORKER: everywhere(),
        },
        frozenset(
            {
                V.POLICE_DISTRICT,
                V.POLICE_STATION,
                V.EDUCATION,
                V.SCHOOL,
                V.CIVIL_AFFAIRS,
                V.VILLAGE,
                V.GRID,
                V.WORKER,
            }
        ),
    )


def visible(viewer: Viewer, queryset: models.QuerySet[M]) -> models.QuerySet[M]:
    """The rows of ``queryset`` that ``viewer`` may see: the one row gate of all queries.

    Raises AttributeError for a model without a wall: forgetting it must not open anything.
    """
    wall: Wall = queryset.model.wall  # type: ignore[attr-defined]
    door = wall.reads.get(viewer.viewpoint)
    if door is None:
        return queryset.none()
    if door.setting == "assigned":
        # An expression and not extra(): it keeps its place when the query becomes another one's part.
        children = RawSQL(ASSIGNED_SQL[1:-1] % "%s", [viewer.account_id])
        return queryset.filter(**{f"{door.column}__in": children})
    return queryset.filter(**door.lookup(viewer))


ASSIGNED_SQL = "(SELECT minor_id FROM access_assignment WHERE account_id = %s AND ended_on IS NULL)"


def role_name(viewpoint: Viewpoint) -> str:
    """The PostgreSQL role of a viewpoint in this installation."""
    return f"{settings.HULEI_ROLE_PREFIX}_v_{viewpoint.value}"


@contextmanager
def entered(viewer: Viewer) -> Iterator[None]:
    """A transaction in which PostgreSQL itself knows only ``viewer``'s rows.

    Nested use restores the outer viewer, so that a job may look with other eyes for a moment.
    """
    with transaction.atomic():
        before = _current()
        enter(viewer)
        yield
        _restore(before)


def enter(viewer: Viewer) -> None:
    """Set role and scope for the rest of the running transaction."""
    _restore((role_name(viewer.viewpoint), viewer.scope, viewer.district, str(viewer.account_id or "")))


def may_enter(viewpoint: Viewpoint) -> bool:
    """Whether this process's login may look from a viewpoint; the web server's may not from the worker's."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_has_role(session_user, %s, 'MEMBER')", [role_name(viewpoint)])
        return bool(cursor.fetchone()[0])


_SETTINGS = ("hulei.scope", "hulei.district", "hulei.account")


def _current() -> tuple[str, str, str, str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT current_setting('role'), "
            "coalesce(current_setting('hulei.scope', true), ''), "
            "coalesce(current_setting('hulei.district', true), ''), "
            "coalesce(current_setting('hulei.account', true), '')"
        )
        return cursor.fetchone()


def _restore(state: tuple[str, str, str, str]) -> None:
    role, *values = state
    with connection.cursor() as cursor:
        cursor.execute(
            sql.SQL("SET LOCAL ROLE {}").format(sql.SQL("NONE") if role == "none" else sql.Identifier(role))
        )
        cursor.execute(
            "SELECT set_config('hulei.scope', %s, true), set_config('hulei.district', %s, true), "
            "set_config('hulei.account', %s, true)",
            values,
        )
