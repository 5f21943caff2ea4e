"""The button that asks for what a child's pages show masked."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from hulei.common.pages import Page
from hulei.common.text import Text
from hulei.common.viewer import Viewer


def contact_action(viewer: Viewer, page: Page, record: Any) -> list[dict[str, Any]]:
    """The button that asks for a child's contact data, on the pages that are the child's."""
    if page.kind not in ("people.minor", "prevention.dossier") or not viewer.may("people.contact.reveal"):
        return []
    url = reverse("minor_contact", kwargs={"record_id": page.subject(record) if page.subject else 0})
    title = Text("查看完整联系方式", "Show full contact data")
    return [{"title": str(title), "url": url, "method": "post", "icon": "eye", "ask_reason": True}]
