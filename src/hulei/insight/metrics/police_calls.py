"""Police calls involving minors: criminal, public security, and with a child under 14 as the actor."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from hulei.common.text import Text
from hulei.common.viewer import Viewer
from hulei.insight.metrics.base import Metric, Window
from hulei.insight.terms import Audience, Chapter
from hulei.prevention import queries as prevention
from hulei.prevention.terms import MinorRole, Nature

UNDER = 14


def received(viewer: Viewer, window: Window, *natures: Nature) -> QuerySet[Any]:
    """Calls of these natures received in the period."""
    calls = prevention.calls_received(viewer, window.period).filter(
        nature__in=[nature.value for nature in natures]
    )
    return window.within(calls)


def criminal(viewer: Viewer, window: Window) -> QuerySet[Any]:
    """Criminal calls received in the period."""
    return received(viewer, window, Nature.CRIMINAL)


def security(viewer: Viewer, window: Window) -> QuerySet[Any]:
    """Public-security calls received in the period."""
    return received(viewer, window, Nature.SECURITY)


def criminal_or_security(viewer: Viewer, window: Window) -> QuerySet[Any]:
    """Both together."""
    return received(viewer, window, Nature.CRIMINAL, Nature.SECURITY)


def young_actors(viewer: Viewer, window: Window) -> QuerySet[Any]:
    """Those of them whose actor was a minor below 14; an unknown age is not below."""
    return criminal_or_security(viewer, window).filter(minor_role=MinorRole.ACTOR.value, minor_age__lt=UNDER)


_UNIT = Text("起", "calls")

CRIMINAL_CALLS = Metric(
    id="criminal_calls",
    title=Text("涉未成年人刑事警情", "Criminal calls"),
    definition=Text(
        "统计期内接报的警情性质为“刑事”、涉及未成年人（不论其角色）的警情起数，"
        "按接警时间计，每个警情编号计一次。",
        "Calls of criminal nature involving minors in any role received in the period, "
        "each call number once.",
    ),
    unit=_UNIT,
    chapter=Chapter.OUTCOME,
    audience=Audience.ENCLAVE,
    kind="prevention.police_call",
    rows=criminal,
    dated="received_at",
)

SECURITY_CALLS = Metric(
    id="security_calls",
    title=Text("涉未成年人治安警情", "Public-security calls"),
    definition=Text(
        "统计期内接报的警情性质为“治安”、涉及未成年人（不论其角色）的警情起数，"
        "按接警时间计，每个警情编号计一次。",
        "Calls of public-security nature involving minors in any role received in the period, "
        "each call number once.",
    ),
    unit=_UNIT,
    chapter=Chapter.OUTCOME,
    audience=Audience.ENCLAVE,
    kind="prevention.police_call",
    rows=security,
    dated="received_at",
)

ACTORS_UNDER_14 = Metric(
    id="actors_under_14",
    title=Text("行为人未满14周岁的警情", "Actors under 14"),
    definition=Text(
        "上述刑事、治安警情中，未成年人角色为“行为人”且年龄未满14周岁的起数；未登记年龄的不计。",
        "Of the criminal and public-security calls, those in which the minor was the actor and below "
        "14; a call without an age does not count.",
    ),
    unit=_UNIT,
    chapter=Chapter.OUTCOME,
    audience=Audience.ENCLAVE,
    kind="prevention.police_call",
    rows=young_actors,
    base=criminal_or_security,
    base_title=Text("刑事、治安警情合计", "Criminal and public-security calls"),
    dated="received_at",
)
