"""Signing in and out, changing hat and language."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth import authenticate, login, logout, update_session_auth_hash
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from hulei.access import actions
from hulei.access import queries as access
from hulei.audit import actions as audit
from hulei.common.names import plain
from hulei.common.text import Text
from hulei.common.viewer import Viewer
from hulei.web import errors
from hulei.web.shell import signed_in

WRONG = Text(
    "用户名或密码不正确。连续输错五次将锁定一刻钟。",
    "Wrong name or password. Five failures lock for a quarter of an hour.",
)
NO_HAT = Text(
    "该账号目前没有有效的授权，请联系安全管理员。",
    "This account holds no valid role; ask the security administrator.",
)


@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """Name and password; every attempt is in the ledger."""
    if request.method != "POST":
        return _form(request, next_page=request.GET.get("next", ""))
    name = plain(request.POST.get("username", "")).lower()
    next_page = request.POST.get("next", "")
    account = authenticate(request, username=name, password=request.POST.get("password", ""))
    now = timezone.now()
    if account is None or not account.is_active:
        audit.record(
            by=None,
            at=now,
            tag="access.sign_in.refused",
            target=("access.account", ""),
            details={"username": name[:60]},
        )
        return _form(request, next_page=next_page, username=name, problem=WRONG)
    hats = access.hats(account.pk, timezone.localdate())
    if not hats:
        return _form(request, next_page=next_page, username=name, problem=NO_HAT)
    login(request, account)
    request.session["seen"] = int(now.timestamp())
    viewer = access.viewer_of(account, hats[0])  # type: ignore[arg-type]
    audit.record(by=viewer, at=now, tag="access.session.opened", target=("access.account", account.pk))
    return HttpResponseRedirect(_safe(request, next_page))


def _form(
    request: HttpRequest, *, next_page: str, username: str = "", problem: Text | None = None
) -> HttpResponse:
    context = {"next": next_page, "username": username, "problem": str(problem) if problem else ""}
    return render(request, "login.html", context, status=401 if problem else 200)


def _safe(request: HttpRequest, address: str) -> str:
    """``address`` if it lies on this host, else the first page."""
    allowed = url_has_allowed_host_and_scheme(
        address, {request.get_host()}, require_https=request.is_secure()
    )
    return address if allowed else "/"


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """End the session."""
    viewer = request.viewer  # type: ignore[attr-defined]
    if viewer:
        audit.record(
            by=viewer,
            at=timezone.now(),
            tag="access.session.closed",
            target=("access.account", viewer.account_id),
        )
    logout(request)
    return redirect("sign_in")


@require_POST
def change_hat(request: HttpRequest) -> HttpResponse:
    """Wear another of one's own roles."""
    wanted = request.POST.get("hat", "")
    hat = next((h for h in getattr(request, "hats", []) if str(h.pk) == wanted), None)
    if hat is None:
        raise PermissionDenied
    request.session["hat"] = hat.pk
    viewer = access.viewer_of(request.user, hat)  # type: ignore[arg-type]
    audit.record(by=viewer, at=timezone.now(), tag="access.role.worn", target=("access.grant", hat.pk))
    return redirect("home")


@require_POST
def change_language(request: HttpRequest) -> HttpResponse:
    """Chinese or English, remembered in a cookie."""
    response = HttpResponseRedirect(_safe(request, request.POST.get("next", "/")))
    code = "en" if request.POST.get("language") == "en" else "zh"
    response.set_cookie(
        "hulei_language", code, max_age=365 * 24 * 3600, samesite="Lax", secure=request.is_secure()
    )
    return response


@require_GET
def alive(request: HttpRequest) -> HttpResponse:
    """Whether the server answers; says nothing else."""
    return HttpResponse("ok", content_type="text/plain")


def locked_out(
    request: HttpRequest, credentials: object = None, *args: object, **kwargs: object
) -> HttpResponse:
    """The answer while an account is locked."""
    title = Text("登录已暂时锁定", "Signing in is locked for now")
    what = Text(
        "连续输错密码，请一刻钟后再试，或联系安全管理员。",
        "Too many failures: try again in a quarter of an hour.",
    )
    return errors.page(request, 429, title, what)


def client_address(request: HttpRequest) -> str:
    """The address that connected to us; forwarded headers are not believed."""
    return str(request.META.get("REMOTE_ADDR") or "local")


@sensitive_post_parameters("present", "wanted", "again")
@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def change_password(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """One's own new password; the present one is asked for."""
    faults: list[str] = []
    if request.method == "POST":
        faults = _change(request, viewer)
        if not faults:
            messages.success(request, str(Text("密码已更改。", "Password changed.")))
            return redirect("home")
    return render(request, "password.html", {"faults": faults}, status=422 if faults else 200)


def _change(request: HttpRequest, viewer: Viewer) -> list[str]:
    """What is wrong with the change asked for; nothing when it was made."""
    wanted = request.POST.get("wanted", "")
    account: Any = request.user
    if not account.check_password(request.POST.get("present", "")):
        return [str(Text("现用密码不正确。", "The present password is wrong."))]
    if wanted != request.POST.get("again", ""):
        return [str(Text("两次输入的新密码不一致。", "The two new passwords differ."))]
    try:
        actions.set_password(by=viewer, at=timezone.now(), account=account, password=wanted)
    except ValidationError as problem:
        return problem.messages
    update_session_auth_hash(request, account)
    return []
