"""The steps from a file to records: choose, check, confirm, wait, see what became of it."""

from __future__ import annotations

from itertools import islice
from typing import Any, BinaryIO, cast

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from hulei.common.text import Text
from hulei.common.viewer import NotFound, Viewer
from hulei.intake import actions, queries, rules
from hulei.intake.reading import ledgers
from hulei.intake.terms import SheetState
from hulei.web.catalogue import pages
from hulei.web.intake import preview as previews
from hulei.web.records.listing import address
from hulei.web.shell import signed_in

MOST_FAULTS = 300
ACCEPT = ".xlsx,.xls,.ods,.csv"
NO_FILE = Text("请选择要导入的文件。", "Choose the file to take in.")
ENDED = frozenset({SheetState.DONE, SheetState.FAILED, SheetState.DROPPED})
WORKING = frozenset({SheetState.QUEUED, SheetState.RUNNING})


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def upload(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """Choose files. One file leads to its preview; of several, each waits in the list below."""
    viewer.require("intake.upload.run")
    faults: list[str] = []
    received = []
    for file in request.FILES.getlist("file"):
        try:
            received.append(
                actions.receive(
                    by=viewer, at=timezone.now(), file=cast(BinaryIO, file), name=file.name or "file"
                )
            )
        except ValidationError as problem:
            faults += [f"{file.name}：{text}" for text in problem.messages]
    if request.method == "POST" and not received and not faults:
        faults.append(str(NO_FILE))
    if len(received) == 1 and not faults:
        return redirect("intake_preview", upload_id=received[0].pk)
    context = {
        "heading": str(Text("导入台账", "Take in a ledger")),
        "action": request.path,
        "accept": ACCEPT,
        "max_mb": settings.HULEI_UPLOAD_LIMIT // 1024 // 1024,
        "error": "；".join(faults) or None,
        "ledgers": [
            {"title": str(title), "template_url": _empty_sheet(key)}
            for key, title in ledgers.titles().items()
            if rules.may_take_in(viewer.role, key)
        ],
        "recent": [_recent(u) for u in queries.uploads(viewer).order_by("-id")[:12]],
    }
    return render(request, "intake/upload.html", context, status=422 if faults else 200)


def _empty_sheet(ledger: str) -> str:
    return reverse("intake_empty_sheet", kwargs={"ledger": ledger})


def _recent(found: Any) -> dict[str, Any]:
    sheets = list(found.sheets.all())
    states = {s.state for s in sheets}
    tone = "late" if not sheets or SheetState.FAILED in states else "done" if states <= ENDED else "soon"
    text = "、".join(sorted({str(SheetState.label_of(s)) for s in states})) or str(
        Text("无法读取", "Cannot be read")
    )
    return {
        "name": found.file_name,
        "ledger": "、".join(str(ledgers.titles()[s.ledger]) for s in sheets if s.ledger) or "--",
        "at": timezone.localtime(found.uploaded_at).strftime("%Y-%m-%d %H:%M"),
        "by": found.uploaded_by_name,
        "state": {"text": text, "tone": tone},
        "url": reverse("intake_preview", kwargs={"upload_id": found.pk}),
    }


@require_safe
@signed_in
def preview(request: HttpRequest, viewer: Viewer, upload_id: int) -> HttpResponse:
    """What was recognised: mapping, first rows, first findings. Nothing is taken in yet."""
    viewer.require("intake.upload.run")
    found = queries.upload(viewer, upload_id)
    sheets = list(found.sheets.select_related("upload").order_by("position"))
    if any(s.state in WORKING for s in sheets):
        return redirect("intake_progress", upload_id=upload_id)
    waiting = [s for s in sheets if s.state not in ENDED]
    if not waiting:
        return redirect("intake_result", upload_id=upload_id)
    unsure = next((s for s in waiting if s.state == SheetState.UNRECOGNISED), waiting[0])
    chosen = next((s for s in waiting if str(s.pk) == request.GET.get("sheet")), unsure)
    actions.tell_preview(by=viewer, at=timezone.now(), sheet=chosen)
    return render(request, "intake/preview.html", previews.context(viewer, found, waiting, chosen))


@require_POST
@signed_in
def remap(request: HttpRequest, viewer: Viewer, upload_id: int, sheet_id: int) -> HttpResponse:
    """Choose the ledger or correct which column is which; remembered for the next time."""
    viewer.require("intake.upload.run")
    sheet = queries.sheet(viewer, upload_id, sheet_id)
    ledger = request.POST.get("ledger", "")
    try:
        if ledger == sheet.ledger:
            labels = actions.samples(viewer, sheet, timezone.localdate()).labels
            chosen = {label: request.POST.get(f"column_{i}", "") for i, label in enumerate(labels) if label}
            mapping = {label: name for label, name in chosen.items() if name}
        else:
            mapping = actions.suggested_mapping(viewer, sheet, ledger)
        actions.remap(
            by=viewer,
            at=timezone.now(),
            upload_id=upload_id,
            sheet_id=sheet_id,
            ledger=ledger,
            mapping=mapping,
            remember=bool(request.POST.get("remember")),
        )
        messages.success(request, str(Text("列对应已保存。", "Mapping saved.")))
    except ValidationError as problem:
        for text in problem.messages:
            messages.error(request, text)
    return redirect(f"{reverse('intake_preview', kwargs={'upload_id': upload_id})}?sheet={sheet_id}")


@require_POST
@signed_in
def confirm(request: HttpRequest, viewer: Viewer, upload_id: int) -> HttpResponse:
    """Send it to work."""
    viewer.require("intake.upload.run")
    queries.upload(viewer, upload_id)
    actions.confirm(by=viewer, at=timezone.now(), upload_id=upload_id)
    return redirect("intake_progress", upload_id=upload_id)


@require_POST
@signed_in
def drop(request: HttpRequest, viewer: Viewer, upload_id: int) -> HttpResponse:
    """Give it up before anything was taken in."""
    viewer.require("intake.upload.run")
    queries.upload(viewer, upload_id)
    actions.drop(by=viewer, at=timezone.now(), upload_id=upload_id)
    return redirect("intake_upload")


@require_safe
@signed_in
def progress(request: HttpRequest, viewer: Viewer, upload_id: int) -> HttpResponse:
    """How far it is; the page asks again by itself, or on reload."""
    viewer.require("intake.upload.read")
    found = queries.upload(viewer, upload_id)
    sheets = list(found.sheets.exclude(state=SheetState.DROPPED).order_by("position"))
    result_url = reverse("intake_result", kwargs={"upload_id": upload_id})
    asked_again = bool(getattr(request, "htmx", False))
    if not any(s.state in WORKING for s in sheets):
        if not asked_again:
            return redirect(result_url)
        response = HttpResponse(status=204)
        response["HX-Redirect"] = result_url
        return response
    context = {
        "heading": str(Text("正在入库", "Taking in")),
        "job": _job(found, sheets),
        "progress_url": request.path,
        "result_url": result_url,
    }
    return render(request, "intake/_progress.html" if asked_again else "intake/progress.html", context)


def _job(found: Any, sheets: list[Any]) -> dict[str, Any]:
    done, total = sum(s.rows_done for s in sheets), sum(max(s.rows_expected, s.rows_done) for s in sheets)
    running = next((s for s in sheets if s.state == SheetState.RUNNING), sheets[0])
    return {
        "title": found.file_name,
        "ledger": str(ledgers.titles().get(running.ledger, "")),
        "stage": str(SheetState.label_of(running.state)),
        "done": done,
        "total": total,
        "remaining": _remaining(sheets, done, total),
        "accepted": sum(s.accepted for s in sheets),
        "unchanged": sum(s.unchanged for s in sheets),
        "rejected": sum(s.rejected for s in sheets),
        "finished": False,
        "failed": None,
    }


def _remaining(sheets: list[Any], done: int, total: int) -> str | None:
    """The time left at the pace so far; None before there is one."""
    started = min((s.started_at for s in sheets if s.started_at), default=None)
    if not started or not done or total < done:
        return None
    seconds = int((timezone.now() - started).total_seconds() / done * (total - done)) + 1
    return str(Text("约 {n} 秒", "about {n} s").fill(n=seconds))


@require_safe
@signed_in
def result(request: HttpRequest, viewer: Viewer, upload_id: int) -> HttpResponse:
    """What became of the rows, and the sheet to correct."""
    viewer.require("intake.upload.read")
    found = queries.upload(viewer, upload_id)
    sheets = list(found.sheets.order_by("position"))
    if any(s.state not in ENDED for s in sheets):
        return redirect("intake_preview", upload_id=upload_id)
    chosen = next((s for s in sheets if str(s.pk) == request.GET.get("sheet")), sheets[0] if sheets else None)
    return render(request, "intake/result.html", _result(viewer, found, sheets, chosen))


def _result(viewer: Viewer, found: Any, sheets: list[Any], chosen: Any) -> dict[str, Any]:
    faults = [(0, f) for f in queries.findings_of(found.findings)]
    if chosen:
        faults += [(0, f) for f in queries.findings_of(chosen.findings)]
        faults += [(record.line, f) for record, f in islice(queries.faults(chosen), MOST_FAULTS)]
    listed = [previews.finding(line, f) for line, f in faults]
    rejected = [f for f in listed if f["level"] == "error"]
    own_address = reverse("intake_result", kwargs={"upload_id": found.pk})
    hand_back = {"upload_id": found.pk, "sheet_id": chosen.pk if chosen else 0}
    counts = {n: getattr(chosen, n, 0) for n in ("accepted", "unchanged", "rejected")}
    counts |= {"rows": getattr(chosen, "rows_done", 0), "warnings": len(listed) - len(rejected)}
    return {
        "heading": str(Text("入库结果", "Result")),
        "file": {"name": found.file_name},
        "ledger": {"title": str(ledgers.titles().get(chosen.ledger, "--")) if chosen else "--"},
        "sheets": [
            {"title": s.name, "url": f"{own_address}?sheet={s.pk}", "active": s is chosen} for s in sheets
        ] if len(sheets) > 1 else None,
        "counts": counts,
        "rejected": rejected,
        "rejected_total": f"{len(rejected)}+" if len(faults) >= MOST_FAULTS else len(rejected),
        "warnings": [f for f in listed if f["level"] == "warning"],
        "warnings_total": len(listed) - len(rejected),
        "sheet_url": reverse("intake_hand_back", kwargs=hand_back) if chosen and chosen.rejected else None,
        "records_url": _records_url(viewer, chosen),
        "again_url": reverse("intake_upload"),
    }  # fmt: skip


def _records_url(viewer: Viewer, sheet: Any) -> str:
    """The list of what the sheet's rows became, where the viewer may see it."""
    kind = queries.landed_kind(viewer, sheet) if sheet else ""
    return address(kind) if kind in pages() and viewer.may(f"{kind}.read") else ""


@require_safe
@signed_in
def hand_back(request: HttpRequest, viewer: Viewer, upload_id: int, sheet_id: int) -> HttpResponse:
    """The same sheet with a reason in each bad row."""
    viewer.require("intake.upload.read")
    sheet = queries.sheet(viewer, upload_id, sheet_id)
    body = actions.hand_back(by=viewer, at=timezone.now(), sheet=sheet)
    return _workbook(body, f"handed-back-{upload_id}-{sheet_id}.xlsx")


@require_safe
@signed_in
def empty_sheet(request: HttpRequest, viewer: Viewer, ledger: str) -> HttpResponse:
    """A sheet with the head words of a ledger, to fill in."""
    viewer.require("intake.upload.run")
    if ledger not in ledgers.titles():
        raise NotFound(ledger)
    return _workbook(ledgers.empty_sheet(ledger), f"{ledger}.xlsx")


def _workbook(body: bytes, name: str) -> HttpResponse:
    response = HttpResponse(
        body, content_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    )
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
