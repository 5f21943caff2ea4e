"""REST as its description has it: no undeclared answer, no fault of ours, problems in one form."""

from __future__ import annotations

import json
from typing import Any

import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.core.transport import Response
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from hulei.access.terms import Role
from hulei.common import walls
from hulei.web.api import api
from hulei.web.catalogue import pages
from tests import ground
from tests.stage import SignedIn, Stage, text

pytestmark = pytest.mark.django_db
R = Role
READER = {"access": R.SECURITY_ADMIN, "audit": R.AUDITOR}
# One resource of each make; all are made by the same few functions.
READ = (
    "audit.entry", "access.grant", "places.school", "people.minor", "prevention.police_call",
    "campus.hazard", "outreach.coverage", "insight.metric",
)  # fmt: skip
WRITTEN = ("campus.hazard", "prevention.clue", "people.minor")
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]
# The same examples each time, and none kept on disk.
FEW = settings(
    max_examples=4,
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)


def description() -> dict[str, Any]:
    schema: dict[str, Any] = json.loads(json.dumps(api.get_openapi_schema(path_prefix="/api/v1/")))
    return schema


def send(client: SignedIn, case: Any) -> Response:
    """A generated request through the test's own browser, its answer as the checks read it."""
    asked = requests.Request(**case.as_transport_kwargs(base_url="http://testserver")).prepare()
    told = client.generic(
        asked.method, asked.path_url, asked.body or b"", content_type=asked.headers.get("Content-Type", "")
    )
    headers = {name: [value] for name, value in told.items()}
    return Response(told.status_code, headers, told.content, asked, elapsed=0, verify=False)


def attack(stage: Stage, operation_id: str, role: Role) -> None:
    """Ask as the description allows."""
    operation = schemathesis.openapi.from_dict(description()).find_operation_by_id(operation_id)
    client = stage.browser(role)

    @FEW
    @given(case=operation.as_strategy())
    def ask(case: Any) -> None:
        answer = send(client, case)
        case.validate_response(answer, checks=CHECKS)
        if answer.status_code >= 400:
            assert {"code", "title", "detail"} <= set(answer.json())

    ask()


@pytest.mark.parametrize("kind", READ)
@pytest.mark.parametrize("verb", ["list", "read"])
def test_reading(stage: Stage, kind: str, verb: str) -> None:
    attack(stage, f"{verb}_{kind}", READER.get(kind.split(".")[0], R.BUREAU_OFFICE))


@pytest.mark.parametrize("kind", WRITTEN)
@pytest.mark.parametrize("verb", ["add", "edit"])
def test_writing(stage: Stage, kind: str, verb: str) -> None:
    attack(stage, f"{verb}_{kind}", R.BUREAU_OFFICE)


def test_the_description_is_one(stage: Stage) -> None:
    told = json.loads(text(stage.browser(R.GRID_WORKER).get("/api/v1/openapi.json")))
    assert told["openapi"].startswith("3.1")
    kinds = {path.removeprefix("/api/v1/").strip("/").replace("/", ".") for path in told["paths"]}
    assert {kind for kind in pages() if kind in kinds} == set(pages())
    names = [one["operationId"] for path in told["paths"].values() for one in path.values()]
    assert len(names) == len(set(names))


def test_every_problem_has_the_one_form(stage: Stage) -> None:
    office, leader = stage.browser(R.BUREAU_OFFICE), stage.browser(R.BUREAU_LEADER)
    answers = {
        401: SignedIn().get("/api/v1/campus/hazard/"),
        403: leader.post("/api/v1/campus/hazard/", {"values": {}}, "application/json"),
        404: office.get("/api/v1/campus/hazard/99999999"),
        422: office.post("/api/v1/campus/hazard/", {"values": {"found_on": "x"}}, "application/json"),
    }
    for status, answer in answers.items():
        assert answer.status_code == status
        assert {"code", "title", "detail", "fields"} <= set(answer.json()), status
        assert answer.json()["code"] == status
    assert "found_on" in answers[422].json()["fields"]
    assert office.get("/api/v1/nothing/at-all/").json()["code"] == 404
    broken = office.post("/api/v1/campus/hazard/", "{", "application/json")
    assert broken.status_code in (400, 422) and broken.json()["code"] == broken.status_code


def test_a_change_names_the_version_it_was_made_from(stage: Stage) -> None:
    office = stage.browser(R.BUREAU_OFFICE)
    with walls.entered(ground.OPERATOR):
        pk = pages()["campus.hazard"].rows(ground.OPERATOR).get(number="YH1").pk
    address = f"/api/v1/campus/hazard/{pk}"
    version = office.get(address).json()["version"]
    change = {"values": {"note": "第一次"}, "version": version}
    first = office.patch(address, change, "application/json")
    assert first.status_code == 200 and first.json()["version"] == version + 1
    late = office.patch(address, change, "application/json")
    assert late.status_code == 409 and str(version + 1) in late.json()["detail"]
    assert office.patch(address, {"values": {"note": "x"}}, "application/json").status_code == 409
    kept = office.get(address).json()
    assert kept["found_on"] == "2023-03-01" and kept["number"] == "YH1", "what was not named stays"


def test_pages_of_a_list_follow_each_other(stage: Stage) -> None:
    office = stage.browser(R.BUREAU_OFFICE)
    seen: list[int] = []
    address = "/api/v1/prevention/police_call/?limit=3"
    cursor = ""
    while cursor is not None:
        page = office.get(f"{address}&cursor={cursor}").json()
        seen += [item["id"] for item in page["items"]]
        cursor = page["next"]
        assert len(page["items"]) <= 3
    assert len(seen) == len(set(seen)) == page["total"] == 10
