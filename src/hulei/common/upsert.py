"""Taking keyed rows in: add what is new, fill in what was missing, change nothing twice."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Model, QuerySet

from hulei.common.bulk import insert_rows, update_rows
from hulei.common.landing import Finding, Landed, LedgerRow

EMPTY: tuple[Any, ...] = (None, "", [], ())


@dataclass(frozen=True, slots=True)
class Draft:
    """A row resolved to a record: its natural key and its values (scope columns included)."""

    row: LedgerRow
    key: tuple[Any, ...]
    values: Mapping[str, Any]
    findings: tuple[Finding, ...] = ()


Resolved = Draft | Landed


def land(
    queryset: QuerySet[Any],
    kind: str,
    key_fields: Sequence[str],
    resolved: Sequence[Resolved],
    *,
    at: datetime,
    repeated: Callable[[Draft], tuple[Finding, ...]] = lambda draft: (),
) -> list[Landed]:
    """Write ``resolved`` in one pass and answer for each row, in order.

    A row already refused passes through. A new key is added. A known key is filled in: an empty
    field takes the ledger's value; a differing one follows the ledger unless a person has edited
    the record since (then the record stands and the row carries a ``value_kept`` warning). A key that
    comes twice in the same batch lands on the same record; ``repeated`` gives its warnings.
    Three statements whatever the number of rows: select, bulk insert, bulk update.
    """
    drafts = [d for d in resolved if isinstance(d, Draft)]
    known = _stored(queryset, key_fields, drafts)
    fresh: dict[tuple[Any, ...], Model] = {}
    changed: dict[tuple[Any, ...], Model] = {}
    outcomes: list[tuple[Resolved, str, Any, tuple[Finding, ...]]] = []
    for item in resolved:
        if isinstance(item, Landed):
            outcomes.append((item, "rejected", None, item.findings))
            continue
        outcomes.append(_place(queryset.model, item, key_fields, known, fresh, changed, at, repeated))
    insert_rows(queryset.model, list(fresh.values()))
    _update(queryset.model, list(changed.values()), drafts)
    return [
        item if isinstance(item, Landed) else Landed(outcome, kind, record.pk, findings)  # type: ignore[arg-type]
        for item, outcome, record, findings in outcomes
    ]


def _place(
    model: type[Model],
    draft: Draft,
    key_fields: Sequence[str],
    known: dict[tuple[Any, ...], Any],
    fresh: dict[tuple[Any, ...], Model],
    changed: dict[tuple[Any, ...], Model],
    at: datetime,
    repeated: Callable[[Draft], tuple[Finding, ...]],
) -> tuple[Resolved, str, Any, tuple[Finding, ...]]:
    record = known.get(draft.key)
    if record is None:
        record = model(
            **dict(zip(key_fields, draft.key, strict=True)),
            **draft.values,
            source_id=draft.row.source_id,
            created_at=at,
            updated_at=at,
        )
        known[draft.key] = fresh[draft.key] = record
        return draft, "added", record, draft.findings
    again = repeated(draft) if draft.key in fresh or _seen_in(record, draft) else ()
    updates, kept = _differences(record, draft)
    for name, value in updates.items():
        setattr(record, name, value)
    if updates and draft.key not in fresh:
        record.version += 1
        record.updated_at = at
        changed[draft.key] = record
    record._landed_number = draft.row.number
    return draft, "filled" if updates else "unchanged", record, (*draft.findings, *again, *kept)


def _seen_in(record: Any, draft: Draft) -> bool:
    """Whether an earlier row of the same batch landed on this record."""
    return getattr(record, "_landed_number", draft.row.number) != draft.row.number


def _differences(record: Any, draft: Draft) -> tuple[dict[str, Any], tuple[Finding, ...]]:
    updates: dict[str, Any] = {}
    kept: list[Finding] = []
    for name, value in draft.values.items():
        stored = getattr(record, name)
        if value in EMPTY or value == stored:
            continue
        if stored in EMPTY or not record.hand_edited:
            updates[name] = value
        else:
            kept.append(_kept(draft.row.label(name)))
    return updates, tuple(kept)


def _kept(column: str) -> Finding:
    return Finding(
        column,
        "value_kept",
        f"“{column}”在系统中已由人工修改，未用台账覆盖；如台账正确，请在记录页修改。",
        f'"{column}" was edited by hand in Hulei and kept; if the ledger is right, edit the record.',
        "warning",
    )


def _stored(
    queryset: QuerySet[Any], key_fields: Sequence[str], drafts: Sequence[Draft]
) -> dict[tuple[Any, ...], Any]:
    """Stored records whose first key field is among the drafts', by whole key."""
    if not drafts:
        return {}
    first = {d.key[0] for d in drafts}
    rows = queryset.filter(**{f"{key_fields[0]}__in": first}).select_for_update()
    return {tuple(getattr(r, f) for f in key_fields): r for r in rows}


def _update(model: type[Model], records: list[Any], drafts: Sequence[Draft]) -> None:
    if records:
        names = sorted({name for d in drafts for name in d.values})
        update_rows(model, records, [*names, "version", "updated_at"])
