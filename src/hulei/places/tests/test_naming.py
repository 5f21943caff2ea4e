"""How names are resolved: tables of what offices really write."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hulei.places import naming, rules
from hulei.places.naming import Gazetteer, Known, Place, Spot
from hulei.places.terms import AgencyKind as K
from hulei.places.terms import AgencyUnit as U

HOME = rules.home_of("铁山港区", ["广西壮族自治区", "北海市"])

AGENCIES = [
    Known("bureau", ("北海市公安局铁山港分局",), U.BUREAU, kind=K.POLICE),
    Known("education", ("铁山港区教育局", "教体局"), U.PARTNER, kind=K.EDUCATION),
    Known("civil", ("铁山港区民政局",), U.PARTNER, kind=K.CIVIL_AFFAIRS),
    Known("procuratorate", ("铁山港区人民检察院",), U.PARTNER, kind=K.PROCURATORATE),
    Known("court", ("铁山港区人民法院",), U.PARTNER, kind=K.COURT),
    Known("justice", ("铁山港区司法局",), U.PARTNER, kind=K.JUSTICE),
    Known("league", ("共青团铁山港区委",), U.PARTNER, kind=K.MASS_ORGANISATION),
    Known("women", ("铁山港区妇联",), U.PARTNER, kind=K.MASS_ORGANISATION),
    Known("health", ("铁山港区卫健局",), U.PARTNER, kind=K.HEALTH),
    Known("stone", ("石头埠派出所",), U.STATION, kind=K.POLICE),
    Known("camp", ("营盘派出所",), U.STATION, kind=K.POLICE),
]
SCHOOLS = [
    Known("sushan", ("兴港镇粟山小学",), parent="兴港镇"),
    Known("nanle", ("兴港镇南乐小学",), parent="兴港镇"),
    Known("nankang", ("南康中学(示例)",), parent="南康镇"),
    Known("first", ("南康镇第一小学(示例)", "南康一小"), parent="南康镇"),
    Known("yingpan", ("营盘中学",), parent="营盘镇"),
    Known("centre1", ("营盘镇中心小学",), parent="营盘镇"),
    Known("centre2", ("兴港镇中心小学",), parent="兴港镇"),
]
AREAS = [
    Known("nankang-town", ("南康镇",), "town", "铁山港区"),
    Known("xinggang-town", ("兴港镇",), "town", "铁山港区"),
    Known("nankang", ("南康社区居委会",), "village", "南康镇"),
    Known("santang", ("三塘村委会",), "village", "南康镇"),
    Known("nanle", ("南乐社区居民委员会",), "village", "兴港镇"),
    Known("sushan", ("粟山村委会",), "village", "兴港镇"),
]


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("北海市公安局铁山港分局", "bureau"),
        ("公安", "bureau"),
        ("公安局", "bureau"),
        ("区公安局", "bureau"),
        ("铁山港公安分局", "bureau"),
        ("分局", "bureau"),
        ("铁山港区 教育局", "education"),
        ("教育局", "education"),
        ("区教育局", "education"),
        ("教育", "education"),
        ("铁山港区教育和体育局", "education"),
        ("教体局", "education"),
        ("检察院", "procuratorate"),
        ("区检察院", "procuratorate"),
        ("铁山港区检察院", "procuratorate"),
        ("法院", "court"),
        ("司法", "justice"),
        ("民政", "civil"),
        ("妇联", "women"),
        ("区妇女联合会", "women"),
        ("团区委", "league"),
        ("共青团", "league"),
        ("团委", "league"),
        ("卫健局", "health"),
        ("卫生健康局", "health"),
        ("石头埠派出所", "stone"),
        ("石头埠所", "stone"),
        ("铁山港分局石头埠派出所", "stone"),
        ("北海市公安局铁山港分局营盘派出所", "camp"),
        ("北海市教育局", None),  # the city's, not ours
        ("兴港镇教育办", None),
        ("粟山小学教育处", None),
        ("派出所", None),
        ("群团", None),
        ("残联", None),
        ("", None),
    ],
)
def test_agencies(name: str, found: str | None) -> None:
    assert naming.agencies(AGENCIES, HOME).find(name) == found


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("兴港镇粟山小学", "sushan"),
        ("粟山小学", "sushan"),
        ("铁山港区兴港镇粟山小学", "sushan"),
        ("北海市铁山港区粟山小学", "sushan"),
        ("营盘镇粟山小学", None),
        ("南康中学", "nankang"),
        ("南康中学（示例）", "nankang"),
        ("南康镇第一小学", "first"),
        ("南康一小", "first"),
        ("第一小学", "first"),
        ("营盘镇第一小学", None),
        ("营盘镇营盘中学", "yingpan"),
        ("中心小学", None),
        ("兴港镇中心小学", "centre2"),
        ("营盘中", None),
        (" 南乐 小学 ", "nanle"),
    ],
)
def test_schools(name: str, found: str | None) -> None:
    assert naming.schools(SCHOOLS, HOME, ["南康镇", "营盘镇", "兴港镇"]).find(name) == found


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("三塘村", "santang"),
        ("三塘村委会", "santang"),
        ("三塘村民委员会", "santang"),
        ("三塘", "santang"),
        ("南乐社区", "nanle"),
        ("南乐居委会", "nanle"),
        ("兴港镇南乐社区", "nanle"),
        ("铁山港区兴港镇粟山村", "sushan"),
        ("南康镇粟山村", None),
        ("南康镇", "nankang-town"),
        ("南康社区", "nankang"),
        ("南康", None),  # town or community
        ("南康村", None),
        ("大塘村", None),
    ],
)
def test_areas(name: str, found: str | None) -> None:
    assert naming.areas(AREAS, HOME).find(name) == found


PLACES = [
    Place("T1", "南康镇", "town", "D"),
    Place("T2", "兴港镇", "town", "D"),
    Place("T3", "营盘镇", "town", "D"),
    Place("V1", "大塘村委会", "village", "T1"),
    Place("V2", "三塘村委会", "village", "T1"),
    Place("V3", "里头塘村委会", "village", "T1"),
    Place("V4", "粟山村委会", "village", "T2"),
    Place("V5", "南乐社区居民委员会", "village", "T2"),
    Place("V6", "塘村委会", "village", "T1"),
]
GRIDS = [("G1", "V4", "粟山村第01网格"), ("G2", "V4", "粟山村第02网格"), ("G3", "V5", "南乐社区网格")]


@pytest.mark.parametrize(
    ("address", "spot"),
    [
        ("铁山港区兴港镇粟山村31号", Spot("T2", "V4")),
        ("兴港镇粟山村31", Spot("T2", "V4")),
        ("粟山村委会31号", Spot("T2", "V4")),
        ("北海市铁山港区兴港镇粟山村第02网格8号", Spot("T2", "V4", "G2")),
        ("兴港镇南乐社区1号", Spot("T2", "V5", "G3")),
        ("南康镇里头塘村5号", Spot("T1", "V3")),
        ("南康镇大塘5队", Spot("T1", "V1")),
        ("大塘5队", None),
        ("营盘镇粟山村1号", Spot("T3")),
        ("兴港镇", Spot("T2")),
        ("南康镇与兴港镇交界", None),
        ("广东省湛江市", None),
        ("", None),
    ],
)
def test_addresses(address: str, spot: Spot | None) -> None:
    assert Gazetteer(PLACES, GRIDS).find(address) == spot


@pytest.mark.parametrize(
    ("pupils", "boarders", "guards", "confirmed"),
    [
        (0, 0, 1, True),
        (99, 0, 1, True),
        (100, 0, 2, False),
        (999, 0, 2, False),
        (1000, 0, 3, True),
        (1499, 0, 3, True),
        (1500, 0, 4, True),
        (2380, None, 5, True),
        (1460, 820, 3, False),
        (None, None, None, False),
    ],
)
def test_required_guards(
    pupils: int | None, boarders: int | None, guards: int | None, confirmed: bool
) -> None:
    need = rules.required_guards(pupils, boarders)
    assert (need.at_least, need.confirmed) == (guards, confirmed)


@given(st.integers(0, 20_000), st.integers(0, 500))
def test_more_pupils_never_need_fewer_guards(pupils: int, more: int) -> None:
    assert (rules.required_guards(pupils + more, 0).at_least or 0) >= (
        rules.required_guards(pupils, 0).at_least or 0
    )


def test_codes_tell_their_level() -> None:
    assert rules.local_code("450512", 9, []) == "450512L01"
    assert rules.local_code("450512L01", 12, ["450512L01L01"]) == "450512L01L02"
    assert rules.local_code("450512", 12, []) == "450512000L01"
    assert rules.local_code("450512", 9, [f"450512L{n:02}" for n in range(1, 100)]) == "450512M01"
    assert rules.next_code("450512S", 3, ["450512S001", "450512S007", "450512C009"]) == "450512S008"
    with pytest.raises(ValueError):
        rules.next_code("X", 1, [f"X{n}" for n in range(10)])
