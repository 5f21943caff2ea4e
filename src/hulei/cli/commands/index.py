"""The index at the command line: files of children in, readings out; needs no district and no Django."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import date
from functools import partial
from itertools import islice
from pathlib import Path
from typing import TextIO

from hulei.cli.errors import UserMistake
from hulei.engine import exchange
from hulei.engine.facts import Child
from hulei.engine.rows import assemble, flatten
from hulei.engine.rulebook import Rulebook, load
from hulei.engine.rulebook.loader import refuse_unknown_articles
from hulei.engine.scoring import Reading, read

ENGINES = ("python", "duckdb", "postgres", "spark")
_BATCH = 100_000
"""Children that are in memory at a time."""

Scorer = Callable[[Sequence[Child]], Sequence[Reading]]


def score(arguments: argparse.Namespace) -> int:
    """Score a file: a reading per child in the order of the file; 1 when lines were malformed."""
    rulebook = _rulebook()
    with ExitStack() as stack:
        children = _Children(Path(arguments.file), rulebook)
        scorer = stack.enter_context(_scorer(arguments.engine, rulebook, arguments.as_of))
        out = stack.enter_context(_output(arguments.out))
        rest = iter(children)
        while batch := list(islice(rest, _BATCH)):
            for reading in scorer(batch):
                out.write(exchange.write_line(reading) + "\n")
    return 1 if children.malformed else 0


def schema(arguments: argparse.Namespace) -> int:
    """Print the JSON schema of the lines."""
    from hulei.engine.schema import schema as made

    print(json.dumps(made(_rulebook()), ensure_ascii=False, indent=2))
    return 0


def explain(arguments: argparse.Namespace) -> int:
    """Say in both languages why a child's reading is what it is, and what would alter it."""
    from hulei.engine.explaining import explain as explained

    rulebook = _rulebook()
    children = _Children(Path(arguments.file), rulebook)
    shown = 0
    for child in children:
        if arguments.child in (None, child.child):
            shown += 1
            print(child.child)
            for zh, en in explained(child, rulebook, arguments.as_of).texts:
                print(f"  {zh}\n    {en}")
    if not shown:
        raise UserMistake("文件中没有这名未成年人。", "the file does not hold this child.")
    return 1 if children.malformed else 0


def rulebook(arguments: argparse.Namespace) -> int:
    """Print the rules in force on a day; the rulebook has been checked against the statutes."""
    book = _rulebook()
    edition = book.edition(arguments.as_of or date.today())
    print(f"rulebook {book.digest}")
    for rule in edition.rules.values():
        where = f"B{rule.tier}" if rule.tier else str(rule.domain)
        basis = " ".join(book.rules[rule.type].basis)
        urgent = " 紧急 urgent" if rule.urgent else ""
        print(f"{rule.type}\t{where}\t{rule.points}\t{rule.days}\t{basis}\t{rule.label[0]}{urgent}")
    for name, value in edition.parameters.items():
        print(f"{name}\t{value}\t{' '.join(book.parameters[name].basis)}\t{book.parameters[name].label[0]}")
    return 0


def _rulebook() -> Rulebook:
    """The rulebook, every basis of which the catalogue of statutes knows."""
    from hulei.statutes.catalogue import load as statutes

    book = load()
    refuse_unknown_articles(book, statutes().articles)
    return book


class _Children:
    """The children of a file; malformed lines are told on standard error, counted and left out."""

    def __init__(self, path: Path, rulebook: Rulebook) -> None:
        self.path = path
        self.types = frozenset(rulebook.rules)
        self.malformed = 0
        if not path.is_file():
            raise UserMistake(f"没有文件 {path}。", f"there is no file {path}.")

    def __iter__(self) -> Iterator[Child]:
        with self.path.open("rb") as lines:
            for number, line in enumerate(lines, 1):
                line = line.removeprefix(b"\xef\xbb\xbf") if number == 1 else line
                if not line.strip():
                    continue
                try:
                    child = exchange.parse_line(line, self.types)
                except exchange.Malformed as fault:
                    self._tell(number, fault)
                else:
                    yield child

    def _tell(self, number: int, fault: exchange.Malformed) -> None:
        self.malformed += 1
        zh, en = fault.text
        where = f" {fault.where}" if fault.where else ""
        print(f"第 {number} 行 line {number}: {fault.code}{where}: {zh} / {en}", file=sys.stderr)


@contextmanager
def _output(name: str | None) -> Iterator[TextIO]:
    """Standard output, or a file that appears only when it is complete."""
    if name is None:
        yield sys.stdout
        return
    target = Path(name)
    part = target.with_name(target.name + ".part")
    try:
        with part.open("w", encoding="utf-8", newline="\n") as out:
            yield out
        os.replace(part, target)
    except OSError as fault:
        raise UserMistake(f"无法写入 {target}：{fault.strerror}", f"cannot write {target}") from fault
    finally:
        part.unlink(missing_ok=True)


@contextmanager
def _scorer(engine: str, rulebook: Rulebook, as_of: date) -> Iterator[Scorer]:
    """The function that scores a batch on an engine; what the engine needs is held meanwhile."""
    if engine == "python":
        yield lambda batch: [read(child, rulebook, as_of) for child in batch]
        return
    with ExitStack() as stack:
        ask = stack.enter_context({"duckdb": _duckdb, "postgres": _postgres, "spark": _spark}[engine]())
        yield partial(_in_bulk, ask, rulebook, as_of)


def _in_bulk(ask: Callable, rulebook: Rulebook, as_of: date, batch: Sequence[Child]) -> Sequence[Reading]:
    edition = rulebook.edition(as_of)
    rows = flatten(batch, edition, as_of)
    answer = ask(rows)
    return assemble(rows, edition, answer.readings, answer.lines)


@contextmanager
def _duckdb() -> Iterator[Callable]:
    from hulei.warehouse.index import duckdb_engine

    yield duckdb_engine.score


@contextmanager
def _postgres() -> Iterator[Callable]:
    """The project's own PostgreSQL, in temporary tables: no district has to be founded."""
    from hulei.config.paths import data_dir
    from hulei.postgres import connect
    from hulei.warehouse.index import postgres_engine

    with ExitStack() as stack:
        server = connect.hold(data_dir())
        if server is not None:
            stack.enter_context(server)
        settings = connect.admin_url(data_dir())
        connection = stack.enter_context(connect.connect(settings, database="postgres"))
        yield lambda rows: postgres_engine.score(rows, connection)


@contextmanager
def _spark() -> Iterator[Callable]:
    from hulei.warehouse.index import spark_engine

    try:
        import pyspark  # noqa: F401  an optional extra
    except ImportError as fault:
        raise UserMistake(
            "未安装 pyspark；请以 hulei[spark] 安装，并备好 Java 17 以上。",
            "pyspark is not installed: install hulei[spark], and Java 17 or later.",
        ) from fault
    session = spark_engine.local_session()
    try:
        yield lambda rows: spark_engine.score(rows, session)
    finally:
        session.stop()
