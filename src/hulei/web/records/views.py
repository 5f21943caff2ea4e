"""The pages of a declared kind of record."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from hulei.audit import actions as audit
from hulei.common.pages import Page
from hulei.common.text import Text
from hulei.common.viewer import Conflict, NotFound, Viewer
from hulei.web.catalogue import page_for, pages
from hulei.web.records import export as sheets
from hulei.web.records import versions
from hulei.web.records.contact import contact_action
from hulei.web.records.faults import placed
from hulei.web.records.listing import address, cell, detail_sections, list_context, narrowed
from hulei.web.shell import signed_in

SAVED = Text("已保存。", "Saved.")


@require_safe
@signed_in
def record_list(request: HttpRequest, viewer: Viewer, package: str, noun: str) -> HttpResponse:
    """The list; with htmx only its rows."""
    page = page_for(viewer, f"{package}.{noun}")
    context, records = list_context(page, viewer, request.GET)
    log_listed(viewer, page, records)
    partial = getattr(request, "htmx", False) and not request.htmx.boosted  # type: ignore[attr-defined]
    return render(request, "record/_rows.html" if partial else "record/list.html", context)


def log_listed(viewer: Viewer, page: Page, records: list[Any]) -> None:
    """A list of children is a read of each of them."""
    if page.subject is None:
        return
    about = [(r.pk, page.subject(r)) for r in records]
    if about:
        # A clue or case that is linked to no file yet still speaks of a child.
        unlinked = [pk for pk, subject in about if subject is None]
        audit.record(
            by=viewer,
            at=timezone.now(),
            tag=f"{page.kind}.listed",
            target=(page.kind, ""),
            subjects=[subject for _, subject in about if subject is not None],
            details={"unlinked": unlinked} if unlinked else {},
        )


def find(page: Page, viewer: Viewer, record_id: int) -> Any:
    """The record in scope. Raises NotFound, for absent and invisible alike."""
    record = page.rows(viewer).filter(pk=record_id).first()
    if record is None:
        raise NotFound(record_id)
    return record


@require_safe
@signed_in
def record_detail(
    request: HttpRequest, viewer: Viewer, package: str, noun: str, record_id: int
) -> HttpResponse:
    """One record with its sections; a child's is logged before it is shown."""
    page = page_for(viewer, f"{package}.{noun}")
    record = find(page, viewer, record_id)
    log_read(viewer, page, record)
    base = address(page.kind, record_id)
    traced = record if not page.trace or viewer.may(page.trace) else None
    context = {
        "kind": page.kind,
        "title": page.name(record),
        "page_title": str(page.title),
        "list_url": address(page.kind),
        "badges": [
            c
            for c in (cell(column, record) for column in page.columns)
            if c.kind == "badge" and c.text != "--"
        ],
        "sections": detail_sections(page, viewer, record, _log_others(viewer, page, record)),
        "actions": contact_action(viewer, page, record),
        "edit_url": f"{base}edit" if page.save and viewer.may(f"{page.kind}.edit") else "",
        "version": getattr(traced, "version", None),
        "updated_at": getattr(traced, "updated_at", None),
        "source_id": getattr(traced, "source_id", None),
    }
    return render(request, "record/detail.html", context)


def log_read(viewer: Viewer, page: Page, record: Any) -> None:
    """Enter the reading of a child's record into the ledger."""
    if page.subject is not None:
        audit.record(
            by=viewer,
            at=timezone.now(),
            tag=f"{page.kind}.read",
            target=(page.kind, record.pk),
            subject=page.subject(record),
        )


def _log_others(viewer: Viewer, page: Page, record: Any) -> Callable[[str, list[Any]], None]:
    """Enter other children that a record's page shows too, such as brothers and sisters."""
    own = page.subject(record) if page.subject else None

    def log(kind: str, records: list[Any]) -> None:
        other = pages().get(kind)
        if other and other.subject:
            log_listed(viewer, other, [r for r in records if other.subject(r) != own])

    return log


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def record_form(
    request: HttpRequest, viewer: Viewer, package: str, noun: str, record_id: int | None = None
) -> HttpResponse:
    """Add or edit. On any fault the form comes back with everything typed and says what is wrong."""
    page = page_for(viewer, f"{package}.{noun}", "add" if record_id is None else "edit")
    if page.form is None or page.save is None:
        raise NotFound(page.kind)
    record = None if record_id is None else find(page, viewer, record_id)
    form_class = page.form(viewer, record)
    if request.method != "POST":
        initial = dict(page.initial(record)) if record and page.initial else _initial(form_class, record)
        return _show_form(request, viewer, page, record, form_class(initial=initial))
    form = form_class(request.POST, request.FILES)
    if not form.is_valid():
        return _show_form(request, viewer, page, record, form, status=422)
    try:
        saved = page.save(
            by=viewer,
            at=timezone.now(),
            reason=request.POST.get("reason", "").strip()[:200],
            record_id=record_id,
            version=versions.meant(page, viewer, record, _version(request)) if record else None,
            values=form.cleaned_data,
        )
    except ValidationError as problem:
        _spread(form, problem)
        return _show_form(request, viewer, page, record, form, status=422)
    except Conflict:
        stored = find(page, viewer, record_id or 0)
        return _show_form(request, viewer, page, stored, form, status=409, conflict=True)
    messages.success(request, str(SAVED))
    return HttpResponseRedirect(address(page.kind, saved.pk))


def _version(request: HttpRequest) -> int:
    """The version that the form was filled in from; without one it cannot be current."""
    text = request.POST.get("version", "")
    return int(text) if re.fullmatch("[0-9]{1,9}", text) else 0


def _initial(form_class: type[forms.Form], record: Any) -> dict[str, Any]:
    return {name: getattr(record, name, None) for name in form_class.base_fields} if record else {}


def _spread(form: forms.Form, problem: ValidationError) -> None:
    """Put an action's complaint at its field, or on top where the form has no such field."""
    for name, fault in placed(problem, form.fields):
        form.add_error(name or None, fault)


def _show_form(
    request: HttpRequest,
    viewer: Viewer,
    page: Page,
    record: Any,
    form: forms.Form,
    *,
    status: int = 200,
    conflict: bool = False,
) -> HttpResponse:
    theirs = []
    if record is not None:
        log_read(viewer, page, record)
    if conflict:
        theirs = [cell(column, record) for column in page.columns]
    context = {
        "kind": page.kind,
        "title": page.name(record) if record else str(page.title),
        "page_title": str(page.title),
        "form": form,
        "is_new": record is None,
        "version": versions.shown(page, viewer, record) if record else "",
        "conflict": conflict,
        "theirs": theirs,
        "reason": request.POST.get("reason", ""),
        "back_url": address(page.kind, record.pk) if record else address(page.kind),
        "list_url": address(page.kind),
    }
    return render(request, "record/form.html", context, status=status)


def _asked(page: Page, viewer: Viewer, query: QueryDict) -> dict[str, str]:
    """What a list was narrowed by, as the ledger may keep it: typed words may be a name or an id."""
    told = {name: "•••" for name, value in query.items() if value}
    for item in page.filters:
        days = {f"{item.name}_{end}" for end in ("from", "to")} if item.kind == "date_range" else set()
        offered = {str(value) for value, _ in item.choices(viewer)} if item.choices else {"0", "1"}
        kept = days if days else {item.name} if query.get(item.name) in offered else set()
        told |= {name: str(query[name])[: 10 if days else None] for name in kept if query.get(name)}
    return told


@require_safe
@signed_in
def record_export(request: HttpRequest, viewer: Viewer, package: str, noun: str) -> HttpResponse:
    """The filtered list as a sheet, entered into the ledger before a byte leaves."""
    page = page_for(viewer, f"{package}.{noun}", "export")
    rows = narrowed(page, viewer, request.GET).order_by(*page.order)
    count, now = rows.count(), timezone.now()
    subjects = [s for r in rows if (s := page.subject(r)) is not None] if page.subject else []
    details = {"rows": count, "filters": _asked(page, viewer, request.GET)}
    entry = audit.record(
        by=viewer,
        at=now,
        tag=f"{page.kind}.exported",
        target=(page.kind, ""),
        subjects=subjects,
        details=details,
    )
    body = sheets.workbook(page, rows.iterator(chunk_size=2000), by=viewer, at=now, entry=entry, rows=count)
    response = HttpResponse(
        body, content_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    )
    response["Content-Disposition"] = (
        f'attachment; filename="{package}-{noun}-{timezone.localdate():%Y%m%d}.xlsx"'
    )
    return response
