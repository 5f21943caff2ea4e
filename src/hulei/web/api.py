"""REST: every declared kind of record as a resource, through the same queries and actions as its page."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe
from ninja import NinjaAPI, Query, Router, Schema
from ninja.errors import AuthenticationError, HttpError
from ninja.errors import ValidationError as MalformedRequest
from ninja.security import SessionAuth
from pydantic import Field, create_model

from hulei.common.pages import Column, Page
from hulei.common.text import Text
from hulei.common.viewer import Conflict, Forbidden, NotFound, Viewer
from hulei.web.catalogue import page_for, pages
from hulei.web.figures.api import router as figures
from hulei.web.jinja import shown
from hulei.web.problems import PROBLEMS
from hulei.web.records import keyset, versions
from hulei.web.records.faults import placed
from hulei.web.records.listing import narrowed
from hulei.web.records.views import find, log_listed, log_read
from hulei.web.shell import signed_in

MOST = 200


class HatAuth(SessionAuth):
    """The session's viewer; a request without one is answered 401."""

    def authenticate(self, request: HttpRequest, key: str | None) -> Any:
        return getattr(request, "viewer", None)


def _described(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    @require_safe
    @signed_in
    def inner(request: HttpRequest, viewer: Viewer, /, **kwargs: Any) -> HttpResponse:
        return view(request, **kwargs)

    return inner


# The description names kinds of record that not everybody knows of: for who is signed in. No docs page:
# it would come from an outside host and run inline scripts.
api = NinjaAPI(
    title="护蕾 Hulei",
    version="1",
    description="与页面使用同一权限、查询与操作。The same gate, queries and actions as the pages.",
    auth=HatAuth(),
    urls_namespace="api",
    docs_url=None,
    docs_decorator=_described,
)

_KINDS: dict[str, Any] = {
    "number": float | int | str,
    "date": date | str,
    "datetime": datetime | str,
    "yes_no": bool | str,
}


def _answer(
    request: HttpRequest, code: int, title: Text, detail: str, fields: dict[str, list[str]] | None = None
) -> Any:
    body = {"code": code, "title": str(title), "detail": detail, "fields": fields or {}}
    return api.create_response(request, body, status=code)


@api.exception_handler(AuthenticationError)
def _nobody(request: HttpRequest, problem: AuthenticationError) -> Any:
    return _answer(
        request, 401, Text("请先登录", "Sign in first"), str(Text("登录后再试。", "Sign in and try again."))
    )


@api.exception_handler(HttpError)
def _unreadable(request: HttpRequest, problem: HttpError) -> Any:
    return _answer(request, problem.status_code, Text("请求无法识别", "Not understood"), problem.message)


@api.exception_handler(Forbidden)
def _forbidden(request: HttpRequest, problem: Forbidden) -> Any:
    return _answer(
        request, 403, Text("当前身份不能进行此操作", "Your present role may not do this"), str(problem.text)
    )


@api.exception_handler(NotFound)
def _absent(request: HttpRequest, problem: NotFound) -> Any:
    return _answer(
        request,
        404,
        Text("没有找到", "Not found"),
        str(Text("不存在或不在可见范围内", "Absent or out of scope")),
    )


@api.exception_handler(Conflict)
def _conflict(request: HttpRequest, problem: Conflict) -> Any:
    version = getattr(problem.stored, "version", "")
    detail = Text("记录已被他人修改，现为第 {n} 版", "Changed meanwhile; now version {n}").fill(n=version)
    return _answer(request, 409, Text("修改冲突", "Conflict"), str(detail))


@api.exception_handler(MalformedRequest)
def _malformed(request: HttpRequest, problem: MalformedRequest) -> Any:
    fields = {str(fault["loc"][-1]): [str(fault["msg"])] for fault in problem.errors}
    return _answer(request, 422, Text("请求内容有误", "The request is malformed"), "; ".join(fields), fields)


@api.exception_handler(ValidationError)
def _invalid(request: HttpRequest, problem: ValidationError) -> Any:
    fields = problem.message_dict if hasattr(problem, "error_dict") else {}
    return _answer(request, 422, Text("内容有误", "Invalid content"), "；".join(problem.messages), fields)


class Listing(Schema):
    """A page of a list: where it starts, how long it is, which words to look for."""

    cursor: str = ""
    limit: int = Field(50, ge=1, le=MOST)
    q: str = ""


def _item_schema(page: Page) -> type[Schema]:
    fields: dict[str, Any] = {
        c.name: (_KINDS.get(c.kind, str) | None, Field(None, description=str(c.label))) for c in page.columns
    }
    fields["id"] = (int, ...)
    fields["version"] = (int | None, None)
    return create_model(f"{_camel(page.kind)}Item", __base__=Schema, **fields)


def _camel(kind: str) -> str:
    return "".join(part.capitalize() for part in kind.replace(".", "_").split("_"))


def _plain(column: Column, record: Any) -> Any:
    """A value as JSON has it: dates, numbers and truth values as such, everything else as its label."""
    value = column.read(record)
    typed = column.kind in _KINDS and isinstance(value, (bool, int, float, date))
    return value if value is None or typed else shown(value)


def _as_item(page: Page, viewer: Viewer, record: Any) -> dict[str, Any]:
    values = {c.name: _plain(c, record) for c in page.columns}
    return {**values, "id": record.pk, "version": versions.shown(page, viewer, record)}


def _viewer(request: HttpRequest) -> Viewer:
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    return viewer


def _add_list(router: Router, page: Page, item: type[Schema]) -> None:
    listed = create_model(
        f"{_camel(page.kind)}List",
        __base__=Schema,
        items=(list[item], ...),  # type: ignore[valid-type]
        total=(int, ...),
        next=(str | None, None),
    )

    @router.get(
        "/", response={200: listed, **PROBLEMS}, operation_id=f"list_{page.kind}", summary=str(page.title)
    )
    def records(request: HttpRequest, listing: Query[Listing]) -> Any:
        viewer = _viewer(request)
        page_for(viewer, page.kind)
        rows = narrowed(page, viewer, request.GET)
        part = keyset.cut(rows, page.order, listing.cursor, listing.limit)
        log_listed(viewer, page, part.rows)
        return {
            "items": [_as_item(page, viewer, r) for r in part.rows],
            "total": rows.count(),
            "next": part.following,
        }


def _add_detail(router: Router, page: Page, item: type[Schema]) -> None:
    @router.get("/{int:record_id}", response={200: item, **PROBLEMS}, operation_id=f"read_{page.kind}")
    def record(request: HttpRequest, record_id: int) -> Any:
        viewer = _viewer(request)
        page_for(viewer, page.kind)
        found = find(page, viewer, record_id)
        log_read(viewer, page, found)
        return _as_item(page, viewer, found)


class Writing(Schema):
    """Values by field name as the form has them; a change needs the version it was made from."""

    values: dict[str, str | int | float | bool | list[str] | None]
    reason: str = Field("", max_length=200)
    version: int | None = None


def _add_writes(router: Router, page: Page, item: type[Schema]) -> None:
    @router.post("/", response={201: item, **PROBLEMS}, operation_id=f"add_{page.kind}")
    def add(request: HttpRequest, writing: Writing) -> Any:
        return 201, _written(request, page, writing, None)

    @router.patch("/{int:record_id}", response={200: item, **PROBLEMS}, operation_id=f"edit_{page.kind}")
    def edit(request: HttpRequest, record_id: int, writing: Writing) -> Any:
        return 200, _written(request, page, writing, record_id)


def _written(request: HttpRequest, page: Page, writing: Writing, record_id: int | None) -> dict[str, Any]:
    """Save through the page's own form and action."""
    viewer = _viewer(request)
    page_for(viewer, page.kind, "add" if record_id is None else "edit")
    record = None if record_id is None else find(page, viewer, record_id)
    form_class: type[forms.Form] = page.form(viewer, record)  # type: ignore[misc]
    present = _present(page, form_class, record) if record else {}
    form = form_class({**present, **writing.values})
    if not form.is_valid():
        raise ValidationError({k if k != "__all__" else "": v for k, v in form.errors.as_data().items()})
    try:
        saved = page.save(  # type: ignore[misc]
            by=viewer,
            at=timezone.now(),
            reason=writing.reason,
            record_id=record_id,
            version=versions.meant(page, viewer, record, writing.version or 0) if record else None,
            values=form.cleaned_data,
        )
    except ValidationError as problem:
        raise _by_field(problem, form) from problem
    except Conflict as conflict:
        raise Conflict(versions.Stored(versions.shown(page, viewer, conflict.stored))) from conflict
    return _as_item(page, viewer, find(page, viewer, saved.pk))


def _by_field(problem: ValidationError, form: forms.Form) -> ValidationError:
    """The same complaint under the names that the form has."""
    found: dict[str, list[ValidationError]] = {}
    for name, fault in placed(problem, form.fields):
        found.setdefault(name, []).append(fault)
    return ValidationError(found)


def _present(page: Page, form_class: type[forms.Form], record: Any) -> dict[str, Any]:
    """What a partial change leaves as it is."""
    if page.initial:
        return dict(page.initial(record))
    values = {name: getattr(record, name, None) for name in form_class.base_fields}
    return {name: getattr(value, "pk", value) for name, value in values.items()}


_PARTS: tuple[Callable[[Router, Page, type[Schema]], None], ...] = (_add_list, _add_detail)


def _resource(page: Page) -> Router:
    router, item = Router(tags=[page.kind]), _item_schema(page)
    for part in _PARTS:
        part(router, page, item)
    if page.save and page.form:
        _add_writes(router, page, item)
    return router


for _page in pages().values():
    api.add_router(f"/{_page.kind.replace('.', '/')}", _resource(_page))
api.add_router("/insight/metric", figures)
