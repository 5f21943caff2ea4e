"""Made-up children for tests: facts are valid by default, near the borders, and spoilt one way at a time."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from random import Random
from typing import Any

from hypothesis import strategies as st

from hulei.engine import rulebook
from hulei.engine.facts import Child, Fact
from hulei.engine.rulebook import Rule
from hulei.engine.terms import Axis, Confidence, Role, Status

AS_OF = date(2026, 11, 1)
DAYS = (
    AS_OF,
    date(2024, 2, 28),
    date(2024, 2, 29),
    date(2024, 3, 1),
    date(2023, 2, 28),
    date(2023, 3, 1),
    date(2028, 2, 29),
    date(2025, 12, 31),
)
BOOK = rulebook.load()
BEHAVIOUR = tuple(e.type for e in BOOK.rules.values() if e.axis is Axis.BEHAVIOUR)
NEEDS = tuple(e.type for e in BOOK.rules.values() if e.axis is Axis.NEED)
WRONG: tuple[dict[str, Any], ...] = (
    *({"status": status} for status in Status if status is not Status.VERIFIED),
    *({"role": role} for role in Role if role not in (Role.PRINCIPAL, Role.PARTICIPANT)),
    {"confidence": Confidence.OBSERVED},
    {"confidence": Confidence.ALLEGED},
    {"verified_by": "p1"},
    {"verified_by": None},
    {"reported_by": None},
    {"decision_no": None},
    {"verifier_agency": "civil_affairs"},
    {"verifier_agency": "police"},
    {"verifier_agency": None},
)


def fact(kind: str, **values: Any) -> Fact:
    """A fact that counts on :data:`AS_OF` unless ``values`` say otherwise."""
    rule = BOOK.edition(AS_OF).rules[kind]
    given: dict[str, Any] = {"id": f"f-{kind}", "occurred_on": AS_OF - timedelta(10), **values}
    return Fact(
        **{
            "incident": f"i-{given['id']}",
            "recorded_on": given["occurred_on"],
            "role": Role.PRINCIPAL if rule.tier else Role.SUBJECT,
            "confidence": Confidence.DOCUMENTED,
            "status": Status.VERIFIED,
            "statute": rule.statute,
            "reported_by": "p1",
            "verified_by": "p2",
            "verifier_agency": str(rule.verifier) if rule.verifier else "civil_affairs",
            "decision_no": "D1" if rule.tier else None,
            **given,
            "type": kind,
        }
    )


def child(*facts: Fact, birth: date = date(2011, 6, 1), intake_basis: str | None = "clue") -> Child:
    """A child of fifteen with these facts."""
    return Child("c", birth, intake_basis, facts)


def some_child(dice: Random, as_of: date, name: str = "c") -> Child:
    """A child with up to nine facts, some on the very border of what counts."""
    birth = _birth(dice, as_of)
    kinds = dice.choice((BEHAVIOUR, NEEDS, BEHAVIOUR + NEEDS, BEHAVIOUR + NEEDS))
    facts = tuple(_some_fact(dice, as_of, birth, kinds, n) for n in range(dice.randrange(10)))
    if facts and dice.randrange(8) == 0:
        facts += (facts[0],)
    return Child(name, birth, None if dice.randrange(25) == 0 else "survey", facts)


def _birth(dice: Random, as_of: date) -> date:
    years = dice.choice((8, 11, 12, 13, 14, 15, 16, 17, 17, 18, 18))
    if dice.randrange(6) == 0:
        return date(2012, 2, 29)
    near = date(as_of.year - years, as_of.month, min(as_of.day, 28))
    return near - timedelta(dice.choice((-2, -1, 0, 1, 2, 40, 200, 300)))


def _some_fact(dice: Random, as_of: date, birth: date, kinds: tuple[str, ...], n: int) -> Fact:
    rule = BOOK.edition(as_of).rules[dice.choice(kinds)]
    occurred = _occurred(dice, as_of, birth, rule)
    recorded = occurred + timedelta(dice.choice((0, 0, 0, 1, 5, 60)))
    if dice.randrange(4) == 0:
        recorded = as_of - timedelta(dice.choice((28, 29, 30, 31, 0, -1)))
    made = fact(
        rule.type,
        id=f"{dice.choice('aA01')}{n}",
        incident=f"i{dice.randrange(4)}" if dice.randrange(2) else f"own{n}",
        occurred_on=occurred,
        recorded_on=recorded,
        role=dice.choice((Role.PRINCIPAL, Role.PARTICIPANT)) if rule.tier else dice.choice(tuple(Role)),
    )
    if rule.urgent and dice.randrange(3) == 0:
        made = replace(made, status=Status.UNVERIFIED)
    return replace(made, **dice.choice(WRONG)) if dice.randrange(4) == 0 else made


def _occurred(dice: Random, as_of: date, birth: date, rule: Rule) -> date:
    choice = dice.randrange(10)
    if choice == 0:
        border = date(birth.year + 12, birth.month, min(birth.day, 28))
        return border + timedelta(dice.choice((-1, 0, 1, 2)))
    if choice <= 3:
        edge = dice.choice((rule.half_days, rule.days, rule.days // 2))
        return as_of - timedelta(edge + dice.choice((-1, 0, 1)))
    if choice == 4:
        return as_of + timedelta(dice.choice((0, 1)))
    return as_of - timedelta(dice.randrange(rule.days))


@st.composite
def children(draw: st.DrawFn) -> tuple[Child, date]:
    """A child and the day of the reading."""
    dice = draw(st.randoms(use_true_random=False))
    as_of = draw(st.sampled_from(DAYS))
    return some_child(dice, as_of), as_of


def many(count: int, seed: int, as_of: date) -> list[Child]:
    """The same children for the same seed."""
    dice = Random(seed)
    return [some_child(dice, as_of, f"child {n}") for n in range(count)]
