"""The invariants of the index as properties; the numbers are those of docs/index.md."""

from __future__ import annotations

from collections import Counter
from dataclasses import fields, replace
from datetime import timedelta
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hulei.engine.facts import Child, Fact, age_on
from hulei.engine.scoring import Reading, read, weigh
from hulei.engine.terms import Axis, Role, Status
from hulei.engine.tests.children import AS_OF, BEHAVIOUR, BOOK, DAYS, NEEDS, child, children, fact, many

steady = settings(deadline=None, derandomize=True, max_examples=120)
AXIS = {entry.type: entry.axis for entry in BOOK.rules.values()}


def of(someone: Child, as_of=AS_OF) -> Reading:
    return read(someone, BOOK, as_of)


def behaviour(found: Reading):
    return found.tier, found.grade, found.behaviour_points, _lines(found, Axis.BEHAVIOUR)


def need(found: Reading):
    return found.level, found.need_points, found.urgent, _lines(found, Axis.NEED)


def _lines(found: Reading, axis: Axis):
    return [line for line in found.lines if line.axis is axis]


def changed(someone: Child, change) -> Child:
    return replace(someone, facts=tuple(map(change, someone.facts)))


def only(someone: Child, keep) -> Child:
    return replace(someone, facts=tuple(f for f in someone.facts if keep(f)))


def test_the_generated_children_reach_every_rule_tier_level_and_reason() -> None:
    seen: Counter[str] = Counter()
    for day in DAYS:
        for someone in many(500, 7, day):
            found = of(someone, day)
            seen.update([f"B{found.tier}{found.grade}", f"N{found.level}", f"urgent {found.urgent}"])
            seen.update(line.fact for line in found.lines if line.points < 0)
            weighed = weigh(someone, BOOK.edition(day), day)
            seen.update(item.reason for item in weighed)
            seen.update(item.rule.type for item in weighed if item.reason == "counts")
    wanted = {*BEHAVIOUR, *NEEDS, "B0-", "B1a", "B1b", "B2a", "B2b", "B3a", "B3b", "N0", "N1", "N2", "N3"}
    wanted |= {"cap:guardianship", "cap:schooling", "cap:health", "cap:harm", "cap:online"}
    wanted |= {"no_intake", "of_age", "expired", "unverified", "unverified_too_long", "contested", "rejected"}
    wanted |= {"superseded", "not_documented", "role", "agency", "four_eyes", "no_decision", "too_young"}
    wanted |= {"other_incident", "other_type", "counts"}
    assert {name: seen[name] for name in wanted if seen[name] < 5} == {}


@steady
@given(children(), st.randoms(use_true_random=False))
def test_1_order_does_not_matter(drawn, dice: Random) -> None:
    someone, day = drawn
    facts = list(someone.facts)
    dice.shuffle(facts)
    assert of(replace(someone, facts=tuple(facts)), day) == of(someone, day)


@steady
@given(children())
def test_2_a_duplicate_changes_nothing(drawn) -> None:
    someone, day = drawn
    twice = replace(someone, facts=someone.facts * 2)
    assert of(twice, day) == of(someone, day)
    again = tuple(
        replace(f, id=f"~{f.id}") for f in someone.facts
    )  # reported once more, of the same incident
    assert of(replace(someone, facts=someone.facts + again), day) == of(someone, day)


@steady
@given(children())
def test_3_need_never_changes_behaviour(drawn) -> None:
    someone, day = drawn
    without = only(someone, lambda f: AXIS[f.type] is Axis.BEHAVIOUR)
    assert behaviour(of(without, day)) == behaviour(of(someone, day))


@steady
@given(children())
def test_4_behaviour_never_changes_need(drawn) -> None:
    someone, day = drawn
    without = only(someone, lambda f: AXIS[f.type] is Axis.NEED)
    assert need(of(without, day)) == need(of(someone, day))


@steady
@given(children(), st.randoms(use_true_random=False))
def test_5_sealed_facts_leave_no_trace(drawn, dice: Random) -> None:
    someone, day = drawn
    sealed = {f.id for f in someone.facts if dice.randrange(2)}
    hidden = changed(someone, lambda f: replace(f, status=Status.SEALED) if f.id in sealed else f)
    gone = only(someone, lambda f: f.id not in sealed)
    assert of(hidden, day) == of(gone, day)
    edition = BOOK.edition(day)
    assert weigh(hidden, edition, day) == weigh(gone, edition, day)


@steady
@given(children(), st.sampled_from([Status.UNVERIFIED, Status.CONTESTED, Status.REJECTED, Status.SUPERSEDED]))
def test_6_what_is_not_verified_never_raises_behaviour(drawn, status: Status) -> None:
    someone, day = drawn
    assert of(changed(someone, lambda f: replace(f, status=status)), day).tier == 0


@steady
@given(children(), st.sampled_from([Role.VICTIM, Role.WITNESS, Role.COERCED, Role.PRESENT, Role.SUBJECT]))
def test_7_who_did_nothing_is_never_raised(drawn, role: Role) -> None:
    someone, day = drawn
    assert of(changed(someone, lambda f: replace(f, role=role)), day).tier == 0


def test_8_protected_attributes_cannot_be_said() -> None:
    assert {f.name for f in fields(Child)} == {"child", "birth", "intake_basis", "facts"}
    assert {f.name for f in fields(Fact)} == {
        *("id", "type", "statute", "incident", "role", "occurred_on", "recorded_on", "reported_by"),
        *("verified_by", "verifier_agency", "decision_no", "confidence", "status", "notified_on"),
    }
    assert "disability" not in BEHAVIOUR


@steady
@given(children())
def test_9_the_lines_sum_exactly_and_each_cites_a_fact_or_a_cap(drawn) -> None:
    someone, day = drawn
    found = of(someone, day)
    assert sum(line.points for line in _lines(found, Axis.BEHAVIOUR)) == found.behaviour_points
    assert sum(line.points for line in _lines(found, Axis.NEED)) == found.need_points
    ids = {f.id for f in someone.facts}
    for line in found.lines:
        assert (line.fact in ids and line.points > 0) or (line.fact.startswith("cap:") and line.points < 0)
    assert len({(line.axis, line.fact) for line in found.lines}) == len(found.lines)


@steady
@given(children(), st.integers(1, 800))
def test_10_time_alone_never_raises_behaviour(drawn, days: int) -> None:
    someone, day = drawn
    known = only(someone, lambda f: f.recorded_on <= day and f.occurred_on <= day)
    later = of(known, day + timedelta(days))
    now = of(known, day)
    assert later.tier <= now.tier
    assert later.behaviour_points <= now.behaviour_points


@steady
@given(children())
def test_11_all_behaviour_expires(drawn) -> None:
    someone, day = drawn
    last = max([day, *(f.occurred_on for f in someone.facts)])
    young = replace(someone, birth=last - timedelta(365 * 13))
    assert of(young, last + timedelta(720)).tier == 0
    assert of(young, last + timedelta(720)).need_points == 0


@given(st.lists(st.sampled_from([k for k in BEHAVIOUR if BOOK.rules[k].tier == 1]), min_size=1, max_size=40))
@steady
def test_12_any_number_of_b1_acts_stays_b1(kinds: list[str]) -> None:
    assert of(child(*(fact(kind, id=str(n)) for n, kind in enumerate(kinds)))).tier == 1


@steady
@given(children())
def test_13_acts_under_twelve_give_nothing(drawn) -> None:
    someone, day = drawn
    young = replace(someone, birth=min([day, *(f.occurred_on for f in someone.facts)]) - timedelta(365 * 11))
    under = only(young, lambda f: age_on(young.birth, f.occurred_on) < 12)
    assert of(under, day).tier == 0


@steady
@given(children(), st.sampled_from([None, ""]))
def test_14_without_intake_there_is_no_score(drawn, basis) -> None:
    someone, day = drawn
    found = of(replace(someone, intake_basis=basis), day)
    assert (found.tier, found.level, found.lines) == (0, 0, ())


@steady
@given(children(), st.integers(0, 3000))
def test_15_adults_have_no_score(drawn, days: int) -> None:
    someone, day = drawn
    found = of(replace(someone, birth=day - timedelta(365 * 18 + 6 + days)), day)
    assert (found.tier, found.level, found.lines) == (0, 0, ())


@steady
@given(children(), st.sampled_from(NEEDS))
def test_16_one_more_need_never_lowers_the_need(drawn, kind: str) -> None:
    someone, day = drawn
    more = fact(kind, id="more", occurred_on=day - timedelta(3))
    before, after = of(someone, day), of(replace(someone, facts=(*someone.facts, more)), day)
    assert after.level >= before.level
    assert after.need_points >= before.need_points


@steady
@given(children(), st.integers(0, 400))
def test_18_an_earlier_day_knows_nothing_of_later_records(drawn, days: int) -> None:
    someone, day = drawn
    earlier = day - timedelta(days)
    known = only(someone, lambda f: f.recorded_on <= earlier and f.occurred_on <= earlier)
    assert of(someone, earlier) == of(known, earlier)


@steady
@given(children())
def test_19_who_reports_does_not_verify(drawn) -> None:
    someone, day = drawn
    alone = changed(someone, lambda f: replace(f, verified_by=f.reported_by))
    assert of(alone, day).tier == 0


@steady
@given(children())
def test_21_replay_under_the_rulebook_gives_the_same_reading(drawn) -> None:
    someone, day = drawn
    first = of(someone, day)
    again = read(replace(someone), replace(BOOK), day)
    assert again == first
    assert first.rulebook == BOOK.digest


@pytest.mark.parametrize("day", DAYS)
def test_behaviour_is_the_maximum_and_never_a_sum(day) -> None:
    for someone in many(200, 3, day):
        found = of(someone, day)
        counted = [w for w in weigh(someone, BOOK.edition(day), day) if w.reason == "counts"]
        assert found.tier == max((w.rule.tier for w in counted), default=0)
