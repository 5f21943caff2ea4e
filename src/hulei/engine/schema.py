"""The JSON schema of the index's input lines and output lines, made from the same lists as the parser."""

from __future__ import annotations

from collections.abc import Iterable
from enum import Enum
from typing import Any

from hulei.engine import exchange
from hulei.engine.rulebook import Rulebook
from hulei.engine.terms import COLOURS, Axis, Confidence, Role, Status

_TEXT: dict[str, Any] = {"type": "string", "pattern": r"\S"}
_TEXT_OR_NULL: dict[str, Any] = {"type": ["string", "null"]}
_DAY: dict[str, Any] = {"type": "string", "format": "date", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"}


def schema(rulebook: Rulebook) -> dict[str, Any]:
    """One document: the root describes an input line, ``$defs/reading`` an output line."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "hulei index: one child per line",
        **_object(
            {
                "child": {**_TEXT, "description": "pseudonym"},
                "birth": _DAY,
                "intake_basis": {**_TEXT_OR_NULL, "description": "null or blank: nothing is scored"},
                "facts": {"type": "array", "items": {"$ref": "#/$defs/fact"}},
            },
            exchange.CHILD_REQUIRED,
        ),
        "$defs": {"fact": _fact(rulebook), "reading": _reading()},
    }


def _object(properties: dict[str, Any], required: Iterable[str]) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": properties,
        "required": list(required),
        "additionalProperties": False,
    }


def _one_of(kind: type[Enum]) -> dict[str, Any]:
    return {"enum": [member.value for member in kind]}


def _fact(rulebook: Rulebook) -> dict[str, Any]:
    types = [
        {"const": entry.type, "title": entry.label[0], "description": f"{entry.label[1]}; {entry.statute}"}
        for entry in rulebook.rules.values()
    ]
    properties: dict[str, Any] = {
        "id": _TEXT,
        "type": {"oneOf": types},
        "incident": _TEXT,
        "role": _one_of(Role),
        "occurred_on": _DAY,
        "recorded_on": _DAY,
        "confidence": _one_of(Confidence),
        "status": _one_of(Status),
        **dict.fromkeys(exchange.FACT_TEXTS, _TEXT_OR_NULL),
        "notified_on": {"anyOf": [_DAY, {"type": "null"}]},
    }
    return _object(properties, exchange.FACT_REQUIRED)


def _reading() -> dict[str, Any]:
    behaviour = {
        "tier": {"enum": ["B0", "B1", "B2", "B3"]},
        "grade": {"enum": ["a", "b", "-"]},
        "points": {"type": "integer"},
    }
    need = {
        "level": {"enum": ["N0", "N1", "N2", "N3"]},
        "points": {"type": "integer"},
        "urgent": {"type": "boolean"},
        "colour": {"enum": list(COLOURS)},
    }
    line = {
        "axis": _one_of(Axis),
        "fact": {"type": "string", "description": "a fact's id, or cap:<domain>"},
        "statute": {"type": "string", "description": "empty for a cap"},
        "points": {"type": "integer"},
    }
    tracks = {"enum": ["correction", "attention", "mentor"]}
    properties = {
        "child": {"type": "string"},
        "behaviour": _object(behaviour, behaviour),
        "need": _object(need, need),
        "tracks": {"type": "array", "items": tracks, "uniqueItems": True},
        "contributions": {"type": "array", "items": _object(line, line)},
        "rulebook": {"type": "string", "pattern": "^[0-9a-f]{64}$"},
    }
    return _object(properties, properties)
