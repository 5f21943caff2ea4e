"""Which PostgreSQL servers are safe to use."""

from __future__ import annotations

from hulei.postgres.errors import DatabaseTrouble

SAFE_MINOR = {15: 14, 16: 10, 17: 6}
"""First minor version without the leaks past row-level security of CVE-2025-8713, -8714, -8715."""

OLDEST_MAJOR = min(SAFE_MINOR)


def refuse_unsafe(server_version: int) -> None:
    """Raise :class:`DatabaseTrouble` for a server (as ``server_version_num``) that must not be used."""
    major, minor = divmod(server_version, 10000)
    if major < OLDEST_MAJOR:
        raise DatabaseTrouble(
            f"PostgreSQL {major} 过旧,请使用 {OLDEST_MAJOR} 版以上。",
            f"PostgreSQL {major} is too old; use version {OLDEST_MAJOR} or later.",
        )
    needed = SAFE_MINOR.get(major, 0)
    if minor < needed:
        raise DatabaseTrouble(
            f"PostgreSQL {major}.{minor} 的行级安全存在泄露漏洞(CVE-2025-8713 至 8715),"
            f"请先升级到 {major}.{needed} 以上。",
            f"PostgreSQL {major}.{minor} leaks past row-level security (CVE-2025-8713 to -8715); "
            f"upgrade it to {major}.{needed} or later first.",
        )
