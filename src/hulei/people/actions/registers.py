"""What registers say about children, filled in without losing what stands there already."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from hulei.common import ids, names
from hulei.common.bulk import insert_rows, update_rows
from hulei.common.crypto import blind_index
from hulei.common.viewer import Viewer
from hulei.people import queries, rules
from hulei.people.actions.scope import refresh_scope, scopes, spread
from hulei.people.models import CHILD_COLUMNS, Enrolment, Guardian, Minor
from hulei.people.rules import Particulars
from hulei.people.terms import Compartment


@dataclass(frozen=True, slots=True)
class Said:
    """One row's words about one child, and through which registers they came."""

    minor_id: int
    particulars: Particulars
    compartment: str


def identity_fields(national_id: str, birth_date: Any) -> dict[str, Any]:
    """The columns that go with an id: the id itself, its blind indexes, whether it is certain."""
    tidy = rules.tidy_id(national_id)
    return {
        "national_id": tidy,
        "national_id_index": queries.id_index(tidy),
        "national_id_suffix_index": queries.suffix_index(tidy),
        "national_id_certain": rules.id_certain(tidy, birth_date),
    }


def name_fields(name: str) -> dict[str, str]:
    """A name as stored, with its pinyin and initials."""
    tidy = names.person(name)
    full, initials = names.pinyin(tidy)
    return {"name": tidy, "name_pinyin": full[:200], "name_initials": initials[:60]}


def open_minors(first: Sequence[tuple[Particulars, str]], *, by: Viewer, at: datetime) -> list[int]:
    """Open a file for each first row and its compartment, in order; ids are never reused.

    Where the child belongs is set at once; guardian and enrolment follow by :func:`take_in`.
    """
    homes = scopes([said for said, _ in first], by=by)
    fresh = [
        Minor(
            id=pk,
            **name_fields(said.name),
            **identity_fields(said.national_id, said.birth_date),
            **home.fields(),
            sex=said.sex,
            birth_date=said.birth_date,
            address=said.address,
            in_education=compartment == Compartment.EDUCATION,
            in_care=compartment == Compartment.CARE,
            created_at=at,
            updated_at=at,
        )
        for pk, (said, compartment), home in zip(ids.draw(len(first)), first, homes, strict=True)
    ]
    insert_rows(Minor, fresh)
    return [minor.pk for minor in fresh]


@dataclass
class _Files:
    """The files that a batch touches, and what is to be written of them."""

    by: Viewer
    at: datetime
    opened: Collection[int]
    minors: dict[int, Minor]
    guardians: dict[int, list[Guardian]]
    enrolments: dict[int, Enrolment]
    changed: set[int] = field(default_factory=set)
    moved: set[int] = field(default_factory=set)
    marked: set[int] = field(default_factory=set)
    stored: dict[str, dict[int, Any]] = field(default_factory=lambda: {"guardian": {}, "enrolment": {}})
    added: list[Guardian] = field(default_factory=list)
    enrolled: list[Enrolment] = field(default_factory=list)


def take_in(
    said: Sequence[Said], *, by: Viewer, at: datetime, opened: Collection[int] = frozenset()
) -> list[bool]:
    """Fill in what rows say and files lack; tells for each row whether it added anything.

    What stands in a file stays: another name, birth date or address is kept with its row only. A
    certain id replaces an uncertain one. A further guardian or phone is added beside the known.
    ``opened`` are files opened a moment ago, whose place is worked out already.
    """
    files = _load({one.minor_id for one in said}, opened, by, at)
    told = [_fill(files, one) for one in said]
    _write(files)
    refresh_scope(files.moved, by=by, at=at)
    spread(files.marked)
    return told


def _load(ids: Collection[int], opened: Collection[int], by: Viewer, at: datetime) -> _Files:
    guardians: dict[int, list[Guardian]] = defaultdict(list)
    for guardian in Guardian.objects.filter(minor_id__in=ids, until=None).order_by("id"):
        guardians[guardian.minor_id].append(guardian)
    running = Enrolment.objects.filter(minor_id__in=ids, until=None)
    minors = Minor.objects.select_for_update().filter(pk__in=ids).order_by("pk")
    return _Files(by, at, opened, {m.pk: m for m in minors}, guardians, {e.minor_id: e for e in running})


def _fill(files: _Files, one: Said) -> bool:
    minor = files.minors[one.minor_id]
    updates = _news(minor, one.particulars)
    marks = _marks(minor, one.compartment)
    for name, value in {**updates, **marks}.items():
        setattr(minor, name, value)
        files.changed.add(minor.pk)
    if marks:
        files.marked.add(minor.pk)
    told = bool(updates)
    told |= _add_guardian(files, minor, one.particulars)
    told |= _enrol(files, minor, one.particulars)
    if "address" in updates:
        files.moved.add(minor.pk)
    return told


def _news(minor: Minor, said: Particulars) -> dict[str, Any]:
    updates: dict[str, Any] = {}
    if said.sex and not minor.sex:
        updates["sex"] = said.sex
    if said.birth_date and not minor.birth_date:
        updates["birth_date"] = said.birth_date
    if said.address and not minor.address:
        updates["address"] = said.address
    if said.national_id and (not minor.national_id or (said.id_certain and not minor.national_id_certain)):
        updates |= identity_fields(said.national_id, said.birth_date)
    return updates


def _marks(minor: Minor, compartment: str) -> dict[str, bool]:
    if compartment == Compartment.EDUCATION and not minor.in_education:
        return {"in_education": True}
    if compartment == Compartment.CARE and not minor.in_care:
        return {"in_care": True}
    return {}


def guardian_fields(name: str, phone: str) -> dict[str, str]:
    """A guardian's columns; ``person_index`` is the same on every row of one person."""
    tidy, number = names.person(name), rules.digits(phone)
    person = f"{names.plain(tidy)}|{number}" if tidy and number else ""
    return {
        "name": tidy,
        "name_pinyin": names.pinyin(tidy)[0][:200],
        "phone": phone,
        "phone_index": queries.phone_index(phone),
        "person_index": blind_index("guardian", person),
    }


def _add_guardian(files: _Files, minor: Minor, said: Particulars) -> bool:
    if not said.guardian and not rules.digits(said.guardian_phone):
        return False
    fields = guardian_fields(said.guardian, said.guardian_phone)
    known = files.guardians[minor.pk]
    if any(_covers(g, fields) for g in known):
        return False
    partial = next((g for g in known if _complements(g, fields)), None)
    if partial is not None:
        for name, value in fields.items():
            setattr(partial, name, value)
        if partial.pk:
            files.stored["guardian"][partial.pk] = partial
        return True
    fresh = Guardian(minor=minor, **fields, **_columns(minor), created_at=files.at, updated_at=files.at)
    known.append(fresh)
    files.added.append(fresh)
    return True


def _covers(guardian: Guardian, fields: Mapping[str, str]) -> bool:
    return fields["name"] in ("", guardian.name) and fields["phone_index"] in ("", guardian.phone_index)


def _complements(guardian: Guardian, fields: Mapping[str, str]) -> bool:
    """Whether the row says all that a half-known guardian's row says, and more."""
    same_name = guardian.name in ("", fields["name"])
    return same_name and guardian.phone_index in ("", fields["phone_index"])


def _enrol(files: _Files, minor: Minor, said: Particulars) -> bool:
    if said.school_id is None:
        return False
    running = files.enrolments.get(minor.pk)
    if running is None:
        fresh = Enrolment(
            minor=minor,
            school_id=said.school_id,
            certain=said.school_certain,
            **_columns(minor),
            created_at=files.at,
            updated_at=files.at,
        )
        files.enrolments[minor.pk] = fresh
        files.enrolled.append(fresh)
        if minor.pk not in files.opened or not minor.school_code:
            files.moved.add(minor.pk)
        return True
    if not said.school_certain or running.certain:
        return False
    # The education register knows schools best: it corrects what another register assumed.
    told = running.school_id != said.school_id
    running.school_id, running.certain = said.school_id, True
    if running.pk:
        files.stored["enrolment"][running.pk] = running
    files.moved.add(minor.pk)
    return told


def _columns(minor: Minor) -> dict[str, Any]:
    return {name: getattr(minor, name) for name in CHILD_COLUMNS}


def _write(files: _Files) -> None:
    changed = [files.minors[pk] for pk in sorted(files.changed)]
    for record in (*changed, *files.stored["guardian"].values(), *files.stored["enrolment"].values()):
        record.version += 1
        record.updated_at = files.at
    marks = ["version", "updated_at"]
    identity = ["national_id", "national_id_index", "national_id_suffix_index", "national_id_certain"]
    particulars = ["sex", "birth_date", "address", "in_education", "in_care"]
    update_rows(Minor, changed, [*identity, *particulars, *marks])
    guardian = ["name", "name_pinyin", "phone", "phone_index", "person_index", *marks]
    update_rows(Guardian, list(files.stored["guardian"].values()), guardian)
    update_rows(Enrolment, list(files.stored["enrolment"].values()), ["school_id", "certain", *marks])
    insert_rows(Guardian, files.added)
    insert_rows(Enrolment, files.enrolled)


def redirect(
    merged: Mapping[int, int], known_through: Mapping[int, Collection[str]], *, at: datetime
) -> None:
    """Make merged files lead to the one that stays, and mark anew through whom changed files are known.

    A merged file keeps its rows for the undo and is shown to nobody but police and procuratorate;
    whoever knew it knows the file that stays, and guardians that somebody added by hand go over to
    it. ``known_through`` gives the compartments of files that lost rows; a file edited by hand keeps
    its marks.
    """
    touched = Minor.objects.select_for_update().filter(pk__in=[*merged, *merged.values(), *known_through])
    minors = {minor.pk: minor for minor in touched.order_by("pk")}
    for pk, through in known_through.items():
        if not minors[pk].hand_edited:
            minors[pk].in_education = Compartment.EDUCATION.value in through
            minors[pk].in_care = Compartment.CARE.value in through
    for pk, goal in merged.items():
        minors[goal].in_education |= minors[pk].in_education
        minors[goal].in_care |= minors[pk].in_care
        minors[pk].merged_into_id = goal
        minors[pk].in_education = minors[pk].in_care = False
    for minor in minors.values():
        minor.version += 1
        minor.updated_at = at
    fields = ["merged_into_id", "in_education", "in_care", "version", "updated_at"]
    update_rows(Minor, minors.values(), fields)
    earlier = list(Minor.objects.filter(merged_into_id__in=list(merged)))
    for minor in earlier:
        minor.merged_into_id = merged[minor.merged_into_id or 0]
    update_rows(Minor, earlier, ["merged_into_id"])
    by_hand = list(Guardian.objects.filter(minor_id__in=list(merged), hand_edited=True))
    for guardian in by_hand:
        guardian.minor_id = merged[guardian.minor_id]
    update_rows(Guardian, by_hand, ["minor_id"])
    spread([*merged, *merged.values(), *known_through])
