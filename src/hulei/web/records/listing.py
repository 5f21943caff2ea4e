"""A list as a page shows it: filters from the address, search, one page of rows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.db.models import Q, QuerySet
from django.http import QueryDict
from django.urls import reverse

from hulei.common.pages import Column, Filter, Page
from hulei.common.text import Text
from hulei.common.viewer import Viewer
from hulei.web.jinja import shown
from hulei.web.records import keyset


@dataclass(frozen=True, slots=True)
class Cell:
    """One value ready to show. ``kind`` as in Column, ``tone`` for badges, ``url`` where it leads."""

    text: str
    kind: str
    tone: str = ""
    url: str = ""
    label: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a list."""

    id: int
    url: str
    cells: tuple[Cell, ...]


def address(kind: str, *parts: object) -> str:
    """The address of a kind's list, or of a part of it."""
    package, noun = kind.split(".", 1)
    name = {0: "record_list", 1: "record_detail"}[len(parts)]
    extra = {"record_id": parts[0]} if parts else {}
    return reverse(name, kwargs={"package": package, "noun": noun, **extra})


def cell(column: Column, record: Any) -> Cell:
    """A record's value in a column."""
    value = column.read(record)
    target = column.link(record) if column.link else None
    return Cell(
        text=shown(value),
        kind=column.kind,
        tone=column.tone(record) if column.tone else "",
        url=address(target[0], target[1]) if target else "",
        label=str(column.label),
    )


def narrowed(page: Page, viewer: Viewer, query: QueryDict) -> QuerySet[Any]:
    """The page's rows under the filters and the search words of an address."""
    rows = page.rows(viewer)
    for item in page.filters:
        rows = _filtered(rows, item, query)
    words = query.get("q", "").strip()
    return _searched(page, viewer, rows, words) if words else rows


def _filtered(rows: QuerySet[Any], item: Filter, query: QueryDict) -> QuerySet[Any]:
    if item.kind == "date_range":
        for end, lookup in (("from", "gte"), ("to", "lte")):
            day = _day(query.get(f"{item.name}_{end}", ""))
            if day:
                dated = f"{item.lookup}__date" if _is_moment(rows, item.lookup) else item.lookup
                rows = rows.filter(**{f"{dated}__{lookup}": day})
        return rows
    value: Any = query.get(item.name, "").strip()
    if not value:
        return rows
    if item.kind == "yes_no":
        value = value in ("1", "true", "yes")
    try:
        return rows.filter(**{item.lookup: value})
    except ValueError:
        # A number was asked for and something else was typed: nothing matches.
        return rows.none()


def _is_moment(rows: QuerySet[Any], lookup: str) -> bool:
    return keyset._field(rows.model, lookup).get_internal_type() == "DateTimeField"


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text.strip().replace("/", "-").replace(".", "-"))
    except ValueError:
        return None


def _searched(page: Page, viewer: Viewer, rows: QuerySet[Any], words: str) -> QuerySet[Any]:
    if callable(page.search):
        found: QuerySet[Any] = page.search(viewer, rows, words)
        return found
    condition = Q()
    for lookup in page.search:
        condition |= Q(**{lookup: words.lower() if "pinyin" in lookup or "initials" in lookup else words})
    return rows.filter(condition) if condition else rows.none()


@dataclass(frozen=True, slots=True)
class FilterField:
    """A filter as the form above the list shows it."""

    name: str
    label: str
    kind: str
    value: str
    value_from: str
    value_to: str
    options: tuple[tuple[str, str], ...]


def filter_fields(page: Page, viewer: Viewer, query: QueryDict) -> list[FilterField]:
    """The filters with what is chosen."""
    fields = []
    for item in page.filters:
        options = tuple((str(v), str(label)) for v, label in (item.choices(viewer) if item.choices else ()))
        if item.kind == "yes_no":
            options = (("1", str(Text("是", "Yes"))), ("0", str(Text("否", "No"))))
        fields.append(
            FilterField(
                item.name,
                str(item.label),
                item.kind,
                query.get(item.name, ""),
                query.get(f"{item.name}_from", ""),
                query.get(f"{item.name}_to", ""),
                options,
            )
        )
    return fields


def chips(fields: list[FilterField], query: QueryDict) -> list[dict[str, str]]:
    """What is filtered, each with the address without it."""
    found = []
    for field in fields:
        for name, value in (
            (field.name, field.value),
            (f"{field.name}_from", field.value_from),
            (f"{field.name}_to", field.value_to),
        ):
            if value:
                text = dict(field.options).get(value, value)
                sign = {"_from": " ≥ ", "_to": " ≤ "}.get(name.removeprefix(field.name), "：")
                found.append(
                    {"label": f"{field.label}{sign}{text}", "remove_url": "?" + _without(query, name)}
                )
    if query.get("q"):
        label = Text("检索", "Search")
        found.append({"label": f"{label}：{query['q']}", "remove_url": "?" + _without(query, "q")})
    return found


def _without(query: QueryDict, *names: str, **more: str) -> str:
    kept = {k: v for k, v in query.items() if k not in names and k != "cursor" and v}
    return urlencode({**kept, **more})


def list_context(page: Page, viewer: Viewer, query: QueryDict) -> tuple[dict[str, Any], list[Any]]:
    """What ``record/list.html`` shows, and the records on it. Constant number of statements."""
    rows = narrowed(page, viewer, query)
    part = keyset.cut(rows, page.order, query.get("cursor", ""))
    fields = filter_fields(page, viewer, query)
    base = address(page.kind)
    context = {
        "kind": page.kind,
        "title": str(page.title),
        "note": str(page.note) if page.note else "",
        "columns": [{"name": c.name, "label": str(c.label), "kind": c.kind} for c in page.columns],
        "rows": [
            Row(r.pk, address(page.kind, r.pk), tuple(cell(c, r) for c in page.columns)) for r in part.rows
        ],
        "total": rows.count(),
        "filters": fields,
        "chips": chips(fields, query),
        "search": query.get("q", "") if page.search else None,
        "next_url": f"?{_without(query, cursor=part.following)}" if part.following else "",
        "previous_url": f"?{_without(query, cursor=part.preceding)}" if part.preceding else "",
        "list_url": base,
        "add_url": f"{base}add" if page.save and viewer.may(f"{page.kind}.add") else "",
        "export_url": f"{base}export?{_without(query)}" if viewer.may(f"{page.kind}.export") else "",
        "empty": str(page.empty),
    }
    return context, part.rows


def detail_sections(
    page: Page, viewer: Viewer, record: Any, shown_too: Callable[[str, list[Any]], None]
) -> list[dict[str, Any]]:
    """The sections of ``record/detail.html``: pairs, or tables of related records.

    ``shown_too`` is told of the related records and their kind, before they are shown.
    """
    sections: list[dict[str, Any]] = []
    declared = page.sections or ()
    if not declared:
        return [{"title": str(page.title), "pairs": [cell(c, record) for c in page.columns], "table": None}]
    for section in declared:
        if section.needs and not viewer.may(section.needs):
            continue
        if section.rows is None:
            pairs = [cell(c, record) for c in section.columns]
            sections.append({"title": str(section.title), "pairs": pairs, "table": None})
            continue
        related = list(section.rows(viewer, record))
        shown_too(section.kind, related)
        opens = bool(section.kind) and viewer.may(f"{section.kind}.read")
        table = {
            "columns": [{"name": c.name, "label": str(c.label), "kind": c.kind} for c in section.columns],
            "rows": [
                Row(
                    r.pk,
                    address(section.kind, r.pk) if opens else "",
                    tuple(cell(c, r) for c in section.columns),
                )
                for r in related
            ],
        }
        sections.append({"title": str(section.title), "pairs": None, "table": table})
    return sections
