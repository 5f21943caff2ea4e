"""What the index costs in bulk: the generated SQL beside hand-written SQL, a bare GROUP BY and Python.

    .venv/bin/python bench/index_bulk.py [--children 1000000] [--growth 100000 1000000 10000000]

Makes children and three facts for each (skewed: some have many, most facts count, some do not), all
synthetic, in a DuckDB file under the data folder, two threads. Costs are CPU seconds of this process,
the least of several runs; ratios come from one run. Every answer is compared to the last row first.
The growth is measured under a memory limit of 1 GB.
"""

from __future__ import annotations

import argparse
import math
import re
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import duckdb

from hulei.config.paths import data_dir
from hulei.engine import rows, rulebook
from hulei.engine.facts import Child, Fact
from hulei.engine.scoring import Reading, read
from hulei.engine.terms import Confidence, Role, Status
from hulei.warehouse.index import duckdb_engine
from hulei.warehouse.index.tables import LINES, READINGS, TABLES

AS_OF = date(2026, 11, 1)
BOOK = rulebook.load()
EDITION = BOOK.edition(AS_OF)
PYTHON_CHILDREN = 100_000
GOALS = {"hand": 1.1, "group by": 3.0, "python": 9.0, "exponent": 1.05}

FACTS = """
WITH drawn AS (
  SELECT i::INTEGER AS fact_no, (random() ^ 1.4 * ($n - 1))::INTEGER AS child_no,
    least((random() ^ 1.3 * $types)::INTEGER, $types - 1) AS kind,
    random() AS a, random() AS b, random() AS c, random() AS d, random() AS e
  FROM range(3 * $n) AS t(i)
),
ruled AS (
  SELECT drawn.*, r.type, r.behaviour, r.verifier, $as_of - (b * r.days * 1.6)::INTEGER AS occurred_on
  FROM drawn JOIN (SELECT *, row_number() OVER () - 1 AS kind FROM rules) AS r USING (kind)
)
SELECT child_no, fact_no,
  CASE WHEN fact_no % 9 = 0 THEN coalesce(lag(fact_no) OVER mine, fact_no) ELSE fact_no END AS incident_no,
  type,
  CASE
    WHEN NOT behaviour THEN 'subject' WHEN a < 0.8 THEN 'principal' WHEN a < 0.9 THEN 'participant'
    WHEN a < 0.95 THEN 'present' ELSE 'coerced'
  END AS role,
  occurred_on, occurred_on + ((b * c * 60)::INTEGER) AS recorded_on,
  c < 0.97 AS two_persons,
  coalesce(verifier, 'police') AS verifier_agency, behaviour AND d < 0.97 AS decided,
  CASE WHEN e < 0.93 THEN 'documented' WHEN e < 0.97 THEN 'observed' ELSE 'alleged' END AS confidence,
  CASE
    WHEN d < 0.85 THEN 'verified' WHEN d < 0.93 THEN 'unverified' WHEN d < 0.95 THEN 'contested'
    WHEN d < 0.97 THEN 'rejected' WHEN d < 0.98 THEN 'superseded' ELSE 'sealed'
  END AS status
FROM ruled WINDOW mine AS (PARTITION BY child_no ORDER BY fact_no)
ORDER BY fact_no
"""

GROUP_BY = (
    "CREATE OR REPLACE TEMP TABLE bare AS "
    "SELECT child_no, count(*) AS n, max(fact_no) AS last FROM facts GROUP BY child_no"
)

# The hand-written SQL: what one would write for this rulebook and this day alone, without the generator.
HAND_ACTIVE = """
WITH who AS (
  SELECT child_no, (birth + INTERVAL 12 YEAR)::DATE AS twelve FROM children
  WHERE intake AND birth >= DATE '2008-11-01'
),
active AS (
  SELECT f.child_no, f.fact_no, r.rank, r.weight,
    CASE WHEN r.behaviour THEN f.incident_no ELSE r.slot END AS slot,
    CASE WHEN f.occurred_on + r.half_days > DATE '2026-11-01' THEN r.points ELSE r.half_points END AS points
  FROM facts AS f JOIN rules AS r USING (type) JOIN who USING (child_no)
  WHERE f.recorded_on <= DATE '2026-11-01' AND f.occurred_on <= DATE '2026-11-01'
    AND f.occurred_on + r.days > DATE '2026-11-01'
    AND f.status IN ('verified', 'unverified')
    AND CASE
      WHEN r.behaviour THEN f.status = 'verified' AND f.confidence = 'documented' AND f.decided
        AND f.role IN ('principal', 'participant') AND f.verifier_agency = r.verifier
        AND f.two_persons AND f.occurred_on > twelve
      ELSE f.status = 'verified' OR (r.urgent AND f.recorded_on + 30 > DATE '2026-11-01')
    END
)
"""
HAND = {
    "arg_max": HAND_ACTIVE
    + """
SELECT child_no, arg_max(fact_no, (rank * 1000 + points) * 4294967296 - fact_no) AS fact_no,
  max(rank) AS rank, any_value(weight) AS weight, max(rank * 1000 + points) % 1000 AS points
FROM active GROUP BY child_no, slot
""",
    "window": HAND_ACTIVE
    + """
SELECT child_no, fact_no, rank, weight, points FROM active
QUALIFY row_number() OVER (PARTITION BY child_no, slot ORDER BY rank DESC, points DESC, fact_no) = 1
""",
}
HAND_SUMS = """
SELECT child_no, CASE WHEN max(rank) >= 8 THEN 3 ELSE max(rank) // 2 END AS tier, max(rank % 2) AS urgent,
  sum(points) FILTER (rank > 1) AS b,
  sum(points) FILTER (weight = 1) AS guardianship, sum(points) FILTER (weight = 256) AS schooling,
  sum(points) FILTER (weight = 65536) AS economy, sum(points) FILTER (weight = 16777216) AS health,
  sum(points) FILTER (weight = 4294967296) AS harm, sum(points) FILTER (weight = 1099511627776) AS online
FROM hand_lines GROUP BY child_no
"""
HAND_READINGS = """
SELECT child_no, tier,
  CASE WHEN tier = 0 THEN '-' WHEN b >= [6, 14, 24][tier] THEN 'b' ELSE 'a' END AS grade, b AS behaviour,
  CASE WHEN urgent = 1 OR n >= 50 THEN 3 WHEN n >= 30 THEN 2 WHEN n >= 12 THEN 1 ELSE 0 END AS level,
  n AS need, urgent
FROM (
  SELECT child_no, tier, urgent, coalesce(b, 0) AS b,
    least(coalesce(guardianship, 0), 25) + least(coalesce(schooling, 0), 15) + least(coalesce(economy, 0), 15)
      + least(coalesce(health, 0), 15) + least(coalesce(harm, 0), 25) + least(coalesce(online, 0), 5) AS n
  FROM hand_sums
)
"""
HAND_CAPS = """
SELECT child_no, source, points FROM (
  SELECT child_no, unnest([-1, -2, -3, -4, -5, -6]) AS source,
    unnest([25 - guardianship, 15 - schooling, 15 - economy, 15 - health, 25 - harm, 5 - online]) AS points
  FROM hand_sums
  WHERE guardianship > 25 OR schooling > 15 OR economy > 15 OR health > 15 OR harm > 25 OR online > 5
) WHERE points < 0
"""


def hand(connection: duckdb.DuckDBPyConnection, variant: str) -> None:
    """The same answer by the hand-written SQL."""
    for name, text in (
        ("lines", HAND[variant]), ("sums", HAND_SUMS), ("readings", HAND_READINGS), ("caps", HAND_CAPS)
    ):  # fmt: skip
        connection.execute(f"CREATE OR REPLACE TEMP TABLE hand_{name} AS {text}")


def make(folder: Path, children: int) -> Path:
    """A database file with so many children; the same for the same number."""
    path = folder / f"{children}.duckdb"
    with duckdb.connect(path) as connection:
        connection.execute(f"SET threads = 2; SET memory_limit = '2GB'; SET temp_directory = '{folder}/temp'")
        connection.execute("SET enable_progress_bar = false; SELECT setseed(0.42)")
        duckdb_engine.create(connection, list(EDITION.rules))
        marks = ", ".join("?" * len(TABLES["rules"]))
        connection.executemany(f"INSERT INTO rules VALUES ({marks})", rows.rule_rows(EDITION))
        connection.execute(
            "INSERT INTO children SELECT i, DATE '2008-10-01' + (random() * 3650)::INTEGER, random() < 0.98 "
            "FROM range(?) AS t(i)",
            [children],
        )
        given = {"n": children, "types": len(EDITION.rules), "as_of": AS_OF}
        connection.execute(f"INSERT INTO facts {FACTS}", given)
    return path


def opened(path: Path, limit: str) -> duckdb.DuckDBPyConnection:
    """The file, with two threads under a memory limit."""
    connection = duckdb.connect(path)
    connection.execute(f"SET threads = 2; SET memory_limit = '{limit}'; SET enable_progress_bar = false")
    connection.execute(f"SET temp_directory = '{path.parent}/temp'; SET preserve_insertion_order = false")
    return connection


def cost(work: Callable[[], Any]) -> float:
    """CPU seconds of one call, all threads together."""
    start = time.process_time()
    work()
    return time.process_time() - start


def compare(path: Path, runs: int) -> dict[str, float]:
    """The least CPU seconds of each way, run in turn so that all meet the same machine."""
    parameters = rows.parameters(EDITION, AS_OF)
    best: dict[str, float] = {}
    with opened(path, "4GB") as connection:
        ways: dict[str, Callable[[], Any]] = {
            "generated": lambda: duckdb_engine.run(connection, parameters),
            "hand: arg_max": lambda: hand(connection, "arg_max"),
            "hand: window": lambda: hand(connection, "window"),
            "group by": lambda: connection.execute(GROUP_BY),
        }
        for _ in range(runs):
            for name, work in ways.items():
                best[name] = min(best.get(name, math.inf), cost(work))
        refuse_difference(connection)
        best["python"] = python_cost(connection)
    return best


def refuse_difference(connection: duckdb.DuckDBPyConnection) -> None:
    """The generated and the hand-written answer have the same rows."""
    hand_readings = re.sub(r"\breadings\b", "hand_readings", READINGS)
    hand_lines = re.sub(r"\bcounted\b", "hand_lines", re.sub(r"\bcaps\b", "hand_caps", LINES))
    for ours, theirs in ((READINGS, hand_readings), (LINES, hand_lines)):
        for one, other in ((ours, theirs), (theirs, ours)):
            text = f"SELECT count(*) FROM (({one}) EXCEPT ALL ({other}))"
            (differing,) = connection.execute(text).fetchone() or (1,)
            if differing:
                raise SystemExit(f"{differing} rows differ")


def python_cost(connection: duckdb.DuckDBPyConnection) -> float:
    """CPU seconds of the Python engine, from a part of the children; refuses any differing reading."""
    (total,) = connection.execute("SELECT count(*) FROM children").fetchone() or (0,)
    step = max(1, total // PYTHON_CHILDREN)
    numbers, children = python_children(connection, step)
    readings: list[Reading] = []
    seconds = cost(lambda: readings.extend(read(child, BOOK, AS_OF) for child in children))
    found = {row[0]: row[1:] for row in connection.execute(READINGS).fetchall() if row[0] % step == 0}
    for number, reading in zip(numbers, readings, strict=True):
        mine = (reading.tier, reading.grade, reading.behaviour_points)
        mine += (reading.level, reading.need_points, int(reading.urgent))  # type: ignore[assignment]
        if mine != found.get(number, rows.NIL):
            raise SystemExit(f"Python and SQL differ: {mine} {found.get(number)}")
    return seconds * total / len(children)


def python_children(connection: duckdb.DuckDBPyConnection, step: int) -> tuple[list[int], list[Child]]:
    """Every n-th child as the engine wants it."""
    facts: dict[int, list[Fact]] = {}
    columns = "child_no, fact_no, incident_no, type, role, occurred_on, recorded_on, two_persons, "
    columns += "verifier_agency, decided, confidence, status"
    for row in connection.execute(f"SELECT {columns} FROM facts WHERE child_no % {step} = 0").fetchall():
        made = Fact(
            f"{row[1]:09}", row[3], str(row[2]), Role(row[4]), row[5], row[6], Confidence(row[10]),
            Status(row[11]), None, "p1", "p2" if row[7] else "p1", row[8], "D" if row[9] else None,
        )  # fmt: skip
        facts.setdefault(row[0], []).append(made)
    people = connection.execute(f"SELECT child_no, birth, intake FROM children WHERE child_no % {step} = 0")
    found = sorted(people.fetchall())
    children = [
        Child(str(number), birth, "clue" if intake else None, tuple(facts.get(number, ())))
        for number, birth, intake in found
    ]
    return [row[0] for row in found], children


def growth(path: Path, runs: int) -> float:
    """CPU seconds of the generated SQL within 1 GB."""
    parameters = rows.parameters(EDITION, AS_OF)
    with opened(path, "1GB") as connection:
        return min(cost(lambda: duckdb_engine.run(connection, parameters)) for _ in range(runs))


def main() -> int:
    """Print the tables; 1 when a goal is missed."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])  # type: ignore[union-attr]
    parser.add_argument("--children", type=int, default=1_000_000)
    parser.add_argument("--growth", type=int, nargs="*", default=[100_000, 1_000_000, 10_000_000])
    parser.add_argument("--runs", type=int, default=5)
    given = parser.parse_args()
    data_dir().mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=data_dir()) as folder:
        made = make(Path(folder), given.children)
        missed = show_costs(given.children, compare(made, given.runs))
        made.unlink()
        seconds = {}
        for size in given.growth:
            made = make(Path(folder), size)
            seconds[size] = growth(made, 3 if size <= 1_000_000 else 2)
            made.unlink()
        missed += show_growth(seconds) if len(seconds) > 1 else 0
    return 1 if missed else 0


def show_costs(children: int, costs: dict[str, float]) -> int:
    """The first table: how many goals were missed."""
    print(f"{children:,} children, {3 * children:,} facts, DuckDB {duckdb.__version__}, 0 rows differ")
    print(f"{'way':<16}{'CPU s':>8}{'of ours':>10}")
    for name, seconds in costs.items():
        print(f"{name:<16}{seconds:>8.2f}{seconds / costs['generated']:>10.2f}")
    by_hand = min(seconds for name, seconds in costs.items() if name.startswith("hand"))
    ours = costs["generated"]
    return (
        _goal("generated / best hand-written", ours / by_hand, GOALS["hand"])
        + _goal("generated / bare GROUP BY", ours / costs["group by"], GOALS["group by"])
        + _goal("Python / generated", costs["python"] / ours, GOALS["python"], at_least=True)
    )


def show_growth(seconds: dict[int, float]) -> int:
    """The second table: the exponent between the smallest and the largest."""
    print(f"{'children':<16}{'CPU s':>8}{'  within 1 GB'}")
    for size, cost_of in seconds.items():
        print(f"{size:<16,}{cost_of:>8.2f}")
    small, large = min(seconds), max(seconds)
    exponent = math.log(seconds[large] / seconds[small]) / math.log(large / small)
    return _goal("exponent", exponent, GOALS["exponent"])


def _goal(name: str, value: float, bound: float, *, at_least: bool = False) -> int:
    held = value >= bound if at_least else value <= bound
    print(f"{name}: {value:.2f} ({'>=' if at_least else '<='} {bound}) {'ok' if held else 'MISSED'}")
    return 0 if held else 1


if __name__ == "__main__":
    sys.exit(main())
