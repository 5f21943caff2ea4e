"""The tables that the SQL reads, the only columns it may name, and the shape of its answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Protocol

Row = tuple[Any, ...]

STEPS = ("counted", "readings", "caps")
"""The statements in order; each makes a table that those after it read."""

CLOSED = {
    "role": ("principal", "participant", "coerced", "present", "victim", "witness", "subject"),
    "agency": ("education", "police", "justice"),
    "confidence": ("documented", "observed", "alleged"),
    "status": ("unverified", "verified", "contested", "rejected", "superseded", "sealed"),
}
"""Closed lists: an engine that has enumerations keeps them as such."""

TABLES: Mapping[str, Mapping[str, str]] = {
    "children": {"child_no": "integer", "birth": "date", "intake": "boolean"},
    "facts": {
        "child_no": "integer",
        "fact_no": "integer",
        "incident_no": "integer",
        "type": "fact_type",
        "role": "role",
        "occurred_on": "date",
        "recorded_on": "date",
        "two_persons": "boolean",
        "verifier_agency": "agency",
        "decided": "boolean",
        "confidence": "confidence",
        "status": "status",
    },
    "rules": {
        "type": "fact_type",
        "behaviour": "boolean",
        "rank": "integer",
        "slot": "integer",
        "urgent": "boolean",
        "verifier": "agency",
        "weight": "bigint",
        "points": "integer",
        "half_points": "integer",
        "days": "integer",
        "half_days": "integer",
    },
}
"""Table -> column -> kind, in the order of the rows. Nothing else about a child can reach the SQL."""


class Tables(Protocol):
    """What is scored: rows in the order of :data:`TABLES`, and the parameters by name."""

    @property
    def children(self) -> Sequence[Row]: ...
    @property
    def facts(self) -> Sequence[Row]: ...
    @property
    def rules(self) -> Sequence[Row]: ...
    @property
    def parameters(self) -> Mapping[str, Any]: ...


@dataclass(frozen=True, slots=True)
class Answer:
    """``readings``: child, tier, grade, points, level, points, urgent; ``lines``: child, source, points.

    ``source`` is the number of a fact, or below zero a domain's cap. Who is missing has no lines.
    """

    readings: Sequence[Row]
    lines: Sequence[Row]


READINGS = "SELECT child_no, tier, grade, behaviour, level, need, urgent FROM readings"
LINES = "SELECT child_no, fact_no, points FROM counted UNION ALL SELECT child_no, source, points FROM caps"


@cache
def generated(dialect: str, step: str) -> str:
    """The text of a step for ``duckdb``, ``postgres`` or ``spark``."""
    folder = files("hulei.warehouse.index") / "generated" / dialect
    return (folder / f"{step}.sql").read_text(encoding="utf-8")
