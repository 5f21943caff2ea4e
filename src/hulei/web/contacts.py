"""A child's id, address and phones in full: asked for with a reason, logged before they are shown."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_POST

from hulei.common.text import Text
from hulei.common.viewer import Viewer
from hulei.people import actions
from hulei.web.catalogue import page_for
from hulei.web.records.listing import Cell, address
from hulei.web.records.views import find
from hulei.web.shell import signed_in

TITLE = Text("完整联系方式", "Full contact data")


@require_POST
@signed_in
def contact(request: HttpRequest, viewer: Viewer, record_id: int) -> HttpResponse:
    """What is otherwise masked. Without a reason the page asks for one (422)."""
    viewer.require("people.contact.reveal")
    page = page_for(viewer, "people.minor")
    minor = find(page, viewer, record_id)
    context = {
        "title": f"{page.name(minor)} {TITLE}",
        "page_title": str(page.title),
        "list_url": address(page.kind),
        "back_url": address(page.kind, record_id),
        "name": page.name(minor),
        "pairs": [],
        "faults": [],
    }
    try:
        found = actions.reveal_contact(
            by=viewer, at=timezone.now(), reason=request.POST.get("reason", "")[:200], minor_id=record_id
        )
    except ValidationError as problem:
        return render(request, "contact.html", {**context, "faults": problem.messages}, status=422)
    return render(request, "contact.html", {**context, "pairs": _pairs(found)})


def _pairs(found: Any) -> list[Cell]:
    known = [
        (Text("身份证号", "National id"), found.national_id),
        (Text("家庭住址", "Address"), found.address),
        *((Text(f"监护人 {name}", f"Guardian {name}"), phone) for name, phone in found.guardians),
    ]
    return [Cell(text or "--", "text", label=str(label)) for label, text in known]
