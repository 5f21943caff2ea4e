"""Founding a district and opening accounts."""

from __future__ import annotations

import argparse
import secrets
import sys

from hulei.cli import database
from hulei.cli.errors import UserMistake


def init(arguments: argparse.Namespace) -> int:
    """Found an empty district; a second time changes nothing."""
    code, name = arguments.district
    if not (code.isdigit() and len(code) == 6):
        raise UserMistake(
            f"区县代码应为六位数字（GB/T 2260），而不是 {code}",
            f"the district code is six digits (GB/T 2260), not {code}",
        )
    database.ready()
    found(code, name)
    print(f"{code} {name}")
    return 0


def found(code: str, name: str) -> None:
    """Found the district unless it exists. Raises UserMistake where another one lives here."""
    from django.utils import timezone

    from hulei.access import queries as access
    from hulei.common import walls
    from hulei.places import actions as places

    by = access.operator(code)
    with walls.entered(by):
        present = access.home_district()
        if present and present != code:
            raise UserMistake(
                f"此数据目录已建立区县 {present}；另一区县请用 --data-dir 指定别的目录。",
                f"this data folder already holds district {present}; use --data-dir for another.",
            )
        places.found_district(by=by, at=timezone.now(), code=code, name=name)


def account_add(arguments: argparse.Namespace) -> int:
    """Open an account with one role; its first password is printed once."""
    from django.core.exceptions import ValidationError
    from django.utils import timezone

    database.ready()
    from hulei.access import actions
    from hulei.access.terms import Role
    from hulei.common import walls

    by = database.operator()
    if arguments.role not in set(Role) - {Role.OPERATOR}:
        names = ", ".join(r.value for r in Role if r is not Role.OPERATOR)
        raise UserMistake(
            f"没有这种身份：{arguments.role}。可用：{names}",
            f"no such role: {arguments.role}; one of {names}",
        )
    if not by.district:
        raise UserMistake("请先运行 hulei init 建立区县。", "run hulei init first.")
    password, at = secrets.token_urlsafe(15), timezone.now()
    try:
        with walls.entered(by):
            account = actions.open_account(
                by=by,
                at=at,
                reason="命令行开通",
                username=arguments.username,
                display_name=arguments.name,
                password=password,
            )
            actions.grant_role(
                by=by,
                at=at,
                reason="命令行开通",
                account=account,
                role=Role(arguments.role),
                scope=arguments.scope or by.district,
                scope_name=arguments.scope or by.district,
                district=by.district,
            )
    except ValidationError as problem:
        fields = getattr(problem, "message_dict", {"": problem.messages})
        told = "；".join(f"{name} {'，'.join(texts)}".strip() for name, texts in fields.items())
        raise UserMistake(f"未开通：{told}", f"not opened: {told}") from problem
    print(f"{account.username}\t{password}")
    print(
        "口令只显示这一次，请登录后更改。 The password is shown only once; change it after signing in.",
        file=sys.stderr,
    )
    return 0
