"""The leaders' page, a figure down to its rows, and the printed report, as different people see them."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.cache import cache
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext

from hulei.access import actions as access
from hulei.access.terms import Role
from hulei.audit import queries as audit
from hulei.campus import actions as campus
from hulei.common import walls
from hulei.insight.documents.work_report import read_figures
from hulei.insight.metrics import METRICS
from hulei.insight.tests import small_year
from hulei.insight.tests.small_year import EXPECTED
from hulei.web.figures import asking
from tests import ground

pytestmark = pytest.mark.django_db

ASKED = "from=2023-01-01&to=2023-12-31&as_of=2023-11-30"
SignIn = Callable[..., Client]


@pytest.fixture(autouse=True)
def district(db: None) -> None:
    cache.clear()
    small_year.take_in()


@pytest.fixture
def sign_in() -> SignIn:
    """Give somebody an account with one role and sign them in."""

    def enter(role: Role, scope: str = ground.DISTRICT) -> Client:
        at = datetime(2023, 1, 1, tzinfo=UTC)
        account = access.open_account(
            by=ground.OPERATOR, at=at, reason="", username=role.value, display_name="某人", password=None
        )
        access.grant_role(
            by=ground.OPERATOR, at=at, reason="", account=account, role=role, scope=scope, scope_name="某处",
            district=ground.DISTRICT,
        )  # fmt: skip
        client = Client()
        client.force_login(account, backend="django.contrib.auth.backends.ModelBackend")
        return client

    return enter


def text(response: HttpResponse, status: int = 200) -> str:
    body: str = response.content.decode()
    assert response.status_code == status, body[:2000]
    return body


def shown(body: str, metric_id: str) -> str:
    """The value that the leaders' page prints for a metric."""
    found = re.search(
        rf'href="/figures/{metric_id}/[^>]*>[^<]*</a>.*?<td class="num"><b>([^<]*)</b>', body, re.DOTALL
    )
    assert found, metric_id
    return found[1]


def test_the_leader_sees_the_figures_counted_by_hand(sign_in: SignIn) -> None:
    body = text(sign_in(Role.BUREAU_LEADER).get(f"/figures/?{ASKED}"))
    for metric_id, value in EXPECTED.items():
        printed = "50.00" if metric_id == "security_calls_yoy_percent" else f"{value:,}"
        assert shown(body, metric_id) == printed, metric_id
    assert body.count('class="spark-box"') == 8
    assert "report.docx?year=2023" in body
    charts = [
        json.loads(block)
        for block in re.findall(r'<script type="application/json"[^>]*>(.*?)</script>', body)
    ]
    assert [len(one["labels"]) for one in charts] == [12] * 4
    assert charts[0]["series"][0]["values"] == [1, 1, 0, 0, 0, 1, 0, 0, 0, 0, 0, 1]


@pytest.mark.parametrize("metric_id", list(METRICS))
def test_every_figure_opens_down_to_its_rows(sign_in: SignIn, metric_id: str) -> None:
    body = text(sign_in(Role.BUREAU_LEADER).get(f"/figures/{metric_id}/?{ASKED}"))
    assert METRICS[metric_id].definition.zh in body
    rows = {"security_calls_yoy_percent": 5, "lecture_attendance": 3, "visits": 5}.get(
        metric_id, EXPECTED[metric_id]
    )
    assert re.search(rf"<b>{rows}</b>\s*条，您可查看\s*<b>{rows}</b>", body)
    table = body[body.index("构成这个数的记录") :]
    assert table.count("<tr>") == rows + 1


def test_a_station_sees_the_same_number_and_its_own_rows(sign_in: SignIn) -> None:
    client = sign_in(Role.STATION_OFFICER, ground.agency(small_year.STONE).code)
    body = text(client.get(f"/figures/hazards_open/?{ASKED}"))
    assert re.search(r"<b>2</b>\s*条，您可查看\s*<b>1</b>", body)
    assert "YH2" in body and "YH3" not in body
    assert "report.docx" not in text(client.get(f"/figures/?{ASKED}"))
    assert client.get("/figures/report.docx?year=2023&as_of=2023-11-30").status_code == 403


def test_a_partner_sees_neither_police_calls_nor_small_numbers(sign_in: SignIn) -> None:
    client = sign_in(Role.EDUCATION_OFFICER)
    body = text(client.get(f"/figures/?{ASKED}"))
    assert "警情" not in body
    assert shown(body, "clues") == "&lt;5"
    assert client.get(f"/figures/security_calls/?{ASKED}").status_code == 404
    absent = client.get(f"/figures/no_such_figure/?{ASKED}")
    assert absent.content == client.get(f"/figures/no_such_figure/?{ASKED}").content
    clues = text(client.get(f"/figures/clues/?{ASKED}"))
    assert re.search(r"<b>&lt;5</b>\s*条，您可查看\s*<b>0</b>", clues)


def test_who_has_no_business_with_figures(sign_in: SignIn) -> None:
    assert sign_in(Role.SCHOOL_SAFETY, "x").get("/figures/").status_code == 403
    assert Client().get("/figures/").status_code == 302


@pytest.mark.parametrize(
    ("query", "start", "end", "as_of", "complaints"),
    [
        ({}, "2023-01-01", "2023-06-15", "2023-06-15", 0),
        ({"from": "2022-01-01", "to": "2022-12-31"}, "2022-01-01", "2022-12-31", "2022-12-31", 0),
        ({"from": "2023.1.1", "to": "2023/02/01"}, "2023-01-01", "2023-02-01", "2023-02-01", 1),
        ({"to": "2023-12-31"}, "2023-01-01", "2023-12-31", "2023-06-15", 0),  # nothing is known of tomorrow
        ({"as_of": "2022-03-01"}, "2022-01-01", "2022-03-01", "2022-03-01", 0),
        ({"as_of": "soon"}, "2023-01-01", "2023-06-15", "2023-06-15", 1),
        ({"from": "2023-05-01", "to": "2023-04-01"}, "2023-04-01", "2023-05-01", "2023-04-01", 1),
        ({"from": "0001-01-01", "to": "9999-12-31"}, "2023-01-01", "2023-06-15", "2023-06-15", 2),
    ],
)
def test_what_an_address_asks(
    query: dict[str, str], start: str, end: str, as_of: str, complaints: int
) -> None:
    asked = asking.read(query, date(2023, 6, 15))
    question = asked.question
    assert [str(day) for day in (question.period.start, question.period.end, question.as_of)] == [
        start,
        end,
        as_of,
    ]
    assert len(asked.complaints) == complaints


@pytest.mark.parametrize(
    "query",
    [
        "",
        "from=2023-12-31&to=2023-01-01",
        "as_of=yesterday",
        "from=2023-02-31",
        "area=",
        "cursor=%00x",
        "to=9999-12-31",
        "as_of=9999-12-31&to=9999-12-31",
        "from=0001-01-01&as_of=0001-01-01",
        "from=2025-01-01&to=2025-12-31&as_of=2024-06-01",
    ],
)
def test_odd_questions_are_answered(sign_in: SignIn, query: str) -> None:
    client = sign_in(Role.BUREAU_LEADER)
    text(client.get(f"/figures/?{query}"))
    text(client.get(f"/figures/resolutions/?{query}"))


def test_an_area_that_is_not_here(sign_in: SignIn) -> None:
    assert sign_in(Role.BUREAU_LEADER).get("/figures/?area=999999").status_code == 404


def test_the_report_is_printed_and_that_is_in_the_ledger(sign_in: SignIn) -> None:
    client = sign_in(Role.BUREAU_LEADER)
    response = client.get("/figures/report.docx?year=2023&as_of=2023-11-30")
    assert response.status_code == 200
    printed = {name: float(value) for name, value in read_figures(response.content).items() if value}
    assert printed == EXPECTED
    told = client.get("/figures/report.json?year=2023&as_of=2023-11-30").json()
    assert {one["id"]: float(one["value"]) for one in told["figures"]} == EXPECTED
    with walls.entered(ground.OPERATOR):
        assert audit.entries(ground.OPERATOR).filter(tag="insight.report.printed").count() == 2
    assert client.get("/figures/report.docx?year=2023&as_of=2022-11-30").status_code == 400
    assert client.get("/figures/report.docx?year=abc").status_code == 400


def test_the_number_of_statements_does_not_grow_with_the_rows(sign_in: SignIn) -> None:
    client = sign_in(Role.BUREAU_LEADER)

    def statements(address: str) -> int:
        with CaptureQueriesContext(connection) as caught:
            text(client.get(address))
        return len(caught)

    pages = (f"/figures/?{ASKED}", f"/figures/hazards/?{ASKED}")
    for page in pages:
        statements(page)  # the session is written once
    before = [statements(page) for page in pages]
    start = small_year.YEAR.start
    more = [
        small_year._hazard(f"ZZ{n}", small_year.PRIMARY, start + timedelta(days=n), None, None)
        for n in range(45)
    ]
    campus.take_in_hazards(ground.rows(*more), by=ground.OPERATOR, at=ground.AT)
    assert [statements(page) for page in pages] == before
    assert before[0] < 120


def test_the_same_by_rest(sign_in: SignIn) -> None:
    client = sign_in(Role.BUREAU_LEADER)
    told = client.get(f"/api/v1/insight/metric/?{ASKED}").json()["items"]
    assert {one["id"]: one["value"] for one in told} == EXPECTED
    one = client.get(
        f"/api/v1/insight/metric/hazards_open?{ASKED}&area={ground.school(small_year.PRIMARY).code}"
    ).json()
    assert (one["value"], one["denominator"], one["hidden"]) == (1, 2, False)
    for address, status in (
        (f"/api/v1/insight/metric/none?{ASKED}", 404),
        (f"/api/v1/insight/metric/?{ASKED}&area=999999", 404),
        ("/api/v1/insight/metric/?from=2023-02-01&to=2023-01-01", 422),
        ("/api/v1/insight/metric/?from=2023-02-01", 422),
        ("/api/v1/insight/metric/?from=2023-02-01&to=9999-12-31", 422),
    ):
        assert client.get(address).status_code == status, address


def test_the_hours_shown_are_those_of_the_period(sign_in: SignIn) -> None:
    client = sign_in(Role.BUREAU_LEADER)
    body = text(
        client.get("/figures/schools_below_four_hours/?from=2023-04-01&to=2023-04-30&as_of=2023-11-30")
    )
    assert "1.5 / 4 课时" in body
    assert body.count(" / 4 课时") == 3


def test_a_partner_by_rest(sign_in: SignIn) -> None:
    told = sign_in(Role.CIVIL_AFFAIRS_OFFICER).get(f"/api/v1/insight/metric/?{ASKED}").json()["items"]
    clues = next(one for one in told if one["id"] == "clues")
    assert (clues["value"], clues["rows"], clues["hidden"]) == (None, None, True)
    assert "security_calls" not in {one["id"] for one in told}


def test_in_english(sign_in: SignIn) -> None:
    client = sign_in(Role.BUREAU_LEADER)
    client.cookies["hulei_language"] = "en"
    body = text(client.get(f"/figures/security_calls/?{ASKED}"))
    assert METRICS["security_calls"].definition.en in body
