"""Who may decide what: tables for a lawyer to read."""

from datetime import date

import pytest

from hulei.statutes.catalogue import load
from hulei.statutes.rules import may_decide, measures_for
from hulei.statutes.terms import Decider as D

TODAY = date(2026, 11, 23)

ALLOWED = [
    (D.SCHOOL, "school_admonition", "PJD.31.1.1"),
    (D.SCHOOL, "urge_family_education_guidance", "JTJY.48.1"),
    (D.SCHOOL, "bullying_determination", "WBF.39.2"),
    (D.POLICE, "police_admonition", "PJD.41.1.1"),
    (D.POLICE, "order_social_observation", "PJD.41.1.8"),
    (D.POLICE, "order_strict_discipline", "PJD.40.1"),
    (D.POLICE, "order_family_education_guidance", "PJD.61.1"),
    (D.PROCURATORATE, "order_family_education_guidance", "JTJY.49.1"),
    (D.COURT, "order_family_education_guidance", "WBF.118.2"),
    (D.VILLAGE_COMMITTEE, "urge_family_education_guidance", "WBF.118.1"),
    (D.VILLAGE_COMMITTEE, "stop_and_urge_guardian", "PJD.30.1"),
    (D.WOMENS_FEDERATION, "urge_family_education_guidance", "JTJY.48.1"),
    (D.EDUCATION, "specialized_school_on_application", "PJD.43.1"),
    (D.EDUCATION, "correctional_education", "PJD.45.1"),
    (D.CIVIL_AFFAIRS, "temporary_guardianship", "WBF.92.1"),
    (D.CIVIL_AFFAIRS, "long_term_guardianship", "WBF.94.1"),
    (D.COURT, "revoke_guardianship", "WBF.108.1"),
    (D.SUPREME_PROCURATORATE, "approve_prosecution_12_to_14", "XF.17.3"),
    (D.PROCURATORATE, "conditional_non_prosecution", "XSS.282.1"),
]

REFUSED = [
    (D.VILLAGE_COMMITTEE, "order_family_education_guidance"),
    (D.WOMENS_FEDERATION, "order_family_education_guidance"),
    (D.SCHOOL, "order_family_education_guidance"),
    (D.SCHOOL, "police_admonition"),
    (D.SOCIAL_WORKER, "order_counselling_correction"),
    (D.VILLAGE_COMMITTEE, "order_periodic_report"),
    (D.POLICE, "school_admonition"),
    (D.POLICE, "correctional_education"),
    (D.SCHOOL, "specialized_school_on_application"),
    (D.SPECIAL_EDUCATION_COMMITTEE, "specialized_school_by_decision"),
    (D.POLICE, "temporary_guardianship"),
    (D.CIVIL_AFFAIRS, "revoke_guardianship"),
    (D.PROCURATORATE, "approve_prosecution_12_to_14"),
    (D.POLICE, "a_measure_nobody_knows"),
]


@pytest.mark.parametrize(("who", "measure", "ref"), ALLOWED)
def test_may_decide(who: D, measure: str, ref: str) -> None:
    decision = may_decide(who, measure, TODAY)
    assert decision.allowed
    assert ref in decision.basis


@pytest.mark.parametrize(("who", "measure"), REFUSED)
def test_may_not_decide(who: D, measure: str) -> None:
    decision = may_decide(who, measure, TODAY)
    assert not decision.allowed
    assert decision.reason.zh
    assert decision.reason.en


def test_the_refusal_names_who_decides() -> None:
    reason = may_decide(D.VILLAGE_COMMITTEE, "order_family_education_guidance", TODAY).reason.zh
    assert reason == "“责令接受家庭教育指导”由公安机关、人民检察院、人民法院决定，居（村）民委员会无权决定"


def test_school_has_the_six_measures_of_article_31() -> None:
    six = [m for m in measures_for(D.SCHOOL, TODAY) if m.group == "school_measures"]
    assert [m.basis[0] for m in six] == [f"PJD.31.1.{n}" for n in range(1, 7)]


def test_police_have_the_nine_measures_of_article_41_and_nobody_else() -> None:
    nine = [m for m in measures_for(D.POLICE, TODAY) if m.group == "police_measures"]
    assert [m.basis[0] for m in nine] == [f"PJD.41.1.{n}" for n in range(1, 10)]
    others = [d for d in D if d is not D.POLICE]
    assert not any(m.group == "police_measures" for d in others for m in measures_for(d, TODAY))


@pytest.mark.parametrize("measure", ["specialized_school_by_decision", "correctional_education"])
def test_articles_44_and_45_need_the_police_and_the_committee(measure: str) -> None:
    decision = may_decide(D.EDUCATION, measure, TODAY)
    assert decision.jointly_with == (D.POLICE,)
    assert decision.needs_assessment


def test_application_needs_the_committee_but_not_the_police() -> None:
    decision = may_decide(D.EDUCATION, "specialized_school_on_application", TODAY)
    assert decision.needs_assessment
    assert decision.jointly_with == ()


@pytest.mark.parametrize(
    ("measure", "on", "allowed"),
    [
        ("police_admonition", date(2021, 5, 31), False),
        ("police_admonition", date(2021, 6, 1), True),
        ("public_security_penalty", date(2025, 12, 31), False),
        ("public_security_penalty", date(2026, 1, 1), True),
    ],
)
def test_a_measure_needs_a_basis_in_force(measure: str, on: date, allowed: bool) -> None:
    assert may_decide(D.POLICE, measure, on).allowed is allowed


def test_only_offered_what_is_allowed() -> None:
    for who in D:
        offered = {m.code for m in measures_for(who, TODAY)}
        assert offered == {c for c in load().measures if may_decide(who, c, TODAY).allowed}
