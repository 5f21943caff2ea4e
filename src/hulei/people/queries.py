"""Reading about children, always through the viewer's eyes; what is not ends in ``_unscoped``."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.db.models import OuterRef, Prefetch, Q, QuerySet, Subquery

from hulei.common import names
from hulei.common.crypto import blind_index
from hulei.common.viewer import NotFound, Viewer
from hulei.common.walls import visible
from hulei.people import rules
from hulei.people.models import CHILD_COLUMNS, Enrolment, Guardian, Minor
from hulei.places import queries as places

_TAIL = re.compile(r"\d{3,}[\dX]")


def id_index(national_id: str) -> str:
    """The blind index under which an id is stored; empty for the empty id."""
    return blind_index("national_id", national_id)


def suffix_index(national_id: str) -> str:
    """The blind index of an id's last four characters."""
    return blind_index("national_id_suffix", rules.id_suffix(national_id))


def phone_index(phone: str) -> str:
    """The blind index of a phone."""
    return blind_index("phone", rules.digits(phone))


def minors(viewer: Viewer) -> QuerySet[Minor]:
    """The children in sight with their guardians and running enrolment; redirected files are left out."""
    guardians_ = Prefetch("guardians", guardians(viewer).order_by("id"))
    enrolments_ = Prefetch("enrolments", enrolments(viewer).filter(until=None))
    scoped = visible(viewer, Minor.objects.filter(merged_into=None))
    return with_village(viewer, scoped).prefetch_related(guardians_, enrolments_)


def with_village(viewer: Viewer, queryset: QuerySet[Minor]) -> QuerySet[Minor]:
    """The same rows with ``village_name``, empty where the address names no village of the district."""
    village = places.areas(viewer).filter(code=OuterRef("village_code")).order_by().values("name")[:1]
    return queryset.annotate(village_name=Subquery(village))


def minor(viewer: Viewer, minor_id: int) -> Minor:
    """One child in sight; a merged file leads to the one that it was merged into.

    Raises NotFound where there is none or none in scope: the two are never told apart.
    """
    merged = visible(viewer, Minor.objects.filter(pk=minor_id)).values_list("merged_into_id", flat=True)
    for target in merged:
        minor_id = target or minor_id
    found = minors(viewer).filter(pk=minor_id).first()
    if found is None:
        raise NotFound(minor_id)
    return found


def guardians(viewer: Viewer) -> QuerySet[Guardian]:
    """The running guardianships of the children in sight."""
    return visible(viewer, Guardian.objects.filter(until=None))


def enrolments(viewer: Viewer) -> QuerySet[Enrolment]:
    """Enrolments of the children in sight, with the school, newest first."""
    return visible(viewer, Enrolment.objects.select_related("school").order_by("-id"))


def kin(viewer: Viewer, of: Minor) -> QuerySet[Minor]:
    """Other children in sight with a guardian of the same name and phone."""
    persons = [g.person_index for g in of.guardians.all() if g.person_index]
    shared = guardians(viewer).filter(person_index__in=persons).values("minor_id")
    return minors(viewer).filter(pk__in=shared).exclude(pk=of.pk)


def find_minors(viewer: Viewer, words: str) -> QuerySet[Minor]:
    """The children in sight whom the words name (see :func:`search`)."""
    return search(viewer, minors(viewer), words)


def search(viewer: Viewer, queryset: QuerySet[Minor], words: str, prefix: str = "") -> QuerySet[Minor]:
    """Those of ``queryset`` that the words name: part of a name, pinyin from its start, initials, or an id.

    Of an id the last four characters or more are enough. Longer pieces are compared with the
    decrypted ids of those whose last four agree, so nothing but the last four is ever indexed.
    ``prefix`` leads from the queryset's model to the minor (``minor__``).
    """
    text = rules.tidy_id(words)
    if not text:
        return queryset
    if _TAIL.fullmatch(text):
        return queryset.filter(**{f"{prefix}pk__in": _by_id_tail(viewer, text)})
    latin = text.lower()
    asked = Q(**{f"{prefix}name__contains": names.person(words)})
    asked |= Q(**{f"{prefix}name_pinyin__startswith": latin}) | Q(**{f"{prefix}name_initials": latin})
    return queryset.filter(asked)


def _by_id_tail(viewer: Viewer, tail: str) -> list[int]:
    index = blind_index("national_id_suffix", tail[-4:])
    found = visible(viewer, Minor.objects.filter(merged_into=None, national_id_suffix_index=index))
    return [pk for pk, stored in found.values_list("pk", "national_id") if stored.endswith(tail)]


def minors_by_certain_id_unscoped(national_ids: Iterable[str]) -> dict[str, int]:
    """{id: minor} of the files that hold one of these ids as certain; the oldest file if several do."""
    wanted = {id_index(i): i for i in national_ids if i}
    return {wanted[index]: pks[0] for index, pks in minors_by_id_index_unscoped(wanted).items()}


def minors_by_id_index_unscoped(indexes: Iterable[str]) -> dict[str, list[int]]:
    """{blind index: minors, oldest first} of unmerged files whose id is certain."""
    found: dict[str, list[int]] = defaultdict(list)
    rows = Minor.objects.filter(
        national_id_index__in=[i for i in indexes if i], national_id_certain=True, merged_into=None
    )
    for index, pk in rows.order_by("pk").values_list("national_id_index", "pk"):
        found[index].append(pk)
    return found


def certain_ids_unscoped(minor_ids: Iterable[int]) -> dict[int, str]:
    """{minor: blind index of its id} of those whose id is certain."""
    rows = Minor.objects.filter(pk__in=list(minor_ids), national_id_certain=True)
    return dict(rows.values_list("pk", "national_id_index"))


def scopes_unscoped(minor_ids: Iterable[int]) -> dict[int, dict[str, Any]]:
    """{minor: the columns that decide who sees it}, to be put on rows about the child."""
    rows = Minor.objects.filter(pk__in=set(minor_ids)).values("pk", *CHILD_COLUMNS)
    return {row.pop("pk"): row for row in rows}
