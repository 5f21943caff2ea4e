"""Chapters of the figures, and for whom a figure is. Pure."""

from __future__ import annotations

from hulei.common.text import Term


class Chapter(Term):
    """The five chapters of the leaders' page and of the work report, in their order."""

    GOVERNANCE = "governance", "未保体系", "Governance"
    OUTREACH = "outreach", "宣教工程", "Outreach"
    CAMPUS = "campus", "校园安全", "Campus safety"
    PREVENTION = "prevention", "触法预防", "Prevention"
    OUTCOME = "outcome", "工作成效", "Outcome"


class Audience(Term):
    """For whom a figure is, beyond whoever works with its records."""

    EVERYONE = "everyone", "各成员单位", "All partners"
    CHILDREN = "children", "各成员单位（小数隐去）", "All partners, small numbers hidden"
    ENCLAVE = "enclave", "公安、检察", "Police and prosecution"
