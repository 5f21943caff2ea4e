"""Who may do what. A kind of record that no line names is closed to everyone. Pure.

Verbs: ``read`` list and open, ``add``, ``edit``, ``export`` take a list out as a sheet, and a few
named acts (``run`` an intake, ``print`` a report, ``reveal`` a contact).
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from hulei.access.terms import ADMINISTRATORS, Role
from hulei.common.text import Text
from hulei.common.viewer import Viewpoint

READ = frozenset({"read"})
TAKE = READ | {"export"}
WRITE = READ | {"add", "edit"}
FULL = TAKE | WRITE

VIEWPOINT_OF: Mapping[Role, Viewpoint] = MappingProxyType(
    {
        Role.BUREAU_LEADER: Viewpoint.POLICE_DISTRICT,
        Role.BUREAU_OFFICE: Viewpoint.POLICE_DISTRICT,
        Role.STATION_OFFICER: Viewpoint.POLICE_STATION,
        Role.LEGAL_VICE_PRINCIPAL: Viewpoint.VICE_PRINCIPAL,
        Role.EDUCATION_OFFICER: Viewpoint.EDUCATION,
        Role.CIVIL_AFFAIRS_OFFICER: Viewpoint.CIVIL_AFFAIRS,
        Role.SCHOOL_SAFETY: Viewpoint.SCHOOL,
        Role.GRID_WORKER: Viewpoint.GRID,
        Role.CHILD_DIRECTOR: Viewpoint.VILLAGE,
        Role.SOCIAL_WORKER: Viewpoint.ASSIGNED,
        Role.PROSECUTOR: Viewpoint.PROSECUTION,
        Role.SYSTEM_ADMIN: Viewpoint.SYSTEM_ADMIN,
        Role.SECURITY_ADMIN: Viewpoint.SECURITY_ADMIN,
        Role.AUDITOR: Viewpoint.AUDITOR,
        Role.OPERATOR: Viewpoint.WORKER,
    }
)

Permissions = Mapping[str, frozenset[str]]

# Everyone who works with records finds offices, schools and articles.
_COMMON: Permissions = {"places.*": READ, "statutes.*": READ}

MAY: Mapping[Role, Permissions] = MappingProxyType(
    {
        Role.BUREAU_LEADER: {
            **_COMMON,
            "governance.*": TAKE,
            "outreach.*": TAKE,
            "campus.*": TAKE,
            "prevention.*": READ,
            "people.*": READ,
            "insight.metric": READ,
            "insight.report": frozenset({"print"}),
        },
        Role.BUREAU_OFFICE: {
            **_COMMON,
            "places.*": FULL,
            "governance.*": FULL,
            "outreach.*": FULL,
            "campus.*": FULL,
            "prevention.*": WRITE,
            "prevention.police_call": FULL,
            "people.*": WRITE,
            "people.contact": frozenset({"reveal"}),
            "intake.*": frozenset({"read", "run"}),
            "insight.metric": READ,
            "insight.report": frozenset({"print"}),
        },
        Role.STATION_OFFICER: {
            **_COMMON,
            "governance.*": READ,
            "governance.assignment": WRITE,
            "outreach.lecture": WRITE,
            "outreach.*": READ,
            "campus.*": WRITE,
            "prevention.*": WRITE,
            "people.*": WRITE,
            "people.contact": frozenset({"reveal"}),
            "insight.metric": READ,
        },
        Role.LEGAL_VICE_PRINCIPAL: {
            **_COMMON,
            "outreach.*": READ,
            "outreach.lecture": WRITE,
            "campus.*": READ,
        },
        Role.EDUCATION_OFFICER: {
            **_COMMON,
            "governance.*": READ,
            "governance.resolution": WRITE,
            "outreach.*": TAKE,
            "campus.*": TAKE,
            "people.minor": READ,
            "prevention.dossier": READ,
            "prevention.register_entry": READ,
            "intake.*": frozenset({"read", "run"}),
            "insight.metric": READ,
        },
        Role.CIVIL_AFFAIRS_OFFICER: {
            **_COMMON,
            "governance.*": READ,
            "governance.resolution": WRITE,
            "people.minor": WRITE,
            "people.contact": frozenset({"reveal"}),
            "prevention.dossier": READ,
            "prevention.register_entry": READ,
            "intake.*": frozenset({"read", "run"}),
            "insight.metric": READ,
        },
        Role.SCHOOL_SAFETY: {
            **_COMMON,
            "outreach.*": READ,
            "campus.*": FULL,
            "people.minor": READ,
            "prevention.dossier": READ,
            "prevention.register_entry": READ,
        },
        Role.GRID_WORKER: {
            "places.*": READ,
            "people.minor": READ,
            "prevention.dossier": READ,
            "prevention.register_entry": READ,
        },
        Role.CHILD_DIRECTOR: {
            "places.*": READ,
            "people.minor": READ,
            "prevention.dossier": READ,
            "prevention.register_entry": READ,
        },
        Role.SOCIAL_WORKER: {
            "people.minor": READ,
            "prevention.dossier": READ,
            "prevention.case": READ,
            "prevention.visit": WRITE,
        },
        Role.PROSECUTOR: {
            **_COMMON,
            "governance.*": READ,
            "outreach.*": READ,
            "campus.*": READ,
            "prevention.*": READ,
            "people.minor": READ,
            "audit.entry": READ,
            "insight.metric": READ,
        },
        Role.SYSTEM_ADMIN: {**_COMMON, "places.*": FULL, "system.status": READ},
        Role.SECURITY_ADMIN: {"places.*": READ, "access.*": WRITE},
        Role.AUDITOR: {"audit.entry": TAKE, "access.*": READ, "system.status": READ},
        # Whoever may run commands on the server; the operating system guards that door.
        Role.OPERATOR: {"*": frozenset({"read", "add", "edit", "export", "run", "print", "reveal"})},
    }
)

PURPOSE_OF: Mapping[Role, Text] = MappingProxyType(
    {role: Text(f"{role.label.zh}履行未成年人保护职责", f"Duties of: {role.label.en}") for role in Role}
)


def permissions(role: Role) -> Permissions:
    """The permissions of a role. Raises KeyError for a role without a line: nothing is assumed."""
    return MAY[role]


def incompatible(held: frozenset[Role], wanted: Role) -> Text | None:
    """Why a role may not be added to those held, or None.

    The three administrators are three persons, and none of them works on cases
    (GB/T 22239-2019 8.1.4.2: separation of duties).
    """
    if wanted in held:
        return Text("该账号已有此身份。", "The account already holds this role.")
    if held and (wanted in ADMINISTRATORS or held & ADMINISTRATORS):
        return Text(
            "系统管理员、安全管理员、审计员三员分立，不得兼任，也不得兼任业务身份。",
            "System, security and audit administrators are three persons and hold no other role.",
        )
    return None
