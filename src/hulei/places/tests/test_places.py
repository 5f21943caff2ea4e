"""Founding a district, taking rosters in, saving, and the names that resolve afterwards."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from hulei.common.landing import Landed, LedgerRow
from hulei.common.models import Scope
from hulei.common.periods import CHINA
from hulei.common.viewer import Conflict, Forbidden, Viewer, Viewpoint
from hulei.places import actions, forms, pages, queries
from hulei.places.models import Agency, Area, Beat, Grid, PoliceGrid, School

Rows = list[dict[str, Any]]
pytestmark = pytest.mark.django_db
AT = datetime(2023, 12, 29, 9, tzinfo=CHINA)
ALL = {"*": frozenset({"read", "add", "edit"})}
BY = Viewer(None, "测试", "operator", Viewpoint.WORKER, "450512", "450512", ALL)

STATIONS: Rows = [
    {
        "name": "石头埠派出所",
        "town": "兴港镇",
        "villages": ("石头埠社区", "粟山村"),
        "officer": "甲",
        "badge_number": "1",
    },
    {"name": "兴港派出所", "town": "兴港镇", "villages": ("南乐社区",), "officer": "乙", "badge_number": "2"},
    {
        "name": "营盘派出所",
        "town": "营盘镇",
        "villages": ("营盘社区", "新村"),
        "officer": "丙",
        "badge_number": "3",
    },
]
AGENCIES: Rows = [
    {"name": "北海市公安局铁山港分局", "kind": "police", "contact": "丁", "phone": "19900000001"},
    {"name": "铁山港区教育局", "kind": "education", "contact": "戊", "phone": "19900000002"},
]
SCHOOLS: Rows = [
    {
        "name": "兴港镇粟山小学", "stage": "primary", "town": "兴港镇", "pupils": 420,
        "boarders": 0, "guards": 1,
        "closed_management": True, "alarm_linked": True, "video_compliant": None, "station": "石头埠派出所",
        "legal_vice_principal": "己",
    },
    {"name": "营盘中学", "stage": "junior", "town": None, "station": "营盘所", "pupils": 1460, "guards": 3},
]  # fmt: skip
GRIDS: Rows = [
    {"village": "粟山村", "name": "粟山村第01网格", "station": "石头埠派出所", "town": "兴港镇",
     "grid_worker": "庚",
     "phone": "19900000003"},
    {"village": "粟山村", "name": "粟山村第02网格", "station": "石头埠派出所", "town": "兴港镇"},
    {"village": "谢家村", "name": "谢家村第01网格", "station": "兴港派出所", "town": "兴港镇"},
]  # fmt: skip

TakeIn = Callable[..., list[Landed]]


def take(action: TakeIn, values: list[dict[str, Any]]) -> list[str]:
    rows = [LedgerRow(n, v, source_id=n) for n, v in enumerate(values, 1)]
    return [one.outcome for one in action(rows, by=BY, at=AT)]


@pytest.fixture
def district() -> Area:
    return actions.found_district(by=BY, at=AT, code="450512", name="铁山港区")


@pytest.fixture
def rosters(district: Area) -> None:
    take(actions.take_in_agencies, AGENCIES)
    take(actions.take_in_stations, STATIONS)
    take(actions.take_in_schools, SCHOOLS)
    take(actions.take_in_grids, GRIDS)


def test_a_shipped_tree_is_planted_once(district: Area) -> None:
    assert Area.objects.count() == 50
    assert district.path == "450000/450500/450512"
    assert actions.found_district(by=BY, at=AT, code="450512", name="别名").pk == district.pk
    assert Area.objects.count() == 50
    assert queries.home_district_unscoped() == district


def test_another_district_starts_empty() -> None:
    other = actions.found_district(by=BY, at=AT, code="459901", name="示范县")
    assert (Area.objects.count(), other.path, other.name) == (1, "459901", "示范县")
    by = Viewer(None, "测试", "operator", Viewpoint.WORKER, "459901", "459901", ALL)
    row = LedgerRow(1, {"name": "城关派出所", "town": "城关镇", "villages": ("东街社区", "西街社区")})
    assert actions.take_in_stations([row], by=by, at=AT)[0].outcome == "added"
    codes = list(Area.objects.filter(local=True).order_by("code").values_list("code", "name"))
    assert codes == [("459901L01", "城关镇"), ("459901L01L01", "东街社区"), ("459901L01L02", "西街社区")]


@pytest.mark.parametrize("code", ["", "4505", "45051A", "4505120"])
def test_a_district_code_has_six_digits(code: str) -> None:
    with pytest.raises(ValidationError):
        actions.found_district(by=BY, at=AT, code=code, name="某区")


def test_rosters_before_any_district_are_refused() -> None:
    with pytest.raises(ValidationError):
        take(actions.take_in_agencies, AGENCIES)


def test_rosters(rosters: None) -> None:
    station = Agency.objects.get(name="石头埠派出所")
    assert station.parent and station.parent.name == "北海市公安局铁山港分局"
    assert (station.code, station.scope.station_code) == ("450512S001", "450512S001")
    assert Beat.objects.get(village__name="粟山村委会").station == station
    assert Beat.objects.get(village__name="谢家村委会").station.name == "兴港派出所"  # by its grids
    assert PoliceGrid.objects.count() == 3
    assert list(Area.objects.filter(local=True).values_list("name", "parent__name")) == [("新村", "营盘镇")]
    school = School.objects.get(name="兴港镇粟山小学")
    assert school.scope == Scope("450512", "450512102", "", "", "450512S001", school.code)
    grid = Grid.objects.get(name="粟山村第01网格")
    assert grid.scope == Scope("450512", "450512102", "450512102201", "450512102201G001", "450512S001")
    assert grid.police_grid and grid.police_grid.station == station
    assert School.objects.get(name="营盘中学").town_code == "450512101"  # its station's town


def test_the_same_rosters_change_nothing_and_a_fuller_one_fills_in(rosters: None) -> None:
    before = (Area.objects.count(), Beat.objects.count(), PoliceGrid.objects.count())
    for action, values in (
        (actions.take_in_agencies, AGENCIES),
        (actions.take_in_stations, STATIONS),
        (actions.take_in_schools, SCHOOLS),
        (actions.take_in_grids, GRIDS),
    ):
        assert set(take(action, values)) == {"unchanged"}
    assert before == (Area.objects.count(), Beat.objects.count(), PoliceGrid.objects.count())
    fuller = [GRIDS[0], {**GRIDS[1], "grid_worker": "辛"}, GRIDS[2]]
    assert take(actions.take_in_grids, fuller) == ["unchanged", "filled", "unchanged"]


def test_a_row_with_an_unknown_station_is_handed_back(rosters: None) -> None:
    row = LedgerRow(
        1, {"name": "甲小学", "stage": "primary", "station": "火星派出所"}, labels={"station": "所属派出所"}
    )
    landed = actions.take_in_schools([row], by=BY, at=AT)[0]
    assert (landed.outcome, landed.findings[0].code, landed.findings[0].column) == (
        "rejected", "unit_unknown", "所属派出所",
    )  # fmt: skip
    assert not School.objects.filter(name="甲小学").exists()


def test_phones_are_stored_encrypted(rosters: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT phone FROM places_agency WHERE name_key LIKE '%教育局'")
        stored = cursor.fetchone()[0]
    assert "19900000002" not in stored
    assert Agency.objects.get(name="铁山港区教育局").phone == "19900000002"


def test_names_resolve(rosters: None) -> None:
    agencies = queries.agencies_by_name_unscoped(["公安", "教育", "石头埠所", "民政"])
    assert {name: a.name if a else None for name, a in agencies.items()} == {
        "公安": "北海市公安局铁山港分局", "教育": "铁山港区教育局", "石头埠所": "石头埠派出所", "民政": None,
    }  # fmt: skip
    schools = queries.schools_by_name_unscoped(["粟山小学", "某小学"])
    assert schools["粟山小学"] and schools["粟山小学"].name == "兴港镇粟山小学"
    assert schools["某小学"] is None
    areas = queries.areas_by_name_unscoped(["粟山村", "兴港镇", "铁山港区"])
    assert [a.code if a else None for a in areas.values()] == ["450512102201", "450512102", "450512"]


def test_names_cost_the_same_however_many(rosters: None) -> None:
    with CaptureQueriesContext(connection) as few:
        queries.schools_by_name_unscoped(["粟山小学"])
    with CaptureQueriesContext(connection) as many:
        queries.schools_by_name_unscoped([f"第{n}小学" for n in range(50)])
    assert len(few) == len(many)


@pytest.mark.parametrize(
    ("address", "scope"),
    [
        ("铁山港区兴港镇粟山村31号", Scope("450512", "450512102", "450512102201", "", "450512S001")),
        (
            "兴港镇粟山村第02网格",
            Scope("450512", "450512102", "450512102201", "450512102201G002", "450512S001"),
        ),
        (
            "营盘镇白龙社区2号",
            Scope("450512", "450512101", "450512101002", "", "450512S003"),
        ),  # the town's only station
        ("兴港镇川江村1号", Scope("450512", "450512102", "450512102211")),  # two stations in the town
        ("湛江市", None),
    ],
)
def test_addresses_resolve_without_queries(rosters: None, address: str, scope: Scope | None) -> None:
    locator = queries.locator_unscoped()
    with CaptureQueriesContext(connection) as made:
        assert locator.locate(address) == scope
    assert len(made) == 0


def test_a_renamed_school_is_still_found_by_its_old_name(rosters: None) -> None:
    school = School.objects.get(name="兴港镇粟山小学")
    values = {
        **forms.school_initial(school),
        "name": "粟山学校",
        "town": school.town,
        "station": school.station,
    }
    values |= {"closed_management": True, "alarm_linked": True, "video_compliant": None}
    saved = actions.save_school(by=BY, at=AT, reason="更名", record_id=school.pk, version=1, values=values)
    assert (saved.name, saved.aliases, saved.version) == ("粟山学校", ["兴港镇粟山小学"], 2)
    assert queries.schools_by_name_unscoped(["粟山小学"])["粟山小学"] == school
    assert take(actions.take_in_schools, SCHOOLS[:1]) == ["unchanged"]
    assert School.objects.count() == 2


def test_two_editors(rosters: None) -> None:
    station = Agency.objects.get(name="营盘派出所")
    values = {
        **forms.agency_initial(station),
        "parent": station.parent,
        "town": station.town,
        "officer": "壬",
    }
    values["villages"] = Area.objects.filter(pk__in=values["villages"])
    actions.save_agency(by=BY, at=AT, reason="", record_id=station.pk, version=1, values=values)
    with pytest.raises(Conflict):
        actions.save_agency(by=BY, at=AT, reason="", record_id=station.pk, version=1, values=values)


def test_new_records_get_codes(rosters: None) -> None:
    town = Area.objects.get(name="营盘镇")
    village = actions.save_area(
        by=BY, at=AT, reason="", record_id=None, version=None,
        values={"name": "海港社区", "level": "village", "parent": town},
    )  # fmt: skip
    assert (village.code, village.path) == ("450512101L02", f"{town.path}/450512101L02")
    grid = actions.save_grid(
        by=BY, at=AT, reason="", record_id=None, version=None,
        values={"name": "海港网格", "village": village, "police_grid": PoliceGrid.objects.first()},
    )  # fmt: skip
    assert grid.scope.grid_code == grid.code == "450512101L02G001"
    school = actions.save_school(
        by=BY, at=AT, reason="", record_id=None, version=None,
        values={"name": "海港小学", "stage": "primary", "town": town, "station": None, "pupils": 90},
    )  # fmt: skip
    assert school.code == school.school_code == "450512C003"


def test_impossible_values_are_refused_by_field(rosters: None) -> None:
    values = {"name": "某小学", "stage": "primary", "pupils": 10, "boarders": 11}
    with pytest.raises(ValidationError) as caught:
        actions.save_school(by=BY, at=AT, reason="", record_id=None, version=None, values=values)
    assert "boarders" in caught.value.message_dict


def test_without_permission_nothing_is_written(district: Area) -> None:
    reader = Viewer(1, "甲", "grid_worker", Viewpoint.GRID, "x", "450512", {"places.*": frozenset({"read"})})
    with pytest.raises(Forbidden):
        actions.take_in_agencies([], by=reader, at=AT)
    with pytest.raises(Forbidden):
        actions.save_grid(
            by=reader,
            at=AT,
            reason="",
            record_id=None,
            version=None,
            values={"name": "x", "village": district},
        )


@pytest.mark.parametrize("page", pages.PAGES, ids=lambda page: page.kind)
def test_pages_read_with_a_constant_number_of_queries(rosters: None, page: Any) -> None:
    with CaptureQueriesContext(connection) as made:
        for record in page.rows(BY).order_by(*page.order):
            assert page.name(record)
            for column in page.columns:
                column.read(record)
    assert len(made) == 1
    record = page.rows(BY).first()
    for section in page.sections:
        for one in section.rows(BY, record) if section.rows else [record]:
            for column in section.columns:
                column.read(one)
    assert page.form(BY, record)(initial=page.initial(record)).as_p()
