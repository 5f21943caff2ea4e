"""A small district whose schools, beats and grids the tests move about."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest

from hulei.common.landing import LedgerRow
from hulei.common.viewer import Viewer, Viewpoint
from hulei.journeys import delivery
from hulei.journeys.tests.any_rows import AT
from hulei.places import actions as places
from hulei.places import forms, queries

ALL = {"*": frozenset({"read", "add", "edit"})}


OPERATOR = Viewer(None, "测试", "operator", Viewpoint.WORKER, "450512", "450512", ALL)


@dataclass(frozen=True)
class Ground:
    """The district, with short ways to find its places and to move them."""

    by: Viewer = OPERATOR

    def school(self, name: str = "粟山小学") -> Any:
        return queries.schools(self.by).get(name__startswith=name)

    def agency(self, name: str) -> Any:
        return queries.agencies(self.by).get(name__startswith=name)

    def area(self, name: str) -> Any:
        return queries.areas(self.by).get(name__startswith=name)

    def grid(self, name: str = "粟山村第01网格") -> Any:
        return queries.grids(self.by).get(name=name)

    def take(self, ledger: str, *rows: dict[str, Any]) -> None:
        action = getattr(places, f"take_in_{ledger}")
        landed = action([LedgerRow(n, row) for n, row in enumerate(rows, 1)], by=self.by, at=AT)
        assert "rejected" not in {one.outcome for one in landed}

    def save(self, kind: str, record: Any, **values: Any) -> Any:
        """Save a record as its page would, with some values changed."""
        own = {**_INITIAL[kind](record), **values}
        action = getattr(places, f"save_{kind}")
        return action(
            by=self.by, at=AT, reason="调整", record_id=record.pk, version=record.version, values=own
        )


def _school(school: Any) -> dict[str, Any]:
    links = {"town": school.town, "station": school.station}
    flags = ("closed_management", "alarm_linked", "video_compliant")
    return {**forms.school_initial(school), **links, **dict.fromkeys(flags)}


def _agency(agency: Any) -> dict[str, Any]:
    villages = queries.areas(OPERATOR).filter(beat__station=agency)
    return {
        **forms.agency_initial(agency),
        "parent": agency.parent,
        "town": agency.town,
        "villages": villages,
    }


def _grid(grid: Any) -> dict[str, Any]:
    return {n: getattr(grid, n) for n in ("name", "village", "police_grid", "worker", "phone", "houses")}


_INITIAL = {
    "school": _school,
    "agency": _agency,
    "grid": _grid,
    "area": lambda area: {"name": area.name, "parent": area.parent},
    "police_grid": lambda grid: {"name": grid.name, "station": grid.station, "officer": grid.officer},
}


@pytest.fixture
def ground(db: None) -> Ground:
    found = Ground()
    places.found_district(by=found.by, at=AT, code="450512", name="铁山港区")
    found.take("agencies", {"name": "铁山港区教育局", "kind": "education"})
    found.take(
        "stations",
        {"name": "石头埠派出所", "town": "兴港镇", "villages": ("粟山村",)},
        {"name": "兴港派出所", "town": "兴港镇", "villages": ("南乐社区",)},
        {"name": "营盘派出所", "town": "营盘镇", "villages": ("白龙社区",)},
    )
    found.take("schools", {"name": "粟山小学", "stage": "primary", "town": "兴港镇", "station": "石头埠所"})
    grids = (("粟山村第01网格", "1-60"), ("粟山村第02网格", "61-120"))
    found.take(
        "grids",
        *({"village": "粟山村", "name": n, "station": "石头埠所", "houses": h} for n, h in grids),
    )
    assert delivery.deliver_waiting() > 0
    return found
