"""The sentences of the work report, made from figures and nothing else.

The wording is a table, so that an office can read and change it. In a clause
`{metric}` prints the value, `{metric:word}` prints the word in the value's place (a zero
said naturally), `{metric:±}` prints a change (下降33.67%), and `{metric:base}` the
denominator. A clause whose figure has no value is left out or says why.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from hulei.insight.documents.content import Figure, Passage, Piece, Section, Shown

_PLACE = re.compile(r"\{(\w+)(?::([^}]*))?\}")

#: Words that stand for zero in a sentence; the reader of figures turns them back.
ZERO_WORDS = frozenset({"未", "无", "尚无", "尚未", "均未"})


@dataclass(frozen=True)
class Clause:
    """One clause: its wording, the wording for zero, for no value, and when it is said.

    The first metric named in `text` decides between the wordings. With `when`, the
    clause is said only if that other metric is above zero: nobody reports how many of
    no resolutions are overdue.
    """

    text: str
    zero: str = ""
    missing: str = ""
    when: str = ""


@dataclass(frozen=True)
class Topic:
    """One paragraph to be: heading and sentences, each a row of clauses."""

    heading: str
    sentences: tuple[tuple[Clause, ...], ...]


@dataclass(frozen=True)
class Chapter:
    """One chapter to be."""

    title: str
    topics: tuple[Topic, ...]


CHAPTERS: tuple[Chapter, ...] = (
    Chapter(
        "未保体系建设情况",
        (
            Topic(
                "联席会议与议定事项",
                (
                    (
                        Clause("共召开联席会议{joint_meetings}次", "{joint_meetings:未}召开联席会议"),
                        Clause("形成决议{resolutions}项", "{resolutions:未}形成决议"),
                    ),
                    (
                        Clause(
                            "上述决议中，已办结{resolutions_done}项",
                            "上述决议{resolutions_done:均未}办结",
                            when="resolutions",
                        ),
                        Clause(
                            "超过办理时限尚未办结{resolutions_overdue}项",
                            "{resolutions_overdue:无}超过办理时限未办结的事项",
                            when="resolutions",
                        ),
                    ),
                ),
            ),
            Topic(
                "专项部署",
                (
                    (
                        Clause("组织专项部署{directives}项", "{directives:未}组织专项部署"),
                        Clause("分解到单位的任务{directive_assignments}项", when="directives"),
                        Clause(
                            "其中部署、落实、跟踪、考核四个环节均已完成{directive_assignments_complete}项",
                            "四个环节均已完成的任务{directive_assignments_complete:尚无}",
                            when="directive_assignments",
                        ),
                    ),
                ),
            ),
        ),
    ),
    Chapter(
        "宣教工程开展情况",
        (
            Topic(
                "",
                (
                    (
                        Clause("共开展法治宣讲{lectures}场", "{lectures:未}开展法治宣讲"),
                        Clause("参加{lecture_attendance}人次", when="lectures"),
                    ),
                    (
                        Clause(
                            "统计期内法治宣讲不足四课时的学校（含幼儿园）{schools_below_four_hours}所",
                            "{schools_below_four_hours:无}法治宣讲不足四课时的学校（含幼儿园）",
                        ),
                    ),
                ),
            ),
        ),
    ),
    Chapter(
        "校园安全防护情况",
        (
            Topic(
                "隐患与器材",
                (
                    (
                        Clause("登记校园安全隐患{hazards}处", "{hazards:未}登记校园安全隐患"),
                        Clause(
                            "其中尚未复查销号{hazards_open}处",
                            "{hazards_open:无}未复查销号的隐患",
                            when="hazards",
                        ),
                    ),
                    (
                        Clause(
                            "安防器材完好数少于应配数的共{equipment_lines_short}项",
                            "{equipment_lines_short:无}完好数少于应配数的安防器材",
                        ),
                    ),
                ),
            ),
            Topic(
                "应急演练",
                (
                    (
                        Clause("组织应急演练{drills}次", "{drills:未}组织应急演练"),
                        Clause(
                            "其中首名人员、应急单元、警力分别在1分钟、3分钟、5分钟内到位的"
                            "{drills_meeting_1_3_5}次",
                            "{drills_meeting_1_3_5:无}首名人员、应急单元、警力分别在1分钟、3分钟、"
                            "5分钟内到位的演练",
                            when="drills",
                        ),
                    ),
                ),
            ),
            Topic(
                "护学岗与家长关切",
                (
                    (
                        Clause("登记护学岗{guard_posts}岗次", "{guard_posts:未}登记护学岗"),
                        Clause(
                            "其中实施临时交通管制{guard_posts_with_traffic_control}岗次",
                            "{guard_posts_with_traffic_control:未}实施临时交通管制",
                            when="guard_posts",
                        ),
                    ),
                    (Clause("收到家长关切{parent_concerns}件", "{parent_concerns:未}收到家长关切"),),
                ),
            ),
        ),
    ),
    Chapter(
        "触法预防工作情况",
        (
            Topic("", ((Clause("收集涉未成年人线索{clues}条", "{clues:未}收集到涉未成年人线索"),),)),
            Topic(
                "",
                (
                    (
                        Clause(
                            "逐一建立个案跟踪帮扶{cases_tracked}名",
                            "{cases_tracked:无}跟踪帮扶个案",
                        ),
                        Clause("开展走访{visits}次", "{visits:未}开展走访", when="cases_tracked"),
                    ),
                ),
            ),
        ),
    ),
    Chapter(
        "工作成效",
        (
            Topic(
                "涉未成年人警情",
                (
                    (
                        Clause(
                            "接报涉未成年人刑事警情{criminal_calls}起",
                            "{criminal_calls:未}接报涉未成年人刑事警情",
                        ),
                        Clause(
                            "截至统计截止当月已连续{criminal_call_zero_months}个自然月未接报",
                            "统计截止当月接报有涉未成年人刑事警情，连续未接报月数为"
                            "{criminal_call_zero_months}个月",
                        ),
                    ),
                    (
                        Clause(
                            "接报涉未成年人治安警情{security_calls}起",
                            "{security_calls:未}接报涉未成年人治安警情",
                        ),
                        Clause(
                            "与上年同期{security_calls_yoy_percent:base}起相比{security_calls_yoy_percent:±}",
                            "与上年同期{security_calls_yoy_percent:base}起相比{security_calls_yoy_percent:±}",
                            missing="上年同期无可比数据，不计算同比",
                        ),
                    ),
                    (
                        Clause(
                            "上述警情中，行为人未满14周岁的{actors_under_14}起",
                            "上述警情中{actors_under_14:无}行为人未满14周岁的情形",
                        ),
                    ),
                ),
            ),
            Topic(
                "帮扶结果",
                (
                    (
                        Clause(
                            "跟踪帮扶的个案中，重返校园{cases_back_to_school}名",
                            "跟踪帮扶的个案中{cases_back_to_school:尚无}重返校园的",
                            when="cases_tracked",
                        ),
                        Clause(
                            "回归家庭{cases_back_to_family}名",
                            "{cases_back_to_family:尚无}回归家庭的",
                            when="cases_tracked",
                        ),
                    ),
                ),
            ),
        ),
    ),
)

_EMPTY = "本部分在统计期内没有可报告的数据。"


def write_sections(figures: Sequence[Figure]) -> tuple[Section, ...]:
    """The five chapters; a chapter without any figure says so instead of vanishing."""
    book = {figure.metric_id: figure for figure in figures}
    return tuple(_section(chapter, book) for chapter in CHAPTERS)


def _section(chapter: Chapter, book: Mapping[str, Figure]) -> Section:
    passages = tuple(
        Passage(pieces, topic.heading) for topic in chapter.topics if (pieces := _paragraph(topic, book))
    )
    return Section(chapter.title, passages or (Passage((_EMPTY,)),))


def _paragraph(topic: Topic, book: Mapping[str, Figure]) -> tuple[Piece, ...]:
    pieces: list[Piece] = []
    for sentence in topic.sentences:
        said = [part for clause in sentence if (part := say(clause, book))]
        for position, part in enumerate(said):
            pieces.extend(["，", *part] if position else part)
        if said:
            pieces.append("。")
    return tuple(pieces)


def say(clause: Clause, book: Mapping[str, Figure]) -> list[Piece]:
    """The pieces of one clause, or an empty list when it is not to be said."""
    names = [match.group(1) for match in _PLACE.finditer(clause.text)]
    if clause.when and not _above_zero(book.get(clause.when)):
        return []
    figures = [book.get(name) for name in names]
    if any(figure is None or figure.number() is None for figure in figures):
        known = any(figure is not None for figure in figures)
        return [clause.missing] if clause.missing and known else []
    first = figures[0]
    is_zero = first is not None and first.number() == 0
    return _pieces(clause.zero if is_zero and clause.zero else clause.text, book)


def _above_zero(figure: Figure | None) -> bool:
    number = figure.number() if figure is not None else None
    return number is not None and number > 0


def _pieces(wording: str, book: Mapping[str, Figure]) -> list[Piece]:
    pieces: list[Piece] = []
    end = 0
    for match in _PLACE.finditer(wording):
        pieces.append(wording[end : match.start()])
        pieces.append(_place(book[match.group(1)], match.group(2)))
        end = match.end()
    pieces.append(wording[end:])
    return [piece for piece in pieces if piece]


def _place(figure: Figure, how: str | None) -> Piece:
    if how is None:
        return Shown(figure, figure.value_text or "")
    if how == "base":
        return figure.denominator or ""
    if how == "±":
        return Shown(figure, change(figure))
    return Shown(figure, how)


def change(figure: Figure) -> str:
    """A percentage as offices say it: 下降33.67%, 上升5%, 持平."""
    number = figure.number()
    if number is None or number == 0:
        return "持平"
    digits = (figure.value_text or "").lstrip("+-")
    return f"{'下降' if number < 0 else '上升'}{digits}%"
