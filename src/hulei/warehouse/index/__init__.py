"""The index in bulk: one SQL text, authored in DuckDB's dialect in ``authored/``, three engines.

``generated/`` is written by ``scripts/index_sql.py`` with an exactly pinned sqlglot and committed, so that
no installation needs it. ``run(engine)`` gives the function that scores rows on an engine.
"""

from __future__ import annotations

from hulei.warehouse.index.tables import Answer, Tables

__all__ = ["Answer", "Tables"]
