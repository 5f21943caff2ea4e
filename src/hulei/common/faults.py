"""The findings that every chapter words alike when it takes ledger rows in, and the quiet landing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from django.core.exceptions import FieldDoesNotExist, ValidationError
from django.db.models import Model, QuerySet

from hulei.common import upsert
from hulei.common.landing import Finding, Landed, LedgerRow
from hulei.common.upsert import Draft, Resolved


def unknown_unit(column: str, name: str, *, level: str = "error") -> Finding:
    """A unit that no roster names, or that several units might be."""
    return Finding(
        column,
        "unit_unknown",
        f"名录中没有唯一对应“{name}”的单位，请先在单位名录中登记或更正名称。",
        f'No single unit called "{name}" in the roster: register it first, or correct the name.',
        level,  # type: ignore[arg-type]
    )


def unknown_school(column: str, name: str) -> Finding:
    """A school that no roster names, or that several schools might be."""
    return Finding(
        column,
        "school_unknown",
        f"名录中没有唯一对应“{name}”的学校，请先在学校名录中登记或更正名称。",
        f'No single school called "{name}" in the roster: register it first, or correct the name.',
    )


def out_of_order(row: LedgerRow, earlier: str, later: str) -> tuple[Finding, ...]:
    """A warning where the later of two moments of a row stands before the earlier one."""
    first, second = row.values.get(earlier), row.values.get(later)
    if first is None or second is None or _day_or_moment(second) >= _day_or_moment(first):
        return ()
    return (
        Finding(
            row.label(later),
            "date_order",
            f"“{row.label(later)}”早于“{row.label(earlier)}”，请核对；已按原样登记。",
            f'"{row.label(later)}" is before "{row.label(earlier)}"; taken in as written, please check.',
            "warning",
        ),
    )


def _day_or_moment(value: date | datetime) -> datetime:
    return value if isinstance(value, datetime) else datetime(value.year, value.month, value.day)


def repeated(draft: Draft) -> tuple[Finding, ...]:
    """A warning for a row whose key stood in an earlier row of the same sheet."""
    return (
        Finding(
            "",
            "row_repeated",
            "与本表前面的一行是同一条记录，只计一次；两行不同之处以后一行为准。",
            "Same record as an earlier row of this sheet: counted once; this row counts where they differ.",
            "warning",
        ),
    )


def unfit(model: type[Model], row: LedgerRow, values: Mapping[str, Any]) -> tuple[Finding, ...]:
    """One error for each value that the model's field cannot hold: too long, negative, too large."""
    found: list[Finding] = []
    for name, value in values.items():
        try:
            model._meta.get_field(name).run_validators(value)  # type: ignore[union-attr]
        except FieldDoesNotExist:
            continue
        except ValidationError as error:
            found.append(_unfit(row.label(name), {e.code or "" for e in error.error_list}))
    return tuple(found)


def _unfit(column: str, codes: set[str]) -> Finding:
    if "max_length" in codes:
        return Finding(
            column, "value_too_long", f"“{column}”过长，请缩短。", f'"{column}" is too long; shorten it.'
        )
    return Finding(
        column,
        "value_out_of_range",
        f"“{column}”超出合理范围，请核对。",
        f'"{column}" is out of range; please check.',
    )


def aliased(row: LedgerRow, **aliases: str) -> LedgerRow:
    """The row with the sheet's head words also under model fields: ``aliased(row, school_id="school")``."""
    labels = {**(row.labels or {}), **{field: row.label(column) for field, column in aliases.items()}}
    return replace(row, labels=labels)


def settle(
    queryset: QuerySet[Any],
    kind: str,
    key_fields: Sequence[str],
    resolved: Sequence[Resolved],
    *,
    at: datetime,
    derived: Iterable[str] = (),
) -> list[Landed]:
    """:func:`upsert.land` with warnings for repeated rows and none about ``derived`` columns.

    Derived columns (scope codes, pinyin keys) follow a column that the sheet shows, and that
    column's own ``value_kept`` says all. A value that repeats the key stands in the key only;
    one that differs from it completes the key of a record known by a blank one.
    """
    silent = frozenset(derived)
    keyed = [_without(item, key_fields) if isinstance(item, Draft) else item for item in resolved]
    landed = upsert.land(queryset, kind, key_fields, keyed, at=at, repeated=repeated)
    return [
        replace(
            one, findings=tuple(f for f in one.findings if f.code != "value_kept" or f.column not in silent)
        )
        for one in landed
    ]


def _without(draft: Draft, key_fields: Sequence[str]) -> Draft:
    keyed = dict(zip(key_fields, draft.key, strict=True))
    return replace(draft, values={k: v for k, v in draft.values.items() if k not in keyed or v != keyed[k]})


def counts(landed: Sequence[Landed]) -> dict[str, int]:
    """{outcome: rows} for the audit entry of one taking in."""
    return dict(Counter(one.outcome for one in landed))
