"""The units, schools and places that a batch of rows names, looked up once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from hulei.common import faults, names
from hulei.common.landing import Finding, LedgerRow
from hulei.common.models import Scope
from hulei.common.viewer import Viewer
from hulei.places import queries as places
from hulei.prevention.rules import NO_SCHOOL


def said(row: LedgerRow, column: str) -> str:
    """A text cell, empty if the row has none."""
    value = row.values.get(column)
    return "" if value is None else str(value).strip()


def school_said(row: LedgerRow) -> str:
    """The school that a row names; words for "none" are none."""
    text = said(row, "school")
    return "" if names.plain(text) in NO_SCHOOL else text


class Known:
    """Stations, schools and a locator for one batch. Unknown names are findings, never guesses."""

    def __init__(self, rows: Sequence[LedgerRow], by: Viewer) -> None:
        self.district = by.district
        self._stations = places.agencies_by_name_unscoped(
            _distinct(said(r, "station") for r in rows), by.district
        )
        self._schools = places.schools_by_name_unscoped(_distinct(school_said(r) for r in rows), by.district)
        self.locator = places.locator_unscoped(by.district)

    def station(self, row: LedgerRow) -> tuple[Any, tuple[Finding, ...]]:
        """The unit in column ``station``, or a finding where the roster does not know it."""
        name = said(row, "station")
        found = self._stations.get(name)
        if name and found is None:
            return None, (faults.unknown_unit(row.label("station"), name),)
        return found, ()

    def school(self, row: LedgerRow) -> tuple[Any, tuple[Finding, ...]]:
        """The school in column ``school``, or a finding where the roster does not know it."""
        name = school_said(row)
        found = self._schools.get(name)
        if name and found is None:
            return None, (faults.unknown_school(row.label("school"), name),)
        return found, ()

    def place(self, text: str) -> Scope:
        """Where a place lies, as far as its words tell."""
        return self.locator.locate(text) or Scope(self.district)


def _distinct(texts: Iterable[str]) -> list[str]:
    return sorted({text for text in texts if text})
