"""A made-up district-year small enough to count by hand, taken in through the chapters' own actions."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

from hulei.campus import actions as campus
from hulei.common.periods import Period
from hulei.governance import actions as governance
from hulei.outreach import actions as outreach
from hulei.prevention import actions as prevention
from tests import ground

YEAR = Period(date(2023, 1, 1), date(2023, 12, 31))
AS_OF = date(2023, 11, 30)
STONE, YING = (name for name, _, _ in ground.STATIONS)
PRIMARY, JUNIOR, KINDERGARTEN = (name for name, _, _, _ in ground.SCHOOLS)
BUREAU, EDUCATION, WOMEN = (name for name, _ in ground.AGENCIES)

_Rows = list[dict[str, Any]]


def _call(number: str, at: datetime, station: str, nature: str, role: str, age: int | None) -> dict[str, Any]:
    place = "兴港镇辖区" if station == STONE else "营盘镇辖区"
    return {
        "call_number": number, "received_at": at, "station": station, "nature": nature, "minor_role": role,
        "minor_age": age, "place": place,
    }  # fmt: skip


CALLS: _Rows = [
    _call("J1", datetime(2022, 3, 5, 9, 0), STONE, "security", "actor", 12),
    _call("J2", datetime(2022, 6, 30, 23, 59), YING, "security", "victim", 9),
    _call("J3", datetime(2022, 12, 20, 8, 0), STONE, "security", "actor", 15),  # after the window of 2022
    _call("J4", datetime(2023, 1, 1, 0, 0), STONE, "security", "actor", 13),
    _call("J5", datetime(2023, 4, 2, 1, 0), YING, "criminal", "actor", 14),  # 14 is not below
    _call("J6", datetime(2023, 4, 2, 2, 0), YING, "criminal", "actor", 13),
    _call("J7", datetime(2023, 5, 2, 2, 0), YING, "security", "actor", None),  # age unknown
    _call("J8", datetime(2023, 6, 2, 2, 0), STONE, "assistance", "actor", 6),  # neither nature
    _call("J9", datetime(2023, 11, 30, 23, 59), STONE, "security", "victim", 10),  # the as-of day itself
    _call("J10", datetime(2023, 12, 1, 0, 0), STONE, "criminal", "victim", 10),  # after it
]
MEETINGS: _Rows = [
    {"number": "LX1", "held_on": date(2023, 2, 1), "title": "第一次联席会议", "host": BUREAU},
    {"number": "LX2", "held_on": date(2023, 12, 5), "title": "第二次联席会议", "host": EDUCATION},
]


def _resolution(number: str, due: date | None, state: str, done: date | None, **more: Any) -> dict[str, Any]:
    return {
        "meeting_number": "LX1", "number": number, "content": f"事项{number}", "lead_agency": EDUCATION,
        "due_on": due, "state": state, "done_on": done, **more,
    }  # fmt: skip


RESOLUTIONS: _Rows = [
    _resolution("JY1", date(2023, 3, 1), "done", date(2023, 2, 20)),
    _resolution(
        "JY2", date(2023, 3, 1), "done", date(2023, 12, 10)
    ),  # done after the as-of day: overdue then
    _resolution("JY3", date(2023, 11, 30), "open", None),  # due on the as-of day: in time
    _resolution("JY4", date(2023, 11, 29), "overdue", None),
    _resolution("JY5", date(2023, 1, 1), "withdrawn", None),
    _resolution("JY6", date(2023, 3, 1), "done", None),  # done, nobody knows when
    _resolution("JY7", date(2023, 7, 1), "open", None, meeting_number=""),  # of no meeting: by its deadline
]


def _assignment(number: str, agency: str, *steps: date | None) -> dict[str, Any]:
    names = ("deployed_on", "implemented_on", "tracked_on", "appraised_on")
    return {
        "directive_number": number, "directive_title": f"专项{number}", "agency": agency,
        **dict(zip(names, steps, strict=True)),
    }  # fmt: skip


def _april(day: int) -> date:
    return date(2023, 4, day)


ASSIGNMENTS: _Rows = [
    _assignment("ZX1", STONE, _april(1), _april(2), _april(3), _april(4)),
    _assignment("ZX1", YING, _april(1), _april(2), None, None),
    _assignment("ZX2", YING, _april(1), _april(2), _april(3), date(2023, 12, 2)),  # appraised too late
    _assignment("ZX3", YING, date(2023, 12, 2), None, None, None),  # deployed after the as-of day
]


def _lecture(day: date, school: str, hours: float, attendance: int | None) -> dict[str, Any]:
    return {
        "held_on": day, "school": school, "topic": "防欺凌", "agency": STONE, "lecturer": f"讲师{day:%m%d}",
        "lesson_hours": hours, "attendance": attendance,
    }  # fmt: skip


LECTURES: _Rows = [
    _lecture(date(2023, 3, 1), PRIMARY, 2, 100),
    _lecture(date(2023, 4, 1), PRIMARY, 1.5, 60),
    _lecture(date(2023, 12, 1), PRIMARY, 1, 50),  # would make 4.5 hours, but after the as-of day
    _lecture(date(2023, 5, 1), JUNIOR, 4, None),
]


def _hazard(
    number: str, school: str, found: date, rectified: date | None, state: str | None
) -> dict[str, Any]:
    return {
        "number": number, "found_on": found, "school": school, "category": "technical",
        "description": "探头失灵", "rectified_on": rectified, "reinspection": state,
    }  # fmt: skip


HAZARDS: _Rows = [
    _hazard("YH1", PRIMARY, date(2023, 3, 1), date(2023, 3, 5), "passed"),
    _hazard("YH2", PRIMARY, date(2023, 3, 1), date(2023, 12, 5), "passed"),  # re-inspected later: open then
    _hazard("YH3", JUNIOR, date(2023, 3, 1), date(2023, 3, 5), None),  # rectified, never re-inspected
    _hazard("YH4", JUNIOR, date(2023, 12, 1), None, None),  # found after the as-of day
]
EQUIPMENT: _Rows = [
    {"school": PRIMARY, "item": "防暴盾牌", "required": 2, "present": 2, "sound": 1},
    {"school": JUNIOR, "item": "防暴盾牌", "required": 2, "present": 2, "sound": 2},
]


def _drill(school: str, day: date, *seconds: int | None) -> dict[str, Any]:
    trigger = datetime(day.year, day.month, day.day, 10, 0)
    names = ("first_person_at", "unit_assembled_at", "police_arrived_at")
    came = {
        n: None if s is None else trigger + timedelta(seconds=s) for n, s in zip(names, seconds, strict=True)
    }
    return {"school": school, "triggered_at": trigger, **came}


DRILLS: _Rows = [
    _drill(PRIMARY, date(2023, 3, 1), 60, 180, 300),  # the limits are in time
    _drill(PRIMARY, date(2023, 4, 1), 61, 180, 300),
    _drill(JUNIOR, date(2023, 5, 1), 30, 90, None),
    _drill(JUNIOR, date(2023, 12, 1), 30, 90, 200),  # after the as-of day
]
POSTS: _Rows = [
    {
        "school": PRIMARY,
        "point": "校门",
        "slot": (time(7, 10), time(7, 50)),
        "traffic_control": "临时管制15分钟",
    },
    {"school": JUNIOR, "point": "校门", "slot": (time(7, 10), time(7, 50)), "traffic_control": "无"},
]
CONCERNS: _Rows = [
    {"received_on": date(2023, 5, 1), "school": PRIMARY, "content": "放学拥堵"},
    {"received_on": date(2023, 12, 1), "school": JUNIOR, "content": "摊贩占道"},
]
CLUES: _Rows = [
    {"number": f"XS{n}", "received_on": date(2023, n, 1), "school": PRIMARY, "content": "夜不归宿"}
    for n in range(8, 13)
]


def _case(
    number: str, opened: date, outcome: str | None, outcome_on: date | None, visits: int
) -> dict[str, Any]:
    return {
        "number": number, "name": f"某{number}", "school": PRIMARY, "opened_on": opened, "station": STONE,
        "outcome": outcome, "outcome_on": outcome_on, "visits": visits,
    }  # fmt: skip


CASES: _Rows = [
    _case(
        "GA1", date(2022, 11, 1), "back_to_school", date(2023, 5, 1), 3
    ),  # opened the year before, still running
    _case("GA2", date(2023, 2, 1), "back_to_school", date(2023, 12, 10), 2),  # back after the as-of day
    _case("GA3", date(2023, 2, 1), "back_to_family", date(2023, 5, 1), 4),
    _case("GA4", date(2023, 12, 1), None, None, 5),  # opened after the as-of day
    _case("GA5", date(2022, 10, 1), "back_to_school", date(2022, 12, 1), 1),  # back before the period
    _case("GA6", date(2023, 3, 1), None, None, 0),
]

# Counted by hand from the rows above, for 2023 as of 30 November.
EXPECTED: dict[str, Any] = {
    "criminal_calls": 2,  # J5 J6
    "criminal_call_zero_months": 7,  # November back to May; April had J5
    "security_calls": 3,  # J4 J7 J9
    "security_calls_yoy_percent": 50.0,  # 2 (J1 J2; J3 is after 30 November 2022) -> 3
    "actors_under_14": 2,  # J4 J6
    "joint_meetings": 1,  # LX1
    "resolutions": 7,  # all: six of LX1, JY7 by its deadline
    "resolutions_done": 2,  # JY1 JY6
    "resolutions_overdue": 3,  # JY2 JY4 JY7
    "directives": 2,  # ZX1 ZX2
    "directive_assignments": 3,
    "directive_assignments_complete": 1,
    "lectures": 3,
    "lecture_attendance": 160,
    "schools_below_four_hours": 2,  # the primary school has 3.5, the kindergarten none
    "hazards": 3,
    "hazards_open": 2,  # YH2 YH3
    "equipment_lines_short": 1,
    "drills": 3,
    "drills_meeting_1_3_5": 1,
    "guard_posts": 2,
    "guard_posts_with_traffic_control": 1,
    "parent_concerns": 1,
    "clues": 4,  # August to November
    "cases_tracked": 5,  # all but GA4; none is closed
    "cases_back_to_school": 1,  # GA1
    "cases_back_to_family": 1,  # GA3
    "visits": 10,  # 3 + 2 + 4 + 1 + 0
}

_TAKE_IN = (
    (prevention.take_in_police_calls, CALLS),
    (governance.take_in_joint_meetings, MEETINGS),
    (governance.take_in_resolutions, RESOLUTIONS),
    (governance.take_in_directive_assignments, ASSIGNMENTS),
    (outreach.take_in_lectures, LECTURES),
    (campus.take_in_hazards, HAZARDS),
    (campus.take_in_equipment, EQUIPMENT),
    (campus.take_in_drills, DRILLS),
    (campus.take_in_guard_posts, POSTS),
    (campus.take_in_parent_concerns, CONCERNS),
    (prevention.take_in_clues, CLUES),
    (prevention.take_in_cases, CASES),
)


def take_in() -> None:
    """Found the district and take the year in."""
    ground.found()
    for take, rows in _TAKE_IN:
        landed = take(ground.rows(*rows), by=ground.OPERATOR, at=ground.AT)
        assert all(one.outcome == "added" for one in landed), landed
