"""The rulebook as immutable records: entries with dated values, and the edition in force on a day."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any

from hulei.engine.terms import Axis, Domain, Mark, Verifier


@dataclass(frozen=True, slots=True)
class Dated:
    """A value and the first day it holds; None is the first of an entry and holds before any other."""

    start: date | None
    numbers: Mapping[str, int]
    mark: Mark
    why: str = ""


@dataclass(frozen=True, slots=True)
class RuleEntry:
    """A type of fact with its dated points and days. ``tier`` is 0 on the need axis."""

    type: str
    label: tuple[str, str]
    axis: Axis
    tier: int
    verifier: Verifier | None
    domain: Domain | None
    urgent: bool
    counts_as: str
    statute: str
    basis: tuple[str, ...]
    values: tuple[Dated, ...]


@dataclass(frozen=True, slots=True)
class Parameter:
    """A number that the index counts with, beside its rules."""

    name: str
    label: tuple[str, str]
    basis: tuple[str, ...]
    values: tuple[Dated, ...]


@dataclass(frozen=True, slots=True)
class Rule:
    """A type of fact on one day. ``half_days`` and ``half_points`` equal the full ones for a need."""

    type: str
    label: tuple[str, str]
    axis: Axis
    tier: int
    verifier: Verifier | None
    domain: Domain | None
    urgent: bool
    counts_as: str
    statute: str
    points: int
    half_points: int
    days: int
    half_days: int


@dataclass(frozen=True, slots=True)
class Edition:
    """The rulebook as it stands on a day; ``digest`` is that of the whole rulebook."""

    digest: str
    rules: Mapping[str, Rule]
    parameters: Mapping[str, int]

    def cap(self, domain: Domain) -> int:
        """The most points that a domain may add."""
        return self.parameters[f"cap_{domain}"]

    def grade(self, tier: int, points: int) -> str:
        """``a`` or ``b`` within a tier, ``-`` below the first."""
        if not tier:
            return "-"
        return "b" if points >= self.parameters[f"grade_b_{tier}"] else "a"

    def level(self, points: int, urgent: bool) -> int:
        """0 to 3 for N0 to N3."""
        if urgent:
            return 3
        return next((n for n in (3, 2, 1) if points >= self.parameters[f"need_{n}"]), 0)


@dataclass(frozen=True)
class Rulebook:
    """All entries with all their dated values."""

    rules: Mapping[str, RuleEntry]
    parameters: Mapping[str, Parameter]
    _editions: dict[date, Edition] = field(default_factory=dict, compare=False, repr=False)

    @cached_property
    def digest(self) -> str:
        """SHA-256 of what readings depend on; names, remarks and the basis may be bettered freely."""
        rules = [
            [e.type, e.axis, e.tier, e.verifier, e.domain, e.urgent, e.counts_as, e.statute, _plain(e.values)]
            for e in sorted(self.rules.values(), key=lambda e: e.type)
        ]
        parameters = [[p.name, _plain(p.values)] for p in sorted(self.parameters.values(), key=_name)]
        canonical = json.dumps([rules, parameters], ensure_ascii=False, separators=(",", ":"))
        return hashlib.sha256(canonical.encode()).hexdigest()

    def edition(self, day: date) -> Edition:
        """The values in force on a day."""
        if day not in self._editions:
            parameters = {name: value_on(p.values, day)["value"] for name, p in self.parameters.items()}
            rules = {key: _rule(entry, day, parameters["halving"]) for key, entry in self.rules.items()}
            self._editions[day] = Edition(self.digest, rules, parameters)
        return self._editions[day]


def value_on(values: tuple[Dated, ...], day: date) -> Mapping[str, int]:
    """The last value that has started by the day; values are in order, the first without a start."""
    return next(v.numbers for v in reversed(values) if v.start is None or v.start <= day)


def _rule(entry: RuleEntry, day: date, halving: int) -> Rule:
    numbers = value_on(entry.values, day)
    points, days = numbers["points"], numbers["days"]
    decays = entry.axis is Axis.BEHAVIOUR
    return Rule(
        type=entry.type,
        label=entry.label,
        axis=entry.axis,
        tier=entry.tier,
        verifier=entry.verifier,
        domain=entry.domain,
        urgent=entry.urgent,
        counts_as=entry.counts_as,
        statute=entry.statute,
        points=points,
        half_points=points // halving if decays else points,
        days=days,
        half_days=days // halving if decays else days,
    )


def _plain(values: tuple[Dated, ...]) -> list[Any]:
    return [[v.start.isoformat() if v.start else None, sorted(v.numbers.items())] for v in values]


def _name(parameter: Parameter) -> str:
    return parameter.name
