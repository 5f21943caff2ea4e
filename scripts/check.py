"""Everything that must hold before a change goes in; ``check.py NAME...`` runs some of it.

All checks run even when one fails, so that a single run shows everything there is to mend.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent

CHECKS: dict[str, tuple[str, list[str]]] = {
    "ruff": ("代码规范 (lint)", [str(BIN / "ruff"), "check", "--quiet", "--output-format=concise", "."]),
    "format": ("代码格式 (format)", [str(BIN / "ruff"), "format", "--check", "--quiet", "."]),
    "objects": ("越权读取 (unscoped reads)", [sys.executable, "scripts/lint_objects.py"]),
    "imports": ("依赖方向 (import contracts)", [str(BIN / "lint-imports"), "--no-logo"]),
    "types": ("类型 (types)", [sys.executable, "-m", "mypy"]),
    "migrations": (
        "迁移完整 (migrations)",
        [sys.executable, "-W", "ignore", "-m", "django", "makemigrations", "--check", "--dry-run"],
    ),
    "docs": (
        "文档与结构 (docs and architecture)",
        [sys.executable, "-m", "pytest", "-q", "tests/docs", "tests/architecture"],
    ),
}


def main(names: list[str]) -> int:
    """1 when any check failed."""
    unknown = set(names) - set(CHECKS)
    if unknown:
        print(f"没有这项检查 (no such check): {', '.join(sorted(unknown))}", file=sys.stderr)
        return 2
    failed = [name for name in names or CHECKS if not _holds(name)]
    if failed:
        print(f"未通过 (failed): {', '.join(failed)}", file=sys.stderr)
    return 1 if failed else 0


def _holds(name: str) -> bool:
    title, words = CHECKS[name]
    if name == "docs":
        words = [word for word in words if not word.startswith("tests/") or (ROOT / word).exists()]
        if not any(word.startswith("tests/") for word in words):
            return True
    print(f"{title}… ", end="", flush=True)
    start = time.monotonic()
    done = subprocess.run(
        words,
        cwd=ROOT,
        env={"DJANGO_SETTINGS_MODULE": "hulei.config.settings.test", **os.environ},
        capture_output=True,
        text=True,
        errors="replace",
        check=False,
    )
    print(
        f"{'通过 ok' if done.returncode == 0 else '未通过 FAILED'} ({time.monotonic() - start:.0f} s)",
        flush=True,
    )
    if done.returncode != 0:
        print(f"{done.stdout}{done.stderr}".rstrip(), flush=True)
    return done.returncode == 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
