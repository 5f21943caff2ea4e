"""The figures of a small year, counted by hand: as known on a day, in an area, through a viewer's eyes."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from hulei.access import rules as access
from hulei.access.terms import Role
from hulei.common import walls
from hulei.common.periods import Period
from hulei.common.viewer import Forbidden, NotFound, Viewer, Viewpoint
from hulei.insight import queries
from hulei.insight.metrics import METRICS
from hulei.insight.tests import small_year
from hulei.insight.tests.small_year import AS_OF, EXPECTED, YEAR
from hulei.outreach import actions as outreach
from hulei.prevention import actions as prevention
from hulei.prevention import queries as children
from tests import ground

pytestmark = pytest.mark.django_db

CHILDREN = {"clues", "cases_tracked", "cases_back_to_school", "cases_back_to_family", "visits"}
CALLS = {
    "criminal_calls", "criminal_call_zero_months", "security_calls", "security_calls_yoy_percent",
    "actors_under_14",
}  # fmt: skip


@pytest.fixture(autouse=True)
def district(db: None) -> None:
    small_year.take_in()


def wearing(role: Role, scope: str = ground.DISTRICT) -> Viewer:
    """Somebody in a role with its own permissions."""
    viewer = ground.viewer(access.VIEWPOINT_OF[role], scope)
    return replace(viewer, role=role.value, permissions=access.permissions(role))


def values(viewer: Viewer, period: Period = YEAR, as_of: date = AS_OF, area: str = "") -> dict[str, Any]:
    with walls.entered(viewer):
        return {one.metric.id: one.as_json()["value"] for one in queries.figures(viewer, period, as_of, area)}


def test_every_figure_as_counted_by_hand() -> None:
    assert values(ground.OPERATOR) == EXPECTED


@pytest.mark.parametrize(
    "role", [Role.BUREAU_LEADER, Role.BUREAU_OFFICE, Role.STATION_OFFICER, Role.PROSECUTOR]
)
def test_police_and_prosecution_read_the_same_numbers_whatever_their_scope(role: Role) -> None:
    scope = ground.agency(small_year.YING).code if role is Role.STATION_OFFICER else ground.DISTRICT
    assert values(wearing(role, scope)) == EXPECTED


def test_numerators_denominators_and_rows() -> None:
    with walls.entered(ground.OPERATOR):
        found = {one.metric.id: one.as_json() for one in queries.figures(ground.OPERATOR, YEAR, AS_OF)}
    parts = {name: (one["numerator"], one["denominator"], one["rows"]) for name, one in found.items()}
    assert parts["security_calls_yoy_percent"] == (3, 2, 5)
    assert parts["criminal_call_zero_months"] == (7, 21, 7)  # March 2022 to November 2023 are on record
    assert parts["actors_under_14"] == (2, 5, 2)
    assert parts["resolutions_done"] == (2, 7, 2)
    assert parts["lecture_attendance"] == (160, None, 3)
    assert parts["schools_below_four_hours"] == (2, 3, 2)
    assert parts["equipment_lines_short"] == (1, 2, 1)
    assert parts["visits"] == (10, None, 5)


@pytest.mark.parametrize(
    ("as_of", "changed"),
    [
        # One day more: the calls, the lecture, the drill and the rest of 1 December count.
        (
            date(2023, 12, 1),
            {"criminal_calls": 3, "criminal_call_zero_months": 0, "lectures": 4, "lecture_attendance": 210,
             "schools_below_four_hours": 1, "hazards": 4, "hazards_open": 3, "drills": 4,
             "drills_meeting_1_3_5": 2, "parent_concerns": 2, "clues": 5, "cases_tracked": 6, "visits": 15,
             "resolutions_overdue": 4},
        ),
        # As seen on 1 March: only what was known then.
        (
            date(2023, 3, 1),
            {"criminal_calls": 0, "criminal_call_zero_months": 13, "security_calls": 1,
             "security_calls_yoy_percent": None, "actors_under_14": 1, "resolutions": 6,
             "resolutions_overdue": 0, "directives": 0, "directive_assignments": 0,
             "directive_assignments_complete": 0, "lectures": 1, "lecture_attendance": 100,
             "schools_below_four_hours": 3, "hazards_open": 3, "drills": 1,
             "parent_concerns": 0, "clues": 0, "cases_back_to_school": 0, "cases_back_to_family": 0},
        ),
    ],
)  # fmt: skip
def test_as_it_was_known_on_a_day(as_of: date, changed: dict[str, Any]) -> None:
    assert values(ground.OPERATOR, as_of=as_of) == {**EXPECTED, **changed}


def test_a_period_after_the_as_of_day_counts_nothing_dated() -> None:
    later = Period(date(2024, 1, 1), date(2024, 12, 31))
    found = values(ground.OPERATOR, later)
    standing = {name for name, one in METRICS.items() if one.standing}
    assert {name: found[name] for name in standing} == {name: EXPECTED[name] for name in standing}
    assert {found[name] for name in set(METRICS) - standing - {"security_calls_yoy_percent"}} == {0}
    assert found["security_calls_yoy_percent"] is None


def test_by_town_station_and_school() -> None:
    stone, primary = ground.agency(small_year.STONE).code, ground.school(small_year.PRIMARY).code
    station = values(ground.OPERATOR, area=stone)
    assert station["criminal_calls"] == 0
    assert station["criminal_call_zero_months"] == 21  # never one here: back to the district's first call
    assert station["security_calls"] == 2  # J4 J9
    assert station["directives"] == 1
    assert (station["hazards"], station["lectures"], station["cases_tracked"]) == (2, 2, 5)
    school = values(ground.OPERATOR, area=primary)
    assert (school["hazards"], school["drills"], school["schools_below_four_hours"]) == (2, 2, 1)
    town = ground.school(small_year.JUNIOR).town_code
    assert len(town) == 9
    assert values(ground.OPERATOR, area=town)["hazards"] == 1
    assert values(ground.OPERATOR, area=ground.DISTRICT) == EXPECTED
    assert values(ground.OPERATOR, area="450000") == EXPECTED  # the region above holds nothing else here


@pytest.mark.parametrize("code", ["450512999", "nonsense", "440000", "'; --"])
def test_an_area_that_is_not_here(code: str) -> None:
    with pytest.raises(queries.UnknownArea):
        values(ground.OPERATOR, area=code)


@pytest.mark.parametrize("role", [Role.EDUCATION_OFFICER, Role.CIVIL_AFFAIRS_OFFICER])
def test_partners_get_neither_police_calls_nor_small_numbers_of_children(role: Role) -> None:
    viewer = wearing(role)
    with walls.entered(viewer):
        found = {one.metric.id: one for one in queries.figures(viewer, YEAR, AS_OF)}
        for name in CALLS:
            with pytest.raises(NotFound):
                queries.figure(viewer, name, YEAR, AS_OF)
    assert set(found) == set(METRICS) - CALLS
    assert found["clues"].shown == "<5"
    hidden = found["clues"].as_json()
    assert (hidden["value"], hidden["numerator"], hidden["denominator"], hidden["rows"]) == (None,) * 4
    assert found["cases_back_to_school"].shown == "<5"
    assert found["cases_tracked"].shown == "5"
    open_ones = set(found) - CHILDREN
    assert {n: found[n].as_json()["value"] for n in open_ones} == {n: EXPECTED[n] for n in open_ones}


def test_partners_get_numbers_of_children_for_the_whole_district_only() -> None:
    viewer, area = wearing(Role.EDUCATION_OFFICER), ground.school(small_year.JUNIOR).code
    with walls.entered(viewer):
        found = {one.metric.id: one for one in queries.figures(viewer, YEAR, AS_OF, area)}
    assert found["cases_tracked"].shown == "5"  # none of the five is at this school
    assert found["cases_tracked"].window.place.code == ground.DISTRICT
    assert found["hazards"].shown == "1"


@pytest.mark.parametrize("role", [Role.SCHOOL_SAFETY, Role.GRID_WORKER, Role.SYSTEM_ADMIN, Role.AUDITOR])
def test_whoever_may_not_read_figures(role: Role) -> None:
    with pytest.raises(Forbidden):
        values(wearing(role))


def drill(viewer: Viewer, metric_id: str, area: str = "") -> tuple[int, list[Any]]:
    """(rows counted, records in sight) of a figure, under row-level security."""
    with walls.entered(viewer):
        found = queries.drill_down(viewer, metric_id, YEAR, AS_OF, area)
        assert found.records is not None
        return found.figure.measured.rows, sorted(str(one) for one in found.records)


def test_rows_in_sight_of_a_station() -> None:
    officer = wearing(Role.STATION_OFFICER, ground.agency(small_year.STONE).code)
    counted, seen = drill(officer, "security_calls")
    assert (counted, len(seen)) == (3, 2)
    counted, seen = drill(officer, "hazards_open")
    assert (counted, len(seen)) == (2, 1)
    assert seen[0].startswith("YH2")
    assert drill(officer, "schools_below_four_hours")[0] == 2


def test_rows_of_a_kind_that_the_role_may_not_read_stay_closed() -> None:
    civil = wearing(Role.CIVIL_AFFAIRS_OFFICER)
    assert drill(civil, "hazards") == (3, [])
    assert drill(civil, "cases_tracked") == (5, [])
    assert len(drill(civil, "resolutions_overdue")[1]) == 3


@pytest.mark.parametrize("metric_id", [name for name, one in METRICS.items() if not one.months])
def test_the_rows_are_those_that_were_counted(metric_id: str) -> None:
    counted, seen = drill(ground.OPERATOR, metric_id)
    assert counted == len(seen)


def test_the_months_of_the_silence() -> None:
    with walls.entered(ground.OPERATOR):
        found = queries.drill_down(ground.OPERATOR, "criminal_call_zero_months", YEAR, AS_OF)
        assert found.records is None
        assert (found.months[0], found.months[-1], found.visible()) == (
            date(2023, 11, 1),
            date(2023, 5, 1),
            7,
        )


def test_trends_by_month() -> None:
    with walls.entered(ground.OPERATOR):
        calls = queries.trend(ground.OPERATOR, "security_calls", AS_OF)
        silence = queries.trend(ground.OPERATOR, "criminal_call_zero_months", AS_OF)
        cases = queries.trend(ground.OPERATOR, "cases_tracked", AS_OF)
        assert queries.trend(ground.OPERATOR, "equipment_lines_short", AS_OF) is None
    assert calls is not None and silence is not None and cases is not None
    assert (calls.months[0], calls.months[-1]) == (date(2022, 12, 1), date(2023, 11, 1))
    assert calls.values == (1, 1, 0, 0, 0, 1, 0, 0, 0, 0, 0, 1)
    assert calls.before == (0, 0, 0, 1, 0, 0, 1, 0, 0, 0, 0, 0)
    assert silence.values == (10, 11, 12, 13, 0, 1, 2, 3, 4, 5, 6, 7)
    assert silence.before[:4] == (None, None, None, 1)  # nothing was on record before March 2022
    assert cases.values == (2, 2, 4, 5, 5, 5, 5, 5, 5, 5, 5, 5)


def test_every_metric_has_its_months_without_a_fault() -> None:
    with walls.entered(ground.OPERATOR):
        found = queries.trends(ground.OPERATOR, list(METRICS), AS_OF)
    assert set(METRICS) - set(found) == {
        "directives", "schools_below_four_hours", "equipment_lines_short", "guard_posts",
        "guard_posts_with_traffic_control", "visits",
    }  # fmt: skip


def test_partners_see_no_months_of_children_and_of_calls() -> None:
    viewer = wearing(Role.EDUCATION_OFFICER)
    with walls.entered(viewer):
        found = queries.trends(viewer, list(METRICS), AS_OF)
    assert found.keys().isdisjoint(CHILDREN | CALLS)
    assert "lectures" in found


def test_visits_entered_count_when_they_are_more_and_not_before_their_day() -> None:
    viewer = ground.viewer(Viewpoint.POLICE_DISTRICT)
    with walls.entered(viewer):
        case = children.cases(viewer).get(number="GA6")
        for day in (date(2023, 4, 1), date(2023, 5, 1), date(2023, 12, 2)):
            told = {"case": case, "visited_on": day, "visitor": "民警", "summary": "在校"}
            prevention.save_visit(
                by=viewer, at=ground.AT, reason="", record_id=None, version=None, values=told
            )
    assert values(ground.OPERATOR)["visits"] == EXPECTED["visits"] + 2
    assert (
        values(ground.OPERATOR, as_of=date(2023, 12, 2))["visits"] == EXPECTED["visits"] + 3 + 5
    )  # GA4 has begun


def test_an_empty_district_has_no_silence_to_count() -> None:
    with walls.entered(ground.OPERATOR), connection.cursor() as cursor:
        cursor.execute("RESET ROLE")
        cursor.execute("DELETE FROM prevention_policecall")
    found = values(ground.OPERATOR)
    assert found["criminal_call_zero_months"] is None
    assert found["security_calls_yoy_percent"] is None
    assert found["criminal_calls"] == 0


def statements(viewer: Viewer) -> int:
    with (
        walls.entered(viewer),
        CaptureQueriesContext(
            connection,
        ) as caught,
    ):
        queries.figures(viewer, YEAR, AS_OF)
    return len(caught)


def test_the_number_of_statements_does_not_grow_with_the_rows() -> None:
    before = statements(ground.OPERATOR)
    more = [
        {"held_on": date(2023, 6, 1) + timedelta(days=n), "school": small_year.JUNIOR, "topic": "防溺水",
         "lecturer": "讲师", "lesson_hours": 1}
        for n in range(40)
    ]  # fmt: skip
    outreach.take_in_lectures(ground.rows(*more), by=ground.OPERATOR, at=ground.AT)
    assert values(ground.OPERATOR)["lectures"] == EXPECTED["lectures"] + 40
    assert statements(ground.OPERATOR) == before
    assert before < 60


def test_the_work_report_says_what_the_figures_say() -> None:
    leader = wearing(Role.BUREAU_LEADER)
    with walls.entered(leader):
        report = queries.work_report(leader, 2023, AS_OF)
    assert report.issuing_agency == small_year.BUREAU
    assert (report.from_on, report.to_on) == (YEAR.start, AS_OF)
    told = {one.metric_id: one.value_text for one in report.annex.figures}
    assert told["security_calls_yoy_percent"] == "50.00"
    assert {name: float(text) for name, text in told.items() if text is not None} == EXPECTED
    assert len(report.annex.series[0].points) == 11


def test_who_may_print_and_that_it_is_in_the_ledger() -> None:
    from hulei.audit.queries import entries
    from hulei.insight import actions

    leader, officer = wearing(Role.BUREAU_LEADER), wearing(Role.STATION_OFFICER, "x")
    with pytest.raises(Forbidden), walls.entered(officer):
        actions.print_work_report(by=officer, at=ground.AT, year=2023, as_of=AS_OF)
    with walls.entered(leader):
        report = actions.print_work_report(by=leader, at=ground.AT, year=2023, as_of=AS_OF)
    with walls.entered(ground.OPERATOR):
        entry = entries(ground.OPERATOR).filter(tag="insight.report.printed").get()
        assert entries(ground.OPERATOR).filter(tag="insight.report.printed").count() == 1
    assert actions.digest(report) in entry.payload


def test_a_year_that_has_not_begun_cannot_be_reported() -> None:
    leader = wearing(Role.BUREAU_LEADER)
    with walls.entered(leader), pytest.raises(ValueError, match="before the year"):
        queries.work_report(leader, 2024, AS_OF)
