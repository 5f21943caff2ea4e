"""Every look at a child, and everything else that must be remembered, is in the ledger."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from hulei.access.terms import Role
from hulei.audit import queries as audit
from hulei.common import walls
from hulei.common.landing import LedgerRow
from hulei.people import queries as people
from hulei.prevention import actions as prevention
from hulei.prevention.tests import children
from tests import ground
from tests.stage import KNOWN, PASSWORD, SignedIn, Stage, account, text

pytestmark = pytest.mark.django_db
R = Role


def entries(after: int = 0) -> list[Any]:
    with walls.entered(ground.OPERATOR):
        return list(audit.entries(ground.OPERATOR).filter(seq__gt=after).order_by("seq"))


def now() -> int:
    return max((e.seq for e in entries()), default=0)


def ids(stage: Stage, kind: str) -> list[int]:
    from hulei.web.catalogue import pages

    with walls.entered(ground.OPERATOR):
        rows = pages()[kind].rows(ground.OPERATOR)
        subject = pages()[kind].subject
        return [r.pk for r in rows if subject and subject(r) == stage.minors[KNOWN]]


@pytest.mark.parametrize("kind", ["people.minor", "prevention.dossier", "prevention.register_entry"])
def test_each_way_of_looking_at_a_child_is_remembered(stage: Stage, kind: str) -> None:
    client, child = stage.browser(R.STATION_OFFICER), stage.minors[KNOWN]
    base = f"/{kind.replace('.', '/')}/"
    pk = ids(stage, kind)[0]
    for address, tag in (
        (base, "listed"),
        (f"{base}?q={KNOWN}", "listed"),
        (f"{base}{pk}/", "read"),
        (f"/api/v1{base}?limit=200", "listed"),
        (f"/api/v1{base}{pk}", "read"),
        (f"/search?q={KNOWN}", "listed"),
    ):
        before = now()
        text(client.get(address))
        told = [e for e in entries(before) if e.tag == f"{kind}.{tag}"]
        assert len(told) == 1, (address, [e.tag for e in entries(before)])
        assert child in told[0].subjects, address
        assert told[0].role == "station_officer"
        assert told[0].actor_id == stage.accounts[R.STATION_OFFICER].pk


def test_only_the_children_on_the_page_are_told_of(stage: Stage) -> None:
    before = now()
    text(stage.browser(R.SCHOOL_SAFETY).get("/people/minor/"))
    told = [e for e in entries(before) if e.tag == "people.minor.listed"]
    assert [e.subjects for e in told] == [[stage.minors[KNOWN]]]


def test_a_sister_on_the_page_is_looked_at_too(stage: Stage) -> None:
    sister = {"name": "莫小妹", "birth_date": date(2014, 1, 1)}
    sister["national_id"] = children.national_id(9, date(2014, 1, 1))
    row = LedgerRow(1, children.education(**sister), source_id=99)
    with walls.entered(ground.OPERATOR):
        prevention.take_in_register_education([row], by=ground.OPERATOR, at=ground.AT)
        pk = people.minors(ground.OPERATOR).get(name="莫小妹").pk
    before = now()
    body = text(stage.browser(R.SCHOOL_SAFETY).get(f"/people/minor/{stage.minors[KNOWN]}/"))
    assert "莫小妹" in body
    assert [e.subjects for e in entries(before) if e.tag == "people.minor.listed"] == [[pk]]


def test_opening_an_edit_form_is_a_look(stage: Stage) -> None:
    before = now()
    text(stage.browser(R.BUREAU_OFFICE).get(f"/people/minor/{stage.minors[KNOWN]}/edit"))
    told = [e for e in entries(before) if stage.minors[KNOWN] in e.subjects]
    assert [e.tag for e in told] == ["people.minor.read"]


def test_contact_data_are_opened_with_a_reason_alone(stage: Stage) -> None:
    client, child = stage.browser(R.STATION_OFFICER), stage.minors[KNOWN]
    page = text(client.get(f"/people/minor/{child}/"))
    assert "19929169316" not in page and "粟山村31号" not in page
    before = now()
    refused = client.post(f"/people/minor/{child}/contact", {"reason": "  "})
    assert "请填写" in text(refused, 422)
    assert not [e for e in entries(before) if e.tag == "people.contact.revealed"]
    opened = client.post(f"/people/minor/{child}/contact", {"reason": "家访前核对"})
    body = text(opened)
    assert "19929169316" in body and "粟山村31号" in body
    assert "no-store" in opened["Cache-Control"]
    (told,) = [e for e in entries(before) if e.tag == "people.contact.revealed"]
    assert told.subjects == [child] and "家访前核对" in told.payload
    assert "19929169316" not in told.payload


@pytest.mark.parametrize("role", [R.SCHOOL_SAFETY, R.GRID_WORKER, R.BUREAU_LEADER], ids=str)
def test_who_may_not_open_contact_data_is_not_offered_it(stage: Stage, role: Role) -> None:
    child = stage.minors[KNOWN]
    assert "/contact" not in text(stage.browser(role).get(f"/people/minor/{child}/"))
    assert stage.browser(role).post(f"/people/minor/{child}/contact", {"reason": "x"}).status_code == 403


def test_sheets_that_leave_are_remembered_with_what_was_asked(stage: Stage) -> None:
    before = now()
    answer = stage.browser(R.SCHOOL_SAFETY).get("/campus/hazard/export?category=technical")
    assert answer.status_code == 200
    (told,) = [e for e in entries(before) if e.tag == "campus.hazard.exported"]
    assert '"rows":2' in told.payload.replace(" ", "") and "technical" in told.payload


def test_a_change_is_remembered_with_what_it_changed(stage: Stage) -> None:
    client = stage.browser(R.STATION_OFFICER)
    with walls.entered(ground.OPERATOR):
        from hulei.campus import queries as campus

        hazard = campus.hazards(ground.OPERATOR).get(number="YH1")
    before = now()
    answer = client.patch(
        f"/api/v1/campus/hazard/{hazard.pk}",
        {"values": {"note": "已换新"}, "version": hazard.version, "reason": "现场复查"},
        "application/json",
    )
    assert answer.status_code == 200, answer.content
    (told,) = [e for e in entries(before) if e.tag.startswith("campus.hazard.")]
    assert "已换新" in told.payload and "现场复查" in told.payload
    assert told.target_id == str(hazard.pk)


def test_coming_and_going_are_remembered(stage: Stage) -> None:
    client, before = SignedIn(), now()
    assert client.post("/sign-in", {"username": "school_safety", "password": "wrong"}).status_code == 401
    assert client.post("/sign-in", {"username": "school_safety", "password": PASSWORD}).status_code == 302
    client.post("/sign-out")
    assert [e.tag for e in entries(before)] == [
        "access.sign_in.refused", "access.session.opened", "access.session.closed",
    ]  # fmt: skip
    refused = entries(before)[0]
    assert refused.actor_id is None and "wrong" not in refused.payload


def test_a_change_of_hat_is_remembered(stage: Stage) -> None:
    from hulei.access import actions as access
    from hulei.access import queries

    person = account(R.SCHOOL_SAFETY, ground.school("营盘中学").code, "营盘中学", "two-hats")
    access.grant_role(
        by=ground.OPERATOR, at=ground.AT, reason="", account=person, role=R.LEGAL_VICE_PRINCIPAL,
        scope=ground.school("营盘中学").code, scope_name="营盘中学", district=ground.DISTRICT,
    )  # fmt: skip
    hats = queries.hats(person.pk, date(2024, 1, 1))
    client = SignedIn()
    client.post("/sign-in", {"username": "two-hats", "password": PASSWORD})
    assert client.get("/campus/hazard/add").status_code == 200
    before = now()
    assert client.post("/hat", {"hat": hats[1].pk}).status_code == 302
    assert [e.tag for e in entries(before)] == ["access.role.worn"]
    assert client.get("/campus/hazard/add").status_code == 403
    assert client.post("/hat", {"hat": 99999}).status_code == 403


def test_the_ledger_holds_after_all_this(stage: Stage) -> None:
    text(stage.browser(R.STATION_OFFICER).get("/people/minor/"))
    assert list(audit.breaks_unscoped()) == []


def test_who_looked_is_shown_to_the_prosecutor_alone(stage: Stage) -> None:
    child = stage.minors[KNOWN]
    text(stage.browser(R.STATION_OFFICER).get(f"/people/minor/{child}/"))
    assert "people.minor.read" in text(stage.browser(R.PROSECUTOR).get(f"/people/minor/{child}/"))
    assert "people.minor.read" not in text(stage.browser(R.SCHOOL_SAFETY).get(f"/people/minor/{child}/"))
