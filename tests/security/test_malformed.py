"""What nobody could have typed: refused with a page that says so, never with a fault of ours."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest

from hulei.access.terms import Role
from tests.stage import KNOWN, SignedIn, Stage

pytestmark = pytest.mark.django_db


def _cursor(*values: Any) -> str:
    return base64.urlsafe_b64encode(json.dumps([False, list(values)]).encode()).decode().rstrip("=")


ADDRESSES = (
    "/search?q=%00",
    "/people/minor/?q=%00",
    "/people/minor/?school=%00",
    "/people/minor/?birth_date_from=0001-01-01&birth_date_to=9999-12-31",
    f"/people/minor/?cursor={_cursor(None, None)}",
    f"/people/minor/?cursor={_cursor(chr(0), 1)}",
    f"/people/minor/?cursor={_cursor(chr(0xD800), 1)}",
    f"/people/minor/?cursor={_cursor('a', 10**40)}",
    f"/people/minor/?cursor={_cursor({'a': 1}, [])}",
    "/people/minor/?" + "&".join(f"a{n}=1" for n in range(2000)),
    "/people/minor/?q=" + "长" * 20_000,
    "/people/minor/0/",
    "/people/minor/0/edit",
    "/people/minor/99999999999999999999999999/",
    "/figures/?area=%00",
    "/figures/lectures/?area=%00&cursor=%00",
    "/figures/report.docx?year=2023&as_of=9999-12-31",
    "/figures/report.docx?year=99999&as_of=2023-12-29",
    "/intake/empty/no-such-ledger.xlsx",
    "/api/v1/people/minor/?q=%00",
    "/api/v1/people/minor/99999999999999999999999999",
    "/campus/hazard/export?q=%00",
    "/campus/hazard/export?nothing=%00",
)


@pytest.mark.parametrize("address", ADDRESSES, ids=lambda a: a[:48])
def test_no_address_breaks_the_server(stage: Stage, address: str) -> None:
    answer = stage.browser(Role.BUREAU_OFFICE).get(address)
    assert answer.status_code in (200, 400, 404), answer.status_code
    assert answer.content


def test_number_nought_opens_no_empty_form(stage: Stage) -> None:
    assert stage.browser(Role.BUREAU_OFFICE).get("/people/minor/0/edit").status_code == 404


@pytest.mark.parametrize("name", ["\x00", "x" * 10_000, "甲\x00乙"])
def test_no_name_breaks_the_door(stage: Stage, name: str) -> None:
    answer = SignedIn().post("/sign-in", {"username": name, "password": "x"})
    assert answer.status_code in (400, 401)


@pytest.mark.parametrize(
    "body",
    [
        '{"values": {"name": "a\\u0000b"}}',
        '{"values": {"name": "\\ud800"}}',
        '{"values": {"name": ["a"], "birth_date": 5, "school": true}}',
        '{"values": ' + "[" * 5000 + "]" * 5000 + "}",
        '{"values": {"name": "' + "a" * 6_000_000 + '"}}',
        '{"values": {}, "version": 1e400}',
        "\x00",
        "",
    ],
    ids=lambda b: repr(b[:30]),
)
def test_no_body_breaks_rest(stage: Stage, body: str) -> None:
    answer = stage.browser(Role.BUREAU_OFFICE).post("/api/v1/people/minor/", body, "application/json")
    assert answer.status_code in (400, 413, 422), answer.status_code


@pytest.mark.parametrize("version", ["²", "9" * 5000, "-1", "1.0", "\x00"])
def test_no_version_breaks_a_form(stage: Stage, version: str) -> None:
    client = stage.browser(Role.BUREAU_OFFICE)
    answer = client.post(f"/people/minor/{stage.minors[KNOWN]}/edit", {"version": version, "name": "莫建子"})
    assert answer.status_code == 409


def test_a_reason_with_a_nul_opens_nothing(stage: Stage) -> None:
    client = stage.browser(Role.BUREAU_OFFICE)
    answer = client.post(f"/people/minor/{stage.minors[KNOWN]}/contact", {"reason": "\x00"})
    assert answer.status_code == 400
    assert "199" not in answer.content.decode()
