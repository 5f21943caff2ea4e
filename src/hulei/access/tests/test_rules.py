"""Who may do what, as tables."""

from __future__ import annotations

import pytest

from hulei.access import rules
from hulei.access.terms import ADMINISTRATORS, Role
from hulei.common.viewer import Forbidden, Viewer


def _viewer(role: Role) -> Viewer:
    return Viewer(1, "", role.value, rules.VIEWPOINT_OF[role], "", "450512", rules.permissions(role))


@pytest.mark.parametrize("role", list(Role))
def test_every_role_is_declared(role: Role) -> None:
    assert rules.permissions(role)
    assert rules.VIEWPOINT_OF[role]
    assert rules.PURPOSE_OF[role].zh


# role, permission, allowed: what a lawyer would ask first.
TABLE = [
    (Role.BUREAU_LEADER, "prevention.police_call.read", True),
    (Role.BUREAU_LEADER, "people.minor.export", False),
    (Role.BUREAU_LEADER, "prevention.dossier.export", False),
    (Role.STATION_OFFICER, "people.contact.reveal", True),
    (Role.STATION_OFFICER, "access.account.read", False),
    (Role.SCHOOL_SAFETY, "prevention.police_call.read", False),
    (Role.SCHOOL_SAFETY, "prevention.clue.read", False),
    (Role.SCHOOL_SAFETY, "campus.hazard.edit", True),
    (Role.GRID_WORKER, "prevention.police_call.read", False),
    (Role.GRID_WORKER, "prevention.case.read", False),
    (Role.CHILD_DIRECTOR, "people.contact.reveal", False),
    (Role.SOCIAL_WORKER, "prevention.visit.add", True),
    (Role.SOCIAL_WORKER, "prevention.police_call.read", False),
    (Role.LEGAL_VICE_PRINCIPAL, "people.minor.read", False),
    (Role.EDUCATION_OFFICER, "prevention.police_call.read", False),
    (Role.CIVIL_AFFAIRS_OFFICER, "prevention.case.read", False),
    (Role.PROSECUTOR, "audit.entry.read", True),
    (Role.PROSECUTOR, "prevention.case.edit", False),
    (Role.SYSTEM_ADMIN, "people.minor.read", False),
    (Role.SYSTEM_ADMIN, "access.grant.add", False),
    (Role.SYSTEM_ADMIN, "audit.entry.read", False),
    (Role.SECURITY_ADMIN, "access.grant.add", True),
    (Role.SECURITY_ADMIN, "people.minor.read", False),
    (Role.SECURITY_ADMIN, "audit.entry.read", False),
    (Role.AUDITOR, "audit.entry.read", True),
    (Role.AUDITOR, "access.grant.add", False),
    (Role.AUDITOR, "people.minor.read", False),
]


@pytest.mark.parametrize(("role", "permission", "allowed"), TABLE)
def test_may(role: Role, permission: str, allowed: bool) -> None:
    viewer = _viewer(role)
    assert viewer.may(permission) is allowed
    if not allowed:
        with pytest.raises(Forbidden):
            viewer.require(permission)


@pytest.mark.parametrize("role", [r for r in Role if r is not Role.OPERATOR])
def test_what_nobody_declared_is_forbidden(role: Role) -> None:
    assert not _viewer(role).may("nothing.declared.read")
    assert not _viewer(role).may("")


@pytest.mark.parametrize("role", [r for r in Role if r is not Role.OPERATOR])
def test_no_role_exports_children(role: Role) -> None:
    for kind in (
        "people.minor",
        "prevention.dossier",
        "prevention.register_entry",
        "prevention.case",
        "prevention.clue",
    ):
        assert not _viewer(role).may(f"{kind}.export")


@pytest.mark.parametrize("held", list(Role))
@pytest.mark.parametrize("wanted", list(Role))
def test_three_administrators_are_three_persons(held: Role, wanted: Role) -> None:
    together = held in ADMINISTRATORS or wanted in ADMINISTRATORS
    assert (rules.incompatible(frozenset({held}), wanted) is not None) == (together or held == wanted)


@pytest.mark.parametrize("role", list(Role))
def test_a_first_role_is_always_possible(role: Role) -> None:
    assert rules.incompatible(frozenset(), role) is None
