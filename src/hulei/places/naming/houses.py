"""House numbers: which ones a grid covers, and which one an address names. Pure.

Offices write 1-60, 1-60、101-130, 单号, 1-59单号, 101以上, 全村. A range speaks of a village's own
numbers: the numbers of a street, a lane or a building are another series and are never put to it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

# Above every house number there is; a range without an end runs up to here.
LAST = 99_999
_PARITIES = {"单": (1,), "奇": (1,), "双": (0,), "偶": (0,), "": (1, 0)}
_SIDES = {"单": "单号", "奇": "单号", "双": "双号", "偶": "双号", "": ""}

_DASHES = re.compile(r"\s*(?:[-‐‑‒–—―−~〜]+|至|到)\s*")
_BETWEEN = re.compile(r"[、，,;；/\s]+|和|及(?!以)")
_NOISE = re.compile(r"[()\[\]（）【】]|门牌号?|^\D*?(?:村委会|村民委员会|居委会|社区|村)(?=.)|^第(?=\d)")
_SIDE = r"(?:(?P<{}>[单双奇偶])[号数]*侧?)?"
_PART = re.compile(
    _SIDE.format("before")
    + r"(?:(?P<first>\d{1,5})号?(?:-(?P<last>\d{1,5})号?)?(?P<open>及?以[上后下前内]|起)?)?"
    + _SIDE.format("after")
    + "号?"
)
_WHOLE = re.compile(r"(?:全|整)(?:村|社区|部|片)|所有|全覆盖")

_BRANCH = re.compile(r"附\d+号?")
_NUMBER = re.compile(r"(?<!\d)(\d{1,5})(?:-(\d{1,5}))?号(?![楼栋幢院线路街巷])")
_BARE = re.compile(r"\D*(?<!\d)(\d{1,5})(?:-(\d{1,5}))?")
_OTHER_SERIES = re.compile(r"[路街巷弄道楼栋幢院苑]|小区|花园|园区")


@dataclass(frozen=True, slots=True, order=True)
class Run:
    """House numbers of one parity (1 odd, 0 even) from ``first`` to ``last``, both included."""

    parity: int
    first: int
    last: int

    def covers(self, number: int) -> bool:
        """Whether a house lies in the run."""
        return number % 2 == self.parity and self.first <= number <= self.last

    def meets(self, other: Run) -> bool:
        """Whether two runs share a house."""
        return self.parity == other.parity and self.first <= other.last and other.first <= self.last


@dataclass(frozen=True, slots=True)
class Houses:
    """What a text says: its usual spelling, and the runs without overlaps, in order."""

    text: str
    runs: tuple[Run, ...]


def parse(text: str) -> Houses:
    """The house numbers that a text names; no text names none.

    Raises ValueError with the piece that cannot be read: a range that runs backwards, a zero, words.
    """
    folded = _DASHES.sub("-", unicodedata.normalize("NFKC", text or "").strip())
    pieces = [piece for piece in _BETWEEN.split(folded) if piece]
    spelled, runs = [], []
    for piece in pieces:
        words, found = _part(piece)
        spelled.append(words)
        runs += found
    return Houses("、".join(dict.fromkeys(spelled)), _joined(runs))


def _part(piece: str) -> tuple[str, list[Run]]:
    if _WHOLE.fullmatch(piece):
        return "全村", _runs("", 1, LAST)
    match = _PART.fullmatch(_NOISE.sub("", piece))
    if match is None or not match.group():
        raise ValueError(piece)
    before, after = match["before"] or "", match["after"] or ""
    if before and after:
        raise ValueError(piece)
    side, words = before or after, _SIDES[before or after]
    if match["first"] is None:
        if not side:
            raise ValueError(piece)
        return words, _runs(side, 1, LAST)
    first, last, tail = _bounds(match, piece)
    return f"{tail}{words}", _runs(side, first, last)


def _bounds(match: re.Match[str], piece: str) -> tuple[int, int, str]:
    """(first, last, usual spelling) of a piece with a number in it."""
    first, last = int(match["first"]), int(match["last"] or match["first"])
    opened = match["open"] or ""
    if (opened and match["last"]) or not 1 <= first <= last <= LAST:
        raise ValueError(piece)
    if opened.endswith(("上", "后", "起")):
        return first, LAST, f"{first}以上"
    if opened:
        return 1, first, f"{first}以下"
    return first, last, f"{first}-{last}" if last > first else str(first)


def _runs(side: str, first: int, last: int) -> list[Run]:
    """The runs of a stretch: of both parities, or of one side of the road."""
    found = (Run(p, first + (first % 2 != p), last - (last % 2 != p)) for p in _PARITIES[side])
    return [run for run in found if run.first <= run.last]


def _joined(runs: Iterable[Run]) -> tuple[Run, ...]:
    """The same houses in as few runs as possible."""
    joined: list[Run] = []
    for run in sorted(runs):
        before = joined[-1] if joined else None
        if before and before.parity == run.parity and run.first <= before.last + 2:
            joined[-1] = Run(run.parity, before.first, max(before.last, run.last))
        else:
            joined.append(run)
    return tuple(joined)


def numbers(tail: str) -> tuple[int, ...]:
    """The house numbers that the rest of an address names after its village; empty if in doubt.

    31号 and 31-2号 (its second door) are house 31; 31-33号 are both ends. Two different numbers, and
    the numbers of a street, a lane or a building, are in doubt.
    """
    text = _BRANCH.sub("", tail)
    found = list(_NUMBER.finditer(text))
    if not found:
        bare = _BARE.fullmatch(text)
        found = [bare] if bare else []
    if not found or _OTHER_SERIES.search(text[: found[-1].start(1)]):
        return ()
    named = {(int(one[1]), int(one[2] or 0)) for one in found}
    if len(named) != 1:
        return ()
    first, second = named.pop()
    return (first, second) if second > first else (first,)
