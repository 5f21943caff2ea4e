"""Made-up children and register rows for the tests of this chapter and of linkage."""

from __future__ import annotations

from datetime import date
from typing import Any

from hulei.people.rules import check_digit_right

SCHOOL = "兴港镇粟山小学"
HOME = "铁山港区兴港镇粟山村31号"
OTHER_HOME = "铁山港区营盘镇白龙社区22号"


def national_id(serial: int, birth: date = date(2010, 7, 31)) -> str:
    """A made-up id of the unassigned area 459900 with its right check digit."""
    body = f"459900{birth:%Y%m%d}{serial:03d}"
    return next(body + c for c in "0123456789X" if check_digit_right(body + c))


def child(name: str = "莫建子", **more: Any) -> dict[str, Any]:
    """What every register says of a child."""
    return {
        "name": name,
        "sex": "male",
        "birth_date": date(2010, 7, 31),
        "national_id": None,
        "school": SCHOOL,
        "guardian": "莫静建",
        "guardian_phone": "19929169316",
        "address": HOME,
        **more,
    }


def police(**more: Any) -> dict[str, Any]:
    """A row of the police register."""
    act = {"behaviour": "盗窃", "occurred_on": date(2023, 4, 6), "document_number": "公(铁)矫字〔2023〕32号"}
    return child(**{**act, "station": "石头埠派出所", **more})


def education(**more: Any) -> dict[str, Any]:
    """A row of the education register."""
    act = {
        "behaviour": "多次旷课",
        "occurred_on": date(2023, 5, 6),
        "verification": "pending",
        "reporter": "班主任",
    }
    return child(**{**act, **more})


def civil_affairs(**more: Any) -> dict[str, Any]:
    """A row of the civil affairs register."""
    status = {"circumstance": "left_behind", "care_arrangement": "grandparents", "entrusted_care": True}
    return child(**{**status, **more})


def grid(**more: Any) -> dict[str, Any]:
    """A row of the grid workers' visits."""
    return child(**{"visited_on": date(2023, 6, 8), "finding": "正常", **more})
