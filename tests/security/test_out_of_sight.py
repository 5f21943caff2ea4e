"""Records out of sight: their numbers are not taken, their children not linked, their schools not chosen."""

from __future__ import annotations

from typing import Any

import pytest

from hulei.access.terms import Role
from hulei.common import walls
from hulei.insight.tests import small_year
from hulei.web.catalogue import pages
from tests import ground
from tests.stage import HIDDEN, Stage, text

pytestmark = pytest.mark.django_db
R = Role


def _first_out_of_sight(stage: Stage, kind: str, role: Role) -> Any:
    page = pages()[kind]
    with walls.entered(stage.viewers[role]):
        seen = set(page.rows(stage.viewers[role]).values_list("pk", flat=True))
    with walls.entered(ground.OPERATOR):
        return page.rows(ground.OPERATOR).exclude(pk__in=seen).first()


def _values(kind: str, number: str) -> dict[str, Any]:
    station, school = ground.agency(small_year.STONE).pk, ground.school(small_year.PRIMARY).pk
    return {
        "prevention.police_call": {
            "number": number, "received_at": "2023-12-01T10:00", "nature": "security", "station": station,
        },
        "prevention.clue": {
            "number": number, "received_on": "2023-12-01", "content": "逃学", "state": "received",
            "school": school,
        },
        "prevention.case": {
            "number": number, "subject_name": "甲", "opened_on": "2023-12-01", "station": station,
        },
        "campus.hazard": {
            "number": number, "school": school, "found_on": "2023-12-01", "description": "栏杆松动",
        },
    }[kind]  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "role"),
    [
        ("prevention.police_call", R.STATION_OFFICER),
        ("prevention.clue", R.STATION_OFFICER),
        ("campus.hazard", R.SCHOOL_SAFETY),
    ],
)
def test_a_number_that_a_record_out_of_sight_holds_is_refused_at_its_field(
    stage: Stage, kind: str, role: Role
) -> None:
    number = _first_out_of_sight(stage, kind, role).number
    client, base = stage.browser(role), f"/{kind.replace('.', '/')}/"
    answer = client.post(f"{base}add", _values(kind, number))
    assert "已登记的记录重复" in text(answer, 422)
    rest = client.post(f"/api/v1{base}", {"values": _values(kind, number)}, "application/json")
    assert rest.status_code == 422
    assert list(rest.json()["fields"]) == ["number"]
    assert client.post(f"{base}add", _values(kind, "新编号1")).status_code == 302


def test_a_form_takes_neither_scope_nor_keys_that_it_does_not_show(stage: Stage) -> None:
    values = _values("campus.hazard", "YH-900") | {
        "district_code": "450502", "school_code": "elsewhere", "station_code": "", "id": 1, "version": 77,
        "hand_edited": False, "source_id": 5, "created_at": "2001-01-01",
    }  # fmt: skip
    client = stage.browser(R.SCHOOL_SAFETY)
    pk = client.post("/api/v1/campus/hazard/", {"values": values}, "application/json").json()["id"]
    with walls.entered(ground.OPERATOR):
        stored = pages()["campus.hazard"].rows(ground.OPERATOR).get(pk=pk)
    assert (stored.district_code, stored.school_code) == (
        ground.DISTRICT, ground.school(small_year.PRIMARY).code,
    )  # fmt: skip
    assert (stored.version, stored.hand_edited, stored.source_id) == (1, True, None)
    assert pk != 1 and stored.created_at.year > 2001


def test_a_school_chooses_no_other_school(stage: Stage) -> None:
    values = _values("campus.hazard", "YH-901") | {"school": ground.school(small_year.JUNIOR).pk}
    client = stage.browser(R.SCHOOL_SAFETY)
    assert client.post("/campus/hazard/add", values).status_code == 422
    answer = client.post("/api/v1/campus/hazard/", {"values": values}, "application/json")
    assert list(answer.json()["fields"]) == ["school"]


def test_a_case_is_linked_to_no_dossier_out_of_sight(stage: Stage) -> None:
    """A number out of sight and one that never was get the same answer, to the letter."""
    elsewhere = _first_out_of_sight(stage, "prevention.dossier", R.STATION_OFFICER)
    client = stage.browser(R.STATION_OFFICER)
    answers = [
        client.post(
            "/api/v1/prevention/case/",
            {"values": _values("prevention.case", "GA-901") | {"dossier": number}},
            "application/json",
        )
        for number in (elsewhere.number, "D450512-ZZZZZZZZ")
    ]
    assert {(a.status_code, a.content) for a in answers} == {(422, answers[0].content)}


def test_a_visit_names_no_case_out_of_sight(stage: Stage) -> None:
    with walls.entered(ground.OPERATOR):
        case = pages()["prevention.case"].rows(ground.OPERATOR).filter(subject_name=HIDDEN).get()
    values = {"case": case.pk, "visited_on": "2023-12-01", "visitor": "社工", "summary": "已到访"}
    for pk in (case.pk, 99999999):
        answer = stage.browser(R.SOCIAL_WORKER).post("/prevention/visit/add", {**values, "case": pk})
        assert answer.status_code == 422


@pytest.mark.parametrize("day", ["2023-12-30", "2030-01-01", "2001-01-01"])
def test_gear_with_any_day_of_expiry_is_listed_over_rest(stage: Stage, day: str) -> None:
    values = {"school": ground.school(small_year.PRIMARY).pk, "item": "盾牌", "required": 1, "sound": 1}
    client = stage.browser(R.SCHOOL_SAFETY)
    answer = client.post(
        "/api/v1/campus/equipment/", {"values": {**values, "expires_on": day}}, "application/json"
    )
    assert answer.status_code == 201, answer.content
    assert day in text(client.get("/api/v1/campus/equipment/"))
