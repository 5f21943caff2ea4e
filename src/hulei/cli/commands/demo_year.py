"""The demo year at the command line: progress, and the accounts to try it with."""

from __future__ import annotations

import base64
import hashlib
import hmac

from hulei.cli.errors import UserMistake
from hulei.common.text import Text
from hulei.config.paths import data_dir, secret


def prepare() -> None:
    """Make the demo year on the first start. Raises UserMistake for a data folder with real work."""
    from hulei.journeys import demo_start

    try:
        demo_start.prepare(data_dir() / "demo", password_of, _tell)
    except demo_start.NotADemo as refusal:
        raise UserMistake(
            "此数据目录已有正式数据，演示请用 --data-dir 另指定目录。",
            "this data folder holds real work; give the demo another --data-dir.",
        ) from refusal


def _tell(text: Text) -> None:
    print(f"  {text.zh} / {text.en}", flush=True)


def password_of(username: str) -> str:
    """The demo password of an account: made from this installation's secret, so it can be printed again."""
    digest = hmac.new(secret("demo"), username.encode(), hashlib.sha256).digest()
    text = base64.b32encode(digest).decode().lower()
    return f"{text[:4]}-{text[4:8]}-{text[8:12]}"


def print_accounts(address: str) -> None:
    """Where to go and with which accounts."""
    from hulei.access.terms import Role
    from hulei.journeys.demo_year import DEMO_ACCOUNTS

    print(f"\n护蕾演示 Hulei demo: {address}")
    print("以 2023-12-29 为今日，人物均为虚构。 Today is 2023-12-29; all people are made up.\n")
    for account in DEMO_ACCOUNTS:
        role = Role(account.role).label
        password = password_of(account.username)
        print(f"  {account.username:<20} {password}   {role.zh} {role.en}  {account.scope_name}")
    print(flush=True)
