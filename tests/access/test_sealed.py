"""A child whom only the police know leaves no trace with anybody else, wherever they look."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from typing import Any

import pytest
from openpyxl import load_workbook

from hulei.access.terms import Role
from hulei.common import walls
from hulei.common.landing import LedgerRow
from hulei.insight.tests import small_year
from hulei.prevention import actions as prevention
from hulei.prevention.tests import children
from hulei.web.catalogue import pages
from tests import ground
from tests.access.test_rows import assert_absent
from tests.stage import ELSEWHERE, HIDDEN, HIDDEN_GUARDIAN, HIDDEN_ID, KNOWN, Stage, text

pytestmark = pytest.mark.django_db
R = Role
PARTNERS = (
    R.EDUCATION_OFFICER, R.CIVIL_AFFAIRS_OFFICER, R.SCHOOL_SAFETY, R.LEGAL_VICE_PRINCIPAL,
    R.CHILD_DIRECTOR, R.GRID_WORKER, R.SOCIAL_WORKER, R.SYSTEM_ADMIN, R.SECURITY_ADMIN,
)  # fmt: skip
# Whatever would tell of the child: the name in every form, the guardian, the id, the document.
TRACES = (
    HIDDEN,
    "shanxiongxin",
    HIDDEN_GUARDIAN,
    HIDDEN_ID,
    HIDDEN_ID[-6:],
    "另一文书",
    "19900000002",
    "GA20239",
)
WORDS = (HIDDEN, "雄信", "shanxiong", HIDDEN_ID[-4:], HIDDEN_ID, "GA20239")


def open_kinds(stage: Stage, role: Role) -> list[str]:
    return [kind for kind in pages() if stage.viewers[role].may(f"{kind}.read")]


def clean(body: str) -> None:
    assert not [trace for trace in TRACES if trace in body]


@pytest.mark.parametrize("role", PARTNERS, ids=str)
def test_no_page_sheet_or_resource_names_the_child(stage: Stage, role: Role) -> None:
    client = stage.browser(role)
    for kind in open_kinds(stage, role):
        base = f"/{kind.replace('.', '/')}/"
        for address in (base, f"/api/v1{base}?limit=200"):
            answer = client.get(address)
            clean(text(answer))
        for item in answer.json()["items"]:
            clean(text(client.get(f"{base}{item['id']}/")))
        if stage.viewers[role].may(f"{kind}.export"):
            book = load_workbook(io.BytesIO(client.get(f"{base}export").content))
            clean(json.dumps([list(map(str, row)) for row in book.active.values], ensure_ascii=False))
    for address in ("/", "/figures/", "/search?q=a"):
        answer = client.get(address, follow=True)
        clean(answer.content.decode())


@pytest.mark.parametrize("role", PARTNERS, ids=str)
def test_no_search_finds_the_child(stage: Stage, role: Role) -> None:
    client = stage.browser(role)
    for words in WORDS:
        body = text(client.get("/search", {"q": words}))
        assert "没有找到" in body, words
        for kind in open_kinds(stage, role):
            if not pages()[kind].search:
                continue
            base = f"/{kind.replace('.', '/')}/"
            assert client.get(f"/api/v1{base}", {"q": words}).json()["total"] == 0, (kind, words)


def test_the_police_do_find_the_child(stage: Stage) -> None:
    """Or the tests above would prove nothing."""
    for role in (R.STATION_OFFICER, R.BUREAU_LEADER, R.PROSECUTOR):
        for words in ("雄信", "sxx", HIDDEN_ID[-4:]):
            assert HIDDEN in text(stage.browser(role).get("/search", {"q": words}))


def test_initials_find_the_child_for_the_police_alone(stage: Stage) -> None:
    for role in (*PARTNERS, R.STATION_OFFICER):
        for kind in ("people.minor", "prevention.dossier", "prevention.register_entry"):
            if stage.viewers[role].may(f"{kind}.read"):
                found = stage.browser(role).get(f"/api/v1/{kind.replace('.', '/')}/", {"q": "sxx"}).json()
                assert found["total"] == (role is R.STATION_OFFICER), (role, kind)


@pytest.mark.parametrize("role", PARTNERS, ids=str)
def test_every_address_about_the_child_answers_as_for_nobody(stage: Stage, role: Role) -> None:
    client = stage.browser(role)
    minor = stage.minors[HIDDEN]
    with walls.entered(ground.OPERATOR):
        about = {
            kind: [r.pk for r in page.rows(ground.OPERATOR) if page.subject(r) == minor]
            for kind, page in pages().items()
            if page.subject
        }
    assert {kind for kind, ids in about.items() if ids} >= {
        "people.minor", "prevention.dossier", "prevention.register_entry", "prevention.case",
        "prevention.visit",
    }  # fmt: skip
    for kind, ids in about.items():
        base = f"/{kind.replace('.', '/')}/"
        for pk in ids:
            for address in (f"{base}{pk}/", f"{base}{pk}/edit", f"/api/v1{base}{pk}"):
                assert_absent(client, address, str(pk))
    for pk in (minor, 99999999):
        answer = client.post(f"/people/minor/{pk}/contact", {"reason": "看看"})
        assert answer.status_code == (404 if role is R.CIVIL_AFFAIRS_OFFICER else 403)


@pytest.mark.parametrize("role", PARTNERS, ids=str)
def test_no_list_to_choose_from_offers_the_child(stage: Stage, role: Role) -> None:
    """Filters of lists and choices of forms."""
    client = stage.browser(role)
    for kind in open_kinds(stage, role):
        base = f"/{kind.replace('.', '/')}/"
        for verb, address in (("add", f"{base}add"), ("read", f"{base}?q=x")):
            if stage.viewers[role].may(f"{kind}.{verb}") and pages()[kind].form:
                clean(text(client.get(address)))


@pytest.mark.parametrize("role", PARTNERS, ids=str)
def test_a_known_childs_pages_are_the_same_with_and_without_police_facts(stage: Stage, role: Role) -> None:
    """To the letter: no version, time, count or section may differ."""
    before = pictures(stage, role)
    known = children.police(national_id=children.national_id(1), document_number="新文书")
    elsewhere = children.police(
        name=ELSEWHERE, national_id=children.national_id(3), school=small_year.JUNIOR,
        address=children.OTHER_HOME, guardian="韦母", guardian_phone="19900000003",
    )  # fmt: skip
    rows = [LedgerRow(n, one, source_id=76 + n) for n, one in enumerate((known, elsewhere), start=1)]
    with walls.entered(ground.OPERATOR):
        landed = prevention.take_in_register_police(rows, by=ground.OPERATOR, at=ground.AT.replace(hour=5))
    assert {one.outcome for one in landed} == {"added"}
    assert pictures(stage, role) == before


def pictures(stage: Stage, role: Role) -> dict[str, Any]:
    """All that a role sees of the known child: pages and REST."""
    client, found = stage.browser(role), {}
    kinds = [
        k
        for k in ("people.minor", "prevention.dossier", "prevention.register_entry")
        if stage.viewers[role].may(f"{k}.read")
    ]
    for kind in kinds:
        base = f"/{kind.replace('.', '/')}/"
        found[base] = text(client.get(f"/api/v1{base}?limit=200"))
        for item in json.loads(found[base])["items"]:
            for address in (f"/api/v1{base}{item['id']}", f"{base}{item['id']}/"):
                body = text(client.get(address))
                found[address] = body.split("<main", 1)[-1]
    return {address: without_tokens(body) for address, body in found.items()}


def without_tokens(body: str) -> str:
    import re

    return re.sub(r'name="csrfmiddlewaretoken" value="[^"]*"', "", body)


def test_the_hidden_child_is_on_stage(stage: Stage) -> None:
    viewer = replace(stage.viewers[R.BUREAU_OFFICE])
    assert viewer.may("people.minor.read")
    assert {KNOWN, HIDDEN} <= set(stage.minors)
