"""Children as flat rows for the SQL engines, and their answers made readings again.

Facts are numbered in the order of their ids as text, child by child, and incidents by their first
fact: with numbers instead of texts, "the smallest id" means the same under every collation.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from hulei.engine.facts import Child
from hulei.engine.rulebook import Edition
from hulei.engine.scoring import Line, Reading, in_order, two_persons
from hulei.engine.terms import Axis, Domain, Verifier

Row = tuple[Any, ...]

DOMAINS = tuple(Domain)
_AGENCIES = frozenset(Verifier)
DOMAIN_BITS = 8
"""Bits that the SQL gives to the sum of one domain; the points of acts stand above all domains."""

NIL: Row = (0, "-", 0, 0, 0, 0)
"""Tier, grade, points, level, points, urgent of a child of whom nothing counts."""


@dataclass(slots=True)
class Rows:
    """The tables of a run, as ``hulei.warehouse.index.tables`` wants them, and what the numbers stand for."""

    children: list[Row] = field(default_factory=list)
    facts: list[Row] = field(default_factory=list)
    rules: list[Row] = field(default_factory=list)
    parameters: dict[str, Any] = field(default_factory=dict)
    names: list[str] = field(default_factory=list)
    sources: list[tuple[Axis, str, str]] = field(default_factory=list)


def flatten(children: Iterable[Child], edition: Edition, as_of: date) -> Rows:
    """The rows of children; ``names`` and ``sources`` turn numbers back into pseudonyms and facts."""
    rows = Rows(rules=rule_rows(edition), parameters=parameters(edition, as_of))
    for number, child in enumerate(children):
        rows.names.append(child.child)
        rows.children.append((number, child.birth, child.intake_basis is not None))
        _add_facts(rows, number, child, edition)
    return rows


def _add_facts(rows: Rows, number: int, child: Child, edition: Edition) -> None:
    incidents: dict[str, int] = {}
    for fact in sorted(set(child.facts), key=lambda f: f.id):
        fact_no = len(rows.facts)
        rule = edition.rules[fact.type]
        rows.sources.append((rule.axis, fact.id, fact.statute or rule.statute))
        rows.facts.append(
            (
                number,
                fact_no,
                incidents.setdefault(fact.incident, fact_no),
                fact.type,
                fact.role.value,
                fact.occurred_on,
                fact.recorded_on,
                two_persons(fact),
                fact.verifier_agency if fact.verifier_agency in _AGENCIES else None,
                fact.decision_no is not None,
                fact.confidence.value,
                fact.status.value,
            )
        )


def rule_rows(edition: Edition) -> list[Row]:
    """The rules of a day. ``slot`` numbers the kinds of need, below zero, apart from incidents.

    ``rank`` has a bit per tier, the lowest for urgent; ``weight`` shifts points to the bits of a domain.
    Raises OverflowError where a domain's types together exceed those bits.
    """
    types = list(edition.rules)
    for domain in DOMAINS:
        if most_points(edition, domain) >> DOMAIN_BITS:
            raise OverflowError(f"{domain}: {most_points(edition, domain)}")
    return [
        (
            rule.type,
            rule.axis is Axis.BEHAVIOUR,
            (1 << rule.tier if rule.tier else 0) + rule.urgent,
            -1 - types.index(rule.counts_as),
            rule.urgent,
            rule.verifier.value if rule.verifier else None,
            1 << DOMAIN_BITS * (DOMAINS.index(rule.domain) if rule.domain else len(DOMAINS)),
            rule.points,
            rule.half_points,
            rule.days,
            rule.half_days,
        )
        for rule in edition.rules.values()
    ]


def most_points(edition: Edition, domain: Domain) -> int:
    """The points of a child who has every kind of need of a domain, before its cap."""
    kinds: dict[str, int] = {}
    for rule in edition.rules.values():
        if rule.domain is domain:
            kinds[rule.counts_as] = max(rule.points, kinds.get(rule.counts_as, 0))
    return sum(kinds.values())


def parameters(edition: Edition, as_of: date) -> dict[str, Any]:
    """The numbers of a day by the names that the SQL uses."""
    names = ["age_floor", "unverified_days"]
    names += [f"{kind}_{n}" for kind in ("grade_b", "need") for n in (1, 2, 3)]
    return {
        "as_of": as_of,
        "born_from": born_from(as_of, edition.parameters["adult_age"]),
        **{name: edition.parameters[name] for name in names},
        **{f"cap_{n}": edition.cap(domain) for n, domain in enumerate(DOMAINS)},
    }


def born_from(as_of: date, age: int) -> date:
    """The first birth date of those who are younger than ``age`` on a day."""
    if as_of.year <= age:
        return date.min
    try:
        return as_of.replace(year=as_of.year - age)
    except ValueError:  # 29 February: who was born on the 28th completed the year with this day
        return date(as_of.year - age, 3, 1)


def assemble(rows: Rows, edition: Edition, answers: Iterable[Row], lines: Iterable[Row]) -> list[Reading]:
    """The readings in the order of the children; who is not among the answers has nothing that counts."""
    by_child: dict[int, list[Line]] = {}
    for child_no, source, points in lines:
        by_child.setdefault(child_no, []).append(_line(rows, source, points))
    found = {answer[0]: answer[1:] for answer in answers}
    return [
        _reading(name, found.get(number, NIL), by_child.get(number, []), edition)
        for number, name in enumerate(rows.names)
    ]


def _line(rows: Rows, source: int, points: int) -> Line:
    """``source`` is a fact's number, or below zero the domain whose cap is meant."""
    if source < 0:
        return Line(Axis.NEED, f"cap:{DOMAINS[-1 - source]}", "", points)
    axis, fact_id, statute = rows.sources[source]
    return Line(axis, fact_id, statute, points)


def _reading(name: str, answer: Row, lines: list[Line], edition: Edition) -> Reading:
    tier, grade, behaviour, level, need, urgent = answer
    return Reading(name, tier, grade, behaviour, level, need, bool(urgent), in_order(lines), edition.digest)
