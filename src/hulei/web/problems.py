"""The one form in which REST says what went wrong."""

from __future__ import annotations

from typing import Any

from ninja import Schema
from pydantic import Field


class Problem(Schema):
    """What went wrong, for people: a title, what to do, and the fields at fault."""

    code: int
    title: str
    detail: str
    fields: dict[str, list[str]] = Field(default_factory=dict)


PROBLEMS: dict[int, Any] = dict.fromkeys((400, 401, 403, 404, 409, 422), Problem)
