"""The catalogue's files hold together, and what does not is refused."""

import shutil
from datetime import date
from importlib.resources import files
from pathlib import Path

import pytest

from hulei.statutes.catalogue import Broken, load
from hulei.statutes.catalogue.loader import read
from hulei.statutes.citations import cite, numeral
from hulei.statutes.rules import article
from hulei.statutes.terms import ItemCategory


def test_counts() -> None:
    catalogue = load()
    assert (len(catalogue.laws), len(catalogue.articles)) == (44, 667)
    assert len(catalogue.duties) == 29  # D23 has two clocks
    assert (len(catalogue.age_bands), len(catalogue.sealing), len(catalogue.constraints)) == (9, 10, 16)


def test_every_category_has_a_label_and_every_title_is_short() -> None:
    heads = {member.value for member in ItemCategory}
    for wordings in load().articles.values():
        for item in wordings:
            assert item.category.split(".")[0] in heads
            assert 0 < len(item.title) <= 60
            assert len(item.name) <= 40


def test_unverified_items_stay_marked() -> None:
    unverified = [a for wordings in load().articles.values() for a in wordings if not a.verified]
    assert len(unverified) == 22


@pytest.mark.parametrize(
    ("ref", "on", "there"),
    [
        ("PJD.28.1.2", date(2023, 6, 1), True),
        ("PJD.28.1.2", date(2021, 5, 31), False),
        ("WBF.9.1", date(2024, 4, 25), False),
        ("WBF.9.1", date(2024, 4, 26), True),
        ("WBF.39.2", date(2023, 6, 1), True),
        ("ZAF.136.1", date(2025, 12, 31), False),
        ("ZAF.136.1", date(2026, 1, 1), True),
        ("XF.17.3", date(2021, 2, 28), False),
        ("XF.17.3", date(2021, 3, 1), True),
        ("NO.1", date(2026, 1, 1), False),
    ],
)
def test_in_force(ref: str, on: date, there: bool) -> None:
    assert (article(ref, on) is not None) is there


@pytest.mark.parametrize(
    ("ref", "text"),
    [
        ("PJD.31.1.2", "《预防未成年人犯罪法》第三十一条第一款第（二）项"),
        ("XSS.286.1", "《刑事诉讼法》第二百八十六条第一款"),
        ("WBF.103.1", "《未成年人保护法》第一百零三条第一款"),
        ("WBF.11.2", "《未成年人保护法》第十一条第二款"),
    ],
)
def test_cite(ref: str, text: str) -> None:
    assert cite(ref).zh == text


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (1, "一"),
        (10, "十"),
        (11, "十一"),
        (20, "二十"),
        (100, "一百"),
        (101, "一百零一"),
        (110, "一百一十"),
        (286, "二百八十六"),
    ],
)
def test_numeral(number: int, text: str) -> None:
    assert numeral(number) == text


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    target = tmp_path / "catalogue"
    shutil.copytree(str(files("hulei.statutes.catalogue")), target)
    return target


@pytest.mark.parametrize(
    ("file", "old", "new", "message"),
    [
        ("measures.yaml", "PJD.31.1.1,", "PJD.999,", "PJD.999"),
        ("measures.yaml", "code: school_code_of_conduct", "code: school_admonition", "school_admonition"),
        ("measures.yaml", "who: [guardian]", "who: [nobody]", "nobody"),
        ("duties.yaml", "kind: promptly", "kind: soon", "soon"),
        ("duties.yaml", "number: D01,", "number: D01, number: D02,", "twice"),
        ("laws/PJD.yaml", "ref: PJD.3.1\n", "ref: PJD.2.1\n", "PJD.2.1"),
        ("laws/PJD.yaml", "status: current", "status: perhaps", "perhaps"),
        ("laws/PJD.yaml", "id: PJD\n", "id: WBF\n", "PJD.yaml"),
        ("laws/PJD.yaml", "- ref: PJD.2.1", "- surprise: 1\n  ref: PJD.2.1", "surprise"),
    ],
)
def test_contradictions_are_refused(copy: Path, file: str, old: str, new: str, message: str) -> None:
    text = (copy / file).read_text(encoding="utf-8")
    assert old in text
    (copy / file).write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises((Broken, ValueError), match=message):
        read(copy)


def test_the_hash_follows_the_content(copy: Path) -> None:
    before = read(copy).digest
    assert before == load().digest
    with (copy / "ages.yaml").open("a", encoding="utf-8") as file:
        file.write("# a remark\n")
    assert read(copy).digest != before
