"""Opening accounts and granting roles."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.exceptions import ValidationError

from hulei.access import actions, queries
from hulei.access.models import Account, Grant
from hulei.access.terms import Role
from hulei.audit.models import AuditEntry
from hulei.common.viewer import Conflict, Forbidden, Viewer

NOON = datetime(2023, 12, 29, 4, 0, tzinfo=UTC)
pytestmark = pytest.mark.django_db


@pytest.fixture
def security() -> Viewer:
    return replace(queries.operator("450512"), account_id=900)


def _grant(by: Viewer, account: Account, role: Role, scope: str = "450512") -> Grant:
    return actions.grant_role(
        by=by,
        at=NOON,
        reason="到岗",
        account=account,
        role=role,
        scope=scope,
        scope_name=scope,
        district="450512",
    )


def test_an_account_is_opened_and_told_of(security: Viewer) -> None:
    account = actions.open_account(
        by=security,
        at=NOON,
        reason="到岗",
        username="Ｒong.Hai ",
        display_name="容海",
        password="correct horse staple",
    )
    assert account.username == "rong.hai"
    assert account.check_password("correct horse staple")
    assert AuditEntry.objects.get().tag == "access.account.opened"


@pytest.mark.parametrize("password", ["short", "password1234", "rong.hai.2023"])
def test_weak_passwords_are_refused(security: Viewer, password: str) -> None:
    with pytest.raises(ValidationError) as refused:
        actions.open_account(
            by=security, at=NOON, reason="", username="rong.hai.2023", display_name="容海", password=password
        )
    assert "password" in refused.value.message_dict
    assert not Account.objects.exists()
    assert not AuditEntry.objects.exists()


def test_names_that_differ_in_case_are_one_name(
    security: Viewer, account_factory: Callable[..., Account]
) -> None:
    account_factory("rong")
    with pytest.raises(ValidationError):
        actions.open_account(
            by=security, at=NOON, reason="", username="RONG", display_name="x", password=None
        )


def test_nobody_grants_to_themselves(security: Viewer, account_factory: Callable[..., Account]) -> None:
    account = account_factory("rong")
    with pytest.raises(ValidationError, match="自己"):
        _grant(replace(security, account_id=account.pk), account, Role.STATION_OFFICER)


def test_an_administrator_holds_nothing_else(
    security: Viewer, account_factory: Callable[..., Account]
) -> None:
    account = account_factory("rong")
    _grant(security, account, Role.AUDITOR)
    with pytest.raises(ValidationError, match="三员"):
        _grant(security, account, Role.STATION_OFFICER)


def test_two_schools_are_two_hats(security: Viewer, account_factory: Callable[..., Account]) -> None:
    account = account_factory("rong")
    _grant(security, account, Role.LEGAL_VICE_PRINCIPAL, "S1")
    _grant(security, account, Role.LEGAL_VICE_PRINCIPAL, "S2")
    assert [h.scope for h in queries.hats(account.pk, NOON.date())] == ["S1", "S2"]
    with pytest.raises(ValidationError):
        _grant(security, account, Role.LEGAL_VICE_PRINCIPAL, "S2")


def test_a_role_taken_back_is_gone_at_once(security: Viewer, account_factory: Callable[..., Account]) -> None:
    account = account_factory("rong")
    grant = _grant(security, account, Role.STATION_OFFICER)
    actions.end_grant(by=security, at=NOON, reason="调离", grant_id=grant.pk)
    assert queries.hats(account.pk, NOON.date()) == []
    assert AuditEntry.objects.filter(tag="access.role.ended").count() == 1


@pytest.mark.parametrize(("days", "worn"), [(-1, False), (0, True), (30, True), (31, False)])
def test_a_hat_is_worn_within_its_days(
    account_factory: Callable[..., Account], days: int, worn: bool
) -> None:
    account, start = account_factory("rong"), date(2023, 1, 1)
    Grant.objects.create(
        account=account, role="auditor", scope="x", scope_name="x", district_code="450512",
        starts_on=start, ends_on=start + timedelta(days=30),
    )  # fmt: skip
    assert bool(queries.hats(account.pk, start + timedelta(days=days))) is worn


def test_others_may_not_open_accounts(security: Viewer) -> None:
    leader = replace(security, permissions={"campus.*": frozenset({"read"})})
    with pytest.raises(Forbidden):
        actions.open_account(by=leader, at=NOON, reason="", username="x", display_name="x", password=None)


def test_an_old_form_is_a_conflict(security: Viewer, account_factory: Callable[..., Account]) -> None:
    account = account_factory("rong")
    values = {"display_name": "容海", "is_active": True}
    actions.save_account(by=security, at=NOON, reason="", record_id=account.pk, version=1, values=values)
    with pytest.raises(Conflict):
        actions.save_account(by=security, at=NOON, reason="", record_id=account.pk, version=1, values=values)
