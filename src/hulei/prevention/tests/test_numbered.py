"""Calls, clues and cases by their numbers; what people save on pages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from hulei.common import walls
from hulei.common.landing import Landed, LedgerRow
from hulei.common.periods import Period
from hulei.common.viewer import Conflict, Forbidden, NotFound, Viewpoint
from hulei.people import actions as people
from hulei.people import queries as children
from hulei.people.models import Minor
from hulei.prevention import actions, queries
from hulei.prevention.models import Case, Clue, PoliceCall
from hulei.prevention.tests.children import grid, national_id, police
from tests import ground

pytestmark = pytest.mark.django_db
OFFICE = ground.viewer(Viewpoint.POLICE_DISTRICT)
LABELS = {"call_number": "警情编号", "category": "类别"}


@pytest.fixture(autouse=True)
def district() -> None:
    ground.found()


def take(ledger: str, *values: dict[str, Any], first: int = 1) -> list[Landed]:
    rows = [LedgerRow(n, one, labels=LABELS) for n, one in enumerate(values, start=first)]
    with walls.entered(ground.OPERATOR):
        return getattr(actions, f"take_in_{ledger}")(rows, by=ground.OPERATOR, at=ground.AT)


def call(number: str, **more: Any) -> dict[str, Any]:
    return {
        "call_number": number,
        "received_at": datetime(2023, 1, 11, 7, 22),
        "station": "石头埠派出所",
        "nature": "security",
        "category": "欺凌",
        "minor_role": "actor",
        "minor_age": 12,
        "place": "兴港镇辖区",
        "disposal": "教育训诫",
        **more,
    }


def codes(landed: Sequence[Landed]) -> list[list[str]]:
    return [[f.code for f in one.findings] for one in landed]


def test_a_call_number_counts_once_and_the_second_row_is_reported() -> None:
    landed = take("police_calls", call("J1"), call("J2"), call("J1"))
    assert [one.outcome for one in landed] == ["added", "added", "unchanged"]
    assert codes(landed) == [[], [], ["duplicate_call_number"]]
    other_file = take("police_calls", call("J9"), call("J2", category="盗窃", minor_role=None))
    assert codes(other_file) == [[], []] or codes(other_file)[1] == ["duplicate_call_number"]
    assert other_file[1].outcome == "unchanged"
    assert "类别" in other_file[1].findings[0].message
    assert PoliceCall.objects.get(number="J2").category == "欺凌"
    assert PoliceCall.objects.count() == 3


def test_the_same_sheet_of_calls_again_changes_nothing_and_reports_what_it_did_before() -> None:
    values = [call("J1"), call("J2"), call("J1")]
    take("police_calls", *values)
    again = take("police_calls", *values)
    assert [one.outcome for one in again] == ["unchanged"] * 3
    assert codes(again) == [[], [], ["duplicate_call_number"]]


def test_a_corrected_sheet_of_calls_fills_in() -> None:
    take("police_calls", call("J1", category="", minor_age=None))
    landed = take("police_calls", call("J1"))
    assert landed[0].outcome == "filled" and not landed[0].findings
    assert PoliceCall.objects.get().minor_age == 12


def test_calls_are_counted_by_chinas_calendar_and_seen_by_their_station() -> None:
    take(
        "police_calls",
        call("J1", received_at=datetime(2023, 1, 1, 0, 5)),
        call("J2", received_at=datetime(2022, 12, 31, 23, 59)),
    )
    period = Period(date(2023, 1, 1), date(2023, 12, 31))
    assert [c.number for c in queries.calls_received(OFFICE, period)] == ["J1"]
    station = ground.officer_of("石头埠派出所")
    with walls.entered(station):
        assert queries.police_calls(station).count() == 2
    assert PoliceCall.objects.get(number="J1").town_code == "450512102"


def test_an_unknown_station_hands_the_call_back() -> None:
    landed = take("police_calls", call("J1", station="不存在的所"), call("J2", station=None), call("J" * 60))
    assert codes(landed) == [["unit_unknown"], [], ["value_too_long"]]


def test_clues_name_a_child_but_are_put_to_none() -> None:
    clue: dict[str, Any] = {
        "number": "XS1",
        "received_on": date(2023, 6, 2),
        "source": "school",
        "minor_name": "莫建子",
    }
    clue |= {
        "school": "兴港镇粟山小学",
        "content": "多次旷课",
        "place": "营盘镇白龙社区",
        "status": "verified",
    }
    take("register_grid", grid())
    assert take("clues", clue)[0].outcome == "added"
    assert take("clues", clue)[0].outcome == "unchanged"
    stored = Clue.objects.get()
    assert (stored.minor_id, stored.subject_initials, stored.state) == (None, "mjz", "verified")
    assert stored.station_code == ground.agency("营盘派出所").code
    assert queries.clues_received(OFFICE, Period(date(2023, 1, 1), date(2023, 12, 29))).count() == 1


def case(number: str = "GA1", **more: Any) -> dict[str, Any]:
    base: dict[str, Any] = {
        "number": number,
        "name": "莫建子",
        "national_id": None,
        "school": "兴港镇粟山小学",
    }
    base |= {"opened_on": date(2023, 2, 14), "station": "石头埠派出所", "responsible": "劳燕曦"}
    return {**base, "measures": ("谈心谈话",), "visits": 3, "outcome": None, "outcome_on": None, **more}


def test_cases_are_linked_by_a_certain_id_only() -> None:
    take("register_grid", grid(national_id=national_id(1)))
    wrong = national_id(2)[:-1] + ("0" if national_id(2)[-1] != "0" else "1")
    landed = take(
        "cases", case("GA1", national_id=national_id(1)), case("GA2"), case("GA3", national_id=wrong)
    )
    child = Minor.objects.get().pk
    assert [one.subject for one in landed] == [child, None, None]
    found = {
        c.number: c.minor_id
        for c in queries.cases_tracked(OFFICE, Period(date(2023, 1, 1), date(2023, 12, 31)))
    }
    assert found == {"GA1": child, "GA2": None, "GA3": None}


def test_a_link_by_hand_survives_the_ledger() -> None:
    take("register_grid", grid())
    take("cases", case())
    number = queries.dossiers(OFFICE).get().number
    values: dict[str, Any] = {
        "subject_name": "莫建子",
        "dossier": number,
        "opened_on": date(2023, 2, 14),
        "number": "GA1",
    }
    values |= {"station": ground.agency("石头埠派出所"), "measures": ["谈心谈话"]}
    stored = Case.objects.get()
    with walls.entered(OFFICE):
        actions.save_case(
            by=OFFICE, at=ground.AT, reason="核对身份证", record_id=stored.pk, version=1, values=values
        )
    take("cases", case(national_id=national_id(7)))
    assert Case.objects.get().minor_id == Minor.objects.get().pk


def test_visits_count_the_larger_of_ledger_and_hulei() -> None:
    take("cases", case(visits=1))
    stored = Case.objects.get()
    for n in range(3):
        values = {
            "case": stored,
            "visited_on": date(2023, 3, n + 1),
            "visitor": "劳燕曦",
            "summary": "在校，情绪稳定",
        }
        with walls.entered(OFFICE):
            actions.save_visit(
                by=OFFICE, at=ground.AT, reason="", record_id=None, version=None, values=values
            )
            found: Any = queries.cases(OFFICE).get()
            assert found.visit_count == max(1, n + 1)


def test_saving_is_guarded_versioned_and_kept_in_scope() -> None:
    officer = ground.officer_of("石头埠派出所")
    values = {
        "number": "J1",
        "received_at": ground.AT,
        "station": ground.agency("石头埠派出所"),
        "nature": "security",
    }

    def save(by: Any, record_id: int | None = None, version: int | None = None, **more: Any) -> Any:
        with walls.entered(by):
            return actions.save_police_call(
                by=by,
                at=ground.AT,
                reason="补录",
                record_id=record_id,
                version=version,
                values={**values, **more},
            )

    stored = save(officer)
    assert save(officer, stored.pk, 1, category="欺凌").version == 2
    with pytest.raises(Conflict):
        save(officer, stored.pk, 1, category="盗窃")
    with pytest.raises(Forbidden):
        save(replace(officer, permissions={"prevention.*": frozenset({"read"})}))
    with pytest.raises(NotFound):
        save(ground.officer_of("营盘派出所"), stored.pk, 2)
    with pytest.raises(ValidationError):
        save(OFFICE, number="J1")


def test_a_child_is_corrected_by_hand_and_its_contact_opened_with_a_reason() -> None:
    from hulei.audit import queries as audit

    take("register_grid", grid())
    minor = Minor.objects.get()
    officer = ground.officer_of("石头埠派出所")
    with walls.entered(officer):
        saved = people.save_minor(
            by=officer, at=ground.AT, reason="户口簿", record_id=minor.pk, version=minor.version,
            values={"name": "莫健子", "national_id": national_id(1)},
        )  # fmt: skip
        assert (saved.name_initials, saved.national_id_certain) == ("mjz", True)
        with pytest.raises(ValidationError):
            people.save_minor(
                by=officer, at=ground.AT, reason="搬家", record_id=minor.pk, version=saved.version,
                values={"address": "营盘镇白龙社区1号"},
            )  # fmt: skip
        with pytest.raises(ValidationError):
            people.reveal_contact(
                by=replace(officer, permissions={"*": frozenset({"reveal"})}),
                at=ground.AT,
                reason=" ",
                minor_id=minor.pk,
            )
        with pytest.raises(Forbidden):
            people.reveal_contact(by=officer, at=ground.AT, reason="联系家长", minor_id=minor.pk)
        revealer = replace(officer, permissions={"*": frozenset({"reveal"})})
        contact = people.reveal_contact(by=revealer, at=ground.AT, reason="联系家长", minor_id=minor.pk)
        assert contact.guardians == (("莫静建", "19929169316"),)
    told = [e.payload for e in audit.entries_about(ground.viewer(Viewpoint.PROSECUTION), minor.pk)]
    assert len(told) >= 2 and not any(national_id(1) in p or "19929169316" in p for p in told)


def test_the_district_office_moves_a_child_and_all_its_rows() -> None:
    take("register_grid", grid())
    minor = Minor.objects.get()
    with walls.entered(OFFICE):
        people.save_minor(
            by=OFFICE, at=ground.AT, reason="搬家", record_id=minor.pk, version=minor.version,
            values={"address": "营盘镇白龙社区1号", "school": ground.school("营盘中学")},
        )  # fmt: skip
    moved = Minor.objects.get()
    assert moved.station_code == ground.agency("营盘派出所").code
    for rows in (queries.dossiers(OFFICE), queries.entries(OFFICE), children.guardians(OFFICE)):
        assert {r.station_code for r in rows} == {moved.station_code}


def test_a_partner_opens_a_file_in_its_own_compartment_and_scope_only() -> None:
    office = ground.viewer(Viewpoint.CIVIL_AFFAIRS)
    officer = ground.officer_of("石头埠派出所")
    values = {
        "name": "新来的",
        "birth_date": date(2012, 1, 1),
        "guardian": "母亲",
        "guardian_phone": "19900000003",
    }

    def add(by: Any, **more: Any) -> Any:
        with walls.entered(by):
            return people.save_minor(
                by=by, at=ground.AT, reason="摸排", record_id=None, version=None, values={**values, **more}
            )

    assert add(office, address="兴港镇粟山村3号", school=ground.school("兴港镇粟山小学")).in_care
    assert not add(officer, address="兴港镇粟山村3号").in_care
    with pytest.raises(ValidationError):
        add(officer, address="营盘镇白龙社区1号")
    with walls.entered(office):
        assert children.minors(office).count() == 1


def test_a_file_opened_by_a_partner_joins_the_police_file_of_the_same_id_unseen() -> None:
    office = ground.viewer(Viewpoint.CIVIL_AFFAIRS)
    take("register_police", police(national_id=national_id(1)))
    with walls.entered(office):
        assert not children.minors(office).exists()
        values = {"name": "莫建子", "birth_date": date(2010, 7, 31), "national_id": national_id(1)}
        people.save_minor(by=office, at=ground.AT, reason="", record_id=None, version=None, values=values)
        assert children.minors(office).count() == 1
    take("register_grid", grid(national_id=national_id(1)))
    with walls.entered(office):
        assert children.minors(office).count() == 1
    assert Minor.objects.filter(merged_into=None).count() == 1
