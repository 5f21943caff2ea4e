"""What is asked of the figures, as it stands in an address: period, as-of day, area."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from hulei.common.periods import Period, same_day
from hulei.common.text import Text
from hulei.common.viewer import Viewer
from hulei.insight import rules
from hulei.places import queries as places
from hulei.places.terms import AreaLevel

UNREAD = Text(
    "日期“{text}”无法识别，已按 {default} 计。", 'The date "{text}" cannot be read; {default} is used.'
)

SWAPPED = Text("统计期止早于起，已对调。", "The period ended before it started; the two were swapped.")


@dataclass(frozen=True, slots=True)
class Question:
    """A period as known on a day, in an area ("" is the whole district)."""

    period: Period
    as_of: date
    area: str = ""

    def query(self, **more: str) -> str:
        """The question as the query of an address."""
        parts = {
            "from": self.period.start,
            "to": self.period.end,
            "as_of": self.as_of,
            "area": self.area,
            **more,
        }
        return urlencode({name: str(value) for name, value in parts.items() if value})


@dataclass(frozen=True, slots=True)
class Asked:
    """A question with what had to be put right in it."""

    question: Question
    complaints: tuple[Text, ...] = ()


def read(query: Mapping[str, str], today: date) -> Asked:
    """The question of an address: by default the year so far. What cannot be read is told."""
    complaints: dict[str, Text] = {}

    def day(name: str, default: date) -> date:
        text = str(query.get(name, "")).strip()
        found = _day(text) if text else default
        if found is None:
            complaints[name] = UNREAD.fill(text=text[:20], default=default)
        return found or default

    end = day("to", today if query.get("to") else day("as_of", today))
    as_of = day("as_of", min(end, today))
    start = day("from", date(as_of.year, 1, 1))
    if end < start:
        complaints["from"] = SWAPPED
        start, end = end, start
    area = str(query.get("area", "")).strip()[:24]
    return Asked(Question(Period(start, end), as_of, area), tuple(complaints.values()))


def _day(text: str) -> date | None:
    """A day as typed; None for what is no day, or one that nobody can mean."""
    try:
        found = date.fromisoformat(text.replace("/", "-").replace(".", "-"))
    except ValueError:
        return None
    return found if rules.is_sensible(found) else None


def period_context(viewer: Viewer, question: Question, action: str, today: date) -> dict[str, Any]:
    """What ``insight/_period.html`` shows."""
    return {
        "from": question.period.start.isoformat(),
        "to": question.period.end.isoformat(),
        "as_of": question.as_of.isoformat(),
        "action": action,
        "presets": _presets(question, action, today),
        "areas": _areas(viewer, question.area),
    }


def _presets(question: Question, action: str, today: date) -> list[dict[str, Any]]:
    quarter = date(today.year, (today.month - 1) // 3 * 3 + 1, 1)
    before = today.year - 1
    offered = (
        (Text("本年", "This year"), Period(date(today.year, 1, 1), today), today),
        (Text("本季度", "This quarter"), Period(quarter, today), today),
        (Text("本月", "This month"), Period(today.replace(day=1), today), today),
        (
            Text("近十二个月", "Twelve months"),
            Period(same_day(today, years=-1) + timedelta(days=1), today),
            today,
        ),
        (
            Text(f"{before}年", f"{before}"),
            Period(date(before, 1, 1), date(before, 12, 31)),
            date(before, 12, 31),
        ),
    )
    return [_preset(question, action, *one) for one in offered]


def _preset(question: Question, action: str, title: Text, period: Period, as_of: date) -> dict[str, Any]:
    there = replace(question, period=period, as_of=as_of)
    return {"title": str(title), "url": f"{action}?{there.query()}", "active": there == question}


def _areas(viewer: Viewer, chosen: str) -> list[dict[str, Any]]:
    """The district, its towns and its stations; any other area that was asked for stands there as well."""
    home = viewer.district
    towns = places.areas(viewer).filter(district_code=home, level=AreaLevel.TOWN.value).order_by("code")
    stations = places.stations(viewer).filter(district_code=home).order_by("code")
    offered = [("", str(Text("全区", "Whole district")))]
    offered += [*towns.values_list("code", "name"), *stations.values_list("code", "name")]
    if chosen and chosen not in {code for code, _ in offered}:
        offered.append((chosen, chosen))
    return [{"value": code, "label": label, "selected": code == chosen} for code, label in offered]
