"""The explanation names every visible fact, the nearest changes are true and the smallest there are."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from itertools import combinations

import pytest
from hypothesis import given, settings

from hulei.engine import words
from hulei.engine.explaining import Change, explain, what_if
from hulei.engine.scoring import read
from hulei.engine.terms import Role, Status
from hulei.engine.tests.children import AS_OF, BOOK, child, children, fact, many

steady = settings(deadline=None, derandomize=True, max_examples=60)


def changes(someone, kind: str) -> list[Change]:
    return [change for change in explain(someone, BOOK, AS_OF).changes if change.kind == kind]


@steady
@given(children())
def test_the_explanation_holds_the_same_reading_and_every_visible_fact(drawn) -> None:
    someone, day = drawn
    found = explain(someone, BOOK, day)
    assert found.reading == read(someone, BOOK, day)
    visible = {
        f.id for f in someone.facts if f.status != "sealed" and max(f.occurred_on, f.recorded_on) <= day
    }
    assert {item.fact.id for item in found.weighed} == visible
    assert {item.reason for item in found.weighed} <= set(words.REASONS)
    counted = {(item.fact.id, item.points) for item in found.weighed if item.reason == "counts"}
    assert counted == {(line.fact, line.points) for line in found.reading.lines if line.points > 0}
    assert all(item.points == 0 for item in found.weighed if item.reason != "counts")
    assert all(zh and en for zh, en in found.texts)


@steady
@given(children())
def test_what_is_said_to_alter_a_reading_does(drawn) -> None:
    someone, day = drawn
    found = explain(someone, BOOK, day)
    now = (found.reading.tier, found.reading.level)
    for change in found.changes:
        assert (change.reading.tier, change.reading.level) != now
        if change.kind == "without":
            assert what_if(someone, BOOK, day, without=change.facts) == change.reading
            for fewer in combinations(change.facts, len(change.facts) - 1):
                again = what_if(someone, BOOK, day, without=fewer)
                assert again.tier == now[0] or again.level == now[1]


def test_each_reason_is_given() -> None:
    cases = {
        "counts": fact("theft"),
        "unverified": fact("theft", status=Status.UNVERIFIED),
        "contested": fact("theft", status=Status.CONTESTED),
        "rejected": fact("theft", status=Status.REJECTED),
        "superseded": fact("theft", status=Status.SUPERSEDED),
        "role": fact("theft", role=Role.COERCED),
        "agency": fact("theft", verifier_agency="education"),
        "four_eyes": fact("theft", verified_by="p1"),
        "no_decision": fact("theft", decision_no=None),
        "not_documented": fact("theft", confidence="observed"),
        "expired": fact("theft", occurred_on=AS_OF - timedelta(360)),
    }
    for reason, one in cases.items():
        assert [item.reason for item in explain(child(one), BOOK, AS_OF).weighed] == [reason]
    young = explain(child(fact("theft"), birth=date(2014, 11, 1)), BOOK, AS_OF)
    assert [item.reason for item in young.weighed] == ["too_young"]
    assert "原因" not in young.texts[1][0] and "未满规定年龄" in young.texts[1][0]


def test_sealed_and_future_facts_are_not_mentioned() -> None:
    hidden = fact("theft", id="hidden", status=Status.SEALED)
    later = fact("theft", id="later", recorded_on=AS_OF + timedelta(1))
    found = explain(child(hidden, later), BOOK, AS_OF)
    assert (found.weighed, found.changes) == ((), ())
    assert found.texts == explain(child(), BOOK, AS_OF).texts


def test_the_smallest_change_of_a_tier_takes_every_report_of_the_incident() -> None:
    twice = child(
        fact("theft", id="1", incident="x"), fact("theft", id="2", incident="x"), fact("truancy", id="3")
    )
    (change,) = changes(twice, "without")
    assert change.facts == ("1", "2")
    assert change.reading.tier == 1
    assert change.text[1] == "without 1、2: B1, N0"


def test_the_smallest_change_of_a_level_may_be_one_of_many_facts() -> None:
    needs = child(fact("guardian_absent"), fact("bullied"))
    (change,) = changes(needs, "without")
    assert (change.facts, change.reading.level) == (("f-bullied",), 1)


def test_one_pending_fact_and_the_day_on_which_time_alone_alters() -> None:
    pending = child(fact("theft", status=Status.UNVERIFIED), fact("bullied"), fact("lone_carer"))
    (verified,) = changes(pending, "verified")
    assert (verified.facts, verified.reading.tier) == (("f-theft",), 2)
    (time,) = changes(pending, "time")
    assert time.day == AS_OF - timedelta(10) + timedelta(180)
    waiting = child(fact("abuse", status=Status.UNVERIFIED))
    assert changes(waiting, "time")[0].day == AS_OF - timedelta(10) + timedelta(30)


def test_coming_of_age_alters_everything() -> None:
    almost = child(fact("conviction"), birth=date(2008, 11, 20))
    (time,) = changes(almost, "time")
    assert (time.day, time.reading.tier) == (date(2026, 11, 21), 0)


def test_time_alone_alters_on_the_very_day_and_not_before() -> None:
    for someone in many(60, 11, AS_OF):
        known = replace(someone, facts=tuple(i.fact for i in explain(someone, BOOK, AS_OF).weighed))
        now = read(known, BOOK, AS_OF)
        for change in changes(someone, "time"):
            assert change.day is not None
            before = read(known, BOOK, change.day - timedelta(1))
            assert before.tier == now.tier or before.level == now.level


@pytest.mark.parametrize("day", [date(1, 1, 1), date(9999, 12, 31)])
def test_the_ends_of_the_calendar(day: date) -> None:
    someone = child(fact("theft", occurred_on=day, recorded_on=day), birth=day)
    assert explain(someone, BOOK, day).reading.tier == 0
