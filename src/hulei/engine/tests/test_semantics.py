"""The exact semantics as tables: what counts on which side of each border."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from hulei.engine.facts import age_on, of_age_from
from hulei.engine.rows import born_from
from hulei.engine.scoring import read
from hulei.engine.terms import Confidence, Domain, Role, Status
from hulei.engine.tests.children import AS_OF, BEHAVIOUR, BOOK, NEEDS, child, fact

RULES = BOOK.edition(AS_OF).rules


def reading(*facts, as_of=AS_OF, **values):
    return read(child(*facts, **values), BOOK, as_of)


def ago(days: int) -> date:
    return AS_OF - timedelta(days)


@pytest.mark.parametrize(
    ("birth", "day", "age"),
    [
        (date(2012, 5, 7), date(2024, 5, 6), 11),
        (date(2012, 5, 7), date(2024, 5, 7), 11),
        (date(2012, 5, 7), date(2024, 5, 8), 12),
        (date(2012, 2, 29), date(2024, 2, 29), 11),
        (date(2012, 2, 29), date(2024, 3, 1), 12),
        (date(2012, 2, 29), date(2026, 2, 28), 13),
        (date(2012, 2, 29), date(2026, 3, 1), 14),
        (date(2012, 12, 31), date(2024, 12, 31), 11),
        (date(2012, 12, 31), date(2025, 1, 1), 12),
    ],
)
def test_a_year_is_complete_from_the_day_after_the_birthday(birth: date, day: date, age: int) -> None:
    assert age_on(birth, day) == age
    assert (day >= of_age_from(birth, 12)) == (age >= 12)
    assert of_age_from(date(2012, 2, 29), 14) == date(2026, 3, 1)


@pytest.mark.parametrize("as_of", [date(2028, 2, 28), date(2028, 2, 29), date(2028, 3, 1), date(2026, 2, 28)])
def test_who_is_under_eighteen_is_a_range_of_birth_dates(as_of: date) -> None:
    first = born_from(as_of, 18)
    for days in range(-400, 400):
        birth = first + timedelta(days)
        assert (birth >= first) == (age_on(birth, as_of) < 18)
    assert born_from(date(17, 1, 1), 18) == born_from(date(18, 1, 1), 18) == date.min
    assert born_from(date(19, 3, 2), 18) == date(1, 3, 2)


@pytest.mark.parametrize("kind", BEHAVIOUR)
def test_every_act_stands_at_its_tier_until_it_expires_and_halves_halfway(kind: str) -> None:
    rule = RULES[kind]
    for days, points in (
        (0, rule.points),
        (rule.days // 2 - 1, rule.points),
        (rule.days // 2, rule.points // 2),
        (rule.days - 1, rule.points // 2),
    ):
        found = reading(fact(kind, occurred_on=ago(days)))
        assert (found.tier, found.behaviour_points) == (rule.tier, points), days
        assert (found.level, found.need_points) == (0, 0)
    assert reading(fact(kind, occurred_on=ago(rule.days))).tier == 0


@pytest.mark.parametrize("kind", NEEDS)
def test_every_need_keeps_its_points_until_it_expires(kind: str) -> None:
    rule = RULES[kind]
    for days in (0, rule.days // 2, rule.days - 1):
        found = reading(fact(kind, occurred_on=ago(days)))
        assert found.need_points == min(rule.points, BOOK.edition(AS_OF).cap(rule.domain))
        assert (found.tier, found.grade, found.behaviour_points) == (0, "-", 0)
        assert found.urgent == rule.urgent
        assert found.level == (3 if rule.urgent else 1 if rule.points >= 12 else 0)
    assert reading(fact(kind, occurred_on=ago(rule.days))).lines == ()


@pytest.mark.parametrize(
    "wrong",
    [
        *({"status": status} for status in Status if status is not Status.VERIFIED),
        *({"role": role} for role in Role if role not in ("principal", "participant")),
        {"confidence": Confidence.OBSERVED},
        {"confidence": Confidence.ALLEGED},
        {"verified_by": "p1"},
        {"verified_by": None},
        {"reported_by": None},
        {"reported_by": None, "verified_by": None},
        {"decision_no": None},
        {"verifier_agency": None},
        {"verifier_agency": "education"},
        {"verifier_agency": "justice"},
        {"recorded_on": AS_OF + timedelta(1)},
        {"occurred_on": AS_OF + timedelta(1), "recorded_on": AS_OF},
    ],
    ids=str,
)
def test_an_act_counts_only_when_all_is_proven(wrong) -> None:
    assert reading(fact("theft")).tier == 2
    assert reading(fact("theft", role=Role.PARTICIPANT)).tier == 2
    assert reading(replace(fact("theft"), **wrong)).lines == ()


def test_an_act_counts_from_the_day_after_the_twelfth_birthday() -> None:
    birthday = ago(10)
    birth = birthday.replace(year=birthday.year - 12)
    for days, tier in ((-1, 0), (0, 0), (1, 2)):
        assert reading(fact("theft", occurred_on=birthday + timedelta(days)), birth=birth).tier == tier


def test_nothing_is_scored_from_the_day_after_the_eighteenth_birthday() -> None:
    for days, level in ((-1, 3), (0, 3), (1, 0)):
        birth = (AS_OF - timedelta(days)).replace(year=AS_OF.year - 18)
        found = reading(fact("abuse"), fact("theft"), birth=birth)
        assert (found.level, bool(found.lines)) == (level, level == 3)


def test_an_unverified_urgent_fact_counts_for_thirty_days_from_its_recording() -> None:
    for days, level in ((0, 3), (29, 3), (30, 0)):
        made = fact("abuse", occurred_on=ago(100), recorded_on=ago(days), status=Status.UNVERIFIED)
        assert reading(made).level == level
    assert reading(fact("bullied", status=Status.UNVERIFIED)).need_points == 0
    for status in (Status.CONTESTED, Status.REJECTED, Status.SUPERSEDED, Status.SEALED):
        assert reading(fact("abuse", status=status)).level == 0


def test_a_need_asks_neither_for_role_nor_for_papers() -> None:
    bare = fact(
        "bullied", role=Role.WITNESS, confidence=Confidence.ALLEGED, verified_by="p1", decision_no=None
    )
    assert reading(bare).need_points == 10


def test_of_one_incident_the_highest_tier_then_the_most_points_then_the_smallest_id_counts() -> None:
    same = {"incident": "x"}
    old_heavy = fact("supplying_drugs", id="1", occurred_on=ago(200), **same)
    theft, affray = fact("theft", id="2", **same), fact("affray", id="3", **same)
    light = fact("petty_theft_or_bullying", id="0", **same)
    assert _ids(reading(light, theft)) == ["2"]
    assert _ids(reading(light, theft, affray)) == ["3"]
    assert _ids(reading(old_heavy, theft)) == ["2"]  # 10 // 2 is less than 6
    assert _ids(reading(replace(theft, id="b"), replace(theft, id="a"), replace(theft, id="B"))) == ["B"]
    assert _ids(reading(theft, replace(theft, id="10"))) == ["10"]
    assert reading(theft, replace(theft, id="9", incident="y")).behaviour_points == 12


def test_of_one_kind_of_need_the_smallest_id_counts_and_prostitution_is_exploitation() -> None:
    assert _ids(reading(fact("bullied", id="b"), fact("bullied", id="a"))) == ["a"]
    found = reading(fact("prostitution", id="a"), fact("exploitation", id="b"))
    assert (_ids(found), found.need_points) == (["a"], 25)
    assert found.lines[0].statute == RULES["prostitution"].statute


@pytest.mark.parametrize(
    ("tier", "kind", "count", "grade"),
    [
        (1, "truancy", 2, "a"),
        (1, "truancy", 3, "b"),
        (2, "theft", 2, "a"),
        (2, "theft", 3, "b"),
        (3, "conviction", 1, "a"),
        (3, "conviction", 2, "b"),
    ],
)
def test_points_set_the_letter_and_never_the_tier(tier: int, kind: str, count: int, grade: str) -> None:
    found = reading(*(fact(kind, id=str(n)) for n in range(count)))
    assert (found.tier, found.grade) == (tier, grade)


def test_letters_begin_at_their_points() -> None:
    two = [fact("affray", id="1"), fact("theft", id="2")]
    assert (reading(*two).behaviour_points, reading(*two).grade) == (14, "b")
    three = [fact("conviction", id="1"), fact("conviction", id="2", occurred_on=ago(360))]
    assert (reading(*three).behaviour_points, reading(*three).grade) == (24, "b")


def test_levels_begin_at_their_points() -> None:
    def level(*kinds: str) -> tuple[int, int]:
        found = reading(*(fact(kind) for kind in kinds))
        return found.need_points, found.level

    assert level("lone_carer", "internet_overuse", "lone_carer") == (7, 0)
    assert level("minimum_living_allowance", "internet_overuse") == (11, 0)
    assert level("psychological_referral", "lone_carer") == (12, 1)
    assert level("guardian_absent", "minimum_living_allowance") == (28, 1)
    assert level("guardian_absent", "bullied") == (30, 2)
    assert level("guardian_absent", "dropout", "drug_use", "lone_carer") == (49, 2)
    assert level("guardian_absent", "dropout", "drug_use", "online_fraud_victim") == (50, 3)


def test_a_domain_over_its_cap_gets_one_line() -> None:
    found = reading(fact("school_absence"), fact("dropout"))
    assert [(line.fact, line.statute, line.points) for line in found.lines] == [
        ("cap:schooling", "", -6),
        ("f-dropout", "义务教育法13", 15),
        ("f-school_absence", "义务教育法13", 6),
    ]
    assert found.need_points == 15
    exactly = reading(fact("guardian_absent"), fact("lone_carer"))
    assert len(exactly.lines) == 2
    over = {line.fact for line in reading(*(fact(kind) for kind in NEEDS)).lines if line.points < 0}
    assert over == {f"cap:{domain}" for domain in Domain if domain != "economy"}


def test_colours_and_tracks_follow_from_level_and_tier() -> None:
    assert (reading().colour, reading().tracks) == ("green", ())
    assert reading(fact("truancy")).tracks == ("attention",)
    assert reading(fact("theft")).tracks == ("correction",)
    assert reading(fact("conviction")).tracks == ("correction",)
    assert reading(fact("theft"), fact("dropout")).tracks == ("correction", "mentor")
    assert reading(fact("dropout")).colour == "yellow"
    assert reading(fact("guardian_absent"), fact("bullied")).colour == "orange"
    assert reading(fact("self_harm")).colour == "red"


def test_a_line_cites_the_fact_and_else_the_rule() -> None:
    assert reading(fact("theft", statute="PJD.38.1.4")).lines[0].statute == "PJD.38.1.4"
    assert reading(fact("theft", statute=None)).lines[0].statute == "预防法38(4)"


def _ids(found) -> list[str]:
    return [line.fact for line in found.lines]
