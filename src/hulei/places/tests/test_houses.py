"""House numbers: what offices write, which house an address names, and the grid that it lies in."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hulei.places.naming import Gazetteer, Place, Spot
from hulei.places.naming.houses import LAST, Run, numbers, parse


def houses(text: str) -> set[int]:
    return {n for run in parse(text).runs for n in range(run.first, min(run.last, 300) + 1, 2)}


@pytest.mark.parametrize(
    ("text", "usual", "covered"),
    [
        ("1-60", "1-60", set(range(1, 61))),
        ("１－６０、１０１—１３０号", "1-60、101-130", {*range(1, 61), *range(101, 131)}),
        ("1号至3号，7", "1-3、7", {1, 2, 3, 7}),
        ("1 - 3 7～8", "1-3、7-8", {1, 2, 3, 7, 8}),
        ("1-3和7-8", "1-3、7-8", {1, 2, 3, 7, 8}),
        ("粟山村1-3号", "1-3", {1, 2, 3}),
        ("第1-3号", "1-3", {1, 2, 3}),
        ("单号", "单号", set(range(1, 301, 2))),
        ("偶数", "双号", set(range(2, 301, 2))),
        ("1-6单号", "1-6单号", {1, 3, 5}),
        ("双号1-6", "1-6双号", {2, 4, 6}),
        ("1-6（单号）", "1-6单号", {1, 3, 5}),
        ("290以上", "290以上", set(range(290, 301))),
        ("3号以下", "3以下", {1, 2, 3}),
        ("1-3、2-5", "1-3、2-5", {1, 2, 3, 4, 5}),
        ("全村", "全村", set(range(1, 301))),
        ("", "", set()),
    ],
)
def test_what_offices_write(text: str, usual: str, covered: set[int]) -> None:
    assert (parse(text).text, houses(text)) == (usual, covered)
    assert parse(usual) == parse(text)


@pytest.mark.parametrize(
    "text",
    [
        "60-1",
        "0-5",
        "abc",
        "2023-01-06",
        "1月6日",
        "1-60-80",
        "单双",
        "以上",
        "5-6以上",
        "3组1-20",
        "号",
        "123456",
        "1-60、其余",
    ],
)
def test_what_cannot_be_read_is_said_so(text: str) -> None:
    with pytest.raises(ValueError):
        parse(text)


@pytest.mark.parametrize(
    ("tail", "named"),
    [
        ("31号", (31,)),
        ("31", (31,)),
        ("第三组31号", (31,)),
        ("31-2号", (31,)),
        ("31-33号", (31, 33)),
        ("31号附2号", (31,)),
        ("31号2单元301室", (31,)),
        ("12号13号", ()),
        ("南珠路12号", ()),
        ("2巷12号", ()),
        ("南珠小区12号", ()),
        ("1号楼31号", ()),
        ("3组", ()),
        ("第01网格", ()),
        ("19900000001", ()),
        ("", ()),
    ],
)
def test_the_house_of_an_address(tail: str, named: tuple[int, ...]) -> None:
    assert numbers(tail) == named


runs = st.tuples(st.integers(1, 250), st.integers(0, 49), st.sampled_from(["", "单号", "双号"]))


@given(st.lists(runs, min_size=1, max_size=5))
def test_runs_cover_what_is_written_and_nothing_twice(parts: list[tuple[int, int, str]]) -> None:
    wanted: set[int] = set()
    for first, more, side in parts:
        stretch = range(first, first + more + 1)
        wanted |= {n for n in stretch if side in ("", "单号" if n % 2 else "双号")}
    text = "、".join(f"{first}-{first + more}{side}" for first, more, side in parts)
    read = parse(text)
    covered = [n for run in read.runs for n in range(run.first, run.last + 1, 2)]
    assert sorted(covered) == sorted(wanted)
    assert not any(a.meets(b) for a in read.runs for b in read.runs if a is not b)
    assert parse(read.text) == read
    assert parse(unicodedata.normalize("NFKD", text)) == read


PLACES = [Place("T", "兴港镇", "town", "D"), Place("V", "粟山村委会", "village", "T")]
GRIDS = [("G1", "V", "粟山村第01网格"), ("G2", "V", "粟山村第02网格")]
COVERED = {"V": [(Run(1, 1, 59), "G1"), (Run(0, 2, 60), "G1"), (Run(1, 101, LAST), "G2")]}


@pytest.mark.parametrize(
    ("address", "grid"),
    [
        ("铁山港区兴港镇粟山村31号", "G1"),
        ("兴港镇粟山村委会第三组32号", "G1"),
        ("粟山村２０１号", "G2"),
        ("粟山村59-101号", ""),  # one end in each grid
        ("粟山村59-61号", ""),  # one end in no grid
        ("粟山村102号", ""),  # the other side of the road
        ("粟山村61号", ""),
        ("粟山村", ""),
        ("粟山村南珠路31号", ""),
        ("粟山村第02网格", "G2"),
        ("粟山村第02网格201号", "G2"),
        ("粟山村第02网格31号", ""),  # the two words disagree
    ],
)
def test_the_grid_of_an_address_is_certain_or_open(address: str, grid: str) -> None:
    assert Gazetteer(PLACES, GRIDS, COVERED).find(address) == Spot("T", "V", grid)


def test_the_only_grid_of_a_village_has_all_its_houses() -> None:
    assert Gazetteer(PLACES, GRIDS[:1], COVERED).find("粟山村61号") == Spot("T", "V", "G1")
