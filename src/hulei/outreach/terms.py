"""Topics and states of lectures with their labels. Pure."""

from __future__ import annotations

from hulei.common.text import Term


class LectureState(Term):
    """From the request to the lecture; a ledger only knows lectures that were held."""

    REQUESTED = "requested", "已申请", "Requested"
    SCHEDULED = "scheduled", "已排课", "Scheduled"
    HELD = "held", "已授课", "Held"
    CANCELLED = "cancelled", "已取消", "Cancelled"


# Offered when a topic is typed; any other topic is as good (the list grows with the work).
USUAL_TOPICS = ("防性侵", "防欺凌", "开学第一课", "送法进校园", "防溺水", "网络安全")
