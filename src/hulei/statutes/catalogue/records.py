"""What the catalogue holds, as immutable records. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from hulei.common.text import Text
from hulei.statutes.terms import ConstraintKind, Decider, LawKind, LawStatus, LimitKind, Sealed, Verified


@dataclass(frozen=True, slots=True)
class Law:
    """A norm. ``adopted`` may be only a year; ``checked_on`` is the day up to which its status was read."""

    id: str
    name: str
    short_name: str
    name_en: str
    kind: LawKind
    issuer: str
    status: LawStatus
    verified: Verified
    adopted: str = ""
    revised: date | None = None
    effective_from: date | None = None
    effective_to: date | None = None
    checked_on: date | None = None
    document_number: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Article:
    """One article, paragraph or item by its reference, in the wording in force from ``effective_from``.

    ``name`` is the wording of a short item; long passages are not kept. An unknown start of force
    (None) means that the source gives no date: the article then counts as in force on any day.
    """

    ref: str
    law: Law = field(repr=False)
    title: str
    category: str
    verified: bool = True
    article: int | str | None = None
    paragraph: int | None = None
    item: int | None = None
    name: str = ""
    key: str = ""
    effective_from: date | None = None
    effective_to: date | None = None
    age_from: int | None = None
    age_below: int | None = None
    threshold: Mapping[str, Any] = field(default_factory=dict)
    equipment: tuple[str, ...] = ()

    def in_force(self, on: date) -> bool:
        """Whether this wording is in force on the day (``effective_to`` is the first day it is not)."""
        started = self.effective_from is None or self.effective_from <= on
        return started and (self.effective_to is None or on < self.effective_to)


@dataclass(frozen=True, slots=True)
class Measure:
    """A measure and who may decide it; ``needs`` is the condition the decider has to meet."""

    code: str
    label: Text
    who: tuple[Decider, ...]
    basis: tuple[str, ...]
    group: str = ""
    jointly_with: tuple[Decider, ...] = ()
    assessment: bool = False
    original_decider: bool = False
    needs: Text | None = None


@dataclass(frozen=True, slots=True)
class Limit:
    """The time limit of a duty; which fields are set depends on ``kind`` (see duties.yaml)."""

    kind: LimitKind
    n: int | None = None
    every: str = ""
    least: int | None = None
    by: str = ""
    unit: str = ""
    at_least: int | None = None
    at_most: int | None = None


@dataclass(frozen=True, slots=True)
class Duty:
    """A duty with its clock: from ``event`` on, ``who`` owes ``duty`` within ``limit``."""

    id: str
    number: str
    who: tuple[Decider, ...]
    event: Text
    duty: Text
    limit: Limit
    basis: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AgeBand:
    """What follows from an age in full years: ``start`` included, ``below`` not."""

    id: str
    effect: Text
    basis: tuple[str, ...]
    start: int | None = None
    below: int | None = None
    note: str = ""

    def holds(self, age: int) -> bool:
        """Whether somebody of this age is in the band."""
        return (self.start or 0) <= age and (self.below is None or age < self.below)


@dataclass(frozen=True, slots=True)
class SealedKind:
    """A kind of record and whether it is sealed."""

    id: str
    label: Text
    sealed: Sealed
    basis: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Constraint:
    """Something the law (or our reading of it) demands of the software."""

    id: str
    rule: Text
    kind: ConstraintKind
    basis: tuple[str, ...]
