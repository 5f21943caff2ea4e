"""States of an uploaded sheet and outcomes of its rows."""

from hulei.common.text import Term


class SheetState(Term):
    """A sheet waits for a mapping or a confirmation, then runs to its end; it may be run again."""

    UNRECOGNISED = "unrecognised", "未识别", "Not recognised"
    PREVIEW = "preview", "待确认", "To be confirmed"
    QUEUED = "queued", "排队中", "Queued"
    RUNNING = "running", "导入中", "Running"
    DONE = "done", "已完成", "Done"
    DROPPED = "dropped", "已放弃", "Dropped"
    FAILED = "failed", "中断", "Stopped"


class RowOutcome(Term):
    """What became of a row."""

    ADDED = "added", "新增", "Added"
    FILLED = "filled", "补充", "Filled in"
    UNCHANGED = "unchanged", "无变化", "Unchanged"
    REJECTED = "rejected", "退回", "Handed back"


WAITING = frozenset({SheetState.UNRECOGNISED, SheetState.PREVIEW})
WORKING = frozenset({SheetState.QUEUED, SheetState.RUNNING})
