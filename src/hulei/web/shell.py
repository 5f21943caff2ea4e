"""What every page shares: the sign-in door, the menu, the phone's bottom bar."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode

from hulei.common.text import Text
from hulei.common.viewer import Viewer
from hulei.web import errors
from hulei.web.catalogue import GROUPS, pages

P = ParamSpec("P")


def signed_in(
    view: Callable[Concatenate[HttpRequest, Viewer, P], HttpResponse],
) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
    """Give the view its viewer; send everyone else to the sign-in page and back."""

    @wraps(view)
    def inner(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        viewer: Viewer | None = request.viewer  # type: ignore[attr-defined]
        if viewer is not None:
            return view(request, viewer, *args, **kwargs)
        if request.path.startswith("/api/"):
            title = Text("请先登录", "Sign in first")
            return errors.page(request, 401, title, Text("登录后再试。", "Sign in and try again."))
        address = f"{reverse('sign_in')}?{urlencode({'next': request.get_full_path()})}"
        if getattr(request, "htmx", False):
            response = HttpResponse(status=204)
            response["HX-Redirect"] = address
            return response
        return redirect(address)

    return inner


def context(request: HttpRequest) -> dict[str, Any]:
    """Context of the shell, added to every template (see settings.TEMPLATES)."""
    viewer: Viewer | None = getattr(request, "viewer", None)
    if viewer is None:
        return {"viewer": None, "menu": [], "bottom_bar": [], "hats": [], "hat": None}
    return {
        "viewer": viewer,
        "menu": menu(viewer, request.path),
        "bottom_bar": bottom_bar(viewer, request.path),
        "hats": getattr(request, "hats", []),
        "hat": getattr(request, "hat", None),
    }


def menu(viewer: Viewer, path: str) -> list[dict[str, Any]]:
    """Groups of pages that the viewer can use; nothing else is even named."""
    groups = [{"title": "", "items": _first(viewer, path)}]
    for group, title in GROUPS.items():
        items = [
            _item(str(page.title), f"/{page.kind.replace('.', '/')}/", path, group)
            for page in pages().values()
            if page.group == group and viewer.may(f"{page.kind}.read")
        ]
        if group == "intake" and viewer.may("intake.upload.run"):
            items.insert(
                0, _item(str(Text("导入台账", "Take in a ledger")), reverse("intake_upload"), path, "upload")
            )
        if group == "places" and viewer.may("statutes.article.read"):
            items.append(_item(str(Text("法条目录", "Statutes")), reverse("statutes"), path, "statutes"))
        if items:
            groups.append({"title": str(title), "items": items})
    return groups


def _first(viewer: Viewer, path: str) -> list[dict[str, Any]]:
    items = [_item(str(Text("今日", "Today")), reverse("home"), path, "today")]
    if viewer.may("insight.metric.read"):
        items.append(_item(str(Text("成效", "Figures")), reverse("leaders"), path, "chart"))
    return items


def _item(title: str, url: str, path: str, icon: str) -> dict[str, Any]:
    return {
        "title": title,
        "url": url,
        "active": path == url or (url != "/" and path.startswith(url)),
        "icon": icon,
    }


def bottom_bar(viewer: Viewer, path: str) -> list[dict[str, Any]]:
    """At most four doors on a phone."""
    bar = _first(viewer, path)
    for kind, title, icon in (
        ("people.minor", Text("儿童", "Children"), "people"),
        ("campus.hazard", Text("隐患", "Hazards"), "campus"),
        ("outreach.lecture", Text("宣讲", "Lectures"), "outreach"),
        ("audit.entry", Text("留痕", "Audit"), "system"),
        ("access.account", Text("账号", "Accounts"), "system"),
    ):
        if len(bar) < 4 and viewer.may(f"{kind}.read"):
            bar.append(_item(str(title), f"/{kind.replace('.', '/')}/", path, icon))
    return bar
