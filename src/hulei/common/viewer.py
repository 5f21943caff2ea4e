"""Who is looking, in which role and with which scope: built by ``access``, read by everyone.

Pure, and below ``access``, so that a package under it can still ask what a viewer may do.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from fnmatch import fnmatchcase

from hulei.common.text import Text


class Viewpoint(StrEnum):
    """From where a role looks at the rows; one PostgreSQL role each (see ``walls``)."""

    POLICE_DISTRICT = "police_district"
    POLICE_STATION = "police_station"
    PROSECUTION = "prosecution"
    EDUCATION = "education"
    CIVIL_AFFAIRS = "civil_affairs"
    SCHOOL = "school"
    VICE_PRINCIPAL = "vice_principal"
    VILLAGE = "village"
    GRID = "grid"
    ASSIGNED = "assigned"
    SYSTEM_ADMIN = "system_admin"
    SECURITY_ADMIN = "security_admin"
    AUDITOR = "auditor"
    WORKER = "worker"


class Forbidden(Exception):
    """The viewer may not do this. ``text`` says what and whom to ask."""

    def __init__(self, permission: str) -> None:
        super().__init__(permission)
        self.permission = permission
        self.text = Text(
            f"您当前的身份不能进行此操作（{permission}）。如工作需要，请联系安全管理员调整授权。",
            f"Your present role may not do this ({permission}). "
            "If your work needs it, ask the security administrator.",
        )


@dataclass(frozen=True, slots=True)
class Viewer:
    """One account wearing one hat.

    ``scope`` is the code that row-level security compares (station, school, village or grid
    code; the district code for district-wide roles). ``permissions`` maps a kind pattern such as
    ``campus.*`` to the verbs allowed on it.
    """

    account_id: int | None
    name: str
    role: str
    viewpoint: Viewpoint
    scope: str
    district: str
    permissions: Mapping[str, frozenset[str]] = field(default_factory=dict)
    purpose: str = ""
    agency: str = ""

    def may(self, permission: str) -> bool:
        """Whether ``<package>.<noun>.<verb>`` is allowed; what nobody declared is not."""
        kind, _, verb = permission.rpartition(".")
        return any(
            verb in verbs and fnmatchcase(kind, pattern) for pattern, verbs in self.permissions.items()
        )

    def require(self, permission: str) -> None:
        """Raise :class:`Forbidden` unless ``permission`` is allowed."""
        if not self.may(permission):
            raise Forbidden(permission)


class NotFound(Exception):
    """No such record, or none in the viewer's scope: the two are never told apart."""


class Conflict(Exception):
    """Somebody else changed the record meanwhile; carries what is stored now."""

    def __init__(self, stored: object) -> None:
        super().__init__("changed meanwhile")
        self.stored = stored
