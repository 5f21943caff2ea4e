"""The catalogue of norms as files beside this module, and its loader. Pure."""

from hulei.statutes.catalogue.loader import Broken, Catalogue, load
from hulei.statutes.catalogue.records import (
    AgeBand,
    Article,
    Constraint,
    Duty,
    Law,
    Limit,
    Measure,
    SealedKind,
)

__all__ = [
    "AgeBand",
    "Article",
    "Broken",
    "Catalogue",
    "Constraint",
    "Duty",
    "Law",
    "Limit",
    "Measure",
    "SealedKind",
    "load",
]
