"""Which ledger, which column: other orders, other titles, other words, and what stays a question."""

from __future__ import annotations

import random
from typing import Any

import pytest

from hulei.intake.reading.heads import candidates
from hulei.intake.reading.recognition import REASON_LABEL, Remembered, fingerprint, map_by_hand, recognise
from hulei.intake.reading.templates import TYPES, Template, load_templates, read_template, template
from hulei.intake.tests.reading.sheets import ID, REGISTER_HEAD, head_of, register_row

ALL = load_templates()

_VALUES: dict[str, Any] = {
    "text": "某某", "name": "张怡", "int": 3, "decimal": 1.5, "date": "2023.10.27",
    "datetime": "2023-10-27 08:05",
    "time_range": "07:10-07:50", "yes_no": "是", "national_id": ID, "phone": "19912345678", "list": "甲、乙",
    "document_no": "公(铁)矫字〔2023〕5号",
}  # fmt: skip


def _value(column: Any) -> Any:
    if column.type == "choice":
        return next(iter(column.choice_labels.values()))
    return _VALUES[column.type]


def _grid(ledger: Template, labels: list[str], order: list[int]) -> list[list[Any]]:
    body = [_value(column) for column in ledger.columns]
    return [[labels[i] for i in order], *[[body[i] for i in order] for _ in range(3)]]


def mapping_of(found: Any) -> dict[str, str]:
    return {found.labels[index]: name for index, name in found.mapping.items()}


@pytest.mark.parametrize("ledger", ALL, ids=lambda t: t.id)
class TestEveryLedger:
    """Recognised by its own head words, and by none but other districts' words, in any order."""

    def test_own_words_in_another_order(self, ledger: Template) -> None:
        labels = [column.label.zh for column in ledger.columns]
        for seed in range(5):
            order = list(range(len(labels)))
            random.Random(seed).shuffle(order)
            found = recognise(head_of(_grid(ledger, labels, order), name="Sheet1"), ALL)
            assert (found.status, found.ledger) == ("recognised", ledger.id)
            assert mapping_of(found) == {column.label.zh: column.name for column in ledger.columns}

    def test_each_synonym_alone(self, ledger: Template) -> None:
        for place, column in enumerate(ledger.columns):
            for synonym in column.synonyms:
                labels = [other.label.zh for other in ledger.columns]
                if synonym in labels:
                    continue
                labels[place] = synonym
                found = recognise(head_of(_grid(ledger, labels, list(range(len(labels))))), ALL)
                assert found.ledger == ledger.id, (synonym, found.candidates)
                assert mapping_of(found)[synonym] == column.name

    def test_extra_columns_and_a_title(self, ledger: Template) -> None:
        labels = [column.label.zh for column in ledger.columns]
        grid = _grid(ledger, labels, list(range(len(labels))))
        wide = [["序号", *row, "年度", "填表说明", "页码"] for row in grid[:1]] + [
            [1, *row, 2023, "x", 1] for row in grid[1:]
        ]
        titled = [[f"某某县{ledger.title.zh}(2024)"], ["单位:某局", None, None, "单位：人"], [None], *wide]
        found = recognise(head_of(titled), ALL)
        assert (found.status, found.ledger, found.head_lines) == ("recognised", ledger.id, (4,))
        assert {found.labels[i] for i in found.unmapped} == {"序号", "年度", "填表说明", "页码"}

    def test_a_missing_required_column_is_named(self, ledger: Template) -> None:
        gone = ledger.required[-1]
        kept = [i for i, column in enumerate(ledger.columns) if column is not gone]
        labels = [column.label.zh for column in ledger.columns]
        found = recognise(head_of([[f"{ledger.title.zh}"], *_grid(ledger, labels, kept)]), ALL)
        assert not found.certain
        if found.status == "incomplete":
            assert found.ledger == ledger.id and found.missing == (gone,)


class TestHeads:
    """Where the head is, and heads of two levels."""

    def test_heads_of_two_levels(self) -> None:
        grid = [
            ["某某县走访台账"],
            ["序号", "儿童信息", None, None, "监护人信息", None, "就读学校", "走访情况"],
            [None, "姓名", "性别", "身份证号", "姓名", "联系电话", None, None],
            [1, "张怡", "女", ID, "张洋", "19912345678", "示例小学", "正常"],
        ]
        found = recognise(head_of(grid, name="网格走访"), ALL)
        assert found.ledger == "register_grid" and found.head_lines == (2, 3)
        assert mapping_of(found) == {
            "儿童信息姓名": "name",
            "儿童信息性别": "sex",
            "儿童信息身份证号": "national_id",
            "监护人信息姓名": "guardian",
            "监护人信息联系电话": "guardian_phone",
            "就读学校": "school",
            "走访情况": "finding",
        }

    def test_somebody_elses_id_is_not_the_childs(self) -> None:
        grid = [
            ["姓名", "父亲身份证号", "监护人身份证号码", "走访日期", "走访情况"],
            ["张怡", ID, ID, "2023-5-6", "正常"],
        ]
        found = recognise(head_of(grid), ALL)
        assert "national_id" not in found.mapping.values()

    def test_labels_that_stand_twice(self) -> None:
        grid = [[*REGISTER_HEAD, "联系电话"], [*register_row(), "19900000000"]]
        found = recognise(head_of(grid), ALL)
        assert found.labels[7] == "监护人电话" and found.mapping[7] == "guardian_phone"
        assert 11 in found.unmapped
        doubled = recognise(head_of([[*REGISTER_HEAD, "姓名"], [*register_row(), "x"]]), ALL)
        assert doubled.labels[1] == "姓名" and doubled.labels[11] == "姓名(2)"

    def test_line_breaks_stars_and_units_in_labels(self) -> None:
        grid = [
            ["* 姓\n名", "性 别", "出生\n日期", "身份证号（18位）", "走访日期(必填)", "走访情况："],
            ["张怡", "女", "2012-6-25", ID, "2023-5-6", "正常"],
        ]
        found = recognise(head_of(grid), ALL)
        assert found.ledger == "register_grid" and len(found.mapping) == 6

    def test_no_head_at_all(self) -> None:
        assert recognise(head_of([[1, 2, 3], [4, 5, 6]]), ALL).status == "unknown"
        assert recognise(head_of([]), ALL).status == "unknown"
        assert list(candidates(())) == []

    def test_a_head_too_far_down_is_not_looked_for(self) -> None:
        assert recognise(head_of([["x"]] * 30 + [REGISTER_HEAD, register_row()]), ALL).status == "unknown"


class TestQuestions:
    """What is close or strange is left to a person, and remembered once answered."""

    SHARED = ["姓名", "性别", "出生日期", "身份证号", "学校", "家长", "联系电话", "家庭住址"]
    ROW = ["张怡", "女", "2012-6-25", ID, "示例小学", "张洋", "19912345678", "一村"]

    def test_what_all_registers_share_is_ambiguous(self) -> None:
        found = recognise(head_of([self.SHARED, self.ROW], name="Sheet1", file_name="a.xlsx"), ALL)
        assert found.status == "ambiguous" and found.ledger is None and len(found.candidates) >= 2

    def test_a_title_can_settle_it(self) -> None:
        found = recognise(
            head_of([["农村留守儿童和困境儿童花名册"], self.SHARED, self.ROW], file_name="a.xlsx"), ALL
        )
        assert found.candidates[0].ledger == "register_civil_affairs"

    def test_a_foreign_sheet_is_unknown_and_can_be_mapped(self) -> None:
        grid = [["进货单"], ["品名", "娃娃大名", "证号码", "哪天"], ["x", "张怡", ID, "2023-5-6"]]
        head = head_of(grid, file_name="a.xlsx", name="Sheet1")
        assert recognise(head, ALL).status == "unknown"
        by_hand = {"娃娃大名": "name", "证号码": "national_id", "哪天": "visited_on"}
        found = map_by_hand(head, template("register_grid"), by_hand)
        assert found.certain and mapping_of(found) == by_hand

    def test_a_mapping_is_remembered_whatever_the_order_of_columns(self) -> None:
        labels = ["娃娃大名", "证号码", "哪天"]
        memory = Remembered(
            fingerprint(labels),
            "register_grid",
            {"娃娃大名": "name", "证号码": "national_id", "哪天": "visited_on"},
        )
        head = head_of([["哪天", "娃娃大名", "证号码"], ["2023-5-6", "张怡", ID]])
        found = recognise(head, ALL, [memory])
        assert found.status == "remembered" and found.mapping == {
            0: "visited_on",
            1: "name",
            2: "national_id",
        }

    def test_the_column_of_reasons_does_not_change_the_fingerprint(self) -> None:
        assert fingerprint([*REGISTER_HEAD, REASON_LABEL]) == fingerprint(REGISTER_HEAD)
        found = recognise(head_of([[*REGISTER_HEAD, REASON_LABEL], [*register_row(), "日期不存在"]]), ALL)
        assert found.certain

    def test_by_hand_without_a_required_column_is_incomplete(self) -> None:
        head = head_of([["娃娃大名", "证号码"], ["张怡", ID]])
        found = map_by_hand(head, template("register_grid"), {"证号码": "national_id"})
        assert found.status == "incomplete" and [column.name for column in found.missing] == ["name"]
        assert map_by_hand(head_of([[1], [2]]), template("register_grid"), {}).status == "unknown"


class TestTemplates:
    """The templates themselves."""

    def test_all_twenty_in_their_order(self) -> None:
        assert [each.id for each in ALL] == [
            "agencies", "stations", "schools", "grids", "police_calls", "joint_meetings", "resolutions",
            "directive_assignments", "lectures", "hazards", "equipment", "drills", "guard_posts",
            "parent_concerns",
            "register_police", "register_education", "register_civil_affairs", "register_grid", "clues",
            "cases",
        ]  # fmt: skip

    @pytest.mark.parametrize("ledger", ALL, ids=lambda t: t.id)
    def test_each_is_sound(self, ledger: Template) -> None:
        assert ledger.required and ledger.words and ledger.title.zh and ledger.title.en
        for column in ledger.columns:
            assert column.type in TYPES and column.label.zh and column.label.en
            assert len(set(column.synonyms)) == len(column.synonyms), column.name
            assert column.label.zh not in column.synonyms, column.name
            assert (column.choices is not None) == (column.type == "choice")
            assert column.otherwise is None or column.otherwise in (column.choice_labels or {})

    def test_no_word_means_two_choices(self) -> None:
        for ledger in ALL:
            for column in ledger.columns:
                for code, first in (column.choice_labels or {}).items():
                    assert (column.choices or {})[first.lower()] == code

    def test_a_broken_template_says_so(self) -> None:
        base = {"id": "x", "order": 1, "title": {"zh": "甲", "en": "a"}, "words": ["甲"]}
        column = {"name": "a", "type": "text", "label": "甲", "en": "A"}
        with pytest.raises(ValueError, match="twice"):
            read_template({**base, "columns": [column, column]})
        with pytest.raises(ValueError, match="unknown type"):
            read_template({**base, "columns": [{**column, "type": "colour"}]})
