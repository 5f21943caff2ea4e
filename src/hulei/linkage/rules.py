"""One child, one file: which rows are about the same child. Pure.

Guarantees
1. Two rows with one certain id are the same child, two rows with different certain ids never are,
   whatever else agrees (veto).
2. A row without a certain id is the child of the rows that agree with it in name, birth date and
   guardian's phone, provided that these know at most one certain id. If they know two (twins of
   one name, a mistyped id), it stays with the other rows that have none, apart from both.
3. A row that has neither key is never put to another on its name: only a row that repeats it in
   everything else (same register, name, sex, birth date, school, guardian, address and event) is
   the same row restated, which is how a corrected sheet fills in what was missing.
4. The answer depends on the set of rows only, not on their order or on how they were batched.
5. A row that changes nothing for others leaves their files alone; files are numbered once and
   never reused.

"Certain" is decided before (``people.rules.id_certain``). Every key may be any text; in the
database they are blind indexes.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum

from hulei.linkage.terms import LinkRule
from hulei.people.rules import Particulars

Ref = Hashable


@dataclass(frozen=True, slots=True)
class RegisterIdentity:
    """One row of a register as linkage takes it: who it speaks of, and where it stands.

    ``event`` is what the row tells beside the person (act, date, document), as one text: it serves
    only to know the same row again.
    """

    register: str
    compartment: str
    number: int
    said: Particulars
    source_id: int | None = None
    event: str = ""


@dataclass(frozen=True, slots=True)
class Keys:
    """A row reduced to what may tell whose it is. Empty means that the row does not have the key.

    ``confirmed`` is an id that a person entered by hand on the file where the row now lies.
    """

    ref: Ref
    id: str = ""
    name_birth_phone: str = ""
    row: str = ""
    confirmed: str = ""


class Rank(IntEnum):
    """Kinds of classes, the surest first."""

    ID = 0
    NAME_BIRTH_PHONE = 1
    ROW = 2
    ALONE = 3


@dataclass(frozen=True, slots=True)
class Class:
    """All rows about one child, named by their surest common key."""

    rank: Rank
    key: Ref

    @property
    def order(self) -> tuple[int, str]:
        """A total order that does not depend on the order of rows."""
        return int(self.rank), str(self.key)


def partition(rows: Iterable[Keys]) -> dict[Ref, Class]:
    """The class of every row, by the guarantees above."""
    listed = list(rows)
    ids: dict[str, set[str]] = defaultdict(set)
    for row in listed:
        if row.name_birth_phone:
            ids[row.name_birth_phone] |= {row.id, row.confirmed} - {""}
    sure = {row.ref: found for row in listed if (found := _sure(row, ids))}
    restated: dict[str, set[Class]] = defaultdict(set)
    for row in listed:
        if row.row and row.ref in sure:
            restated[row.row].add(sure[row.ref])
    return {row.ref: sure.get(row.ref) or _unsure(row, restated) for row in listed}


def _sure(row: Keys, ids: Mapping[str, set[str]]) -> Class | None:
    if row.id:
        return Class(Rank.ID, row.id)
    if row.name_birth_phone:
        known = ids[row.name_birth_phone]
        if len(known) == 1:
            return Class(Rank.ID, next(iter(known)))
        return Class(Rank.NAME_BIRTH_PHONE, row.name_birth_phone)
    return None


def _unsure(row: Keys, restated: Mapping[str, set[Class]]) -> Class:
    if not row.row:
        return Class(Rank.ALONE, row.ref)
    classes = restated.get(row.row, set())
    return next(iter(classes)) if len(classes) == 1 else Class(Rank.ROW, row.row)


def owners(
    classes: Mapping[Ref, Class],
    rows: Iterable[Keys],
    lying: Mapping[Ref, int],
    by_id: Mapping[str, Sequence[int]],
) -> dict[Class, int | None]:
    """The file of every class: the one in which it lies already, None where one must be opened.

    ``lying`` gives the file of rows known before, ``by_id`` the files that hold a certain id. A file
    belongs to the child whose certain id it holds; among several the oldest keeps the child, the
    others become redirects. When a class leaves a file that stays another child's, it gets a new one.
    """
    files: dict[Class, set[int]] = defaultdict(set)
    own: dict[Class, set[int]] = defaultdict(set)
    for row in rows:
        found = classes[row.ref]
        files[found] |= {lying[row.ref]} if row.ref in lying else set()
        if found.rank is Rank.ID and row.id == found.key and row.ref in lying:
            own[found].add(lying[row.ref])
    held = {
        found: own[found] | set(by_id.get(str(found.key), ())) for found in files if found.rank is Rank.ID
    }
    answer: dict[Class, int | None] = {found: min(pks) for found, pks in held.items() if pks}
    taken = {pk for pks in held.values() for pk in pks}
    for found in sorted(set(files) - set(answer), key=lambda c: c.order):
        free = files[found] - taken
        answer[found] = min(free, default=None)
        taken |= free
    return answer


def how(row: Keys, found: Class) -> LinkRule:
    """The evidence that put a row into its class."""
    if row.id:
        return LinkRule.EXACT_ID
    if row.name_birth_phone:
        return LinkRule.NAME_BIRTH_PHONE
    return LinkRule.RESTATED if row.row else LinkRule.ALONE


def row_text(row: RegisterIdentity) -> str:
    """What makes a row the same row when it comes again: all of it but id and phone.

    Empty where little more than a name would be left, because a name alone proves nothing.
    """
    said = row.said
    person = (said.birth_date, said.guardian)
    place = (said.school_id, said.address, row.event)
    if not any(person) or not any(place):
        return ""
    birth = said.birth_date.isoformat() if said.birth_date else ""
    parts = (
        row.register,
        said.name,
        said.sex,
        birth,
        said.guardian,
        said.school_id or "",
        said.address,
        row.event,
    )
    return "\x1f".join(str(part) for part in parts)
