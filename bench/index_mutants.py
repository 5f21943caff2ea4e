"""Plant faults in the index, one at a time, and count which the tests find.

    .venv/bin/python bench/index_mutants.py [--most 120] [--only python|sql] [--verbose]

Faults are planted in a copy of the sources: in the Python engine (comparisons, connectives, signs,
constants, maxima, returned values) and in the SQL for DuckDB (comparisons, conditions left out,
directions, aggregates, constants). A fault is killed when a test of the index fails. Survivors are
named; docs/index.md says why each may live. Not part of ``make test``: it takes minutes.
"""

from __future__ import annotations

import argparse
import ast
import os
import re
import shutil
import signal
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

# loaded once, before the forks
import duckdb  # noqa: F401
import hypothesis  # noqa: F401
import psycopg  # noqa: F401
import pytest
import yaml  # noqa: F401

os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
sys.dont_write_bytecode = True  # a stale one would hide the next fault
MOST_SECONDS = 300
"""A fault that makes the tests run on for ever is a fault found."""

ROOT = Path(__file__).resolve().parent.parent
ENGINE = Path("src/hulei/engine")
SQL = Path("src/hulei/warehouse/index/generated/duckdb")
PYTHON_FILES = (
    *(ENGINE / name for name in ("scoring.py", "facts.py", "rows.py", "explaining.py")),
    ENGINE / "rulebook" / "records.py",
)
PARITY = "src/hulei/warehouse/tests/test_parity.py"
TESTS = {
    "python": [
        str(ENGINE / "tests" / "test_semantics.py"),
        PARITY,
        *(str(ENGINE / "tests" / f"test_{name}.py") for name in ("rulebook", "explaining", "invariants")),
    ],
    "sql": [PARITY],
}
SWAPS: dict[type[ast.AST], type[ast.AST]] = {
    **{ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq},
    **{ast.NotEq: ast.Eq, ast.Is: ast.IsNot, ast.IsNot: ast.Is, ast.In: ast.NotIn, ast.NotIn: ast.In},
    **{ast.Add: ast.Sub, ast.Sub: ast.Add, ast.And: ast.Or, ast.Or: ast.And, ast.FloorDiv: ast.Mult},
}


@dataclass(frozen=True)
class Mutant:
    """One planted fault: the file's new text, and what was done where."""

    kind: str
    path: Path
    line: int
    what: str
    text: str


def python_mutants(path: Path) -> Iterator[Mutant]:
    """Every fault that the operators can plant in a module; labels and docstrings are left alone."""
    source = (ROOT / path).read_text(encoding="utf-8")
    nodes = [node for node in ast.walk(ast.parse(source)) if not isinstance(node, ast.JoinedStr)]
    for number in range(len(nodes)):
        tree = ast.parse(source)
        node = [n for n in ast.walk(tree) if not isinstance(n, ast.JoinedStr)][number]
        for what in _plant(node):
            text = ast.unparse(ast.fix_missing_locations(tree))
            yield Mutant("python", path, getattr(node, "lineno", 0), what, text)


def _plant(node: ast.AST) -> Iterator[str]:
    """Change the node in place and say how; at most one change a node."""
    if isinstance(node, ast.Compare) and type(node.ops[0]) in SWAPS:
        before = ast.unparse(node)
        node.ops[0] = SWAPS[type(node.ops[0])]()  # type: ignore[assignment]
        yield f"{before}  ->  {ast.unparse(node)}"
    elif _joins(node):
        before = ast.unparse(node)
        node.op = SWAPS[type(node.op)]()  # type: ignore[attr-defined]
        yield f"{before}  ->  {ast.unparse(node)}"
    elif isinstance(node, ast.IfExp):
        before = ast.unparse(node)
        node.body, node.orelse = node.orelse, node.body
        yield f"{before}  ->  {ast.unparse(node)}"
    elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("max", "any"):
        before = ast.unparse(node)
        node.func.id = {"max": "min", "any": "all"}[node.func.id]
        yield f"{before}  ->  {ast.unparse(node)}"
    elif isinstance(node, ast.Constant) and type(node.value) is int:
        node.value += 1
        yield f"{node.value - 1}  ->  {node.value}"


def _joins(node: ast.AST) -> bool:
    return isinstance(node, (ast.BinOp, ast.BoolOp)) and type(node.op) in SWAPS


SQL_SWAPS = (
    (r"<= (?=\$)", "< "), (r" > (?=\$)", " >= "), (r">= (?=\$)", "> "), (r" > e\.", " >= e."),
    (r"c\.intake", "NOT c.intake"), (r" DESC", " ASC"), (r"\) = 1$", ") = 2"),
    (r"fact_no\) = 1", "fact_no DESC) = 1"),
    (r"BIT_OR\(", "MAX("), (r"LEAST\(", "GREATEST("), (r"& 255", "& 127"), (r">> (\d+)", r">> (\g<1> + 1)"),
    (r"ranks >= (\d)", r"ranks > \g<1>"), (r"NOT r\.behaviour", "r.behaviour"),
    (r"'documented'", "'observed'"),
    (r"'principal', 'participant'", "'principal'"), (r"'principal', ", "'principal', 'present', "),
    (r"'verified', 'unverified'", "'verified'"), (r"'verified', ", "'verified', 'contested', "),
    (r"r\.half_days", "r.days"), (r"r\.half_points", "r.points"), (r"f\.recorded_on \+", "f.occurred_on +"),
    (r"child_no, slot", "child_no"), (r"PARTITION BY child_no, ", "PARTITION BY "),
    (r"urgent = 1", "urgent = 0"),
    (r"WHEN tier = 0", "WHEN tier = 1"), (r"THEN (\d)$", r"THEN 0\g<1> - 1"), (r" - \($", " + ("),
    (r"\+ LEAST", "- LEAST"), (r"ranks & 1", "0"), (r"-(\d) AS source", r"-(\g<1> + 1) AS source"),
    (r"points \* weight", "weight"),
    (r"\$grade_b_(\d)", r"$grade_b_\g<1> + 1"), (r"\$age_floor", "($age_floor + 1)"), (r"'b'", "'a'"),
    (r"ELSE 0", "ELSE 1"), (r"rank DESC, ", ""), (r"points DESC, ", ""),
    (r"c\.intake AND ", ""), (r"f\.incident_no AS slot", "f.fact_no AS slot"),
    (r"r\.slot", "f.fact_no AS slot"),
    (r"^ +AND f\.[^\n]*$", ""), (r"^ +AND \($", " OR ("),
)  # fmt: skip


def sql_mutants(path: Path) -> Iterator[Mutant]:
    """Every fault that the patterns can plant in a statement."""
    source = (ROOT / path).read_text(encoding="utf-8")
    for pattern, replacement in SQL_SWAPS:
        for found in re.finditer(pattern, source, re.MULTILINE):
            text = source[: found.start()] + found.expand(replacement) + source[found.end() :]
            line = source.count("\n", 0, found.start()) + 1
            before = source.splitlines()[line - 1].strip()
            yield Mutant("sql", path, line, f"{before}: {found[0].strip()}  ->  {replacement}", text)


def chosen(most: int, only: str | None) -> list[Mutant]:
    """The faults to plant: of each kind as many as fit, evenly spread over the sources."""
    sql = [m for path in sorted((ROOT / SQL).glob("*.sql")) for m in sql_mutants(path.relative_to(ROOT))]
    python = [mutant for path in PYTHON_FILES for mutant in python_mutants(path)]
    kinds = [found for kind, found in (("python", python), ("sql", sql)) if only in (None, kind)]
    room = most // len(kinds)
    return [mutant for found in kinds for mutant in found[:: max(1, -(-len(found) // room))]]


def survives(mutant: Mutant, copy: Path) -> bool:
    """Plant the fault in a copy of the sources, run the tests, put the copy in order again."""
    target = copy / mutant.path
    good = target.read_bytes()
    target.write_text(mutant.text, encoding="utf-8")
    try:
        return _passes(TESTS[mutant.kind], copy)
    finally:
        target.write_bytes(good)


def _passes(tests: list[str], copy: Path) -> bool:
    """Run tests in a fork of this process, which has the libraries loaded but nothing of ours."""
    child = os.fork()
    if child == 0:
        os.chdir(copy)
        sys.path.insert(0, str(copy / "src"))
        silent = os.open(os.devnull, os.O_WRONLY)
        os.dup2(silent, 1)
        os.dup2(silent, 2)
        signal.alarm(MOST_SECONDS)
        words = ["-q", "-x", "-p", "no:cacheprovider", "-k", "not spark and not postgres"]
        os._exit(int(pytest.main([*words, *tests])))
    _, status = os.waitpid(child, 0)
    return os.WIFEXITED(status) and os.WEXITSTATUS(status) == 0


def main() -> int:
    """Print each survivor and the score; 1 when the unchanged sources already fail."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])  # type: ignore[union-attr]
    parser.add_argument("--most", type=int, default=120)
    parser.add_argument("--only", choices=("python", "sql"))
    parser.add_argument("--verbose", action="store_true")
    given = parser.parse_args()
    mutants = chosen(given.most, given.only)
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder)
        for name in ("src", "pyproject.toml", "conftest.py", "scripts"):
            _copy(ROOT / name, copy / name)
        for kind in sorted({mutant.kind for mutant in mutants}):
            clean = Mutant(kind, PYTHON_FILES[0], 0, "", (ROOT / PYTHON_FILES[0]).read_text(encoding="utf-8"))
            if not survives(clean, copy):
                print("the tests fail without any fault", file=sys.stderr)
                return 1
        results = [(mutant, _run(mutant, copy, given.verbose)) for mutant in mutants]
    _report(results)
    return 0


def _copy(source: Path, target: Path) -> None:
    if source.is_dir():
        shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__"))
    else:
        shutil.copy(source, target)


def _run(mutant: Mutant, copy: Path, verbose: bool) -> bool:
    alive = survives(mutant, copy)
    if verbose or alive:
        state = "SURVIVED" if alive else "killed  "
        print(f"{state} {mutant.path}:{mutant.line}: {mutant.what}", flush=True)
    return alive


def _report(results: list[tuple[Mutant, bool]]) -> None:
    for kind in TESTS:
        alive = [state for mutant, state in results if mutant.kind == kind]
        if alive:
            print(f"{kind}: {len(alive)} planted, {len(alive) - sum(alive)} killed, {sum(alive)} survived")


if __name__ == "__main__":
    sys.exit(main())
