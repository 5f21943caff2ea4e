"""The area tree: a district with what is shipped of it, and the areas that rosters add."""

from __future__ import annotations

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import connection, transaction

from hulei.audit import actions as audit
from hulei.common.names import pinyin, plain
from hulei.common.text import Text
from hulei.common.viewer import Viewer
from hulei.places import divisions, queries, rules
from hulei.places.models import Area
from hulei.places.terms import AreaLevel

UNKNOWN_DISTRICT = Text(
    "还没有建立辖区，请先运行 hulei init。", "There is no district yet: run hulei init first."
)
WRONG_CODE = Text("区划代码应为六位数字。", "A district's code has six digits.")


def named(name: str) -> dict[str, str]:
    """The columns of :class:`models.Named` for a name."""
    full, initials = pinyin(name)
    shown = plain(name)
    return {
        "name": shown,
        "name_key": rules.key(shown),
        "name_pinyin": full[:300],
        "name_initials": initials[:80],
    }


def lock_places() -> None:
    """One writer of places at a time, until the transaction ends: codes are handed out in order."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('hulei places'))")


def home(by: Viewer) -> Area:
    """The district that ``by`` works in. Raises ValidationError before any district was founded."""
    found = Area.objects.filter(code=by.district, level=AreaLevel.DISTRICT).first() if by.district else None
    found = found or queries.home_district_unscoped()
    if found is None:
        raise ValidationError(str(UNKNOWN_DISTRICT))
    return found


@transaction.atomic
def found_district(*, by: Viewer, at: datetime, code: str, name: str, reason: str = "") -> Area:
    """The district with its tree, if one is shipped for the code, else by itself. Again: changes nothing.

    Raises ValidationError for a code that has not six digits.
    """
    by.require("places.area.add")
    if len(code) != 6 or not code.isdigit():
        raise ValidationError({"code": str(WRONG_CODE)})
    lock_places()
    existing = Area.objects.filter(code=code).first()
    if existing is not None:
        return existing
    tree = divisions.tree(code) or (divisions.Division(code, "", name, AreaLevel.DISTRICT),)
    areas = _plant(tree, code, at)
    target = ("places.area", areas[code].pk)
    audit.record(
        by=by,
        at=at,
        tag="places.district.founded",
        target=target,
        reason=reason,
        details={"areas": len(areas)},
    )
    return areas[code]


def _plant(tree: tuple[divisions.Division, ...], district: str, at: datetime) -> dict[str, Area]:
    """Store a tree level by level; areas over the district may be there already."""
    areas = {a.code: a for a in Area.objects.filter(code__in=[d.code for d in tree])}
    for level in AreaLevel:
        fresh = [
            _area(d.code, d.name, level, areas.get(d.parent), district, at)
            for d in tree
            if d.level is level and d.code not in areas
        ]
        areas |= {a.code: a for a in Area.objects.bulk_create(fresh)}
    return areas


def _area(
    code: str,
    name: str,
    level: AreaLevel,
    parent: Area | None,
    district: str,
    at: datetime,
    *,
    local: bool = False,
) -> Area:
    over = level in (AreaLevel.PROVINCE, AreaLevel.CITY)
    return Area(
        code=code,
        parent=parent,
        level=level,
        local=local,
        path=f"{parent.path}/{code}" if parent else code,
        district_code="" if over else district,
        created_at=at,
        updated_at=at,
        **named(name),
    )


def add_local_area(name: str, level: AreaLevel, parent: Area, district: Area, at: datetime) -> Area:
    """An area that a roster names and the tree lacks. The caller holds :func:`lock_places`."""
    width = 9 if level is AreaLevel.TOWN else 12
    taken = Area.objects.filter(district_code=district.code).values_list("code", flat=True)
    code = rules.local_code(parent.code, width, taken)
    area = _area(code, name, level, parent, district.code, at, local=True)
    area.save()
    return area
