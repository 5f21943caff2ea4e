"""The division trees shipped with Hulei. Pure."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from importlib.resources import files

from hulei.places.terms import AreaLevel


@dataclass(frozen=True, slots=True)
class Division:
    """One line of a tree: the code of the statistics bureau, its parent's ("" at the top), name, level."""

    code: str
    parent: str
    name: str
    level: AreaLevel


def tree(district: str) -> tuple[Division, ...]:
    """The tree of a district from the province down, parents first; empty where none is shipped."""
    file = files("hulei.places.divisions") / f"{district}.csv"
    if not district.isdigit() or not file.is_file():
        return ()
    rows = csv.DictReader(file.read_text(encoding="utf-8-sig").splitlines())
    found = [Division(r["code"], r["parent"], r["name"], AreaLevel(r["level"])) for r in rows]
    return tuple(sorted(found, key=lambda division: (list(AreaLevel).index(division.level), division.code)))
