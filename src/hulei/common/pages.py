"""How a package declares the pages of its records. Pure declarations; ``web`` does the work.

One declaration gives the list (chips, search, keyset pages), the detail, the form, the Excel
export and the REST resource, all through the same queries and actions.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, Protocol

from hulei.common.text import Text
from hulei.common.viewer import Viewer

ColumnKind = Literal["text", "number", "date", "datetime", "badge", "yes_no", "masked"]
FilterKind = Literal["choice", "date_range", "text", "yes_no"]


@dataclass(frozen=True, slots=True)
class Column:
    """One value of a record. ``value`` takes the record; without it the attribute ``name`` is read.

    ``tone`` gives the colour word of a badge: "", "late", "soon", "done". Colour is for deadlines.
    ``api_type`` is the JSON type in the REST schema (str, int, float, bool, date, datetime).
    """

    name: str
    label: Text
    kind: ColumnKind = "text"
    value: Callable[[Any], Any] | None = None
    tone: Callable[[Any], str] | None = None
    link: Callable[[Any], tuple[str, int] | None] | None = None

    def read(self, record: Any) -> Any:
        """The value to show: labels for terms, None where empty."""
        got = self.value(record) if self.value else getattr(record, self.name)
        return None if got == "" else got


@dataclass(frozen=True, slots=True)
class Filter:
    """A filter that stays in the address. ``lookup`` is the ORM lookup it sets.

    A date range reads ``<name>_from`` and ``<name>_to``.
    """

    name: str
    label: Text
    kind: FilterKind
    lookup: str
    choices: Callable[[Viewer], Sequence[tuple[str, Any]]] | None = None


@dataclass(frozen=True, slots=True)
class Section:
    """A block of the detail page: label/value pairs, or a table of related records.

    ``rows`` takes (viewer, record) and gives related records, shown with ``columns``;
    ``kind`` names their page so that each row links to its detail. ``needs`` is the permission
    without which the section is not there at all: an empty one would say that there is nothing.
    """

    title: Text
    columns: tuple[Column, ...]
    rows: Callable[[Viewer, Any], Sequence[Any]] | None = None
    kind: str = ""
    needs: str = ""


class Save(Protocol):
    """``save(by=viewer, at=moment, reason=..., record_id=None|id, version=None|n, values={...}) -> record``.

    Raises Forbidden, NotFound, Conflict, or django's ValidationError keyed by field.
    """

    def __call__(
        self,
        *,
        by: Viewer,
        at: datetime,
        reason: str,
        record_id: int | None,
        version: int | None,
        values: Mapping[str, Any],
    ) -> Any: ...


@dataclass(frozen=True, slots=True)
class Page:
    """A kind of record: ``kind`` is ``<package>.<noun>``, also the prefix of its permissions.

    Permissions are ``<kind>.read``, ``.add``, ``.edit``, ``.export``.
    ``rows(viewer)`` gives the scoped queryset (never unscoped), ``order`` the keyset order (ends
    with a unique field). ``search`` names ORM lookups tried with the search words
    (``name__contains``, ``name_pinyin__startswith``), or is a function (viewer, queryset, words).
    ``form`` is a Django form class factory ``form(viewer, record|None) -> type[Form]``.
    ``subject`` takes a record and gives the minor's id: then every read is logged. ``trace`` is the
    permission to see when and how often the record was changed, where that alone would tell something.
    """

    kind: str
    title: Text
    group: str
    rows: Callable[[Viewer], Any]
    columns: tuple[Column, ...]
    order: tuple[str, ...]
    name: Callable[[Any], str] = str
    filters: tuple[Filter, ...] = ()
    search: tuple[str, ...] | Callable[[Viewer, Any, str], Any] = ()
    sections: tuple[Section, ...] = ()
    form: Callable[[Viewer, Any], Any] | None = None
    save: Save | None = None
    initial: Callable[[Any], Mapping[str, Any]] | None = None
    subject: Callable[[Any], int | None] | None = None
    trace: str = ""
    empty: Text = field(default_factory=lambda: Text("还没有记录。", "Nothing here yet."))
    note: Text | None = None
