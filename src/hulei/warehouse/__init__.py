"""Questions about very many rows, answered by DuckDB, PostgreSQL or Spark from the same SQL.

Knows tables, never models: whoever asks hands in rows and gets rows back.
"""
