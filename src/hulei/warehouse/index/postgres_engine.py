"""The index on PostgreSQL, in temporary tables of one connection."""

from __future__ import annotations

from typing import Any

from psycopg import ClientCursor, Connection
from psycopg.sql import SQL, Identifier

from hulei.warehouse.index.tables import LINES, READINGS, STEPS, TABLES, Answer, Tables, generated

_SQL_KIND = {"integer": "integer", "bigint": "bigint", "date": "date", "boolean": "boolean"}


def score(tables: Tables, connection: Connection[Any]) -> Answer:
    """The readings and lines of all children. Everything is gone again with the transaction."""
    with connection.transaction(force_rollback=True), ClientCursor(connection) as cursor:
        for name, columns in TABLES.items():
            kinds = ", ".join(f"{column} {_SQL_KIND.get(kind, 'text')}" for column, kind in columns.items())
            cursor.execute(f"CREATE TEMPORARY TABLE {name} ({kinds})".encode())
            with cursor.copy(SQL("COPY pg_temp.{} FROM STDIN").format(Identifier(name))) as copy:
                for row in getattr(tables, name):
                    copy.write_row(row)
            cursor.execute(SQL("ANALYZE pg_temp.{}").format(Identifier(name)))
        for step in STEPS:
            # CREATE TABLE AS takes no parameters on the server, so the client's cursor fills them in
            text = f"CREATE TEMPORARY TABLE {step} AS {generated('postgres', step)}"
            cursor.execute(text.encode(), dict(tables.parameters))
        readings = cursor.execute(READINGS.encode()).fetchall()
        return Answer(readings, cursor.execute(LINES.encode()).fetchall())
