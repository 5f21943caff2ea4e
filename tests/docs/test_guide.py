"""The guide: every label in bold stands on a screen, and Chinese and English pages go side by side."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src" / "hulei"
GUIDE = ROOT / "docs" / "guide"
CHINESE = sorted(GUIDE.glob("*.zh-CN.md"))
TWINS = [(page, page.with_name(page.name.replace(".zh-CN", ""))) for page in CHINESE]
TWINS.append((ROOT / "README.zh-CN.md", ROOT / "README.md"))


def _strings(path: Path) -> Iterator[str]:
    """The texts of a program file, or the pairs in two languages of a template."""
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".py":
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                yield node.value
    else:
        for pair in re.findall(r'\bt\("([^"]*)", "([^"]*)"\)', text):
            yield from pair


@lru_cache(maxsize=1)
def _labels() -> frozenset[str]:
    """Every text that may stand on a screen, without the mark that ends a label."""
    files = [*SOURCE.rglob("*.py"), *(SOURCE / "web" / "templates").rglob("*.html")]
    shown = [path for path in files if "tests" not in path.parts and "migrations" not in path.parts]
    return frozenset(text.strip(" 。.：:") for path in shown for text in _strings(path))


@pytest.mark.parametrize("page", sorted(GUIDE.glob("*.md")), ids=lambda page: page.name)
def test_labels_stand_on_a_screen(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    # Chinese lines break anywhere, English ones at a space.
    gap = "" if ".zh-CN" in page.name else " "
    bold = {re.sub(r"\n\s*", gap, one) for one in re.findall(r"\*\*(.+?)\*\*", text, re.DOTALL)}
    assert sorted(bold - _labels()) == []


@pytest.mark.parametrize(("chinese", "english"), TWINS, ids=lambda page: page.name)
def test_twins_have_the_same_outline(chinese: Path, english: Path) -> None:
    outlines = [
        re.findall(r"^(#+) ", page.read_text(encoding="utf-8"), re.MULTILINE) for page in (chinese, english)
    ]
    assert outlines[0] == outlines[1]
    assert chinese.name in english.read_text(encoding="utf-8")
    assert english.name in chinese.read_text(encoding="utf-8")


def test_every_page_of_the_guide_has_its_twin() -> None:
    english = {page for page in GUIDE.glob("*.md") if ".zh-CN" not in page.name}
    assert english == {english for _, english in TWINS if english.parent == GUIDE}
