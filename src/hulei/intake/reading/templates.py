"""The column templates: one YAML for each kind of ledger, read once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from importlib.resources import files
from typing import Any

import yaml

from hulei.common.text import Text
from hulei.intake.reading.normal.text import key, label_key

TYPES = frozenset(
    {"text", "name", "int", "decimal", "date", "datetime", "time_range", "yes_no"}
    | {"national_id", "phone", "choice", "list", "document_no"}
)


@dataclass(frozen=True, eq=False)
class Column:
    """One field of a ledger and the head words under which districts write it."""

    name: str
    type: str
    label: Text
    synonyms: tuple[str, ...] = ()
    required: bool = False
    # the date cannot lie in the future
    past: bool = False
    # folded word -> code, for type choice
    choices: Mapping[str, str] | None = None
    # code -> its first word, for messages and pages
    choice_labels: Mapping[str, str] | None = None
    # the code an unknown word falls to; None: unknown words are faults
    otherwise: str | None = None

    @cached_property
    def head(self) -> str:
        """Its own head word, folded for comparison."""
        return label_key(self.label.zh)

    @cached_property
    def vocabulary(self) -> frozenset[str]:
        """All head words under which it may stand, folded."""
        return frozenset(label_key(word) for word in (self.label.zh, *self.synonyms))

    @property
    def missing_code(self) -> str:
        """The fault of an empty required cell."""
        return "name_missing" if self.type == "name" else "value_missing"


@dataclass(frozen=True, eq=False)
class Template:
    """One kind of ledger. ``order`` is the rank in which kinds are taken in: rosters come first."""

    id: str
    order: int
    title: Text
    words: tuple[str, ...]
    columns: tuple[Column, ...]

    @cached_property
    def by_name(self) -> Mapping[str, Column]:
        """Columns by field name."""
        return {column.name: column for column in self.columns}

    @property
    def required(self) -> tuple[Column, ...]:
        """The columns without which a sheet cannot be taken in."""
        return tuple(column for column in self.columns if column.required)


@lru_cache(maxsize=1)
def load_templates() -> tuple[Template, ...]:
    """All templates in their order of taking in."""
    return tuple(sorted(_each(), key=lambda template: template.order))


def template(ledger: str) -> Template:
    """One template by id; KeyError for an unknown one."""
    return {each.id: each for each in load_templates()}[ledger]


def _each() -> Iterator[Template]:
    folder = files("hulei.intake") / "templates"
    for entry in folder.iterdir():
        if entry.name.endswith(".yaml"):
            yield read_template(yaml.safe_load(entry.read_text(encoding="utf-8")))


def read_template(data: Mapping[str, Any]) -> Template:
    """A template from its YAML; ValueError names what is wrong."""
    columns = tuple(_column(data["id"], raw) for raw in data["columns"])
    names = [column.name for column in columns]
    if len(set(names)) != len(names):
        raise ValueError(f"{data['id']}: a column name stands twice")
    title = Text(data["title"]["zh"], data["title"]["en"])
    return Template(data["id"], data["order"], title, tuple(data["words"]), columns)


def _column(ledger: str, raw: Mapping[str, Any]) -> Column:
    if raw["type"] not in TYPES:
        raise ValueError(f"{ledger}.{raw['name']}: unknown type {raw['type']}")
    words = {code: [str(word) for word in listed] for code, listed in raw.get("choices", {}).items()}
    choices = {key(word): code for code, listed in words.items() for word in [code, *listed]}
    return Column(
        name=raw["name"],
        type=raw["type"],
        label=Text(raw["label"], raw["en"]),
        synonyms=tuple(str(word) for word in raw.get("synonyms", ())),
        required=raw.get("required", False),
        past=raw.get("past", False),
        choices=choices or None,
        choice_labels={code: listed[0] for code, listed in words.items()} or None,
        otherwise=raw.get("otherwise"),
    )
