"""The committed SQL is what the pinned generator writes, and names no column that it must not know."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest
import sqlglot
from sqlglot import exp
from sqlglot.optimizer.qualify import qualify

from hulei.warehouse.index.tables import STEPS, TABLES, generated

ROOT = Path(__file__).resolve().parents[4]
DIALECTS = ("duckdb", "postgres", "spark")
MADE = {
    "counted": dict.fromkeys(("child_no", "fact_no", "rank", "weight", "points"), "int"),
    "readings": dict.fromkeys(("child_no", "packed"), "int"),
}


@pytest.fixture(scope="module")
def script() -> ModuleType:
    spec = importlib.util.spec_from_file_location("index_sql", ROOT / "scripts" / "index_sql.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_committed_sql_is_what_the_generator_writes(script: ModuleType) -> None:
    texts = script.texts()
    assert {path for path in (script.FOLDER / "generated").rglob("*.sql")} == set(texts)
    for path, text in texts.items():
        assert path.read_text(encoding="utf-8") == text, f"{path.name}: run scripts/index_sql.py"


def test_the_generator_is_the_pinned_one() -> None:
    project = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    assert f'"sqlglot=={sqlglot.__version__}"' in project


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("dialect", DIALECTS)
def test_the_sql_reads_known_columns_of_known_tables(dialect: str, step: str) -> None:
    """Qualifying against the whitelist fails on any other table or column."""
    schema = {**TABLES, **MADE}
    kinds = {table: dict.fromkeys(columns, "int") for table, columns in schema.items()}
    statement = sqlglot.parse_one(generated(dialect, step).replace("%(", ":").replace(")s", ""), read=dialect)
    found = qualify(statement, schema=kinds, dialect=dialect, validate_qualify_columns=True)
    own = {cte.alias for cte in found.find_all(exp.CTE)} | {sub.alias for sub in found.find_all(exp.Subquery)}
    assert {table.name for table in found.find_all(exp.Table)} - own <= set(schema)


@pytest.mark.parametrize("step", STEPS)
def test_the_sql_only_reads_and_computes_in_integers(step: str) -> None:
    statement = sqlglot.parse_one(generated("duckdb", step), read="duckdb")
    assert isinstance(statement, exp.Query)
    assert not list(statement.find_all(exp.Div))
    casts = {cast.to.sql() for cast in statement.find_all(exp.Cast)}
    assert casts <= {"DATE", "BIGINT"}


def test_the_generator_is_no_part_of_an_installation() -> None:
    for name in ("hulei.warehouse.index", "hulei.warehouse.index.tables"):
        assert "sqlglot" not in vars(sys.modules[name])
