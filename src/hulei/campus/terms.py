"""Kinds, grades and states of 校园防护 with their labels. Pure."""

from __future__ import annotations

from hulei.common.text import Term


class HazardCategory(Term):
    """Which of the four defences a hazard weakens."""

    PERSONNEL = "personnel", "人防", "Personnel"
    PHYSICAL = "physical", "物防", "Physical"
    TECHNICAL = "technical", "技防", "Technical"
    RULES = "rules", "制度", "Rules"
    OTHER = "other", "其他", "Other"


class HazardGrade(Term):
    """How grave a hazard is."""

    GENERAL = "general", "一般", "General"
    MAJOR = "major", "重大", "Major"


class Reinspection(Term):
    """What the re-inspection found; only a passed one closes a hazard."""

    PASSED = "passed", "已复查", "Passed"
    FAILED = "failed", "复查不合格", "Failed"
    PENDING = "pending", "待复查", "Pending"


class HazardStanding(Term):
    """Where a hazard stands on a day: found, rectified, closed; overdue where the deadline has gone by."""

    OVERDUE = "overdue", "逾期未整改", "Overdue"
    DUE_SOON = "due_soon", "临近时限", "Due soon"
    FOUND = "found", "待整改", "To rectify"
    RECTIFIED = "rectified", "待复查", "To re-inspect"
    CLOSED = "closed", "已复查销号", "Closed"


class Sufficiency(Term):
    """Whether an equipment line has what it needs."""

    SHORT = "short", "不足", "Short"
    ENOUGH = "enough", "足额", "Enough"


class DrillResult(Term):
    """A drill against 1-3-5."""

    MET = "met", "达标", "Met"
    NOT_MET = "not_met", "未达标", "Not met"
    NOT_MEASURED = "not_measured", "时刻不全", "Not fully timed"


# Offered when an item is typed; the list of a district is local data.
EIGHT_ITEMS = ("防暴盾牌", "安全钢叉", "防爆头盔", "防爆棍", "防刺背心", "防割手套", "强光手电", "催泪喷射器")
