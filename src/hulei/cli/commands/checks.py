"""Checking the ledger and the installation."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator
from importlib.metadata import version as version_of

from hulei.cli import database
from hulei.common.text import Text

_WORDS = {
    "altered": Text("内容被改动", "altered"),
    "missing": Text("缺失", "missing"),
    "columns": Text("检索列与内容不符", "columns differ from the content"),
    "tail": Text("链尾不符（末尾有删除或改动）", "the tail does not match (entries removed or altered)"),
}


def version(arguments: argparse.Namespace) -> int:
    """Print the version."""
    print(f"hulei {version_of('hulei')}")
    return 0


def audit_verify(arguments: argparse.Namespace) -> int:
    """Verify the whole chain; every break is named."""
    database.ready()
    from django.db import connection, transaction

    from hulei.access import queries as access
    from hulei.audit import queries
    from hulei.common import walls

    with transaction.atomic():
        with connection.cursor() as cursor:
            # One snapshot: entries that arrive meanwhile belong to the next verification.
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        walls.enter(access.operator())
        breaks = list(queries.breaks_unscoped())
        seq, digest = queries.head_unscoped()
    for found in breaks:
        print(f"#{found.seq}: {_WORDS[found.code].zh} / {_WORDS[found.code].en}", file=sys.stderr)
    state = "完整 intact" if not breaks else f"{len(breaks)} 处不符 breaks"
    print(f"{seq} 条 entries，{state}，链尾 head {digest.hex()[:16]}")
    return 1 if breaks else 0


def doctor(arguments: argparse.Namespace) -> int:
    """Look at everything that can be wrong with an installation; each line says what to do."""
    database.ready()
    failed = 0
    for title, check in _checks():
        try:
            problem = check()
        except Exception as fault:
            problem = f"{type(fault).__name__}: {fault}"
        failed += bool(problem)
        print(f"{'✗' if problem else '✓'} {title}{'：' + problem if problem else ''}")
    return 1 if failed else 0


def _checks() -> Iterator[tuple[str, Callable[[], str]]]:
    yield "数据库 database", _database
    yield "行级权限 row-level security", _walls
    yield "区县 district", _district
    yield "前端资源 assets", _assets
    yield "演示账号 demo accounts", _demo_accounts
    yield "密钥文件 key files", _keys
    yield "后续更新 events", _events


def _database() -> str:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT show_trgm('铁山港区') <> '{}'")
        return (
            ""
            if cursor.fetchone()[0]
            else "检索不识汉字，请以 UTF-8 区域设置重建 / rebuild with a UTF-8 locale"
        )


def _walls() -> str:
    from django.db import connection

    from hulei.access.policies import walled_models

    tables = {m._meta.db_table for m in walled_models()}
    with connection.cursor() as cursor:
        cursor.execute("SELECT relname FROM pg_class WHERE relrowsecurity AND relforcerowsecurity")
        open_tables = tables - {row[0] for row in cursor.fetchall()}
        cursor.execute("SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user")
        too_strong = cursor.fetchone()[0]
    if open_tables:
        return "未启用 / open: " + ", ".join(sorted(open_tables))
    return "登录角色权限过大 / the login role bypasses the policies" if too_strong else ""


def _district() -> str:
    return "" if database.operator().district else "请运行 hulei init / run hulei init"


def _assets() -> str:
    from django.conf import settings

    found = settings.ASSETS_DIR.exists() and any(settings.ASSETS_DIR.iterdir())
    return "" if found else "请运行 make setup / run make setup"


def _demo_accounts() -> str:
    from django.conf import settings

    from hulei.access import queries
    from hulei.common import walls

    with walls.entered(database.operator()):
        present = queries.demo_accounts_unscoped().exists()
    if present and not settings.HULEI_DEMO:
        return "这是演示数据目录，不能用于生产 / demo accounts must not go into production"
    return ""


def _keys() -> str:
    from hulei.config.paths import data_dir

    wide = [p.name for p in (data_dir() / "keys").iterdir() if p.stat().st_mode & 0o077]
    return f"权限过宽，请 chmod 600 / too widely readable: {', '.join(wide)}" if wide else ""


def _events() -> str:
    from hulei.audit import queries
    from hulei.common import walls

    operator = database.operator()
    with walls.entered(operator):
        failing = queries.deliveries(operator).filter(delivered_at=None, tries__gt=0)
        told = sorted({f"{one.subscriber} ({one.fault})" for one in failing})
    if told:
        names = ", ".join(told)
        return f"未成功，会自动重试，原因见日志 / failed, will be tried again, see the log: {names}"
    return ""
