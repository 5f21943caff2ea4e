"""Opening accounts, granting and ending roles, assigning children."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction

from hulei.access import queries, rules
from hulei.access.models import Account, Assignment, Grant
from hulei.access.terms import Role
from hulei.audit import actions as audit
from hulei.common.names import plain
from hulei.common.periods import local_day
from hulei.common.text import Text
from hulei.common.viewer import Conflict, Viewer


@transaction.atomic
def open_account(
    *,
    by: Viewer,
    at: datetime,
    reason: str,
    username: str,
    display_name: str,
    password: str | None,
    agency_id: int | None = None,
    is_demo: bool = False,
) -> Account:
    """A new account without any role. ``password`` None leaves it locked until one is set.

    Names that differ only in case or width are the same name. Raises ValidationError keyed by field.
    """
    by.require("access.account.add")
    name = plain(username).lower()
    account = Account(
        username=name, display_name=display_name, agency_id=agency_id, is_demo=is_demo, created_at=at
    )
    if password is None:
        account.lock_password()
    else:
        _check_password(password, account)
        account.set_password(password)
    account.full_clean()
    account.save()
    audit.record(
        by=by, at=at, tag="access.account.opened", target=("access.account", account.pk), reason=reason
    )
    return account


def _check_password(password: str, account: Account) -> None:
    try:
        validate_password(password, account)
    except ValidationError as error:
        raise ValidationError({"password": error.messages}) from error


@transaction.atomic
def change_account(
    *,
    by: Viewer,
    at: datetime,
    reason: str,
    account_id: int,
    display_name: str,
    is_active: bool,
    agency_id: int | None,
) -> Account:
    """Change a name, an agency, or close and reopen an account."""
    by.require("access.account.edit")
    account = Account.objects.select_for_update(of=("self",)).get(pk=account_id)
    before = {
        "display_name": account.display_name,
        "is_active": account.is_active,
        "agency": account.agency_id,
    }
    account.display_name, account.is_active, account.agency_id = display_name, is_active, agency_id
    account.version += 1
    account.full_clean(exclude=["password"])
    account.save()
    after = {"display_name": display_name, "is_active": is_active, "agency": agency_id}
    changes = {name: [before[name], after[name]] for name in after if before[name] != after[name]}
    target = ("access.account", account.pk)
    audit.record(by=by, at=at, tag="access.account.changed", target=target, reason=reason, details=changes)
    return account


@transaction.atomic
def set_password(*, by: Viewer, at: datetime, account: Account, password: str) -> None:
    """One's own new password, or one set by the security administrator."""
    if by.account_id != account.pk:
        by.require("access.account.edit")
    _check_password(password, account)
    account.set_password(password)
    account.save(update_fields=["password"])
    audit.record(by=by, at=at, tag="access.password.changed", target=("access.account", account.pk))


@transaction.atomic
def grant_role(
    *,
    by: Viewer,
    at: datetime,
    reason: str,
    account: Account,
    role: Role,
    scope: str,
    scope_name: str,
    district: str,
    ends_on: date | None = None,
) -> Grant:
    """Give an account a role within a scope, from today.

    Raises ValidationError where the roles do not go together, and where somebody grants to
    themselves (safeguards: nobody approves their own).
    """
    by.require("access.grant.add")
    if by.account_id is not None and by.account_id == account.pk:
        raise ValidationError(str(Text("不能给自己授权。", "Nobody grants a role to themselves.")))
    # The account's row is the lock under which its grants are compared.
    Account.objects.select_for_update(of=("self",)).get(pk=account.pk)
    today = local_day(at)
    held = frozenset(
        Role(g.role)
        for g in Grant.objects.filter(account=account)
        if (g.ends_on is None or g.ends_on >= today) and not (g.role == role and g.scope != scope)
    )
    if problem := rules.incompatible(held, role):
        raise ValidationError(str(problem))
    grant = Grant(
        account=account,
        role=role.value,
        scope=scope,
        scope_name=scope_name,
        district_code=district,
        starts_on=today,
        ends_on=ends_on,
        granted_by_id=by.account_id,
    )
    grant.full_clean()
    grant.save()
    details = {"account": account.pk, "role": role.value, "scope": scope}
    audit.record(
        by=by,
        at=at,
        tag="access.role.granted",
        target=("access.grant", grant.pk),
        reason=reason,
        details=details,
    )
    return grant


@transaction.atomic
def end_grant(*, by: Viewer, at: datetime, reason: str, grant_id: int) -> Grant:
    """Take a role back from today; what was done with it stays in the ledger."""
    by.require("access.grant.edit")
    grant = Grant.objects.select_for_update(of=("self",)).get(pk=grant_id)
    # Ends the day before today, so that the hat is gone at once; a grant of today ends today.
    today = local_day(at)
    grant.ends_on = max(grant.starts_on, date.fromordinal(today.toordinal() - 1))
    if grant.starts_on == today:
        grant.starts_on = grant.ends_on = date.fromordinal(today.toordinal() - 1)
    grant.save(update_fields=["starts_on", "ends_on"])
    audit.record(by=by, at=at, tag="access.role.ended", target=("access.grant", grant.pk), reason=reason)
    return grant


@transaction.atomic
def assign_child(*, by: Viewer, at: datetime, reason: str, account_id: int, minor_id: int) -> Assignment:
    """Entrust a child to a social worker or mentor."""
    by.require("people.minor.edit")
    assignment = Assignment.objects.create(
        account_id=account_id, minor_id=minor_id, started_on=local_day(at), reason=reason
    )
    audit.record(
        by=by,
        at=at,
        tag="access.child.assigned",
        target=("access.assignment", assignment.pk),
        subject=minor_id,
        reason=reason,
        details={"account": account_id},
    )
    return assignment


@transaction.atomic
def end_assignment(*, by: Viewer, at: datetime, reason: str, assignment_id: int) -> Assignment:
    """End an assignment; its holder no longer sees the child."""
    by.require("people.minor.edit")
    assignment = Assignment.objects.select_for_update().get(pk=assignment_id)
    assignment.ended_on = local_day(at)
    assignment.save(update_fields=["ended_on"])
    audit.record(
        by=by,
        at=at,
        tag="access.assignment.ended",
        target=("access.assignment", assignment.pk),
        subject=assignment.minor_id,
        reason=reason,
    )
    return assignment


def save_account(
    *,
    by: Viewer,
    at: datetime,
    reason: str,
    record_id: int | None,
    version: int | None,
    values: Mapping[str, Any],
) -> Account:
    """Open or change an account from its form."""
    if record_id is None:
        account = open_account(
            by=by,
            at=at,
            reason=reason,
            username=values["username"],
            display_name=values["display_name"],
            password=values["password"] or None,
        )
        return account
    stored = Account.objects.get(pk=record_id)
    if version is not None and version != stored.version:
        raise Conflict(stored)
    return change_account(
        by=by,
        at=at,
        reason=reason,
        account_id=record_id,
        display_name=values["display_name"],
        is_active=values["is_active"],
        agency_id=stored.agency_id,
    )


def save_grant(
    *,
    by: Viewer,
    at: datetime,
    reason: str,
    record_id: int | None,
    version: int | None,
    values: Mapping[str, Any],
) -> Grant:
    """Grant a role, or take it back, from its form."""
    if record_id is not None:
        return end_grant(by=by, at=at, reason=reason, grant_id=record_id)
    name = plain(values["username"]).lower()
    account = Account.objects.filter(username=name).first()
    if account is None:
        raise ValidationError({"username": str(Text("没有这个用户名。", "No such user name."))})
    if values["ends_on"] and values["ends_on"] < local_day(at):
        raise ValidationError({"ends_on": str(Text("不得早于今天。", "Not before today."))})
    role = Role(values["role"])
    scope_name = queries.scope_name(by, role, values["scope"])
    if scope_name is None:
        text = Text(
            "该身份没有这个范围代码，请到“单位与区划”核对。",
            "This role has no such scope code; see the offices and areas.",
        )
        raise ValidationError({"scope": str(text)})
    return grant_role(
        by=by,
        at=at,
        reason=reason,
        account=account,
        role=role,
        scope=values["scope"],
        scope_name=scope_name,
        district=queries.home_district() or by.district,
        ends_on=values["ends_on"],
    )


def follow_merge(*, by: Viewer, at: datetime, merged: Mapping[int, int]) -> int:
    """Running assignments to a child's file that led to another one go over to that; gives how many."""
    moved = 0
    for assignment in Assignment.objects.filter(minor_id__in=merged, ended_on=None).select_for_update():
        goal = merged[assignment.minor_id]
        reason = Text("档案归并", "files merged").zh
        end_assignment(by=by, at=at, reason=reason, assignment_id=assignment.pk)
        held = Assignment.objects.filter(account_id=assignment.account_id, minor_id=goal, ended_on=None)
        if not held.exists():
            assign_child(by=by, at=at, reason=reason, account_id=assignment.account_id, minor_id=goal)
        moved += 1
    return moved
