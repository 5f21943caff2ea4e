"""Signing in and out, sessions that end, and what every answer carries for the browser's safety."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.test import Client

from hulei.access.terms import Role
from tests.stage import PASSWORD, SignedIn, Stage, text

pytestmark = pytest.mark.django_db
R = Role
NOON = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)


def signed_in(client: Client) -> bool:
    return client.get("/password").status_code == 200


def enter(client: Client, password: str = PASSWORD, name: str = "school_safety", **more: Any) -> Any:
    return client.post("/sign-in", {"username": name, "password": password, **more})


def test_the_right_password_opens_and_signing_out_ends(stage: Stage) -> None:
    client = SignedIn()
    assert enter(client, name=" School_Safety ").status_code == 302
    assert signed_in(client)
    key = client.cookies["sessionid"].value
    assert client.post("/sign-out").status_code == 302
    assert not signed_in(client)
    client.cookies["sessionid"] = key
    assert not signed_in(client), "the session is gone on the server too"


def test_a_new_session_after_signing_in(stage: Stage) -> None:
    """Or somebody could plant a session of their choice."""
    client = SignedIn()
    planted = client.session
    planted["x"] = 1
    planted.save()
    enter(client)
    assert client.cookies["sessionid"].value != planted.session_key
    assert signed_in(client)


@pytest.mark.parametrize("name", ["school_safety", "nobody-at-all"])
def test_a_wrong_name_and_a_wrong_password_answer_alike(stage: Stage, name: str) -> None:
    body = text(enter(SignedIn(), "wrong", name), 401)
    assert "用户名或密码不正确" in body
    assert f'value="{name}"' in body, "the name typed is kept"
    assert "wrong" not in body


def test_five_failures_lock_for_a_quarter_of_an_hour(stage: Stage, settings: Any) -> None:
    settings.AXES_ENABLED = True
    client = SignedIn()
    with time_machine.travel(NOON, tick=False) as clock:
        statuses = [enter(client, "wrong").status_code for _ in range(5)]
        assert statuses == [401, 401, 401, 401, 429]
        assert "锁定" in text(enter(client), 429), "not even with the right password"
        assert enter(client, name="prosecutor").status_code == 302, "others are not locked"
        clock.shift(timedelta(minutes=16))
        assert enter(SignedIn()).status_code == 302


def test_success_forgets_earlier_failures(stage: Stage, settings: Any) -> None:
    settings.AXES_ENABLED = True
    client = SignedIn()
    for _ in range(2):
        assert [enter(client, "wrong").status_code for _ in range(4)] == [401] * 4
        assert enter(client).status_code == 302


def test_an_idle_session_ends(stage: Stage, settings: Any) -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        client = SignedIn()
        enter(client)
        for _ in range(4):
            clock.shift(timedelta(seconds=settings.HULEI_IDLE_SECONDS - 10))
            assert signed_in(client), "every page asked for keeps it alive"
        clock.shift(timedelta(seconds=settings.HULEI_IDLE_SECONDS + 1))
        answer = client.get("/campus/hazard/?q=x")
        assert answer.status_code == 302
        assert answer["Location"] == "/sign-in?next=%2Fcampus%2Fhazard%2F%3Fq%3Dx"
        assert not signed_in(client)


def test_an_account_that_is_closed_is_out_at_once(stage: Stage) -> None:
    from hulei.access import actions
    from tests import ground

    client = stage.browser(R.SCHOOL_SAFETY)
    assert signed_in(client)
    account = stage.accounts[R.SCHOOL_SAFETY]
    actions.change_account(
        by=ground.OPERATOR, at=NOON, reason="调离", account_id=account.pk, display_name="某", is_active=False,
        agency_id=None,
    )  # fmt: skip
    assert not signed_in(client)
    assert enter(SignedIn()).status_code == 401


def test_a_grant_that_is_taken_back_ends_the_hat_at_once(stage: Stage) -> None:
    from datetime import date

    from hulei.access import actions, queries
    from tests import ground

    client = stage.browser(R.SCHOOL_SAFETY)
    (hat,) = queries.hats(stage.accounts[R.SCHOOL_SAFETY].pk, date(2024, 1, 1))
    actions.end_grant(by=ground.OPERATOR, at=datetime.now(UTC), reason="调离", grant_id=hat.pk)
    assert not signed_in(client)
    assert "没有有效的授权" in text(enter(SignedIn()), 401)


@pytest.mark.parametrize(
    ("wanted", "given"),
    [
        ("/campus/hazard/?q=x", "/campus/hazard/?q=x"),
        ("https://example.org/", "/"),
        ("//example.org/", "/"),
        ("/\\example.org", "/"),
        ("javascript:alert(1)", "/"),
        ("", "/"),
    ],
)
def test_nobody_is_led_elsewhere(stage: Stage, wanted: str, given: str) -> None:
    assert enter(SignedIn(), next=wanted)["Location"] == given
    answer = SignedIn().post("/language", {"language": "en", "next": wanted})
    assert answer["Location"] == given


def test_a_password_is_changed_by_who_knows_the_present_one(stage: Stage) -> None:
    client, other = SignedIn(), SignedIn()
    enter(client), enter(other)
    wanted = "quite another long phrase"
    for present, first, again in (
        ("no", wanted, wanted),
        (PASSWORD, wanted, "x"),
        (PASSWORD, "short", "short"),
    ):
        answer = client.post("/password", {"present": present, "wanted": first, "again": again})
        assert 'role="alert"' in text(answer, 422)
    assert (
        client.post("/password", {"present": PASSWORD, "wanted": wanted, "again": wanted}).status_code == 302
    )
    assert signed_in(client)
    assert not signed_in(other), "other sessions end"
    assert enter(SignedIn()).status_code == 401
    assert enter(SignedIn(), wanted).status_code == 302


FORMS = ("/sign-in", "/sign-out", "/hat", "/language", "/password", "/intake/", "/campus/hazard/add")


@pytest.mark.parametrize("address", FORMS)
def test_a_form_from_elsewhere_is_refused(stage: Stage, address: str) -> None:
    client = SignedIn(enforce_csrf_checks=True)
    client.force_login(stage.accounts[R.BUREAU_OFFICE], "django.contrib.auth.backends.ModelBackend")
    answer = client.post(address, {})
    assert answer.status_code == 403
    assert "刷新页面" in answer.content.decode()


@pytest.mark.parametrize(("method", "address"), [("post", ""), ("patch", "1")])
def test_rest_is_not_written_to_from_elsewhere(stage: Stage, method: str, address: str) -> None:
    client = SignedIn(enforce_csrf_checks=True)
    client.force_login(stage.accounts[R.BUREAU_OFFICE], "django.contrib.auth.backends.ModelBackend")
    sent = getattr(client, method)(f"/api/v1/campus/hazard/{address}", {"values": {}}, "application/json")
    assert sent.status_code == 403, sent.content


@pytest.mark.parametrize(
    "address", ["/sign-in", "/campus/hazard/", "/nothing", "/figures/", "/api/v1/campus/hazard/"]
)
def test_what_every_answer_carries(stage: Stage, address: str) -> None:
    answer = stage.browser(R.BUREAU_OFFICE).get(address)
    policy = answer["Content-Security-Policy"]
    assert "unsafe" not in policy and "*" not in policy and "http" not in policy
    for part in ("default-src 'self'", "frame-ancestors 'none'", "object-src 'none'", "base-uri 'none'"):
        assert part in policy
    assert answer["X-Frame-Options"] == "DENY"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Referrer-Policy"] == "same-origin"
    if address != "/sign-in":
        assert "no-store" in answer["Cache-Control"], "a shared machine keeps no page"
    body = answer.content.decode()
    assert " style=" not in body and "<style" not in body and " onclick=" not in body
    assert "http://" not in body.replace("http://www.w3.org", "") and "https://" not in body


def test_cookies_are_not_for_scripts(stage: Stage) -> None:
    client = SignedIn()
    client.get("/sign-in")
    enter(client)
    assert client.cookies["sessionid"]["httponly"] and client.cookies["sessionid"]["samesite"] == "Lax"
    assert client.cookies["csrftoken"]["httponly"]


PRODUCTION = """
import django
django.setup()
from django.conf import settings
assert not settings.DEBUG and not settings.HULEI_DEMO
assert settings.SESSION_COOKIE_SECURE and settings.CSRF_COOKIE_SECURE
assert settings.SESSION_COOKIE_NAME.startswith("__Host-") and settings.CSRF_COOKIE_NAME.startswith("__Host-")
assert settings.SECURE_SSL_REDIRECT and settings.SECURE_HSTS_SECONDS >= 31536000
assert settings.HULEI_IDLE_SECONDS <= 1800 and settings.SESSION_EXPIRE_AT_BROWSER_CLOSE
assert not any(v for name, v in vars(settings._wrapped).items() if name == "HULEI_TODAY")
from hulei.journeys import demo_start
try:
    demo_start.prepare(None, str, print)
except demo_start.NotADemo:
    print("no demo here")
"""


def test_production_settings(tmp_path: Path) -> None:
    environment = {
        **{k: v for k, v in os.environ.items() if k not in ("DATABASE_URL", "HULEI_LOGIN")},
        "HULEI_DATA": str(tmp_path), "DJANGO_SETTINGS_MODULE": "hulei.config.settings.production",
    }  # fmt: skip
    done = subprocess.run(
        [sys.executable, "-c", PRODUCTION], env=environment, capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 0, done.stderr
    assert "no demo here" in done.stdout


def test_serving_refuses_demo_accounts(stage: Stage) -> None:
    from hulei.access import actions
    from hulei.cli.commands import serving
    from hulei.cli.errors import UserMistake
    from tests import ground

    serving._refuse_demo_accounts()
    actions.open_account(
        by=ground.OPERATOR,
        at=NOON,
        reason="",
        username="demo",
        display_name="演示",
        password=None,
        is_demo=True,
    )
    with pytest.raises(UserMistake, match="演示账号"):
        serving._refuse_demo_accounts()
