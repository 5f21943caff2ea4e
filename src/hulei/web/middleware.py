"""What surrounds every request: the language, and the transaction in which a viewer looks."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import date

from django.conf import settings
from django.contrib.auth import logout
from django.db import DataError, transaction
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.cache import add_never_cache_headers

from hulei.access import queries as access
from hulei.audit import actions as audit
from hulei.common import walls
from hulei.common.text import Text, in_language
from hulei.common.viewer import Conflict, Forbidden, NotFound, Viewer
from hulei.web import errors
from hulei.web.catalogue import pages

Respond = Callable[[HttpRequest], HttpResponse]
log = logging.getLogger("hulei.web")
TOO_LARGE = Text("提交的内容过大", "Too much at once")
TOO_LARGE_NEXT = Text(
    "一次最多提交 {limit} MB，请分几次提交。", "At most {limit} MB at a time: send it in parts."
)


class LanguageMiddleware:
    """Chinese unless the person chose English (kept in a cookie)."""

    def __init__(self, respond: Respond) -> None:
        self.respond = respond

    def __call__(self, request: HttpRequest) -> HttpResponse:
        code = "en" if request.COOKIES.get("hulei_language") == "en" else "zh"
        with in_language(code), translation.override("en" if code == "en" else "zh-hans"):
            return self.respond(request)


class ViewerMiddleware:
    """One transaction per request, entered as the viewer: the database shows no other rows.

    A request without a viewer runs as the login role, which sees no record at all. An answer of
    500, an exception or a refusal rolls everything back; that somebody was refused stays in the ledger.
    """

    def __init__(self, respond: Respond) -> None:
        self.respond = respond

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.viewer = None  # type: ignore[attr-defined]
        if request.path.startswith(settings.STATIC_URL):
            return self.respond(request)
        with transaction.atomic():
            viewer = self._viewer(request)
            if viewer:
                walls.enter(viewer)
            request.viewer = viewer  # type: ignore[attr-defined]
            response = _too_large(request, viewer) or self.respond(request)
            if response.status_code >= 500:
                transaction.set_rollback(True)
        if viewer:
            add_never_cache_headers(response)
            if response.status_code in (403, 404):
                _tell_refusal(request, viewer, response.status_code)
        return response

    def process_exception(self, request: HttpRequest, problem: Exception) -> HttpResponse | None:
        """Turn what a user met into a page that says what to do; leave faults to Django."""
        if isinstance(problem, (Forbidden, NotFound, Conflict)):
            transaction.set_rollback(True)
            return errors.answer(request, problem)
        if isinstance(problem, (DataError, UnicodeEncodeError)):
            # A NUL byte, half a character, a number beyond all columns: the sender's fault, not ours.
            transaction.set_rollback(True)
            return errors.bad_request(request, problem)
        return None

    def _viewer(self, request: HttpRequest) -> Viewer | None:
        account = request.user
        if request.path == reverse("sign_in"):
            # Whoever signs in anew is nobody yet, whatever session came along.
            return None
        if not account.is_authenticated or _idle_too_long(request):
            return None
        if not account.is_active:
            logout(request)
            return None
        hats = access.hats(account.pk, _today())
        if not hats:
            return None
        chosen = next((h for h in hats if h.pk == request.session.get("hat")), hats[0])
        request.hats = hats  # type: ignore[attr-defined]
        request.hat = chosen  # type: ignore[attr-defined]
        return access.viewer_of(account, chosen)


def _too_large(request: HttpRequest, viewer: Viewer | None) -> HttpResponse | None:
    """The answer to a body beyond all use, before a byte of it is read or kept; None for any other."""
    taking_in = viewer and viewer.may("intake.upload.run") and request.path == reverse("intake_upload")
    limit = settings.HULEI_REQUEST_LIMIT if taking_in else settings.DATA_UPLOAD_MAX_MEMORY_SIZE
    length = request.META.get("CONTENT_LENGTH") or "0"
    if length.isdecimal() and int(length[:15]) <= limit:
        return None
    return errors.page(request, 413, TOO_LARGE, TOO_LARGE_NEXT.fill(limit=limit // 1024 // 1024))


def _tell_refusal(request: HttpRequest, viewer: Viewer, status: int) -> None:
    """Enter into the ledger that somebody asked for what they may not have, without what they typed."""
    match = request.resolver_match
    if match is None:
        return
    kind = ".".join(str(match.kwargs.get(name, "")) for name in ("package", "noun")).strip(".")
    kind = kind if kind in pages() else match.route
    number = next(
        (str(v) for name, v in match.kwargs.items() if name.endswith("_id") and isinstance(v, int)), ""
    )
    with transaction.atomic():
        audit.record(
            by=viewer,
            at=timezone.now(),
            tag="access.request.refused",
            target=(kind[:60], number[:20]),
            details={"status": status, "method": request.method},
        )


def _today() -> date:
    return timezone.localdate()


def _idle_too_long(request: HttpRequest) -> bool:
    """End a session that nobody used for a while (GB/T 22239-2019 8.1.4.1 b)."""
    now = int(timezone.now().timestamp())
    last = request.session.get("seen", now)
    if now - last > settings.HULEI_IDLE_SECONDS:
        logout(request)
        return True
    if now - last > 60 or "seen" not in request.session:
        request.session["seen"] = now
    return False
