"""States and steps of 未保体系 with their labels. Pure."""

from __future__ import annotations

from hulei.common.text import Term


class ResolutionState(Term):
    """What was last recorded of a resolution; whether it is overdue follows from the day (see ``rules``)."""

    OPEN = "open", "办理中", "In hand"
    DONE = "done", "已办结", "Done"
    WITHDRAWN = "withdrawn", "已撤销", "Withdrawn"


class Standing(Term):
    """Where a resolution stands on a day."""

    OVERDUE = "overdue", "逾期", "Overdue"
    DUE_SOON = "due_soon", "临近时限", "Due soon"
    OPEN = "open", "办理中", "In hand"
    DONE = "done", "已办结", "Done"
    WITHDRAWN = "withdrawn", "已撤销", "Withdrawn"


class Step(Term):
    """The four dated steps of an assignment, in their order; the value is the field's name."""

    DEPLOYED = "deployed_on", "部署", "Deployed"
    IMPLEMENTED = "implemented_on", "落实", "Implemented"
    TRACKED = "tracked_on", "跟踪", "Followed up"
    APPRAISED = "appraised_on", "考核", "Appraised"
