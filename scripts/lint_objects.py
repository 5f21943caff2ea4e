"""Bans ``.objects`` outside queries and actions: reads past them would not know the viewer.

Import contracts cannot see this. Allowed are ``queries``, ``actions`` and ``models`` (modules or
folders of these names), migrations and tests. A line may be excepted with ``# unscoped: reason``.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
MANAGERS = {"objects", "_default_manager", "_base_manager"}
HOMES = {"queries", "actions", "models", "migrations", "tests"}
EXCEPTION = "# unscoped: "


def findings(source: str, path: Path) -> Iterator[str]:
    """One line for each use of a manager in a place where none belongs."""
    if HOMES & {*path.parent.parts, path.stem}:
        return
    lines = source.splitlines()
    try:
        tree = ast.parse(source, str(path))
    except SyntaxError as trouble:
        yield f"{path}:{trouble.lineno}: 语法错误 (syntax error)"
        return
    for node in ast.walk(tree):
        if not isinstance(node, ast.Attribute) or node.attr not in MANAGERS:
            continue
        _, marked, reason = lines[node.lineno - 1].partition(EXCEPTION)
        if not (marked and reason.strip()):
            yield (
                f"{path}:{node.lineno}: .{node.attr} 只能写在 queries 或 actions 中"
                f" (.{node.attr} belongs into queries or actions)"
            )


def main() -> int:
    """1 when there is any finding."""
    found = [
        line
        for path in sorted((ROOT / "src").rglob("*.py"))
        for line in findings(path.read_text(encoding="utf-8"), path.relative_to(ROOT))
    ]
    print("\n".join(found), end="\n" if found else "")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
