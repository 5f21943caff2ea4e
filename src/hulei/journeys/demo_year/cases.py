"""Thirteen clues and thirty-six children followed one by one, with the riders of the modified motorcycles."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from hulei.journeys.demo_year.persons import Child, People, names
from hulei.journeys.demo_year.setting import STATIONS
from hulei.journeys.demo_year.sheets import Sheet
from hulei.journeys.demo_year.spelling import spelled

CLUES, CASES, BACK_TO_SCHOOL, BACK_TO_FAMILY = 13, 36, 7, 11
RIDERS = 3
_RIDING = "深夜驾驶改装摩托车在镇区游荡"
# Month and day, source, content; the riders come first, and by October they bring clues themselves.
_CLUES = (
    (2, 17, "群众", _RIDING),
    (2, 24, "家长志愿者", _RIDING),
    (3, 9, "网格员", _RIDING),
    (3, 28, "学校", "连续多日旷课"),
    (5, 6, "群众", "夜不归宿"),
    (6, 2, "网格员", "父母外出无人照看"),
    (7, 14, "群众", "私自下海游泳"),
    (8, 21, "家长志愿者", "出入网吧至深夜"),
    (9, 12, "学校", "开学未到校"),
    (10, 16, "少年法治员", "有人邀约同学深夜飙车"),
    (11, 3, "少年法治员", "校外人员向学生索要钱物"),
    (11, 24, "网格员", "与社会闲散人员交往"),
    (12, 15, "少年法治员", "同学参与赌博"),
)
_MEASURES = ("谈心谈话", "心理辅导", "公益监护人结对", "家庭教育指导", "社会服务")


@dataclass(frozen=True)
class Case:
    """One child followed, with the outcome so far."""

    number: str
    child: Child
    opened: date
    station: str
    visits: int
    outcome: str | None
    outcome_on: date | None


class Following:
    """Clues and cases about children whom police or education know."""

    def __init__(self, rng: Random, people: People, known: Sequence[Child], last: date) -> None:
        self._rng, self._last = rng, last
        grown = [child for child in known if child.sex == "男" and 14 <= child.age(last) <= 16]
        self.riders = grown[:RIDERS]
        others = [child for child in known if child not in self.riders]
        self._helpers = names(people, 8)
        self._clue_children = [*self.riders, *rng.sample(others, CLUES - RIDERS)]
        self.cases = list(self._cases([*self.riders, *rng.sample(others, CASES - RIDERS)]))

    def _cases(self, children: Sequence[Child]) -> Iterator[Case]:
        """The riders are back at school; so are four more, and eleven went back to their families."""
        more = BACK_TO_SCHOOL - RIDERS
        outcomes = ["回归校园"] * more + ["回归家庭"] * BACK_TO_FAMILY
        outcomes += [""] * (CASES - RIDERS - len(outcomes))
        self._rng.shuffle(outcomes)
        opened = sorted(
            date(2023, 1, 10) + timedelta(days=self._rng.randrange(270)) for _ in range(CASES - RIDERS)
        )
        for number, child in enumerate(children, 1):
            rider = number <= RIDERS
            start = date(2023, 3, 1 + number) if rider else opened[number - RIDERS - 1]
            outcome = "回归校园" if rider else outcomes[number - RIDERS - 1]
            until = date(2023, 9, 4) if rider else start + timedelta(days=self._rng.randint(45, 80))
            yield Case(
                f"GA2023-{number:02d}",
                child,
                start,
                self._station(child),
                self._rng.randint(2, 9),
                outcome or None,
                min(until, self._last) if outcome else None,
            )

    def _station(self, child: Child) -> str:
        return next(s.name for s in STATIONS if child.village in s.villages)

    def clue_sheet(self) -> Sheet:
        """The ledger of clues."""
        head = ("线索编号", "接报日期", "来源", "涉及未成年人", "就读学校", "线索内容", "地点", "核查状态")
        rows = [
            (
                f"XS2023-{number:02d}",
                spelled(self._rng, date(2023, month, day)),
                source,
                child.name,
                child.school,
                content,
                f"{child.town}{child.village}",
                "核查中" if number > 12 else "已核查",
            )
            for number, ((month, day, source, content), child) in enumerate(
                zip(_CLUES, self._clue_children, strict=True), 1
            )
        ]
        return Sheet("线索", "2023年涉未成年人不良倾向线索台账", head, rows, total=True)

    def case_sheet(self) -> Sheet:
        """The ledger of cases; one in seven has no id yet."""
        head = (
            "个案编号",
            "姓名",
            "身份证号",
            "学校",
            "建档日期",
            "责任派出所",
            "帮扶责任人",
            "帮扶措施",
            "走访次数",
            "帮扶成效",
            "成效日期",
        )
        rows = [
            (
                case.number,
                case.child.name,
                None if number % 7 == 5 else case.child.national_id,
                case.child.school,
                spelled(self._rng, case.opened),
                case.station,
                self._rng.choice(self._helpers),
                self._rng.choice(_MEASURES),
                case.visits,
                case.outcome,
                spelled(self._rng, case.outcome_on),
            )
            for number, case in enumerate(self.cases, 1)
        ]
        return Sheet("个案", "2023年未成年人个案跟踪帮扶台账", head, rows, total=True)
