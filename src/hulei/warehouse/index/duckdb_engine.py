"""The index on DuckDB, in this process and in memory."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from itertools import islice
from typing import TYPE_CHECKING, Any

from hulei.warehouse.index.tables import (
    CLOSED,
    LINES,
    READINGS,
    STEPS,
    TABLES,
    Answer,
    Row,
    Tables,
    generated,
)

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_BATCH = 50_000
_SQL_KIND = {
    "integer": "INTEGER",
    "bigint": "BIGINT",
    "date": "DATE",
    "boolean": "BOOLEAN",
    "text": "VARCHAR",
}


def score(tables: Tables) -> Answer:
    """The readings and lines of all children."""
    import duckdb

    with duckdb.connect() as connection:
        # a progress bar would run into readings on standard output
        connection.execute("SET enable_progress_bar = false; SET preserve_insertion_order = false")
        create(connection, [row[0] for row in tables.rules])
        for name in TABLES:
            _fill(connection, name, getattr(tables, name))
        run(connection, tables.parameters)
        return Answer(connection.execute(READINGS).fetchall(), connection.execute(LINES).fetchall())


def create(connection: DuckDBPyConnection, types: Sequence[str]) -> None:
    """Make the empty tables; ``types`` are those of the rulebook."""
    for name, values in {**CLOSED, "fact_type": types}.items():
        connection.execute(f"CREATE TYPE {name} AS ENUM ({', '.join(map(_quoted, values))})")
    for name, columns in TABLES.items():
        listed = ", ".join(f"{column} {_SQL_KIND.get(kind, kind)}" for column, kind in columns.items())
        connection.execute(f"CREATE TABLE {name} ({listed})")


def run(connection: DuckDBPyConnection, parameters: Mapping[str, Any], steps: Sequence[str] = STEPS) -> None:
    """Take the steps over filled tables: then ``counted``, ``caps`` and ``readings`` hold the answer."""
    for step in steps:
        text = generated("duckdb", step)
        used = {name: parameters[name] for name in re.findall(r"\$(\w+)", text)}
        connection.execute(f"CREATE OR REPLACE TEMPORARY TABLE {step} AS {text}", used)


def _fill(connection: DuckDBPyConnection, name: str, rows: Sequence[Row]) -> None:
    """Whole columns at a time: a statement per row would take minutes."""
    kinds = TABLES[name].values()
    values = ", ".join(f"unnest(?::{_carried(kind)}[])" for kind in kinds)
    rest = iter(rows)
    while batch := list(islice(rest, _BATCH)):
        columns = [list(column) for column in zip(*batch, strict=True)]
        connection.execute(f"INSERT INTO {name} SELECT {values}", columns)


def _carried(kind: str) -> str:
    return _SQL_KIND.get(kind, "VARCHAR")


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
