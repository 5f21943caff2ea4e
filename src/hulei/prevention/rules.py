"""What register entries prove, when two rows tell the same, and how cases count. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date
from typing import Any

from hulei.prevention.terms import CareArrangement, Circumstance, Register, Unproven, Verification

# Written in a register's school column where there is none.
NO_SCHOOL = frozenset(
    {"无", "没有", "未入学", "未上学", "辍学", "失学", "学龄前", "散居", "-", "--", "/", "暂无", "未就读"}
)


@dataclass(frozen=True, slots=True)
class Entry:
    """What one register row tells about a child, whichever register it is."""

    register: str
    behaviour: str = ""
    occurred_on: date | None = None
    document_number: str = ""
    station: str = ""
    verification: str = ""
    reporter: str = ""
    circumstance: str = ""
    care_arrangement: str = ""
    entrusted_care: bool | None = None
    visited_on: date | None = None
    finding: str = ""


# By these an entry is known again; what else it holds may be filled in later.
IDENTITY: Mapping[Register, tuple[str, ...]] = {
    Register.POLICE: ("behaviour", "occurred_on", "document_number"),
    Register.EDUCATION: ("behaviour", "occurred_on", "reporter"),
    Register.CIVIL_AFFAIRS: ("circumstance", "care_arrangement", "entrusted_care"),
    Register.GRID: ("visited_on", "finding"),
}
EMPTY: tuple[Any, ...] = (None, "")
_PROGRESS = {
    "": 0,
    Verification.PENDING.value: 1,
    Verification.VERIFIED.value: 2,
    Verification.REFUTED.value: 2,
}


def missing_to_verify(entry: Entry) -> tuple[Unproven, ...]:
    """What stands between a register entry and a proven fact; empty would mean that nothing does.

    No entry becomes a fact by being taken in: registers name no second reviewer, and only a written
    decision with its number proves an act that the police decide upon (预防未成年人犯罪法 38, 41).
    """
    register = Register(entry.register)
    if register is Register.POLICE:
        return _lacks(
            (entry.document_number, Unproven.NO_DOCUMENT),
            *_dated(entry),
            (entry.station, Unproven.NO_AUTHORITY),
        )
    if register is Register.EDUCATION:
        verified = entry.verification == Verification.VERIFIED
        reviewer = (None, Unproven.NO_SECOND_REVIEWER)
        return _lacks((verified or None, Unproven.NOT_VERIFIED), reviewer, *_dated(entry))
    if register is Register.CIVIL_AFFAIRS:
        needs = entry.circumstance == Circumstance.LEFT_BEHIND or entry.care_arrangement in (
            CareArrangement.BOTH_PARENTS_AWAY,
            CareArrangement.GRANDPARENTS,
            CareArrangement.RELATIVES,
        )
        agreement = (entry.entrusted_care or not needs or None, Unproven.NO_AGREEMENT)
        return _lacks((None, Unproven.STATUS_NOT_COMPUTED), agreement)
    return _lacks((None, Unproven.OBSERVED_ONCE), (entry.visited_on, Unproven.NO_DATE))


def _dated(entry: Entry) -> tuple[tuple[Any, Unproven], ...]:
    return ((entry.occurred_on, Unproven.NO_DATE),)


def _lacks(*pairs: tuple[Any, Unproven]) -> tuple[Unproven, ...]:
    return tuple(term for value, term in pairs if value in EMPTY)


def same_entry(stored: Entry, told: Entry) -> bool:
    """Whether two entries of one child in one register may be the same: no part of one contradicts the other.

    Something must agree: two rows that have nothing in common are two entries.
    """
    names = IDENTITY[Register(told.register)]
    pairs = [(getattr(stored, name), getattr(told, name)) for name in names]
    if any(a not in EMPTY and b not in EMPTY and a != b for a, b in pairs):
        return False
    return any(a == b and a not in EMPTY for a, b in pairs) or all(
        a in EMPTY and b in EMPTY for a, b in pairs
    )


def find_entry(known: Sequence[Entry], told: Entry) -> int | None:
    """The position of the entry that ``told`` repeats: an equal one before one that it fills in."""
    fitting = [i for i, entry in enumerate(known) if same_entry(entry, told)]
    return min(fitting, key=lambda i: (len(additions(known[i], told)), i), default=None)


def additions(stored: Entry, told: Entry) -> dict[str, Any]:
    """What ``told`` adds: values for empty fields, and a verification that has come further.

    A value that stands is never overwritten by a register: two rows that say different things would
    otherwise change the record at every taking in.
    """
    found: dict[str, Any] = {}
    for name in (f.name for f in fields(Entry)):
        old, new = getattr(stored, name), getattr(told, name)
        if new not in EMPTY and old in EMPTY:
            found[name] = new
    if _PROGRESS.get(told.verification, 0) > _PROGRESS.get(stored.verification, 0):
        found["verification"] = told.verification
    return found


def event_text(entry: Entry) -> str:
    """What a row tells beside the person, as one text, by which linkage knows the row again."""
    values = [getattr(entry, name) for name in IDENTITY[Register(entry.register)]]
    return "|".join("" if value in EMPTY else str(value) for value in values).strip("|")


def visits_counted(reported: int | None, entered: int) -> int:
    """Visits of a case: the larger of the number that its ledger reports and of the visits entered in Hulei.

    The two overlap in an unknown part, so their sum would count visits twice; the larger one is
    certain to have taken place.
    """
    return max(reported or 0, entered)


def tracked(opened_on: date, closed_on: date | None, start: date, end: date) -> bool:
    """Whether a case ran in a period: opened by its end and not closed before its start."""
    return opened_on <= end and (closed_on is None or closed_on >= start)


def conflicts(stored: Mapping[str, Any], told: Mapping[str, Any]) -> tuple[str, ...]:
    """The fields in which a second row of the same number says something else, in their order."""
    return tuple(
        name
        for name, value in told.items()
        if value not in EMPTY and stored.get(name) not in EMPTY and stored[name] != value
    )


def dossier_number(district: str, code: str) -> str:
    """The number of a dossier, such as D450512-7K3M9Q2W: it tells nobody which file came first."""
    return f"D{district}-{code}"
