"""Accounts and hats as others need them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet

from hulei.access import rules
from hulei.access.models import Account, Assignment, Grant
from hulei.access.terms import Role
from hulei.common.viewer import Viewer, Viewpoint
from hulei.common.walls import visible
from hulei.places import queries as places


def accounts(viewer: Viewer) -> QuerySet[Account]:
    """Accounts in sight: one's own, or all for the security administrator and the auditor."""
    return visible(viewer, Account.objects.select_related("agency").prefetch_related("grants"))


def grants(viewer: Viewer) -> QuerySet[Grant]:
    """Grants in sight, newest first."""
    return visible(viewer, Grant.objects.select_related("account").order_by("-id"))


def assignments(viewer: Viewer) -> QuerySet[Assignment]:
    """Running assignments in sight."""
    return visible(viewer, Assignment.objects.filter(ended_on=None))


def hats(account_id: int, on: date) -> list[Grant]:
    """The grants an account may wear on a day, oldest first. Read before a viewer exists."""
    return list(
        Grant.objects.filter(account_id=account_id, starts_on__lte=on)
        .filter(Q(ends_on=None) | Q(ends_on__gte=on))
        .order_by("id")
    )


def viewer_of(account: Account, grant: Grant) -> Viewer:
    """The viewer that an account is while wearing a grant.

    Raises KeyError for a role that the rules do not know.
    """
    role = Role(grant.role)
    return Viewer(
        account_id=account.pk,
        name=account.display_name,
        role=role.value,
        viewpoint=rules.VIEWPOINT_OF[role],
        scope=grant.scope,
        district=grant.district_code,
        permissions=rules.permissions(role),
        purpose=rules.PURPOSE_OF[role].zh,
        agency=grant.scope_name,
    )


def operator(district: str = "") -> Viewer:
    """The viewer of commands run on the server: sees all rows, and every act is in the ledger."""
    role = Role.OPERATOR
    return Viewer(
        account_id=None,
        name=role.label.zh,
        role=role.value,
        viewpoint=rules.VIEWPOINT_OF[role],
        scope=district,
        district=district,
        permissions=rules.permissions(role),
        purpose=rules.PURPOSE_OF[role].zh,
    )


def on_behalf_of(viewer: Viewer) -> Viewer:
    """The same person, while a job works for them: sees all rows, is named in the ledger as themselves.

    Only for intake and other jobs that must match against rows their starter may not see; nothing
    that is read this way may be shown.
    """
    return replace(viewer, viewpoint=Viewpoint.WORKER, permissions=rules.permissions(Role.OPERATOR))


def on_behalf_of_account(account_id: int | None, name: str, district: str) -> Viewer:
    """The viewer of a job that a person started earlier, or the command line (no account)."""
    who = operator(district)
    return replace(who, account_id=account_id, name=name) if account_id else who


def demo_accounts_unscoped() -> QuerySet[Account]:
    """Demo accounts, wherever they are; production refuses to start while there are any."""
    return Account.objects.filter(is_demo=True)


def scope_name(viewer: Viewer, role: Role, code: str) -> str | None:
    """The name of the place that ``code`` means for a role, or None if the role has no such scope."""
    viewpoint = rules.VIEWPOINT_OF[role]
    sources: dict[Viewpoint, Callable[[Viewer], QuerySet[Any]]] = {
        Viewpoint.POLICE_STATION: places.stations,
        Viewpoint.SCHOOL: places.schools,
        Viewpoint.VICE_PRINCIPAL: places.schools,
        Viewpoint.VILLAGE: places.areas,
        Viewpoint.GRID: places.grids,
    }
    found = sources.get(viewpoint, places.areas)(viewer).filter(code=code).first()
    if viewpoint not in sources and code != home_district():
        return None
    return str(found.name) if found else None


def home_district() -> str:
    """The code of the district this installation was founded for, or nothing before that."""
    home = places.home_district_unscoped()
    return home.code if home else ""
