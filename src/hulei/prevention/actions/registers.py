"""Taking in the four registers: each row to its child's file, each entry once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import datetime
from typing import Any

from hulei.audit import actions as audit
from hulei.common import faults, ids
from hulei.common.bulk import insert_rows, update_rows
from hulei.common.landing import Landed, LedgerRow
from hulei.common.periods import local_day
from hulei.common.viewer import Viewer
from hulei.linkage import actions as linkage
from hulei.linkage.rules import RegisterIdentity
from hulei.people import queries as people
from hulei.people.rules import Particulars, tidy_id
from hulei.prevention import rules
from hulei.prevention.actions.cases import link_by_id
from hulei.prevention.actions.naming import Known, said, school_said
from hulei.prevention.models import Case, Clue, Dossier, RegisterEntry, Visit
from hulei.prevention.rules import Entry
from hulei.prevention.terms import COMPARTMENT_OF, Register

KIND = "prevention.register_entry"
_DATES = ("occurred_on", "visited_on")
_TEXTS = tuple(
    f.name for f in fields(Entry) if f.name not in (*_DATES, "register", "station", "entrusted_care")
)
_PLACES = ("district_code", "town_code", "village_code", "grid_code", "station_code", "school_code")


def take_in_register_police(rows: Sequence[LedgerRow], *, by: Viewer, at: datetime) -> list[Landed]:
    """Rows of the police register (see :func:`take_in`)."""
    return take_in(Register.POLICE, rows, by=by, at=at)


def take_in_register_education(rows: Sequence[LedgerRow], *, by: Viewer, at: datetime) -> list[Landed]:
    """Rows of the education register (see :func:`take_in`)."""
    return take_in(Register.EDUCATION, rows, by=by, at=at)


def take_in_register_civil_affairs(rows: Sequence[LedgerRow], *, by: Viewer, at: datetime) -> list[Landed]:
    """Rows of the civil affairs register (see :func:`take_in`)."""
    return take_in(Register.CIVIL_AFFAIRS, rows, by=by, at=at)


def take_in_register_grid(rows: Sequence[LedgerRow], *, by: Viewer, at: datetime) -> list[Landed]:
    """Rows of the grid workers' visits (see :func:`take_in`)."""
    return take_in(Register.GRID, rows, by=by, at=at)


@dataclass
class _Row:
    """A row on its way: refused, or what it says of whom."""

    row: LedgerRow
    refused: Landed | None = None
    said: Particulars | None = None
    entry: Entry | None = None
    station_id: int | None = None


def take_in(register: Register, rows: Sequence[LedgerRow], *, by: Viewer, at: datetime) -> list[Landed]:
    """Put every row to its child's file and keep what it tells; the caller holds the transaction.

    A row with an unknown school or unit is handed back. The answer is ``unchanged`` for a row that
    tells nothing new about the child or the entry, so the same sheet again changes nothing.
    """
    known = Known(rows, by)
    work = [_read(register, row, known) for row in rows]
    good = [one for one in work if one.refused is None]
    linked = linkage.assign([_identity(register, one) for one in good], by=by, at=at)
    _follow(linked, at)
    minors = [one.minor_id for one in linked.rows]
    open_dossiers(set(minors) | {move.to_minor for move in linked.moves}, by=by, at=at)
    outcomes = _land(register, good, minors, at)
    _link_cases(good)
    landed = iter(_answers(good, linked.rows, outcomes))
    answer = [one.refused or next(landed) for one in work]
    tag = f"prevention.register_{register.value}.taken_in"
    audit.record(by=by, at=at, tag=tag, target=(KIND, ""), subjects=minors, details=faults.counts(answer))
    return answer


def _read(register: Register, row: LedgerRow, known: Known) -> _Row:
    school, school_findings = known.school(row)
    station, station_findings = known.station(row)
    entry = Entry(
        register.value,
        station=station.name if station else "",
        entrusted_care=row.values.get("entrusted_care"),
        occurred_on=row.values.get("occurred_on"),
        visited_on=row.values.get("visited_on"),
        **{name: said(row, name) for name in _TEXTS},
    )
    values = {name: getattr(entry, name) for name in (*_TEXTS, *_DATES)}
    findings = school_findings + station_findings + faults.unfit(RegisterEntry, row, values)
    for column in ("name", "guardian"):
        named = faults.aliased(row, subject_name=column)
        findings += faults.unfit(Case, named, {"subject_name": said(row, column) or "-"})
    if findings:
        return _Row(row, refused=Landed.refused(*findings))
    particulars = Particulars(
        said(row, "name"),
        sex=said(row, "sex"),
        birth_date=row.values.get("birth_date"),
        national_id=tidy_id(said(row, "national_id")),
        guardian=said(row, "guardian"),
        guardian_phone=said(row, "guardian_phone"),
        address=said(row, "address"),
        school_id=school.pk if school else None,
        school_certain=register is Register.EDUCATION and bool(school_said(row)),
    )
    return _Row(row, said=particulars, entry=entry, station_id=station.pk if station else None)


def _identity(register: Register, one: _Row) -> RegisterIdentity:
    assert one.said is not None and one.entry is not None
    return RegisterIdentity(
        register.value,
        COMPARTMENT_OF[register].value,
        one.row.number,
        one.said,
        source_id=one.row.source_id,
        event=rules.event_text(one.entry),
    )


def _answers(
    rows: Sequence[_Row], assigned: Sequence[linkage.Assigned], outcomes: Sequence[tuple[str, int]]
) -> list[Landed]:
    answers = []
    for one, (outcome, entry_id) in zip(assigned, outcomes, strict=True):
        told = "filled" if outcome == "unchanged" and one.told else outcome
        answers.append(Landed(told, KIND, entry_id, subject=one.minor_id))  # type: ignore[arg-type]
    return answers


def open_dossiers(minor_ids: set[int], *, by: Viewer, at: datetime) -> None:
    """A dossier with a number of its own for every child that has none. Numbers are never reused."""
    have = set(Dossier.objects.filter(minor_id__in=minor_ids).values_list("minor_id", flat=True))
    lacking = sorted(minor_ids - have)
    if not lacking:
        return
    scopes = people.scopes_unscoped(lacking)
    fresh = [
        Dossier(
            id=number,
            minor_id=pk,
            number=rules.dossier_number(by.district, ids.spelled(number)),
            opened_on=local_day(at),
            created_at=at,
            updated_at=at,
            **scopes[pk],
        )
        for number, pk in zip(ids.draw(len(lacking)), lacking, strict=True)
    ]
    insert_rows(Dossier, fresh)


@dataclass
class _Entries:
    """The entries of the children of a batch in one register, and what is to be written."""

    of: dict[int, list[RegisterEntry]]
    fresh: list[RegisterEntry] = field(default_factory=list)
    changed: dict[int, RegisterEntry] = field(default_factory=dict)


def as_entry(record: RegisterEntry) -> Entry:
    """A stored entry as the rules take it."""
    values = {name: getattr(record, name) for name in (*_TEXTS, *_DATES, "entrusted_care")}
    return Entry(record.register, station=record.station.name if record.station else "", **values)


def _stored(register: Register | None, minor_ids: Collection[int]) -> _Entries:
    rows = RegisterEntry.objects.filter(minor_id__in=set(minor_ids), superseded_by=None)
    if register is not None:
        rows = rows.filter(register=register.value)
    of: dict[int, list[RegisterEntry]] = defaultdict(list)
    for record in rows.select_related("station").order_by("pk"):
        of[record.minor_id].append(record)
    return _Entries(of)


def _land(
    register: Register, rows: Sequence[_Row], minors: Sequence[int], at: datetime
) -> list[tuple[str, int]]:
    """(outcome, entry) of every row, in three statements."""
    entries = _stored(register, minors)
    scopes = people.scopes_unscoped(minors)
    placed = [
        _place(entries, one, minor_id, scopes[minor_id], at)
        for one, minor_id in zip(rows, minors, strict=True)
    ]
    insert_rows(RegisterEntry, entries.fresh)
    _write(entries, at)
    return [(outcome, record.pk) for outcome, record in placed]


def _place(
    entries: _Entries, one: _Row, minor_id: int, scope: Mapping[str, Any], at: datetime
) -> tuple[str, RegisterEntry]:
    assert one.entry is not None
    known = entries.of[minor_id]
    position = rules.find_entry([as_entry(record) for record in known], one.entry)
    sources = [] if one.row.source_id is None else [one.row.source_id]
    if position is None:
        record = _fresh(one, minor_id, {name: scope[name] for name in _PLACES}, sources, at)
        known.append(record)
        entries.fresh.append(record)
        return "added", record
    record = known[position]
    added = rules.additions(as_entry(record), one.entry)
    _add(record, added, one.station_id)
    if record.pk and (added or not set(sources) <= set(record.source_ids)):
        entries.changed[record.pk] = record
    record.source_ids = sorted({*record.source_ids, *sources})
    return ("filled" if added else "unchanged"), record


def _fresh(
    one: _Row, minor_id: int, scope: Mapping[str, str], sources: list[int], at: datetime
) -> RegisterEntry:
    assert one.entry is not None
    values = {name: getattr(one.entry, name) for name in (*_TEXTS, *_DATES, "entrusted_care", "register")}
    return RegisterEntry(
        **values,
        **scope,
        station_id=one.station_id,
        compartment=COMPARTMENT_OF[Register(one.entry.register)].value,
        minor_id=minor_id,
        source_id=one.row.source_id,
        source_ids=sources,
        created_at=at,
        updated_at=at,
    )


def _add(record: RegisterEntry, added: Mapping[str, Any], station_id: int | None) -> None:
    for name, value in added.items():
        if name == "station":
            record.station_id = station_id
        elif name != "register":
            setattr(record, name, value)


def _write(entries: _Entries, at: datetime) -> None:
    for record in entries.changed.values():
        record.version += 1
        record.updated_at = at
    names = [
        *_TEXTS,
        *_DATES,
        "entrusted_care",
        "station_id",
        "source_ids",
        "minor_id",
        "superseded_by_id",
        *_PLACES,
    ]
    update_rows(RegisterEntry, entries.changed.values(), [*names, "version", "updated_at"])


def _follow(linked: linkage.Linked, at: datetime) -> None:
    """Bring entries, cases and clues along with rows that moved to another file."""
    if not linked.moves and not linked.merged:
        return
    _move_entries(linked, at)
    models: tuple[Any, ...] = (Case, Clue, Visit)
    for model in models:
        records = list(model.objects.filter(minor_id__in=list(linked.merged)))
        for record in records:
            record.minor_id = linked.merged[record.minor_id or 0]
        update_rows(model, records, ["minor_id"])


def _move_entries(linked: linkage.Linked, at: datetime) -> None:
    goals = {move.source_id: move.to_minor for move in linked.moves if move.source_id is not None}
    entries = _stored(None, [pk for move in linked.moves for pk in (move.from_minor, move.to_minor)])
    scopes = people.scopes_unscoped({*entries.of, *goals.values()})
    for minor_id, records in list(entries.of.items()):
        for record in list(records):
            for goal in {goals[s] for s in record.source_ids if goals.get(s, minor_id) != minor_id}:
                _move_entry(entries, record, goal, goals, scopes[goal], at)
    RegisterEntry.objects.bulk_create(entries.fresh, batch_size=1000)
    for record in entries.changed.values():
        # A repeated entry leads to the one that it repeats; that one has its number only now.
        record.superseded_by_id = record.superseded_by.pk if record.superseded_by else None
    _write(entries, at)


def _move_entry(
    entries: _Entries,
    record: RegisterEntry,
    goal: int,
    goals: Mapping[int, int],
    scope: Mapping[str, Any],
    at: datetime,
) -> None:
    """Take to ``goal`` what its rows said: the whole entry if no other row says it, else a copy."""
    going = [s for s in record.source_ids if goals.get(s) == goal]
    staying = [s for s in record.source_ids if s not in going]
    twin = rules.find_entry([as_entry(r) for r in entries.of[goal]], as_entry(record))
    entries.changed[record.pk] = record
    if twin is not None:
        other = entries.of[goal][twin]
        _add(other, rules.additions(as_entry(other), as_entry(record)), record.station_id)
        other.source_ids = sorted({*other.source_ids, *going})
        if other.pk:
            entries.changed[other.pk] = other
        record.superseded_by = None if staying else other
    elif staying:
        copy = RegisterEntry.objects.model(
            **{
                f.attname: getattr(record, f.attname)
                for f in RegisterEntry._meta.concrete_fields
                if f.attname != "id"
            }
        )
        copy.source_ids, copy.source_id, copy.created_at = going, going[0], at
        _settle(copy, goal, scope)
        entries.of[goal].append(copy)
        entries.fresh.append(copy)
    else:
        entries.of[record.minor_id].remove(record)
        _settle(record, goal, scope)
        entries.of[goal].append(record)
        return
    record.source_ids = staying


def _settle(record: RegisterEntry, goal: int, scope: Mapping[str, Any]) -> None:
    record.minor_id = goal
    for name in _PLACES:
        setattr(record, name, scope[name])


def _link_cases(rows: Sequence[_Row]) -> None:
    """Cases that were taken in before their child's file was opened find it now."""
    certain = {one.said.national_id for one in rows if one.said and one.said.id_certain}
    link_by_id(people.id_index(national_id) for national_id in certain)
