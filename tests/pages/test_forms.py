"""Adding and changing records through their forms, as a person without JavaScript does."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass
from typing import Any

import pytest

from hulei.access.terms import Role
from hulei.common import walls
from hulei.prevention import queries as prevention
from hulei.web.catalogue import pages
from tests import ground
from tests.stage import KNOWN, Stage, text

pytestmark = pytest.mark.django_db
R = Role


@dataclass(frozen=True)
class Form:
    """What somebody types into the form of a kind; ``wrong`` spoils one field, ``change`` is a later edit."""

    typed: dict[str, Any]
    wrong: tuple[str, str]
    change: tuple[str, str]
    by: Role = R.BUREAU_OFFICE
    stranger: Role = R.BUREAU_LEADER


def _school() -> int:
    return int(ground.school("兴港镇粟山小学").pk)


def _station() -> int:
    return int(ground.agency("石头埠派出所").pk)


def _area(name: str) -> int:
    from hulei.places import queries

    return int(queries.areas(ground.OPERATOR).get(name=name, district_code=ground.DISTRICT).pk)


def _first(kind: str) -> int:
    return int(pages()[kind].rows(ground.OPERATOR).order_by("pk").first().pk)


def forms() -> dict[str, Form]:
    """A form for every kind that has one."""
    school = {"school": _school()}
    return {
        "campus.hazard": Form(
            {**school, "number": "YH900", "found_on": "2023年10月27日", "description": "护栏松动"},
            ("due_on", "2023-13-01"), ("note", "已派人"), by=R.STATION_OFFICER,
            stranger=R.LEGAL_VICE_PRINCIPAL,
        ),
        "campus.equipment": Form(
            {**school, "item": "钢叉", "required": "２", "present": "2", "sound": "2"},
            ("sound", "两个"), ("keeper", "某保安"), by=R.SCHOOL_SAFETY,
        ),
        "campus.drill": Form(
            {**school, "triggered_at": "2023-10-27T10:00:00", "first_person_at": "2023-10-27 10:00:50"},
            ("triggered_at", "上午"), ("scenario", "持械闯入"), by=R.SCHOOL_SAFETY,
        ),
        "campus.guard_post": Form(
            {**school, "point": "东门", "starts_at": "07:10", "ends_at": "07:50"},
            ("ends_at", "25:00"), ("police", "1"), by=R.SCHOOL_SAFETY,
        ),
        "campus.parent_concern": Form(
            {**school, "received_on": "20231027", "content": "路灯不亮"},
            ("received_on", "昨天"), ("answer", "已报修"), by=R.SCHOOL_SAFETY,
        ),
        "governance.joint_meeting": Form(
            {"number": "LX900", "held_on": "2023/10/27", "title": "第九次", "host": _station()},
            ("held_on", "2023-02-30"), ("title", "第十次"),
        ),
        "governance.resolution": Form(
            {"number": "JY900", "content": "补齐路灯", "lead_agency": _station(), "state": "open"},
            ("lead_agency", "99999999"), ("content", "补齐路灯和护栏"), by=R.EDUCATION_OFFICER,
            stranger=R.STATION_OFFICER,
        ),
        "governance.directive": Form(
            {"number": "ZX900", "title": "护苗"}, ("number", ""), ("title", "护苗行动")
        ),
        "governance.assignment": Form(
            {"directive": _first("governance.directive"), "agency": ground.agency("铁山港区妇联").pk},
            ("score", "很好"), ("score", "95.5"), by=R.STATION_OFFICER, stranger=R.EDUCATION_OFFICER,
        ),
        "outreach.lecture": Form(
            {**school, "held_on": "2023.10.27", "topic": "防溺水", "lesson_hours": "1.5", "state": "held"},
            ("lesson_hours", "-1"), ("attendance", "320"), by=R.STATION_OFFICER, stranger=R.SCHOOL_SAFETY,
        ),
        "outreach.legal_vice_principal": Form(
            {"school": ground.school("营盘镇中心幼儿园").pk, "name": "容民警"},
            ("since", "某日"), ("name", "农民警"), stranger=R.STATION_OFFICER,
        ),
        "people.minor": Form(
            {"name": "单新添", "sex": "male", "birth_date": "2012-02-29", "address": "兴港镇粟山村9号"},
            ("national_id", "459900201202290019"), ("name", "单新天"),
            by=R.STATION_OFFICER, stranger=R.SCHOOL_SAFETY,
        ),
        "prevention.police_call": Form(
            {"number": "J900", "received_at": "2023-10-27 08:00", "station": _station(),
             "nature": "security"},
            ("minor_age", "十三"), ("category", "斗殴"), by=R.STATION_OFFICER,
        ),
        "prevention.clue": Form(
            {"number": "XS900", "received_on": "2023-10-27", "content": "夜不归宿", "state": "received"},
            ("dossier", "D-没有"), ("place", "网吧"), stranger=R.PROSECUTOR,
        ),
        "prevention.case": Form(
            {"number": "GA900", "subject_name": "某某", "opened_on": "2023-10-27", "station": _station()},
            ("closed_on", "2023-10-01"), ("measures", "心理辅导、家访"),
            by=R.STATION_OFFICER, stranger=R.SOCIAL_WORKER,
        ),
        "prevention.visit": Form(
            {"case": _case("GA20239"), "visited_on": "2023-10-27", "visitor": "容民警", "summary": "在家"},
            ("visited_on", "2023-99-99"), ("summary", "在家，状态好"), by=R.STATION_OFFICER,
        ),
        "places.school": Form(
            {"name": "新建小学", "stage": "primary", "town": _area("营盘镇")},
            ("pupils", "-3"), ("pupils", "300"), by=R.SYSTEM_ADMIN, stranger=R.EDUCATION_OFFICER,
        ),
        "places.agency": Form(
            {"name": "铁山港区团委", "kind": "mass_organisation", "unit": "partner"},
            ("kind", "party"), ("contact", "某某"), stranger=R.EDUCATION_OFFICER,
        ),
        "places.area": Form(
            {"name": "新社区", "level": "village", "parent": _area("营盘镇")},
            ("level", "planet"), ("name", "新新社区"),
        ),
        "places.police_grid": Form(
            {"name": "石头埠一警格", "station": _station()}, ("station", "x"), ("officer", "农民警"),
        ),
        "places.grid": Form(
            {"name": "粟山村第09网格", "village": _area("粟山村委会")}, ("village", ""), ("worker", "庚"),
        ),
        "access.account": Form(
            {"username": "new-comer", "display_name": "新同事", "password": "a good long phrase",
             "is_active": "on"},
            ("password", "short"), ("display_name", "老同事"), by=R.SECURITY_ADMIN, stranger=R.AUDITOR,
        ),
        "access.grant": Form(
            {"username": "school_safety", "role": "legal_vice_principal",
             "scope": ground.school("营盘中学").code},
            ("scope", "没有这个"), ("end", "on"), by=R.SECURITY_ADMIN, stranger=R.AUDITOR,
        ),
    }  # fmt: skip


def _case(number: str) -> int:
    return int(prevention.cases(ground.OPERATOR).get(number=number).pk)


def typed_into(body: str) -> dict[str, Any]:
    """What a browser would send back from a form's page as it came."""
    found: dict[str, Any] = {}
    part = body[body.index('<form class="form"') :]
    for tag in re.findall(r"<input[^>]*>", part):
        one = dict(re.findall(r'([\w-]+)="([^"]*)"', tag))
        kind = one.get("type", "text")
        if "name" not in one or (kind in ("checkbox", "radio") and "checked" not in tag):
            continue
        value = html.unescape(one.get("value", "on" if kind == "checkbox" else ""))
        found[one["name"]] = [*found.get(one["name"], []), value]
    for name, content in re.findall(r'<textarea[^>]*name="(\w+)"[^>]*>(.*?)</textarea>', part, re.DOTALL):
        found[name] = [html.unescape(content).removeprefix("\n").removeprefix("\r\n")]
    for name, options in re.findall(r'<select[^>]*name="(\w+)"[^>]*>(.*?)</select>', part, re.DOTALL):
        chosen = re.findall(r'<option value="([^"]*)"[^>]*selected', options)
        found[name] = [html.unescape(one) for one in chosen] or [""]
    return found


KINDS = sorted(kind for kind, page in pages().items() if page.save and page.form)


def test_every_kind_with_a_form_is_tried(stage: Stage) -> None:
    assert set(forms()) == set(KINDS)


@pytest.mark.parametrize("kind", KINDS)
def test_a_record_is_added_changed_and_kept_from_others(stage: Stage, kind: str) -> None:
    form, base = forms()[kind], f"/{kind.replace('.', '/')}/"
    client = stage.browser(form.by)
    assert stage.browser(form.stranger).post(f"{base}add", form.typed).status_code == 403

    added = client.post(f"{base}add", form.typed)
    assert added.status_code == 302, _faults(added)
    assert text(client.get(added["Location"]))

    edit = f"{added['Location']}edit"
    sent = typed_into(text(client.get(edit)))
    name, value = form.change
    changed = client.post(edit, {**sent, name: value})
    assert changed.status_code == 302, _faults(changed)
    if name not in ("end",):
        assert value in _values(client, edit, name)
    assert stage.browser(form.stranger).post(edit, sent).status_code == 403


def _values(client: Any, edit: str, name: str) -> str:
    return "、".join(typed_into(text(client.get(edit))).get(name, []))


def _faults(answer: Any) -> list[str]:
    body = answer.content.decode()
    return [answer.status_code, *re.findall(r"<li>(.*?)</li>|<p class=\"error\">(.*?)</p>", body, re.DOTALL)][
        :6
    ]


@pytest.mark.parametrize("kind", KINDS)
def test_a_fault_is_told_at_its_field_and_nothing_typed_is_lost(stage: Stage, kind: str) -> None:
    form, base = forms()[kind], f"/{kind.replace('.', '/')}/"
    name, value = form.wrong
    typed = {**form.typed, name: value}
    answer = stage.browser(form.by).post(f"{base}add", {**typed, "reason": "测试理由"})
    body = text(answer, 422)
    assert f'id="id_{name}_error"' in body, _faults(answer)
    assert f'href="#id_{name}"' in body
    kept = typed_into(body)
    assert kept["reason"] == ["测试理由"]
    for one, wanted in form.typed.items():
        if one not in (name, "password"):
            assert str(wanted) in kept[one], (one, kept.get(one))
    if f'<select name="{name}"' not in body and name != "password":
        assert value in kept[name] or value in body


@pytest.mark.parametrize("kind", KINDS)
def test_an_empty_form_is_answered_with_what_is_lacking(stage: Stage, kind: str) -> None:
    form = forms()[kind]
    body = text(stage.browser(form.by).post(f"/{kind.replace('.', '/')}/add", {}), 422)
    assert 'role="alert"' in body and 'class="error"' in body


@pytest.mark.parametrize("kind", [k for k in KINDS if k != "access.grant"])
def test_two_who_edit_at_once(stage: Stage, kind: str) -> None:
    """The second is shown what the first stored, keeps what they typed, and may then let it stand."""
    form, base = forms()[kind], f"/{kind.replace('.', '/')}/"
    one, other = stage.browser(form.by), stage.another_browser(form.by)
    edit = f"{one.post(f'{base}add', form.typed)['Location']}edit"
    first, second = typed_into(text(one.get(edit))), typed_into(text(other.get(edit)))
    name, value = form.change
    assert one.post(edit, {**first, name: value}).status_code == 302
    late = other.post(edit, {**second, "reason": "我的修改"})
    body = text(late, 409)
    assert "已被他人修改" in body
    kept = typed_into(body)
    assert kept["reason"] == ["我的修改"]
    assert kept[name] == second[name]
    assert kept["version"] != second["version"]
    assert other.post(edit, kept).status_code == 302


@pytest.mark.parametrize(
    "kind", ["prevention.police_call", "prevention.clue", "prevention.case", "places.school", "campus.hazard"]
)
def test_the_same_number_or_name_twice_is_told_in_words(stage: Stage, kind: str) -> None:
    form, base = forms()[kind], f"/{kind.replace('.', '/')}/"
    client = stage.browser(form.by)
    assert client.post(f"{base}add", form.typed).status_code == 302
    body = text(client.post(f"{base}add", form.typed), 422)
    assert "已有" in body
    assert "District" not in body and "约束" not in body
    answer = client.post(f"/api/v1{base}", {"values": form.typed}, "application/json")
    assert answer.status_code == 422 and "已有" in str(answer.json()["fields"]), answer.json()


def test_without_a_version_nothing_is_overwritten(stage: Stage) -> None:
    client = stage.browser(R.STATION_OFFICER)
    edit = f"/people/minor/{stage.minors[KNOWN]}/edit"
    sent = typed_into(text(client.get(edit)))
    for version in ("", "x", "-1", "²", "99999999999999999999"):
        assert client.post(edit, {**sent, "name": "改名", "version": version}).status_code == 409


def test_a_station_cannot_move_a_child_out_of_its_own_sight(stage: Stage) -> None:
    client = stage.browser(R.STATION_OFFICER)
    edit = f"/people/minor/{stage.minors[KNOWN]}/edit"
    sent = typed_into(text(client.get(edit)))
    assert "school" not in sent and "address" not in sent
    moved = client.post(
        edit, {**sent, "school": ground.school("营盘中学").pk, "address": "营盘镇白龙社区1号"}
    )
    assert moved.status_code == 302
    with walls.entered(ground.OPERATOR):
        minor = pages()["people.minor"].rows(ground.OPERATOR).get(pk=stage.minors[KNOWN])
        assert minor.school_code == ground.school("兴港镇粟山小学").code


@pytest.mark.parametrize("kind", ["campus.hazard", "outreach.lecture"])
def test_nobody_writes_for_a_neighbours_school(stage: Stage, kind: str) -> None:
    form = forms()[kind]
    typed = {**form.typed, "school": ground.school("营盘中学").pk}
    body = text(stage.browser(form.by).post(f"/{kind.replace('.', '/')}/add", typed), 422)
    assert 'id="id_school_error"' in body
    assert "营盘中学" not in body


def test_what_is_typed_is_never_taken_for_markup(stage: Stage) -> None:
    form = forms()["campus.hazard"]
    evil = '"><script>alert(1)</script>{{ 7*7 }}'
    client = stage.browser(form.by)
    added = client.post("/campus/hazard/add", {**form.typed, "description": evil, "note": evil})
    for address in (
        added["Location"],
        f"{added['Location']}edit",
        "/campus/hazard/",
        "/campus/hazard/?q=script",
    ):
        body = text(client.get(address))
        assert "<script>alert" not in body and "{{ 7*7 }}" in body
    sheet = client.get("/search", {"q": evil})
    assert "<script>alert" not in text(sheet)
