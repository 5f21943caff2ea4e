"""The houses of grids, from a ledger and from a page: no house in two grids."""

from datetime import datetime
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from hulei.common.landing import Landed, LedgerRow
from hulei.common.periods import CHINA
from hulei.common.viewer import Viewer, Viewpoint
from hulei.places import actions, forms, queries
from hulei.places.models import Grid, GridHouses

pytestmark = pytest.mark.django_db
AT = datetime(2023, 12, 29, 9, tzinfo=CHINA)
BY = Viewer(
    None, "测试", "operator", Viewpoint.WORKER, "450512", "450512", {"*": frozenset({"read", "add", "edit"})}
)


def take(*houses: str | None, village: str = "粟山村") -> list[Landed]:
    """One row for each text: the village's grids 1, 2, 3 ..."""
    rows = [
        LedgerRow(n, {"village": village, "name": f"{village}第{n:02}网格", "town": "兴港镇", "houses": said},
                  labels={"houses": "门牌号段"})
        for n, said in enumerate(houses, 1)
    ]  # fmt: skip
    return actions.take_in_grids(rows, by=BY, at=AT)


def grid_of(house: int) -> str:
    scope = queries.locator_unscoped().locate(f"兴港镇粟山村{house}号")
    return scope.grid_code[-3:] if scope else ""


@pytest.fixture(autouse=True)
def district() -> None:
    actions.found_district(by=BY, at=AT, code="450512", name="铁山港区")


def test_addresses_find_their_grid() -> None:
    assert [one.outcome for one in take("1-60", "６１—１２０号", "单号121-200")] == ["added"] * 3
    assert [grid_of(n) for n in (1, 60, 61, 120, 121, 122, 199, 201)] == [
        "001", "001", "002", "002", "003", "", "003", "",
    ]  # fmt: skip
    assert [one.outcome for one in take("1-60", "61-120", "121-200单号")] == ["unchanged"] * 3
    assert [one.outcome for one in take(None, "", None)] == ["unchanged"] * 3
    assert GridHouses.objects.count() == 5


def test_boundaries_move_in_one_sheet_whatever_the_order() -> None:
    take("1-60", "61-120")
    assert [(o.outcome, o.findings) for o in take("1-50", "51-120")] == [("filled", ())] * 2
    assert [(o.outcome, o.findings) for o in take("1-70", "71-120")] == [("filled", ())] * 2
    assert (grid_of(70), grid_of(71)) == ("001", "002")
    assert GridHouses.objects.filter(ended_at=None).count() == 4


def test_what_cannot_be_read_or_is_taken_comes_with_a_warning_and_the_rest_goes_in() -> None:
    landed = take("1-60", "60-120", "2023-01-06", "1月6日")
    assert [o.outcome for o in landed] == ["added"] * 4
    assert [[f.code for f in o.findings] for o in landed] == [
        [], ["houses_taken"], ["houses_unreadable"], ["houses_unreadable"],
    ]  # fmt: skip
    told = landed[1].findings[0]
    assert (told.column, told.level) == ("门牌号段", "warning")
    assert "门牌60已属于“粟山村第01网格”" in told.message and "House 60" in told.message_en
    assert list(Grid.objects.order_by("code").values_list("houses", flat=True)) == ["1-60", "", "", ""]


def test_a_grid_that_may_not_grow_keeps_what_it_has() -> None:
    take("1-60", "61-120", "121-180")
    codes = [[f.code for f in o.findings] for o in take("1-100", "50-120")]
    assert codes == [["houses_taken"], ["houses_taken"]]
    assert list(Grid.objects.order_by("code").values_list("houses", flat=True)) == [
        "1-60",
        "61-120",
        "121-180",
    ]
    assert [o.findings for o in take("1-60", "61-110", "111-180")] == [()] * 3


def test_other_villages_have_houses_of_their_own() -> None:
    take("1-60", "61-120")
    assert [o.findings for o in take("1-60", "61-120", village="杨屋村")] == [()] * 2


def save(grid: Grid, **values: Any) -> Grid:
    own = {
        name: getattr(grid, name) for name in ("name", "village", "police_grid", "worker", "phone", "houses")
    }
    return actions.save_grid(
        by=BY, at=AT, reason="调整", record_id=grid.pk, version=grid.version, values={**own, **values}
    )


def test_a_page_says_what_is_wrong() -> None:
    take("1-60", "61-120")
    first = Grid.objects.get(code__endswith="001")
    assert "houses" in forms.grid_form(BY, first).base_fields
    for wrong, words in (("60-1", "看不懂"), ("1-61", "粟山村第02网格")):
        with pytest.raises(ValidationError) as caught:
            save(first, houses=wrong)
        assert words in caught.value.message_dict["houses"][0]
    saved = save(first, houses="１－５０")
    assert (saved.houses, grid_of(50), grid_of(51)) == ("1-50", "001", "")
    assert [f.code for o in take("1-60", "51-120") for f in o.findings] == ["value_kept"]
    assert (grid_of(50), grid_of(51)) == ("001", "002")


def test_houses_move_to_another_village_with_their_grid() -> None:
    take("1-60", "61-120")
    take(None, None, village="杨屋村")
    grid, goal = (
        Grid.objects.get(houses="1-60"),
        Grid.objects.filter(village__name__startswith="杨屋").first(),
    )
    save(grid, village=goal.village)
    assert grid_of(31) == "002"  # the only grid that is left there
    assert queries.locator_unscoped().locate("兴港镇杨屋村31号").grid_code == grid.code


def test_the_database_itself_refuses_a_house_in_two_grids() -> None:
    take("1-60", "61-120")
    one, two = Grid.objects.order_by("code")
    with pytest.raises(IntegrityError), transaction.atomic():
        GridHouses.objects.create(grid=two, village=two.village, parity=1, first=59, last=59)
    GridHouses.objects.create(grid=two, village=two.village, parity=1, first=59, last=59, ended_at=AT)
    GridHouses.objects.create(grid=one, village=one.village, parity=1, first=121, last=121)
