"""Pages of a list by the last row shown: as quick on page 1,000 as on page 1."""

from __future__ import annotations

import base64
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.db.models import Field, Model, Q, QuerySet

SIZE = 50


@dataclass(frozen=True, slots=True)
class Slice:
    """The rows of one page and the cursors of its neighbours (None where there are none)."""

    rows: list[Any]
    following: str | None
    preceding: str | None


def cut(queryset: QuerySet[Any], order: Sequence[str], cursor: str, size: int = SIZE) -> Slice:
    """The page of ``queryset`` at ``cursor`` ("" is the first). ``order`` ends with a unique field.

    An altered or foreign cursor gives the first page. Ordering fields must not be null.
    """
    backward, values = _read(cursor, queryset.model, order)
    names = [_flip(name) for name in order] if backward else list(order)
    found = queryset.order_by(*names)
    if values is not None:
        found = found.filter(_beyond(names, values))
    rows = list(found[: size + 1])
    more, rows = len(rows) > size, rows[:size]
    if backward:
        rows.reverse()
    before = bool(rows) and (more if backward else values is not None)
    after = bool(rows) and (True if backward else more)
    return Slice(
        rows,
        _write(rows[-1], order, False) if after else None,
        _write(rows[0], order, True) if before else None,
    )


def _flip(name: str) -> str:
    return name[1:] if name.startswith("-") else f"-{name}"


def _beyond(names: Sequence[str], values: Sequence[Any]) -> Q:
    """Rows after ``values`` in the given order, each field ascending or descending."""
    condition, equal = Q(), Q()
    for name, value in zip(names, values, strict=True):
        field, operator = (name[1:], "lt") if name.startswith("-") else (name, "gt")
        condition |= equal & Q(**{f"{field}__{operator}": value})
        equal &= Q(**{field: value})
    return condition


def _write(row: Any, order: Sequence[str], backward: bool) -> str:
    values = [_attribute(row, name.lstrip("-")) for name in order]
    plain = [v.isoformat() if isinstance(v, (date, datetime)) else v for v in values]
    text = json.dumps([backward, plain], separators=(",", ":"), ensure_ascii=False)
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def _attribute(row: Any, path: str) -> Any:
    for part in path.split("__"):
        row = getattr(row, part)
    return row


def _read(cursor: str, model: type[Model], order: Sequence[str]) -> tuple[bool, list[Any] | None]:
    if not cursor:
        return False, None
    try:
        backward, plain = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        if len(plain) != len(order) or None in plain:
            return False, None
        fields = [_field(model, name.lstrip("-")) for name in order]
        return bool(backward), [f.to_python(v) for f, v in zip(fields, plain, strict=True)]
    except Exception:
        # Whatever somebody typed into the address: show the first page.
        return False, None


def _field(model: type[Model], path: str) -> Field[Any, Any]:
    *heads, last = path.split("__")
    for head in heads:
        related = model._meta.get_field(head).related_model
        if not isinstance(related, type):
            raise FieldDoesNotExist(path)
        model = related
    return model._meta.get_field(last)  # type: ignore[return-value]
