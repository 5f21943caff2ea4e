"""From a seed to a folder of ledgers, and the figures that Hulei must find in them again."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from random import Random

from hulei.journeys.demo_year import calls
from hulei.journeys.demo_year.campus import Safety
from hulei.journeys.demo_year.cases import CLUES, Following
from hulei.journeys.demo_year.children import children
from hulei.journeys.demo_year.offices import Offices
from hulei.journeys.demo_year.persons import People
from hulei.journeys.demo_year.registers import FAULTS, Registers
from hulei.journeys.demo_year.setting import CAMPUSES, Setting
from hulei.journeys.demo_year.sheets import write_gbk, write_workbook

AS_OF = date(2023, 12, 29)
DISTRICT = ("450512", "铁山港区")
DEFAULT_SEED = 20231229
_WARNED_TWICE = 2


@dataclass(frozen=True)
class Story:
    """The year's figures, each under the id of its metric, and what the intake must say."""

    figures: dict[str, int | float]
    refused_rows: dict[str, int]
    findings: dict[str, int]
    children: int


@dataclass(frozen=True)
class DemoYear:
    """The files of a generated year."""

    folder: Path
    files: tuple[Path, ...]
    seed: int
    as_of: date
    story: Story


class _Year:
    """All parts of one year. Each part draws from a stream of its own, so that one can change alone."""

    def __init__(self, seed: int) -> None:
        def stream(part: str) -> Random:
            return Random(f"{seed}/{part}")

        people = People(stream("people"))
        self.setting = Setting(stream("setting"), people)
        self.before = calls.year_before(stream("calls 2022"), AS_OF.replace(year=AS_OF.year - 1))
        self.calls = calls.this_year(stream("calls 2023"), AS_OF)
        self.offices = Offices(stream("offices"), self.setting, AS_OF)
        self.safety = Safety(stream("safety"), self.setting, AS_OF)
        pool = children(stream("children"), people)
        self.registers = Registers(stream("registers"), people, pool, AS_OF)
        known = [*self.registers.in_police, *self.registers.in_education[40:]]
        self.following = Following(stream("cases"), people, known, AS_OF)

    def write(self, folder: Path) -> Iterator[Path]:
        """Write the files, in the order of their numbers."""
        offices, safety, registers = self.offices, self.safety, self.registers
        workbooks = {
            "01_单位学校网格名录.xlsx": self.setting.sheets(),
            "02_涉未成年人警情台账_2022.xlsx": [self.before.sheet(repeated=0)],
            "02_涉未成年人警情台账_2023.xlsx": [self.calls.sheet(repeated=_WARNED_TWICE)],
            "03_联席会议台账_2023.xlsx": [offices.meeting_sheet(), offices.resolution_sheet()],
            "04_专项活动部署台账_2023.xlsx": [offices.assignment_sheet()],
            "05_法治宣讲台账_2023.xlsx": [offices.lecture_sheet()],
            "06_校园安防台账_2023.xlsx": safety.sheets(),
            "07_护学岗台账_2023.xlsx": safety.post_sheets(),
            "08_线索台账_2023.xlsx": [self.following.clue_sheet()],
            "09a_公安_矫治教育对象台账.xlsx": [registers.police.sheet()],
            "09b_教育_不良行为与控辍台账.xlsx": [registers.education.sheet()],
            "09c_民政_留守困境儿童台账.xlsx": [registers.civil_affairs.sheet()],
        }
        for name, sheets in workbooks.items():
            yield write_workbook(folder / name, sheets)
        grid = registers.grid.sheet()
        yield write_gbk(folder / "09d_网格_走访摸排.csv", grid.head, grid.rows)
        yield write_workbook(folder / "10_个案帮扶台账_2023.xlsx", [self.following.case_sheet()])

    def story(self) -> Story:
        """What must be found in the files again."""
        findings = {
            "national_id_rounded": sum(f["rounded"] for f in FAULTS.values()),
            "name_missing": sum(f["unnamed"] for f in FAULTS.values()),
            "date_invalid": sum(f["impossible"] for f in FAULTS.values()),
            "national_id_checksum": sum(f["checksum"] for f in FAULTS.values()),
            "duplicate_call_number": _WARNED_TWICE,
        }
        refused = {register.name: register.refused for register in self.registers.all}
        return Story(self._figures(), refused, findings, self.registers.children_kept())

    def _figures(self) -> dict[str, int | float]:
        resolutions, cases = self.offices.resolutions, self.following.cases
        security, before = len(self.calls.of("治安")), len(self.before.of("治安"))
        return {
            "criminal_calls": len(self.calls.of("刑事")),
            "criminal_call_zero_months": calls.ZERO_MONTHS,
            "security_calls": security,
            "security_calls_yoy_percent": round((security - before) / before * 100, 2),
            "actors_under_14": self.calls.actors_under_14(),
            "joint_meetings": len(self.offices.meetings),
            "resolutions": len(resolutions),
            "resolutions_done": sum(r[5] == "已办结" for r in resolutions),
            "resolutions_overdue": sum(r[5] != "已办结" and r[4] < AS_OF for r in resolutions),
            "directives": len({a[0] for a in self.offices.assignments}),
            "directive_assignments": len(self.offices.assignments),
            "directive_assignments_complete": sum(all(a[3]) for a in self.offices.assignments),
            **self._school_figures(),
            "clues": CLUES,
            "cases_tracked": len(cases),
            "cases_back_to_school": sum(c.outcome == "回归校园" for c in cases),
            "cases_back_to_family": sum(c.outcome == "回归家庭" for c in cases),
            "visits": sum(c.visits for c in cases),
        }

    def _school_figures(self) -> dict[str, int | float]:
        safety, lectures = self.safety, self.offices.lectures
        hours = {c.name: sum(lecture[5] for lecture in lectures if lecture[1] == c.name) for c in CAMPUSES}
        return {
            "lectures": len(lectures),
            "lecture_attendance": sum(lecture[6] for lecture in lectures),
            "schools_below_four_hours": sum(given < 4 for given in hours.values()),
            "hazards": len(safety.hazards),
            "hazards_open": sum(hazard[8] is None for hazard in safety.hazards),
            "equipment_lines_short": sum(line[4] < line[2] for line in safety.gear),
            "drills": len(safety.drills),
            "drills_meeting_1_3_5": sum(
                all(
                    (moment - d[1]).total_seconds() <= limit
                    for moment, limit in zip(d[2:5], (60, 180, 300), strict=True)
                )
                for d in safety.drills
            ),
            "guard_posts": len(safety.posts),
            "guard_posts_with_traffic_control": sum(post[6] is not None for post in safety.posts),
            "parent_concerns": len(safety.concerns),
        }


def generate(out_dir: Path, seed: int = DEFAULT_SEED) -> DemoYear:
    """Write the ledgers of a demo district-year into ``out_dir`` (made if absent) and tell their figures.

    The same seed gives the same files to the byte.
    """
    out_dir.mkdir(parents=True, exist_ok=True)
    year = _Year(seed)
    files = tuple(year.write(out_dir))
    return DemoYear(out_dir, files, seed, AS_OF, year.story())
