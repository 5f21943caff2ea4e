"""Pages of accounts and grants, for the security administrator and the auditor."""

from __future__ import annotations

from typing import Any

from hulei.access import actions, forms, queries
from hulei.access.models import Account
from hulei.access.terms import Role
from hulei.common.pages import Column, Filter, Page, Section
from hulei.common.text import Text
from hulei.common.viewer import Viewer

ROLE = Column("role", Text("身份", "Role"), value=lambda g: Role.label_of(g.role))
SCOPE = Column("scope_name", Text("范围", "Scope"))
STARTS = Column("starts_on", Text("自", "From"), "date")
ENDS = Column("ends_on", Text("至", "Until"), "date")


def _hats(account: Any) -> str:
    return "、".join(
        f"{Role.label_of(g.role)}（{g.scope_name}）" for g in account.grants.all() if g.ends_on is None
    )


def _grants_of(viewer: Viewer, account: Account) -> Any:
    return queries.grants(viewer).filter(account_id=account.pk)


ACCOUNT_COLUMNS = (
    Column("username", Text("用户名", "User name")),
    Column("display_name", Text("姓名", "Name")),
    Column("agency", Text("单位", "Office"), value=lambda a: str(a.agency) if a.agency else None),
    Column("hats", Text("身份", "Roles"), value=_hats),
    Column("is_active", Text("启用", "Active"), "yes_no"),
    Column("last_login", Text("最近登录", "Last sign-in"), "datetime"),
)

ACCOUNT = Page(
    kind="access.account",
    title=Text("账号", "Accounts"),
    group="system",
    rows=queries.accounts,
    columns=ACCOUNT_COLUMNS,
    order=("username", "id"),
    name=lambda a: f"{a.display_name}（{a.username}）",
    search=("username__contains", "display_name__contains"),
    filters=(Filter("is_active", Text("启用", "Active"), "yes_no", "is_active"),),
    sections=(
        Section(Text("账号", "Account"), ACCOUNT_COLUMNS),
        Section(Text("授权", "Roles"), (ROLE, SCOPE, STARTS, ENDS), rows=_grants_of, kind="access.grant"),
    ),
    form=forms.account_form,
    save=actions.save_account,
)

GRANT = Page(
    kind="access.grant",
    title=Text("授权", "Grants"),
    group="system",
    rows=queries.grants,
    columns=(
        Column(
            "account",
            Text("账号", "Account"),
            value=lambda g: str(g.account),
            link=lambda g: ("access.account", g.account_id),
        ),
        ROLE,
        SCOPE,
        STARTS,
        ENDS,
    ),
    order=("-id",),
    filters=(
        Filter("role", Text("身份", "Role"), "choice", "role", lambda viewer: Role.choices()),
        Filter("running", Text("有效", "Running"), "yes_no", "ends_on__isnull"),
    ),
    form=forms.grant_form,
    save=actions.save_grant,
    note=Text(
        "三员（系统、安全、审计）分立，任何人不得给自己授权。",
        "Three administrators, three persons; nobody grants to themselves.",
    ),
)

PAGES = (ACCOUNT, GRANT)
