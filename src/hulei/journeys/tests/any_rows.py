"""Rows of any model, made field by field from the model's own declarations."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time
from decimal import Decimal
from itertools import count
from typing import Any

from django.apps import apps
from django.contrib.postgres.fields import ArrayField
from django.db import models

from hulei.common.models import Scoped
from hulei.common.periods import CHINA

AT = datetime(2023, 12, 29, 9, tzinfo=CHINA)
SCOPED = [m for m in apps.get_models() if issubclass(m, Scoped)]
# What belongs to places moves with its own save; all others follow.
OUTSIDE = [m for m in SCOPED if m._meta.app_label != "places"]
VALUES: tuple[tuple[Any, Any], ...] = (
    (models.DateTimeField, AT), (models.DateField, date(2023, 5, 4)), (models.TimeField, time(7)),
    (models.DecimalField, Decimal(1)), (models.IntegerField, 1), (models.BooleanField, False),
    (models.JSONField, []), (ArrayField, []), (models.TextField, "x"),
)  # fmt: skip
_NUMBERS = count(1)
# What a constraint demands beyond the declarations of single fields.
MORE: dict[str, dict[str, Any]] = {"people.Guardian": {"name": "某人"}}


def label(model: Any) -> str:
    return str(model._meta.label)


def follows_minor(model: Any) -> bool:
    return label(model) == "people.Minor" or bool(getattr(model, "follows_minor", ()))


def targets(model: Any) -> dict[str, str]:
    """{foreign key: label of what it leads to}."""
    return {f.name: label(f.related_model) for f in model._meta.concrete_fields if f.related_model}


class Rows:
    """One row of each model asked for, with the rows that it cannot be without, all of one scope.

    ``links`` gives by label what foreign keys lead to, whether they are needed or not.
    """

    def __init__(self, scope: dict[str, str], **links: Any) -> None:
        self._scope, self._links = scope, links
        self.made: dict[str, Any] = {}

    def of(self, model: Any, **values: Any) -> Any:
        """The row of a model, made when it is first asked for."""
        if label(model) not in self.made:
            own = {f.attname: self._value(f) for f in model._meta.concrete_fields if self._wanted(f, model)}
            flags = {name: True for name in ("in_care", "in_education") if hasattr(model, name)}
            self.made[label(model)] = model(**own | self._scope | flags | MORE.get(label(model), {}) | values)
            self.made[label(model)].save()
        return self.made[label(model)]

    def named(self, name: str, **values: Any) -> Any:
        return self.of(apps.get_model(name), **values)

    def again(self) -> Iterator[tuple[str, Any]]:
        """(label, row) of all, as they are stored now."""
        for name, row in self.made.items():
            yield name, type(row)._base_manager.get(pk=row.pk)

    def _wanted(self, field: Any, model: Any) -> bool:
        if field.related_model:
            return label(field.related_model) in self._links or not field.null
        return not (field.primary_key or field.null or field.has_default() or field.blank)

    def _value(self, field: Any) -> Any:
        if field.related_model:
            return (self._links.get(label(field.related_model)) or self.of(field.related_model)).pk
        if field.choices:
            return field.choices[0][0]
        if isinstance(field, models.CharField):
            return f"x{next(_NUMBERS)}"
        return next(value for kind, value in VALUES if isinstance(field, kind))
