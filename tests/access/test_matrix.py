"""Every route × every role × every method: what is not declared must not answer."""

from __future__ import annotations

from typing import Any

import pytest

from hulei.access.terms import Role
from hulei.web.catalogue import pages
from tests.access.routes import ALONE, Door, declared, existing, kind_doors
from tests.stage import PUBLIC_ROLES, SignedIn, Stage, text

pytestmark = pytest.mark.django_db
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
EVERYBODY: tuple[Role | None, ...] = (None, *PUBLIC_ROLES)


def test_every_route_is_declared_and_every_declared_route_exists() -> None:
    assert set(existing()) == declared()


def ask(client: Any, door: Door, method: str) -> int:
    """The status of an empty request."""
    body = (
        {"data": '{"values": {}}', "content_type": "application/json"}
        if door.address.startswith("/api/")
        else {}
    )
    return client.generic(method, door.address, **body).status_code if body else _form(client, door, method)


def _form(client: Any, door: Door, method: str) -> int:
    if method == "POST":
        return client.post(door.address).status_code
    return client.generic(method, door.address).status_code


def answers(stage: Stage, role: Role | None, door: Door) -> dict[str, tuple[int, int]]:
    """{method: (expected, given)} of whatever differs."""
    client = stage.browser(role) if role else SignedIn()
    viewer = stage.viewers[role] if role else None
    found = {}
    for method in METHODS:
        wanted = door.answers[method](viewer) if method in door.answers else 405
        if method not in door.answers and role is not Role.BUREAU_OFFICE:
            continue  # whether a method exists does not depend on who asks
        given = ask(client, door, method)
        if given != wanted:
            found[method] = (wanted, given)
    return found


@pytest.mark.parametrize("role", EVERYBODY, ids=str)
def test_pages_that_are_about_no_kind(stage: Stage, role: Role | None) -> None:
    wrong = {}
    for door in ALONE.values():
        if door.address == "/sign-out":
            continue  # ends the session: asked last, below
        if found := answers(stage, role, door):
            wrong[door.address] = found
    assert not wrong
    assert not answers(stage, role, ALONE["sign-out"])


@pytest.mark.parametrize("kind", sorted(pages()))
def test_pages_and_rest_of_every_kind(stage: Stage, kind: str) -> None:
    wrong = {}
    for role in EVERYBODY:
        for door in kind_doors(kind):
            if found := answers(stage, role, door):
                wrong[(str(role), door.address)] = found
    assert not wrong


# Who may open the list of a kind at all, by hand: the permissions are compared with it.
POLICE = {"bureau_leader", "bureau_office", "station_officer", "prosecutor"}
OFFICES = {*POLICE, "education_officer", "civil_affairs_officer"}
CAMPUS = {*POLICE, "education_officer", "school_safety", "legal_vice_principal"}
CHILDREN = {*OFFICES, "school_safety", "grid_worker", "child_director"}
PLACES = {*CHILDREN, "legal_vice_principal", "system_admin", "security_admin"}
READERS: dict[str, set[str]] = {
    "audit": {"auditor", "prosecutor"},
    "access": {"security_admin", "auditor"},
    "places": PLACES,
    "people": {*CHILDREN, "social_worker"},
    "intake": {"bureau_office", "education_officer", "civil_affairs_officer"},
    "governance": OFFICES,
    "outreach": CAMPUS,
    "campus": CAMPUS,
    "prevention.police_call": POLICE,
    "prevention.clue": POLICE,
    "prevention.case": {*POLICE, "social_worker"},
    "prevention.visit": {*POLICE, "social_worker"},
    "prevention.dossier": {*CHILDREN, "social_worker"},
    "prevention.register_entry": CHILDREN,
}


def readers(kind: str) -> set[str]:
    return READERS.get(kind) or READERS[kind.split(".")[0]]


def test_who_may_open_what_as_a_lawyer_reads_it(stage: Stage) -> None:
    """The permissions, and the menu that follows from them, against the table above."""
    menus = {role.value: text(stage.browser(role).get("/password")) for role in PUBLIC_ROLES}
    for kind in pages():
        may = {role.value for role in PUBLIC_ROLES if stage.viewers[role].may(f"{kind}.read")}
        assert may == readers(kind), kind
        link = f'href="/{kind.replace(".", "/")}/"'
        assert {role for role, body in menus.items() if link in body} == readers(kind), kind


def test_an_unknown_kind_is_absent_for_everybody(stage: Stage) -> None:
    for role in PUBLIC_ROLES:
        for address in ("/people/secret/", "/nothing/at-all/", "/people/minor/1/none"):
            assert stage.browser(role).get(address).status_code == 404
