"""Every engine gives the same lines as the Python reference: thousands of children, none differing."""

from __future__ import annotations

import importlib.util
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from hulei.engine import exchange, scoring
from hulei.engine.facts import Child
from hulei.engine.rows import Rows, assemble, flatten
from hulei.engine.rulebook import Rulebook
from hulei.engine.terms import Axis
from hulei.engine.tests.children import AS_OF, BOOK, DAYS, NEEDS, child, fact, many
from hulei.warehouse.index import duckdb_engine
from hulei.warehouse.index.tables import TABLES, Answer

Engine = Callable[[Rows], Answer]


def _postgres(stack: ExitStack) -> Engine:
    from django.conf import settings

    from hulei.postgres import connect
    from hulei.warehouse.index import postgres_engine

    server = connect.hold(settings.DATA_DIR, durable=False)
    if server is not None:
        stack.enter_context(server)
    admin = connect.admin_url(settings.DATA_DIR)
    connection = stack.enter_context(connect.connect(admin, database="postgres"))
    return lambda rows: postgres_engine.score(rows, connection)


def _spark(stack: ExitStack) -> Engine:
    if importlib.util.find_spec("pyspark") is None:
        pytest.skip("pyspark is not installed (it is an optional extra)")
    if shutil.which("java") is None:
        pytest.skip("Spark needs Java, which this machine does not have")
    from hulei.warehouse.index import spark_engine

    session = spark_engine.local_session()
    stack.callback(session.stop)
    return lambda rows: spark_engine.score(rows, session)


@pytest.fixture(scope="module", params=["duckdb", "postgres", "spark"])
def engine(request: pytest.FixtureRequest) -> Iterator[Engine]:
    with ExitStack() as stack:
        made: dict[str, Callable[[ExitStack], Engine]] = {
            "duckdb": lambda stack: duckdb_engine.score,
            "postgres": _postgres,
            "spark": _spark,
        }
        yield made[request.param](stack)


def differing(engine: Engine, children: Sequence[Child], as_of: date, book: Rulebook = BOOK) -> list[Any]:
    """(expected, found) of every child whose line differs."""
    edition = book.edition(as_of)
    rows = flatten(children, edition, as_of)
    answer = engine(rows)
    found = [exchange.write_line(r) for r in assemble(rows, edition, answer.readings, answer.lines)]
    expected = [exchange.write_line(scoring.read(c, book, as_of)) for c in children]
    assert len(found) == len(expected)
    return [pair for pair in zip(expected, found, strict=True) if pair[0] != pair[1]]


def test_rows_have_the_columns_of_the_tables() -> None:
    rows = flatten(many(5, 1, AS_OF), BOOK.edition(AS_OF), AS_OF)
    for name, columns in TABLES.items():
        assert {len(row) for row in getattr(rows, name)} == {len(columns)}


@pytest.mark.parametrize("as_of", DAYS[:4])
def test_thousands_of_children_do_not_differ(engine: Engine, as_of: date) -> None:
    assert differing(engine, many(1500, as_of.toordinal(), as_of), as_of) == []


def test_every_birthday_around_a_leap_day(engine: Engine) -> None:
    for as_of in (
        date(2028, 2, 28),
        date(2028, 2, 29),
        date(2028, 3, 1),
        date(2026, 2, 28),
        date(2026, 3, 1),
    ):
        made = [
            child(
                fact("theft", occurred_on=day, recorded_on=day), fact("abuse", occurred_on=as_of), birth=birth
            )
            for years in (12, 14, 16, 18)
            for birth in (
                date(as_of.year - years, 2, 28),
                date(as_of.year - years, 3, 1),
                _leap(as_of, years),
            )
            for day in (as_of, as_of.replace(day=1))
        ]
        assert differing(engine, made, as_of) == []


def _leap(as_of: date, years: int) -> date:
    year = as_of.year - years
    return date(year - year % 4, 2, 29)


def test_another_rulebook_with_other_numbers(engine: Engine) -> None:
    """Nothing of today's numbers is in the SQL: with others, where acts of one tier differ, they agree."""
    rules = {
        key: replace(entry, values=(replace(entry.values[0], numbers={"points": 3 + n, "days": 91 + 7 * n}),))
        for n, (key, entry) in enumerate(BOOK.rules.items())
    }
    parameters = {
        key: replace(entry, values=(replace(entry.values[0], numbers={"value": _other(key, entry)}),))
        for key, entry in BOOK.parameters.items()
    }
    book = Rulebook(rules, parameters)
    children = [*many(1500, 77, AS_OF), child(*(fact(kind) for kind in NEEDS))]
    assert differing(engine, children, AS_OF, book) == []
    capped = scoring.read(children[-1], book, AS_OF)
    assert len([line for line in capped.lines if line.points < 0]) == 6


def _book(points: Callable[[str], int], caps: Callable[[str], int]) -> Rulebook:
    """A rulebook with these points by the name of the domain's cap, and these caps."""
    rules = {
        key: replace(
            entry,
            values=(
                replace(entry.values[0], numbers={"points": points(f"cap_{entry.domain}"), "days": 300}),
            ),
        )
        for key, entry in BOOK.rules.items()
    }
    parameters = {
        key: replace(entry, values=(replace(entry.values[0], numbers={"value": caps(key)}),))
        if key.startswith("cap_")
        else entry
        for key, entry in BOOK.parameters.items()
    }
    return Rulebook(rules, parameters)


@pytest.mark.parametrize(("over", "caps"), [(0, 0), (-1, 6), (1, 0)])
def test_a_domain_exactly_at_its_cap_just_below_and_just_above(engine: Engine, over: int, caps: int) -> None:
    kinds: dict[str, set[str]] = {}
    for entry in BOOK.rules.values():
        if entry.domain is not None:
            kinds.setdefault(f"cap_{entry.domain}", set()).add(entry.counts_as)

    def each(key: str) -> int:
        return 240 // len(kinds[key]) if key in kinds else 4

    book = _book(each, lambda key: each(key) * len(kinds[key]) + over)
    everything = child(*(fact(kind) for kind in NEEDS))
    assert differing(engine, [everything], AS_OF, book) == []
    found = scoring.read(everything, book, AS_OF)
    assert len([line for line in found.lines if line.points < 0]) == caps
    assert found.need_points > 127 * 6


def _other(key: str, entry: Any) -> int:
    value = entry.values[0].numbers["value"]
    return {"age_floor": 13, "adult_age": 17, "halving": 3}.get(key, 3 if key == "cap_economy" else value + 2)


def test_strange_texts_come_back_unchanged(engine: Engine) -> None:
    names = [
        "",
        " ",
        "'; DROP TABLE facts; --",
        "\\N",
        "NULL",
        "\t\n\r",
        "😀",
        "é",
        "é",
        "ß",
        "%(as_of)s",
        "$as_of",
    ]
    made = [
        replace(child(fact("theft", id=f"x{name}", statute=name or None, incident=name)), child=name or "-")
        for name in names
    ]
    assert differing(engine, made, AS_OF) == []


def test_the_smallest_id_is_the_same_under_every_collation(engine: Engine) -> None:
    ids = ["a", "B", "_", "10", "9", "é", "z", "中", "Z", "😀", "\uffff"]
    for kind in ("theft", "bullied"):
        made = [child(*(fact(kind, id=i, incident="same") for i in (first, *ids))) for first in ("~", "~~")]
        assert differing(engine, made, AS_OF) == []


def test_many_incidents_of_one_child_and_children_without_facts(engine: Engine) -> None:
    busy = child(*(fact("conviction", id=f"{n:04}") for n in range(500)))
    assert differing(engine, [child(), busy, child(intake_basis=None)], AS_OF) == []
    assert scoring.read(busy, BOOK, AS_OF).behaviour_points == 8000


def test_no_children_at_all(engine: Engine) -> None:
    assert differing(engine, [], AS_OF) == []


def test_17_other_children_do_not_matter(engine: Engine) -> None:
    """Alone or among others who share ids and incidents, a child's reading is the same."""
    children = many(300, 5, AS_OF)
    alone = [scoring.read(c, BOOK, AS_OF) for c in children[:40]]
    edition = BOOK.edition(AS_OF)
    rows = flatten(children, edition, AS_OF)
    answer = engine(rows)
    among = assemble(rows, edition, answer.readings, answer.lines)
    assert among[:40] == alone
    shared = {f.incident for f in children[0].facts} & {f.incident for c in children[1:] for f in c.facts}
    assert shared or not children[0].facts
    assert any(line.axis is Axis.BEHAVIOUR for reading in alone for line in reading.lines)
