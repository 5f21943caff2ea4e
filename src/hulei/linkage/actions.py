"""Putting register rows to children's files: in bulk, under one lock, every step recorded."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import date, datetime
from typing import Any

from django.db import connection, transaction
from django.db.models import Q

from hulei.access import actions as access
from hulei.common.bulk import insert_rows, update_rows
from hulei.common.crypto import blind_index
from hulei.common.viewer import Viewer
from hulei.linkage import rules
from hulei.linkage.models import LinkEvent, SourceIdentity
from hulei.linkage.rules import Class, Keys, Ref, RegisterIdentity
from hulei.linkage.terms import LinkChange, LinkRule
from hulei.people import actions as people
from hulei.people import queries as children
from hulei.people.rules import Particulars, name_birth_phone


@dataclass(frozen=True, slots=True)
class Assigned:
    """Where one row belongs. ``told`` when the row filled in something that the child's file lacked."""

    minor_id: int
    how: LinkRule
    opened: bool
    told: bool = False


@dataclass(frozen=True, slots=True)
class Move:
    """A source row known before that now belongs to another file."""

    source_id: int | None
    identity_id: int
    from_minor: int
    to_minor: int


@dataclass(frozen=True, slots=True)
class Linked:
    """What became of a batch: a place for every row in order, earlier rows moved, files redirected."""

    rows: tuple[Assigned, ...]
    moves: tuple[Move, ...] = ()
    merged: Mapping[int, int] = field(default_factory=dict)


@transaction.atomic
def assign(rows: Sequence[RegisterIdentity], *, by: Viewer, at: datetime) -> Linked:
    """Find or open the file of every row, by the guarantees of ``rules``.

    When a row proves that two files are one child's, the one with the larger id becomes a redirect
    (ids tell no age: which office knew the child first stays unknown). Its rows move with a recorded
    event and its number is never used again, so the merge can be undone; to leave both open would
    split one child's history over two files that nobody compares. When a row shows that a key fits
    two children, rows that were put to one of them on that key alone move to a file of their own. A
    constant number of statements for any number of rows. Batches wait for each other (one lock until
    the transaction ends), so two arrivals at once cannot open two files.
    """
    if not rows:
        return Linked(())
    _lock()
    work = _work_out(rows)
    _open_files(work, by, at)
    moves = _moves(work)
    told = people.take_in(_said(work, moves), by=by, at=at, opened=frozenset(work.opened.values()))
    identities = _store(work, moves, at)
    _tell(work, identities, moves, by, at)
    merged = _settle_left(work, moves, at)
    access.follow_merge(by=by, at=at, merged=merged)
    placed = tuple(replace(one, told=told[i]) for i, one in enumerate(work.assigned()))
    return Linked(placed, moves, merged)


def _lock() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('hulei linkage'))")


@dataclass
class _Work:
    """One batch in the making. References are ("new", position) and ("old", identity)."""

    rows: Sequence[RegisterIdentity]
    fresh: list[Keys]
    stored: dict[Ref, SourceIdentity]
    again: dict[int, SourceIdentity]
    classes: dict[Ref, Class]
    owners: dict[Class, int | None]
    before: dict[int, int]
    by_id: Mapping[str, Sequence[int]]
    opened: dict[Class, int] = field(default_factory=dict)

    def file(self, ref: Ref) -> int:
        """The file of a row; known for every class once files are open."""
        found = self.owners[self.classes[ref]]
        assert found is not None
        return found

    def assigned(self) -> list[Assigned]:
        """Where the batch's rows belong; the first row of an opened file is the one that opened it."""
        seen: set[Class] = set()
        answer = []
        for keys in self.fresh:
            found = self.classes[keys.ref]
            first = found in self.opened and found not in seen
            seen.add(found)
            answer.append(Assigned(self.file(keys.ref), rules.how(keys, found), first))
        return answer


def _keys(ref: Ref, row: RegisterIdentity) -> Keys:
    said = row.said
    return Keys(
        ref,
        id=children.id_index(said.national_id) if said.id_certain else "",
        name_birth_phone=blind_index("name_birth_phone", name_birth_phone(said)),
        row=blind_index("register_row", rules.row_text(row)),
    )


def _work_out(rows: Sequence[RegisterIdentity]) -> _Work:
    fresh = [_keys(("new", i), row) for i, row in enumerate(rows)]
    sources = {row.source_id: i for i, row in enumerate(rows) if row.source_id is not None}
    known = SourceIdentity.objects.filter(source_id__in=list(sources)).select_for_update()
    again = {sources[identity.source_id or 0]: identity for identity in known}
    replaced = {identity.pk for identity in again.values()}
    stored: dict[Ref, SourceIdentity] = {
        ("old", s.pk): s for s in _neighbourhood(fresh) if s.pk not in replaced
    }
    lying: dict[Ref, int] = {ref: s.minor_id for ref, s in stored.items()}
    # A row that now names another id does not bring its old file along: that one is the other child's.
    lying |= {("new", i): s.minor_id for i, s in again.items() if s.id_key in ("", fresh[i].id)}
    certain = children.certain_ids_unscoped(set(lying.values()))
    keys = [_stored_keys(ref, s, certain) for ref, s in stored.items()] + fresh
    classes = rules.partition(keys)
    wanted = {str(c.key) for c in classes.values() if c.rank is rules.Rank.ID}
    by_id = children.minors_by_id_index_unscoped(wanted)
    owners = rules.owners(classes, keys, lying, by_id)
    before = {i: identity.minor_id for i, identity in again.items()}
    return _Work(rows, fresh, stored, again, classes, owners, before, by_id)


def _stored_keys(ref: Ref, identity: SourceIdentity, certain: Mapping[int, str]) -> Keys:
    return Keys(
        ref,
        id=identity.id_key,
        name_birth_phone=identity.name_birth_phone_key,
        row=identity.row_key,
        confirmed="" if identity.id_key else certain.get(identity.minor_id, ""),
    )


def _neighbourhood(fresh: Sequence[Keys]) -> list[SourceIdentity]:
    """The stored rows whose class the new rows could change, and those that decide it.

    A class is decided by the rows that share a key, and a restated row by the classes of the rows
    that it restates: so keys, then the row texts of those, then the keys of those are enough.
    """
    ids = {keys.id for keys in fresh} - {""}
    names = {keys.name_birth_phone for keys in fresh} - {""}
    texts = {keys.row for keys in fresh} - {""}
    found: dict[int, SourceIdentity] = {}
    _find(found, Q(id_key__in=ids) | Q(name_birth_phone_key__in=names) | Q(row_key__in=texts))
    _find(found, Q(row_key__in={s.row_key for s in found.values()} - {""}))
    _find(found, Q(name_birth_phone_key__in={s.name_birth_phone_key for s in found.values()} - {""}))
    return list(found.values())


def _find(found: dict[int, SourceIdentity], asked: Q) -> None:
    rows = SourceIdentity.objects.select_for_update().filter(asked).exclude(pk__in=list(found))
    found |= {s.pk: s for s in rows}


def _open_files(work: _Work, by: Viewer, at: datetime) -> None:
    """Open a file for every class that has none, with the particulars of its first row."""
    first: dict[Class, tuple[Particulars, str]] = {}
    for keys, row in zip(work.fresh, work.rows, strict=True):
        first.setdefault(work.classes[keys.ref], (row.said, row.compartment))
    for ref, identity in sorted(work.stored.items(), key=lambda item: item[1].pk):
        found = work.classes[ref]
        if work.owners[found] is None and found not in first:
            first[found] = _read(identity), identity.compartment
    wanted = [(c, said) for c, said in first.items() if work.owners[c] is None]
    opened = people.open_minors([said for _, said in wanted], by=by, at=at)
    for (found, _), pk in zip(wanted, opened, strict=True):
        work.owners[found] = pk
        work.opened[found] = pk


def _moves(work: _Work) -> tuple[Move, ...]:
    """The rows known before that now belong to another file."""
    return tuple(
        Move(identity.source_id, identity.pk, identity.minor_id, work.file(ref))
        for ref, identity in work.stored.items()
        if identity.minor_id != work.file(ref)
    )


_SAID = (
    "register",
    "compartment",
    "number",
    "id_key",
    "row_key",
    "name_birth_phone_key",
    "particulars",
    "rule",
)


def _store(work: _Work, moves: Sequence[Move], at: datetime) -> list[SourceIdentity]:
    """Keep the new rows and the moves; a source row taken in again replaces what it said before."""
    goals = {work.file(keys.ref) for keys in work.fresh} | {move.to_minor for move in moves}
    scopes = children.scopes_unscoped(goals)
    identities = []
    for i, (keys, row) in enumerate(zip(work.fresh, work.rows, strict=True)):
        identity = work.again.get(i) or SourceIdentity(source_id=row.source_id, linked_at=at)
        _put(identity, work.file(keys.ref), scopes)
        identity.register, identity.compartment, identity.number = row.register, row.compartment, row.number
        identity.id_key, identity.row_key = keys.id, keys.row
        identity.name_birth_phone_key = keys.name_birth_phone
        identity.particulars = _written(row.said)
        identity.rule = rules.how(keys, work.classes[keys.ref]).value
        identities.append(identity)
    insert_rows(SourceIdentity, [s for s in identities if s.pk is None])
    place = ["minor_id", "linked_at", *SourceIdentity.follows_minor]
    update_rows(SourceIdentity, list(work.again.values()), [*place, *_SAID])
    moved = [work.stored["old", move.identity_id] for move in moves]
    for identity, move in zip(moved, moves, strict=True):
        identity.linked_at = at
        _put(identity, move.to_minor, scopes)
    update_rows(SourceIdentity, moved, place)
    return identities


def _put(identity: SourceIdentity, minor_id: int, scopes: Mapping[int, Mapping[str, Any]]) -> None:
    identity.minor_id = minor_id
    for name in SourceIdentity.follows_minor:
        setattr(identity, name, scopes[minor_id][name])


def _tell(
    work: _Work, identities: Sequence[SourceIdentity], moves: Sequence[Move], by: Viewer, at: datetime
) -> None:
    """Append one event for every row that was placed anew."""
    told: dict[str, Any] = {"at": at, "by_id": by.account_id, "by_name": by.name}
    told["district_code"] = by.district
    events = []
    for i, (identity, keys, one) in enumerate(zip(identities, work.fresh, work.assigned(), strict=True)):
        if i in work.again:
            continue
        change = LinkChange.OPENED if one.opened else LinkChange.JOINED
        evidence = {"keys": _evidence(keys)}
        place = {"to_minor_id": one.minor_id, "rule": one.how.value}
        events.append(LinkEvent(identity=identity, change=change, evidence=evidence, **place, **told))
    for move in moves:
        identity = work.stored["old", move.identity_id]
        place = {"from_minor_id": move.from_minor, "to_minor_id": move.to_minor, "rule": identity.rule}
        events.append(LinkEvent(identity=identity, change=LinkChange.MOVED, **place, **told))
    insert_rows(LinkEvent, events)


def _evidence(keys: Keys) -> list[str]:
    return [name for name in ("id", "name_birth_phone", "row") if getattr(keys, name)]


def _said(work: _Work, moves: Sequence[Move]) -> list[people.Said]:
    """What files are to be filled with: the batch's rows first, for their answers are asked for."""
    said = [
        people.Said(work.file(keys.ref), row.said, row.compartment)
        for keys, row in zip(work.fresh, work.rows, strict=True)
    ]
    moved = [(move.to_minor, work.stored["old", move.identity_id]) for move in moves]
    return said + [people.Said(goal, _read(s), s.compartment) for goal, s in moved]


def _settle_left(work: _Work, moves: Sequence[Move], at: datetime) -> dict[int, int]:
    """Redirect files that lost all their rows to one other, and mark anew those that lost some."""
    targets: dict[int, set[int]] = defaultdict(set)
    for move in moves:
        targets[move.from_minor].add(move.to_minor)
    for i, before in work.before.items():
        targets[before].add(work.file(("new", i)))
    for found, owner in work.owners.items():
        for pk in work.by_id.get(str(found.key), ()) if found.rank is rules.Rank.ID else ():
            targets[pk].add(owner or pk)
    left = {pk: goals for pk in targets if (goals := targets[pk] - {pk})}
    if not left:
        return {}
    through: dict[int, set[str]] = {pk: set() for pk in left}
    rows = SourceIdentity.objects.filter(minor_id__in=list(left)).values_list("minor_id", "compartment")
    for minor_id, compartment in rows.distinct():
        through[minor_id].add(compartment)
    merged = _redirects(left, through, set(work.owners.values()))
    people.redirect(merged, {pk: known for pk, known in through.items() if pk not in merged}, at=at)
    return merged


def _redirects(
    left: Mapping[int, set[int]], through: Mapping[int, set[str]], owned: set[int | None]
) -> dict[int, int]:
    """Empty files that lead to exactly one other; never one that holds another certain id."""
    certain = children.certain_ids_unscoped({*left, *(pk for goals in left.values() for pk in goals)})
    answer = {}
    for pk, goals in left.items():
        if through[pk] or pk in owned or len(goals) != 1:
            continue
        goal = next(iter(goals))
        if certain.get(pk) in (None, certain.get(goal)):
            answer[pk] = goal
    return answer


def _written(said: Particulars) -> str:
    return json.dumps(asdict(said), ensure_ascii=False, default=str)


def _read(identity: SourceIdentity) -> Particulars:
    """What a stored row said about the person."""
    body = json.loads(identity.particulars)
    birth = body["birth_date"]
    return Particulars(**{**body, "birth_date": date.fromisoformat(birth) if birth else None})
