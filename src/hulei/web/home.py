"""The first page and the search box."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from hulei.common.clock import today
from hulei.common.text import Text
from hulei.common.viewer import Viewer
from hulei.journeys import today as journeys
from hulei.web.catalogue import pages
from hulei.web.records.listing import Row, address, cell, narrowed
from hulei.web.records.views import log_listed
from hulei.web.shell import signed_in

GROUPS = (
    ("overdue", Text("已逾期", "Overdue")),
    ("today", Text("今天", "Today")),
    ("week", Text("一周内", "Within a week")),
    ("waiting", Text("待核查", "To be verified")),
)
SHOWN_PER_GROUP = 30
SHOWN_PER_KIND = 8


@require_safe
@signed_in
def home(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """Leaders begin with the figures, administrators with their ledger, everyone else with what is due."""
    if viewer.role == "bureau_leader":
        return redirect("leaders")
    for kind in ("access.account", "audit.entry"):
        if viewer.may(f"{kind}.read") and not viewer.may("campus.hazard.read"):
            return redirect(address(kind))
    return render(request, "today.html", _today(viewer, today()))


def _today(viewer: Viewer, day: date) -> dict[str, Any]:
    groups: dict[str, list[dict[str, Any]]] = {key: [] for key, _ in GROUPS}
    for due in journeys.due(viewer, day):
        groups[due.group(day)].append(_item(due, day))
    return {
        "title": str(Text("今日", "Today")),
        "subtitle": day.isoformat(),
        "groups": [
            {"key": k, "title": str(title), "items": groups[k][:SHOWN_PER_GROUP]} for k, title in GROUPS
        ],
        "hints": _hints(viewer),
    }


def _item(due: journeys.Due, day: date) -> dict[str, Any]:
    late = due.due_on is not None and due.due_on < day
    url = address(*due.record)
    return {
        "what": due.what,
        "kind": str(due.kind),
        "where": due.where,
        "url": url,
        "due": due.due_on.isoformat() if due.due_on else "",
        "left": _left(due.due_on, day),
        "tone": "late" if late else "soon" if due.due_on else "",
        "action": {"title": str(Text("办理", "Open")), "url": url},
    }


def _left(due_on: date | None, day: date) -> str:
    if due_on is None:
        return ""
    days = (due_on - day).days
    if days == 0:
        return str(Text("今天到期", "due today"))
    if days > 0:
        return str(Text("还有 {n} 天", "{n} days left").fill(n=days))
    return str(Text("逾期 {n} 天", "{n} days late").fill(n=-days))


def _hints(viewer: Viewer) -> list[dict[str, str]]:
    hints = []
    if viewer.may("intake.upload.run"):
        hints.append({"title": str(Text("导入台账", "Take in a ledger")), "url": reverse("intake_upload")})
    if viewer.may("people.minor.read"):
        hints.append({"title": str(Text("查看儿童", "See the children")), "url": address("people.minor")})
    return hints


@require_safe
@signed_in
def search(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """One box for everything in scope; a child found is a child read, and logged."""
    words = request.GET.get("q", "").strip()
    results = [found for page in pages().values() if words and (found := _found(viewer, page, words))]
    context = {
        "title": str(Text("检索", "Search")),
        "search_query": words,
        "results": results,
        "words": words,
    }
    return render(request, "search.html", context)


def _found(viewer: Viewer, page: Any, words: str) -> dict[str, Any] | None:
    """The first matches of one kind, or None where there is none or the viewer may not look."""
    if not page.search or not viewer.may(f"{page.kind}.read"):
        return None
    query = QueryDict(mutable=True)
    query["q"] = words
    records = list(narrowed(page, viewer, query).order_by(*page.order)[: SHOWN_PER_KIND + 1])
    if not records:
        return None
    log_listed(viewer, page, records[:SHOWN_PER_KIND])
    rows = [
        Row(r.pk, address(page.kind, r.pk), tuple(cell(c, r) for c in page.columns[:5]))
        for r in records[:SHOWN_PER_KIND]
    ]
    return {
        "title": str(page.title),
        "rows": rows,
        "columns": [{"name": c.name, "label": str(c.label), "kind": c.kind} for c in page.columns[:5]],
        "more_url": f"{address(page.kind)}?{query.urlencode()}" if len(records) > SHOWN_PER_KIND else "",
    }
