"""Lines in and out: what is refused with which code, and that schema and parser agree."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from jsonschema_rs import Draft202012Validator

from hulei.engine import exchange
from hulei.engine.facts import Child
from hulei.engine.schema import schema
from hulei.engine.scoring import read
from hulei.engine.tests.children import AS_OF, BOOK, children, many
from hulei.engine.tests.test_invariants import steady

SCHEMA = schema(BOOK)
INPUT = Draft202012Validator(SCHEMA)
OUTPUT = Draft202012Validator({**SCHEMA["$defs"]["reading"], "$defs": SCHEMA["$defs"]})
FACT: dict[str, Any] = {
    **{"id": "1", "type": "theft", "statute": "x", "incident": "i", "role": "principal"},
    **{"occurred_on": "2026-10-01", "recorded_on": "2026-10-02", "reported_by": "p1", "verified_by": "p2"},
    **{"verifier_agency": "police", "decision_no": "D", "confidence": "documented", "status": "verified"},
    "notified_on": None,
}
CHILD: dict[str, Any] = {"child": "c", "birth": "2011-06-01", "intake_basis": "clue", "facts": [FACT]}


def parsed(raw: Any) -> Child:
    line = raw if isinstance(raw, bytes) else json.dumps(raw, ensure_ascii=False).encode()
    return exchange.parse_line(line, BOOK.rules)


def with_fact(**values: Any) -> dict[str, Any]:
    return {**CHILD, "facts": [{**FACT, **values}]}


def lacking(raw: dict[str, Any], name: str) -> dict[str, Any]:
    return {key: value for key, value in raw.items() if key != name}


REFUSED: list[tuple[Any, str, str]] = [
    (b"{", "json_invalid", ""),
    (b"[" * 100_000, "json_invalid", ""),
    (b'{"child": NaN}', "json_invalid", ""),
    (b"\xff\xfe", "encoding", ""),
    (b'{"child": "a", "child": "b"}', "field_twice", ""),
    (b"[]", "not_an_object", ""),
    (b"null", "not_an_object", ""),
    *((lacking(CHILD, name), "field_missing", name) for name in ("child", "birth", "facts")),
    ({**CHILD, "ethnicity": "x"}, "field_unknown", ""),
    ({**CHILD, "child": 7}, "text_expected", "child"),
    ({**CHILD, "child": " "}, "text_expected", "child"),
    ({**CHILD, "child": "a\u0000"}, "text_invalid", "child"),
    (b'{"child": "\\ud800", "birth": "2011-06-01", "facts": []}', "text_invalid", "child"),
    ({**CHILD, "intake_basis": 1}, "text_expected", "intake_basis"),
    ({**CHILD, "birth": "2011-02-29"}, "date_invalid", "birth"),
    ({**CHILD, "birth": "20110601"}, "date_invalid", "birth"),
    ({**CHILD, "birth": "2011-06-01\n"}, "date_invalid", "birth"),
    ({**CHILD, "birth": None}, "date_invalid", "birth"),
    ({**CHILD, "facts": {}}, "not_a_list", "facts"),
    ({**CHILD, "facts": [1]}, "not_an_object", "facts[0]"),
    *((lambda n: ({**CHILD, "facts": [lacking(FACT, n)]}, "field_missing", f"facts[0].{n}"))(name)
      for name in exchange.FACT_REQUIRED),
    (with_fact(religion="x"), "field_unknown", "facts[0]"),
    (with_fact(type="reading_books"), "type_unknown", "facts[0].type"),
    (with_fact(role="leader"), "value_unknown", "facts[0].role"),
    (with_fact(role=["principal"]), "value_unknown", "facts[0].role"),
    (with_fact(confidence="sure"), "value_unknown", "facts[0].confidence"),
    (with_fact(status="Verified"), "value_unknown", "facts[0].status"),
    (with_fact(occurred_on="2026-13-01"), "date_invalid", "facts[0].occurred_on"),
    (with_fact(notified_on="soon"), "date_invalid", "facts[0].notified_on"),
    (with_fact(id=""), "text_expected", "facts[0].id"),
    (with_fact(decision_no=3), "text_expected", "facts[0].decision_no"),
    ({**CHILD, "facts": [FACT, {**FACT, "role": "victim"}]}, "fact_conflict", "facts[1].id"),
]  # fmt: skip


@pytest.mark.parametrize(("raw", "code", "where"), REFUSED)
def test_a_malformed_line_is_refused_with_code_and_place(raw: Any, code: str, where: str) -> None:
    with pytest.raises(exchange.Malformed) as caught:
        parsed(raw)
    assert (caught.value.code, caught.value.where) == (code, where)
    zh, en = caught.value.text
    assert zh and en


def test_every_code_has_a_case() -> None:
    assert {code for _, code, _ in REFUSED} == set(exchange.FAULTS)


def test_the_schema_refuses_what_the_parser_refuses_and_accepts_what_it_accepts() -> None:
    beyond_a_schema = {"json_invalid", "encoding", "field_twice", "fact_conflict", "text_invalid"}
    beyond_a_schema_places = {"2011-06-01\n", "2011-02-29", "2026-13-01"}
    for raw, code, _ in REFUSED:
        if code in beyond_a_schema or isinstance(raw, bytes):
            continue
        dates = {raw.get("birth"), *(f.get("occurred_on") for f in raw["facts"] if isinstance(f, dict))} if (
            isinstance(raw.get("facts"), list)
        ) else set()  # fmt: skip
        if not dates & beyond_a_schema_places:
            assert not INPUT.is_valid(raw), raw
    assert INPUT.is_valid(CHILD)


def test_blank_texts_are_none_and_optional_fields_may_be_left_out() -> None:
    bare = parsed({**CHILD, "facts": [{name: FACT[name] for name in exchange.FACT_REQUIRED}]})
    blank = parsed(with_fact(**dict.fromkeys(exchange.FACT_TEXTS, " ")))
    assert bare.facts == blank.facts
    assert bare.facts[0].decision_no is None
    assert parsed(lacking(CHILD, "intake_basis")).intake_basis is None
    assert parsed(with_fact(notified_on="2026-10-05")).facts[0].notified_on == date(2026, 10, 5)
    assert len(parsed({**CHILD, "facts": [FACT, FACT]}).facts) == 1


@steady
@given(children())
def test_every_reading_is_as_the_schema_says(drawn) -> None:
    someone, day = drawn
    OUTPUT.validate(json.loads(exchange.write_line(read(someone, BOOK, day))))


def test_children_survive_the_way_through_a_file() -> None:
    for someone in many(100, 5, AS_OF):
        raw = {
            **{
                "child": someone.child,
                "birth": someone.birth.isoformat(),
                "intake_basis": someone.intake_basis,
            },
            "facts": [
                {name: _plain(getattr(f, name)) for name in exchange.FACT_REQUIRED + exchange.FACT_OPTIONAL}
                for f in someone.facts
            ],
        }
        assert INPUT.is_valid(raw)
        assert set(parsed(raw).facts) == set(someone.facts)


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value
