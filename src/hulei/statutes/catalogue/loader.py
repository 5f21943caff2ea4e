"""Reads the catalogue's files once, refuses what does not hold together, and gives its hash.

Law changes by adding a dated item, never by editing code. Pure.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import date
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from itertools import pairwise
from types import MappingProxyType
from typing import Any, TypeVar

import yaml

from hulei.common.text import Text
from hulei.statutes.catalogue.records import (
    AgeBand,
    Article,
    Constraint,
    Duty,
    Law,
    Limit,
    Measure,
    SealedKind,
)
from hulei.statutes.terms import ConstraintKind, Decider, LawKind, LawStatus, LimitKind, Sealed, Verified

T = TypeVar("T")
Raw = Mapping[str, Any]


class Broken(Exception):
    """The catalogue's files contradict themselves; the message names file and entry."""


@dataclass(frozen=True, slots=True)
class Catalogue:
    """All of it. ``articles`` maps a reference to its wordings, oldest first."""

    laws: Mapping[str, Law]
    articles: Mapping[str, tuple[Article, ...]]
    measures: Mapping[str, Measure]
    duties: Mapping[str, Duty]
    age_bands: tuple[AgeBand, ...]
    sealing: Mapping[str, SealedKind]
    constraints: Mapping[str, Constraint]
    digest: str


@cache
def load() -> Catalogue:
    """The catalogue shipped with Hulei. Raises :class:`Broken`."""
    return read(files("hulei.statutes.catalogue"))


def read(folder: Traversable) -> Catalogue:
    """A catalogue from any folder of the same shape. Raises :class:`Broken`."""
    digest = hashlib.sha256()
    laws: dict[str, Law] = {}
    wordings: dict[str, list[Article]] = {}
    for file in sorted((folder / "laws").iterdir(), key=lambda f: f.name):
        if file.name.endswith(".yaml"):
            _add_law(_yaml(file, digest), file.name, laws, wordings)
    catalogue = Catalogue(
        laws=MappingProxyType(laws),
        articles=MappingProxyType({ref: _in_order(ref, found) for ref, found in wordings.items()}),
        measures=_keyed(folder, "measures.yaml", _measure, digest),
        duties=_keyed(folder, "duties.yaml", _duty, digest),
        age_bands=tuple(_keyed(folder, "ages.yaml", _age_band, digest).values()),
        sealing=_keyed(folder, "sealing.yaml", _sealed_kind, digest),
        constraints=_keyed(folder, "constraints.yaml", _constraint, digest),
        digest="",
    )
    _check_references(catalogue)
    values = {f.name: getattr(catalogue, f.name) for f in fields(Catalogue)}
    return Catalogue(**{**values, "digest": digest.hexdigest()})


def _yaml(file: Traversable, digest: Any) -> Any:
    content = file.read_bytes()
    digest.update(file.name.encode() + b"\0" + content + b"\0")
    return yaml.load(content.decode("utf-8"), Loader=_Strict)


class _Strict(yaml.CSafeLoader if hasattr(yaml, "CSafeLoader") else yaml.SafeLoader):  # type: ignore[misc]
    """A safe loader that refuses the same key twice in one mapping."""


def _mapping(loader: Any, node: yaml.MappingNode) -> dict[str, Any]:
    keys = [loader.construct_object(key) for key, _ in node.value]
    if len(keys) != len(set(keys)):
        raise Broken(f"a key stands twice near line {node.start_mark.line + 1}")
    return {
        key: loader.construct_object(value, deep=True)
        for key, (_, value) in zip(keys, node.value, strict=True)
    }


_Strict.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, _mapping)


def _keyed(folder: Traversable, name: str, build: Callable[[Raw], T], digest: Any) -> Mapping[str, T]:
    found: dict[str, T] = {}
    for raw in _yaml(folder / name, digest):
        key = raw.get("code") or raw.get("id")
        if not key or key in found:
            raise Broken(f"{name}: missing or repeated id {key!r}")
        try:
            found[key] = build(raw)
        except (KeyError, ValueError, TypeError) as fault:
            raise Broken(f"{name}: {key}: {fault}") from fault
    return MappingProxyType(found)


def _day(value: Any) -> date | None:
    return date.fromisoformat(str(value)) if value else None


def _text(raw: Raw) -> Text:
    return Text(raw["zh"], raw["en"])


def _deciders(codes: Iterable[str]) -> tuple[Decider, ...]:
    return tuple(Decider(code) for code in codes)


_DATES = ("revised", "effective_from", "effective_to", "checked_on")
_TERMS = {"kind": LawKind, "status": LawStatus, "verified": Verified}


def _add_law(raw: Raw, name: str, laws: dict[str, Law], wordings: dict[str, list[Article]]) -> None:
    values = {key: value for key, value in raw.items() if key != "items"}
    values |= {key: _day(values.get(key)) for key in _DATES}
    values |= {key: term(values[key]) for key, term in _TERMS.items()}
    law = Law(**values)
    if law.id in laws or name != f"{law.id}.yaml":
        raise Broken(f"{name}: law {law.id} stands twice or in a file of another name")
    laws[law.id] = law
    for item in raw["items"]:
        try:
            article = _article(item, law)
        except (KeyError, ValueError, TypeError) as fault:
            raise Broken(f"{name}: {item.get('ref')}: {fault}") from fault
        wordings.setdefault(article.ref, []).append(article)


def _article(raw: Raw, law: Law) -> Article:
    values = dict(raw)
    age = values.pop("age", {})
    values["effective_from"] = _day(values.get("effective_from")) or law.effective_from
    values["effective_to"] = _day(values.get("effective_to")) or law.effective_to
    values["threshold"] = MappingProxyType(values.get("threshold", {}))
    values["equipment"] = tuple(values.get("equipment", ()))
    return Article(law=law, age_from=age.get("from"), age_below=age.get("below"), **values)


def _in_order(ref: str, found: list[Article]) -> tuple[Article, ...]:
    """Wordings of one reference, oldest first; two in force on one day contradict each other."""
    ordered = sorted(found, key=lambda article: article.effective_from or date.min)
    for earlier, later in pairwise(ordered):
        if earlier.in_force(later.effective_from or date.min):
            raise Broken(f"{ref} stands twice for the same day")
    return tuple(ordered)


def _measure(raw: Raw) -> Measure:
    return Measure(
        code=raw["code"],
        label=_text(raw),
        who=_deciders(raw["who"]),
        basis=tuple(raw["basis"]),
        group=raw.get("group", ""),
        jointly_with=_deciders(raw.get("jointly_with", ())),
        assessment=raw.get("assessment", False),
        original_decider=raw.get("original_decider", False),
        needs=_text(raw["needs"]) if "needs" in raw else None,
    )


def _duty(raw: Raw) -> Duty:
    limit = {**raw["limit"], "kind": LimitKind(raw["limit"]["kind"])}
    return Duty(
        id=raw["id"],
        number=raw["number"],
        who=_deciders(raw["who"]),
        event=_text(raw["event"]),
        duty=_text(raw["duty"]),
        limit=Limit(**limit),
        basis=tuple(raw["basis"]),
    )


def _age_band(raw: Raw) -> AgeBand:
    return AgeBand(
        raw["id"], _text(raw), tuple(raw["basis"]), raw.get("from"), raw.get("below"), raw.get("note", "")
    )


def _sealed_kind(raw: Raw) -> SealedKind:
    return SealedKind(raw["id"], _text(raw), Sealed(raw["sealed"]), tuple(raw["basis"]))


def _constraint(raw: Raw) -> Constraint:
    return Constraint(raw["id"], _text(raw), ConstraintKind(raw["kind"]), tuple(raw["basis"]))


def _check_references(catalogue: Catalogue) -> None:
    """Every basis names an article that exists."""
    entries: list[Measure | Duty | AgeBand | SealedKind | Constraint] = [
        *catalogue.measures.values(),
        *catalogue.duties.values(),
        *catalogue.age_bands,
        *catalogue.sealing.values(),
        *catalogue.constraints.values(),
    ]
    for entry in entries:
        if not entry.basis:
            raise Broken(f"{entry} cites nothing")
        missing = [ref for ref in entry.basis if ref not in catalogue.articles]
        if missing:
            raise Broken(f"{entry} cites {', '.join(missing)}, which is not in the catalogue")
