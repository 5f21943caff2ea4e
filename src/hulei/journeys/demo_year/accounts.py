"""The demo accounts: one for each kind of user, plain data. Production settings refuse them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from hulei.journeys.demo_year.setting import STATIONS

ScopeKind = Literal["district", "station", "school", "village", "grid", "assigned"]


@dataclass(frozen=True)
class DemoAccount:
    """An account to be opened for the demonstration.

    ``scope_name`` is the place that the scope is about, by its name in the demo rosters; empty for
    the whole district. Social workers see only the children assigned to them.
    """

    username: str
    display_name: str
    role: str
    scope_kind: ScopeKind = "district"
    scope_name: str = ""


_STATION_NAMES = {
    "南康派出所": "nankang",
    "营盘派出所": "yingpan",
    "石头埠派出所": "shitoubu",
    "兴港派出所": "xinggang",
}

DEMO_ACCOUNTS: tuple[DemoAccount, ...] = (
    DemoAccount("leader", "分局领导(演示)", "bureau_leader"),
    DemoAccount("office", "未保办内勤(演示)", "bureau_office"),
    *(
        DemoAccount(
            f"officer-{_STATION_NAMES[s.name]}",
            f"{s.name}未保民警(演示)",
            "station_officer",
            "station",
            s.name,
        )
        for s in STATIONS
    ),
    DemoAccount(
        "vice-principal", "粟山小学法治副校长(演示)", "legal_vice_principal", "school", "兴港镇粟山小学"
    ),
    DemoAccount("education", "教育局(演示)", "education_officer"),
    DemoAccount("civil-affairs", "民政局(演示)", "civil_affairs_officer"),
    DemoAccount("school-sushan", "粟山小学安全副校长(演示)", "school_safety", "school", "兴港镇粟山小学"),
    DemoAccount("school-yingpan", "营盘中学安全副校长(演示)", "school_safety", "school", "营盘中学"),
    DemoAccount("grid", "粟山村网格员(演示)", "grid_worker", "grid", "粟山村第01网格"),
    DemoAccount("child-director", "粟山村儿童主任(演示)", "child_director", "village", "粟山村"),
    DemoAccount("social-worker", "社工(演示)", "social_worker", "assigned"),
    DemoAccount("prosecutor", "检察官(演示)", "prosecutor"),
    DemoAccount("system-admin", "系统管理员(演示)", "system_admin"),
    DemoAccount("security-admin", "安全管理员(演示)", "security_admin"),
    DemoAccount("auditor", "审计员(演示)", "auditor"),
)
