"""The template language: Jinja2 with the few globals that every page needs."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.contrib.messages import get_messages
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone
from jinja2 import Environment, StrictUndefined

from hulei.common.text import Text, language


def environment(**options: Any) -> Environment:
    """The Jinja2 environment; an unknown variable is a fault, not an empty place."""
    options.setdefault("undefined", StrictUndefined)
    env = Environment(trim_blocks=True, lstrip_blocks=True, **options)
    env.globals.update(
        t=lambda zh, en="": str(Text(zh, en)),
        url=_url,
        static=static,
        language=language,
        get_messages=get_messages,
    )
    env.filters.update(shown=shown, day=day, moment=moment)
    return env


def _url(name: str, **kwargs: Any) -> str:
    return reverse(name, kwargs=kwargs)


def day(value: date | None) -> str:
    """2023-10-27, or -- where there is none."""
    return value.isoformat() if value else "--"


def moment(value: datetime | None) -> str:
    """2023-10-27 14:08 in China's time, or -- where there is none."""
    return timezone.localtime(value).strftime("%Y-%m-%d %H:%M") if value else "--"


def shown(value: Any) -> str:
    """Any value as a cell shows it; empty is --."""
    if value is None or value == "":
        return "--"
    if isinstance(value, bool):
        return str(Text("是", "Yes") if value else Text("否", "No"))
    if isinstance(value, datetime):
        return moment(value)
    if isinstance(value, date):
        return day(value)
    if isinstance(value, int):
        return f"{value:,}"
    return str(value)
