"""All declared pages by kind, and the menu that a viewer gets from them."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from importlib import import_module
from types import MappingProxyType

from hulei.common.pages import Page
from hulei.common.text import Text
from hulei.common.viewer import NotFound, Viewer

PACKAGES = ("audit", "places", "access", "people", "intake", "governance", "outreach", "campus", "prevention")

GROUPS: Mapping[str, Text] = MappingProxyType(
    {
        "people": Text("儿童", "Children"),
        "prevention": Text("精密处方", "Prevention"),
        "campus": Text("校园安全", "Campus safety"),
        "outreach": Text("宣教工程", "Outreach"),
        "governance": Text("部署与会议", "Governance"),
        "places": Text("单位与区划", "Offices and areas"),
        "intake": Text("台账", "Ledgers"),
        "system": Text("管理", "Administration"),
    }
)


@lru_cache(maxsize=1)
def pages() -> Mapping[str, Page]:
    """Every declared page by kind. Raises ValueError where a kind is declared twice."""
    found: dict[str, Page] = {}
    for package in PACKAGES:
        for page in import_module(f"hulei.{package}.pages").PAGES:
            if page.kind in found:
                raise ValueError(f"declared twice: {page.kind}")
            found[page.kind] = page
    return MappingProxyType(found)


def page_for(viewer: Viewer, kind: str, verb: str = "read") -> Page:
    """The page of a kind. Raises NotFound for an unknown kind, Forbidden where the verb is not allowed."""
    page = pages().get(kind)
    if page is None:
        raise NotFound(kind)
    viewer.require(f"{kind}.{verb}")
    return page
