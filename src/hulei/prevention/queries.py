"""Reading calls, clues, dossiers, entries, cases and visits through the viewer's eyes."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.db import transaction
from django.db.models import Count, IntegerField, OuterRef, Prefetch, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce, Greatest

from hulei.audit import actions as audit
from hulei.common.periods import Period
from hulei.common.viewer import NotFound, Viewer
from hulei.common.walls import visible
from hulei.intake import queries as intake
from hulei.linkage import queries as linkage
from hulei.people import queries as people
from hulei.prevention.models import Case, Clue, Dossier, PoliceCall, RegisterEntry, Visit


def police_calls(viewer: Viewer) -> QuerySet[PoliceCall]:
    """Police calls in sight with their station."""
    return visible(viewer, PoliceCall.objects.select_related("station"))


def calls_received(viewer: Viewer, period: Period) -> QuerySet[PoliceCall]:
    """Calls received within a period, by China's calendar. Each call number is one row."""
    start, end = period.moments()
    return police_calls(viewer).filter(received_at__gte=start, received_at__lt=end)


def clues(viewer: Viewer) -> QuerySet[Clue]:
    """Clues in sight with their school."""
    return visible(viewer, Clue.objects.select_related("school"))


def clues_received(viewer: Viewer, period: Period) -> QuerySet[Clue]:
    """Clues received within a period."""
    return clues(viewer).filter(received_on__range=(period.start, period.end))


def cases(viewer: Viewer) -> QuerySet[Case]:
    """Cases in sight, with ``visit_count`` (see ``rules.visits_counted``)."""
    own = (
        Visit.objects.filter(case=OuterRef("pk"))
        .order_by()
        .values("case")
        .annotate(n=Count("pk"))
        .values("n")
    )
    entered = Coalesce(Subquery(own, output_field=IntegerField()), Value(0))
    counted = Greatest(Coalesce("visits_reported", Value(0)), entered, output_field=IntegerField())
    return visible(viewer, Case.objects.select_related("school", "station").annotate(visit_count=counted))


def cases_tracked(viewer: Viewer, period: Period) -> QuerySet[Case]:
    """Cases that ran in a period: opened by its end and not closed before its start."""
    running = Q(closed_on=None) | Q(closed_on__gte=period.start)
    return cases(viewer).filter(running, opened_on__lte=period.end)


def visits(viewer: Viewer) -> QuerySet[Visit]:
    """Visits entered in Hulei, with their case."""
    return visible(viewer, Visit.objects.select_related("case"))


def entries(viewer: Viewer) -> QuerySet[RegisterEntry]:
    """Register entries of the viewer's own compartments."""
    current = RegisterEntry.objects.filter(superseded_by=None, minor__merged_into=None)
    return visible(viewer, current.select_related("station", "minor"))


def entries_of(viewer: Viewer, minor_id: int) -> QuerySet[RegisterEntry]:
    """The entries about one child that stand in the viewer's own registers, newest first."""
    return entries(viewer).filter(minor_id=minor_id).order_by("-id")


def dossiers(viewer: Viewer) -> QuerySet[Dossier]:
    """The dossiers in sight with their child; redirected files are left out.

    A child that only the police know is absent here for everybody else: in lists, counts, search
    and by its number alike.
    """
    children = Prefetch("minor", people.minors(viewer))
    return visible(viewer, Dossier.objects.filter(minor__merged_into=None)).prefetch_related(children)


def search_dossiers(viewer: Viewer, queryset: QuerySet[Dossier], words: str) -> QuerySet[Dossier]:
    """Dossiers by number, or by the child's name, pinyin, initials or id."""
    text = words.strip().upper()
    if text.startswith("D") and text[1:].replace("-", "").isdigit():
        return queryset.filter(number__startswith=text)
    found = people.find_minors(viewer, words).order_by().values("pk")
    return queryset.filter(minor_id__in=found)


@transaction.atomic
def open_dossier(viewer: Viewer, minor_id: int, at: datetime, purpose: str) -> Dossier:
    """One child's dossier; that it was opened, by whom and why, is in the ledger before it is given.

    A merged file leads to the one that it was merged into. Raises Forbidden, NotFound.
    """
    viewer.require("prevention.dossier.read")
    child = people.minor(viewer, minor_id)
    found = dossiers(viewer).filter(minor_id=child.pk).first()
    if found is None:
        raise NotFound(minor_id)
    target = ("prevention.dossier", found.pk)
    audit.record(
        by=viewer, at=at, tag="prevention.dossier.read", target=target, subject=child.pk, reason=purpose
    )
    return found


def dossier_rows(viewer: Viewer) -> Iterator[tuple[str, int, str]]:
    """(file, n-th data row, dossier number) of every register row in force that the viewer's uploads hold.

    A file taken in several times under one name gives one line for each row: the latest.
    """
    numbers = dict(visible(viewer, Dossier.objects.all()).values_list("minor_id", "number"))
    source = intake.source_records(viewer).filter(sheet__ledger__startswith="register_")
    places = {
        pk: (file, row)
        for pk, file, row in source.values_list("pk", "sheet__upload__file_name", "number").iterator()
    }
    lines: dict[tuple[str, int], str] = {}
    for source_id, _, minor_id in linkage.assigned_unscoped():
        if source_id in places and minor_id in numbers:
            lines[places[source_id]] = numbers[minor_id]
    for (file, row), number in sorted(lines.items()):
        yield file, row, number
