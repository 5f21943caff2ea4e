"""What the law says on a day: articles in force, who may decide, when a duty is due, ages. Pure."""

from __future__ import annotations

import calendar as months
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from hulei.common.periods import local_day, start_of
from hulei.common.text import Text
from hulei.statutes.calendar import WorkingDays
from hulei.statutes.catalogue import AgeBand, Article, Duty, Measure, load
from hulei.statutes.terms import NO_BASIS_THEN, Decider, LimitKind


def article(ref: str, on: date) -> Article | None:
    """The wording of ``ref`` in force on the day, or None."""
    return next((a for a in load().articles.get(ref, ()) if a.in_force(on)), None)


def in_force(refs: tuple[str, ...], on: date) -> tuple[str, ...]:
    """Those of ``refs`` that are in force on the day."""
    return tuple(ref for ref in refs if article(ref, on))


@dataclass(frozen=True, slots=True)
class Decision:
    """Whether a body may decide a measure; ``reason`` is fit to be shown to whoever asked."""

    allowed: bool
    basis: tuple[str, ...]
    reason: Text
    jointly_with: tuple[Decider, ...] = ()
    needs_assessment: bool = False


def may_decide(decider: Decider, measure: str, on: date) -> Decision:
    """Whether ``decider`` may decide the measure with this code on that day; never by default."""
    found = load().measures.get(measure)
    if found is None:
        return Decision(False, (), Text(f"没有名为“{measure}”的措施", f"There is no measure {measure!r}"))
    basis = in_force(found.basis, on)
    if not basis:
        return Decision(False, (), NO_BASIS_THEN)
    if decider not in found.who:
        return Decision(False, basis, _refusal(found, decider))
    return Decision(True, basis, _permission(found), found.jointly_with, found.assessment)


def _refusal(measure: Measure, decider: Decider) -> Text:
    who_zh = "、".join(d.label.zh for d in measure.who)
    who_en = ", ".join(d.label.en for d in measure.who)
    with_zh = "".join(f"会同{d.label.zh}" for d in measure.jointly_with)
    with_en = "".join(f" jointly with {d.label.en}" for d in measure.jointly_with)
    return Text(
        f"“{measure.label.zh}”由{who_zh}{with_zh}决定，{decider.label.zh}无权决定",
        f"{measure.label.en}: decided by {who_en}{with_en}, not by {decider.label.en}",
    )


def _permission(measure: Measure) -> Text:
    return measure.needs or Text("依法可以决定", "May be decided")


def measures_for(decider: Decider, on: date) -> tuple[Measure, ...]:
    """The measures that a body may decide on that day, in the catalogue's order: what a form may offer."""
    return tuple(m for m in load().measures.values() if may_decide(decider, m.code, on).allowed)


def clock(duty_id: str, started_at: datetime, calendar: WorkingDays | None = None) -> datetime | None:
    """The moment by which a duty is due: on time is strictly before it, except "at once".

    "At once" is due at ``started_at`` itself. Days, working days and months end with the last day
    (the moment given is the following midnight in China); the starting day is not counted. None
    where the law gives no reckonable end (promptly, before, recurring, span, retain): no hours are
    invented. Raises KeyError for an unknown duty and ValueError for a moment without a time zone.
    """
    if started_at.tzinfo is None:
        raise ValueError("a duty starts at a moment with a time zone")
    limit = load().duties[duty_id].limit
    day = local_day(started_at)
    if limit.kind is LimitKind.IMMEDIATE:
        return started_at
    if limit.kind is LimitKind.DAYS:
        last = day + timedelta(days=limit.n or 0)
    elif limit.kind is LimitKind.WORKING_DAYS:
        last = (calendar or WorkingDays()).after(day, limit.n or 0)
    elif limit.kind is LimitKind.MONTHS:
        last = months_later(day, limit.n or 0)
    else:
        return None
    return start_of(last + timedelta(days=1))


def keep_until(duty_id: str, day: date) -> date:
    """The first day on which something kept under a duty of retention may be deleted.

    Raises ValueError when the duty is not one of retention.
    """
    limit = load().duties[duty_id].limit
    if limit.kind is not LimitKind.RETAIN or limit.at_least is None:
        raise ValueError(f"{duty_id} is no duty of retention")
    last = (
        months_later(day, limit.at_least) if limit.unit == "months" else day + timedelta(days=limit.at_least)
    )
    return last + timedelta(days=1)


def months_later(day: date, count: int) -> date:
    """The same day ``count`` months later, or the last day of that month where there is none."""
    index = day.year * 12 + day.month - 1 + count
    year, month = divmod(index, 12)
    return date(year, month + 1, min(day.day, months.monthrange(year, month + 1)[1]))


def limit_text(duty: Duty) -> Text:
    """The limit in words: 立即, 3个工作日内, 每年至少4次."""
    limit = duty.limit
    if limit.kind in (LimitKind.DAYS, LimitKind.WORKING_DAYS, LimitKind.MONTHS):
        unit = {LimitKind.DAYS: "日", LimitKind.WORKING_DAYS: "个工作日", LimitKind.MONTHS: "个月"}[
            limit.kind
        ]
        return Text(f"{limit.n}{unit}内", f"within {limit.n} {limit.kind.label.en.lower()}")
    if limit.kind is LimitKind.RECURRING:
        every = {"week": "每周", "term": "每学期", "year": "每年"}[limit.every]
        return Text(f"{every}至少{limit.least}次", f"at least {limit.least} each {limit.every}")
    unit_zh = "个月" if limit.unit == "months" else "日"
    if limit.kind is LimitKind.SPAN:
        return Text(
            f"{limit.at_least}至{limit.at_most}{unit_zh}", f"{limit.at_least} to {limit.at_most} {limit.unit}"
        )
    if limit.kind is LimitKind.RETAIN:
        return Text(f"至少{limit.at_least}{unit_zh}", f"at least {limit.at_least} {limit.unit}")
    return limit.kind.label


def age_on(birth: date, day: date) -> int:
    """Full years on ``day``, a year being complete from the day after the birthday.

    Source: 最高人民法院关于审理未成年人刑事案件具体应用法律若干问题的解释, Art. 2. Whoever is born on
    29 February completes a year on 1 March. Raises ValueError for a day before the birth.
    """
    if day < birth:
        raise ValueError("an age before the birth")
    years = day.year - birth.year - ((day.month, day.day) <= (birth.month, birth.day))
    return max(years, 0)


def age_bands(age: int) -> tuple[AgeBand, ...]:
    """What follows from an age in full years."""
    return tuple(b for b in load().age_bands if (b.start is not None or b.below is not None) and b.holds(age))
