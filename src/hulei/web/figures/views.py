"""The pages of the figures."""

from __future__ import annotations

from datetime import date

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from hulei.common.clock import today
from hulei.common.text import Text
from hulei.common.viewer import NotFound, Viewer
from hulei.insight import actions, queries
from hulei.insight.documents.content import WorkReport
from hulei.insight.documents.work_report import as_json
from hulei.insight.documents.work_report import render as render_word
from hulei.insight.rules import is_sensible
from hulei.web import errors
from hulei.web.catalogue import pages
from hulei.web.figures import showing
from hulei.web.figures.asking import Question, period_context, read
from hulei.web.records.views import log_listed
from hulei.web.shell import signed_in

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def _question(request: HttpRequest) -> Question:
    asked = read(request.GET, today())
    for complaint in asked.complaints:
        messages.warning(request, str(complaint))
    return asked.question


@require_safe
@signed_in
def leaders(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """Eight headline figures, the trends, and every figure by chapter."""
    question = _question(request)
    try:
        context = showing.leaders_context(viewer, question)
    except queries.UnknownArea as unknown:
        raise NotFound(unknown) from unknown
    context["title"] = str(Text("成效", "Figures"))
    context["period"] = period_context(viewer, question, reverse("leaders"), today())
    return render(request, "insight/leaders.html", context)


@require_safe
@signed_in
def metric(request: HttpRequest, viewer: Viewer, metric_id: str) -> HttpResponse:
    """One figure with its definition, its months and the rows in sight."""
    question = _question(request)
    ask = (question.period, question.as_of, question.area)
    try:
        drill = queries.drill_down(viewer, metric_id, *ask)
    except queries.UnknownArea as unknown:
        raise NotFound(unknown) from unknown
    before = queries.figures_a_year_before(viewer, [metric_id], *ask).get(metric_id)
    trend = queries.trend(viewer, metric_id, question.as_of, question.area)
    rows, records = showing.rows_context(viewer, drill, question, request.GET.get("cursor", ""))
    page = pages().get(drill.figure.metric.kind)
    if page and page.subject:
        log_listed(viewer, page, records)
    address = reverse("metric", kwargs={"metric_id": metric_id})
    context = {
        **showing.metric_context(drill.figure, before, trend),
        **rows,
        "period": period_context(viewer, question, address, today()),
        "leaders_url": f"{reverse('leaders')}?{question.query()}",
    }
    return render(request, "insight/metric.html", context)


@require_safe
@signed_in
def report_word(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """The work report of a year as a Word file, entered into the ledger."""
    report = _report(request, viewer)
    if report is None:
        return _nothing_to_report(request)
    response = HttpResponse(render_word(report), content_type=WORD)
    response["Content-Disposition"] = (
        f'attachment; filename="report-{report.year}-{report.as_of:%Y%m%d}.docx"'
    )
    return response


@require_safe
@signed_in
def report_json(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """The same report as data."""
    report = _report(request, viewer)
    if report is None:
        return _nothing_to_report(request)
    return JsonResponse(as_json(report), json_dumps_params={"ensure_ascii": False})


def _report(request: HttpRequest, viewer: Viewer) -> WorkReport | None:
    """The report of the address; None where its day lies before its year or cannot be read."""
    viewer.require("insight.report.print")
    try:
        as_of = date.fromisoformat(request.GET.get("as_of") or today().isoformat())
        year = int(request.GET.get("year") or as_of.year)
        if not is_sensible(as_of):
            return None
        return actions.print_work_report(by=viewer, at=timezone.now(), year=year, as_of=as_of)
    except ValueError:
        return None


def _nothing_to_report(request: HttpRequest) -> HttpResponse:
    title = Text("没有可报告的内容", "Nothing to report")
    what = Text(
        "请核对年份和统计截止日：截止日不能早于该年 1 月 1 日。",
        "Check the year and the as-of day: it must not lie before 1 January.",
    )
    return errors.page(request, 400, title, what)
