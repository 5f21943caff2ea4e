"""Which rows make up a child's file, and why."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import QuerySet

from hulei.common.viewer import Viewer
from hulei.common.walls import visible
from hulei.linkage.models import LinkEvent, SourceIdentity


def sources(viewer: Viewer, minor_id: int) -> QuerySet[SourceIdentity]:
    """The rows about a child that stand in the viewer's own registers, oldest first."""
    return visible(viewer, SourceIdentity.objects.filter(minor_id=minor_id).order_by("id"))


def history(viewer: Viewer, minor_id: int) -> QuerySet[LinkEvent]:
    """How rows came to a child's file, newest first."""
    events = LinkEvent.objects.filter(to_minor_id=minor_id).select_related("identity").order_by("-id")
    return visible(viewer, events)


def assigned_unscoped() -> Iterator[tuple[int, int, int]]:
    """(source record, row number, minor) of every register row, in the order of taking in."""
    rows = SourceIdentity.objects.exclude(source_id=None).order_by("source_id")
    for source_id, number, minor_id in rows.values_list("source_id", "number", "minor_id").iterator(5000):
        yield source_id or 0, number, minor_id
