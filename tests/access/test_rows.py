"""Which rows of each kind a role gets, told by hand, and that each of the two gates alone gives the same."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from hulei.access.terms import Role
from hulei.common import walls
from hulei.common.viewer import Viewer
from hulei.web.catalogue import pages
from tests import ground
from tests.stage import PUBLIC_ROLES, Stage

pytestmark = pytest.mark.django_db

Sees = Callable[[Viewer, Any], bool]
R = Role
POLICE_WIDE = (R.BUREAU_LEADER, R.BUREAU_OFFICE, R.PROSECUTOR)


def _all(viewer: Viewer, row: Any) -> bool:
    return True


def _none(viewer: Viewer, row: Any) -> bool:
    return False


def _at(column: str, **values: Any) -> Sees:
    return lambda viewer, row: (
        getattr(row, column) == viewer.scope and all(getattr(row, n) == v for n, v in values.items())
    )


def _if(**values: Any) -> Sees:
    return lambda viewer, row: all(getattr(row, n) == v for n, v in values.items())


_STATION = _at("station_code")
_SCHOOL = _at("school_code")
_OF_SCHOOLS: dict[Role, Sees] = {
    **dict.fromkeys((*POLICE_WIDE, R.EDUCATION_OFFICER), _all),
    R.STATION_OFFICER: _STATION,
    R.SCHOOL_SAFETY: _SCHOOL,
    R.LEGAL_VICE_PRINCIPAL: _SCHOOL,
}
_POLICE: dict[Role, Sees] = {**dict.fromkeys(POLICE_WIDE, _all), R.STATION_OFFICER: _STATION}
_CHILDREN: dict[Role, Sees] = {
    **_POLICE,
    R.EDUCATION_OFFICER: _if(in_education=True),
    R.SCHOOL_SAFETY: _at("school_code", in_education=True),
    R.CIVIL_AFFAIRS_OFFICER: _if(in_care=True),
    R.CHILD_DIRECTOR: _at("village_code", in_care=True),
    R.GRID_WORKER: _at("grid_code", in_care=True),
    R.SOCIAL_WORKER: lambda viewer, row: str(getattr(row, "minor", row)) == "莫建子",
}
_ENTRIES: dict[Role, Sees] = {
    **_POLICE,
    R.EDUCATION_OFFICER: _if(compartment="education"),
    R.SCHOOL_SAFETY: _at("school_code", compartment="education"),
    R.CIVIL_AFFAIRS_OFFICER: _if(compartment="care"),
    R.CHILD_DIRECTOR: _at("village_code", compartment="care"),
    R.GRID_WORKER: _at("grid_code", compartment="care"),
}
_EVERYBODY: dict[Role, Sees] = dict.fromkeys(PUBLIC_ROLES, _all)
# The social worker is entrusted with one child, of whom there is neither case nor visit here.
SEES: dict[str, dict[Role, Sees]] = {
    "audit": {R.AUDITOR: _all, R.PROSECUTOR: _all},
    "access": {R.SECURITY_ADMIN: _all, R.AUDITOR: _all},
    "places": _EVERYBODY,
    "people": _CHILDREN,
    "intake": {R.BUREAU_OFFICE: _all, R.EDUCATION_OFFICER: _none, R.CIVIL_AFFAIRS_OFFICER: _none},
    "governance": _EVERYBODY,
    "outreach": _OF_SCHOOLS,
    "campus": _OF_SCHOOLS,
    "prevention": {**_POLICE, R.SOCIAL_WORKER: _none},
    "prevention.dossier": _CHILDREN,
    "prevention.register_entry": _ENTRIES,
}


def wanted(stage: Stage, kind: str) -> dict[Role, set[int]]:
    """{role that may read: ids it should get}, told from the rows themselves."""
    table = SEES.get(kind) or SEES[kind.split(".")[0]]
    rows = list(pages()[kind].rows(ground.OPERATOR))
    readers = [role for role in PUBLIC_ROLES if stage.viewers[role].may(f"{kind}.read")]
    return {role: {r.pk for r in rows if table[role](stage.viewers[role], r)} for role in readers}


def got(stage: Stage, kind: str, role: Role) -> set[int]:
    """The ids of a role's rows, PostgreSQL knowing the viewer."""
    viewer = stage.viewers[role]
    with walls.entered(viewer):
        return set(pages()[kind].rows(viewer).values_list("pk", flat=True))


@contextmanager
def gate_open(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Every query forgets who is looking; row-level security stands alone."""
    gate = walls.visible
    with monkeypatch.context() as patch:
        for name, module in list(sys.modules.items()):
            if name.startswith("hulei.") and getattr(module, "visible", None) is gate:
                patch.setattr(module, "visible", lambda viewer, queryset: queryset)
        yield


KINDS = sorted(pages())


@pytest.mark.parametrize("kind", KINDS)
def test_each_role_gets_its_rows_and_each_gate_alone_gives_the_same(
    stage: Stage, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = wanted(stage, kind)
    assert {role: got(stage, kind, role) for role in rows} == rows
    with gate_open(monkeypatch):
        assert {role: got(stage, kind, role) for role in rows} == rows, "row-level security alone"
    alone = {role: set(pages()[kind].rows(stage.viewers[role]).values_list("pk", flat=True)) for role in rows}
    assert alone == rows, "the gate alone"


@pytest.mark.parametrize("kind", [k for k in KINDS if not k.startswith(("audit", "intake"))])
def test_the_table_tells_roles_apart(stage: Stage, kind: str) -> None:
    """A table that let everybody see all would prove nothing."""
    assert max((len(ids) for ids in wanted(stage, kind).values()), default=0) > 0
    if kind.startswith(("campus.", "outreach.", "people.", "prevention.")):
        assert len({frozenset(ids) for ids in wanted(stage, kind).values()}) > 1


@pytest.mark.parametrize("kind", KINDS)
def test_pages_and_rest_show_those_rows_and_no_other(stage: Stage, kind: str) -> None:
    """Lists, counts, records, sheets and writes: what is out of scope answers as what never was."""
    base = f"/{kind.replace('.', '/')}/"
    rows = wanted(stage, kind)
    every = {r.pk for r in pages()[kind].rows(ground.OPERATOR)}
    if kind == "audit.entry":
        return  # grows with every look; its two readers see all of it
    for role, ids in rows.items():
        client = stage.browser(role)
        listed = client.get(f"/api/v1{base}?limit=200").json()
        assert {item["id"] for item in listed["items"]} == ids, role
        assert listed["total"] == len(ids), role
        for pk in sorted(ids)[:1]:
            assert client.get(f"{base}{pk}/").status_code == 200, (role, pk)
            assert client.get(f"/api/v1{base}{pk}").status_code == 200, (role, pk)
        for pk in sorted(every - ids)[:1]:
            for address in (f"{base}{pk}/", f"{base}{pk}/edit", f"/api/v1{base}{pk}"):
                assert_absent(client, address, str(pk))


def assert_absent(client: Any, address: str, pk: str) -> None:
    """The answer is to the letter that for a record which does not exist."""
    never = client.get(address.replace(f"/{pk}", "/99999999"))
    hidden = client.get(address)
    assert (hidden.status_code, hidden.content) == (never.status_code, never.content), address
    assert hidden.status_code in (403, 404), address


def test_a_neighbours_hazard_cannot_be_written_to(stage: Stage) -> None:
    rows = wanted(stage, "campus.hazard")
    neighbour = min(rows[R.BUREAU_OFFICE] - rows[R.SCHOOL_SAFETY])
    client = stage.browser(R.SCHOOL_SAFETY)
    for pk in (neighbour, 99999999):
        assert client.post(f"/campus/hazard/{pk}/edit", {"version": "1"}).status_code == 404
        answer = client.patch(
            f"/api/v1/campus/hazard/{pk}", {"values": {"note": "x"}, "version": 1}, "application/json"
        )
        assert answer.status_code == 404


def test_a_sheet_holds_the_rows_in_scope(stage: Stage) -> None:
    import io

    from openpyxl import load_workbook

    for role in (R.SCHOOL_SAFETY, R.EDUCATION_OFFICER):
        answer = stage.browser(role).get("/campus/hazard/export")
        sheet: Any = load_workbook(io.BytesIO(answer.content)).active
        numbers = {row[0] for row in sheet.iter_rows(min_row=4, values_only=True)}
        with walls.entered(stage.viewers[role]):
            mine = pages()["campus.hazard"].rows(stage.viewers[role])
            assert numbers == {h.number for h in mine}
        assert stage.viewers[role].name in str(sheet["A2"].value)
