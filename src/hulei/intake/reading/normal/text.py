"""Text as people type it: full width, odd spaces, several dots for one."""

from __future__ import annotations

import re
import unicodedata

# These keep their meaning in Chinese text; compatibility folding would turn them into ASCII.
_KEPT = frozenset("，。；：？！、…“”‘’《》【】〔〕～—①②③④⑤⑥⑦⑧⑨⑩℃㎡")
_SPACES = frozenset("\t\n\r\x0b\x0c\x1c\x1d\x1e\x1f\x85\xa0\u1680\u2028\u2029\u202f\u205f\u3000") | {
    chr(code) for code in range(0x2000, 0x200B)
}
_INVISIBLE = frozenset("\u200b\u200c\u200d\u200e\u200f\u2060\ufeff\u00ad\u202a\u202b\u202c\u202d\u202e")

_HAN = r"\u2e80-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_SPACE_BETWEEN_HAN = re.compile(rf"(?<=[{_HAN}·])\s+(?=[{_HAN}·])")
_NAME_DOTS = re.compile(rf"(?<=[{_HAN}])\s*[•・‧∙⋅．.。●｡]\s*(?=[{_HAN}])")
_SPACE_RUN = re.compile(r"\s+")
_ORNAMENT = re.compile(r"[*:：#★☆●]")
_NOTHING = re.compile(r"[-—–_/\\|.。、*×~～\s]*$")
_NOT_A_NAME = frozenset({"无", "不详", "未知", "无名", "无姓名", "暂无", "空", "none", "null", "n/a"})
_EMPTY_WORDS = frozenset({"无", "不详", "未知", "暂无", "空", "待查", "待补", "none", "null", "n/a", "nan"})


class _Fold(dict[int, str]):
    """A table for ``str.translate`` that works itself out one character at a time."""

    def __init__(self, *, keep: frozenset[str]) -> None:
        super().__init__()
        self._keep = keep

    def __missing__(self, code: int) -> str:
        char = chr(code)
        if char in _SPACES:
            folded = " "
        elif char in _INVISIBLE or (code < 32 or 127 <= code < 160):
            folded = ""
        elif char in self._keep:
            folded = char
        else:
            folded = unicodedata.normalize("NFKC", char)
        self[code] = folded
        return folded


_GENTLE = _Fold(keep=_KEPT)
_FULL = _Fold(keep=frozenset())


def tidy(text: str) -> str:
    """Half-width letters, digits and brackets, single plain spaces; Chinese punctuation stays."""
    if _is_plain(text):
        return text
    folded = text.translate(_GENTLE).strip()
    return _SPACE_RUN.sub(" ", folded) if " " in folded else folded


def fold(text: str) -> str:
    """Everything to its plainest form, for reading numbers, dates and ids."""
    return text if _is_plain(text) else text.translate(_FULL).strip()


def _is_plain(text: str) -> bool:
    """Letters, digits and Han characters only, none in a variant form: nothing to fold. Most cells are so."""
    return text.isalnum() and unicodedata.is_normalized("NFKC", text)


def key(text: str) -> str:
    """For comparing words: folded, lower case, without any space."""
    return fold(text).lower().replace(" ", "")


def label_key(text: str) -> str:
    """A head word for comparison: also without the stars and colons around it."""
    return _ORNAMENT.sub("", key(text))


def person_name(text: str) -> str | None:
    """A person's name: no spaces between characters, one kind of middle dot. None if nobody is named."""
    name = tidy(text)
    if name.isalpha():
        return None if name.lower() in _NOT_A_NAME else name
    name = name.lstrip("'`")
    name = _SPACE_BETWEEN_HAN.sub("", name)
    name = _NAME_DOTS.sub("·", name)
    if is_nothing(name) or name.lower() in _NOT_A_NAME:
        return None
    return name


def is_nothing(text: str) -> bool:
    """Empty, or only strokes that people put into empty cells."""
    return _NOTHING.match(text) is not None


def is_blank_word(text: str) -> bool:
    """Nothing, or a word for nothing such as 无 or 不详; for cells that hold a value, not a sentence."""
    return is_nothing(text) or text.lower() in _EMPTY_WORDS
