"""The rulebook holds what its design says, and refuses what does not hold together."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
import yaml

from hulei.engine import rows, rulebook
from hulei.engine.rulebook import loader
from hulei.engine.terms import Axis, Domain
from hulei.engine.tests.children import AS_OF, BOOK
from hulei.statutes.catalogue import load as statutes
from hulei.warehouse.index.tables import CLOSED

FILES = ("behaviour.yaml", "need.yaml", "parameters.yaml")

POINTS = """truancy 1 2 180 education; running_away 1 2 180 education; organising_gang 1 4 180 education
entering_forbidden_venue 1 2 180 education; gambling 1 2 180 education
petty_theft_or_bullying 1 4 180 education; affray 2 8 360 police; carrying_weapon 2 8 360 police
assault 2 8 360 police; theft 2 6 360 police; spreading_obscenity 2 6 360 police
supplying_drugs 2 10 360 police; gambling_high_stakes 2 6 360 police
criminal_act_under_age 3 16 720 justice; conviction 3 16 720 justice
smoking_drinking health 2 180; internet_overuse online 3 180; drug_use health 10 180
prostitution harm 25 180 urgent; guardian_absent guardianship 20 180
no_entrusted_carer guardianship 10 180; lone_carer guardianship 4 180; unattended guardianship 25 90 urgent
school_absence schooling 6 90; dropout schooling 15 180; minimum_living_allowance economy 8 360
disability health 8 360; psychological_referral health 8 180; self_harm health 15 90 urgent
abuse harm 25 180 urgent; exploitation harm 25 180 urgent; bullied harm 10 180; crime_victim harm 10 180
online_fraud_victim online 5 180"""
PARAMETERS = {
    **{"age_floor": 12, "adult_age": 18, "unverified_days": 30, "halving": 2, "late_entry_days": 90},
    **{"grade_b_1": 6, "grade_b_2": 14, "grade_b_3": 24, "need_1": 12, "need_2": 30, "need_3": 50},
    **{"cap_guardianship": 25, "cap_schooling": 15, "cap_economy": 15, "cap_health": 15, "cap_harm": 25},
    **{"cap_online": 5, "deadline_hours_1": 720, "deadline_hours_2": 168, "deadline_hours_3": 24},
    **{"review_days_b1": 90, "review_days_b2a": 90, "review_days_b2b": 60},
    **{"review_days_n1": 90, "review_days_n2": 30, "review_days_n3": 7},
}


def test_the_rules_are_those_of_the_design() -> None:
    found = []
    for rule in BOOK.edition(AS_OF).rules.values():
        where = rule.tier if rule.axis is Axis.BEHAVIOUR else rule.domain
        words = [
            rule.type,
            where,
            rule.points,
            rule.days,
            rule.verifier or "",
            "urgent" if rule.urgent else "",
        ]
        found.append(" ".join(str(word) for word in words if word != ""))
    assert found == [words.strip() for line in POINTS.splitlines() for words in line.split(";")]
    assert [e.type for e in BOOK.rules.values() if e.counts_as != e.type] == ["prostitution"]
    assert BOOK.rules["prostitution"].counts_as == "exploitation"


def test_the_parameters_are_those_of_the_design() -> None:
    assert BOOK.edition(AS_OF).parameters == PARAMETERS


def test_every_basis_is_in_the_catalogue_of_statutes() -> None:
    articles = statutes().articles
    loader.refuse_unknown_articles(BOOK, articles)
    with pytest.raises(rulebook.Broken, match=r"truancy cites PJD\.28\.1\.2"):
        loader.refuse_unknown_articles(BOOK, set(articles) - {"PJD.28.1.2"})


def test_what_the_law_forbids_as_behaviour_is_no_rule() -> None:
    cited = {ref for e in BOOK.rules.values() if e.axis is Axis.BEHAVIOUR for ref in e.basis}
    assert not cited & {"PJD.28.1.1", "PJD.28.1.4", "PJD.28.1.8", "PJD.28.1.9", "PJD.38.1.6", "PJD.38.1.9"}


def test_the_digest_covers_what_readings_depend_on_and_nothing_else() -> None:
    def with_rule(**values: Any) -> str:
        return replace(BOOK, rules={**BOOK.rules, "theft": replace(BOOK.rules["theft"], **values)}).digest

    assert with_rule() == BOOK.digest
    assert with_rule(label=("偷", "stealing"), basis=("PJD.2.1",)) == BOOK.digest
    other = BOOK.rules["affray"].values
    assert len({BOOK.digest, with_rule(tier=1), with_rule(values=other), with_rule(statute="x")}) == 4
    cap = BOOK.parameters["cap_harm"]
    changed = replace(BOOK, parameters={**BOOK.parameters, "cap_harm": replace(cap, values=other)})
    assert changed.digest != BOOK.digest


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in FILES:
        shutil.copy(str(files("hulei.engine.rulebook") / name), tmp_path)
    return tmp_path


def edit(folder: Path, name: str, change: Callable[[dict[str, Any]], object], entry: int = 0) -> None:
    content = yaml.safe_load((folder / name).read_text(encoding="utf-8"))
    change(content[entry])
    (folder / name).write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")


def test_a_value_holds_from_its_day_on(folder: Path) -> None:
    later = {"points": 3, "days": 90, "mark": "expert", "from": date(2026, 11, 1)}
    edit(folder, "behaviour.yaml", lambda e: e["values"].append(later))
    book = rulebook.read(folder)
    assert book.edition(date(2026, 10, 31)).rules["truancy"].points == 2
    assert book.edition(date(2026, 11, 1)).rules["truancy"].points == 3
    assert book.edition(date(1990, 1, 1)).rules["truancy"].days == 180
    assert book.digest != BOOK.digest


DATED = {"points": 2, "days": 180, "mark": "guess"}
BROKEN: list[tuple[str, Callable[[dict[str, Any]], object], str]] = [
    ("behaviour.yaml", lambda e: e.update(verifier="village"), "village"),
    ("behaviour.yaml", lambda e: e.update(tier=4), "no tier 4"),
    ("behaviour.yaml", lambda e: e.update(tier=0), "no tier 0"),
    ("behaviour.yaml", lambda e: e.update(tier=True), "tier is not a int"),
    ("behaviour.yaml", lambda e: e.update(domain="harm"), "unknown field domain"),
    ("behaviour.yaml", lambda e: e.update(ethnicity="x"), "unknown field ethnicity"),
    ("behaviour.yaml", lambda e: e.pop("statute"), "statute is missing"),
    ("behaviour.yaml", lambda e: e.update(zh=""), "zh is not a str"),
    ("behaviour.yaml", lambda e: e.update(basis=[]), "cites nothing"),
    ("behaviour.yaml", lambda e: e.pop("basis"), "basis is missing"),
    ("behaviour.yaml", lambda e: e.update(values=[]), "from the beginning"),
    ("behaviour.yaml", lambda e: e.update(values=[3]), "not a mapping"),
    ("behaviour.yaml", lambda e: e["values"][0].update({"from": date(2026, 1, 1)}), "from the beginning"),
    ("behaviour.yaml", lambda e: e["values"].append(DATED), "on the same day"),
    (
        "behaviour.yaml",
        lambda e: e["values"].extend(
            [{**DATED, "from": date(2027, 1, 1)}, {**DATED, "from": date(2027, 1, 1)}]
        ),
        "on the same day",
    ),
    ("behaviour.yaml", lambda e: e["values"][0].update(mark="certain"), "certain is none"),
    ("behaviour.yaml", lambda e: e["values"][0].update(points=0), "below 1"),
    ("behaviour.yaml", lambda e: e["values"][0].update(points=2.5), "points is not a int"),
    ("behaviour.yaml", lambda e: e["values"][0].update(days=-1), "below 1"),
    ("behaviour.yaml", lambda e: e.update(type="running_away"), "stands twice"),
    ("behaviour.yaml", lambda e: e.update(type="abuse"), "stands twice"),
    ("need.yaml", lambda e: e.update(domain="morals"), "morals"),
    ("need.yaml", lambda e: e.update(counts_as="nothing"), "cannot be counted as"),
    ("need.yaml", lambda e: e.update(counts_as="prostitution"), "cannot be counted as"),
    ("need.yaml", lambda e: e.update(counts_as="theft"), "cannot be counted as"),
    ("need.yaml", lambda e: e.update(counts_as="bullied"), "differ in domain"),
    ("parameters.yaml", lambda e: e.update(name="mood"), "mood"),
    ("parameters.yaml", lambda e: e["values"][0].update(value="12"), "value is not a int"),
]


@pytest.mark.parametrize(("name", "change", "message"), BROKEN)
def test_what_does_not_hold_together_is_refused(folder: Path, name, change, message) -> None:
    edit(folder, name, change)
    with pytest.raises(rulebook.Broken, match=message):
        rulebook.read(folder)


def test_files_that_are_no_rulebook_are_refused(folder: Path) -> None:
    (folder / "need.yaml").write_text("just: words", encoding="utf-8")
    with pytest.raises(rulebook.Broken, match="not a list"):
        rulebook.read(folder)
    (folder / "need.yaml").unlink()
    with pytest.raises(rulebook.Broken, match=r"need\.yaml"):
        rulebook.read(folder)


def test_the_sql_has_room_for_every_domain_and_the_same_closed_lists() -> None:
    from hulei.engine import terms

    edition = BOOK.edition(AS_OF)
    assert len(rows.rule_rows(edition)) == len(BOOK.rules)
    heavy = replace(edition, rules={**edition.rules, "abuse": replace(edition.rules["abuse"], points=220)})
    with pytest.raises(OverflowError, match="harm"):
        rows.rule_rows(heavy)
    assert len(Domain) * rows.DOMAIN_BITS == 48
    assert {name: tuple(values) for name, values in CLOSED.items()} == {
        "role": tuple(terms.Role),
        "agency": tuple(terms.Verifier),
        "confidence": tuple(terms.Confidence),
        "status": tuple(terms.Status),
    }
