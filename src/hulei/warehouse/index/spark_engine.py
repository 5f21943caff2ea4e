"""The index on Spark, an optional extra (``pip install hulei[spark]``) that needs Java 17 or later."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from hulei.warehouse.index.tables import LINES, READINGS, STEPS, TABLES, Answer, Tables, generated

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

_SQL_KIND = {"integer": "int", "bigint": "bigint", "date": "date", "boolean": "boolean"}


def score(tables: Tables, spark: SparkSession) -> Answer:
    """The readings and lines of all children."""
    for name, columns in TABLES.items():
        schema = ", ".join(f"{column} {_SQL_KIND.get(kind, 'string')}" for column, kind in columns.items())
        spark.createDataFrame(list(getattr(tables, name)), schema).createOrReplaceTempView(name)
    made = []
    for step in STEPS:
        text = generated("spark", step)
        used: dict[str, Any] = {name: tables.parameters[name] for name in re.findall(r":(\w+)", text)}
        made.append(spark.sql(text, args=used).cache())
        made[-1].createOrReplaceTempView(step)
    answer = Answer(
        [tuple(row) for row in spark.sql(READINGS).collect()],
        [tuple(row) for row in spark.sql(LINES).collect()],
    )
    for frame in made:
        frame.unpersist()
    return answer


def local_session() -> SparkSession:
    """A session on this machine's cores. Raises ImportError where pyspark is not installed."""
    from pyspark.sql import SparkSession

    builder = SparkSession.builder.master("local[2]").appName("hulei index")
    for key, value in {
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        "spark.sql.shuffle.partitions": "4",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.driver.host": "127.0.0.1",
        "spark.log.level": "ERROR",
    }.items():
        builder = builder.config(key, value)
    return builder.getOrCreate()
