"""Abstract bases: what every record carries."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from django.db import models

from hulei.common.walls import Wall


@dataclass(frozen=True, slots=True)
class Scope:
    """Where a record belongs, as codes; an empty code means not known or not applicable."""

    district_code: str
    town_code: str = ""
    village_code: str = ""
    grid_code: str = ""
    station_code: str = ""
    school_code: str = ""

    def fields(self) -> dict[str, str]:
        """Keyword arguments for a model with the scope columns."""
        return {name: getattr(self, name) for name in self.__slots__}


def _code() -> models.CharField[str, str]:
    return models.CharField(max_length=24, blank=True, default="")


class Record(models.Model):
    """A record with a version: two people who edit the same one get a readable conflict.

    ``source_id`` is the intake.SourceRecord that the record came from (no foreign key: intake
    stands beside, not below); ``hand_edited`` is set by the first edit on a page, after which a
    ledger no longer overwrites but only fills in.
    """

    wall: ClassVar[Wall]

    id = models.BigAutoField(primary_key=True)
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    hand_edited = models.BooleanField(default=False)
    source_id = models.BigIntegerField(null=True, blank=True)

    class Meta:
        abstract = True


class Scoped(models.Model):
    """The six scope columns that walls compare, denormalised on purpose (see ``walls``).

    ``scope_from`` names the fields that they are taken from, in order of precedence; when what one
    of them leads to moves, they follow (see ``events``). A row about a child has ``follows_minor``
    instead; a row of the whole district has neither.
    """

    scope_from: ClassVar[tuple[str, ...]] = ()

    district_code = _code()
    town_code = _code()
    village_code = _code()
    grid_code = _code()
    station_code = _code()
    school_code = _code()

    class Meta:
        abstract = True
