"""A small made-up district that tests of several packages stand on: offices, stations, schools, viewers."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from hulei.common.landing import Landed, LedgerRow
from hulei.common.viewer import Viewer, Viewpoint
from hulei.places import actions as places
from hulei.places import queries

DISTRICT = "450512"
AT = datetime(2023, 12, 29, 1, 0, tzinfo=UTC)
EVERYTHING = {"*": frozenset({"read", "add", "edit", "export"})}
OPERATOR = Viewer(None, "系统", "operator", Viewpoint.WORKER, DISTRICT, DISTRICT, EVERYTHING)

STATIONS = (("石头埠派出所", "兴港镇", "粟山村"), ("营盘派出所", "营盘镇", "白龙社区"))
SCHOOLS = (
    ("兴港镇粟山小学", "primary", "兴港镇", "石头埠派出所"),
    ("营盘中学", "junior", "营盘镇", "营盘派出所"),
    ("营盘镇中心幼儿园", "kindergarten", "营盘镇", "营盘派出所"),
)
AGENCIES = (
    ("北海市公安局铁山港分局", "police"),
    ("铁山港区教育局", "education"),
    ("铁山港区妇联", "mass_organisation"),
)


def rows(*values: dict[str, Any], labels: dict[str, str] | None = None) -> list[LedgerRow]:
    """Ledger rows numbered from one."""
    return [LedgerRow(number, one, labels=labels) for number, one in enumerate(values, start=1)]


def found() -> None:
    """Found the district with its offices, stations and schools. Needs a transaction."""
    places.found_district(by=OPERATOR, at=AT, code=DISTRICT, name="铁山港区")
    agencies = rows(*({"name": name, "kind": kind} for name, kind in AGENCIES))
    _all_in(places.take_in_agencies(agencies, by=OPERATOR, at=AT))
    stations = rows(
        *({"name": name, "town": town, "villages": (village,)} for name, town, village in STATIONS)
    )
    _all_in(places.take_in_stations(stations, by=OPERATOR, at=AT))
    schools = rows(
        *(
            {"name": name, "stage": stage, "town": town, "station": station, "legal_vice_principal": "曾涛"}
            for name, stage, town, station in SCHOOLS
        )
    )
    _all_in(places.take_in_schools(schools, by=OPERATOR, at=AT))


def _all_in(landed: list[Landed]) -> None:
    assert [one.outcome for one in landed] == ["added"] * len(landed), landed


def viewer(viewpoint: Viewpoint, scope: str = DISTRICT) -> Viewer:
    """Somebody at a viewpoint who may do everything with what they see."""
    return replace(OPERATOR, account_id=7, name="某人", role="tester", viewpoint=viewpoint, scope=scope)


def school(name: str) -> Any:
    """A school by its name."""
    return queries.schools_by_name_unscoped([name], DISTRICT)[name]


def agency(name: str) -> Any:
    """An office or station by its name."""
    return queries.agencies_by_name_unscoped([name], DISTRICT)[name]


def officer_of(station: str) -> Viewer:
    """A station officer."""
    return viewer(Viewpoint.POLICE_STATION, agency(station).code)


def safety_of(name: str) -> Viewer:
    """A school's safety officer."""
    return viewer(Viewpoint.SCHOOL, school(name).code)
