"""The reading of one child: which facts count, the tier, the need, and the lines that add up to both.

A pure function of the child, the facts known by the day, the rulebook and the day; the exact semantics
are written down in docs/index.md and the same in SQL under ``hulei.warehouse``.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from hulei.engine.facts import Child, Fact, age_on
from hulei.engine.rulebook import Edition, Rule, Rulebook
from hulei.engine.terms import ACTORS, COLOURS, Axis, Confidence, Domain, Status


@dataclass(frozen=True, slots=True)
class Line:
    """One contribution; ``fact`` is an id, or ``cap:<domain>`` that takes off the points over the cap."""

    axis: Axis
    fact: str
    statute: str
    points: int


@dataclass(frozen=True, slots=True)
class Reading:
    """What the index says of a child on a day. ``tier`` and ``level`` are 0 to 3."""

    child: str
    tier: int
    grade: str
    behaviour_points: int
    level: int
    need_points: int
    urgent: bool
    lines: tuple[Line, ...]
    rulebook: str

    @property
    def colour(self) -> str:
        """How soon adults have to act; of the need axis alone."""
        return COLOURS[self.level]

    @property
    def tracks(self) -> tuple[str, ...]:
        """Which help is proposed; a child may be on several."""
        behaviour = () if not self.tier else ("attention",) if self.tier == 1 else ("correction",)
        return behaviour + (("mentor",) if self.level else ())


@dataclass(frozen=True, slots=True)
class Weighed:
    """A visible fact, its rule, and what became of it: ``reason`` is ``counts`` or why it does not."""

    fact: Fact
    rule: Rule
    reason: str
    points: int = 0


def read(child: Child, rulebook: Rulebook, as_of: date) -> Reading:
    """The reading of a child on a day."""
    edition = rulebook.edition(as_of)
    return sum_up(child.child, weigh(child, edition, as_of), edition)


def weigh(child: Child, edition: Edition, as_of: date) -> list[Weighed]:
    """Every visible fact with what became of it, each fact once, in the order of the ids.

    Sealed facts and those of later days are not there at all.
    """
    refusal = _refusal(child, edition, as_of)
    visible = sorted({f for f in child.facts if is_visible(f, as_of)}, key=lambda f: f.id)
    weighed = []
    for fact in visible:
        rule = edition.rules[fact.type]
        reason = refusal or objection(fact, rule, child, edition, as_of)
        weighed.append(Weighed(fact, rule, reason or "counts", 0 if reason else _points(fact, rule, as_of)))
    return _one_each(weighed)


def is_visible(fact: Fact, as_of: date) -> bool:
    """Whether anybody may know of the fact on that day."""
    return fact.status is not Status.SEALED and fact.occurred_on <= as_of and fact.recorded_on <= as_of


def _refusal(child: Child, edition: Edition, as_of: date) -> str:
    if not child.intake_basis:
        return "no_intake"
    return "of_age" if age_on(child.birth, as_of) >= edition.parameters["adult_age"] else ""


def objection(fact: Fact, rule: Rule, child: Child, edition: Edition, as_of: date) -> str:
    """Why a visible fact is not active; empty when it is."""
    if (as_of - fact.occurred_on).days >= rule.days:
        return "expired"
    if rule.axis is Axis.NEED:
        return _need_objection(fact, rule, edition, as_of)
    return _behaviour_objection(fact, rule, child, edition)


def _need_objection(fact: Fact, rule: Rule, edition: Edition, as_of: date) -> str:
    if fact.status is Status.VERIFIED:
        return ""
    if fact.status is not Status.UNVERIFIED or not rule.urgent:
        return fact.status.value
    waited = (as_of - fact.recorded_on).days >= edition.parameters["unverified_days"]
    return "unverified_too_long" if waited else ""


def _behaviour_objection(fact: Fact, rule: Rule, child: Child, edition: Edition) -> str:
    if fact.status is not Status.VERIFIED:
        return fact.status.value
    checks = (
        ("not_documented", fact.confidence is Confidence.DOCUMENTED),
        ("role", fact.role in ACTORS),
        ("agency", fact.verifier_agency == rule.verifier),
        ("four_eyes", two_persons(fact)),
        ("no_decision", fact.decision_no is not None),
        ("too_young", age_on(child.birth, fact.occurred_on) >= edition.parameters["age_floor"]),
    )
    return next((reason for reason, holds in checks if not holds), "")


def two_persons(fact: Fact) -> bool:
    """Whether the fact names who reported and who verified it, and they are not the same."""
    return None not in (fact.reported_by, fact.verified_by) and fact.reported_by != fact.verified_by


def _points(fact: Fact, rule: Rule, as_of: date) -> int:
    halved = (as_of - fact.occurred_on).days >= rule.half_days
    return rule.half_points if halved else rule.points


def _one_each(weighed: list[Weighed]) -> list[Weighed]:
    """Of one incident, and of one type of need, only one fact counts; facts come in the order of ids."""
    best: dict[tuple[str, str], Weighed] = {}
    for item in weighed:
        if item.reason == "counts":
            known = best.setdefault(_slot(item), item)
            if (item.rule.tier, item.points) > (known.rule.tier, known.points):
                best[_slot(item)] = item
    return [
        item
        if item.reason != "counts" or best[_slot(item)] is item
        else Weighed(item.fact, item.rule, f"other_{_slot(item)[0]}")
        for item in weighed
    ]


def _slot(item: Weighed) -> tuple[str, str]:
    if item.rule.axis is Axis.BEHAVIOUR:
        return "incident", item.fact.incident
    return "type", item.rule.counts_as


def sum_up(child: str, weighed: Iterable[Weighed], edition: Edition) -> Reading:
    """Tier, grade, level and lines of the facts that count."""
    counted = [item for item in weighed if item.reason == "counts"]
    lines = [Line(i.rule.axis, i.fact.id, i.fact.statute or i.rule.statute, i.points) for i in counted]
    lines += _caps(counted, edition)
    tier = max((item.rule.tier for item in counted), default=0)
    behaviour = sum(line.points for line in lines if line.axis is Axis.BEHAVIOUR)
    need = sum(line.points for line in lines if line.axis is Axis.NEED)
    urgent = any(item.rule.urgent for item in counted)
    return Reading(
        child=child,
        tier=tier,
        grade=edition.grade(tier, behaviour),
        behaviour_points=behaviour,
        level=edition.level(need, urgent),
        need_points=need,
        urgent=urgent,
        lines=in_order(lines),
        rulebook=edition.digest,
    )


def _caps(counted: list[Weighed], edition: Edition) -> list[Line]:
    sums: dict[Domain, int] = {}
    for item in counted:
        if item.rule.domain is not None:
            sums[item.rule.domain] = sums.get(item.rule.domain, 0) + item.points
    return [
        Line(Axis.NEED, f"cap:{domain}", "", edition.cap(domain) - total)
        for domain, total in sums.items()
        if total > edition.cap(domain)
    ]


def in_order(lines: Iterable[Line]) -> tuple[Line, ...]:
    """Behaviour before need, each by fact id as text."""
    return tuple(sorted(lines, key=lambda line: (line.axis, line.fact)))
