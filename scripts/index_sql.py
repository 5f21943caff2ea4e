"""Write the index's SQL for every engine from the text authored in DuckDB's dialect.

    .venv/bin/python scripts/index_sql.py          write src/hulei/warehouse/index/generated/
    .venv/bin/python scripts/index_sql.py --check  say what would change, status 1

The generator is pinned exactly in pyproject.toml: another version may write other SQL.
"""

from __future__ import annotations

import sys
from pathlib import Path

FOLDER = Path(__file__).resolve().parent.parent / "src" / "hulei" / "warehouse" / "index"
DIALECTS = ("duckdb", "postgres", "spark")


def texts() -> dict[Path, str]:
    """Every generated file with what it should hold."""
    import sqlglot

    found = {}
    for source in sorted((FOLDER / "authored").glob("*.sql")):
        (statement,) = sqlglot.parse(source.read_text(encoding="utf-8"), read="duckdb")
        assert statement is not None
        for dialect in DIALECTS:
            text = statement.sql(dialect=dialect, pretty=True, comments=False)
            found[FOLDER / "generated" / dialect / source.name] = text + "\n"
    return found


def main(words: list[str]) -> int:
    """Write, or with ``--check`` compare."""
    stale = [
        path
        for path, text in texts().items()
        if not path.exists() or path.read_text(encoding="utf-8") != text
    ]
    for path in stale:
        if "--check" not in words:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(texts()[path], encoding="utf-8")
        print(path.relative_to(FOLDER))
    return 1 if stale and "--check" in words else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
