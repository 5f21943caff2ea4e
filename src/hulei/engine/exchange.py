"""The index's files: one child per line of JSON in, one reading per line out, in the order of the input."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Mapping
from datetime import date
from enum import Enum
from typing import Any

from hulei.engine.facts import Child, Fact
from hulei.engine.scoring import Reading
from hulei.engine.terms import Confidence, Role, Status

FAULTS: dict[str, tuple[str, str]] = {
    "encoding": ("不是 UTF-8 文本", "not UTF-8"),
    "json_invalid": ("不是合法的 JSON", "not valid JSON"),
    "not_an_object": ("不是对象", "not an object"),
    "not_a_list": ("不是列表", "not a list"),
    "field_missing": ("缺少必填项", "a required field is missing"),
    "field_unknown": ("有未定义的项", "a field that the schema does not have"),
    "field_twice": ("同一项出现两次", "the same field stands twice"),
    "text_expected": ("应为非空文本", "a text that is not empty is expected"),
    "text_invalid": ("文本含有不可用字符", "a text holds characters that cannot be stored"),
    "date_invalid": ("日期应写作 2026-11-01", "a date like 2026-11-01 is expected"),
    "value_unknown": ("不在允许值之内", "not one of the allowed values"),
    "type_unknown": ("规则库中没有此类型", "a type that the rulebook does not have"),
    "fact_conflict": ("同一编号的事实内容不同", "two facts with one id differ"),
}

CHILD_REQUIRED = ("child", "birth", "facts")
CHILD_OPTIONAL = ("intake_basis",)
FACT_REQUIRED = ("id", "type", "incident", "role", "occurred_on", "recorded_on", "confidence", "status")
FACT_TEXTS = ("statute", "reported_by", "verified_by", "verifier_agency", "decision_no")
FACT_OPTIONAL = (*FACT_TEXTS, "notified_on")

_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}\Z")
_UNSTORABLE = re.compile("[\0\ud800-\udfff]")


class Malformed(Exception):
    """A line that is not a child; ``code`` is one of :data:`FAULTS`, ``where`` the place within the line."""

    def __init__(self, code: str, where: str = "") -> None:
        super().__init__(f"{code} {where}".rstrip())
        self.code = code
        self.where = where

    @property
    def text(self) -> tuple[str, str]:
        """What is wrong, in both languages; never the value itself, which may be about a child."""
        return FAULTS[self.code]


def parse_line(line: bytes, types: Collection[str]) -> Child:
    """A child from a line; ``types`` are the types of the rulebook. Raises :class:`Malformed`."""
    try:
        raw = json.loads(line.decode("utf-8"), object_pairs_hook=_object, parse_constant=_refuse)
    except UnicodeDecodeError as fault:
        raise Malformed("encoding") from fault
    except (ValueError, RecursionError) as fault:
        raise Malformed("json_invalid") from fault
    return _child(raw, types)


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise Malformed("field_twice")
    return found


def _refuse(constant: str) -> None:
    raise ValueError(constant)


def _child(raw: Any, types: Collection[str]) -> Child:
    _fields(raw, CHILD_REQUIRED, CHILD_OPTIONAL, "")
    if not isinstance(raw["facts"], list):
        raise Malformed("not_a_list", "facts")
    facts = tuple(_fact(item, types, f"facts[{n}]") for n, item in enumerate(raw["facts"]))
    by_id: dict[str, Fact] = {}
    for n, fact in enumerate(facts):
        if by_id.setdefault(fact.id, fact) != fact:
            raise Malformed("fact_conflict", f"facts[{n}].id")
    return Child(
        child=_text(raw, "child", ""),
        birth=_day(raw, "birth", ""),
        intake_basis=_text_or_none(raw, "intake_basis", ""),
        facts=tuple(by_id.values()),
    )


def _fact(raw: Any, types: Collection[str], where: str) -> Fact:
    _fields(raw, FACT_REQUIRED, FACT_OPTIONAL, where)
    kind = _text(raw, "type", where)
    if kind not in types:
        raise Malformed("type_unknown", f"{where}.type")
    return Fact(
        id=_text(raw, "id", where),
        type=kind,
        incident=_text(raw, "incident", where),
        role=_member(Role, raw, "role", where),
        occurred_on=_day(raw, "occurred_on", where),
        recorded_on=_day(raw, "recorded_on", where),
        confidence=_member(Confidence, raw, "confidence", where),
        status=_member(Status, raw, "status", where),
        notified_on=_day(raw, "notified_on", where) if raw.get("notified_on") is not None else None,
        **{name: _text_or_none(raw, name, where) for name in FACT_TEXTS},
    )


def _fields(raw: Any, required: Collection[str], optional: Collection[str], where: str) -> None:
    if not isinstance(raw, dict):
        raise Malformed("not_an_object", where)
    for name in required:
        if name not in raw:
            raise Malformed("field_missing", _place(where, name))
    for name in raw:
        if name not in required and name not in optional:
            raise Malformed("field_unknown", where)


def _place(where: str, name: str) -> str:
    return f"{where}.{name}" if where else name


def _text_or_none(raw: Mapping[str, Any], name: str, where: str) -> str | None:
    """A text, or None where it is null, absent or blank: a blank decision number is none."""
    value = raw.get(name)
    if value is None or (isinstance(value, str) and not value.strip()):
        return None
    return _text(raw, name, where)


def _text(raw: Mapping[str, Any], name: str, where: str) -> str:
    value = raw[name]
    if not isinstance(value, str) or not value.strip():
        raise Malformed("text_expected", _place(where, name))
    if _UNSTORABLE.search(value):
        raise Malformed("text_invalid", _place(where, name))
    return value


def _day(raw: Mapping[str, Any], name: str, where: str) -> date:
    value = raw[name]
    if not isinstance(value, str) or not _DATE.match(value):
        raise Malformed("date_invalid", _place(where, name))
    try:
        return date.fromisoformat(value)
    except ValueError as fault:
        raise Malformed("date_invalid", _place(where, name)) from fault


def _member(kind: type[Enum], raw: Mapping[str, Any], name: str, where: str) -> Any:
    value = raw[name]
    if not isinstance(value, str) or value not in kind._value2member_map_:
        raise Malformed("value_unknown", _place(where, name))
    return kind(value)


def write_line(reading: Reading) -> str:
    """A reading as a line of JSON, without the line's end."""
    lines = [
        {"axis": line.axis.value, "fact": line.fact, "statute": line.statute, "points": line.points}
        for line in reading.lines
    ]
    whole = {
        "child": reading.child,
        "behaviour": {
            "tier": f"B{reading.tier}",
            "grade": reading.grade,
            "points": reading.behaviour_points,
        },
        "need": {
            "level": f"N{reading.level}",
            "points": reading.need_points,
            "urgent": reading.urgent,
            "colour": reading.colour,
        },
        "tracks": list(reading.tracks),
        "contributions": lines,
        "rulebook": reading.rulebook,
    }
    return json.dumps(whole, ensure_ascii=False)
