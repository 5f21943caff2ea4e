"""Text in two languages, Chinese first; the language of the moment lives in a context variable.

Pure (no Django), so that rules and terms may carry their own labels.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from enum import StrEnum
from typing import Self

LANGUAGES = ("zh", "en")
_language: ContextVar[str] = ContextVar("hulei_language", default="zh")


def language() -> str:
    """The active language, ``zh`` or ``en``."""
    return _language.get()


@contextmanager
def in_language(code: str) -> Iterator[None]:
    """Run a block in one of :data:`LANGUAGES`; any other code means Chinese."""
    token = _language.set(code if code in LANGUAGES else "zh")
    try:
        yield
    finally:
        _language.reset(token)


@dataclass(frozen=True, slots=True)
class Text:
    """One sentence in Chinese and English; ``str()`` gives the active language."""

    zh: str
    en: str = ""

    def __str__(self) -> str:
        return self.en if self.en and language() == "en" else self.zh

    def __format__(self, spec: str) -> str:
        return format(str(self), spec)

    def __len__(self) -> int:
        return len(str(self))

    def fill(self, **values: object) -> Text:
        """The same sentence with ``{names}`` replaced in both languages."""
        return Text(self.zh.format(**values), self.en.format(**values))


class Term(StrEnum):
    """An enumeration whose members carry a label: ``OPEN = "open", "办理中", "Open"``."""

    label: Text

    def __new__(cls, value: str, zh: str = "", en: str = "") -> Self:
        member = str.__new__(cls, value)
        member._value_ = value
        member.label = Text(zh or value, en)
        return member

    @classmethod
    def choices(cls) -> list[tuple[str, Text]]:
        """(value, label) pairs for forms and database fields."""
        return [(member.value, member.label) for member in cls]

    @classmethod
    def label_of(cls, value: str | None) -> Text | str:
        """The label of a stored value; an unknown value is shown as it is."""
        return cls._value2member_map_[value].label if value in cls._value2member_map_ else (value or "")  # type: ignore[attr-defined]
