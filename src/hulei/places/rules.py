"""How offices, schools and areas are called, and how many guards a school needs. Pure.

Offices name each other in many ways: 公安, 教育局, 区检察院, 石头埠所, 粟山小学. A name is resolved by
trying forms from strict to loose; the first form that anything answers to decides, and only if
exactly one thing answers. What is ambiguous is never guessed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from hulei.common.names import plain
from hulei.common.text import Text
from hulei.places.terms import AgencyKind

_BRACKETS = re.compile(r"[(\[（【〔].*?[)\]）】〕]")
_VILLAGE_ENDINGS = (
    ("社区居民委员会", "社区"), ("社区居委会", "社区"), ("居民委员会", "社区"),
    ("居委会", "社区"), ("社区", "社区"),
    ("村民委员会", "村"), ("村委会", "村"), ("村委", "村"), ("行政村", "村"),
    ("村", "村"),
)  # fmt: skip
_TOWN_ENDINGS = (
    ("街道办事处", "街道"), ("人民政府", ""), ("街道办", "街道"), ("街道", "街道"),
    ("镇", "镇"), ("乡", "乡"),
)  # fmt: skip


def key(name: str) -> str:
    """The strict form: half width, without spaces, lower case. Two names with one key are one name."""
    return plain(name).lower()


def unbracketed(name: str) -> str:
    """The strict form without what stands in brackets: 南康中学(示例) is 南康中学."""
    text = key(name)
    return _BRACKETS.sub("", text) or text


def area_form(name: str) -> str:
    """An area's usual form: 三塘村委会 is 三塘村, 南乐社区居民委员会 is 南乐社区."""
    text = unbracketed(name)
    for ending, short in (*_VILLAGE_ENDINGS, *_TOWN_ENDINGS):
        if text.endswith(ending) and len(text) > len(ending):
            head = text[: -len(ending)]
            return head + short if short and not head.endswith(short) else head or text
    return text


def area_core(name: str) -> str:
    """An area's name without its rank: 三塘, 南乐, 兴港."""
    text = area_form(name)
    for ending in ("社区", "街道", "村", "镇", "乡"):
        if text.endswith(ending) and len(text) > len(ending) + 1:
            return text[: -len(ending)]
    return text


def without_prefixes(text: str, prefixes: Iterable[str]) -> str:
    """``text`` without leading names of the areas above it, as often as they stand there."""
    longest_first = sorted({p for p in prefixes if p}, key=len, reverse=True)
    while True:
        found = next((p for p in longest_first if text.startswith(p) and len(text) > len(p)), None)
        if found is None:
            return text
        text = text[len(found) :]


# What an office is about, when nothing but that is said.
_SUBJECTS: tuple[tuple[str, AgencyKind, str], ...] = (
    ("police", AgencyKind.POLICE, r"公安(局|分局|局分局|机关|部门)?|分局"),
    ("education", AgencyKind.EDUCATION, r"教育(局|体育局|和体育局|科技局|行政部门|部门)?|教体局|教科局|教委"),
    ("civil_affairs", AgencyKind.CIVIL_AFFAIRS, r"民政(局|部门)?"),
    ("procuratorate", AgencyKind.PROCURATORATE, r"(人民)?检察(院|机关)?"),
    ("court", AgencyKind.COURT, r"(人民)?法院"),
    ("justice", AgencyKind.JUSTICE, r"司法(局|部门)?"),
    ("youth_league", AgencyKind.MASS_ORGANISATION, r"(共青)?团([区县市])?(工)?(委|委员会)|共青团"),
    ("womens_federation", AgencyKind.MASS_ORGANISATION, r"妇(女)?联(合会)?"),
    ("trade_union", AgencyKind.MASS_ORGANISATION, r"总?工会"),
    ("disabled_persons_federation", AgencyKind.MASS_ORGANISATION, r"残(疾人)?联(合会)?"),
    ("next_generation_committee", AgencyKind.MASS_ORGANISATION, r"关(心下一代)?工(作)?委(员会)?"),
    ("health", AgencyKind.HEALTH, r"卫(生)?(健|计)(康)?(局|委|委员会|部门)?|卫生局"),
)
_PATTERNS = tuple((subject, kind, re.compile(rf"([区县])?({words})")) for subject, kind, words in _SUBJECTS)
# Subjects that their kind names by itself; mass organisations are told apart only by their words.
_ALONE = frozenset({k for _, k, _ in _SUBJECTS} - {AgencyKind.MASS_ORGANISATION})


@dataclass(frozen=True, slots=True)
class Home:
    """How the district and what is over it are called, for taking those names off other names."""

    district: tuple[str, ...] = ()
    above: tuple[str, ...] = ()

    @property
    def all(self) -> tuple[str, ...]:
        """Every name, longest first."""
        return tuple(sorted({*self.district, *self.above}, key=len, reverse=True))

    def off_office(self, name: str) -> str:
        """An office's name without any of them, if it names the district: 北海市教育局 is no local office."""
        text = unbracketed(name)
        if any(own in text for own in self.district):
            for place in self.all:
                text = text.replace(place, "")
        return text or unbracketed(name)


_RANKS = re.compile(r"(壮族|回族|维吾尔)?(自治区|自治州|自治县|省|市|区|县|州|盟|旗)$")


def home_of(district: str, above: Iterable[str]) -> Home:
    """The names of a district and of the areas above it, with and without their ranks (北海, 铁山港)."""

    def forms(name: str) -> tuple[str, ...]:
        full = key(name)
        bare = _RANKS.sub("", full)
        return (full, bare) if len(bare) > 1 else (full,)

    return Home(forms(district), tuple(form for name in above for form in forms(name)))


@lru_cache(maxsize=4096)
def subject(name: str, home: Home) -> tuple[str, AgencyKind] | None:
    """What a name says an office is about, if it says nothing else.

    铁山港区教育局, 教育局, 区教育局 and 教育 are ("education", ...); 兴港镇教育办 is nothing.
    """
    text = home.off_office(name)
    for found, kind, pattern in _PATTERNS:
        if pattern.fullmatch(text):
            return found, kind
    return None


def stands_alone(kind: AgencyKind) -> bool:
    """Whether the only agency of this kind may be meant by the kind's word."""
    return kind in _ALONE


def station_form(name: str, home: Home) -> str:
    """A station's short form: 铁山港分局石头埠派出所, 石头埠所 and 石头埠派出所 are 石头埠派出所."""
    text = without_prefixes(unbracketed(name), home.all)
    text = re.sub(r"^.*(分局|公安局)(?=.)", "", text)
    if text.endswith("所") and not text.endswith("派出所"):
        text = text[:-1] + "派出所"
    return text


@dataclass(frozen=True, slots=True)
class SchoolName:
    """A school's name taken apart: the town it names (core, "" if none) and the rest."""

    town: str
    rest: str

    def fits(self, other: SchoolName) -> bool:
        """Whether both may be the same school: same rest, and no two different towns."""
        return self.rest == other.rest and (not self.town or not other.town or self.town == other.town)


def school_name(name: str, above: Iterable[str], towns: Iterable[str]) -> SchoolName:
    """``name`` without the areas ``above``, split into town and rest: 兴港镇粟山小学 is 兴港 and 粟山小学."""
    text = without_prefixes(unbracketed(name), above)
    for town in sorted(set(towns), key=len, reverse=True):
        if text.startswith(town) and len(text) > len(town):
            return SchoolName(area_core(town), text[len(town) :])
    return SchoolName("", text)


@dataclass(frozen=True, slots=True)
class GuardNeed:
    """How many full-time guards a school needs; not ``confirmed``: our reading, not the clause's."""

    at_least: int | None
    clause: str
    confirmed: bool
    reason: Text


def required_guards(pupils: int | None, boarders: int | None) -> GuardNeed:
    """Guards by GB/T 29315-2022 as far as its wording is known.

    Confirmed for schools without boarders below 100 pupils (1) and from 1000 pupils (3, one more per
    further 500). Between, and for boarding schools, the number is a floor marked as not confirmed.
    """
    if pupils is None:
        return GuardNeed(None, "", False, Text("未登记在校生数", "The number of pupils is not registered"))
    if pupils < 100:
        need, clause = 1, "GBT.guard_100"
    elif pupils < 1000:
        need, clause = 2, "GBT.guard_mid"
    else:
        need, clause = 3 + (pupils - 1000) // 500, "GBT.guard_1000"
    if boarders:
        return GuardNeed(
            need,
            "GBT.guard_boarding",
            False,
            Text(
                "寄宿制学校的条文未核实，暂按非寄宿标准计",
                "Boarding: clause not confirmed, counted as for day schools",
            ),
        )
    if clause == "GBT.guard_mid":
        reason = Text(
            "100至1000人的条文未核实，暂按2名计",
            "From 100 to 1000 pupils: clause not confirmed, counted as 2",
        )
        return GuardNeed(need, clause, False, reason)
    if pupils < 100:
        return GuardNeed(need, clause, True, Text("100人以下至少1名", "Below 100 pupils: at least 1"))
    words = Text(
        "1000人起至少3名，每增500人至少增1名", "From 1000 pupils at least 3, one more per further 500"
    )
    return GuardNeed(need, clause, True, words)


_LOCAL_LETTERS = "LMNPQRSTUVWXYZ"


def local_code(parent: str, width: int, taken: Iterable[str]) -> str:
    """The next free code of a local area under ``parent``: ``width`` characters in all, with a letter.

    Towns have 9 and villages 12 characters as in the official tree, so that a code's length tells its level.
    """
    head, codes = parent.ljust(width - 3, "0"), list(taken)
    for letter in _LOCAL_LETTERS:
        if f"{head}{letter}99" not in codes:
            return next_code(f"{head}{letter}", 2, codes)
    raise ValueError(f"no code left under {head}")


def next_code(head: str, digits: int, taken: Iterable[str]) -> str:
    """``head`` with the smallest number above all that are taken: next_code("450512S", 2, ...) is 450512S01.

    Raises ValueError when the numbers are used up.
    """
    numbers = [
        int(code[len(head) :]) for code in taken if code.startswith(head) and code[len(head) :].isdigit()
    ]
    number = max(numbers, default=0) + 1
    if number >= 10**digits:
        raise ValueError(f"no code left under {head}")
    return f"{head}{number:0{digits}d}"
