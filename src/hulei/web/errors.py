"""Answers to what people run into: each says what happened and what to do next."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render

from hulei.common.text import Text
from hulei.common.viewer import Conflict, Forbidden, NotFound

NOT_FOUND = Text("没有找到这条记录", "No such record")
NOT_FOUND_NEXT = Text(
    "它可能不存在，也可能不在您的可见范围内。请核对编号，或回到列表查找。",
    "It may not exist, or lie outside your scope. Check the number or look in the list.",
)
CONFLICT = Text("这条记录刚被别人改过", "Somebody else has just changed this record")
CONFLICT_NEXT = Text("请重新打开记录，核对后再修改。", "Open it again, compare, then edit.")
FORBIDDEN = Text("当前身份不能进行此操作", "Your present role may not do this")


def answer(request: HttpRequest, problem: Exception) -> HttpResponse:
    """The page (or JSON, for the REST interface) for a refusal, an absent record or a conflict."""
    if isinstance(problem, Forbidden):
        return page(request, 403, FORBIDDEN, problem.text)
    if isinstance(problem, NotFound):
        return page(request, 404, NOT_FOUND, NOT_FOUND_NEXT)
    if isinstance(problem, Conflict):
        return page(request, 409, CONFLICT, CONFLICT_NEXT)
    raise problem


def page(request: HttpRequest, status: int, title: Text, what_to_do: Text) -> HttpResponse:
    """An error as a page, or as JSON under ``/api/``."""
    if request.path.startswith("/api/"):
        return JsonResponse({"code": status, "title": str(title), "detail": str(what_to_do)}, status=status)
    context = {"status": status, "title": str(title), "what_to_do": str(what_to_do)}
    return render(request, "error.html", context, status=status)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400."""
    title = Text("请求无法识别", "The request could not be understood")
    return page(request, 400, title, Text("请返回上一页重试。", "Go back and try again."))


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """403 from Django itself."""
    return page(request, 403, FORBIDDEN, Text("请返回上一页。", "Go back to the page before."))


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404 for an address that nothing answers to: worded as for a record out of scope."""
    return page(request, 404, NOT_FOUND, NOT_FOUND_NEXT)


def form_expired(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403 for a form whose token is missing or old."""
    title = Text("页面已过期", "The page has expired")
    return page(request, 403, title, Text("请刷新页面后重新提交。", "Reload the page and submit again."))


def server_error(request: HttpRequest) -> HttpResponse:
    """500, rendered without a database."""
    title = Text("系统出错了", "Something went wrong")
    what = Text(
        "刚才的操作没有保存。请稍后再试；如仍出错，请把时间告诉系统管理员。",
        "Nothing was saved. Try again later; if it happens again, tell the system administrator the time.",
    )
    return page(request, 500, title, what)
