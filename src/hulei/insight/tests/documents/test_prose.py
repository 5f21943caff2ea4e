"""The sentences: what is said for a number, for zero, and where there is no number."""

from __future__ import annotations

import pytest

from hulei.insight.documents.content import Figure, Passage, Shown
from hulei.insight.documents.prose import CHAPTERS, write_sections
from hulei.insight.tests.documents.samples import YEAR, changed, figure, figures


def said(of: list[Figure]) -> str:
    """Everything the five chapters say, as one text."""
    return "\n".join(_text(passage) for section in write_sections(of) for passage in section.passages)


def _text(passage: Passage) -> str:
    return "".join(piece.text if isinstance(piece, Shown) else piece for piece in passage.pieces)


def test_every_metric_of_the_year_is_named_once() -> None:
    shown = [
        piece.figure.metric_id
        for section in write_sections(figures())
        for passage in section.passages
        for piece in passage.pieces
        if isinstance(piece, Shown)
    ]
    assert sorted(shown) == sorted(YEAR)


def test_five_chapters_in_the_order_of_the_work() -> None:
    titles = [section.title for section in write_sections(figures())]
    assert [title[:4] for title in titles] == ["未保体系", "宣教工程", "校园安全", "触法预防", "工作成效"]


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({}, "共召开联席会议13次，形成决议33项。上述决议中，已办结27项，超过办理时限尚未办结2项。"),
        ({"resolutions_overdue": "0"}, "已办结27项，无超过办理时限未办结的事项。"),
        ({"resolutions_done": "0"}, "上述决议均未办结，超过办理时限尚未办结2项。"),
        (
            {"resolutions": "0", "resolutions_done": "0", "resolutions_overdue": "0"},
            "共召开联席会议13次，未形成决议。\n",
        ),
        ({"joint_meetings": "0"}, "未召开联席会议，形成决议33项。"),
        ({"joint_meetings": None}, "形成决议33项。"),
        ({"lectures": "0", "lecture_attendance": "0"}, "未开展法治宣讲。统计期内"),
        ({"schools_below_four_hours": "0"}, "无法治宣讲不足四课时的学校（含幼儿园）。"),
        ({"hazards_open": "0"}, "登记校园安全隐患52处，无未复查销号的隐患。"),
        ({}, "接报涉未成年人治安警情65起，与上年同期98起相比下降33.67%。"),
        ({"security_calls_yoy_percent": "12.50"}, "与上年同期98起相比上升12.50%。"),
        ({"security_calls_yoy_percent": "0.00"}, "与上年同期98起相比持平。"),
        (
            {"security_calls_yoy_percent": None},
            "接报涉未成年人治安警情65起，上年同期无可比数据，不计算同比。",
        ),
        ({"criminal_calls": "0"}, "未接报涉未成年人刑事警情，截至统计截止当月已连续8个自然月未接报。"),
        ({"criminal_call_zero_months": "0"}, "统计截止当月接报有涉未成年人刑事警情，连续未接报月数为0个月。"),
        ({"cases_back_to_school": "0"}, "跟踪帮扶的个案中尚无重返校园的，回归家庭11名。"),
        ({"clues": "<5"}, "\n逐一建立个案跟踪帮扶36名"),
    ],
)
def test_wording(values: dict[str, str | None], expected: str) -> None:
    assert expected in said(changed(**values))


def test_a_chapter_without_figures_says_so() -> None:
    sections = write_sections([figure("lectures", "3")])
    assert _text(sections[0].passages[0]) == "本部分在统计期内没有可报告的数据。"
    assert _text(sections[1].passages[0]) == "共开展法治宣讲3场。"


def test_no_empty_or_half_sentence_is_left() -> None:
    for missing in YEAR:
        text = said(changed(**{missing: None}))
        assert not any(fault in text for fault in ("，，", "，。", "。。", "None", "{", "}"))


def test_the_wording_uses_chinese_punctuation() -> None:
    clauses = [c for chapter in CHAPTERS for topic in chapter.topics for s in topic.sentences for c in s]
    for wording in [text for c in clauses for text in (c.text, c.zero, c.missing)]:
        assert not set(wording) & set(",;()!?")
