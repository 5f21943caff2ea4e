"""The catalogue of norms: search, and an article with who may decide under it and which clocks it starts."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from hulei.common.clock import today
from hulei.common.names import plain
from hulei.common.text import Text
from hulei.common.viewer import NotFound, Viewer
from hulei.statutes import catalogue, rules
from hulei.statutes.catalogue import Article
from hulei.statutes.citations import cite
from hulei.statutes.terms import LawKind
from hulei.web.jinja import shown
from hulei.web.records.listing import Cell, FilterField, Row
from hulei.web.shell import signed_in

SIZE = 50
TITLE = Text("法条目录", "Statutes")
NOTE = Text(
    "法条读法须由法制部门确认；标注“否”的条目上线前请核对原文。",
    "Counsel must confirm the readings; check entries marked No against the source.",
)
COLUMNS = (
    ("ref", Text("条款", "Article")),
    ("title", Text("内容", "Subject")),
    ("since", Text("施行", "In force from")),
    ("verified", Text("已核对原文", "Checked")),
)


@require_safe
@signed_in
def articles(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """All articles in force, found by words or by law."""
    viewer.require("statutes.article.read")
    words, law = plain(request.GET.get("q", "")), request.GET.get("law", "")
    found = [a for a in _in_force() if (not law or a.law.id == law) and (not words or words in _text_of(a))]
    start = int(request.GET["from"]) if request.GET.get("from", "").isdigit() else 0
    context = {
        "kind": "statutes.article",
        "title": str(TITLE),
        "note": str(
            Text(
                "法条读法须由法制部门确认；标注“否”的条目上线前请核对原文。",
                "Counsel must confirm the readings.",
            )
        ),
        "columns": [{"name": name, "label": str(label), "kind": "text"} for name, label in COLUMNS],
        "rows": [_row(a) for a in found[start : start + SIZE]],
        "total": len(found),
        "filters": [_law_filter(law)],
        "chips": [],
        "search": request.GET.get("q", ""),
        "next_url": _page(request, start + SIZE) if start + SIZE < len(found) else "",
        "previous_url": _page(request, max(0, start - SIZE)) if start else "",
        "list_url": request.path,
        "add_url": "",
        "export_url": "",
        "empty": str(Text("没有符合的法条。", "No such article.")),
    }
    partial = getattr(request, "htmx", False) and not request.htmx.boosted  # type: ignore[attr-defined]
    return render(request, "record/_rows.html" if partial else "record/list.html", context)


def _in_force() -> list[Article]:
    """Articles in force today, laws before lesser norms, each in its own order."""
    day, ranks = today(), list(LawKind)
    found = [found for ref in catalogue.load().articles if (found := rules.article(ref, day))]
    return sorted(found, key=lambda a: (ranks.index(a.law.kind), a.law.id))


def _text_of(article: Article) -> str:
    return plain(
        f"{article.ref}{article.law.name}{article.law.short_name}{article.title}{article.name}{cite(article.ref).zh}"
    )


def _law_filter(chosen: str) -> FilterField:
    options = tuple((law.id, law.short_name) for law in catalogue.load().laws.values())
    return FilterField("law", str(Text("法规", "Law")), "choice", chosen, "", "", options)


def _page(request: HttpRequest, start: int) -> str:
    kept = {k: v for k, v in request.GET.items() if k != "from" and v}
    return "?" + urlencode({**kept, "from": start})


def _row(article: Article) -> Row:
    values = (str(cite(article.ref)), article.name or article.title, article.effective_from, article.verified)
    cells = tuple(
        Cell(shown(v), "text", label=str(label)) for v, (_, label) in zip(values, COLUMNS, strict=True)
    )
    return Row(0, reverse("statutes_article", kwargs={"ref": article.ref}), cells)


@require_safe
@signed_in
def article(request: HttpRequest, viewer: Viewer, ref: str) -> HttpResponse:
    """One article: its wordings by date, the measures based on it, the clocks it starts."""
    viewer.require("statutes.article.read")
    wordings = catalogue.load().articles.get(ref)
    if not wordings:
        raise NotFound(ref)
    context = {
        "kind": "statutes.article",
        "title": str(cite(ref)),
        "page_title": str(TITLE),
        "list_url": reverse("statutes"),
        "badges": [],
        "sections": [*(_wording(w) for w in wordings), *_uses(ref)],
        "edit_url": "",
        "version": None,
        "updated_at": None,
        "source_id": None,
    }
    return render(request, "record/detail.html", context)


def _pairs(title: Text, pairs: Iterable[tuple[Text, Any]]) -> dict[str, Any]:
    cells = [Cell(shown(value), "text", label=str(label)) for label, value in pairs]
    return {"title": str(title), "pairs": cells, "table": None}


def _wording(article: Article) -> dict[str, Any]:
    law = article.law
    pairs = (
        (Text("法规", "Law"), f"{law.name}（{law.kind.label}）"),
        (Text("制定机关", "Issuer"), law.issuer),
        (Text("条款编号", "Reference"), article.ref),
        (Text("主题", "Subject"), article.title),
        (Text("项目名称", "Item"), article.name),
        (Text("施行", "In force from"), article.effective_from),
        (Text("失效", "Until"), article.effective_to),
        (Text("已核对原文", "Checked against the source"), article.verified),
        (Text("状态截至", "Status as of"), law.checked_on),
    )
    return _pairs(Text("条款", "Article"), pairs)


def _uses(ref: str) -> Iterable[dict[str, Any]]:
    """What Hulei builds on the article."""
    found = catalogue.load()
    measures = [
        (m.label, "、".join(str(d.label) for d in m.who)) for m in found.measures.values() if ref in m.basis
    ]
    duties = [(d.event, f"{d.duty} · {rules.limit_text(d)}") for d in found.duties.values() if ref in d.basis]
    sealed = [(s.label, str(s.sealed.label)) for s in found.sealing.values() if ref in s.basis]
    for title, pairs in (
        (Text("可决定的措施（决定主体）", "Measures and who decides them"), measures),
        (Text("义务与时限", "Duties and their clocks"), duties),
        (Text("封存", "Sealing"), sealed),
    ):
        if pairs:
            yield _pairs(title, pairs)
