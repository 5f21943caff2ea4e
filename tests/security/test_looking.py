"""What is shown of a child leaves an entry; what is not asked for with a reason stays masked."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from hulei.access.terms import Role
from hulei.audit import queries as audit
from hulei.common import walls
from hulei.common.landing import LedgerRow
from hulei.insight.tests import small_year
from hulei.people import queries as people
from hulei.prevention import actions as prevention
from hulei.prevention.tests import children
from tests import ground
from tests.stage import KNOWN, Stage, text

pytestmark = pytest.mark.django_db
R = Role
KNOWN_ID = children.national_id(1)
SECRETS = (KNOWN_ID, "19929169316", "粟山村31号")
CLUE = {"number": "XS77", "received_on": "2023-12-01", "subject_name": "毛无名", "content": "夜不归宿"}


def entries() -> list[Any]:
    with walls.entered(ground.OPERATOR):
        return list(audit.entries(ground.OPERATOR).order_by("seq"))


def told(before: int, tag: str) -> list[dict[str, Any]]:
    return [json.loads(e.payload) for e in entries()[before:] if e.tag == tag]


def stored_child() -> Any:
    with walls.entered(ground.OPERATOR):
        return people.minors(ground.OPERATOR).get(name=KNOWN)


@pytest.mark.parametrize("role", [R.BUREAU_OFFICE, R.STATION_OFFICER, R.CIVIL_AFFAIRS_OFFICER], ids=str)
def test_the_form_of_a_child_shows_neither_id_nor_phone_nor_address(stage: Stage, role: Role) -> None:
    body = text(stage.browser(role).get(f"/people/minor/{stage.minors[KNOWN]}/edit"))
    assert not [secret for secret in SECRETS if secret in body]
    assert "已登记，不在此显示" in body


def test_what_is_left_empty_stays_and_what_is_typed_replaces(stage: Stage) -> None:
    client, address = stage.browser(R.BUREAU_OFFICE), f"/people/minor/{stage.minors[KNOWN]}/edit"
    before = stored_child()
    phone = before.guardians.all()[0].phone
    school = before.enrolments.all()[0].school_id
    sent = {"version": before.version, "name": KNOWN, "guardian": "莫父", "sex": "male", "school": school}
    assert client.post(address, sent).status_code == 302
    after = stored_child()
    assert (after.national_id, after.address) == (before.national_id, before.address)
    assert (after.guardians.all()[0].name, after.guardians.all()[0].phone) == ("莫父", phone)
    typed = {**sent, "version": after.version, "guardian_phone": "19900000077", "national_id": "无"}
    assert client.post(address, typed).status_code == 302
    last = stored_child()
    assert (last.national_id, last.guardians.all()[0].phone) == ("", "19900000077")


def test_a_change_over_rest_leaves_what_it_does_not_name(stage: Stage) -> None:
    before = stored_child()
    answer = stage.browser(R.STATION_OFFICER).patch(
        f"/api/v1/people/minor/{before.pk}", {"values": {"sex": "female"}, "version": before.version},
        "application/json",
    )  # fmt: skip
    assert answer.status_code == 200, answer.content
    after = stored_child()
    assert (after.sex, after.national_id, after.address) == ("female", before.national_id, before.address)


def test_a_clue_about_a_child_without_a_file_is_a_look_at_a_child(stage: Stage) -> None:
    client = stage.browser(R.BUREAU_OFFICE)
    values = {**CLUE, "state": "received"}
    pk = client.post("/api/v1/prevention/clue/", {"values": values}, "application/json").json()["id"]
    for address, tag in (
        ("/prevention/clue/", "listed"),
        ("/api/v1/prevention/clue/", "listed"),
        ("/search?q=毛无名", "listed"),
        (f"/prevention/clue/{pk}/", "read"),
        (f"/prevention/clue/{pk}/edit", "read"),
        (f"/api/v1/prevention/clue/{pk}", "read"),
    ):
        before = len(entries())
        text(client.get(address))
        found = told(before, f"prevention.clue.{tag}")
        assert len(found) == 1, address
        assert str(pk) in (found[0]["target"], *map(str, found[0]["details"].get("unlinked", ())))
        assert found[0]["purpose"]


def test_an_export_names_its_filters_and_not_what_was_typed_into_them(stage: Stage) -> None:
    before = len(entries())
    assert stage.browser(R.BUREAU_OFFICE).get(f"/campus/hazard/export?q={KNOWN_ID}&x=1").status_code == 200
    (entry,) = told(before, "campus.hazard.exported")
    assert entry["details"] == {"rows": 0, "filters": {"q": "•••", "x": "•••"}}
    assert not [e for e in entries() if KNOWN_ID in e.payload]


def test_a_version_counts_nothing_for_whoever_may_not_know_of_other_offices(stage: Stage) -> None:
    """Civil affairs edit a child: the mark they carry works, and tells of nobody else's writing."""
    client, address = stage.browser(R.CIVIL_AFFAIRS_OFFICER), f"/api/v1/people/minor/{stage.minors[KNOWN]}"
    mark = client.get(address).json()["version"]
    assert mark != stored_child().version
    assert mark > 1000
    stale = client.patch(
        address, {"values": {"sex": "female"}, "version": stored_child().version}, "application/json"
    )
    assert stale.status_code == 409
    assert f"第 {stored_child().version} 版" not in stale.json()["detail"]
    fresh = client.patch(address, {"values": {"sex": "female"}, "version": mark}, "application/json")
    assert fresh.status_code == 200, fresh.content
    assert fresh.json()["version"] != mark
    again = client.patch(address, {"values": {"sex": "male"}, "version": mark}, "application/json")
    assert again.status_code == 409


def test_a_case_of_a_child_who_is_elsewhere_can_be_edited(stage: Stage) -> None:
    """The case is this station's, the child's file another's: the form opens without the file's number."""
    case = small_year._case("GA20777", datetime(2023, 5, 5, tzinfo=UTC).date(), None, None, 0) | {
        "name": "韦小桃", "national_id": children.national_id(3),
    }  # fmt: skip
    with walls.entered(ground.OPERATOR):
        (landed,) = prevention.take_in_cases([LedgerRow(1, case)], by=ground.OPERATOR, at=ground.AT)
    client = stage.browser(R.STATION_OFFICER)
    assert "D450512" not in text(client.get(f"/prevention/case/{landed.record_id}/edit"))


def test_the_ledger_tells_auditors_no_childs_name_and_no_story(stage: Stage) -> None:
    client = stage.browser(R.BUREAU_OFFICE)
    clue = {**CLUE, "state": "received", "place": "粟山村31号"}
    answer = client.post("/api/v1/prevention/clue/", {"values": clue}, "application/json")
    assert answer.status_code == 201, answer.content
    child = stored_child()
    sent = {"name": "莫改名", "guardian": "莫新母", "birth_date": "2011-01-05"}
    answer = client.patch(
        f"/api/v1/people/minor/{child.pk}", {"values": sent, "version": child.version}, "application/json"
    )
    assert answer.status_code == 200, answer.content
    told_of = [e.payload for e in entries() if e.tag in ("prevention.clue.added", "people.minor.changed")]
    assert len(told_of) == 2
    for word in ("毛无名", "夜不归宿", "粟山村", "莫改名", "莫新母", "2011-01-05", KNOWN, "maowuming"):
        assert not [payload for payload in told_of if word in payload], word
    assert '"content":["•••","•••"]' in told_of[0]
    assert '"name":["•••","•••"]' in told_of[1]
