"""Which houses a grid covers: read, checked against the other grids of the village, kept."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.core.exceptions import ValidationError

from hulei.common.landing import Finding
from hulei.common.text import Text
from hulei.common.upsert import Draft, Resolved
from hulei.places.models import Grid, GridHouses
from hulei.places.naming.houses import LAST, Houses, Run, parse

NONE = Houses("", ())
UNREADABLE = Text(
    "看不懂门牌范围“{said}”。请写成 1-60，或 1-60、101-130，或 1-59单号、双号、全村；"
    "若被电子表格改成了日期，请把该列设为文本。",
    'The house numbers "{said}" cannot be read. Write 1-60, or 1-60、101-130, or 1-59单号, 双号, 全村; '
    "if a spreadsheet made a date of it, format the column as text.",
)
TAKEN = Text(
    "门牌{houses}已属于“{grid}”，一个门牌只能属于一个网格。",
    'House {houses} lies in "{grid}" already: a house lies in one grid.',
)
NOT_USED = Text("本次未采用门牌范围，其余已登记。", "The house numbers were not used; the rest was taken in.")


def said_by_form(text: str) -> Houses:
    """What a page's field says. Raises ValidationError for what cannot be read."""
    try:
        return parse(text)
    except ValueError as piece:
        raise ValidationError({"houses": str(UNREADABLE.fill(said=str(piece)))}) from None


def refuse_taken(grid_id: int | None, village_id: int, houses: Houses) -> None:
    """Raises ValidationError if another grid of the village has one of these houses."""
    others = GridHouses.objects.filter(village_id=village_id, ended_at=None).exclude(grid_id=grid_id or 0)
    for name, *columns in others.values_list("grid__name", "parity", "first", "last"):
        if shared := _shared(houses.runs, [Run(*columns)]):
            raise ValidationError({"houses": str(TAKEN.fill(houses=shared, grid=name))})


def _shared(some: Iterable[Run], others: Collection[Run]) -> str:
    """The first stretch that both have, as people write it; empty if none."""
    for run in some:
        for other in others:
            if run.meets(other):
                first, last = max(run.first, other.first), min(run.last, other.last)
                return f"{first}" if first == last else f"{first}-{last if last < LAST - 1 else ''}"
    return ""


def rewrite(grid_ids: Collection[int], *, at: datetime) -> None:
    """Make the rows that addresses are looked up in equal to what these grids say; old ones end."""
    GridHouses.objects.filter(grid_id__in=grid_ids, ended_at=None).update(ended_at=at)
    GridHouses.objects.bulk_create(
        GridHouses(grid=grid, village_id=grid.village_id, parity=run.parity, first=run.first, last=run.last)
        for grid in Grid.objects.filter(pk__in=grid_ids)
        for run in parse(grid.houses).runs
    )


@dataclass
class _Plan:
    """A grid: its houses as stored, and as the sheet wants them (None: it says nothing of them)."""

    name: str
    stored: Houses = NONE
    by_hand: bool = False
    wanted: Houses | None = None
    taken: tuple[str, str] | None = None

    @property
    def houses(self) -> Houses:
        """What will stand if nothing speaks against it."""
        return self.stored if self.wanted is None else self.wanted


def fit(drafts: Sequence[Resolved], district: str) -> list[Resolved]:
    """The drafts of grids with their houses read, without those that cannot be read or are another's.

    Both leave a warning with the row, which is taken in all the same. All rows are looked at
    together: the boundary between two grids may move in one sheet, in any order of its rows.
    """
    read = [_read(one) if isinstance(one, Draft) else one for one in drafts]
    plans = _stored(district)
    for one in read:
        if isinstance(one, Draft) and one.values["houses"]:
            plan = plans.setdefault(one.key, _Plan(one.values["name"]))
            if not (plan.by_hand and plan.stored.runs):
                plan.wanted = parse(one.values["houses"])
    villages: dict[int, list[_Plan]] = {}
    for (village, _), plan in plans.items():
        villages.setdefault(village, []).append(plan)
    for neighbours in villages.values():
        _settle(neighbours)
    return [_told(one, plans.get(one.key)) if isinstance(one, Draft) else one for one in read]


def _read(draft: Draft) -> Draft:
    try:
        return replace(draft, values={**draft.values, "houses": parse(draft.values["houses"]).text})
    except ValueError as piece:
        return _without(draft, "houses_unreadable", UNREADABLE.fill(said=str(piece)))


def _without(draft: Draft, code: str, why: Text) -> Draft:
    finding = Finding(
        draft.row.label("houses"), code, f"{why.zh}{NOT_USED.zh}", f"{why.en} {NOT_USED.en}", "warning"
    )
    return replace(draft, values={**draft.values, "houses": ""}, findings=(*draft.findings, finding))


def _stored(district: str) -> dict[tuple[int, str], _Plan]:
    rows = Grid.objects.filter(district_code=district).order_by("pk")
    columns = ("village_id", "name_key", "name", "houses", "hand_edited")
    return {
        (village, key): _Plan(name, parse(text), by_hand)
        for village, key, name, text, by_hand in rows.values_list(*columns)
    }


def _settle(plans: Sequence[_Plan]) -> None:
    """Give up what the sheet wants of a grid while it meets another's houses; what is stored fits."""
    order = sorted(plans, key=lambda plan: plan.wanted is not None)
    while pair := next(_meetings(order), None):
        keeper, giver, shared = pair
        if giver.wanted is None:
            keeper, giver = giver, keeper
        giver.wanted, giver.taken = None, (shared, keeper.name)


def _meetings(plans: Sequence[_Plan]) -> Iterator[tuple[_Plan, _Plan, str]]:
    for number, later in enumerate(plans):
        for earlier in plans[:number]:
            if shared := _shared(later.houses.runs, earlier.houses.runs):
                yield earlier, later, shared


def _told(draft: Draft, plan: _Plan | None) -> Draft:
    if plan is None or plan.taken is None or not draft.values["houses"]:
        return draft
    shared, grid = plan.taken
    return _without(draft, "houses_taken", TAKEN.fill(houses=shared, grid=grid))
