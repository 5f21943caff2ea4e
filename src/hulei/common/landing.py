"""What passes between intake and the chapters when a ledger is taken in. Pure.

Intake reads and stages; each chapter's ``actions.take_in_<ledger>(rows, *, by, at)`` turns the
rows into records and answers one :class:`Landed` per row, in the same order.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

Level = Literal["error", "warning"]
Outcome = Literal["added", "filled", "unchanged", "rejected"]


@dataclass(frozen=True, slots=True)
class Finding:
    """One fault of one row. ``column`` is the label as it stands in the sheet.

    Messages say where and what to do and never repeat an id, a phone or an address.
    """

    column: str
    code: str
    message: str
    message_en: str = ""
    level: Level = "error"


@dataclass(frozen=True, slots=True)
class LedgerRow:
    """One data row as read: ``number`` is the n-th data row of its sheet, ``values`` by field name."""

    number: int
    values: Mapping[str, Any]
    source_id: int | None = None
    labels: Mapping[str, str] | None = None

    def label(self, field: str) -> str:
        """The sheet's own head word of a field, for findings."""
        return (self.labels or {}).get(field, field)


@dataclass(frozen=True, slots=True)
class Landed:
    """What became of a row: added, filled in, unchanged or rejected (with its findings)."""

    outcome: Outcome
    kind: str = ""
    record_id: int | None = None
    findings: tuple[Finding, ...] = ()
    subject: int | None = None

    @classmethod
    def refused(cls, *findings: Finding) -> Landed:
        """A row handed back."""
        return cls("rejected", findings=findings)
