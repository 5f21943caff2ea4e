"""What the offices did together: meetings with their resolutions, directives in four steps, lectures."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from random import Random

from hulei.journeys.demo_year.setting import AGENCIES, BUREAU, CAMPUSES, STATIONS, Setting
from hulei.journeys.demo_year.sheets import Sheet
from hulei.journeys.demo_year.spelling import spelled

MEETINGS, RESOLUTIONS, DONE, OVERDUE = 13, 33, 27, 2
LECTURES = 36
_TOPICS = (
    "校园欺凌防治",
    "护学岗与校门交通",
    "留守儿童关爱",
    "控辍保学",
    "校园周边治理",
    "网络保护",
    "强制报告落实",
)
_TASKS = {
    "校园欺凌防治": ("开展欺凌专项排查", "设立学生求助信箱", "班主任反欺凌培训"),
    "护学岗与校门交通": ("增设南乐小学护学岗", "规范校门临时停车", "公布护学岗值守表"),
    "留守儿童关爱": ("联合走访留守儿童", "补签委托照护书", "落实每周联系"),
    "控辍保学": ("比对失学名单", "上门劝返", "落实复学学生跟踪"),
    "校园周边治理": ("清查校园周边网吧", "清理校门流动摊贩", "检查烟酒售卖点"),
    "网络保护": ("组织网络安全课", "发放家长提示单", "清理不良信息群组"),
    "强制报告落实": ("培训强制报告义务人", "张贴报告流程图", "抽查旅馆入住登记"),
}
_DIRECTIVES = (
    ("寒假平安守护", 1, 6),
    ("春季开学护校", 2, 8),
    ("清明五一节点巡防", 4, 3),
    ("暑期防溺水防侵害", 6, 8),
    ("秋季开学第一课", 8, 22),
    ("国庆与校园周边整治", 9, 18),
)
_LECTURES = ("防溺水", "防欺凌", "防性侵", "网络安全", "开学第一课", "送法进校园")
STORY_LECTURE = (date(2023, 10, 27), "兴港镇粟山小学", "防性侵", "石头埠派出所", 100)


class Offices:
    """Meetings, directives and lectures of the year up to a day."""

    def __init__(self, rng: Random, setting: Setting, last: date) -> None:
        self._rng, self._setting, self._last = rng, setting, last
        self.meetings = list(self._meetings())
        self.resolutions = list(self._resolutions())
        self.assignments = list(self._assignments())
        self.lectures = list(self._lectures())

    def _meetings(self) -> Iterator[tuple[str, date, str]]:
        """Number, day and topic: one a month from January, two in December."""
        days = [date(2023, month, self._rng.randint(3, 26)) for month in range(1, 12)]
        days.append(date(2023, 12, self._rng.randint(4, 8)))
        days.append(self._last - timedelta(days=3))
        for number, day in enumerate(sorted(days), 1):
            yield f"LX2023-{number:02d}", day, _TOPICS[(number - 1) % len(_TOPICS)]

    def meeting_sheet(self) -> Sheet:
        """The register of meetings."""
        head = ("会议编号", "召开日期", "会议名称", "会议类型", "主持单位", "参会单位", "议题")
        guests = ("公安、教育、民政", "公安、教育、检察院", "公安、教育、妇联、团委", "公安、教育、卫健局")
        kinds = ("分局—教育局", "派出所—学校")
        rows = [
            (
                number,
                spelled(self._rng, day),
                f"未成年人保护{topic}联席会议",
                self._rng.choice(kinds),
                BUREAU,
                self._rng.choice(guests),
                topic,
            )
            for number, day, topic in self.meetings
        ]
        return Sheet("会议", "2023年党建联席会议登记", head, rows)

    def _resolutions(self) -> Iterator[tuple[str, str, str, str, date, str, date | None]]:
        """Meeting, number, text, lead, deadline, state, day done. The last ones are still open."""
        per_meeting = [2] * MEETINGS
        for index in range(RESOLUTIONS - sum(per_meeting)):
            per_meeting[(index * 2) % MEETINGS] += 1
        leads = [BUREAU, *(name for name, _ in AGENCIES[1:3])]
        number = 0
        for (meeting, day, topic), count in zip(self.meetings, per_meeting, strict=True):
            for task in self._rng.sample(_TASKS[topic], min(count, 3)):
                number += 1
                due = day + timedelta(days=self._rng.randint(20, 45))
                state, done = self._outcome(number, day, due)
                due = self._due(number, due)
                yield meeting, f"JY2023-{number:02d}", task, self._rng.choice(leads), due, state, done

    def _outcome(self, number: int, day: date, due: date) -> tuple[str, date | None]:
        """The first 27 are done, most in time; the rest are open on the last day."""
        if number > DONE:
            return "办理中", None
        late = self._rng.random() < 0.12
        done = (
            due + timedelta(days=4) if late else day + timedelta(days=self._rng.randint(5, (due - day).days))
        )
        return "已办结", min(done, self._last - timedelta(days=1))

    def _due(self, number: int, due: date) -> date:
        """Of the open ones the first two should have been done before the last day."""
        if number <= DONE:
            return due
        early = number <= DONE + OVERDUE
        return self._last - timedelta(days=9 + number % 5) if early else self._last + timedelta(days=number)

    def resolution_sheet(self) -> Sheet:
        """The list of resolutions."""
        head = ("会议编号", "决议编号", "决议事项", "牵头单位", "办结时限", "办理状态", "办结日期")
        rows = [
            (meeting, number, task, lead, spelled(self._rng, due), state, spelled(self._rng, done))
            for meeting, number, task, lead, due, state, done in self.resolutions
        ]
        return Sheet("决议", "2023年联席会议决议清单", head, rows, total=True)

    def _assignments(self) -> Iterator[tuple[str, str, str, list[date | None], int | None]]:
        for number, (title, month, day) in enumerate(_DIRECTIVES, 1):
            for station in STATIONS:
                steps = self._steps(date(2023, month, day))
                score = self._rng.randint(80, 99) if steps[3] else None
                yield f"ZX2023-{number:02d}", title, station.name, steps, score

    def _steps(self, deployed: date) -> list[date | None]:
        """Deployed, carried out, followed up, appraised; one unit in ten was never appraised."""
        done = deployed + timedelta(days=self._rng.randint(3, 9))
        followed = done + timedelta(days=self._rng.randint(8, 20))
        appraised = followed + timedelta(days=self._rng.randint(6, 25))
        return [deployed, done, followed, None if self._rng.random() < 0.1 else appraised]

    def assignment_sheet(self) -> Sheet:
        """The ledger of directives in four steps."""
        head = (
            "专项编号",
            "专项名称",
            "责任单位",
            "部署日期",
            "落实日期",
            "跟踪日期",
            "考核日期",
            "考核得分",
        )
        rows = [
            (number, title, unit, *(spelled(self._rng, step) for step in steps), score)
            for number, title, unit, steps, score in self.assignments
        ]
        return Sheet("部署", "2023年未成年人保护专项活动部署、落实、跟踪、考核台账", head, rows)

    def _lectures(self) -> Sequence[tuple[date, str, str, str, str, int, int]]:
        """Day, school, topic, unit, lecturer, lesson hours, attendance; in order of the days."""
        given: dict[tuple[date, str], tuple[date, str, str, str, str, int, int]] = {}
        day, school, topic, unit, attendance = STORY_LECTURE
        given[day, school] = (day, school, topic, unit, self._setting.officers[unit], 2, attendance)
        busy = [campus for campus in CAMPUSES if campus.pupils > 250]
        while len(given) < LECTURES:
            served = Counter(school for _, school in given)
            campus = min(self._rng.sample(busy, 2), key=lambda one: served[one.name])
            when = self._school_day()
            if (when, campus.name) not in given:
                lecturer = self._rng.choice(self._setting.lecturers[campus.station])
                hours, present = self._rng.choice((1, 1, 2)), self._rng.choice((60, 80, 120, 150, 200, 240))
                given[when, campus.name] = (
                    when,
                    campus.name,
                    self._rng.choice(_LECTURES),
                    campus.station,
                    lecturer,
                    hours,
                    min(present, campus.pupils),
                )
        return [given[key] for key in sorted(given)]

    def _school_day(self) -> date:
        """A weekday outside the holidays of winter and summer."""
        while True:
            day = date(2023, 1, 1) + timedelta(days=self._rng.randrange((self._last - date(2023, 1, 1)).days))
            if day.weekday() < 5 and day.month not in (1, 7, 8):
                return day

    def lecture_sheet(self) -> Sheet:
        """The register of lectures."""
        head = ("序号", "日期", "学校", "主题", "宣讲单位", "宣讲人", "课时", "参加人数")
        rows = [
            (number, spelled(self._rng, lecture[0]), *lecture[1:])
            for number, lecture in enumerate(self.lectures, 1)
        ]
        return Sheet("宣讲", "2023年法治宣讲(法治副校长授课)登记", head, rows, total=True)
