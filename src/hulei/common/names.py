"""Names of persons, offices and schools made comparable, and their pinyin. Pure."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from pypinyin import Style, lazy_pinyin

_SPACES = re.compile(r"[\s\u200b\u200c\u200d\u2060\ufeff\u00a0\u3000]+")
_DOTS = re.compile(r"[•‧∙・･．·]")

# Readings that pypinyin gets wrong at the head of a name.
SURNAMES = {
    "单": "shan", "曾": "zeng", "仇": "qiu", "解": "xie", "查": "zha", "盖": "ge", "区": "ou",
    "朴": "piao", "尉迟": "yuchi", "万俟": "moqi", "长孙": "zhangsun", "冼": "xian", "覃": "qin",
    "缪": "miao", "翟": "zhai", "乐": "yue", "员": "yun", "繁": "po", "华": "hua", "任": "ren",
    "宁": "ning", "折": "she", "黑": "he",
}  # fmt: skip


def plain(text: str) -> str:
    """NFKC without any white space: the form in which names and titles are compared."""
    return _SPACES.sub("", unicodedata.normalize("NFKC", text or ""))


def person(text: str) -> str:
    """A person's name as stored: half width, no spaces between Han characters, one kind of dot."""
    folded = _DOTS.sub("·", unicodedata.normalize("NFKC", text or ""))
    joined = _SPACES.sub(" ", folded).strip()
    return re.sub(r"(?<=[\u3400-\u9fff·]) (?=[\u3400-\u9fff·])", "", joined)


@lru_cache(maxsize=50_000)
def pinyin(name: str) -> tuple[str, str]:
    """(full pinyin, initials) of a name in lower case without separators: 单雄信 -> shanxiongxin, sxx."""
    text = plain(name)
    for length in (2, 1):
        if text[:length] in SURNAMES:
            head = [SURNAMES[text[:length]]] if length == 1 else lazy_pinyin(text[:2])
            syllables = head + lazy_pinyin(text[length:], style=Style.NORMAL)
            break
    else:
        syllables = lazy_pinyin(text, style=Style.NORMAL)
    return "".join(syllables).lower(), "".join(s[:1] for s in syllables).lower()


def masked_phone(phone: str) -> str:
    """A phone as 3+4: 199****8417; anything shorter is hidden whole."""
    return f"{phone[:3]}****{phone[-4:]}" if len(phone) >= 11 else "*" * len(phone)
