"""Reads the rulebook's files and refuses what does not hold together; the message names file and entry."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from itertools import pairwise
from types import MappingProxyType
from typing import Any

import yaml

from hulei.engine.rulebook.records import Dated, Parameter, Rulebook, RuleEntry
from hulei.engine.terms import Axis, Domain, Mark, Verifier

_COMMON = {"zh": str, "en": str, "statute": str, "basis": list, "values": list}
_FIELDS: dict[str, tuple[dict[str, type], dict[str, type]]] = {
    # file: required fields, optional fields
    "behaviour.yaml": ({"type": str, "tier": int, "verifier": str, **_COMMON}, {}),
    "need.yaml": ({"type": str, "domain": str, **_COMMON}, {"urgent": bool, "counts_as": str}),
    "parameters.yaml": ({"name": str, "zh": str, "en": str, "basis": list, "values": list}, {}),
}
_TIERS = (1, 2, 3)
_NUMBERS = {
    "behaviour.yaml": ("points", "days"),
    "need.yaml": ("points", "days"),
    "parameters.yaml": ("value",),
}
PARAMETERS = frozenset(
    ["age_floor", "adult_age", "unverified_days", "halving", "late_entry_days"]
    + [f"{kind}_{n}" for kind in ("grade_b", "need", "deadline_hours") for n in _TIERS]
    + [f"cap_{domain}" for domain in Domain]
    + [f"review_days_{level}" for level in ("b1", "b2a", "b2b", "n1", "n2", "n3")]
)


class Broken(Exception):
    """The rulebook's files contradict themselves or the law; the message names file and entry."""


@cache
def load() -> Rulebook:
    """The rulebook shipped with Hulei. Raises :class:`Broken`."""
    return read(files("hulei.engine.rulebook"))


def read(folder: Traversable, articles: Collection[str] | None = None) -> Rulebook:
    """A rulebook from any folder of the same shape; with ``articles``, every basis must be one of them.

    Raises :class:`Broken`.
    """
    rules: dict[str, RuleEntry] = {}
    for name in ("behaviour.yaml", "need.yaml"):
        for raw in _entries(folder, name, "type"):
            if raw["type"] in rules:
                raise Broken(f"{name}: {raw['type']} stands twice")
            rules[raw["type"]] = _rule(raw, name)
    parameters = {
        raw["name"]: Parameter(
            raw["name"], (raw["zh"], raw["en"]), tuple(raw["basis"]), _values(raw, "parameters.yaml")
        )
        for raw in _entries(folder, "parameters.yaml", "name")
    }
    rulebook = Rulebook(MappingProxyType(rules), MappingProxyType(parameters))
    _check_whole(rulebook)
    if articles is not None:
        refuse_unknown_articles(rulebook, articles)
    return rulebook


def refuse_unknown_articles(rulebook: Rulebook, articles: Collection[str]) -> None:
    """Every basis is an article of the catalogue that the caller hands in. Raises :class:`Broken`."""
    cited = {key: entry.basis for key, entry in rulebook.rules.items()}
    cited |= {key: parameter.basis for key, parameter in rulebook.parameters.items()}
    for key, basis in cited.items():
        missing = [ref for ref in basis if ref not in articles]
        if missing:
            raise Broken(f"{key} cites {', '.join(missing)}, which is not in the catalogue")


def _entries(folder: Traversable, name: str, key: str) -> list[dict[str, Any]]:
    try:
        content = yaml.safe_load((folder / name).read_text(encoding="utf-8"))
    except (OSError, yaml.YAMLError) as fault:
        raise Broken(f"{name}: {fault}") from fault
    if not isinstance(content, list) or not all(isinstance(raw, dict) for raw in content):
        raise Broken(f"{name}: not a list of entries")
    for raw in content:
        _check_fields(raw, f"{name}: {raw.get(key)}", *_FIELDS[name])
        if not raw["basis"]:
            raise Broken(f"{name}: {raw[key]} cites nothing")
    keys = [raw[key] for raw in content]
    if len(keys) != len(set(keys)):
        raise Broken(f"{name}: an entry stands twice")
    return content


def _check_fields(
    raw: Mapping[str, Any], where: str, required: Mapping[str, type], optional: Mapping[str, type]
) -> None:
    unknown = set(raw) - set(required) - set(optional)
    if unknown:
        raise Broken(f"{where}: unknown field {', '.join(sorted(map(str, unknown)))}")
    for name, kind in {**required, **optional}.items():
        if name not in raw:
            if name in required:
                raise Broken(f"{where}: {name} is missing")
        elif type(raw[name]) is not kind or raw[name] == "":
            raise Broken(f"{where}: {name} is not a {kind.__name__}")


def _rule(raw: Mapping[str, Any], name: str) -> RuleEntry:
    behaviour = name == "behaviour.yaml"
    try:
        verifier = Verifier(raw["verifier"]) if behaviour else None
        domain = None if behaviour else Domain(raw["domain"])
    except ValueError as fault:
        raise Broken(f"{name}: {raw['type']}: {fault}") from fault
    if behaviour and raw["tier"] not in _TIERS:
        raise Broken(f"{name}: {raw['type']}: there is no tier {raw['tier']}")
    return RuleEntry(
        type=raw["type"],
        label=(raw["zh"], raw["en"]),
        axis=Axis.BEHAVIOUR if behaviour else Axis.NEED,
        tier=raw.get("tier", 0),
        verifier=verifier,
        domain=domain,
        urgent=raw.get("urgent", False),
        counts_as=raw.get("counts_as", raw["type"]),
        statute=raw["statute"],
        basis=tuple(raw["basis"]),
        values=_values(raw, name),
    )


def _values(raw: Mapping[str, Any], name: str) -> tuple[Dated, ...]:
    where = f"{name}: {raw.get('type') or raw.get('name')}"
    required = {**dict.fromkeys(_NUMBERS[name], int), "mark": str}
    found = []
    for value in raw["values"]:
        if not isinstance(value, dict):
            raise Broken(f"{where}: a value is not a mapping")
        _check_fields(value, where, required, {"from": date, "why": str})
        numbers = {number: value[number] for number in _NUMBERS[name]}
        if any(number < 1 for number in numbers.values()):
            raise Broken(f"{where}: a value is below 1")
        if value["mark"] not in set(Mark):
            raise Broken(f"{where}: {value['mark']} is none of {', '.join(Mark)}")
        found.append(
            Dated(value.get("from"), MappingProxyType(numbers), Mark(value["mark"]), value.get("why", ""))
        )
    _check_order(found, where)
    return tuple(found)


def _check_order(values: list[Dated], where: str) -> None:
    """The first value has no start, so that every day has one; each later one starts after the one before."""
    if not values or values[0].start is not None:
        raise Broken(f"{where}: the first value must hold from the beginning")
    for earlier, later in pairwise(values):
        if later.start is None or (earlier.start is not None and later.start <= earlier.start):
            raise Broken(f"{where}: two values hold on the same day")


def _check_whole(rulebook: Rulebook) -> None:
    if set(rulebook.parameters) != PARAMETERS:
        odd = sorted(set(rulebook.parameters) ^ PARAMETERS)
        raise Broken(f"parameters.yaml: missing or unknown: {', '.join(odd)}")
    for entry in rulebook.rules.values():
        target = rulebook.rules.get(entry.counts_as)
        if target is None or target.counts_as != target.type or target.axis is not entry.axis:
            raise Broken(f"{entry.type} counts as {entry.counts_as}, which cannot be counted as")
        if (target.domain, target.urgent) != (entry.domain, entry.urgent):
            raise Broken(f"{entry.type} and {entry.counts_as} differ in domain or urgency")
